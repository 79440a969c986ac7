"""Selects the records that damages change: users, rooms, messages, and the two copies of private messages."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from hcfmt.damage.selection import shuffled
from hcfmt.export import timestamps
from hcfmt.export.dialect_records import DialectRecords
from hcfmt.export.dialects import HC_MIGRATE
from hcfmt.export.editing import EditableExport, EditableRecord
from hcfmt.export.layout import Kind
from hcfmt.export.message_kinds import room_states
from hcfmt.rng import random_uuid

USERS, ROOMS, EMOTICONS, AUTOJOINS = "users.json", "rooms.json", "emoticons.json", "autojoins.json"
CONVERSATION = ("UserMessage", "NotificationMessage")
"""The kinds of room messages that are not about the room itself."""

_HOST = "https://hipchat.example.com/"
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def history_path(tree: str, number: int) -> str:
    """Return the path of the history of a room ("rooms") or a user ("users")."""
    return f"{tree}/{number}/history.json"


def owner_id(member: str) -> int:
    """Return the id of the room or user whose history a member is."""
    return int(member.split("/")[1])


def room_messages(export: EditableExport, random: Random, *kinds: str) -> Iterator[EditableRecord]:
    """Yield room messages of some kinds, or of all if none is given; rooms and their messages are in random order."""
    for history in shuffled(random, export.paths(Kind.ROOM_HISTORY)):
        records = export.records(history)
        yield from shuffled(random, [record for record in records if record.kind in kinds or not kinds])


def text_messages(export: EditableExport, random: Random) -> Iterator[EditableRecord]:
    """Yield messages of users in rooms that have a text of usual length and no file, and are not deleted."""
    for message in room_messages(export, random, "UserMessage"):
        plain = not message.value.get("attachment") and "deleted" not in message.value
        if plain and 0 < len(message.value["message"]) <= 9_000:  # noqa: PLR2004 - below HipChat's own limit of 10,000
            yield message


def deletions(export: EditableExport, random: Random) -> Iterator[EditableRecord]:
    """Yield deleted room messages; then messages that this function deletes."""
    yield from (message for message in room_messages(export, random) if message.value.get("deleted"))
    people = [user.value["id"] for user in export.records(USERS)]
    for message in text_messages(export, random) if people else ():
        date = format_date(sent_at(message.value["timestamp"]) + timedelta(seconds=random.randrange(1, 86_400)))
        message.set("message", "")
        message.set("deleted", {"user_id": random.choice(people), "date": date, "reason": None})
        yield message


def private_copies(export: EditableExport, random: Random) -> Iterator[tuple[EditableRecord, EditableRecord | None]]:
    """Yield private messages: the sender's copy, and the receiver's.

    The latter is None for a message to oneself, and for a receiver without a history.
    """
    by_id: dict[str, dict[str, EditableRecord]] = {}
    for history in shuffled(random, export.paths(Kind.USER_HISTORY)):
        for message in shuffled(random, export.records(history)):
            sender, receiver = (message.value[side]["id"] for side in ("sender", "receiver"))
            if sender != owner_id(history):
                continue
            other = history_path("users", receiver)
            if sender == receiver or export.find(other) is None:
                yield message, None
                continue
            if other not in by_id:
                by_id[other] = {record.value["id"]: record for record in export.records(other)}
            if message.value["id"] in by_id[other]:
                yield message, by_id[other][message.value["id"]]


def last_messages(export: EditableExport, room: EditableRecord, kind: str) -> list[EditableRecord]:
    """Return the latest messages of a kind in a room: several if they have the same timestamp."""
    records = export.records(history_path("rooms", room.value["id"]))
    of_kind = [record for record in records if record.kind == kind]
    latest = max((record.value["timestamp"] for record in of_kind), default="")
    return [record for record in of_kind if record.value["timestamp"] == latest]


def add_earlier_copy(
    export: EditableExport, random: Random, room: EditableRecord, message: EditableRecord
) -> EditableRecord | None:
    """Add a copy of a room message, sent a second earlier, and return it; None if the room is not that old."""
    sent = sent_at(message.value["timestamp"]) - timedelta(seconds=1)
    if sent < created_at(room):
        return None
    identity = random_uuid(random)
    timestamp = f"{format_date(sent)} {random.randrange(1_000_000):06}"
    copy = {**message.value, "id": identity, "timestamp": timestamp}
    export.append(message.member, message.kind, copy)
    return export.records(message.member)[-1]


def add_state_message(export: EditableExport, random: Random, room: EditableRecord, kind: str) -> bool:
    """Add a message about a room that agrees with rooms.json; return False if the room has no messages."""
    history = history_path("rooms", room.value["id"])
    messages = export.records(history)
    if messages:
        state = next(state for state in room_states(room.value) if state.kind == kind)
        message = {
            "id": random_uuid(random),
            "type": state.type,
            "sender": {"id": room.value["owner"], "mention_name": "", "name": "", "version": ""},
            "message": "",
            "timestamp": max(record.value["timestamp"] for record in messages),
        }
        export.append(history, kind, in_dialect(export, kind, message | state.properties))
    return bool(messages)


def unknown_ids(export: EditableExport, random: Random, count: int) -> list[int]:
    """Return as many different ids as asked for that no user, room or emoticon has."""
    used_ids = [record.value["id"] for path in (USERS, ROOMS) for record in export.records(path)]
    used_ids += [record.value[emoticon_id(export)] for record in export.records(EMOTICONS)]
    next_free = max((0, *used_ids)) + random.randrange(1, 100)
    return list(range(next_free, next_free + count))


def emoticon_id(export: EditableExport) -> str:
    """Return the name of the property with the id of an emoticon."""
    return "ID" if export.dialect == HC_MIGRATE else "id"


def topic_key(export: EditableExport, kind: str) -> str:
    """Return the name of the property with the topic in a room or in a message about a topic."""
    return "topic" if export.dialect == HC_MIGRATE or kind == "Room" else "message"


def in_dialect(export: EditableExport, kind: str, message: dict[str, Any]) -> dict[str, Any]:
    """Return a message of hc-migrate as the exporter of an export writes it."""
    if export.dialect == HC_MIGRATE:
        return message
    users = [user.value for user in export.records(USERS)]
    record: dict[str, Any] = DialectRecords(export.dialect, users).message(kind, message)[kind]
    return record


def sender_id(message: EditableRecord) -> int:
    """Return the id of a message's sender; 0 for an integration, also for one that is only named."""
    sender = message.value["sender"]
    number: int = sender["id"] if isinstance(sender, dict) else 0
    return number


def random_word(random: Random, length: int = 15) -> str:
    """Return random letters and digits; without a length, as many as the directory of an upload has."""
    return "".join(random.choices(_ALPHABET, k=length))


def guest_url(random: Random) -> str:
    """Return a guest URL of the documented form."""
    return f"{_HOST}g{random_word(random, 8)}"


def created_at(room: EditableRecord) -> datetime:
    """Return the time at which a room was created, in UTC."""
    return timestamps.parse(room.value["created"]).astimezone(UTC)


def sent_at(timestamp: str) -> datetime:
    """Return the time of a message's timestamp, or of any date with Z, to the second."""
    return timestamps.parse(timestamp.partition(" ")[0])


def format_date(when: datetime) -> str:
    """Return a time as hc-migrate writes it, to the second, with Z."""
    return timestamps.format_date(timestamps.instant_of(when))


def has_text(value: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Whether a property holds a text that is not empty."""
    return isinstance(value, str) and value != ""
