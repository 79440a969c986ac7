"""What messages tell of a room's state: its topic, whether it is archived, whether guests may come in."""

from typing import Any, NamedTuple


class RoomState(NamedTuple):
    """A state as a message tells it: the message's kind, its ``type``, and the properties that only this kind has."""

    kind: str
    type: str
    properties: dict[str, Any]


def topic_state(text: str) -> RoomState:
    """Return that a room has a topic."""
    return RoomState("TopicRoomMessage", "muc_topic", {"topic": text})


def archive_state(is_archived: bool) -> RoomState:  # noqa: FBT001 - what rooms.json says
    """Return that a room is archived, or no longer."""
    return RoomState("ArchiveRoomMessage", "muc_archive", {"is_archived": is_archived})


def guest_access_state(url: str | None) -> RoomState:
    """Return that guests may come in at an address, or nowhere."""
    return RoomState("GuestAccessMessage", "muc_guest_access", {"enable_guest_access": bool(url), "url": url or ""})


def room_states(room: dict[str, Any]) -> tuple[RoomState, ...]:
    """Return what messages would tell of a room's record, each kind once."""
    return archive_state(room["is_archived"]), guest_access_state(room["guest_access_url"]), topic_state(room["topic"])
