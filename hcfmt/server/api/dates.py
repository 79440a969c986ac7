"""Dates of the API: how responses show them, and the forms in which clients send them.

Instants are integers: microseconds since 1970 UTC, as in the store.
"""

import re
from datetime import datetime, timedelta, tzinfo
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from hcfmt.export.timestamps import EPOCH, SECOND, datetime_of, instant_of, parse
from hcfmt.server.errors import ApiError
from hcfmt.server.settings import CLOUD

RECENT = "recent"
"""The value of ``date`` for the latest messages (docs/api.md#history-date)."""

_SECONDS = re.compile(r"([0-9]{1,12})(?:\.([0-9]{1,9}))?")
_DATE = re.compile(
    r"""([0-9]{4}-[0-9]{2}-[0-9]{2})
    (?:[Tt\ ]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?)
    (?:\ ?([Zz]|[+\ -][0-9]{2}(?::?[0-9]{2})?))?)?""",
    re.VERBOSE,
)
_MAX_QUOTED = 100  # characters of a client's value that an error repeats


def to_api(instant: int) -> str:
    """Return an instant as messages show it: "2018-01-04T10:16:02.809766+00:00", always 32 characters."""
    return datetime_of(instant).isoformat(timespec="microseconds")


def to_api_second(instant: int) -> str:
    """Return an instant as rooms and users show it: "2018-01-04T10:16:02+00:00"."""
    return datetime_of(instant).isoformat(timespec="seconds")


def last_active(instant: int | None, server_version: str = CLOUD) -> str | None:
    """Return the last activity of a user in either recorded form (docs/api.md#user-last-active).

    Of HipChat's cloud they are seconds since 1970 as text, of HipChat Server ISO 8601 with "+0000"; None stays None.
    """
    if instant is None:
        return None
    if server_version == CLOUD:
        return str(instant // SECOND)
    return datetime_of(instant).strftime("%Y-%m-%dT%H:%M:%S+0000")


def to_instant(seconds: float) -> int:
    """Return the instant of seconds since 1970 UTC, such as ``Call.now``."""
    return round(seconds * SECOND)


def with_offset(text: object) -> str | None:
    """Return a date of a record with "+00:00" in place of "Z"; None for anything but text."""
    return re.sub("Z$", "+00:00", text) if isinstance(text, str) and text else None


def read(text: str, zone: str, field: str) -> int:
    """Return the instant of a date that a client sent; without an offset it is in the time zone ``zone``.

    Accepted are seconds since 1970, a day, and ISO 8601 with "T" or a space; the offset may be missing, "Z", "+00:00",
    "+0000" or "+00", and a "+" may have become a space (docs/api.md#dates-in). Raises ApiError(400) for any other form
    and for an unknown time zone; ``field`` is the name of the parameter.
    """
    default_zone = time_zone(zone)
    try:
        if seconds := _SECONDS.fullmatch(text.strip()):
            fraction = int((seconds[2] or "")[:6].ljust(6, "0"))
            return instant_of(EPOCH + timedelta(seconds=int(seconds[1]))) + fraction
        if date := _DATE.fullmatch(text.strip()):
            day, time, offset = date.groups(default="")
            return instant_of(_parse(day, time, offset, default_zone))
    except (ValueError, OverflowError):
        pass  # not in the calendar
    raise _error(f"Value u'{text[:_MAX_QUOTED]}' for field '{field}' is not of type 'date'", field, "type", text)


def _parse(day: str, time: str, offset: str, default_zone: tzinfo) -> datetime:
    moment = parse(f"{day}T{time or '00:00'}{offset.replace(' ', '+').upper()}")
    return moment if offset else moment.replace(tzinfo=default_zone)


def time_zone(name: str) -> tzinfo:
    """Return a time zone by its IANA name in any letter case; raises ApiError(400) for an unknown name.

    Names come from the list of the tzdata package, so that a client's text never becomes a path.
    """
    canonical = zone_name(name)
    if canonical is None:
        message = f"Value u'{name[:_MAX_QUOTED]}' for field 'timezone' is not a supported timezone"
        raise _error(message, "timezone", "timezone", name)
    return ZoneInfo(canonical)


def zone_name(name: str) -> str | None:
    """Return the canonical spelling of an IANA time zone name, None for an unknown name."""
    return _zone_names().get(name.lower())


@cache
def _zone_names() -> dict[str, str]:
    names = files("tzdata").joinpath("zones").read_text("utf-8").split()
    return {name.lower(): name for name in names}


def _error(message: str, field: str, validation: str, value: str) -> ApiError:
    return ApiError(400, message, field=field, validation=validation, value=value[:_MAX_QUOTED])
