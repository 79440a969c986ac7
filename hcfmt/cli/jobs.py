"""The option --jobs and the worker processes behind it."""

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from hcfmt.cli.garbage import THRESHOLDS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Executor

MAX_JOBS = 61  # processes; the limit on Windows

Jobs = Annotated[
    int, typer.Option("--jobs", "-j", metavar="N", help="Number of processes that share the work.", min=1, max=MAX_JOBS)
]


@contextmanager
def processes(jobs: int) -> "Iterator[Executor | None]":
    """Start ``jobs`` worker processes and yield their executor; yield None for one job, which needs no other process.

    The workers end when this process ends, in whatever way. After an interrupt they finish their current task, and
    further interrupts are ignored until they have.
    """
    if jobs == 1:
        yield None
        return
    from hcfmt.workers import WorkerPool  # noqa: PLC0415 - most runs need none of it

    with WorkerPool(jobs, THRESHOLDS) as pool:
        try:
            pool.start()
            yield pool
        except KeyboardInterrupt:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            pool.shutdown(cancel_futures=True)
            raise
