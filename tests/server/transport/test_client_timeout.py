"""How long a client is waited for: only the time in which it is its turn counts."""

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
    """Tells the time that it was set to, and calls what is due then."""

    now: float = 100.0
    due: "list[Timer]" = field(default_factory=list)

    def time(self) -> float:
        return self.now

    def call_later(self, delay: float, act: Callable[[], object]) -> "Timer":
        timer = Timer(self.now + delay, act)
        self.due.append(timer)
        return timer

    def go_on(self, seconds: float) -> None:
        self.now += seconds
        for timer in [one for one in self.due if one.at <= self.now]:
            self.due.remove(timer)
            timer.act()


@dataclass(slots=True)
class Timer:
    """Does something at a time, unless it is cancelled."""

    at: float
    act: Callable[[], object]

    def cancel(self) -> None:
        self.at = math.inf


def begun(seconds: float) -> tuple[Loop, ClientTimeout, list[float]]:
    """Return a loop, a timeout that uses it, and where the moments stand at which it was over."""
    loop, over = Loop(), list[float]()
    timeout = ClientTimeout(seconds, cast("asyncio.AbstractEventLoop", loop), lambda: over.append(loop.now))
    return loop, timeout, over


def test_time_that_is_not_the_clients_does_not_count() -> None:
    loop, timeout, over = begun(30)
    timeout.start()
    loop.go_on(20)
    timeout.pause()
    loop.go_on(1_000)
    timeout.start()
    loop.go_on(9)
    assert over == []
    loop.go_on(1)
    assert over == [1_130.0]


def test_running_twice_is_running() -> None:
    loop, timeout, over = begun(30)
    timeout.start()
    loop.go_on(20)
    timeout.start()
    loop.go_on(10)
    assert over == [130.0]


def test_a_renewed_timeout_has_all_of_its_time() -> None:
    loop, timeout, over = begun(30)
    timeout.start()
    loop.go_on(29)
    timeout.reset()
    loop.go_on(29)
    timeout.start()
    loop.go_on(29)
    assert over == []


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 20)), max_size=30))
def test_it_is_over_when_as_much_time_was_the_clients(stretches: list[tuple[bool, int]]) -> None:
    loop, timeout, over = begun(30)
    counted = 0
    for is_clients, seconds in stretches:
        (timeout.start if is_clients else timeout.pause)()
        loop.go_on(seconds)
        counted += seconds if is_clients else 0
        assert bool(over) is (counted >= 30)
        if over:
            return


def test_what_stays_the_same_from_one_look_to_the_next_is_acted_on_once() -> None:
    loop, acted, seen = Loop(), list[float](), iter([None, None, 1, 2, 1, None, 1, 1])
    StallWatch(30, cast("asyncio.AbstractEventLoop", loop), lambda: next(seen), lambda: acted.append(loop.now))
    for _ in range(10):
        loop.go_on(30)
    assert acted == [340.0]
    assert next(seen, "nothing") == "nothing"


def test_what_is_watched_no_more_is_not_acted_on() -> None:
    loop, acted = Loop(), list[float]()
    watch = StallWatch(30, cast("asyncio.AbstractEventLoop", loop), lambda: 1, lambda: acted.append(loop.now))
    loop.go_on(30)
    watch.stop()
    loop.go_on(30)
    assert acted == []
