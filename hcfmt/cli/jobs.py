"""Processes for commands that may use several."""

import gc
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
    """Give so many processes; spawned, because a fork of a program with threads can hang.

    One process is none besides this one. After an interrupt the others end with what they are at, and no further
    interrupt keeps this one from waiting for that.
    """
    if jobs == 1:
        yield None
        return
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - most runs need none of it
    from multiprocessing import get_context  # noqa: PLC0415 - the same

    pool = ProcessPoolExecutor(jobs, get_context("spawn"), gc.set_threshold, SELDOM)
    # Ctrl-C reaches every process of a terminal. This one ends the others, which begin their lives deaf to it.
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        for _ in range(jobs):
            pool.submit(int)
    finally:
        signal.signal(signal.SIGINT, handler)
    with pool:
        try:
            yield pool
        except KeyboardInterrupt:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            pool.shutdown(cancel_futures=True)
            raise
