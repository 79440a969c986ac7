"""Rate limits: windows, headers, exhaustion, concurrency."""

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.server.api.tokens import ALL, Token
from hcfmt.server.http.rates import RateLimiter, RateLimitStatus, default_limit
from tests.support.concurrency import THREADS, run_concurrently


class Clock:
    """A clock that is set by hand."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_an_unenforced_limit_reports_each_request_as_the_first(clock: Clock) -> None:
    rates = RateLimiter(300, clock, enforce=False)
    statuses = [rates.count("token", 500) for _ in range(600)]
    assert {(status.is_within, status.limit, status.remaining, status.reset) for status in statuses} == {
        (True, 500, 499, 1_300)
    }


def test_a_window_is_exhausted_and_ends(clock: Clock) -> None:
    rates = RateLimiter(60, clock, enforce=True)
    assert [(item.is_within, item.remaining) for item in (rates.count("a", 2) for _ in range(3))] == [
        (True, 1),
        (True, 0),
        (False, 0),
    ]
    clock.now = 1_059.9
    assert not rates.count("a", 2).is_within
    clock.now = 1_060.0
    assert rates.count("a", 2).is_within


def test_a_client_that_waits_for_the_reset_is_within_the_next_window(clock: Clock) -> None:
    clock.now = 1_000.4
    rates = RateLimiter(10, clock, enforce=True)
    clock.now = rates.count("a", 1).reset
    assert rates.count("a", 1).is_within


def test_each_key_has_a_separate_window(clock: Clock) -> None:
    rates = RateLimiter(60, clock, enforce=True)
    assert rates.count("a", 1).is_within
    assert rates.count("b", 1).is_within
    assert not rates.count("a", 1).is_within


def test_a_lowered_limit_never_leaves_a_negative_remainder(clock: Clock) -> None:
    rates = RateLimiter(60, clock, enforce=True)
    assert [rates.count("a", 5).remaining for _ in range(3)] == [4, 3, 2]
    status = rates.count("a", 2)
    assert (status.is_within, status.remaining) == (False, 0)


@pytest.mark.parametrize(("owner", "requests"), [(7, 100), (None, 500)], ids=["of a user", "of an add-on"])
def test_the_default_limit_depends_on_the_kind_of_token(owner: int | None, requests: int) -> None:
    assert default_limit(Token(owner, ALL, room=None, expires=None, is_main=False, key="")) == requests


def test_a_status_counts_nothing(clock: Clock) -> None:
    rates = RateLimiter(60, clock, enforce=True)
    assert [rates.status("a", 1).remaining for _ in range(3)] == [1, 1, 1]
    assert rates.count("a", 1).is_within
    assert rates.status("a", 1).remaining == 0


def test_cleared_windows_restart(clock: Clock) -> None:
    rates = RateLimiter(60, clock, enforce=True)
    rates.count("a", 1)
    rates.clear()
    assert rates.count("a", 1).is_within


def test_the_number_of_windows_is_bounded(clock: Clock) -> None:
    rates = RateLimiter(60, clock, enforce=True, max_windows=1_000)
    for number in range(5_000):
        rates.count(str(number), 1)
    assert len(rates._windows) == 1_000  # noqa: SLF001 - what is bounded


def test_headers_have_hipchat_s_letter_case(clock: Clock) -> None:
    status = RateLimiter(300, clock, enforce=True).count("a", 100)
    assert status.headers() == [
        (b"X-Ratelimit-Limit", b"100"),
        (b"X-Ratelimit-Remaining", b"99"),
        (b"X-Ratelimit-Reset", b"1300"),
    ]
    assert status.headers("FloodControl")[0] == (b"X-FloodControl-Limit", b"100")


class Limit(int):
    """A limit whose comparison lets the interpreter switch threads."""

    def __ge__(self, used: int) -> bool:
        """Compare as an integer does, but in Python code."""
        return int(self) >= used


def count_concurrently(rates: RateLimiter, limit: int) -> list[RateLimitStatus]:
    """Return the statuses of 160 requests of one key, ten per thread."""
    return [item for each in run_concurrently(lambda _: [rates.count("a", limit) for _ in range(10)]) for item in each]


@pytest.mark.slow
def test_concurrent_requests_get_each_remainder_once() -> None:
    for _ in range(30):
        statuses = count_concurrently(RateLimiter(60, Clock(), enforce=True), Limit(100))
        assert sorted(status.remaining for status in statuses if status.is_within) == list(range(100))
        assert [status.remaining for status in statuses if not status.is_within] == [0] * (THREADS * 10 - 100)


def test_windows_that_end_during_concurrent_requests_are_counted_separately() -> None:
    for _ in range(30):
        clock = count(1.0).__next__  # advances by a second per call
        statuses = count_concurrently(RateLimiter(8, clock, enforce=True), Limit(2))
        assert [sum(status.is_within for status in statuses if status.reset == end) for end in range(9, 162, 8)] == [
            2
        ] * 20


@given(st.lists(st.floats(0, 30), max_size=40), st.integers(1, 5), st.integers(1, 20))
def test_no_window_exceeds_its_limit(pauses: list[float], limit: int, seconds: int) -> None:
    clock = Clock()
    rates = RateLimiter(seconds, clock, enforce=True)
    within: dict[int, int] = {}
    for pause in pauses:
        clock.now += pause
        status = rates.count("a", limit)
        assert 0 <= status.remaining < max(limit, 1)
        assert status.reset >= clock.now
        within[status.reset] = within.get(status.reset, 0) + status.is_within
    # Windows that end in the same second count as one here, so that two may be in it where they are that short.
    assert all(times <= limit * (2 if seconds == 1 else 1) for times in within.values())
