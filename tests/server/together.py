"""Calls that many threads make at the same moment."""

import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

Result = TypeVar("Result")
THREADS = 16


@contextmanager
def switching() -> Iterator[None]:
    """Let the interpreter change between threads at nearly every step, as it may at any."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


def together(act: Callable[[int], Result], threads: int = THREADS) -> list[Result]:
    """Call a function with 0, 1, 2 and so on, each in a thread of its own that waits until all are there."""
    barrier = threading.Barrier(threads)

    def call(number: int) -> Result:
        barrier.wait()
        return act(number)

    with ThreadPoolExecutor(threads) as pool, switching():
        return list(pool.map(call, range(threads)))
