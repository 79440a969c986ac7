"""Damage to what histories have in common: the copies of private messages, and the states of rooms."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random

from hcfmt.damage.selection import shuffled, take
from hcfmt.damage.selectors import (
    CONVERSATION,
    ROOMS,
    add_state_message,
    created_at,
    format_date,
    guest_url,
    history_path,
    last_messages,
    owner_id,
    private_copies,
    room_messages,
    topic_key,
)
from hcfmt.export.editing import EditableExport, EditableRecord
from hcfmt.export.message_kinds import room_states

_PAIRS = "pairs of people with the same messages in both histories"
_ROOMS = "rooms with messages that agree with rooms.json"


def unmirrored_private_messages(export: EditableExport, random: Random, count: int) -> None:
    """Remove a private message from the history of its receiver."""
    for _, received in take(_copies_by_pair(export, random), count, _PAIRS):
        received.remove()


def missing_sender_copy(export: EditableExport, random: Random, count: int) -> None:
    """Remove a private message from the history of its sender."""
    for sent, _ in take(_copies_by_pair(export, random), count, _PAIRS):
        sent.remove()


def _copies_by_pair(export: EditableExport, random: Random) -> Iterator[tuple[EditableRecord, EditableRecord]]:
    """Yield the two copies of one private message of each pair of people."""
    pairs = set()
    for sent, received in private_copies(export, random):
        people = frozenset(owner_id(copy.member) for copy in (sent, received) if copy)
        if received and people not in pairs:
            pairs.add(people)
            yield sent, received


def foreign_private_message(export: EditableExport, random: Random, count: int) -> None:
    """Write the same user as sender and receiver into both copies of a private message."""
    chosen: dict[int, tuple[str, EditableRecord, EditableRecord]] = {}
    for sent, received in private_copies(export, random):
        side, stranger = random.choice([("sender", sent), ("receiver", received)])
        if received and stranger:
            chosen.setdefault(owner_id(stranger.member), (side, sent, received))
        if len(chosen) == count:
            break
    for side, sent, received in take(chosen.values(), count, "users with a private message in both histories"):
        other = received if side == "sender" else sent
        for copy in (sent, received):
            copy.set(side, "id", owner_id(other.member))


def archived_state_disagrees(export: EditableExport, random: Random, count: int) -> None:
    """Contradict a room's last message about archiving."""
    rooms = _rooms_by_state(export, random, "ArchiveRoomMessage", "is_archived")
    for room in take(rooms, count, _ROOMS):
        room.set("is_archived", not room.value["is_archived"])


def guest_access_disagrees(export: EditableExport, random: Random, count: int) -> None:
    """Contradict a room's last message about guest access."""
    rooms = _rooms_by_state(export, random, "GuestAccessMessage", "")
    # A message that allows guests without a URL agrees with any URL.
    candidates = (room for room in rooms if room.value["guest_access_url"] or not _allows_guests(export, room))
    for room in take(candidates, count, _ROOMS):
        room.set("guest_access_url", None if room.value["guest_access_url"] else guest_url(random))


def _allows_guests(export: EditableExport, room: EditableRecord) -> bool:
    return any(message.value["enable_guest_access"] for message in last_messages(export, room, "GuestAccessMessage"))


def topic_disagrees(export: EditableExport, random: Random, count: int) -> None:
    """Contradict a room's last topic message."""
    for room in take(_rooms_by_state(export, random, "TopicRoomMessage", "topic"), count, _ROOMS):
        room.set("topic", "another topic" if room.value.get("topic") != "another topic" else "no topic")


def _rooms_by_state(export: EditableExport, random: Random, kind: str, key: str) -> Iterator[EditableRecord]:
    """Yield rooms whose last message of a kind agrees with a property; then rooms to which such a message is added."""
    without = []
    key_of_message = topic_key(export, kind) if key == "topic" else key
    for room in shuffled(random, export.records(ROOMS)):
        latest = last_messages(export, room, kind)
        states = next(state.properties for state in room_states(room.value) if state.kind == kind)
        if not latest:
            without.append(room)
        elif not key or all(message.value[key_of_message] == states[key] for message in latest):
            yield room
    yield from (room for room in without if add_state_message(export, random, room, kind))


def before_creation(export: EditableExport, random: Random, count: int) -> None:
    """Date a message before the creation of its room."""
    rooms = {history_path("rooms", room.value["id"]): room for room in export.records(ROOMS)}
    first: dict[str, EditableRecord] = {}
    for message in room_messages(export, random, *CONVERSATION):
        if message.member in rooms:
            first.setdefault(message.member, message)
        if len(first) == count:
            break
    for message in take(first.values(), count, "rooms with a message that is not about the room"):
        sent = created_at(rooms[message.member]) - timedelta(seconds=random.randrange(1, 86_400))
        message.set("timestamp", f"{format_date(sent)} {random.randrange(1_000_000):06}")
