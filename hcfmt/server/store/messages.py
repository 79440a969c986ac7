"""Reads message histories: pages by rank, ranks by time, single messages by id.

A message's rank is the number of older messages in its chat, its visible rank the number of older ones that are not
deleted. Both are columns with an index, so a page costs the same at any depth.
"""

import sqlite3
from typing import Any
from uuid import UUID

from hcfmt.server.store.values import Chat, Message

_MIN_TIME, _MAX_TIME = -(1 << 63), (1 << 63) - 1  # of SQLite's integers
_BY_RANK = "chat = ? AND rank >= ? AND rank < ? ORDER BY rank DESC"
_BY_VISIBLE_RANK = "chat = ? AND NOT deleted AND visible_rank >= ? AND visible_rank < ? ORDER BY visible_rank DESC"


def chat_id(db: sqlite3.Connection, chat: Chat) -> int | None:
    """Return the id of a chat's row; None for a chat without messages."""
    if chat.room is not None:
        row = db.execute("SELECT id FROM chat WHERE room = ?", (chat.room,)).fetchone()
    else:
        row = db.execute("SELECT id FROM chat WHERE owner = ? AND peer = ?", (chat.owner, chat.peer)).fetchone()
    return row[0] if row else None


def history(
    db: sqlite3.Connection, chat: Chat, *, newest: int | None, oldest: int | None, start: int, size: int, deleted: bool
) -> list[Message]:
    """See ``Store.history``."""
    number = chat_id(db, chat)
    if number is None:
        return []
    stop = _rank_at(db, number, newest, deleted=deleted) - max(0, start)
    first = 0 if oldest is None else _rank_at(db, number, oldest, deleted=deleted)
    return _page(db, number, max(first, stop - size), stop, deleted=deleted)


def count(db: sqlite3.Connection, chat: Chat, *, newest: int | None, oldest: int | None, deleted: bool) -> int:
    """See ``Store.count_history``."""
    number = chat_id(db, chat)
    if number is None:
        return 0
    first = 0 if oldest is None else _rank_at(db, number, oldest, deleted=deleted)
    return max(0, _rank_at(db, number, newest, deleted=deleted) - first)


def latest(
    db: sqlite3.Connection, chat: Chat, *, size: int, not_before: str | None, deleted: bool
) -> list[Message] | None:
    """See ``Store.latest``."""
    number, first = chat_id(db, chat), 0
    if not_before is not None:
        row = None if number is None else _find(db, number, not_before, "rank, visible_rank")
        if row is None:
            return None
        first = row[0] if deleted else row[1]
    if number is None:
        return []
    stop = _rank_at(db, number, None, deleted=deleted)
    return _page(db, number, max(first, stop - size), stop, deleted=deleted)


def message(db: sqlite3.Connection, chat: Chat, message_id: str) -> Message | None:
    """See ``Store.message``."""
    number = chat_id(db, chat)
    row = None if number is None else _find(db, number, message_id, "time, record")
    return message_of(*row) if row else None


def has_message(db: sqlite3.Connection, number: int, message_id: str) -> bool:
    """Whether a chat has a message of an id."""
    return _find(db, number, message_id, "rank") is not None


def last_time(db: sqlite3.Connection, number: int) -> int | None:
    """Return the time of a chat's newest message in microseconds since 1970 UTC; None for a chat without messages."""
    time: int | None = db.execute("SELECT max(time) FROM message WHERE chat = ?", (number,)).fetchone()[0]
    return time


def last_private(db: sqlite3.Connection, user_id: int) -> int | None:
    """See ``Store.last_private``."""
    newest = "SELECT max(time) FROM message WHERE message.chat = chat.id"  # by index, where a join reads every message
    query = f"SELECT max(({newest})) FROM chat WHERE owner = ?"  # noqa: S608 - no values
    time: int | None = db.execute(query, (user_id,)).fetchone()[0]
    return time


def message_of(time: int, record: bytes) -> Message:
    """Return a message, given its row's JSON text ``{"UserMessage":{...}}``."""
    kind = record[2 : record.index(b'"', 2)].decode()
    return Message(kind, time, record[len(kind) + 4 : -1])


def next_ranks(db: sqlite3.Connection, number: int, before: int | None = None) -> tuple[int, int]:
    """Return the numbers of a chat's messages older than a time (None: of all), with and without deleted messages."""
    time = _MAX_TIME if before is None else max(_MIN_TIME, min(before, _MAX_TIME))
    columns = "rank + 1, visible_rank + NOT deleted"
    query = f"SELECT {columns} FROM message WHERE chat = ? AND time < ? ORDER BY time DESC, rank DESC LIMIT 1"  # noqa: S608 - a constant
    rank, visible_rank = db.execute(query, (number, time)).fetchone() or (0, 0)
    return rank, visible_rank


def _rank_at(db: sqlite3.Connection, number: int, before: int | None, *, deleted: bool) -> int:
    """Return the number of a chat's messages older than a time (None: of all), deleted ones included or not."""
    return next_ranks(db, number, before)[0 if deleted else 1]


def _page(db: sqlite3.Connection, number: int, first: int, stop: int, *, deleted: bool) -> list[Message]:
    """Return the messages of the ranks ``first <= rank < stop``, newest first."""
    query = f"SELECT time, record FROM message WHERE {_BY_RANK if deleted else _BY_VISIBLE_RANK}"  # noqa: S608 - constants
    return [message_of(*row) for row in db.execute(query, (number, first, stop))]


def _find(db: sqlite3.Connection, number: int, message_id: str, columns: str) -> tuple[Any, ...] | None:
    """Return columns of a chat's message by its id; None for an unknown id and for text that is no UUID."""
    try:
        id_ = str(UUID(message_id))
    except ValueError:
        return None
    query = f"SELECT {columns} FROM message WHERE chat = ? AND id = ?"  # noqa: S608 - names of columns
    row: tuple[Any, ...] | None = db.execute(query, (number, id_)).fetchone()
    return row
