"""Damage that leaves an export sound, and makes another exporter's of it, or of a part."""

from random import Random

import orjson

from hcfmt.damage.selection import shuffled, take
from hcfmt.damage.selectors import room_messages, unknown_ids
from hcfmt.export.dialect_records import dialect_json
from hcfmt.export.dialect_writing import people_of, rewrite_export, rewrite_history
from hcfmt.export.dialects import HC_MIGRATE, SERVER
from hcfmt.export.editing import EditableExport
from hcfmt.export.layout import Kind


def other_dialect(export: EditableExport, _: Random, __: int) -> None:
    """Rewrite the whole export as HipChat Server would have written it."""
    rewrite_export(export, SERVER)


def unknown_mention(export: EditableExport, random: Random, count: int) -> None:
    """Mention nobody of users.json in a message; an export of hc-migrate is first rewritten as HipChat Server's."""
    unknown = unknown_ids(export, random, count)
    chosen = take(room_messages(export, random, "UserMessage"), count, "room messages of users")
    if export.dialect != HC_MIGRATE:
        for message, number in zip(chosen, unknown, strict=True):
            message.set("mentions", [*(message.value.get("mentions") or ()), number])
        return
    rewrite_export(export, SERVER)
    for message, number in zip(chosen, unknown, strict=True):
        history = orjson.loads(export.content(message.member))
        for record in (wrapper.get(message.kind) for wrapper in history):
            if record and record["id"] == message.value["id"]:
                record["mentions"].append(number)
        export.replace_content(message.member, dialect_json(history))


def wrong_dialect(export: EditableExport, random: Random, _: int) -> None:
    """Rewrite the history of a room as HipChat Server would have written it."""
    told = {"UserMessage", "NotificationMessage"}  # by which the dialect of a history is told for sure
    paths = [
        path for path in export.paths(Kind.ROOM_HISTORY) if any(record.kind in told for record in export.records(path))
    ]
    for path in take(shuffled(random, paths), 1, "rooms with a message that is not about the room"):
        rewrite_history(export, path, people_of(export), SERVER)
