"""Activity over time: when people and rooms are created, and when people talk, in seconds since 1970 UTC."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from heapq import heappop, heappush
from itertools import accumulate
from operator import itemgetter
from random import Random
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from hcfmt.generation.plan import Plan
from hcfmt.rng import random_for

DAY, HOUR = 86_400, 3_600  # seconds
SETTLING = 3 * DAY  # seconds at the beginning without messages, in which accounts and rooms are created
_QUIET_DAYS = 4  # at the beginning; one day at the end is quiet too, so that it is over in every time zone
_DAYS_TO_FIRST = 2  # from creation to the first message, so that no time zone's morning is before
_FOUNDING = 0.5  # share of people and of rooms that are created at the beginning
_SHORTEST, _LATEST = 7, 0.9  # days without later creations, and the share of the other days that has them
_WEEKEND = 0.05  # messages of a day, to those of a working day
_HOLIDAYS = 0.1
_GROWTH = (0.7, 1.3)  # messages of a day at the beginning and at the end, to the average
_SATURDAY = 5
# The weight of each hour of the local day, from midnight on.
_HOURS = (1, 1, 0, 0, 0, 0, 1, 4, 14, 30, 36, 32, 18, 24, 34, 34, 30, 22, 10, 5, 4, 4, 3, 2)
_HOURS_SUM = (0, *accumulate(_HOURS))
_HOUR_OF = [hour for hour, weight in enumerate(_HOURS) for _ in range(weight)]  # each hour as often as it weighs
_DAYS_KEPT = 1_000  # whose offsets of time zones are kept
_LENGTH = 6  # messages of a conversation, on average
_CALENDARS = 32  # of a company; conversations that share a calendar are lively on the same days
_QUIETEST = 0.03  # the smaller, the livelier are lively days
_QUIETEST_OF_WEEKS = 0.3  # the same of a plan of a few weeks, in which rooms have messages on most days
WEEKS = 60  # days; a longer plan is one of years
_SORTED_AT_ONCE, _LIST = 200, 1_000  # remarks that are sorted at least, and handed on at most, at once
_FURTHEST = 15 * 3_600  # seconds; a local day is at most 14 hours ahead of UTC's


def overlap(first: range, second: range) -> range:
    """Return the days that two ranges have in common."""
    return range(max(first.start, second.start), min(first.stop, second.stop))


def creation_times(plan: Plan, kind: str, after: int, count: int) -> list[int]:
    """Return the seconds in which ``count`` people or rooms are created, in order.

    The first one and about half of the others are created within half of the settling time, which begins ``after``
    seconds on the first day; the rest follow over the whole time, most of them early.
    """
    random = random_for(plan.seed, "beginnings", kind)
    seconds = []
    for number in range(count):
        late = number > 0 and random.random() >= _FOUNDING
        days = (plan.days - _SHORTEST) * _LATEST * random.random() * random.random() if late else 0.0
        seconds.append(plan.first_second + after + int(days * DAY + random.random() * SETTLING / 2))
    return sorted(seconds)


def active_days(plan: Plan, created: int, share: float = 1) -> range:
    """Return the days with messages of a person or room: a share of the days after its creation."""
    first = max(_QUIET_DAYS, (created - plan.first_second) // DAY + _DAYS_TO_FIRST)
    return range(first, first + max(1, int((plan.days - 1 - first) * share)))


_SECOND = itemgetter(0)


@cache
def daily_shares(first_second: int, days: int) -> tuple[float, ...]:
    """Return the activity of each day relative to an average day: lower at weekends and at the turn of a year."""
    begin = datetime.fromtimestamp(first_second, UTC)
    shares = []
    for number in range(days):
        date = begin + timedelta(days=number)
        grown = _GROWTH[0] + (_GROWTH[1] - _GROWTH[0]) * number / days
        holidays = (date.month, date.day) >= (12, 23) or (date.month, date.day) == (1, 1)
        shares.append(grown * (_WEEKEND if date.weekday() >= _SATURDAY else 1) * (_HOLIDAYS if holidays else 1))
    return tuple(shares)


def split_by_weights(count: int, weights: Sequence[float]) -> list[int]:
    """Split a number by weights; the parts add up to it."""
    # accumulate() instead of sum(), whose result for fractions differs between versions of Python.
    sums = list(accumulate(weights))
    if not sums or not sums[-1]:
        return [0] * len(weights)
    ends = [round(count * end / sums[-1]) for end in sums]
    return [end - begin for end, begin in zip(ends, [0, *ends], strict=False)]


@cache
def _calendars(plan: Plan) -> tuple[tuple[float, ...], ...]:
    """Return calendars: cumulative weights of the days, high on a few lively days and low on the many quiet ones."""
    shares = daily_shares(plan.first_second, plan.days)
    randoms = (random_for(plan.seed, "calendar", number).random for number in range(_CALENDARS))
    quietest = _QUIETEST if plan.days > WEEKS else _QUIETEST_OF_WEEKS
    return tuple(tuple(accumulate(share / (quietest + random()) for share in shares)) for random in randoms)


def messages_by_day(random: Random, plan: Plan, count: int, days: range) -> Iterator[tuple[int, int]]:
    """Spread the messages of one room or pair over days, conversation by conversation; yield (day, messages) in order.

    Days without messages are left out.
    """
    if not count:
        return
    calendar = _calendars(plan)[int(random.random() * _CALENDARS)]
    talks, draw = -(-count // _LENGTH), random.random
    low = calendar[days.start - 1] if days.start else 0.0
    width, last = calendar[days.stop - 1] - low, days.stop - 1
    lively = Counter(bisect_right(calendar, low + draw() * width, days.start, last) for _ in range(talks))
    before = reached = 0
    for day in sorted(lively):
        reached += lively[day]
        end = count * reached // talks
        yield day, end - before
        before = end


@lru_cache(_DAYS_KEPT)
def offsets(day: int) -> Mapping[str, int]:
    """Return the seconds by which time zones are ahead of UTC on a day, which is given by its first second."""
    return _Offsets(day)


class _Offsets(dict[str, int]):
    """The offsets of a day by time zone, each found when it is first asked for."""

    def __init__(self, day: int) -> None:
        super().__init__()
        self._day = datetime.fromtimestamp(day, UTC)

    def __missing__(self, timezone: str) -> int:
        offset = self._day.astimezone(ZoneInfo(timezone)).utcoffset()
        self[timezone] = seconds = int(offset.total_seconds()) if offset else 0
        return seconds


def hour_within(draw: Callable[[], float], hours: range) -> float:
    """Return a local hour and its fraction, within some hours of a day, of which some are livelier."""
    low, high = _HOURS_SUM[hours.start], _HOURS_SUM[hours.stop]
    if low == high:
        return hours.start + draw() * len(hours)
    return _HOUR_OF[int(low + draw() * (high - low))] + draw()


_Timed = TypeVar("_Timed", bound=tuple[float, *tuple[Any, ...]])


def in_order(days: Iterable[tuple[int, list[_Timed]]]) -> Iterator[list[_Timed]]:
    """Yield lists of what happens on successive days in the order of time; in memory are those of about two days.

    Each day comes with its first second, and what happens begins with its second.
    """
    waiting: list[_Timed] = []
    for day, happening in days:
        if len(waiting) >= _SORTED_AT_ONCE:
            waiting.sort(key=_SECOND)
            done = bisect_left(waiting, day - _FURTHEST, key=_SECOND)  # nothing later is earlier
            yield from _parts(waiting[:done])
            del waiting[:done]
        waiting += happening
    waiting.sort(key=_SECOND)
    yield from _parts(waiting)


def _parts(timed: list[_Timed]) -> Iterator[list[_Timed]]:
    return (timed[begin : begin + _LIST] for begin in range(0, len(timed), _LIST))


def merged(streams: Iterable[Iterable[list[_Timed]]]) -> Iterator[list[_Timed]]:
    """Merge streams of lists, none of them empty, in the order of time; in memory is about one list of each."""
    iterators = [*map(iter, streams)]
    waiting: list[_Timed] = []
    ends: list[tuple[float, int]] = []  # the second up to which a stream was read, and its number
    for number, iterator in enumerate(iterators):
        _read(iterator, number, waiting, ends)
    waiting.sort(key=_SECOND)
    while ends:
        end, number = heappop(ends)
        done = bisect_right(waiting, end, key=_SECOND)  # what is not read is later
        yield waiting[:done]
        del waiting[:done]
        if _read(iterators[number], number, waiting, ends):
            waiting.sort(key=_SECOND)


def _read(stream: Iterator[list[_Timed]], number: int, waiting: list[_Timed], ends: list[tuple[float, int]]) -> bool:
    """Add the next list of a stream to what is waiting; return whether there is one."""
    if not (timed := next(stream, None)):
        return False
    waiting += timed
    heappush(ends, (timed[-1][0], number))
    return True
