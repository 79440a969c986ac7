"""Damage to the shape of records: what they hold, and what the JSON in their strings holds."""

from collections.abc import Iterator
from itertools import chain
from random import Random

from hcfmt.damage.kind import damage, enough, shuffled
from hcfmt.damage.parts import AUTOJOINS, EMOTICONS, ROOMS, USERS, room_messages, written
from hcfmt.export.editing import EditableExport, EditableRecord
from hcfmt.export.layout import Kind

_NEW_NAMES = ("nickname", "revision", "last_active", "links", "origin")


@damage("HC301")
def schema_violation(export: EditableExport, random: Random, count: int) -> None:
    """Give a message an id of the wrong type, no timestamp, or null for a text."""
    for message in enough(room_messages(export, random, "UserMessage"), count, "room messages of users"):
        match random.randrange(3):
            case 0:
                message.set("sender", "id", str(message.value["sender"]["id"]))
            case 1:
                message.drop("timestamp")
            case _:
                message.set("message", None)


@damage("HC302")
def unknown_record_kind(export: EditableExport, random: Random, count: int) -> None:
    """Put a message below the key that the documentation once has by mistake."""
    # One more than is damaged, so that a message is left.
    for message in enough(written(export, random), count + 1, "room messages with a text, and one more")[:count]:
        export.set(message.member, (message.index,), {"UserAccessMessage": message.value})


@damage("HC303")
def undocumented_property(export: EditableExport, random: Random, count: int) -> None:
    """Give a user, a room or an emoticon one property more."""
    records = [one for path in (USERS, ROOMS, EMOTICONS) for one in export.records(path)]
    for record in enough(shuffled(random, records), count, "users, rooms and emoticons"):
        record.set(random.choice([name for name in _NEW_NAMES if name not in record.value]), "1")


@damage("HC304")
def embedded_not_json(export: EditableExport, random: Random, count: int) -> None:
    """Write the text None where a string should hold JSON."""
    for record, key in enough(_embedded(export, random), count, "strings that hold JSON"):
        record.set(key, "None")


@damage("HC305")
def embedded_schema_violation(export: EditableExport, random: Random, count: int) -> None:
    """Write JSON of another shape into a string."""
    for record, key in enough(_embedded(export, random), count, "strings that hold JSON"):
        record.set(key, '[{"name":"Default"}]')


def _embedded(export: EditableExport, random: Random) -> Iterator[tuple[EditableRecord, str]]:
    """Yield records with the property that holds JSON, one kind of record after the other."""
    users, autojoins = export.records(USERS), export.records(AUTOJOINS)
    cards = (one for one in room_messages(export, random, "NotificationMessage") if one.value.get("card"))
    sources = [("metadata", shuffled(random, users)), ("data", shuffled(random, autojoins)), ("card", cards)]
    for key, records in shuffled(random, sources):
        yield from ((record, key) for record in records)


@damage("HC306")
def legacy_field_used(export: EditableExport, random: Random, count: int) -> None:
    """Fill a field that is documented as always empty."""
    users = {user.value["id"]: user for user in export.records(USERS)}
    filled = chain.from_iterable(shuffled(random, [_senders(export, random), _private(export, random)]))
    for message in enough(filled, count, "messages of users"):
        user = users[message.value["sender"]["id"]]
        message.set("sender", "mention_name", user.value["mention_name"] or "somebody")


def _senders(export: EditableExport, random: Random) -> Iterator[EditableRecord]:
    return (one for one in room_messages(export, random) if one.value["sender"]["id"] and _is_blank(one))


def _private(export: EditableExport, random: Random) -> Iterator[EditableRecord]:
    for history in shuffled(random, export.paths(Kind.USER_HISTORY)):
        yield from (one for one in shuffled(random, export.records(history)) if _is_blank(one))


def _is_blank(message: EditableRecord) -> bool:
    return not message.value["sender"]["mention_name"]


@damage("HC307")
def members_as_objects(export: EditableExport, random: Random, count: int) -> None:
    """Write a member of a room as an object in place of an id."""
    users = [user.value["id"] for user in export.records(USERS)]
    rooms = shuffled(random, export.records(ROOMS))
    for room in enough(rooms if users else [], count, "rooms, and a user to be a member"):
        first, *others = room.value["members"] or [random.choice(users)]
        room.set("members", [{"id": first, "room_roles": ["room_member"]}, *others])


@damage("HC308")
def key_letter_case(export: EditableExport, random: Random, count: int) -> None:
    """Give a user, a room or an emoticon a property a second time, its name in other letter case."""
    records = [one for path in (USERS, ROOMS, EMOTICONS) for one in export.records(path)]
    for record in enough(shuffled(random, records), count, "users, rooms and emoticons"):
        name = random.choice(sorted(record.value))
        record.set(name.swapcase(), record.value[name])


@damage("HC309")
def integer_as_float(export: EditableExport, random: Random, count: int) -> None:
    """Write the id of a message's sender as a float."""
    for message in enough(room_messages(export, random), count, "room messages"):
        message.splice("sender", "id", b"%d.0" % message.value["sender"]["id"])
