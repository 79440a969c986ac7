"""Processes that share the work of this one: they ignore its terminal, and end when it does, however that is."""

import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from typing import ParamSpec, TypeVar

from hcfmt.errors import WorkerLostError

_P = ParamSpec("_P")
_T = TypeVar("_T")
_INTERRUPTS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


class WorkerPool(ProcessPoolExecutor):
    """An executor in other processes; when one of them is killed, every answer that is missing is WorkerLostError.

    They are spawned, because a fork of a program with threads can hang.
    """

    def __init__(self, workers: int, thresholds: tuple[int, int, int]) -> None:
        """Take the number of processes, and how often each looks for cycles (``gc.set_threshold``)."""
        super().__init__(workers, multiprocessing.get_context("spawn"), _begin, thresholds)
        self._workers = workers

    def start(self) -> None:
        """Start all processes, which else happens one by one with the work."""
        with deaf():
            for _ in range(self._workers):
                self.submit(int)

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Have a function called in another process; the returned future has what it returns or raises."""
        try:
            return _Answer(super().submit(fn, *args, **kwargs))
        except BrokenProcessPool:
            raise WorkerLostError from None


class _Answer(Future[_T]):
    """The same future, but that a broken pool is WorkerLostError."""

    def __init__(self, asked: Future[_T]) -> None:
        super().__init__()
        self._asked = asked
        asked.add_done_callback(self._settle)

    def cancel(self) -> bool:
        """Cancel what has not begun; return whether that could be done."""
        return self._asked.cancel()

    def _settle(self, done: Future[_T]) -> None:
        if done.cancelled():
            super().cancel()
        elif error := done.exception():
            self.set_exception(WorkerLostError() if isinstance(error, BrokenProcessPool) else error)
        else:
            self.set_result(done.result())


def _begin(*thresholds: int) -> None:
    gc.set_threshold(*thresholds)
    end_with_parent()


@contextmanager
def deaf() -> Iterator[None]:
    """Have the processes that the block starts be deaf to Ctrl-C and to the end of the terminal.

    Both reach all processes of a terminal, and this one ends the others. While the block runs it is deaf itself, so
    that none is started by half; what came meanwhile is heard at its end.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    from multiprocessing import resource_tracker  # noqa: PLC0415 - Windows has none

    resource_tracker.ensure_running()  # its start would end the deafness
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _INTERRUPTS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def end_with_parent() -> None:
    """Have this process end, whatever it is doing, as soon as the process that started it has ended, or ends it."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
    if hasattr(signal, "SIGIO"):
        _have_a_signal_end_it(parent)
    else:
        threading.Thread(target=_end_after, args=(parent,), daemon=True).start()


def _have_a_signal_end_it(parent: BaseProcess) -> None:
    """End by SIGIO, which comes when the pipe reaches its end of which only the parent has the other one.

    A thread that waits would do the same, for 64 MiB of address space (glibc's memory for each thread).
    """
    import fcntl  # noqa: PLC0415 - Windows has none

    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(parent.sentinel, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(parent.sentinel, fcntl.F_SETFL, os.O_NONBLOCK | os.O_ASYNC)
    if not parent.is_alive():  # it ended before
        os._exit(1)


def _end_after(parent: BaseProcess) -> None:
    parent.join()  # a pipe reaches its end, of which only the parent has the other one
    os._exit(1)
