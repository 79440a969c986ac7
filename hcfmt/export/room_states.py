"""What messages tell of a room's state: its topic, whether it is archived, whether guests may come in."""

from typing import Any, NamedTuple


class State(NamedTuple):
    """A state as a message tells it: the message's kind, its ``type``, and the properties that only this kind has."""

    kind: str
    type: str
    properties: dict[str, Any]


def topic(text: str) -> State:
    """Return that a room has a topic."""
    return State("TopicRoomMessage", "muc_topic", {"topic": text})


def archiving(is_archived: bool) -> State:  # noqa: FBT001 - what rooms.json says
    """Return that a room is archived, or no longer."""
    return State("ArchiveRoomMessage", "muc_archive", {"is_archived": is_archived})


def guest_access(url: str | None) -> State:
    """Return that guests may come in at an address, or nowhere."""
    return State("GuestAccessMessage", "muc_guest_access", {"enable_guest_access": bool(url), "url": url or ""})


def states_of(room: dict[str, Any]) -> tuple[State, ...]:
    """Return what messages would tell of a room's record, each kind once."""
    return archiving(room["is_archived"]), guest_access(room["guest_access_url"]), topic(room["topic"])
