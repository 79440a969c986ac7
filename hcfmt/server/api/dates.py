"""Dates: the API's one spelling, those of the export's records, and the many that clients send.

Within the server a moment is a whole number of microseconds since 1970 UTC, as in the store.
"""

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from hcfmt.export.timestamps import EPOCH, SECOND, datetime_of, instant_of
from hcfmt.server.errors import ApiError

RECENT = "recent"
"""What a client sends for the latest messages (facts 4.4)."""

_SECONDS = re.compile(r"([0-9]{1,12})(?:\.([0-9]{1,9}))?")
_SENT = re.compile(
    r"""(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})
    (?:[Tt\ ](?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,9}))?)?
    (?:\ ?(?P<utc>[Zz])|\ ?(?P<sign>[+\ -])(?P<hours>[0-9]{2}):?(?P<minutes>[0-9]{2})?)?)?""",
    re.VERBOSE,
)
_SHOWN = 100  # characters of a client's value that an error repeats


def to_api(time: int) -> str:
    """Return a moment as messages have it in the API: "2018-01-04T10:16:02.809766+00:00", always 32 characters."""
    return datetime_of(time).isoformat(timespec="microseconds")


def to_api_second(time: int) -> str:
    """Return a moment to the second, as rooms and accounts have it: "2018-01-04T10:16:02+00:00"."""
    return datetime_of(time).isoformat(timespec="seconds")


def to_unix(time: int | None) -> str | None:
    """Return a moment as a user's last activity: a string of seconds since 1970 UTC (facts 4.7); None for None."""
    return None if time is None else str(time // SECOND)


def micros(seconds: float) -> int:
    """Return seconds since 1970 UTC, such as a call's ``now``, as microseconds."""
    return round(seconds * SECOND)


def with_offset(text: object) -> str | None:
    """Return an ISO date of a record with the offset that the API shows, "+00:00" for "Z"; None for no text."""
    return re.sub("Z$", "+00:00", text) if isinstance(text, str) and text else None


def read(text: str, zone: str, field: str) -> int:
    """Return the moment of a date that a client sent, read in a time zone where it has no offset.

    Taken are seconds since 1970, a day, and a moment of ISO 8601 with "T" or a space; its offset may be absent, "Z",
    "+00:00", "+0000" or "+00", and its "+" may have become a space (facts 3 no. 7). Raises ApiError(400) for others,
    and for a time zone that nobody knows; ``field`` is the parameter's name.
    """
    place = time_zone(zone)
    seconds, sent = _SECONDS.fullmatch(text.strip()), _SENT.fullmatch(text.strip())
    try:
        if seconds:
            return instant_of(EPOCH + timedelta(seconds=int(seconds[1]))) + _fraction(seconds[2])
        if sent:
            return instant_of(_moment(sent, place))
    except (ValueError, OverflowError):
        pass  # no calendar has it
    raise _refusal(f"Value u'{text[:_SHOWN]}' for field '{field}' is not of type 'date'", field, "type", text)


def _fraction(digits: str | None) -> int:
    return int((digits or "")[:6].ljust(6, "0"))


def _moment(sent: re.Match[str], place: tzinfo) -> datetime:
    day = date.fromisoformat(sent["day"])
    hour, minute, second = (int(sent[name] or 0) for name in ("hour", "minute", "second"))
    if sent["utc"]:
        place = UTC
    elif sent["hours"]:
        east = timedelta(hours=int(sent["hours"]), minutes=int(sent["minutes"] or 0))
        place = timezone(-east if sent["sign"] == "-" else east)
    return datetime(day.year, day.month, day.day, hour, minute, second, _fraction(sent["fraction"]), tzinfo=place)


def time_zone(name: str) -> tzinfo:
    """Return a time zone by its name in IANA's database, in any letter case; raises ApiError(400) for another.

    The name is looked up in the list of the tzdata package, so that no path is ever made of what a client sent.
    """
    known = zone_name(name)
    if known is None:
        text = f"Value u'{name[:_SHOWN]}' for field 'timezone' is not a supported timezone"
        raise _refusal(text, "timezone", "timezone", name)
    return ZoneInfo(known)


def zone_name(name: str) -> str | None:
    """Return how IANA spells a time zone's name, None where it does not know it."""
    return _zones().get(name.lower())


@cache
def _zones() -> dict[str, str]:
    listed = files("tzdata").joinpath("zones").read_text("utf-8").split()
    return {name.lower(): name for name in listed}


def _refusal(sentence: str, field: str, validation: str, value: str) -> ApiError:
    return ApiError(400, sentence, field=field, validation=validation, value=value[:_SHOWN])
