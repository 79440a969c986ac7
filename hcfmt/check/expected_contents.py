"""What somebody knows of an export from another source: counts, rooms, people and dates, in a file in TOML.

docs/second-sources.md explains the file, schemas/config/expect.json describes it.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from hcfmt.check.toml_files import parse_toml, read_bytes
from hcfmt.errors import UsageError
from hcfmt.suggestions import unknown_name

COUNTS = (
    "users",
    "rooms",
    "emoticons",
    "autojoins",
    "messages",
    "room-messages",
    "private-messages",
    "attachments",
    "stored-files",
)
"""What can be counted. A private message counts once, as in the inventory of a report."""

_Name = Annotated[str, Meta(min_length=1)] | int
_Count = Annotated[int, Meta(ge=0)]


class ExpectedDates(Struct, frozen=True, forbid_unknown_fields=True):
    """Days in UTC: a message is of ``first`` or earlier, and one of ``last`` or later."""

    first: date | None = None
    last: date | None = None


class ExpectedContents(Struct, frozen=True, rename="kebab", forbid_unknown_fields=True):
    """What an export is expected to hold.

    ``rooms`` are names, or ids as numbers; ``people`` are mention names with @, e-mail addresses, or ids. ``exactly``
    and ``at_least`` are numbers by the names of ``COUNTS``.
    """

    rooms: Sequence[_Name] = ()
    people: Sequence[_Name] = ()
    exactly: Mapping[str, _Count] = {}
    at_least: Mapping[str, _Count] = {}
    dates: ExpectedDates = ExpectedDates()

    def __len__(self) -> int:
        """Return the number of expectations."""
        dates = sum(day is not None for day in (self.dates.first, self.dates.last))
        return len(self.rooms) + len(self.people) + len(self.exactly) + len(self.at_least) + dates


def read_expectations(path: str) -> ExpectedContents:
    """Return what a file in TOML expects; raises UsageError, which names the file and what is wrong in it."""
    text = read_bytes(path)
    try:
        expected = msgspec.convert(parse_toml(text), ExpectedContents)
        _check(expected)
    except msgspec.ValidationError as error:
        raise UsageError(f"{path}: {_place_first(str(error))}.") from None
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from None
    return expected


def _check(expected: ExpectedContents) -> None:
    """Raise UsageError for names that stand for nothing, and for a file without an expectation."""
    for name in (*expected.exactly, *expected.at_least):
        if name not in COUNTS:
            raise UsageError(unknown_name("count", name, COUNTS))
    for person in expected.people:
        if isinstance(person, str) and "@" not in person:
            raise UsageError(
                f"people: {person!r} is no mention name with @, no e-mail address and no id. Write '@{person}' for a"
                " mention name."
            )
    if not len(expected):
        raise UsageError("It expects nothing: docs/second-sources.md says what it can hold.")


def _place_first(error: str) -> str:
    """Return the sentence of an error of msgspec with its place at its front, as ``exactly.users``."""
    sentence, _, place = error.partition(" - at ")
    return f"{place.strip('`').removeprefix('$.')}: {sentence}" if place else sentence
