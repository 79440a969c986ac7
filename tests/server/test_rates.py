"""Limits of requests: windows, what their headers say, and what happens when one is used up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.server.rates import Rates


class Clock:
    """Tells the time that it was set to."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_without_a_limit_each_request_stands_as_the_first_of_its_window(clock: Clock) -> None:
    rates = Rates(None, 300, 500, clock)
    standings = [rates.count("token") for _ in range(600)]
    assert {(one.within, one.limit, one.remaining, one.reset) for one in standings} == {(True, 500, 499, 1_300)}


def test_a_window_is_used_up_and_over(clock: Clock) -> None:
    rates = Rates(2, 60, 500, clock)
    assert [(one.within, one.remaining) for one in (rates.count("a") for _ in range(3))] == [
        (True, 1),
        (True, 0),
        (False, 0),
    ]
    clock.now = 1_059.9
    assert not rates.count("a").within
    clock.now = 1_060.0
    assert rates.count("a").within


def test_a_client_that_waits_for_the_reset_is_within_its_next_window(clock: Clock) -> None:
    clock.now = 1_000.4
    rates = Rates(1, 10, 500, clock)
    clock.now = rates.count("a").reset
    assert rates.count("a").within


def test_each_key_has_a_window_of_its_own(clock: Clock) -> None:
    rates = Rates(1, 60, 500, clock)
    assert rates.count("a").within
    assert rates.count("b").within
    assert not rates.count("a").within


def test_looking_counts_nothing(clock: Clock) -> None:
    rates = Rates(1, 60, 500, clock)
    assert [rates.look("a").remaining for _ in range(3)] == [1, 1, 1]
    assert rates.count("a").within
    assert rates.look("a").remaining == 0


def test_cleared_windows_begin_anew(clock: Clock) -> None:
    rates = Rates(1, 60, 500, clock)
    rates.count("a")
    rates.clear()
    assert rates.count("a").within


def test_keys_that_somebody_makes_up_do_not_fill_the_memory(clock: Clock) -> None:
    rates = Rates(1, 60, 500, clock)
    for number in range(5_000):
        rates.count(str(number))
    assert len(rates._windows) == 1_000  # noqa: SLF001 - what is bounded


def test_the_headers_have_the_letter_case_that_clients_look_for(clock: Clock) -> None:
    standing = Rates(100, 300, 500, clock).count("a")
    assert standing.headers() == [
        (b"X-Ratelimit-Limit", b"100"),
        (b"X-Ratelimit-Remaining", b"99"),
        (b"X-Ratelimit-Reset", b"1300"),
    ]
    assert standing.headers("FloodControl")[0] == (b"X-FloodControl-Limit", b"100")


@given(st.lists(st.floats(0, 30), max_size=40), st.integers(1, 5), st.integers(1, 20))
def test_never_more_requests_than_the_limit_are_within_one_window(
    pauses: list[float], limit: int, seconds: int
) -> None:
    clock = Clock()
    rates = Rates(limit, seconds, 500, clock)
    within: dict[int, int] = {}
    for pause in pauses:
        clock.now += pause
        standing = rates.count("a")
        assert 0 <= standing.remaining < max(limit, 1)
        assert standing.reset >= clock.now
        within[standing.reset] = within.get(standing.reset, 0) + standing.within
    # Windows that end in the same second count as one here, so that two may be in it where they are that short.
    assert all(times <= limit * (2 if seconds == 1 else 1) for times in within.values())
