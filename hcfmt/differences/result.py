"""The result of a comparison of two exports: typed, and as plain JSON values."""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from hcfmt.exits import Exit
from hcfmt.json_values import plain
from hcfmt.verdict import TOOL

FORMAT_VERSION = 1


class RecordDifference(Struct, frozen=True):
    """One record that differs.

    ``change`` is "added", "removed", "changed" or "moved"; ``id`` the record's id, of a file its path; ``kind`` the
    wrapper key of its record; ``time`` that of a message. ``properties`` names what differs. ``moved_to`` is the new
    path of a moved file. ``before`` and ``after`` are the values that differ, as JSON text cut to 300 bytes; they are
    empty unless values are shown.
    """

    change: str
    id: str
    kind: str | None = None
    time: str | None = None
    properties: tuple[str, ...] = ()
    moved_to: str | None = None
    before: Mapping[str, str] = {}
    after: Mapping[str, str] = {}


class PlaceDifferences(Struct, frozen=True):
    """What differs in one place: a room ("rooms/1"), a conversation ("users/1-2"), a directory of files, or "" for all.

    ``records_a`` and ``records_b`` count records with different ids. ``last_a`` and ``last_b`` are the times of the
    last messages, None for none; ``later`` of the added messages are later than the last one of A. ``records`` are the
    first ones by time and id, as many of each change as the options keep; none beyond the first 1,000 places.
    """

    place: str
    records_a: int = 0
    records_b: int = 0
    added: int = 0
    removed: int = 0
    changed: int = 0
    moved: int = 0
    later: int = 0
    last_a: str | None = None
    last_b: str | None = None
    records: tuple[RecordDifference, ...] = ()

    @property
    def differing(self) -> int:
        """The number of records that differ."""
        return self.added + self.removed + self.changed + self.moved


class SectionDifferences(Struct, frozen=True):
    """What differs in one section, such as "users" or "room messages".

    The counts are sums over all places, ``places`` those that differ. ``first_a`` to ``last_b`` are the times of the
    first and the last messages. ``properties`` counts the changed records by the property that differs.
    """

    section: str
    records_a: int = 0
    records_b: int = 0
    added: int = 0
    removed: int = 0
    changed: int = 0
    moved: int = 0
    later: int = 0
    first_a: str | None = None
    last_a: str | None = None
    first_b: str | None = None
    last_b: str | None = None
    properties: Mapping[str, int] = {}
    places: tuple[PlaceDifferences, ...] = ()

    @property
    def differing(self) -> int:
        """The number of records that differ."""
        return self.added + self.removed + self.changed + self.moved


class ComparedArchive(Struct, frozen=True):
    """One of the two archives: its name, its dialect, and sentences on what of it could not be read."""

    name: str
    dialect: str
    problems: tuple[str, ...] = ()


class Differences(Struct, frozen=True):
    """What differs between two exports, A and B.

    ``sections`` has all sections in a fixed order. ``not_compared`` are sentences on what dialects do not share and on
    data files that could be read in one archive alone. ``is_complete``: both archives were read to their end, and all
    of their data files, so that what is not named here is equal.
    """

    a: ComparedArchive
    b: ComparedArchive
    sections: tuple[SectionDifferences, ...]
    not_compared: tuple[str, ...] = ()
    is_complete: bool = True

    @property
    def differing(self) -> int:
        """The number of records that differ."""
        return sum(section.differing for section in self.sections)

    @property
    def exit(self) -> Exit:
        """The exit status of ``hcfmt diff``: 0 equal, 1 different, 2 not everything could be compared."""
        if not self.is_complete:
            return Exit.USAGE
        return Exit.INVALID if self.differing else Exit.VALID

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values in the shape of schemas/report/diff.json."""
        head = {"format_version": FORMAT_VERSION, "tool": TOOL, "exit_status": int(self.exit)}
        result: dict[str, Any] = msgspec.to_builtins(self)
        return {**head, **{name: plain(value) for name, value in result.items()}}
