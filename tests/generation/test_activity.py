"""Messages are sent in local working hours, on working days, in conversations."""

from bisect import bisect_right
from collections import Counter, defaultdict
from datetime import datetime
from itertools import chain, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.generation.activity import merged, split_by_weights
from tests.support.company import by_people, company_world, in_private, in_rooms, moment


def local_times() -> dict[str, list[datetime]]:
    """Return the local times of messages by time zone, of rooms and pairs whose people share one."""
    person, times = company_world().person, defaultdict[str, list[datetime]](list)
    talkers = {room.id: room.talkers for room in company_world().rooms}
    messages = [(talkers[room], message) for room, kind, message in in_rooms() if kind == "UserMessage"]
    messages += [((message["sender"]["id"], message["receiver"]["id"]), message) for message in in_private()]
    for people, message in messages:
        zones = {person[user].timezone for user in people}
        if len(zones) == 1:
            (zone,) = zones
            times[zone].append(moment(message).astimezone(ZoneInfo(zone)))
    return times


@pytest.mark.slow
def test_people_of_every_time_zone_talk_in_local_working_hours() -> None:
    zones = {zone: times for zone, times in local_times().items() if len(times) > 100}  # of some dozens of threads
    assert {"Asia/Tokyo", "Europe/Berlin"} <= zones.keys()
    for times in zones.values():
        assert 0.75 < sum(8 <= time.hour < 18 for time in times) / len(times) <= 1
        assert sum(2 <= time.hour < 6 for time in times) / len(times) < 0.03


def test_no_hour_of_a_day_has_most_messages() -> None:
    hours = Counter(time.hour for times in local_times().values() for time in times)
    assert len(hours) >= 10
    assert max(hours.values()) < 0.35 * hours.total()


def test_weekends_are_quieter_but_not_silent() -> None:
    days = Counter(time.weekday() for times in local_times().values() for time in times)
    everybody = Counter(moment(message).weekday() for message in by_people())
    assert (days[5] + days[6]) / days.total() < 0.12
    assert 0 < (everybody[5] + everybody[6]) / everybody.total() < 0.12
    assert min(everybody[day] for day in range(5)) > 0.08 * everybody.total()


def test_some_days_are_lively_and_many_are_quiet() -> None:
    days = sorted(Counter(moment(message).date() for message in by_people()).values())
    assert days[-1] > 3 * sum(days) / len(days)


def test_messages_come_in_conversations() -> None:
    rooms = defaultdict[int, list[float]](list)
    for room, kind, message in in_rooms():
        if kind == "UserMessage":
            rooms[room].append(moment(message).timestamp())
    pauses = sorted(later - sooner for times in rooms.values() for sooner, later in pairwise(sorted(times)))
    assert len(pauses) > 1_000
    assert 0.3 < bisect_right(pauses, 300) / len(pauses) < 0.95


@given(st.integers(0, 10_000), st.lists(st.integers(0, 1_000), min_size=1))
def test_parts_add_up_and_are_in_proportion(count: int, weights: list[int]) -> None:
    parts, total = split_by_weights(count, weights), sum(weights)
    assert sum(parts) == (count if total else 0)
    assert all(
        abs(part - (count * weight / total if total else 0)) <= 1 for part, weight in zip(parts, weights, strict=True)
    )


STREAMS = st.lists(st.lists(st.lists(st.integers(0, 40), min_size=1), max_size=5), max_size=5)


@given(STREAMS)
def test_merged_streams_are_in_order_and_complete(seconds: list[list[list[int]]]) -> None:
    streams: list[list[list[tuple[float, int]]]] = []
    for number, lists in enumerate(seconds):
        timed = iter(sorted((float(second), number) for second in chain.from_iterable(lists)))
        streams.append([[next(timed) for _ in one] for one in lists])
    whole = [*chain.from_iterable(merged(streams))]
    assert [second for second, _ in whole] == sorted(second for second, _ in whole)
    assert sorted(whole) == sorted(chain.from_iterable(chain.from_iterable(streams)))
