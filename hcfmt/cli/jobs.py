"""Processes for commands that may use several."""

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Executor

SELDOM = (50_000, 20, 100)
"""How often Python looks for cycles (``gc.set_threshold``) in a process of ours: seldom, as records have none, and to
look for them after every seven hundredth takes about a tenth of the time."""

MOST_JOBS = 61  # processes; what Windows allows

Jobs = Annotated[int, typer.Option("--jobs", "-j", metavar="N", help="How many processes work.", min=1, max=MOST_JOBS)]


@contextmanager
def processes(jobs: int) -> "Iterator[Executor | None]":
    """Give so many processes, which end when this one does, however it ends.

    One process is none besides this one. After an interrupt the others end with what they are at, and no further
    interrupt keeps this one from waiting for that.
    """
    if jobs == 1:
        yield None
        return
    from hcfmt.workers import WorkerPool  # noqa: PLC0415 - most runs need none of it

    with WorkerPool(jobs, SELDOM) as pool:
        try:
            pool.start()
            yield pool
        except KeyboardInterrupt:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            pool.shutdown(cancel_futures=True)
            raise
