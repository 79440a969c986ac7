"""A message that is written: at the end of its chats, with the file that came with it."""

import re
import sqlite3
from collections.abc import Sequence

from hcfmt.export import file_signatures
from hcfmt.export.records import WRAPPERS
from hcfmt.export.references import variant_path
from hcfmt.export.timestamps import format_date, format_timestamp
from hcfmt.server.store import files, messages
from hcfmt.server.store.decoder import lower_uuids
from hcfmt.server.store.history_loader import INSERT
from hcfmt.server.store.tables import by_id, packed
from hcfmt.server.store.values import LEAST, Chat, Message, Record, Upload

_OF_ROOMS, _OF_PEOPLE = WRAPPERS["export/room-history"], WRAPPERS["export/user-history"]
_WITH_FILES = {"UserMessage", "PrivateUserMessage"}
_TYPE = re.compile(r"[A-Za-z0-9.+-]{1,64}/[A-Za-z0-9.+-]{1,64}")


def append(
    db: sqlite3.Connection, chats: Sequence[Chat], kind: str, record: Record, *, time: int, upload: Upload | None
) -> Message:
    """See ``Store.append``."""
    id_ = lower_uuids([record["id"]])[0]
    for chat in chats:
        _check(db, chat, kind)
    numbers = [_number(db, chat) for chat in dict.fromkeys(chats)]
    lasts = [messages.last_time(db, number) for number in numbers]
    time = max(time, *(last + 1 for last in lasts if last is not None), LEAST)
    record = {**record, "timestamp": format_timestamp(time)}
    if upload:
        record |= _attached(db, chats[0], kind, upload, time, record["sender"]["id"])
    text = packed({kind: record})
    for number in numbers:
        _write(db, number, id_, record, time, text)
    return messages.message_of(time, text)


def _check(db: sqlite3.Connection, chat: Chat, kind: str) -> None:
    """Raise KeyError where the room or one of the people does not exist, ValueError for a kind of another history."""
    if kind not in (_OF_PEOPLE if chat.room is None else _OF_ROOMS):
        raise ValueError("No such history has messages of that kind.")
    needed = [("person", chat.owner), ("person", chat.peer)] if chat.room is None else [("room", chat.room)]
    for table, number in needed:
        if number is None or by_id(db, table, number) is None:
            raise KeyError(number)


def _number(db: sqlite3.Connection, chat: Chat) -> int:
    """Return the id of a chat's row, which is new if the chat has no messages."""
    number = messages.chat_id(db, chat)
    if number is not None:
        return number
    values = (chat.room, chat.owner, chat.peer)
    return db.execute("INSERT INTO chat (room, owner, peer) VALUES (?, ?, ?)", values).lastrowid or 0


def _write(db: sqlite3.Connection, number: int, id_: str, record: Record, time: int, text: bytes) -> None:
    if messages.has_message(db, number, record["id"]):
        raise ValueError("The chat has a message of that id.")
    values = (number, *messages.next_ranks(db, number), time, id_, record.get("deleted") is not None, text)
    db.execute(INSERT, values)


def _attached(db: sqlite3.Connection, chat: Chat, kind: str, upload: Upload, time: int, sender: int) -> Record:
    """Store a file that came with a message; return what the message tells of it.

    An image is its own preview: it is named twice, and stored once.
    """
    if kind not in _WITH_FILES:
        raise ValueError("Such a message has no file.")
    below = "users/files/" if chat.room is None else f"rooms/{chat.room}/files/"
    path = f"{files.slug()}/{files.safe_name(upload.name)}"
    type_ = upload.type if _TYPE.fullmatch(upload.type) else files.type_of(path)
    piece, size = files.add_pieces(db, [upload.data])
    files.add_file(db, below + path, type_, piece, size)
    attachment: Record = {
        "name": path,
        "path": path,
        "size": size,
        "url": "",
        "created": format_date(time),
        "senderid": sender,
    }
    if file_signatures.image_size(upload.data[: file_signatures.IMAGE_HEAD]):
        attachment["thumbnail"] = variant_path(path, "_thumb")
        files.add_file(db, below + attachment["thumbnail"], type_, piece, size)
    return {"attachment": attachment} | ({"attachment_path": path} if chat.room is None else {})
