"""The records of an export as ``open_export`` returns them, one class for each kind.

Generated from schemas/ by tests/support/record_module.py; ``pytest tests/reader/test_records.py --rewrite`` writes it.
Fields have the names of the format's properties, whose facts are in docs/format.md. JSON inside strings is decoded:
its classes are dictionaries, which may hold more keys than are documented. A user is None where the archive names
nobody, or an id that users.json lacks; the id stands beside it.
"""

from datetime import datetime
from typing import Any, NotRequired, TypedDict

from msgspec import Struct


class UserMetadata(TypedDict, total=False):
    """Further facts about an account."""

    confirmation_unix_time: int


class User(Struct, frozen=True, kw_only=True, gc=False):
    """One account."""

    id: int
    """Number of the account; also its directory below users/."""
    name: str
    """Display name, chosen by the user."""
    mention_name: str
    """Name by which the user is mentioned, without the @."""
    email: str | None = None
    """E-mail address."""
    title: str | None = None
    """Job title; empty when there is none."""
    avatar: str | None = None
    """Picture of the user, as files/photos/<user id>/<file>, stored as users/<user id>/avatars/<file>."""
    avatar_file: str | None = None
    """The path of that file in the archive, for ``open_file``; None if it has none."""
    created: datetime | None = None
    """Time of the creation of the account."""
    is_deleted: bool
    """Whether the account was deleted."""
    timezone: str
    """Time zone of the user by name, such as UTC or America/Denver."""
    account_type: str
    """Type of the account; the list in the documentation lacks a separator."""
    roles: tuple[str, ...] = ()
    """All roles of the user."""
    metadata: UserMetadata | None = None
    """Further facts about the account as JSON text inside a string."""


class Room(Struct, frozen=True, kw_only=True, gc=False):
    """One room."""

    id: int
    """Number of the room; also its directory below rooms/."""
    created: datetime
    """Time of the creation of the room."""
    guest_access_url: str | None = None
    """Invitation address for guests, or null when guests are not allowed in."""
    is_archived: bool
    """Whether the room is archived."""
    members: tuple[User, ...] = ()
    """The members; empty for public rooms. Unknown users are left out."""
    member_ids: tuple[int, ...] = ()
    """The ids of all members."""
    canonical_name: str
    """The room's part of its JID, computed from the name at the creation of the room; a rename need not change it."""
    name: str
    """Display name of the room, in any script or only of symbols."""
    owner: User | None = None
    """The room's creator, who may have been deleted since."""
    owner_id: int | None = None
    """User id of the room's creator, who may have been deleted since."""
    participants: tuple[User, ...] = ()
    """Legacy list of user ids; empty in every sample seen, but not documented as always empty. Unknown users are left
    out.
    """
    participant_ids: tuple[int, ...] = ()
    """The ids of all participants."""
    privacy: str
    """Visibility of the room."""
    room_admins: tuple[User, ...] = ()
    """The room's administrators. Unknown users are left out."""
    room_admin_ids: tuple[int, ...] = ()
    """The ids of all room admins."""
    topic: str | None = None
    """Current topic; empty when there is none."""
    is_deleted: bool | None = None
    """Whether the room was deleted."""


class Emoticon(Struct, frozen=True, kw_only=True, gc=False):
    """One custom emoticon."""

    id: int | None = None
    """Number of the emoticon."""
    user: User | None = None
    """The uploader."""
    user_id: int | None = None
    """User id of the uploader."""
    group_id: int | None = None
    """Number of the group that the emoticon belongs to; it is documented as 1."""
    path: str
    """Path of the image, relative to files/img/emoticons; larger versions have the same path with @2x, @3x and @4x
    before the extension.
    """
    file: str | None = None
    """The path of that file in the archive, for ``open_file``; None if it has none."""
    shortcut: str
    """Text that shows the emoticon when typed between parentheses, without the parentheses."""
    width: int | None = None
    """Width of the standard image in pixels."""
    height: int | None = None
    """Height of the standard image in pixels."""


class AutojoinDataItem(TypedDict):
    """One room or conversation."""

    jid: str
    name: NotRequired[str | None]


class AutoJoin(Struct, frozen=True, kw_only=True, gc=False):
    """The preference of one user."""

    id: str = ""
    """The preference's key, pref:autoJoin:<user id>."""
    user: User | None = None
    """The user whose id the key ends with."""
    data: list[AutojoinDataItem] | None = None
    """The rooms and conversations."""


class Attachment(Struct, frozen=True, kw_only=True, gc=False):
    """The file sent with the message."""

    name: str
    """Name of the attachment."""
    path: str
    """Path of the file, below rooms/<room id>/files."""
    file: str | None = None
    """The path of that file in the archive, for ``open_file``; None if it has none."""
    size: int
    """Size of the file in bytes."""
    created: datetime | None = None
    """Time of the upload, UTC, to the second."""
    sender: User | None = None
    """The uploader; 0 where the sender is an integration too."""
    sender_id: int | None = None
    """User id of the uploader; 0 where the sender is an integration too."""
    thumbnail: str | None = None
    """Path of the preview image, below rooms/<room id>/files."""
    thumbnail_file: str | None = None
    """The path of that file in the archive, for ``open_file``; None if it has none."""


class Deletion(Struct, frozen=True, kw_only=True, gc=False):
    """Present if the message was deleted, absent otherwise."""

    user: User | None = None
    """The person who deleted the message."""
    user_id: int | None = None
    """User id of the person who deleted the message."""
    date: datetime | None = None
    """Time of the deletion, UTC."""


class UserMessage(Struct, frozen=True, kw_only=True, gc=False):
    """A user's message."""

    id: str
    """Identifies the message within its history."""
    room: Room | None = None
    """The room in whose history the message is, None for one that rooms.json lacks."""
    room_id: int
    """The id of the room, which is in the path of the history."""
    message: str
    """Text as written, with HipChat's own conventions such as /me and (emoticon) left in."""
    sender: User | None = None
    """The user who wrote the message; id 0 marks an integration, and HC413 reports it."""
    sender_id: int
    """User id of the sender."""
    sender_name: str
    """Display name of the user when the message was exported, or the name of the integration."""
    timestamp: datetime
    """Time of sending, UTC, with microseconds after a space."""
    attachment: Attachment | None = None
    """The file sent with the message."""
    metadata: tuple[dict[str, Any], ...] = ()
    """Data that clients use to display the message, such as a preview of a linked image."""
    mentions: tuple[User, ...] = ()
    """The users whom the text mentions, and those of another dialect's list."""
    deleted: Deletion | None = None
    """Present if the message was deleted, absent otherwise."""


CardIcon = TypedDict(
    "CardIcon",
    {
        "url": str,
        "url@2x": str,
    },
    total=False,
)


CardThumbnail = TypedDict(
    "CardThumbnail",
    {
        "url": str,
        "url@2x": str,
        "width": float,
        "height": float,
    },
    total=False,
)


class CardValidation(TypedDict, total=False):
    """Parts of the card that the server found safe."""

    safehtmls: list[str]
    safeurls: list[str]


class Card(TypedDict, total=False):
    """A card that clients draw below a notification."""

    id: str
    style: str
    title: str
    description: str | dict[str, Any]
    url: str
    date: int
    icon: CardIcon | str
    thumbnail: CardThumbnail
    validation: CardValidation


class NotificationMessage(Struct, frozen=True, kw_only=True, gc=False):
    """An integration's notification."""

    id: str
    """Identifies the message within its history."""
    room: Room | None = None
    """The room in whose history the message is, None for one that rooms.json lacks."""
    room_id: int
    """The id of the room, which is in the path of the history."""
    message: str
    """Text of the notification, HTML when format says so."""
    sender: User | None = None
    """The integration or user that sent the notification; id 0 marks an integration."""
    sender_id: int
    """User id of the sender."""
    sender_name: str
    """Display name of the user when the message was exported, or the name of the integration."""
    timestamp: datetime
    """Time of sending, UTC, with microseconds after a space."""
    format: str = ""
    """Format of message: "html" in the sample."""
    color: str = ""
    """Background colour of the notification."""
    card: Card | None = None
    """The card as JSON text inside a string."""
    mentions: tuple[User, ...] = ()
    """The users whom the text mentions, and those of another dialect's list."""
    deleted: Deletion | None = None
    """Present if the message was deleted, absent otherwise."""


class TopicRoomMessage(Struct, frozen=True, kw_only=True, gc=False):
    """A change of the room's topic."""

    id: str
    """Identifies the message within its history."""
    room: Room | None = None
    """The room in whose history the message is, None for one that rooms.json lacks."""
    room_id: int
    """The id of the room, which is in the path of the history."""
    message: str
    """Text of the message; empty in the documented sample, where only topic carries the new topic."""
    sender: User | None = None
    """The user who set the topic."""
    sender_id: int
    """User id of the sender."""
    sender_name: str
    """Display name of the user when the message was exported, or the name of the integration."""
    timestamp: datetime
    """Time of sending, UTC, with microseconds after a space."""
    topic: str = ""
    """The new topic; an empty string removes it."""
    deleted: Deletion | None = None
    """Present if the message was deleted, absent otherwise."""


class ArchiveRoomMessage(Struct, frozen=True, kw_only=True, gc=False):
    """The room was archived or unarchived."""

    id: str = ""
    """Identifies the message within its history."""
    room: Room | None = None
    """The room in whose history the message is, None for one that rooms.json lacks."""
    room_id: int
    """The id of the room, which is in the path of the history."""
    message: str = ""
    """Text of the message; empty in the documented sample."""
    sender: User | None = None
    """The user who archived or unarchived the room."""
    sender_id: int = 0
    """User id of the sender."""
    sender_name: str = ""
    """Display name of the sender."""
    timestamp: datetime
    """Time of sending, UTC, with microseconds after a space."""
    is_archived: bool | None = None
    """true when the room was archived, false when it was unarchived."""
    deleted: Deletion | None = None
    """Present if the message was deleted, absent otherwise."""


class GuestAccessMessage(Struct, frozen=True, kw_only=True, gc=False):
    """Guest access was switched on or off."""

    id: str
    """Identifies the message within its history."""
    room: Room | None = None
    """The room in whose history the message is, None for one that rooms.json lacks."""
    room_id: int
    """The id of the room, which is in the path of the history."""
    message: str
    """Text of the message; empty in the documented sample."""
    sender: User | None = None
    """The user who switched guest access."""
    sender_id: int
    """User id of the sender."""
    sender_name: str
    """Display name of the sender."""
    timestamp: datetime
    """Time of sending, UTC, with microseconds after a space."""
    enable_guest_access: bool
    """Whether guests may enter the room from now on."""
    url: str
    """Invitation address for guests."""
    deleted: Deletion | None = None
    """Present if the message was deleted, absent otherwise."""


class PrivateUserMessage(Struct, frozen=True, kw_only=True, gc=False):
    """A private message."""

    id: str
    """Identifies the message; the copies in both participants' histories share it."""
    owner: User | None = None
    """The user in whose history the message is, None for one that users.json lacks."""
    owner_id: int
    """The id of that user, which is in the path of the history."""
    message: str
    """Text as written."""
    attachment: Attachment | None = None
    """The file sent with the message, or null."""
    attachment_path: str | None = None
    """The attachment's path once more, relative to users/files, or null without an attachment."""
    mentions: tuple[User, ...] = ()
    """The users whom the text mentions, and those of another dialect's list."""
    receiver: User | None = None
    """The user to whom the message was sent."""
    receiver_id: int
    """User id of the receiver."""
    sender: User | None = None
    """The user who sent the message."""
    sender_id: int
    """User id of the sender."""
    timestamp: datetime
    """Time of sending, UTC, with microseconds after a space."""
    deleted: Deletion | None = None
    """Present if the message was deleted, absent otherwise."""


RoomMessage = UserMessage | NotificationMessage | TopicRoomMessage | ArchiveRoomMessage | GuestAccessMessage
"""A message of a room, of whatever kind."""

Message = RoomMessage | PrivateUserMessage
"""A message of a room, or a private one."""
