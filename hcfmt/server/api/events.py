"""Events of rooms, which webhooks subscribe to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """An event of a room.

    ``name`` is the ``event`` of a webhook, such as "room_message" or "room_topic_change". ``room`` is the room's id.
    ``item`` is the payload's ``item``, made of API objects: ``{"message": {...}, "room": {...}}``. ``text`` is matched
    with the webhook's ``pattern`` (for room_message, room_notification and room_topic_change); None ignores patterns.
    """

    name: str
    room: int
    item: Mapping[str, Any]
    text: str | None = None
