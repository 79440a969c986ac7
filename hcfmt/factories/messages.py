"""Factories of messages of every kind."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from hcfmt.export.message_kinds import MESSAGE_KINDS, room_state
from hcfmt.factories.accounts import HOST, Record, guest_url, name_of
from hcfmt.factories.sample_files import sample_size
from hcfmt.rng import random_for, random_uuid

_SENT = "2018-03-05T09:00:00Z 000000"
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_TYPE = {kind.name: kind.type for kind in MESSAGE_KINDS}
KIND_OF_TYPE = {kind.type: kind for kind in MESSAGE_KINDS}
"""The kinds of messages by the value of the property ``type``."""

Sent = datetime | str | None
"""When a message was sent: a datetime, in UTC without a zone, or a timestamp of an export; None for the default."""


def message(
    text: str = "hi",
    *,
    sender: int | Record = 1,
    sent: Sent = None,
    file: str | None = None,
    deleted: bool = False,
    seed: int = 1,
    **properties: Any,  # noqa: ANN401 - of a message
) -> Record:
    """Return a message of a user in a room.

    ``sender`` is a user or a user's id. ``file`` is the name of a file that was sent with it, whose
    content an export adds. A deleted message has no text. ``properties`` replace any property of the record; whether it
    stays valid is up to them.
    """
    number, name = _party(sender)
    timestamp = timestamp_of(sent)
    record = _room_message("UserMessage", number, name, "" if deleted else text, timestamp, seed)
    if deleted:
        record["deleted"] = _deletion(number, timestamp)
    elif file is not None:
        record["attachment"] = _attachment(file, number, timestamp, record["id"])
        record["message"] = f"File uploaded: {HOST}/files/1/{number}/{quote(record['attachment']['path'])}"
    return {**record, **properties}


def notification(
    text: str = "Build #1 passed",
    *,
    sender: str = "Builds",
    color: str = "green",
    sent: Sent = None,
    seed: int = 1,
    **properties: Any,  # noqa: ANN401 - as of message
) -> Record:
    """Return a notification of an integration, which ``sender`` names, in a room."""
    record = _room_message("NotificationMessage", 0, sender, text, timestamp_of(sent), seed)
    return {**record, "format": "html", "color": color, **properties}


def topic_change(topic: str = "", *, sender: int | Record = 1, sent: Sent = None, seed: int = 1) -> Record:
    """Return the message that a room has a new topic, which an export then writes into the room."""
    return _state_change("topic", topic, sender, sent, seed)


def archiving(*, archived: bool = True, sender: int | Record = 1, sent: Sent = None, seed: int = 1) -> Record:
    """Return the message that a room was archived, or brought back."""
    return _state_change("is_archived", archived, sender, sent, seed)


def guest_access(*, enabled: bool = True, sender: int | Record = 1, sent: Sent = None, seed: int = 1) -> Record:
    """Return the message that a room was opened for guests, or closed."""
    return _state_change("guest_access_url", guest_url("abcdefgh") if enabled else None, sender, sent, seed)


def private_message(
    text: str = "hi",
    *,
    sender: int | Record = 1,
    receiver: int | Record = 2,
    sent: Sent = None,
    file: str | None = None,
    deleted: bool = False,
    seed: int = 1,
    **properties: Any,  # noqa: ANN401 - as of message
) -> Record:
    """Return a private message of one user to another; the arguments are those of ``message``."""
    numbers, timestamp = (_party(sender)[0], _party(receiver)[0]), timestamp_of(sent)
    identity = random_uuid(random_for(seed, "private", *numbers, text, timestamp))
    attachment = None if file is None or deleted else _attachment(file, numbers[0], timestamp, identity)
    record: Record = {
        "id": identity,
        "attachment": attachment,
        "attachment_path": attachment["path"] if attachment else None,
        "mentions": [],
        "message": "" if deleted else text,
        "receiver": _reference(numbers[1]),
        "sender": _reference(numbers[0]),
        "timestamp": timestamp,
        "type": _TYPE["PrivateUserMessage"],
    }
    if deleted:
        record["deleted"] = _deletion(numbers[0], timestamp)
    elif attachment:
        record["message"] = f"{HOST}/files/1/{numbers[0]}/{quote(attachment['path'])}"
    return {**record, **properties}


def timestamp_of(sent: Sent) -> str:
    """Return the timestamp of a message."""
    if not isinstance(sent, datetime):
        return sent or _SENT
    utc = sent.astimezone(UTC) if sent.tzinfo else sent
    return f"{utc.replace(tzinfo=None).isoformat(timespec='seconds')}Z {utc.microsecond:06}"


def _room_message(kind: str, sender: int, name: str, text: str, timestamp: str, seed: int) -> Record:
    return {
        "id": random_uuid(random_for(seed, kind, sender, text, timestamp)),
        "type": _TYPE[kind],
        "sender": _reference(sender, name),
        "message": text,
        "timestamp": timestamp,
    }


def _state_change(state: str, value: object, sender: int | Record, sent: Sent, seed: int) -> Record:
    kind, _, properties = room_state(state, value)
    number, name = _party(sender)
    return {**_room_message(kind, number, name, "", timestamp_of(sent), seed), **properties}


def _party(sender: int | Record) -> tuple[int, str]:
    """Return the id and the name of a user who is given by a record or by the id."""
    return (sender, name_of(sender)) if isinstance(sender, int) else (sender["id"], sender["name"])


def _reference(number: int, name: str = "") -> Record:
    return {"id": number, "mention_name": "", "name": name, "version": ""}


def _deletion(number: int, timestamp: str) -> Record:
    return {"user_id": number, "date": timestamp.partition(" ")[0], "reason": None}


def attachment_path(file: str, message_id: str) -> str:
    """Return the path of a message's file: a directory of the message, and the name."""
    return f"{''.join(random_for(0, 'directory', message_id).choices(_LETTERS, k=15))}/{file}"


def _attachment(file: str, sender: int, timestamp: str, identity: str) -> Record:
    path = attachment_path(file, identity)
    return {
        "name": path,
        "path": path,
        "size": sample_size(file),
        "url": "",
        "created": timestamp.partition(" ")[0],
        "senderid": sender,
    }
