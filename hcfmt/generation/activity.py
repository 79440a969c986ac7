"""When people come and when they talk: days, hours and conversations, in seconds since 1970 UTC."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from hcfmt.generation.plan import Plan
from hcfmt.rng import random_for

DAY = 86_400  # seconds
SETTLING = 3 * DAY  # seconds at the beginning in which accounts and rooms are made and nobody talks
_QUIET = 4  # days at the beginning, in which rooms are made; one at the end, so that the day is over in every time zone
_AFTER = 2  # days from being made to talking, so that no time zone's morning is before
_FOUNDING = 0.5  # share of people and of rooms that are there from the beginning
_SHORTEST, _LATEST = 7, 0.9  # days in which nobody comes later, and the part of all further days in which people come
_WEEKEND = 0.05  # of a working day
_HOLIDAYS = 0.1
_GROWTH = (0.7, 1.3)  # how much is said at the beginning and at the end, to what is said on average
_SATURDAY = 5
# How much is said in each hour of the local day, from midnight on.
_HOURS = (1, 1, 0, 0, 0, 0, 1, 4, 14, 30, 36, 32, 18, 24, 34, 34, 30, 22, 10, 5, 4, 4, 3, 2)
_HOURS_SO_FAR = tuple(accumulate(_HOURS))
_TALK = 6  # messages of a conversation, on average
_PAUSE = 35.0  # seconds between two messages of a conversation, on average
_MOODS = 32  # calendars of a company: what is lively in one place is so in a few others
_QUIETEST = 0.03  # of a lively day
_FURTHEST = 15 * 3_600  # seconds that a local day is ahead of UTC's at most, and an hour


def both(one: range, other: range) -> range:
    """Return what two ranges of days have in common."""
    return range(max(one.start, other.start), min(one.stop, other.stop))


def beginnings(plan: Plan, what: str, after: int, count: int) -> list[int]:
    """Return when so many people or rooms come, in order: about half at once, others over the time, most of them early.

    The first comes at once; that is, as all of these, within half of the settling time ``after`` (seconds) the first
    day began.
    """
    random = random_for(plan.seed, "beginnings", what)
    moments = []
    for number in range(count):
        late = number > 0 and random.random() >= _FOUNDING
        days = (plan.days - _SHORTEST) * _LATEST * random.random() * random.random() if late else 0.0
        moments.append(plan.first_second + after + int(days * DAY + random.random() * SETTLING / 2))
    return sorted(moments)


def days_from(plan: Plan, created: int, lived: float = 1) -> range:
    """Return the days of talking of who or what was made at a moment: a part of those that are left."""
    first = max(_QUIET, (created - plan.first_second) // DAY + _AFTER)
    return range(first, first + max(1, int((plan.days - 1 - first) * lived)))


class Remark(NamedTuple):
    """That somebody says something: when (seconds), who, and as which of how many in its conversation."""

    second: float
    speaker: int
    turn: int
    turns: int


@cache
def busyness(first_second: int, days: int) -> tuple[float, ...]:
    """Return how much is said on each day, to an average one: less at weekends and at the turn of a year."""
    begin = datetime.fromtimestamp(first_second, UTC)
    shares = []
    for number in range(days):
        date = begin + timedelta(days=number)
        grown = _GROWTH[0] + (_GROWTH[1] - _GROWTH[0]) * number / days
        holidays = (date.month, date.day) >= (12, 23) or (date.month, date.day) == (1, 1)
        shares.append(grown * (_WEEKEND if date.weekday() >= _SATURDAY else 1) * (_HOLIDAYS if holidays else 1))
    return tuple(shares)


def shared_out(count: int, weights: Sequence[float]) -> list[int]:
    """Share a number out by weights; the parts add up to it."""
    # Added up one by one: what sum() makes of fractions differs between versions of Python.
    so_far = list(accumulate(weights))
    if not so_far or not so_far[-1]:
        return [0] * len(weights)
    reached = [round(count * reached / so_far[-1]) for reached in so_far]
    return [there - before for there, before in zip(reached, [0, *reached], strict=False)]


@cache
def _calendars(plan: Plan) -> tuple[tuple[float, ...], ...]:
    """Return what a place may say up to the end of each day: some days are lively, on many little is said."""
    shares = busyness(plan.first_second, plan.days)
    drawn = (random_for(plan.seed, "calendar", mood).random for mood in range(_MOODS))
    return tuple(tuple(accumulate(share / (_QUIETEST + random()) for share in shares)) for random in drawn)


def days_of(random: Random, plan: Plan, count: int, days: range) -> Iterator[tuple[int, int]]:
    """Share the messages of one place out to days, conversation by conversation; yield (day, messages) in order.

    Days on which nothing is said are left out.
    """
    calendar = _calendars(plan)[int(random.random() * _MOODS)]
    talks, draw = -(-count // _TALK), random.random
    low = calendar[days.start - 1] if days.start else 0.0
    width, last = calendar[days.stop - 1] - low, days.stop - 1
    lively = Counter(bisect_right(calendar, low + draw() * width, days.start, last) for _ in range(talks))
    before = reached = 0
    for day in sorted(lively):
        reached += lively[day]
        there = count * reached // talks
        yield day, there - before
        before = there


@cache
def _offset(timezone: str, day: int) -> int:
    """Return how many seconds a time zone is ahead of UTC on a day, given by its first second."""
    offset = datetime.fromtimestamp(day, UTC).astimezone(ZoneInfo(timezone)).utcoffset()
    return int(offset.total_seconds()) if offset else 0


def conversations(
    random: Random, day: int, count: int, people: Sequence[int], weights: Sequence[float], zones: Sequence[str]
) -> Iterator[Remark]:
    """Yield what is said on one day by ``people``, at hours of their ``zones``.

    ``weights`` say how much each of them talks, added up from the first one on.
    """
    draw, last = random.random, len(people) - 1
    while count > 0:
        # Powers of an even share: many are small and a few large, and every machine agrees to the last bit.
        turns = min(count, 1 + int(3 * (_TALK - 1) * draw() ** 2))
        count -= turns
        present = [bisect_right(weights, draw() * weights[-1], 0, last) for _ in range(min(4, 1 + turns))]
        hour = bisect_right(_HOURS_SO_FAR, draw() * _HOURS_SO_FAR[-1])
        second = day + (hour + draw()) * 3_600 - _offset(zones[present[0]], day)
        for turn in range(turns):
            speaker = present[turn if turn < len(present) else int(draw() * len(present))]
            yield Remark(second, people[speaker], turn, turns)
            second += 2 + 4 * _PAUSE * draw() ** 3


def in_order(days: Iterator[tuple[int, list[Remark]]]) -> Iterator[Remark]:
    """Yield the remarks of successive days in the order of time; no more than two days of them are held."""
    waiting: list[Remark] = []
    for day, remarks in days:
        waiting += remarks
        waiting.sort()
        over = day + DAY - _FURTHEST
        done = next((index for index, one in enumerate(waiting) if one.second >= over), len(waiting))
        yield from waiting[:done]
        del waiting[:done]
    yield from waiting
