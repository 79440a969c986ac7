"""Concurrent calls from many threads."""

import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

Result = TypeVar("Result")
THREADS = 16


@contextmanager
def frequent_switches() -> Iterator[None]:
    """Make the interpreter switch threads at nearly every step."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(interval)


def run_concurrently(function: Callable[[int], Result], threads: int = THREADS) -> list[Result]:
    """Call a function with 0, 1, 2 and so on, each in its own thread; all threads start at once."""
    barrier = threading.Barrier(threads)

    def call(number: int) -> Result:
        barrier.wait()
        return function(number)

    with ThreadPoolExecutor(threads) as pool, frequent_switches():
        return list(pool.map(call, range(threads)))


def ended_timers() -> None:
    """Wait until every timer has done what it was set for."""
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            thread.join()
