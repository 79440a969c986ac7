"""Reads and writes the timestamps of an export, and orders them.

Dates are ISO 8601 to the second with Z or an offset: ``2018-01-04T10:16:02+00:00``. The timestamp of a message is such
a date with Z, then a space and its microseconds: ``2018-01-04T10:16:02Z 809766``. An instant is an integer: the
microseconds since 1970 UTC.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import compress
from operator import add, itemgetter

SECOND = 1_000_000  # microseconds
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LAST_DAY = (datetime(9999, 12, 31, tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)
"""The first instant of the last day that ``datetime`` has: a message from then on may have no room for a successor."""

FIRST_DAY = date(2000, 1, 1)
LAST_BIT = 1 << 14  # days; 2044, so that a set of days has 2 KiB at most
_BITS = [1 << day >> 1 for day in range(32)]  # of the days of a month
_HOUR = len("2018-01-04T10:")
_DATE = len("2018-01-04T10:16:02Z")
_CACHED_HOURS = 100_000
_MOST_DIGITS = 12  # of the microseconds that take part in the order; documented are six
_POSSIBLE = re.compile(r".{19}(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])")  # the offsets that HC601 accepts
_SHOWABLE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[-0-9:+Z ]{1,24}"
COLONS = 2  # in the timestamp of a message
_LINE = b"0000-00-00T00:00:00Z 000000\n"
_DIGITS_AS_ZEROS = bytes.maketrans(b"0123456789", b"0" * 10)
_TENS, _ONES = (bytes(digit * factor for digit in (*bytes(48), *range(10), *bytes(198))) for factor in (10, 1))
_to_hour, _to_second = itemgetter(slice(_HOUR)), itemgetter(slice(_HOUR, _DATE + 1))


def parse(date: str) -> datetime:
    """Return the instant of a date with Z or an offset as an aware datetime.

    Raises ValueError for a date, a time of day or an offset that ``datetime`` does not have.
    """
    if date[11:13] == "24":  # newer versions of Python read 24:00:00 as the next day
        raise ValueError("The hour must be in 0..23.")
    return datetime.fromisoformat(date)


def parse_possible(date: str) -> datetime | None:
    """Return the instant of a date, None where HC601 reports the date: its calendar, its clock, its offset."""
    try:
        return parse(date) if _POSSIBLE.fullmatch(date) else None
    except ValueError:
        return None


def parse_timestamps(timestamps: list[str]) -> list[int]:
    """Return the instants of messages' timestamps, many at once.

    The microseconds may be missing; of more than six digits the first six count. Raises ValueError, KeyError or
    TypeError for a timestamp of another form or with an impossible date.
    """
    fractions = [timestamp[21:27] for timestamp in timestamps]
    digits = "".join(fractions)  # examined together: int() would accept signs and underscores
    if digits and not (digits.isascii() and digits.isdigit()):
        raise ValueError("Microseconds are digits.")
    if "" in fractions:
        fractions = [fraction or "0" for fraction in fractions]
    hours = map(_hours.__getitem__, map(_to_hour, timestamps))
    seconds = map(_seconds().__getitem__, map(_to_second, timestamps))
    return list(map(add, map(add, hours, seconds), map(int, fractions)))


class _Hours(dict[str, int]):
    """The instant at which an hour begins, by its text (``2018-01-04T10:``); ValueError for an impossible date."""

    def __missing__(self, text: str) -> int:
        # fromisoformat accepts other forms too, so the text is compared with the one documented form.
        hour = datetime.fromisoformat(f"{text}00+00:00")
        if f"{hour:%Y-%m-%dT%H:}".zfill(_HOUR) != text:
            raise ValueError("The hour has another form.")
        if len(self) == _CACHED_HOURS:
            self.clear()
        self[text] = instant_of(hour)
        return self[text]


_hours = _Hours()


@cache
def _seconds() -> dict[str, int]:
    """Return the microseconds from the start of an hour, by text; the space before the digits may be missing."""
    return {
        f"{minute:02}:{second:02}Z{space}": (minute * 60 + second) * SECOND
        for minute in range(60)
        for second in range(60)
        for space in ("", " ")
    }


def are_exact(timestamps: Sequence[str]) -> bool:
    """Whether all timestamps have six digits of microseconds and a date and a time of day that exist.

    It says in one pass over a column what the patterns of ``timestamp`` in schemas/messages/common.json say.
    """
    lines = "\n".join([*timestamps, ""]).encode()
    if lines.translate(_DIGITS_AS_ZEROS) != _LINE * len(timestamps):
        return False
    year, month_tens, months, day_tens, days, hour_tens, hours, minute_tens, second_tens = (
        lines[at :: len(_LINE)] for at in (0, 5, 6, 8, 9, 11, 12, 14, 17)
    )
    if (
        _where(hour_tens, b"3456789")
        or _where(hour_tens, b"2") & _where(hours, b"456789")
        or _where(minute_tens, b"6789")
        or _where(second_tens, b"6789")
    ):
        return False
    # A month from 01 to 12 has the days from 01 to 28, in every year from 1000 on; what is left is looked up.
    odd = _where(year, b"0") | _where(month_tens, b"23456789") | _where(day_tens, b"3456789")
    odd |= _where(month_tens, b"0") & _where(months, b"0") | _where(month_tens, b"1") & _where(months, b"3456789")
    odd |= _where(day_tens, b"0") & _where(days, b"0") | _where(day_tens, b"2") & _where(days, b"9")
    doubtful = compress(timestamps, odd.to_bytes(len(timestamps)))
    return all(map(_exists.__getitem__, {timestamp[:10] for timestamp in doubtful}))


def _where(digits: bytes, members: bytes) -> int:
    """Return a number with a byte for each digit, which is 1 where the digit is one of the members, else 0."""
    return int.from_bytes(digits.translate(_marks(members)))


@cache
def _marks(members: bytes) -> bytes:
    return bytes(character in members for character in range(256))


class _Days(dict[str, bool]):
    """Whether a day exists, by its text in the one form ``2018-01-04``."""

    def __missing__(self, text: str) -> bool:
        if len(self) == _CACHED_HOURS:
            self.clear()
        try:
            datetime.fromisoformat(text)
        except ValueError:
            self[text] = False
        else:
            self[text] = True
        return self[text]


_exists = _Days()


def days_and_hours(timestamps: Sequence[str], months: Iterable[tuple[str, int]]) -> tuple[int, bytes]:
    """Return the days of timestamps, and the hour of the week of each.

    The days are bits: the lowest is that of ``FIRST_DAY``. Months before it, and from ``LAST_BIT`` days after it on,
    are left out. The hours are bytes: 0 is Monday from 00:00 to 01:00 UTC, 167 the last.

    The timestamps have possible dates; ``months`` are their months (``2018-01``) and the numbers of timestamps that
    follow one another in each. Bytes are looked up and added in columns.
    """
    count, start = len(timestamps), 0
    lines, width = "\n".join([*timestamps, ""]).encode(), len(_LINE)
    if lines[width - 1 :: width] != b"\n" * count:  # microseconds of other than six digits
        lines, width = "\n".join([timestamp[:_HOUR] for timestamp in timestamps]).encode(), _HOUR + 1
    day_tens, days, hour_tens, hours = (lines[at::width] for at in (8, 9, 11, 12))
    dates = (_number(day_tens, _TENS) + _number(days, _ONES)).to_bytes(count)
    weekdays, bits = [], 0
    for month, length in months:
        of_month = dates[start : start + length]
        weekdays.append(of_month.translate(_first_hours(month)))
        if 0 <= (first := _first_bit(month)) < LAST_BIT:
            bits |= sum(map(_BITS.__getitem__, set(of_month))) << first
        start += length
    return bits, (_number(b"".join(weekdays)) + _number(hour_tens, _TENS) + _number(hours, _ONES)).to_bytes(count)


def _number(column: bytes, table: bytes | None = None) -> int:
    return int.from_bytes(column.translate(table) if table else column)


@cache
def _first_bit(month: str) -> int:
    """Return the days from ``FIRST_DAY`` to the first of a month."""
    return (date.fromisoformat(f"{month}-01") - FIRST_DAY).days


@cache
def _first_hours(month: str) -> bytes:
    """Return the first hour of the week of each day of a month, by the number of the day."""
    weekday = datetime.fromisoformat(f"{month}-01").weekday()
    return bytes((weekday + day - 1) % 7 * 24 for day in range(256))


def instant_of(time: datetime) -> int:
    """Return the microseconds from 1970 UTC to an aware datetime."""
    return (time - EPOCH) // timedelta(microseconds=1)


def datetime_of(instant: int) -> datetime:
    """Return an instant as a datetime in UTC. Raises OverflowError before the year 1 and after 9999."""
    return EPOCH + timedelta(microseconds=instant)


def format_timestamp(instant: int) -> str:
    """Return an instant as the timestamp of a message. Raises ValueError before the year 1 and after 9999."""
    return f"{format_date(instant)} {instant % SECOND:06}"


def format_date(instant: int) -> str:
    """Return an instant as a date in UTC with Z, its microseconds cut off. Raises ValueError as above."""
    try:
        time = datetime_of(instant)
    except OverflowError:
        raise ValueError("The instant is before the year 1 or after 9999.") from None
    return f"{time:%Y-%m-%dT%H:%M:%S}Z".zfill(_DATE)


def to_utc(date: str) -> str | None:
    """Return a date with an offset as the same instant in UTC with Z; None for an impossible date."""
    try:
        return parse(date).astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    except (ValueError, OverflowError):
        return None


def sort_key(timestamp: str) -> str:
    """Return a message's timestamp with at least six digits, so that texts sort by time; "" for an impossible date.

    The digits count as a number: of ``Z 7`` it is ``Z 000007``. Only the first twelve of a longer number count.
    """
    date = timestamp[:_DATE]
    try:
        parse(date)
    except ValueError:
        return ""
    digits = timestamp[_DATE + 1 :].lstrip("0")[:_MOST_DIGITS]
    return f"{date} {digits:0>6}"


def is_showable(text: str) -> bool:
    """Whether a text holds nothing but a date and time, so that a report may show it even in a redacted form."""
    return re.fullmatch(_SHOWABLE, text) is not None
