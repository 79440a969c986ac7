"""How a room changes: its record, and the messages and events that tell of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hcfmt.export import room_states as states
from hcfmt.export.canonical_names import canonical_name
from hcfmt.server.api.events import Event
from hcfmt.server.api.objects import member_ids
from hcfmt.server.api.tokens import secret
from hcfmt.server.errors import ApiError
from hcfmt.server.operations.call import Call
from hcfmt.server.operations.lookup import find_user, spelled
from hcfmt.server.operations.message_writing import append_to_room, event
from hcfmt.server.store import Record, Store, all_records

_GUEST_KEY = 8  # letters and digits behind the g of a guest address (facts 1.5)


@dataclass(slots=True)
class Change:
    """A room that is being changed, and the events that will tell of it."""

    call: Call
    room: Record
    events: list[Event] = field(default_factory=list)


def change(call: Call, room: Record, wanted: Mapping[str, Any]) -> tuple[Event, ...]:
    """Change a room: ``wanted`` holds members of the API's room; others are as they were.

    A change of topic, archiving and guest access stands in the history too, as in an export; clients send whole rooms,
    so what is as it was is not told again. Raises ApiError for a name that is blank or taken, and for an owner who does
    not exist.
    """
    changing = Change(call, room)
    for name, apply in _CHANGES.items():
        if wanted.get(name) is not None:
            apply(changing, wanted[name])
    call.store.put_room(room)
    return tuple(changing.events)


def _name(changing: Change, name: str) -> None:
    room = changing.room
    if name != room["name"]:
        room["name"] = free_name(changing.call.store, name, besides=room["id"])


def set_topic(call: Call, room: Record, topic: str) -> tuple[Event, ...]:
    """Set a room's topic, and tell of it even where it is what it was."""
    changing = Change(call, room)
    _tell_topic(changing, topic)
    call.store.put_room(room)
    return tuple(changing.events)


def _topic(changing: Change, topic: str) -> None:
    if topic != changing.room["topic"]:
        _tell_topic(changing, topic)


def _tell_topic(changing: Change, topic: str) -> None:
    changing.room["topic"] = topic
    _tell(changing, states.topic_state(topic))
    changing.events.append(
        event(changing.call, "room_topic_change", changing.room, {"topic": topic}, text=topic),
    )


def _archived(changing: Change, is_archived: bool) -> None:  # noqa: FBT001 - a value of the API's room
    room = changing.room
    if room["is_archived"] == is_archived:
        return
    room["is_archived"] = is_archived
    _tell(changing, states.archive_state(is_archived))
    changing.events.append(event(changing.call, "room_archived" if is_archived else "room_unarchived", room))


def _guest_access(changing: Change, is_open: bool) -> None:  # noqa: FBT001 - a value of the API's room
    room = changing.room
    if bool(room.get("guest_access_url")) == is_open:
        return
    room["guest_access_url"] = guest_url(changing.call) if is_open else None
    _tell(changing, states.guest_access_state(room["guest_access_url"]))


def _tell(changing: Change, state: states.RoomState) -> None:
    """Write into the room's history what its state is now."""
    append_to_room(changing.call, changing.room, (state.kind, state.type), "", more=state.properties)


def _privacy(changing: Change, privacy: str) -> None:
    """Change who can see a room; an export names members of private rooms alone (facts 1.2)."""
    room = changing.room
    if room["privacy"] != privacy:
        room["privacy"] = privacy
        room["members"] = [room.get("owner")] if privacy == "private" else []


def _owner(changing: Change, owner: Mapping[str, Any]) -> None:
    room = changing.room
    if "id" not in owner:
        return
    room["owner"] = find_user(changing.call.store, spelled(owner["id"]))["id"]
    if room["privacy"] == "private" and room["owner"] not in member_ids(room):
        room["members"] = [*room["members"], room["owner"]]


_CHANGES: Mapping[str, Callable[[Change, Any], None]] = {
    "name": _name,
    "owner": _owner,
    "privacy": _privacy,
    "topic": _topic,
    "is_guest_accessible": _guest_access,
    "is_archived": _archived,
}


def free_name(store: Store, name: str, *, besides: int | None = None) -> str:
    """Return a room's name without the white space around it; raises ApiError(400) where it is blank or taken.

    A deleted room's name is free again.
    """
    name = name.strip()
    if not name:
        raise ApiError(400, "A room's name cannot be blank.", field="name", validation="minLength")
    if store.has_room_named(name, besides=besides):
        raise ApiError(400, "Another room exists with that name.", field="name", validation="unique")
    return name


def free_canonical(store: Store, name: str) -> str:
    """Return the canonical name that HipChat would make of a room's name, with a number where a room has it."""
    rooms = all_records(store.rooms, private=True, archived=True, deleted=True)
    taken = {str(room["canonical_name"]).casefold() for room in rooms}
    made, number = canonical_name(name), 1
    wanted = made
    while not wanted or wanted.casefold() in taken:
        number += 1
        wanted = f"{made}_{number}"
    return wanted


def guest_url(call: Call) -> str:
    """Return a new address for guests of a room."""
    return f"{call.links.root}/g{secret(_GUEST_KEY)}"
