"""Histories as they are read: pages by rank, ranks by time and by id."""

import sqlite3
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from hcfmt.server.store import marks
from hcfmt.server.store.moments import LEAST, MOST
from hcfmt.server.store.values import Chat, Message

LEAF = 64  # messages
_COLUMNS = "first, shown, gone, times, ids, texts"


@dataclass(frozen=True, slots=True)
class Leaf:
    """Messages that follow each other, as a row of the table has them."""

    first: int
    shown: int
    gone: bytes
    times: "array[int]"
    ids: bytes
    texts: bytes

    def rank(self, place: int, *, deleted: bool) -> int:
        """Return how many messages of the chat come before the one at a place in the leaf."""
        return self.first + place if deleted else self.shown + self.gone.count(0, 0, place)

    def messages(self, *, deleted: bool) -> Iterator[tuple[int, Message]]:
        """Yield each message with its rank."""
        rank = self.first if deleted else self.shown
        for gone, time, text in zip(self.gone, self.times, self.texts.split(b"\n"), strict=True):
            if deleted or not gone:
                yield rank, message_of(time, text)
                rank += 1


def message_of(time: int, text: bytes) -> Message:
    """Return the message of a wrapper's text."""
    kind = text[2 : text.index(b'"', 2)].decode()
    return Message(kind, time, text[len(kind) + 4 : -1])


def numbers(blob: bytes) -> "array[int]":
    """Return integers of 8 bytes each."""
    return array("q", blob)


def chat_id(db: sqlite3.Connection, chat: Chat) -> int | None:
    """Return the number of a chat, None where nobody wrote in it."""
    where, values = ("room = ?", (chat.room,)) if chat.room is not None else _pair(chat)
    row = db.execute(f"SELECT id FROM chat WHERE {where}", values).fetchone()  # noqa: S608 - one of two constants
    return row[0] if row else None


def _pair(chat: Chat) -> tuple[str, tuple[int | None, ...]]:
    return "owner = ? AND peer = ?", (chat.owner, chat.peer)


def _leaf(db: sqlite3.Connection, rest: str, *values: int) -> Leaf | None:
    return next(_leaves(db, f"{rest} LIMIT 1", *values), None)


def _leaves(db: sqlite3.Connection, rest: str, *values: int) -> Iterator[Leaf]:
    query = f"SELECT {_COLUMNS} FROM leaf WHERE chat = ? {rest}"  # noqa: S608 - only constants of this module
    for first, shown, gone, times, ids, texts in db.execute(query, values):
        yield Leaf(first, shown, gone, numbers(times), ids, texts)


def history(
    db: sqlite3.Connection, chat: Chat, *, newest: int | None, oldest: int | None, start: int, size: int, deleted: bool
) -> list[Message]:
    """See ``Store.history``."""
    number = chat_id(db, chat)
    if number is None:
        return []
    top = _before(db, number, newest, deleted=deleted) - max(0, start)
    bottom = max(0 if oldest is None else _before(db, number, oldest, deleted=deleted), top - size)
    return _page(db, number, bottom, top, deleted=deleted)


def count(db: sqlite3.Connection, chat: Chat, *, newest: int | None, oldest: int | None, deleted: bool) -> int:
    """See ``Store.count_history``."""
    number = chat_id(db, chat)
    if number is None:
        return 0
    bottom = 0 if oldest is None else _before(db, number, oldest, deleted=deleted)
    return max(0, _before(db, number, newest, deleted=deleted) - bottom)


def latest(
    db: sqlite3.Connection, chat: Chat, *, size: int, not_before: str | None, deleted: bool
) -> list[Message] | None:
    """See ``Store.latest``."""
    number, bottom = chat_id(db, chat), 0
    if not_before is not None:
        found = None if number is None else find(db, number, not_before)
        if found is None:
            return None
        leaf, place = found
        bottom = leaf.rank(place, deleted=deleted)
    if number is None:
        return []
    top = _before(db, number, None, deleted=deleted)
    return _page(db, number, max(bottom, top - size), top, deleted=deleted)


def message(db: sqlite3.Connection, chat: Chat, message_id: str) -> Message | None:
    """See ``Store.message``."""
    number = chat_id(db, chat)
    found = None if number is None else find(db, number, message_id)
    if found is None:
        return None
    leaf, place = found
    return message_of(leaf.times[place], leaf.texts.split(b"\n")[place])


def last_time(db: sqlite3.Connection, number: int) -> int | None:
    """Return the moment of a chat's newest message."""
    row = db.execute("SELECT ends FROM leaf WHERE chat = ? ORDER BY first DESC LIMIT 1", (number,)).fetchone()
    return row[0] if row else None


def last_private(db: sqlite3.Connection, user_id: int) -> int | None:
    """See ``Store.last_private``."""
    last = "SELECT ends FROM leaf WHERE leaf.chat = chat.id ORDER BY first DESC LIMIT 1"
    ((moment,),) = db.execute(f"SELECT max(({last})) FROM chat WHERE owner = ?", (user_id,)).fetchall()  # noqa: S608 - no values
    return None if moment is None else int(moment)


def _before(db: sqlite3.Connection, number: int, moment: int | None, *, deleted: bool) -> int:
    """Return how many of a chat's messages come before a moment, all of them for None."""
    bound = MOST if moment is None else max(LEAST, min(moment, MOST))
    leaf = _leaf(db, "AND begins < ? ORDER BY begins DESC, first DESC", number, bound)
    return leaf.rank(bisect_left(leaf.times, bound), deleted=deleted) if leaf else 0


def _page(db: sqlite3.Connection, number: int, bottom: int, top: int, *, deleted: bool) -> list[Message]:
    """Return the messages of these ranks, the newest first."""
    if bottom >= top:
        return []
    among = (
        "first > ? AND first < ? ORDER BY first"
        if deleted
        else "visible > 0 AND shown > ? AND shown < ? ORDER BY shown"
    )
    leaves = _leaves(db, f"AND {among}", number, bottom - LEAF, top)
    ranked = (one for leaf in leaves for one in leaf.messages(deleted=deleted))
    return [message for rank, message in ranked if bottom <= rank < top][::-1]


def find(db: sqlite3.Connection, number: int, message_id: str) -> tuple[Leaf, int] | None:
    """Return the leaf of the message with an id, and its place there."""
    try:
        sought = UUID(message_id).bytes
    except ValueError:
        return None
    first = marks.find(db, number, sought)
    leaf = None if first is None else _leaf(db, "AND first = ?", number, first)
    return (leaf, marks.listed(leaf.ids).index(sought)) if leaf else None
