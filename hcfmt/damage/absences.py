"""Damage that leaves an export without something that a server which was long used has."""

from datetime import timedelta
from random import Random

from hcfmt.damage.selection import take
from hcfmt.damage.selectors import (
    CONVERSATION,
    ROOMS,
    USERS,
    format_date,
    history_path,
    private_copies,
    room_messages,
    sent_at,
)
from hcfmt.errors import UsageError
from hcfmt.export.editing import EditableExport, EditableRecord
from hcfmt.export.layout import Kind

_HISTORIES = (Kind.ROOM_HISTORY, Kind.USER_HISTORY)
_UPLOADED = (Kind.ROOM_FILE, Kind.PRIVATE_FILE)
_LITTLE_USED = "An export with a single active user who is no guest, or with a single message, may lack anything."
_FEWEST, _LONG = 2, timedelta(days=500)


def no_messages(export: EditableExport, _: Random, __: int) -> None:
    """Empty all histories, and remove the files of their messages."""
    if not (export.records(USERS) and export.records(ROOMS)):
        raise UsageError("An export without users or without rooms needs no messages.")
    _empty(export, *_HISTORIES)
    export.remove(*export.paths(*_UPLOADED))


def no_private_messages(export: EditableExport, random: Random, _: int) -> None:
    """Empty the histories of all users, remove their files, and date a room message back by more than a year."""
    _date_room_message_back(export, random)
    _empty(export, Kind.USER_HISTORY)
    export.remove(*export.paths(Kind.PRIVATE_FILE))


def no_room_messages(export: EditableExport, random: Random, _: int) -> None:
    """Empty the histories of all rooms, remove their files, and date a private message back by more than a year."""
    take(export.records(ROOMS), 1, "rooms")
    messages = list(private_copies(export, random))
    _require_use(export, len(messages))
    timestamp = _early_date(export)
    for copy in filter(None, messages[0]):
        copy.set("timestamp", timestamp)
    _empty(export, Kind.ROOM_HISTORY)
    export.remove(*export.paths(Kind.ROOM_FILE))


def no_stored_files(export: EditableExport, random: Random, _: int) -> None:
    """Remove all attachments with their files, and date a room message back by more than a year."""
    _date_room_message_back(export, random)
    for history in export.paths(*_HISTORIES):
        for record in export.records(history):
            if record.value.get("attachment"):
                _detach(record)
    export.remove(*export.paths(*_UPLOADED))


def _detach(record: EditableRecord) -> None:
    """Remove the attachment of a message, which is not left empty."""
    if "attachment_path" in record.value:  # as in private messages, and in all of Server and Cloud
        record.set("attachment", None)
        record.set("attachment_path", None)
    else:
        record.drop("attachment")
    if not record.value["message"] and "deleted" not in record.value:
        record.set("message", "(file)")


def _empty(export: EditableExport, *kinds: Kind) -> None:
    for history in export.paths(*kinds):
        export.replace_content(history, b"[]")


def _date_room_message_back(export: EditableExport, random: Random) -> None:
    """Date a room message, and the creation of its room, before all others; raise UsageError if there are too few."""
    rooms = {history_path("rooms", room.value["id"]): room for room in export.records(ROOMS)}
    messages = [message for message in room_messages(export, random, *CONVERSATION) if message.member in rooms]
    _require_use(export, len(messages))
    timestamp = _early_date(export)
    messages[0].set("timestamp", timestamp)
    rooms[messages[0].member].set("created", timestamp.partition("Z")[0] + "+00:00")


def _require_use(export: EditableExport, messages: int) -> None:
    """Raise UsageError for an export with so few people or messages that it may lack anything."""
    people = (user.value for user in export.records(USERS))
    active = [user for user in people if not user["is_deleted"] and user["account_type"] != "guest"]
    if len(active) < _FEWEST or messages < _FEWEST:
        raise UsageError(_LITTLE_USED)


def _early_date(export: EditableExport) -> str:
    """Return a timestamp more than a year before the first message."""
    messages = (record for history in export.paths(*_HISTORIES) for record in export.records(history))
    first = min(record.value["timestamp"] for record in messages)
    return f"{format_date(sent_at(first) - _LONG)} 000000"
