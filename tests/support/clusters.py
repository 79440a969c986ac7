"""Dask clusters on the loopback, with worker processes that end in known ways."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import dask
from distributed import LocalCluster

# A loaded machine takes long to start a process.
_PATIENT = {"distributed.comm.timeouts.connect": "300s", "distributed.comm.timeouts.tcp": "300s"}


@contextmanager
def local_cluster(workers: int) -> Iterator[str]:
    """Start a scheduler and worker processes, and yield the scheduler's address."""
    with (
        dask.config.set(_PATIENT),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            memory_limit=0,
        ) as cluster,
    ):
        yield cluster.scheduler_address


@dataclass(frozen=True, slots=True)
class KillOnce:
    """Time limit that never ends, but kills the first other process that asks for it often enough.

    ``marker`` is the path of a file that tells all processes that it has happened, ``main`` the process to spare.
    """

    marker: str
    calls: int
    main: int

    def __call__(self) -> bool:
        """Return False."""
        if os.getpid() != self.main and _count() > self.calls and _create(self.marker):
            os.kill(os.getpid(), signal.SIGKILL)
        return False


@dataclass(frozen=True, slots=True)
class KillAlways:
    """Time limit that kills every other process that asks for it; ``main`` is the process to spare."""

    main: int

    def __call__(self) -> bool:
        """Return False."""
        if os.getpid() != self.main:
            os.kill(os.getpid(), signal.SIGKILL)
        return False


_calls = 0


def _count() -> int:
    global _calls  # noqa: PLW0603 - a process of a test counts for itself
    _calls += 1
    return _calls


def _create(marker: str) -> bool:
    try:
        Path(marker).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True
