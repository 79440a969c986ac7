"""Reads message histories: pages by rank, ranks by time, single messages by id.

A message's rank is the number of older messages in its chat, its visible rank the number of older ones that are not
deleted. Both are columns with an index, so a page costs the same at any depth.
"""

import sqlite3
from typing import Any
from uuid import UUID

from hcfmt.server.store.values import Chat, Message

INSERT = "INSERT INTO message (chat, rank, visible_rank, time, id, deleted, record) VALUES (?, ?, ?, ?, ?, ?, ?)"

_MIN_TIME, _MAX_TIME = -(1 << 63), (1 << 63) - 1  # of SQLite's integers
_RANKS_AT = """
SELECT rank + 1, visible_rank + NOT deleted FROM message WHERE chat = ? AND time < ?
ORDER BY time DESC, rank DESC LIMIT 1
"""
_BY_RANK = "chat = ? AND rank >= ? AND rank < ? ORDER BY rank DESC"
_BY_VISIBLE_RANK = "chat = ? AND NOT deleted AND visible_rank >= ? AND visible_rank < ? ORDER BY visible_rank DESC"


def find_chat(db: sqlite3.Connection, chat: Chat) -> int | None:
    """Return the id of a chat's row, None for a chat without one: as the id of a chat, None selects no messages."""
    if chat.room is not None:
        row = db.execute("SELECT id FROM chat WHERE room = ?", (chat.room,)).fetchone()
    else:
        row = db.execute("SELECT id FROM chat WHERE owner = ? AND peer = ?", (chat.owner, chat.peer)).fetchone()
    return row[0] if row else None


def history(
    db: sqlite3.Connection, chat: Chat, *, newest: int | None, oldest: int | None, start: int, size: int, deleted: bool
) -> list[Message]:
    """See ``Store.history``."""
    chat_id = find_chat(db, chat)
    first, stop = _ranks(db, chat_id, newest, oldest, deleted=deleted)
    stop -= max(0, start)
    return _page(db, chat_id, max(first, stop - size), stop, deleted=deleted)


def count(db: sqlite3.Connection, chat: Chat, *, newest: int | None, oldest: int | None, deleted: bool) -> int:
    """See ``Store.count_history``."""
    first, stop = _ranks(db, find_chat(db, chat), newest, oldest, deleted=deleted)
    return max(0, stop - first)


def latest(
    db: sqlite3.Connection, chat: Chat, *, size: int, not_before: str | None, deleted: bool
) -> list[Message] | None:
    """See ``Store.latest``."""
    chat_id = find_chat(db, chat)
    first, stop = _ranks(db, chat_id, None, None, deleted=deleted)
    if not_before is not None:
        row = _find(db, chat_id, not_before, "rank" if deleted else "visible_rank")
        if row is None:
            return None
        (first,) = row
    return _page(db, chat_id, max(first, stop - size), stop, deleted=deleted)


def message(db: sqlite3.Connection, chat: Chat, message_id: str) -> Message | None:
    """See ``Store.message``."""
    row = _find(db, find_chat(db, chat), message_id, "time, record")
    return message_of(*row) if row else None


def has_message(db: sqlite3.Connection, chat_id: int, message_id: str) -> bool:
    """Whether a chat has a message of an id."""
    return rank_of(db, chat_id, message_id) is not None


def rank_of(db: sqlite3.Connection, chat_id: int | None, message_id: str) -> int | None:
    """Return the rank of a chat's message by its id, in any letter case; None for an unknown id."""
    row = _find(db, chat_id, message_id, "rank")
    return row[0] if row else None


def last_time(db: sqlite3.Connection, chat_id: int | None) -> int | None:
    """Return the time of a chat's newest message in microseconds since 1970 UTC; None for a chat without messages."""
    time: int | None = db.execute("SELECT max(time) FROM message WHERE chat = ?", (chat_id,)).fetchone()[0]
    return time


def message_of(time: int, record: bytes) -> Message:
    """Return a message, given its row's JSON text ``{"UserMessage":{...}}``."""
    kind = record[2 : record.index(b'"', 2)].decode()
    return Message(kind, time, record[len(kind) + 4 : -1])


def ranks_at(db: sqlite3.Connection, chat_id: int | None, before: int | None) -> tuple[int, int]:
    """Return the numbers of a chat's messages older than a time (None: of all), with and without deleted messages.

    They are the rank and the visible rank of the oldest message that is not older.
    """
    time = _MAX_TIME if before is None else max(_MIN_TIME, min(before, _MAX_TIME))
    rank, visible_rank = db.execute(_RANKS_AT, (chat_id, time)).fetchone() or (0, 0)
    return rank, visible_rank


def _ranks(
    db: sqlite3.Connection, chat_id: int | None, newest: int | None, oldest: int | None, *, deleted: bool
) -> tuple[int, int]:
    """Return the ranks ``first`` and ``stop`` of the messages of the times ``oldest <= time < newest``."""
    column = 0 if deleted else 1
    first = 0 if oldest is None else ranks_at(db, chat_id, oldest)[column]
    return first, ranks_at(db, chat_id, newest)[column]


def _page(db: sqlite3.Connection, chat_id: int | None, first: int, stop: int, *, deleted: bool) -> list[Message]:
    """Return the messages of the ranks ``first <= rank < stop``, newest first."""
    query = f"SELECT time, record FROM message WHERE {_BY_RANK if deleted else _BY_VISIBLE_RANK}"  # noqa: S608 - constants
    return [message_of(*row) for row in db.execute(query, (chat_id, first, stop))]


def _find(db: sqlite3.Connection, chat_id: int | None, message_id: str, columns: str) -> tuple[Any, ...] | None:
    """Return columns of a chat's message by its id; None for an unknown id and for text that is no UUID."""
    try:
        id_ = str(UUID(message_id))
    except ValueError:
        return None
    query = f"SELECT {columns} FROM message WHERE chat = ? AND id = ?"  # noqa: S608 - names of columns
    row: tuple[Any, ...] | None = db.execute(query, (chat_id, id_)).fetchone()
    return row
