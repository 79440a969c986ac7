"""Compares what an importer says that it imported with what an archive holds."""

from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

import msgspec

from hcfmt.check.engine import Options, validate
from hcfmt.container import ArchiveInput
from hcfmt.errors import UsageError
from hcfmt.suggestions import unknown_name
from hcfmt.verdict import Report

LARGEST_RESULT = 1 << 16  # bytes of a result
_MOST = 10**18 - 1  # any shell can compare so large a number
_ROOM_KINDS = ("UserMessage", "NotificationMessage", "TopicRoomMessage", "ArchiveRoomMessage", "GuestAccessMessage")
_Inventory = Mapping[str, Any]


def _room_messages(inventory: _Inventory) -> int:
    return sum(inventory["messages"][kind] for kind in _ROOM_KINDS)


def _record_count(kind: str) -> Callable[[_Inventory], int]:
    return lambda inventory: int(inventory["messages"][kind])


COUNTS: Mapping[str, Callable[[_Inventory], int]] = {
    "users": lambda inventory: int(inventory["users"]["total"]),
    "rooms": lambda inventory: int(inventory["rooms"]["total"]),
    "messages": lambda inventory: int(inventory["messages"]["distinct"]),
    "room_messages": _room_messages,
    "private_messages": lambda inventory: int(inventory["messages"]["distinct"]) - _room_messages(inventory),
    **{kind: _record_count(kind) for kind in _ROOM_KINDS},
    "files": lambda inventory: sum(row["count"] for row in inventory["attachments"]),
    "emoticons": lambda inventory: int(inventory["emoticons"]),
}
"""The counts that a result may have (schemas/report/imported.json), each with its number in an inventory."""


class Comparison(msgspec.Struct, frozen=True):
    """What an importer imported, and what the archive holds: the number of each count of the result.

    ``report`` is that of the archive; if its verdict is incomplete, the archive may hold more than ``expected`` says.
    """

    expected: Mapping[str, int]
    imported: Mapping[str, int]
    report: Report

    @property
    def differing(self) -> tuple[str, ...]:
        """The counts that differ."""
        return tuple(name for name, number in self.imported.items() if number != self.expected[name])


def compare(
    archive: ArchiveInput,
    imported: Mapping[str, int],
    options: Options | None = None,
    *,
    stdin: BinaryIO | None = None,
) -> Comparison:
    """Read an archive once and compare its counts with those of an importer.

    ``imported`` holds the number of each count that is compared, such as ``{"users": 10, "messages": 240}``; the names
    are those of schemas/report/imported.json. ``archive`` and ``options`` are those of ``validate``. Raises UsageError
    for an unknown count, a number that is none, and no count at all.
    """
    _require_counts(imported)
    report = validate(archive, options or Options(), stdin=stdin)
    return Comparison({name: count for name, count in counts_of(report).items() if name in imported}, imported, report)


def counts_of(report: Report) -> dict[str, int]:
    """Return all counts of an archive."""
    return {name: count(report.inventory) for name, count in COUNTS.items()}


def parse_counts(text: bytes) -> Mapping[str, int]:
    """Return the counts of a result in JSON; raises UsageError, which says what is wrong with it."""
    if len(text) > LARGEST_RESULT:
        raise UsageError(f"It is no result of an importer: it has more than {LARGEST_RESULT:,} bytes.")
    try:
        counts = msgspec.json.decode(text, type=dict[str, int])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(
            f'It is no result of an importer: {str(error).rstrip(".")}. Example: {{"users": 10, "messages": 240}}'
        ) from None
    _require_counts(counts)
    return counts


def _require_counts(counts: Mapping[str, int]) -> None:
    if not counts:
        raise UsageError("The result has no count, so that nothing can be compared.")
    for name, number in counts.items():
        if name not in COUNTS:
            raise UsageError(unknown_name("count", name, COUNTS))
        if not 0 <= number <= _MOST:
            raise UsageError(f"The count {name!r} of the result is not a number from 0 to {_MOST:,}.")
