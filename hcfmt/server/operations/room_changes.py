"""Changes of a room: its record, the messages in its history, and its events."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hcfmt.export.canonical_names import canonical_name
from hcfmt.export.message_kinds import RoomState, room_state
from hcfmt.server.api.events import Event
from hcfmt.server.api.objects import member_ids
from hcfmt.server.api.tokens import random_text
from hcfmt.server.errors import ApiError
from hcfmt.server.operations.call import Call
from hcfmt.server.operations.lookup import find_user_by_key, key_text, room_people
from hcfmt.server.operations.message_writing import append_to_room, entering, leaving_together, room_event
from hcfmt.server.store import Record, Store, all_records

_GUEST_KEY_LENGTH = 8  # letters and digits after the "g" of a guest URL


@dataclass(slots=True)
class _Change:
    """A room during a change, and the events of the change."""

    call: Call
    room: Record
    events: list[Event] = field(default_factory=list)


def change_room(call: Call, room: Record, properties: Mapping[str, Any]) -> tuple[Event, ...]:
    """Change properties of a room, named as in the API, and return the events.

    Changes of topic, archiving and guest access are also messages in the history, as in an export. Unchanged values
    have no effect, as clients send whole rooms. Raises ApiError for a blank or taken name, and for an unknown owner.
    """
    change = _Change(call, room)
    for name, apply in _CHANGES.items():
        if properties.get(name) is not None:
            apply(change, properties[name])
    call.store.put_room(room)
    return tuple(change.events)


def _change_name(change: _Change, name: str) -> None:
    room = change.room
    if name != room["name"]:
        room["name"] = available_name(change.call.store, name, except_room=room["id"])


def set_topic(call: Call, room: Record, topic: str) -> tuple[Event, ...]:
    """Set the topic of a room, with a message and an event even if it is unchanged."""
    change = _Change(call, room)
    _set_topic(change, topic)
    call.store.put_room(room)
    return tuple(change.events)


def _change_topic(change: _Change, topic: str) -> None:
    if topic != change.room["topic"]:
        _set_topic(change, topic)


def _set_topic(change: _Change, topic: str) -> None:
    change.room["topic"] = topic
    _append_state(change, room_state("topic", topic))
    change.events.append(room_event(change.call, "room_topic_change", change.room, {"topic": topic}, text=topic))


def _change_archived(change: _Change, is_archived: bool) -> None:  # noqa: FBT001 - a property of the API's room
    room = change.room
    if room["is_archived"] == is_archived:
        return
    room["is_archived"] = is_archived
    _append_state(change, room_state("is_archived", is_archived))
    change.events.append(room_event(change.call, "room_archived" if is_archived else "room_unarchived", room))


def _change_guest_access(change: _Change, is_open: bool) -> None:  # noqa: FBT001 - a property of the API's room
    room = change.room
    if bool(room.get("guest_access_url")) == is_open:
        return
    room["guest_access_url"] = new_guest_url(change.call) if is_open else None
    _append_state(change, room_state("guest_access_url", room["guest_access_url"]))


def _append_state(change: _Change, state: RoomState) -> None:
    """Append the message of a new state to the history of the room."""
    append_to_room(change.call, change.room, (state.kind, state.type), "", properties=state.properties)


def _change_privacy(change: _Change, privacy: str) -> None:
    """Change the privacy of a room; an export holds the members of private rooms only.

    Of the people of a public room that becomes private, the owner alone stays.
    """
    room, call = change.room, change.call
    if room["privacy"] == privacy:
        return
    people = room_people(call.store, room)
    room["privacy"] = privacy
    room["members"] = [room.get("owner")] if privacy == "private" else []
    if privacy == "private":
        others = [number for number in people if number != room.get("owner")]
        change.events.extend(leaving_together(call, room, others))


def _change_owner(change: _Change, owner: Mapping[str, Any]) -> None:
    room = change.room
    if "id" not in owner:
        return
    user = find_user_by_key(change.call.store, key_text(owner["id"]))
    room["owner"] = user["id"]
    if room["privacy"] == "private" and user["id"] not in member_ids(room):
        room["members"] = [*room["members"], user["id"]]
        change.events.append(entering(change.call, room, user))


_CHANGES: Mapping[str, Callable[[_Change, Any], None]] = {
    "name": _change_name,
    "owner": _change_owner,
    "privacy": _change_privacy,
    "topic": _change_topic,
    "is_guest_accessible": _change_guest_access,
    "is_archived": _change_archived,
}


def available_name(store: Store, name: str, *, except_room: int | None = None) -> str:
    """Return the name of a room without surrounding white space; raises ApiError(400) if it is blank or taken.

    Names of deleted rooms are available.
    """
    name = name.strip()
    if not name:
        raise ApiError(400, "The name of a room must not be blank", field="name", validation="minLength")
    if store.has_room_named(name, besides=except_room):
        raise ApiError(400, "Another room exists with that name.", field="name", validation="unique")
    return name


def available_canonical_name(store: Store, name: str) -> str:
    """Return the canonical name for a room's name, with a number if another room has it."""
    rooms = all_records(store.rooms, private=True, archived=True, deleted=True)
    names = {str(room["canonical_name"]).casefold() for room in rooms}
    base, number = canonical_name(name), 1
    candidate = base
    while not candidate or candidate.casefold() in names:
        number += 1
        candidate = f"{base}_{number}"
    return candidate


def new_guest_url(call: Call) -> str:
    """Return a new guest URL of a room."""
    return f"{call.links.root}/g{random_text(_GUEST_KEY_LENGTH)}"
