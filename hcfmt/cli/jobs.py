"""The option --jobs and the worker processes behind it."""

import os
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
    int | None,
    typer.Option(
        "--jobs",
        "-j",
        metavar="N",
        help="Number of processes that share the work.",
        min=1,
        max=MAX_JOBS,
        show_default="one for each core where that saves time",
    ),
]


def _usable_cores() -> int:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, MAX_JOBS)


@contextmanager
def processes(jobs: int | None, *, pays: bool = False) -> "Iterator[Executor | None]":
    """Start ``jobs`` worker processes and yield their executor; yield None for one job, which needs no other process.

    Without ``jobs`` they are as many as the cores that this process may use if the work ``pays`` for their start, else
    one.
    The workers end when this process ends, in whatever way. After an interrupt they finish their current task, and
    further interrupts are ignored until they have.
    """
    jobs = jobs or (_usable_cores() if pays else 1)
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
