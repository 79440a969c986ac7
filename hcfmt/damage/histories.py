"""Damage to what histories say together: copies of private messages, and the state of rooms."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random

from hcfmt.damage.kind import damage, enough, shuffled
from hcfmt.damage.parts import (
    ROOMS,
    TALK,
    copies,
    created,
    guest_url,
    history_of,
    last,
    owner_of,
    room_messages,
    stamp,
    told,
)
from hcfmt.export.editing import EditableExport, EditableRecord

_DICTATED = "rooms with a message, none of which says otherwise already"


@damage("HC430")
def unmirrored_private_messages(export: EditableExport, random: Random, count: int) -> None:
    """Take a private message out of one of the two histories."""
    for pair in enough(_one_of_each(export, random), count, "pairs of people with the same messages in both histories"):
        random.choice(pair).remove()


def _one_of_each(export: EditableExport, random: Random) -> Iterator[tuple[EditableRecord, EditableRecord]]:
    """Yield the two copies of a private message, one for each pair of people."""
    seen = set()
    for mine, theirs in copies(export, random):
        people = frozenset(owner_of(one.member) for one in (mine, theirs) if one)
        if theirs and people not in seen:
            seen.add(people)
            yield mine, theirs


@damage("HC431")
def foreign_private_message(export: EditableExport, random: Random, count: int) -> None:
    """Let both copies of a private message say that one of the two wrote it to themselves."""
    chosen: dict[int, tuple[str, EditableRecord, EditableRecord]] = {}
    for mine, theirs in copies(export, random):
        side, stranger = random.choice([("sender", mine), ("receiver", theirs)])
        if theirs and stranger:
            chosen.setdefault(owner_of(stranger.member), (side, mine, theirs))
        if len(chosen) == count:
            break
    for side, mine, theirs in enough(chosen.values(), count, "users with a private message that both have"):
        left = theirs if side == "sender" else mine
        for copy in (mine, theirs):
            copy.set(side, "id", owner_of(left.member))


@damage("HC432")
def archived_state_disagrees(export: EditableExport, random: Random, count: int) -> None:
    """Contradict a room's last message about archiving."""
    rooms = _dictated(export, random, "ArchiveRoomMessage", "is_archived")
    for room in enough(rooms, count, _DICTATED):
        room.set("is_archived", not room.value["is_archived"])


@damage("HC433")
def guest_access_disagrees(export: EditableExport, random: Random, count: int) -> None:
    """Contradict a room's last message about guest access."""
    rooms = _dictated(export, random, "GuestAccessMessage", "")
    # A message that lets guests in without an address agrees with any.
    fitting = (room for room in rooms if room.value["guest_access_url"] or not _lets_in(export, room))
    for room in enough(fitting, count, _DICTATED):
        room.set("guest_access_url", None if room.value["guest_access_url"] else guest_url(random))


def _lets_in(export: EditableExport, room: EditableRecord) -> bool:
    return any(one.value["enable_guest_access"] for one in last(export, room, "GuestAccessMessage"))


@damage("HC434")
def topic_disagrees(export: EditableExport, random: Random, count: int) -> None:
    """Contradict a room's last topic message."""
    for room in enough(_dictated(export, random, "TopicRoomMessage", "topic"), count, _DICTATED):
        room.set("topic", "another topic" if room.value["topic"] != "another topic" else "no topic")


def _dictated(export: EditableExport, random: Random, kind: str, key: str) -> Iterator[EditableRecord]:
    """Yield rooms whose last message of a kind says the same as their own property, if any; then those that get one."""
    silent = []
    for room in shuffled(random, export.records(ROOMS)):
        latest = last(export, room, kind)
        if not latest:
            silent.append(room)
        elif not key or all(one.value[key] == room.value[key] for one in latest):
            yield room
    yield from (room for room in silent if told(export, random, room, kind))


@damage("HC603")
def before_creation(export: EditableExport, random: Random, count: int) -> None:
    """Let a message be older than its room."""
    rooms = {history_of("rooms", room.value["id"]): room for room in export.records(ROOMS)}
    first: dict[str, EditableRecord] = {}
    for message in room_messages(export, random, *TALK):
        if message.member in rooms:
            first.setdefault(message.member, message)
        if len(first) == count:
            break
    for message in enough(first.values(), count, "rooms with a message that is not about the room"):
        sent = created(rooms[message.member]) - timedelta(seconds=random.randrange(1, 86_400))
        message.set("timestamp", f"{stamp(sent)} {random.randrange(1_000_000):06}")
