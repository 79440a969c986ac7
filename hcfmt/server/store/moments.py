"""Moments as messages tell them, and as integers that can be sorted: microseconds since 1970 UTC."""

from datetime import UTC, datetime, timedelta
from operator import add, itemgetter

SECOND = 1_000_000  # microseconds
LEAST, MOST = -(1 << 63), (1 << 63) - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HOUR = len("2018-01-04T10:")
_WHOLE = len("2018-01-04T10:16:02Z")
_HOURS_HELD = 100_000
_to_hour, _to_second = itemgetter(slice(_HOUR)), itemgetter(slice(_HOUR, _WHOLE + 1))


class _Hours(dict[str, int]):
    """The beginnings of hours by their spelling, such as ``2018-01-04T10:``; ValueError for what no calendar has."""

    def __missing__(self, spelling: str) -> int:
        # fromisoformat takes other spellings too, so what it read is spelled again.
        hour = datetime.fromisoformat(f"{spelling}00+00:00")
        if f"{hour:%Y-%m-%dT%H:}".zfill(_HOUR) != spelling:
            raise ValueError("No hour is spelled so.")
        if len(self) == _HOURS_HELD:
            self.clear()
        self[spelling] = (hour - _EPOCH) // timedelta(microseconds=1)
        return self[spelling]


_hours = _Hours()
# Both with and without the space before the microseconds, which may be left out.
_seconds = {
    f"{minute:02}:{second:02}Z{space}": (minute * 60 + second) * SECOND
    for minute in range(60)
    for second in range(60)
    for space in ("", " ")
}


LAST = (datetime(9999, 12, 31, tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1)
"""The beginning of the last day that any calendar has: what is said then leaves no moment for what is said after."""


def moments(timestamps: list[str]) -> list[int]:
    """Return the moments of messages' timestamps (``2018-01-04T10:16:02Z 809766``).

    The microseconds may be left out; of more than six digits the first six count. Raises ValueError, KeyError or
    TypeError where one cannot be read.
    """
    fractions = [one[21:27] for one in timestamps]
    digits = "".join(fractions)  # looked at together: int() would take signs and underscores
    if digits and not (digits.isascii() and digits.isdigit()):
        raise ValueError("Microseconds are digits.")
    if "" in fractions:
        fractions = [one or "0" for one in fractions]
    hours = map(_hours.__getitem__, map(_to_hour, timestamps))
    seconds = map(_seconds.__getitem__, map(_to_second, timestamps))
    return list(map(add, map(add, hours, seconds), map(int, fractions)))


def spelled(moment: int) -> str:
    """Return a moment as the timestamp of a message; ValueError for one before the year 1 or after 9999."""
    return f"{second(moment)} {moment % SECOND:06}"


def second(moment: int) -> str:
    """Return a moment to the second, as attachments tell it: ``2018-01-04T10:16:02Z``."""
    try:
        whole = _EPOCH + timedelta(seconds=moment // SECOND)
    except OverflowError:
        raise ValueError("No calendar has such a moment.") from None
    return f"{whole:%Y-%m-%dT%H:%M:%S}Z".zfill(_WHOLE)
