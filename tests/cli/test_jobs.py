"""Worker processes are as many as asked for, by default one for each usable core where the work pays for them."""

import multiprocessing
import os
import signal
import sys
from concurrent.futures import Executor

import pytest

from hcfmt import Options
from hcfmt.cli.jobs import PAYS, TASKS, process_options, processes


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


@pytest.mark.parametrize(
    ("jobs", "cores", "archives", "workers", "inline"),
    [(None, 2, 1, 1, PAYS), (None, 40, 2, 40, PAYS), (2, 40, 1, 1, 0), (2, 40, 3, 2, 0), (30, 2, 1, 29, 0)],
)
def test_a_single_archive_needs_one_worker_less_and_each_has_the_next_tasks(
    *, jobs: int | None, cores: int, archives: int, workers: int, inline: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hcfmt.workers.WorkerPool", _Pool)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(cores)), raising=False)
    with process_options(Options(keep=3), jobs, archives) as options:
        assert (options.in_flight, options.inline, options.keep) == (TASKS * workers, inline, 3)
        assert options.executor is not None


@pytest.mark.parametrize(("jobs", "cores", "archives"), [(None, 1, 1), (None, 1, 3), (1, 8, 1), (1, 8, 3)])
def test_one_process_needs_no_other(
    jobs: int | None, cores: int, archives: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(cores)), raising=False)
    with process_options(Options(), jobs, archives) as options:
        assert options.executor is None


def test_a_thread_waits_shortly_for_the_interpreter_while_archives_are_checked() -> None:
    before = sys.getswitchinterval()
    with process_options(Options(), 1, archives=1):
        assert sys.getswitchinterval() < before
    assert sys.getswitchinterval() == before


def test_without_a_known_size_the_processes_start_with_the_first_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1}, raising=False)
    with process_options(Options(), None, archives=2) as options:
        executor = options.executor
        assert executor is not None
        assert not multiprocessing.active_children()
        assert executor.submit(int, "7").result() == 7
        assert len(multiprocessing.active_children()) == 2
    assert not multiprocessing.active_children()


def test_an_interrupt_ends_the_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signal, "signal", lambda *_: None)  # Ctrl-C stays as it is for the tests
    with pytest.raises(KeyboardInterrupt), processes(2) as executor:  # noqa: PT012 - the end of the block is the subject
        assert executor is not None
        futures = [executor.submit(int, "7") for _ in range(100)]
        raise KeyboardInterrupt
    assert all(future.done() for future in futures)
    assert not multiprocessing.active_children()
