"""The messages of histories as typed records, their properties in the order of the documented sample."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import UNSET, Struct, UnsetType
from msgspec.json import Encoder

from hcfmt.export.go_json import go_text

_ENCODER = Encoder()


class UserReference(Struct, frozen=True, gc=False):
    """A sender or a receiver."""

    id: int
    mention_name: str = ""
    name: str = ""
    version: str = ""


class RoomMessage(Struct, gc=False):
    """The properties that every message in a room has, and those of a change of the room's state.

    A property without a value is not written.
    """

    id: str
    type: str
    sender: UserReference
    message: str
    timestamp: str
    deleted: dict[str, Any] | UnsetType = UNSET
    topic: str | UnsetType = UNSET
    is_archived: bool | UnsetType = UNSET
    enable_guest_access: bool | UnsetType = UNSET
    url: str | UnsetType = UNSET


class UserMessage(RoomMessage, gc=False):
    """A message of a person in a room."""

    attachment: dict[str, Any] | UnsetType = UNSET
    metadata: list[dict[str, str]] | UnsetType = UNSET


class NotificationMessage(RoomMessage, gc=False):
    """A message of an integration."""

    format: str = "html"
    color: str | UnsetType = UNSET
    card: str | UnsetType = UNSET


class PrivateMessage(Struct, gc=False):
    """A private message."""

    id: str
    attachment: dict[str, Any] | None
    attachment_path: str | None
    mentions: tuple[()]
    message: str
    receiver: UserReference
    sender: UserReference
    timestamp: str
    type: str = "private"
    deleted: dict[str, Any] | UnsetType = UNSET


Message = RoomMessage | PrivateMessage
Record = dict[str, Message]
"""A message by the name of its kind, as histories hold it."""


def records_json(records: Sequence[Mapping[str, Message]]) -> bytes:
    """Return records as the JSON text of an array, as Go's encoder writes it."""
    return go_text(_ENCODER.encode(records))


def json_lines(records: Sequence[Mapping[str, Message]]) -> bytes:
    """Return records, at least one, as JSON texts, one on each line, as ``records_json`` has them in an array."""
    return go_text(_ENCODER.encode_lines(records)).rstrip(b"\n")
