"""An executor of the tests that makes every order of execution reproducible."""

import random
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any


class _LazyFuture(Future[Any]):
    """A future whose executor works only when somebody waits for it."""

    def __init__(self, executor: "InOtherOrder") -> None:
        super().__init__()
        self._executor = executor

    def result(self, timeout: float | None = None) -> Any:  # noqa: ANN401 - as in the base class
        self._executor.run_until(self)
        return super().result(timeout)


class InOtherOrder(Executor):
    """An executor in this thread: a result that is waited for comes after some others, drawn at random."""

    def __init__(self, seed: int = 1) -> None:
        """Take the seed of the order."""
        self._draw = random.Random(seed)  # noqa: S311 - a reproducible order is the point
        self._calls: list[tuple[Future[Any], Callable[[], Any]]] = []

    @property
    def waiting(self) -> int:
        """The number of calls that have not begun and are not cancelled."""
        return sum(not future.cancelled() for future, _ in self._calls)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ANN401 - any call
        """Keep a call, and make some of the calls that wait."""
        future = self.keep(fn, *args, **kwargs)
        while self._calls and self._draw.random() < 0.3:
            self._run_one()
        return future

    def keep(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ANN401 - any call
        """Keep a call until somebody waits for it."""
        future = _LazyFuture(self)
        self._calls.append((future, lambda: fn(*args, **kwargs)))
        return future

    def run_until(self, future: Future[Any]) -> None:
        """Make calls in a random order until one of them is done."""
        while not future.done():
            self._run_one()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 - as in the base class
        """Make the calls that wait, or cancel them."""
        while self._calls:
            if cancel_futures:
                self._calls[-1][0].cancel()
            if wait or cancel_futures:
                self._run_one(-1)

    def _run_one(self, number: int | None = None) -> None:
        future, call = self._calls.pop(self._draw.randrange(len(self._calls)) if number is None else number)
        if not future.set_running_or_notify_cancel():
            return
        try:
            future.set_result(call())
        except BaseException as error:  # noqa: BLE001 - as every executor does
            future.set_exception(error)
