"""Makes rows of the tables of ``sqlite_schema.sql`` of the records of an export."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from hcfmt.findings import Finding
from hcfmt.reader.records import (
    ArchiveRoomMessage,
    Attachment,
    AutoJoin,
    Emoticon,
    GuestAccessMessage,
    Message,
    NotificationMessage,
    PrivateUserMessage,
    Room,
    TopicRoomMessage,
    User,
    UserMessage,
)

Value = str | int | None
Row = tuple[Value, ...]

_BITS = 64  # of SQLite's integers
_SECONDS = "0000-00-00T00:00:00.000000"


def user_row(user: User) -> Row:
    """Return the row of a user; the last value is the path of the avatar's file, as the archive should have it."""
    return (
        *(user.id, user.name, user.mention_name, user.email, user.title, user.account_type),
        *(json_of(list(user.roles)), user.timezone, time_of(user.created), user.is_deleted, user.avatar_file),
    )


def room_row(room: Room) -> Row:
    """Return the row of a room."""
    return (
        *(room.id, room.name, room.canonical_name, room.topic, room.privacy, room.is_archived, room.is_deleted),
        *(time_of(room.created), room.guest_access_url, _id(room.owner), room.owner_id),
    )


def member_rows(room: Room) -> Iterator[Row]:
    """Yield the rows of the members, administrators and participants of a room, whether or not they are users."""
    roles = (
        ("member", room.members, room.member_ids),
        ("admin", room.room_admins, room.room_admin_ids),
        ("participant", room.participants, room.participant_ids),
    )
    for role, users, numbers in roles:
        known = {user.id for user in users}
        for number in dict.fromkeys(numbers):
            yield room.id, role, number, number if number in known else None


def emoticon_row(emoticon: Emoticon) -> Row:
    """Return the row of an emoticon, which SQLite numbers; the fifth value is the path that its file should have."""
    return (
        *(None, emoticon.id, emoticon.shortcut, emoticon.path, emoticon.file, _id(emoticon.user), emoticon.user_id),
        *(emoticon.width, emoticon.height),
    )


def autojoin_rows(autojoin: AutoJoin) -> Iterator[Row]:
    """Yield a row for each room or conversation of an autojoin, which SQLite numbers."""
    for item in autojoin.data or ():
        yield None, autojoin.id, _id(autojoin.user), item["jid"], item.get("name")


def message_row(number: int, message: Message) -> Row:
    """Return the row of a message."""
    kind, details_of = _KINDS[type(message)]
    details, deleted = details_of(message), message.deleted
    return (
        *(number, message.id, kind, time_of(message.timestamp), *_place(message)),
        *(_id(message.sender), message.sender_id, getattr(message, "sender_name", None), *_receiver(message)),
        *(message.message, json_of(details) if details else None, deleted is not None),
        *((time_of(deleted.date), _id(deleted.user), deleted.user_id) if deleted else (None, None, None)),
    )


def attachment_of(message: Message) -> Attachment | None:
    """Return the attachment of a message of a kind that can have one."""
    return message.attachment if isinstance(message, UserMessage | PrivateUserMessage) else None


def attachment_row(number: int, attachment: Attachment) -> Row:
    """Return the row of an attachment; the last two values are the paths that its files should have."""
    return (
        *(number, attachment.name, attachment.path, attachment.size, time_of(attachment.created)),
        *(_id(attachment.sender), attachment.sender_id, attachment.file, attachment.thumbnail_file),
    )


def mention_rows(number: int, message: Message) -> Iterator[Row]:
    """Yield the rows of the users whom a message mentions."""
    return ((number, user.id) for user in getattr(message, "mentions", ()))


def problem_row(problem: Finding) -> Row:
    """Return the row of a problem."""
    return problem.code, problem.severity, str(problem.location), problem.message


def time_of(time: datetime | None) -> str | None:
    """Return an instant as text: ISO 8601 in UTC with microseconds, such as ``2018-03-28T17:25:30.000000Z``."""
    if time is None:
        return None
    try:
        time = time if time.tzinfo is UTC else time.astimezone(UTC)
    except OverflowError:  # within a day of the years 1 and 9999
        time = time.replace(tzinfo=UTC)
    return f"{time.isoformat(timespec='microseconds')[: len(_SECONDS)]}Z"


def json_of(value: object) -> str:
    """Return a value as JSON text."""
    return orjson.dumps(value).decode()


def _place(message: Message) -> Row:
    """Return the room and its id, and the owner of the history and the owner's id."""
    if isinstance(message, PrivateUserMessage):
        return None, None, _id(message.owner), _storable(message.owner_id)
    return _id(message.room), _storable(message.room_id), None, None


def _receiver(message: Message) -> Row:
    if isinstance(message, PrivateUserMessage):
        return _id(message.receiver), message.receiver_id
    return None, None


def _id(record: User | Room | None) -> int | None:
    return record.id if record else None


def _storable(number: int) -> int | None:
    """Return an id, None for one of more than 63 bits, which a path may hold and SQLite cannot."""
    return number if number.bit_length() < _BITS else None


def _notification(message: Any) -> dict[str, Any]:  # noqa: ANN401 - of the class in the table
    details = {"format": message.format, "color": message.color}
    return {**details, "card": message.card} if message.card else details


_KINDS: Mapping[type[Message], tuple[str, Callable[[Any], dict[str, Any]]]] = {
    UserMessage: ("message", lambda message: {"metadata": message.metadata} if message.metadata else {}),
    NotificationMessage: ("notification", _notification),
    TopicRoomMessage: ("topic", lambda message: {"topic": message.topic}),
    ArchiveRoomMessage: ("archive", lambda message: {"is_archived": message.is_archived}),
    GuestAccessMessage: (
        "guest_access",
        lambda message: {"enable_guest_access": message.enable_guest_access, "url": message.url},
    ),
    PrivateUserMessage: ("private", lambda _: {}),
}
"""The name of each kind of message, and what its column "details" holds."""
