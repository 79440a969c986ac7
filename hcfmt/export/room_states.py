"""The messages that record a change of a room's state: its topic, its archiving, its guest access."""

from typing import Any, NamedTuple


class RoomState(NamedTuple):
    """A state in the form of a message: its kind, its ``type``, and the properties that only this kind has."""

    kind: str
    type: str
    properties: dict[str, Any]


def topic_state(text: str) -> RoomState:
    """Return the state of a room with a topic."""
    return RoomState("TopicRoomMessage", "muc_topic", {"topic": text})


def archive_state(is_archived: bool) -> RoomState:  # noqa: FBT001 - what rooms.json says
    """Return the state of a room that is archived or active."""
    return RoomState("ArchiveRoomMessage", "muc_archive", {"is_archived": is_archived})


def guest_access_state(url: str | None) -> RoomState:
    """Return the state of a room with a guest URL, None for a room without guest access."""
    return RoomState("GuestAccessMessage", "muc_guest_access", {"enable_guest_access": bool(url), "url": url or ""})


def room_states(room: dict[str, Any]) -> tuple[RoomState, ...]:
    """Return the states in a room's record, in the form of messages: one of each kind."""
    return archive_state(room["is_archived"]), guest_access_state(room["guest_access_url"]), topic_state(room["topic"])
