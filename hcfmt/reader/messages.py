"""Makes messages of records as they are written: dates are read, ids are looked up, JSON inside strings is decoded."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import UNSET

from hcfmt.export.references import is_unsafe
from hcfmt.export.timestamps import datetime_of, parse_timestamps
from hcfmt.findings import Flaw
from hcfmt.reader.people import People, given, read_date
from hcfmt.reader.records import (
    ArchiveRoomMessage,
    Attachment,
    Deletion,
    GuestAccessMessage,
    Message,
    NotificationMessage,
    PrivateUserMessage,
    Room,
    TopicRoomMessage,
    User,
    UserMessage,
)
from hcfmt.reader.wire_types import embedded

CARD = "embedded/card"
_NOBODY = 0  # the sender's id of a record without a sender, as of an integration
_PRIVATE_FILES = "users/files/"


class History:
    """Makes the messages of one history: ``kinds`` are its wrapper keys, ``owner_id`` is the id in its path."""

    def __init__(self, people: People, kinds: Sequence[str], owner_id: int) -> None:
        """Take all users and rooms."""
        self._people = people
        self._id = owner_id
        self._room: Room | None = people.rooms.get(owner_id)
        self._owner: User | None = people.users.get(owner_id)
        self._files = f"rooms/{owner_id}/files/"
        self._kinds = kinds
        self._is_reported = False
        self._makers: Mapping[str, Callable[[Any, datetime], Message]] = {
            "UserMessage": self._user_message,
            "NotificationMessage": self._notification,
            "TopicRoomMessage": self._topic_message,
            "ArchiveRoomMessage": self._archive_message,
            "GuestAccessMessage": self._guest_access_message,
            "PrivateUserMessage": self._private_message,
        }

    def messages(self, wrappers: Sequence[Any], first: int) -> list[Message]:
        """Return the messages of wrapped records, of which ``first`` is the index of the first; None is left out.

        Raises one of ``wire_types.REFUSED`` for a date or JSON that cannot be read.
        """
        self._people.unresolved.clear()
        found = [
            (index, kind, record)
            for index, wrapper in enumerate(wrappers, first)
            if wrapper is not None
            for kind in self._kinds
            if (record := getattr(wrapper, kind))
        ]
        times = map(datetime_of, parse_timestamps([record.timestamp for _, _, record in found]))
        result = []
        people, makers = self._people, self._makers
        for (people.index, kind, record), time in zip(found, times, strict=True):
            result.append(makers[kind](record, time))
        return result

    def unknown_owner(self) -> tuple[str, Flaw] | None:
        """Return the rule and the flaw of a history whose room or user has no record; None otherwise, and again."""
        if self._is_reported:
            return None
        self._is_reported = True
        if "PrivateUserMessage" not in self._kinds:
            return None if self._room else ("HC111", Flaw("rooms.json has no room {room}.", {"room": self._id}))
        return None if self._owner else ("HC112", Flaw("users.json has no user {user}.", {"user": self._id}))

    def _user_message(self, record: Any, time: datetime) -> UserMessage:  # noqa: ANN401 - a struct of wire_types
        sender, text, listed = record.sender, record.message, record.mentions
        return UserMessage(
            id=record.id,
            room=self._room,
            room_id=self._id,
            message=text,
            sender=self._people.user(sender.id, "HC401", ("UserMessage", "sender", "id")),
            sender_id=sender.id,
            sender_name=sender.name,
            timestamp=time,
            attachment=self._attachment(record, self._files, "UserMessage") if record.attachment else None,
            metadata=tuple(record.metadata or ()),
            mentions=self._mentions(text, listed, "UserMessage") if listed or "@" in text else (),
            deleted=self._deletion(record, "UserMessage") if record.deleted else None,
        )

    def _notification(self, record: Any, time: datetime) -> NotificationMessage:  # noqa: ANN401 - as above
        sender = record.sender
        return NotificationMessage(
            id=record.id,
            room=self._room,
            room_id=self._id,
            message=record.message,
            sender=self._people.user(sender.id, "HC401", ("NotificationMessage", "sender", "id")),
            sender_id=sender.id,
            sender_name=sender.name,
            timestamp=time,
            format=record.format or "",
            color=record.color or "",
            card=embedded(CARD, record.card) if record.card else None,
            mentions=self._mentions(record.message, None, "NotificationMessage") if "@" in record.message else (),
            deleted=self._deletion(record, "NotificationMessage") if record.deleted else None,
        )

    def _topic_message(self, record: Any, time: datetime) -> TopicRoomMessage:  # noqa: ANN401 - as above
        sender = record.sender
        return TopicRoomMessage(
            id=record.id,
            room=self._room,
            room_id=self._id,
            message=record.message,
            sender=self._people.user(sender.id, "HC401", ("TopicRoomMessage", "sender", "id")),
            sender_id=sender.id,
            sender_name=sender.name,
            timestamp=time,
            topic=record.topic or "",
            deleted=self._deletion(record, "TopicRoomMessage") if record.deleted else None,
        )

    def _archive_message(self, record: Any, time: datetime) -> ArchiveRoomMessage:  # noqa: ANN401 - as above
        sender = record.sender or None
        sender_id = (sender.id or _NOBODY) if sender else _NOBODY
        return ArchiveRoomMessage(
            id=given(record.id) or "",
            room=self._room,
            room_id=self._id,
            message=record.message or "",
            sender=self._people.user(sender_id, "HC401", ("ArchiveRoomMessage", "sender", "id")),
            sender_id=sender_id,
            sender_name=(sender.name or "") if sender else "",
            timestamp=time,
            is_archived=given(record.is_archived),
            deleted=self._deletion(record, "ArchiveRoomMessage") if record.deleted else None,
        )

    def _guest_access_message(self, record: Any, time: datetime) -> GuestAccessMessage:  # noqa: ANN401 - as above
        sender = record.sender
        return GuestAccessMessage(
            id=record.id,
            room=self._room,
            room_id=self._id,
            message=record.message,
            sender=self._people.user(sender.id, "HC401", ("GuestAccessMessage", "sender", "id")),
            sender_id=sender.id,
            sender_name=sender.name,
            timestamp=time,
            enable_guest_access=record.enable_guest_access,
            url=record.url,
            deleted=self._deletion(record, "GuestAccessMessage") if record.deleted else None,
        )

    def _private_message(self, record: Any, time: datetime) -> PrivateUserMessage:  # noqa: ANN401 - as above
        sender, receiver, listed = record.sender.id, record.receiver.id, record.mentions
        return PrivateUserMessage(
            id=record.id,
            owner=self._owner,
            owner_id=self._id,
            message=record.message,
            attachment=self._attachment(record, _PRIVATE_FILES, "PrivateUserMessage") if record.attachment else None,
            attachment_path=given(record.attachment_path),
            mentions=self._mentions(record.message, listed, "PrivateUserMessage")
            if listed or "@" in record.message
            else (),
            receiver=self._people.user(receiver, "HC402", ("PrivateUserMessage", "receiver", "id")),
            receiver_id=receiver,
            sender=self._people.user(sender, "HC401", ("PrivateUserMessage", "sender", "id")),
            sender_id=sender,
            timestamp=time,
            deleted=self._deletion(record, "PrivateUserMessage") if record.deleted else None,
        )

    def _mentions(self, text: str, listed: object, kind: str) -> tuple[User, ...]:
        return self._people.mentioned(text, listed, (kind, "mentions"))

    def _attachment(self, record: Any, directory: str, kind: str) -> Attachment:  # noqa: ANN401 - as above
        attachment = record.attachment
        sender, thumbnail = given(attachment.senderid), given(attachment.thumbnail)
        path = (kind, "attachment", "senderid")
        return Attachment(
            name=attachment.name,
            path=attachment.path,
            file=_file(directory, attachment.path),
            size=attachment.size,
            created=read_date(attachment.created) if attachment.created is not UNSET else None,
            sender=None if sender is None else self._people.user(sender, "HC408", path),
            sender_id=sender,
            thumbnail=thumbnail,
            thumbnail_file=_file(directory, thumbnail) if thumbnail else None,
        )

    def _deletion(self, record: Any, kind: str) -> Deletion:  # noqa: ANN401 - as above
        user, date = given(record.deleted.user_id), given(record.deleted.date)
        return Deletion(
            user=None if user is None else self._people.user(user, "HC409", (kind, "deleted", "user_id")),
            user_id=user,
            date=None if date is None else read_date(date),
        )


def _file(directory: str, path: str) -> str | None:
    """Return the path of a file in the archive, None for a path that leads elsewhere or nowhere."""
    return directory + path if path and not is_unsafe(path) else None
