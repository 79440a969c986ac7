"""The worker processes behind the option --jobs."""

import os
import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from msgspec.structs import replace

from hcfmt.cli.garbage import THRESHOLDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Executor, Future

    from hcfmt.check.engine import Options
    from hcfmt.workers import WorkerPool

PAYS = 32 << 20  # bytes of data files, decompressed, whose check takes as long as the start of worker processes
TASKS = 3  # for each process at a time, so that none waits for its next
SWITCH = 0.0002  # seconds until a waiting thread gets the interpreter; Python's default is 0.005
MAX_JOBS = 61  # processes; the limit on Windows


def _usable_cores() -> int:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, MAX_JOBS)


class _Pool:
    """Worker processes that start with the first call."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._pool: WorkerPool | None = None

    def submit(self, fn: "Callable[..., Any]", /, *args: Any, **kwargs: Any) -> "Future[Any]":  # noqa: ANN401 - any call
        """Call a function in another process; the future holds its result or its exception."""
        return self.started().submit(fn, *args, **kwargs)

    def started(self) -> "WorkerPool":
        """Start the processes, if they have not started, and return their executor."""
        if self._pool is None:
            from hcfmt.workers import WorkerPool, interrupts_blocked  # noqa: PLC0415 - most runs need none of it

            with interrupts_blocked():  # a half made pool would leave its semaphores behind
                self._pool = WorkerPool(self._jobs, THRESHOLDS)
                self._pool.start()
        return self._pool

    def terminate(self) -> None:
        """End the processes at once."""
        if self._pool:
            self._pool.terminate()

    def stop(self) -> None:
        """End the processes after the calls that have begun."""
        if self._pool:
            self._pool.shutdown(cancel_futures=True)


@contextmanager
def processes(jobs: int | None, *, pays: bool = False) -> "Iterator[Executor | None]":
    """Yield the executor of ``jobs`` worker processes; yield None for one job, which needs no other process.

    Without ``jobs`` they are as many as the cores that this process may use if the work ``pays`` for their start, else
    one.
    """
    jobs = jobs or (_usable_cores() if pays else 1)
    if jobs == 1:
        yield None
        return
    with _workers(jobs) as pool:
        yield pool.started()


@contextmanager
def process_options(options: "Options", jobs: int | None, archives: int) -> "Iterator[Options]":
    """Yield options whose executor is ``jobs`` processes, which start where the size of the input pays for them.

    A single archive is checked in this process too, so that it needs one worker less. With ``jobs`` the workers start
    at once.
    """
    all_processes = jobs or _usable_cores()
    workers = all_processes - (archives == 1)
    with _quick_switches():
        if all_processes == 1:
            yield options
            return
        with _workers(workers) as pool:
            executor = pool.started() if jobs else cast("Executor", pool)
            yield replace(options, executor=executor, in_flight=TASKS * workers, inline=0 if jobs else PAYS)


@contextmanager
def _quick_switches() -> "Iterator[None]":
    """Let the thread that reads ahead wait only shortly for the interpreter, which it needs for moments at a time."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


@contextmanager
def _workers(number: int) -> "Iterator[_Pool]":
    """Yield worker processes, which end after the block or with this process, in whatever way it ends.

    After an interrupt they end at once: a task may be a whole archive, or wait for a server that sends nothing.
    """
    pool = _Pool(number)
    try:
        yield pool
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        pool.terminate()
        raise
    finally:
        pool.stop()
