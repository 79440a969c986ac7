"""The worker processes behind the option --jobs."""

import os
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from msgspec.structs import replace

from hcfmt.cli.garbage import THRESHOLDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Executor, Future

    from hcfmt.check.engine import Options
    from hcfmt.workers import WorkerPool

PAYS = 32 << 20  # bytes of data files whose check takes as long as the start of worker processes
TASKS = 2  # for each process at a time, so that none waits for its next
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
            from hcfmt.workers import WorkerPool  # noqa: PLC0415 - most runs need none of it

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
def processes(jobs: int | None, *, pays: bool | None = False) -> "Iterator[Executor | None]":
    """Yield the executor of ``jobs`` worker processes; yield None for one job, which needs no other process.

    Without ``jobs`` they are as many as the cores that this process may use if the work ``pays`` for their start, else
    one. Where ``pays`` is None, nobody knows yet: the processes start with the first call.
    The workers end when this process ends, in whatever way, and at once after an interrupt: a task may be a whole
    archive, or wait for a server that sends nothing.
    """
    known = jobs is not None or pays is not None
    jobs = jobs or (_usable_cores() if pays is not False else 1)
    if jobs == 1:
        yield None
        return
    pool = _Pool(jobs)
    try:
        yield pool.started() if known else cast("Executor", pool)
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        pool.terminate()
        raise
    finally:
        pool.stop()


@contextmanager
def process_options(options: "Options", jobs: int | None) -> "Iterator[Options]":
    """Yield options whose executor is that of ``processes``, which start where the size of the input pays for them."""
    with processes(jobs, pays=None) as executor:
        in_flight = max(options.in_flight, TASKS * (jobs or _usable_cores()))
        yield replace(options, executor=executor, in_flight=in_flight, inline=PAYS if jobs is None else 0)
