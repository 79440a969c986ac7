"""Tests of the client timeout: it counts only the time in which the server waits for the client."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from hypothesis import given
from hypothesis import strategies as st

from hcfmt.server.transport.client_timeout import ClientTimeout, StallWatch

if TYPE_CHECKING:
    import asyncio


@dataclass(slots=True)
class Loop:
    """Event loop with a clock that tests set; it calls the timers that are due."""

    now: float = 100.0
    due: "list[Timer]" = field(default_factory=list)

    def time(self) -> float:
        return self.now

    def call_later(self, delay: float, act: Callable[[], object]) -> "Timer":
        timer = Timer(self.now + delay, act)
        self.due.append(timer)
        return timer

    def advance(self, seconds: float) -> None:
        self.now += seconds
        for timer in [timer for timer in self.due if timer.at <= self.now]:
            self.due.remove(timer)
            timer.act()


@dataclass(slots=True)
class Timer:
    """Timer of the loop: calls a function at a time unless it is cancelled."""

    at: float
    act: Callable[[], object]

    def cancel(self) -> None:
        self.at = math.inf


def paused_timeout(seconds: float) -> tuple[Loop, ClientTimeout, list[float]]:
    """Return a loop, a paused timeout on it, and the list of times at which the timeout expired."""
    loop, expired = Loop(), list[float]()
    timeout = ClientTimeout(seconds, cast("asyncio.AbstractEventLoop", loop), lambda: expired.append(loop.now))
    return loop, timeout, expired


def test_time_that_is_not_the_clients_does_not_count() -> None:
    loop, timeout, expired = paused_timeout(30)
    timeout.start()
    loop.advance(20)
    timeout.pause()
    loop.advance(1_000)
    timeout.start()
    loop.advance(9)
    assert expired == []
    loop.advance(1)
    assert expired == [1_130.0]


def test_starting_twice_changes_nothing() -> None:
    loop, timeout, expired = paused_timeout(30)
    timeout.start()
    loop.advance(20)
    timeout.start()
    loop.advance(10)
    assert expired == [130.0]


def test_a_renewed_timeout_has_all_of_its_time() -> None:
    loop, timeout, expired = paused_timeout(30)
    timeout.start()
    loop.advance(29)
    timeout.reset()
    loop.advance(29)
    timeout.start()
    loop.advance(29)
    assert expired == []


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 20)), max_size=30))
def test_it_expires_after_the_clients_share_of_the_time(stretches: list[tuple[bool, int]]) -> None:
    loop, timeout, expired = paused_timeout(30)
    counted = 0
    for is_clients, seconds in stretches:
        (timeout.start if is_clients else timeout.pause)()
        loop.advance(seconds)
        counted += seconds if is_clients else 0
        assert bool(expired) is (counted >= 30)
        if expired:
            return


def test_a_value_that_stays_the_same_between_two_checks_expires_once() -> None:
    loop, expiries, values = Loop(), list[float](), iter([None, None, 1, 2, 1, None, 1, 1])
    StallWatch(30, cast("asyncio.AbstractEventLoop", loop), lambda: next(values), lambda: expiries.append(loop.now))
    for _ in range(10):
        loop.advance(30)
    assert expiries == [340.0]
    assert next(values, "nothing") == "nothing"


def test_a_stopped_watch_does_not_expire() -> None:
    loop, expiries = Loop(), list[float]()
    watch = StallWatch(30, cast("asyncio.AbstractEventLoop", loop), lambda: 1, lambda: expiries.append(loop.now))
    loop.advance(30)
    watch.stop()
    loop.advance(30)
    assert expiries == []
