"""The kinds of messages in histories, one row each, and the messages that change the state of a room."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple


class MessageKind(NamedTuple):
    """A kind of messages.

    ``name`` is the wrapper key of its records and the name of its schema in schemas/messages, ``history`` is "room" or
    "user", ``type`` the value of the property of that name. The last message of a kind in a room's history sets the
    property ``state`` of the room in rooms.json; ``properties`` returns the properties of a message that sets a value.
    Kinds that set nothing have neither.
    """

    name: str
    history: str
    type: str
    state: str = ""
    properties: Callable[[Any], dict[str, Any]] = dict


MESSAGE_KINDS = (
    MessageKind("UserMessage", "room", "muc_message"),
    MessageKind("NotificationMessage", "room", "notification"),
    MessageKind("TopicRoomMessage", "room", "muc_topic", "topic", lambda topic: {"topic": topic or ""}),
    MessageKind("ArchiveRoomMessage", "room", "muc_archive", "is_archived", lambda value: {"is_archived": value}),
    MessageKind(
        "GuestAccessMessage",
        "room",
        "muc_guest_access",
        "guest_access_url",
        lambda url: {"enable_guest_access": bool(url), "url": url or ""},
    ),
    MessageKind("PrivateUserMessage", "user", "private"),
)
ROOM_MESSAGES = tuple(kind.name for kind in MESSAGE_KINDS if kind.history == "room")
USER_MESSAGES = tuple(kind.name for kind in MESSAGE_KINDS if kind.history == "user")

_BY_STATE = {kind.state: kind for kind in MESSAGE_KINDS if kind.state}


class RoomState(NamedTuple):
    """The part of a message that sets the state of a room: its kind, its ``type``, and the properties of its kind."""

    kind: str
    type: str
    properties: dict[str, Any]


def room_state(state: str, value: Any) -> RoomState:  # noqa: ANN401 - a value of rooms.json
    """Return the message part that sets a property of a room, such as "topic", to a value."""
    kind = _BY_STATE[state]
    return RoomState(kind.name, kind.type, kind.properties(value))


def room_states(room: Mapping[str, Any]) -> Iterator[RoomState]:
    """Yield the message part of every kind that agrees with a room's record in rooms.json."""
    return (room_state(state, room.get(state)) for state in _BY_STATE)
