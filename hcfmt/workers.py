"""Worker processes: they ignore the terminal, and end when the main process ends, in whatever way it does."""

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
    """Executor in other processes; when one of them is killed, all missing results are WorkerLostError.

    Processes are spawned, because a fork of a program with threads can hang.
    """

    def __init__(self, workers: int, thresholds: tuple[int, int, int]) -> None:
        """Take the number of processes, and the thresholds of their garbage collectors (``gc.set_threshold``)."""
        super().__init__(workers, multiprocessing.get_context("spawn"), _initialize, thresholds)
        self._workers = workers

    def start(self) -> None:
        """Start all processes at once; otherwise they start one by one with the work."""
        with interrupts_blocked():
            for _ in range(self._workers):
                self.submit(int)
        self._leave_calls_to_workers()

    def _leave_calls_to_workers(self) -> None:
        """Close this process's own end for reading of the pipe of calls, once all workers have theirs.

        A thread writes calls to that pipe. When the workers are killed, its writing ends only if nobody is left who
        could read: before Python 3.11.5 the thread waited for ever, and the end of the program for the thread.
        """
        if len(self._processes or ()) == self._workers:
            self._call_queue._reader.close()  # type: ignore[attr-defined]  # noqa: SLF001 - there is no other way

    def terminate(self) -> None:
        """End all processes at once, whatever they are doing; missing results are WorkerLostError."""
        for process in list((self._processes or {}).values()):  # None after the end of the pool
            process.kill()  # one that waits for a server may not notice SIGTERM

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Call a function in another process; the future holds its result or its exception."""
        try:
            return _PoolFuture(super().submit(fn, *args, **kwargs))
        except BrokenProcessPool:
            raise WorkerLostError from None


class _PoolFuture(Future[_T]):
    """Future of a pool whose exception is WorkerLostError after a process of the pool was killed."""

    def __init__(self, inner: Future[_T]) -> None:
        super().__init__()
        self._inner: Future[_T] | None = inner
        inner.add_done_callback(self._settle)

    def cancel(self) -> bool:
        """Cancel the call if it has not begun; return whether it is cancelled."""
        inner = self._inner
        return inner.cancel() if inner else self.cancelled()

    def running(self) -> bool:
        """Whether the call has begun and not ended."""
        inner = self._inner
        return inner is not None and inner.running()

    def _settle(self, inner: Future[_T]) -> None:
        self._inner = None  # which refers to this future, and would keep the result in a cycle
        if inner.cancelled():
            super().cancel()
        elif error := inner.exception():
            self.set_exception(WorkerLostError() if isinstance(error, BrokenProcessPool) else error)
        else:
            self.set_result(inner.result())


def _initialize(*thresholds: int) -> None:
    gc.set_threshold(*thresholds)
    end_with_parent()


@contextmanager
def interrupts_blocked() -> Iterator[None]:
    """Block the signals of Ctrl-C and of the end of the terminal, in this process and in those that the block starts.

    The signals reach all processes of a terminal, and the main process ends the others. This process unblocks them at
    the end of the block, so that no process is left half started; signals that came meanwhile are delivered then.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    from multiprocessing import resource_tracker  # noqa: PLC0415 - Windows has none

    resource_tracker.ensure_running()  # its start would unblock the signals
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _INTERRUPTS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def end_with_parent() -> None:
    """Make this process end, whatever it is doing, when its parent has ended or sends SIGTERM."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
    if hasattr(signal, "SIGIO"):
        _end_by_signal(parent)
    else:
        threading.Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_by_signal(parent: BaseProcess) -> None:
    """End by SIGIO, which is sent when the pipe to the parent closes: only the parent holds its other end.

    A waiting thread would do the same, for 64 MiB of address space (glibc's memory for each thread).
    """
    import fcntl  # noqa: PLC0415 - Windows has none

    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(parent.sentinel, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(parent.sentinel, fcntl.F_SETFL, os.O_NONBLOCK | os.O_ASYNC)
    if not parent.is_alive():  # it ended before the signal was set up
        os._exit(1)


def _end_after(parent: BaseProcess) -> None:
    parent.join()  # returns when the pipe closes of which only the parent holds the other end
    os._exit(1)
