"""Limits of requests: windows, what their headers say, and what happens when one is used up."""

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.server.api.tokens import ALL, Token
from hcfmt.server.http.rates import RateLimiter, RateLimitStatus, default_limit
from tests.server.together import THREADS, together


class Clock:
    """Tells the time that it was set to."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_without_a_limit_each_request_stands_as_the_first_of_its_window(clock: Clock) -> None:
    rates = RateLimiter(300, clock, enforce=False)
    standings = [rates.count("token", 500) for _ in range(600)]
    assert {(one.is_within, one.limit, one.remaining, one.reset) for one in standings} == {(True, 500, 499, 1_300)}


def test_a_window_is_used_up_and_over(clock: Clock) -> None:
    rates = RateLimiter(60, clock, enforce=True)
    assert [(one.is_within, one.remaining) for one in (rates.count("a", 2) for _ in range(3))] == [
        (True, 1),
        (True, 0),
        (False, 0),
    ]
    clock.now = 1_059.9
    assert not rates.count("a", 2).is_within
    clock.now = 1_060.0
    assert rates.count("a", 2).is_within


def test_a_client_that_waits_for_the_reset_is_within_its_next_window(clock: Clock) -> None:
    clock.now = 1_000.4
    rates = RateLimiter(10, clock, enforce=True)
    clock.now = rates.count("a", 1).reset
    assert rates.count("a", 1).is_within


def test_each_key_has_a_window_of_its_own(clock: Clock) -> None:
    rates = RateLimiter(60, clock, enforce=True)
    assert rates.count("a", 1).is_within
    assert rates.count("b", 1).is_within
    assert not rates.count("a", 1).is_within


def test_a_limit_that_has_become_lower_leaves_nothing_and_not_less(clock: Clock) -> None:
    rates = RateLimiter(60, clock, enforce=True)
    assert [rates.count("a", 5).remaining for _ in range(3)] == [4, 3, 2]
    standing = rates.count("a", 2)
    assert (standing.is_within, standing.remaining) == (False, 0)


@pytest.mark.parametrize(("owner", "requests"), [(7, 100), (None, 500)], ids=["of a user", "of an add-on"])
def test_a_token_has_as_many_requests_as_hipchat_gave_its_kind(owner: int | None, requests: int) -> None:
    assert default_limit(Token(owner, ALL, room=None, expires=None, is_main=False, key="")) == requests


def test_looking_counts_nothing(clock: Clock) -> None:
    rates = RateLimiter(60, clock, enforce=True)
    assert [rates.status("a", 1).remaining for _ in range(3)] == [1, 1, 1]
    assert rates.count("a", 1).is_within
    assert rates.status("a", 1).remaining == 0


def test_cleared_windows_begin_anew(clock: Clock) -> None:
    rates = RateLimiter(60, clock, enforce=True)
    rates.count("a", 1)
    rates.clear()
    assert rates.count("a", 1).is_within


def test_keys_that_somebody_makes_up_do_not_fill_the_memory(clock: Clock) -> None:
    rates = RateLimiter(60, clock, enforce=True, most=1_000)
    for number in range(5_000):
        rates.count(str(number), 1)
    assert len(rates._windows) == 1_000  # noqa: SLF001 - what is bounded


def test_the_headers_have_the_letter_case_that_clients_look_for(clock: Clock) -> None:
    standing = RateLimiter(300, clock, enforce=True).count("a", 100)
    assert standing.headers() == [
        (b"X-Ratelimit-Limit", b"100"),
        (b"X-Ratelimit-Remaining", b"99"),
        (b"X-Ratelimit-Reset", b"1300"),
    ]
    assert standing.headers("FloodControl")[0] == (b"X-FloodControl-Limit", b"100")


class Limit(int):
    """A limit at whose comparison the interpreter may change to another thread."""

    def __ge__(self, used: int) -> bool:
        """Compare as an integer does, but in a call of its own."""
        return int(self) >= used


def counted_at_once(rates: RateLimiter, limit: int) -> list[RateLimitStatus]:
    """Return where 160 requests of one key stand, ten of each thread."""
    return [one for each in together(lambda _: [rates.count("a", limit) for _ in range(10)]) for one in each]


def test_of_requests_that_come_at_once_as_many_as_the_limit_are_within_and_each_remainder_is_told_once() -> None:
    for _ in range(30):
        standings = counted_at_once(RateLimiter(60, Clock(), enforce=True), Limit(100))
        assert sorted(one.remaining for one in standings if one.is_within) == list(range(100))
        assert [one.remaining for one in standings if not one.is_within] == [0] * (THREADS * 10 - 100)


def test_windows_that_end_while_many_ask_are_counted_one_after_another() -> None:
    for _ in range(30):
        clock = count(1.0).__next__  # goes on by a second whenever it is asked
        standings = counted_at_once(RateLimiter(8, clock, enforce=True), Limit(2))
        assert [sum(one.is_within for one in standings if one.reset == end) for end in range(9, 162, 8)] == [2] * 20


@given(st.lists(st.floats(0, 30), max_size=40), st.integers(1, 5), st.integers(1, 20))
def test_never_more_requests_than_the_limit_are_within_one_window(
    pauses: list[float], limit: int, seconds: int
) -> None:
    clock = Clock()
    rates = RateLimiter(seconds, clock, enforce=True)
    within: dict[int, int] = {}
    for pause in pauses:
        clock.now += pause
        standing = rates.count("a", limit)
        assert 0 <= standing.remaining < max(limit, 1)
        assert standing.reset >= clock.now
        within[standing.reset] = within.get(standing.reset, 0) + standing.is_within
    # Windows that end in the same second count as one here, so that two may be in it where they are that short.
    assert all(times <= limit * (2 if seconds == 1 else 1) for times in within.values())
