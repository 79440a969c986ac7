"""Writes new messages at the end of their chats, with the uploaded file of a message."""

import re
import sqlite3
from collections.abc import Sequence

from hcfmt.export.image_sizes import IMAGE_HEAD, image_size
from hcfmt.export.records import WRAPPERS
from hcfmt.export.references import variant_path
from hcfmt.export.timestamps import format_date, format_timestamp
from hcfmt.server.store import files, messages, participants
from hcfmt.server.store.database import encode_json
from hcfmt.server.store.decoder import lower_uuids
from hcfmt.server.store.file_names import safe_name, slug, type_of
from hcfmt.server.store.tables import by_id
from hcfmt.server.store.values import Chat, Message, Record, Upload

_ROOM_KINDS, _PRIVATE_KINDS = WRAPPERS["export/room-history"], WRAPPERS["export/user-history"]
_KINDS_WITH_FILES = {"UserMessage", "PrivateUserMessage"}
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9.+-]{1,64}/[A-Za-z0-9.+-]{1,64}")


def append(
    db: sqlite3.Connection, chats: Sequence[Chat], kind: str, record: Record, *, time: int, upload: Upload | None
) -> Message:
    """See ``Store.append``."""
    (message_id,) = lower_uuids([record["id"]])
    for chat in chats:
        _check(db, chat, kind)
    chat_ids = [messages.find_chat(db, chat) or _new_chat(db, chat) for chat in dict.fromkeys(chats)]
    last_times = [messages.last_time(db, chat_id) for chat_id in chat_ids]
    time = max([time, *(last + 1 for last in last_times if last is not None)])
    record = {**record, "timestamp": format_timestamp(time)}
    if upload:
        record |= _attach(db, chats[0], kind, upload, time, record["sender"]["id"])
    text = encode_json({kind: record})
    for chat_id in chat_ids:
        if messages.has_message(db, chat_id, message_id):
            raise ValueError("The chat already has a message of this id.")
        ranks = messages.ranks_at(db, chat_id, None)
        values = (chat_id, *ranks, time, message_id, int(record.get("deleted") is not None), text)
        db.execute(messages.INSERT, values)
    if user := participants.writer(kind, record):
        room = participants.PRIVATE if chats[0].room is None else chats[0].room
        participants.add_writers(db, room, {user: time})
    return messages.message_of(time, text)


def _check(db: sqlite3.Connection, chat: Chat, kind: str) -> None:
    """Raise KeyError for a chat of an unknown room or user, ValueError for a kind of another history."""
    if kind not in (_PRIVATE_KINDS if chat.room is None else _ROOM_KINDS):
        raise ValueError("The history has no messages of this kind.")
    references = [("user", chat.owner), ("user", chat.peer)] if chat.room is None else [("room", chat.room)]
    for table, key in references:
        if key is None or by_id(db, table, key) is None:
            raise KeyError(key)


def _new_chat(db: sqlite3.Connection, chat: Chat) -> int:
    """Write the row of a chat that gets its first message, and return its id."""
    values = (chat.room, chat.owner, chat.peer)
    return db.execute("INSERT INTO chat (room, owner, peer) VALUES (?, ?, ?)", values).lastrowid or 0


def _attach(db: sqlite3.Connection, chat: Chat, kind: str, upload: Upload, time: int, sender: int) -> Record:
    """Store an uploaded file, and return the properties that the message has for it.

    An image is its own thumbnail: two files share the bytes.
    """
    if kind not in _KINDS_WITH_FILES:
        raise ValueError("A message of this kind has no file.")
    directory = "users/files/" if chat.room is None else f"rooms/{chat.room}/files/"
    path = f"{slug()}/{safe_name(upload.name)}"
    type_ = upload.type if _MEDIA_TYPE.fullmatch(upload.type) else type_of(path)
    first_chunk, size = files.add_chunks(db, [upload.data])
    files.add_file(db, directory + path, type_, first_chunk, size)
    attachment: Record = {
        "name": path,
        "path": path,
        "size": size,
        "url": "",
        "created": format_date(time),
        "senderid": sender,
    }
    if image_size(upload.data[:IMAGE_HEAD]):
        attachment["thumbnail"] = variant_path(path, "_thumb")
        files.add_file(db, directory + attachment["thumbnail"], type_, first_chunk, size)
    return {"attachment": attachment} | ({"attachment_path": path} if chat.room is None else {})
