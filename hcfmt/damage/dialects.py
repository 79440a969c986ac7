"""Damage that leaves an export sound, and makes another exporter's of it, or of a part."""

from random import Random

from hcfmt.damage.selection import shuffled, take
from hcfmt.export.dialect_writing import people_of, rewrite_export, rewrite_history
from hcfmt.export.dialects import SERVER
from hcfmt.export.editing import EditableExport
from hcfmt.export.layout import Kind


def other_dialect(export: EditableExport, _: Random, __: int) -> None:
    """Rewrite the whole export as HipChat Server would have written it."""
    rewrite_export(export, SERVER)


def wrong_dialect(export: EditableExport, random: Random, _: int) -> None:
    """Rewrite the history of a room as HipChat Server would have written it."""
    told = {"UserMessage", "NotificationMessage"}  # by which the dialect of a history is told for sure
    paths = [
        path for path in export.paths(Kind.ROOM_HISTORY) if any(record.kind in told for record in export.records(path))
    ]
    for path in take(shuffled(random, paths), 1, "rooms with a message that is not about the room"):
        rewrite_history(export, path, people_of(export), SERVER)
