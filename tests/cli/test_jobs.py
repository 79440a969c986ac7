"""Worker processes are as many as asked for, by default one for each usable core where the work pays for them."""

import os
from concurrent.futures import Executor

import pytest

from hcfmt.cli.jobs import processes


class _Pool(Executor):
    """A pool that starts no process."""

    def __init__(self, workers: int, _: object) -> None:
        self.workers = workers

    def start(self) -> None:
        pass


def workers(executor: Executor | None) -> int:
    return executor.workers if isinstance(executor, _Pool) else 0


@pytest.mark.parametrize(
    ("jobs", "cores", "pays", "expected"),
    [
        (None, 4, True, 4),
        (None, 4, False, 0),
        (None, 1, True, 0),
        (None, 500, True, 61),
        (1, 4, True, 0),
        (3, 1, False, 3),
    ],
)
def test_the_number_of_processes(
    jobs: int | None, cores: int, expected: int, monkeypatch: pytest.MonkeyPatch, *, pays: bool
) -> None:
    monkeypatch.setattr("hcfmt.workers.WorkerPool", _Pool)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(cores)), raising=False)
    with processes(jobs, pays=pays) as executor:
        assert workers(executor) == expected
