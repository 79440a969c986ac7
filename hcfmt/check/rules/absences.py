"""Rules of the export as a whole that miss something: messages, private messages, room messages, stored files.

What a server that was hardly used never had is not missed. Nothing is, if a history was not read to its end.
"""

from collections.abc import Iterator
from datetime import date

from hcfmt.check.export_view import ExportView
from hcfmt.export.annotations import FILE
from hcfmt.export.layout import Kind
from hcfmt.findings import Flaw

_PEOPLE, _DAYS = 2, 400  # what so many people used for more days holds private messages, room messages and files
_DAY = len("2018-04-02")
_ATTACHED = frozenset({Kind.ROOM_FILE, Kind.PRIVATE_FILE})


def no_messages(export: ExportView) -> Iterator[Flaw]:
    """Report an export with users and rooms but without messages."""
    people_and_rooms = export.kinds["User"] and export.kinds["Room"]
    if people_and_rooms and not export.examined["message"] and not export.lost_histories:
        yield Flaw("There are users and rooms, but not one message.")


def no_private_messages(export: ExportView) -> Iterator[Flaw]:
    """Report an export with room messages of a long time and without a private one."""
    days = _days_of_messages(export)
    if days and export.examined["room message"] == export.examined["message"]:
        yield Flaw("There are room messages of {days:,} days, and not one private message.", {"days": days})


def no_room_messages(export: ExportView) -> Iterator[Flaw]:
    """Report an export with rooms and with private messages of a long time, but without a room message."""
    days = _days_of_messages(export)
    if days and export.kinds["Room"] and not export.examined["room message"]:
        yield Flaw("There are rooms, private messages of {days:,} days, and not one room message.", {"days": days})


def no_stored_files(export: ExportView) -> Iterator[Flaw]:
    """Report an export without a file although records name some, or without an attachment in a long time."""
    named = len({path for _, values in export.occurrences_of(FILE) for code, path, _ in values if not code})
    if named and not export.examined["stored file"]:
        sentence = (
            "The archive has no files at all: not one attachment, avatar or emoticon. Its records name {count:,}."
        )
        yield Flaw(sentence, {"count": named})
    elif days := _days_of_messages(export):
        kinds = {row.kind for row in export.layout.places.values() if row}
        if kinds.isdisjoint(_ATTACHED):
            yield Flaw("There are messages of {days:,} days, and not one attachment is stored.", {"days": days})


def _days_of_messages(export: ExportView) -> int:
    """Return the days from the first message to the last; 0 for an export that may lack anything."""
    people = sum(export.index.census["user", kind, "active"] for kind in ("admin", "user"))
    dated = [(history.first[0], history.last) for history in export.index.histories.values() if history.first]
    if people < _PEOPLE or export.lost_histories or not dated:
        return 0
    first, last = min(first for first, _ in dated), max(last for _, last in dated)
    days = (date.fromisoformat(last[:_DAY]) - date.fromisoformat(first[:_DAY])).days
    return days if days > _DAYS else 0
