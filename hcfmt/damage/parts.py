"""The parts of an export that damages choose from: people, rooms, messages, and the two copies of a private one."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from hcfmt.damage.kind import shuffled
from hcfmt.export import timestamps
from hcfmt.export.editing import EditableExport, EditableRecord
from hcfmt.export.layout import Kind
from hcfmt.export.room_states import room_states
from hcfmt.rng import random_uuid

USERS, ROOMS, EMOTICONS, AUTOJOINS = "users.json", "rooms.json", "emoticons.json", "autojoins.json"
TALK = ("UserMessage", "NotificationMessage")
"""Room messages that say nothing of the room itself."""

_HOST = "https://hipchat.example.com/"
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def history_of(tree: str, number: int) -> str:
    """Return the path of the history of a room ("rooms") or a user ("users")."""
    return f"{tree}/{number}/history.json"


def owner_of(member: str) -> int:
    """Return whose history a member is."""
    return int(member.split("/")[1])


def room_messages(export: EditableExport, random: Random, *kinds: str) -> Iterator[EditableRecord]:
    """Yield room messages of some kinds, of all when none is named, in a random order of rooms and in each."""
    for history in shuffled(random, export.paths(Kind.ROOM_HISTORY)):
        records = export.records(history)
        yield from shuffled(random, [one for one in records if one.kind in kinds or not kinds])


def written(export: EditableExport, random: Random) -> Iterator[EditableRecord]:
    """Yield what users wrote in rooms: messages with a text of usual length, not deleted and without a file."""
    for message in room_messages(export, random, "UserMessage"):
        plain = not message.value.get("attachment") and "deleted" not in message.value
        if plain and 0 < len(message.value["message"]) <= 9_000:  # noqa: PLR2004 - some room below HipChat's own limit
            yield message


def deletions(export: EditableExport, random: Random) -> Iterator[EditableRecord]:
    """Yield deleted room messages, and after those messages that this deletes."""
    yield from (one for one in room_messages(export, random) if one.value.get("deleted"))
    people = [user.value["id"] for user in export.records(USERS)]
    for message in written(export, random) if people else ():
        date = stamp(moment(message.value["timestamp"]) + timedelta(seconds=random.randrange(1, 86_400)))
        message.set("message", "")
        message.set("deleted", {"user_id": random.choice(people), "date": date, "reason": None})
        yield message


def copies(export: EditableExport, random: Random) -> Iterator[tuple[EditableRecord, EditableRecord | None]]:
    """Yield private messages: the copy of the sender, and that of the receiver.

    The latter is None for a message to oneself and where the receiver has no history.
    """
    known: dict[str, dict[str, EditableRecord]] = {}
    for history in shuffled(random, export.paths(Kind.USER_HISTORY)):
        for message in shuffled(random, export.records(history)):
            sender, receiver = (message.value[side]["id"] for side in ("sender", "receiver"))
            if sender != owner_of(history):
                continue
            other = history_of("users", receiver)
            if sender == receiver or export.find(other) is None:
                yield message, None
                continue
            if other not in known:
                known[other] = {one.value["id"]: one for one in export.records(other)}
            if message.value["id"] in known[other]:
                yield message, known[other][message.value["id"]]


def last(export: EditableExport, room: EditableRecord, kind: str) -> list[EditableRecord]:
    """Return a room's latest message of a kind, several that are equally late, or none."""
    of_kind = [one for one in export.records(history_of("rooms", room.value["id"])) if one.kind == kind]
    latest = max((one.value["timestamp"] for one in of_kind), default="")
    return [one for one in of_kind if one.value["timestamp"] == latest]


def earlier(
    export: EditableExport, random: Random, room: EditableRecord, message: EditableRecord
) -> EditableRecord | None:
    """Add a copy of a room message that was sent a second before it; None where the room is no older."""
    sent = moment(message.value["timestamp"]) - timedelta(seconds=1)
    if sent < created(room):
        return None
    copy = {**message.value, "id": random_uuid(random), "timestamp": f"{stamp(sent)} {random.randrange(1_000_000):06}"}
    export.append(message.member, message.kind, copy)
    return export.records(message.member)[-1]


def told(export: EditableExport, random: Random, room: EditableRecord, kind: str) -> bool:
    """Add the first message of a kind about a room, which says what rooms.json does; False where nobody talks there."""
    history = history_of("rooms", room.value["id"])
    talk = export.records(history)
    if talk:
        state = next(one for one in room_states(room.value) if one.kind == kind)
        message = {
            "id": random_uuid(random),
            "type": state.type,
            "sender": {"id": room.value["owner"], "mention_name": "", "name": "", "version": ""},
            "message": "",
            "timestamp": max(one.value["timestamp"] for one in talk),
        }
        export.append(history, kind, message | state.properties)
    return bool(talk)


def strangers(export: EditableExport, random: Random, count: int) -> list[int]:
    """Return ids that no user, room or emoticon has."""
    taken = [one.value["id"] for path in (USERS, ROOMS) for one in export.records(path)]
    taken += [one.value["ID"] for one in export.records(EMOTICONS)]
    next_free = max((0, *taken)) + random.randrange(1, 100)
    return list(range(next_free, next_free + count))


def slug(random: Random, length: int = 15) -> str:
    """Return letters and digits, as many as the directory of an upload has."""
    return "".join(random.choices(_ALPHABET, k=length))


def guest_url(random: Random) -> str:
    """Return an address for guests of the documented form."""
    return f"{_HOST}g{slug(random, 8)}"


def created(room: EditableRecord) -> datetime:
    """Return when a room was made."""
    return timestamps.parse(room.value["created"]).astimezone(UTC)


def moment(timestamp: str) -> datetime:
    """Return the second of a message's timestamp, or of any date with Z."""
    return timestamps.parse(timestamp.partition(" ")[0])


def stamp(when: datetime) -> str:
    """Return a time as hc-migrate writes it, to the second, with Z."""
    return timestamps.format_date(timestamps.instant_of(when))


def has_text(value: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Whether a property holds a text that is not empty."""
    return isinstance(value, str) and value != ""
