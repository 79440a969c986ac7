"""Damage to records that makes them violate their schema, or that of the JSON in their strings."""

from collections.abc import Iterator
from itertools import chain
from random import Random

from hcfmt.damage.selection import shuffled, take
from hcfmt.damage.selectors import AUTOJOINS, EMOTICONS, ROOMS, USERS, room_messages, sender_id, text_messages
from hcfmt.export.editing import EditableExport, EditableRecord
from hcfmt.export.layout import Kind

_LISTS_AND_TOPICS = ("members", "participants", "room_admins", "rooms", "topic")
_NEW_NAMES = ("nickname", "revision", "last_active", "links", "origin")


def schema_violation(export: EditableExport, random: Random, count: int) -> None:
    """Give a message an id of the wrong type, no timestamp, or null for a text."""
    for message in take(room_messages(export, random, "UserMessage"), count, "room messages of users"):
        match random.randrange(3):
            case 0:
                message.set("sender", "id", str(message.value["sender"]["id"]))
            case 1:
                message.drop("timestamp")
            case _:
                message.set("message", None)


def unknown_record_kind(export: EditableExport, random: Random, count: int) -> None:
    """Write a message under a key that the documentation has once, by mistake."""
    # The last message stays as it is, so that the export still has one.
    for message in take(text_messages(export, random), count + 1, "room messages with a text, and one more")[:count]:
        export.set(message.member, (message.index,), {"UserAccessMessage": message.value})


def undocumented_property(export: EditableExport, random: Random, count: int) -> None:
    """Add an undocumented property to a user, a room or an emoticon."""
    records = [record for path in (USERS, ROOMS, EMOTICONS) for record in export.records(path)]
    for record in take(shuffled(random, records), count, "users, rooms and emoticons"):
        record.set(random.choice([name for name in _NEW_NAMES if name not in record.value]), "1")


def embedded_not_json(export: EditableExport, random: Random, count: int) -> None:
    """Write the text None into a string that should hold JSON."""
    for record, key in take(_embedded(export, random), count, "strings that hold JSON"):
        record.set(key, "None")


def embedded_schema_violation(export: EditableExport, random: Random, count: int) -> None:
    """Write JSON that does not match its schema into a string."""
    for record, key in take(_embedded(export, random), count, "strings that hold JSON"):
        record.set(key, '[{"name":"Default"}]')


def _embedded(export: EditableExport, random: Random) -> Iterator[tuple[EditableRecord, str]]:
    """Yield records and the name of their property that holds JSON, kind by kind."""
    users, autojoins = export.records(USERS), export.records(AUTOJOINS)
    notifications = room_messages(export, random, "NotificationMessage")
    cards = (message for message in notifications if message.value.get("card"))
    sources = [("metadata", shuffled(random, users)), ("data", shuffled(random, autojoins)), ("card", cards)]
    for key, records in shuffled(random, sources):
        yield from ((record, key) for record in records)


def legacy_field_used(export: EditableExport, random: Random, count: int) -> None:
    """Fill a field that is documented as always empty."""
    users = {user.value["id"]: user for user in export.records(USERS)}
    messages = chain.from_iterable(
        shuffled(random, [_room_messages(export, random), _private_messages(export, random)])
    )
    for message in take(messages, count, "messages of users"):
        user = users[message.value["sender"]["id"]]
        message.set("sender", "mention_name", user.value["mention_name"] or "somebody")


def _room_messages(export: EditableExport, random: Random) -> Iterator[EditableRecord]:
    messages = room_messages(export, random)
    return (message for message in messages if sender_id(message) and _is_blank(message))


def _private_messages(export: EditableExport, random: Random) -> Iterator[EditableRecord]:
    for history in shuffled(random, export.paths(Kind.USER_HISTORY)):
        yield from (message for message in shuffled(random, export.records(history)) if _is_blank(message))


def _is_blank(message: EditableRecord) -> bool:
    return not message.value["sender"]["mention_name"]


def members_as_objects(export: EditableExport, random: Random, count: int) -> None:
    """Write a member of a room as an object, not as an id."""
    users = [user.value["id"] for user in export.records(USERS)]
    rooms = shuffled(random, export.records(ROOMS))
    for room in take(rooms if users else [], count, "rooms, and a user to be a member"):
        first, *other_members = room.value["members"] or [random.choice(users)]
        room.set("members", [{"id": first, "room_roles": ["room_member"]}, *other_members])


def null_for_empty(export: EditableExport, random: Random, count: int) -> None:
    """Write null in place of an empty list or an empty topic of a user or a room."""
    records = [record for path in (USERS, ROOMS) for record in export.records(path)]
    empty = [(record, key) for record in records for key in _LISTS_AND_TOPICS if record.value.get(key) in ([], "")]
    for record, key in take(shuffled(random, empty), count, "empty lists and topics of users and rooms"):
        record.set(key, None)


def harmless_violation(export: EditableExport, random: Random, count: int) -> None:
    """Give a notification a color that HipChat did not have, or take the roles of a user away."""
    notifications = room_messages(export, random, "NotificationMessage")
    users = shuffled(random, export.records(USERS))
    sources = [[("color", record) for record in notifications], [("roles", record) for record in users]]
    chosen = chain.from_iterable(shuffled(random, sources))
    for key, record in take(chosen, count, "notifications and users"):
        if key == "color":
            record.set(key, "orange")
        else:
            record.drop(key)


def untried_violation(export: EditableExport, random: Random, count: int) -> None:
    """Write the deletion of a user, or the archived state of a room, as a text."""
    flags = [
        (record, key)
        for path, key in ((USERS, "is_deleted"), (ROOMS, "is_archived"))
        for record in export.records(path)
    ]
    for record, key in take(shuffled(random, flags), count, "users and rooms"):
        record.set(key, "yes" if record.value[key] else "no")


def key_letter_case(export: EditableExport, random: Random, count: int) -> None:
    """Repeat a property of a user, a room or an emoticon under its name in other letter case."""
    records = [record for path in (USERS, ROOMS, EMOTICONS) for record in export.records(path)]
    for record in take(shuffled(random, records), count, "users, rooms and emoticons"):
        name = random.choice(sorted(record.value))
        record.set(name.swapcase(), record.value[name])


def integer_as_float(export: EditableExport, random: Random, count: int) -> None:
    """Write the id of a message's sender as a float."""
    messages = (message for message in room_messages(export, random) if isinstance(message.value["sender"], dict))
    for message in take(messages, count, "room messages"):
        message.splice("sender", "id", b"%d.0" % sender_id(message))
