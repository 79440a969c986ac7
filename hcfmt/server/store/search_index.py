"""The index of the words of an archive's messages, in blocks of 128: which blocks hold all words of a query.

It is made while an archive is loaded, for a tenth of the time. A block is a row of a full-text table of SQLite, which
holds neither the texts nor the places of words: whoever searches reads the messages of the blocks that are found.
Each process that loads an archive makes a table of its own, since such tables cannot be joined; they are numbered.
A SQLite without FTS5 makes none, and then every block is found.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import cache
from typing import NamedTuple

from hcfmt.server.store.search_words import words

BLOCK = 128
"""Messages of a block at most. They follow each other in one history."""

# The tokenizer takes ASCII letters and digits, and all other characters: ``words`` leaves only those of words.
_CREATE = """
CREATE VIRTUAL TABLE search_{part} USING fts5 (text, content = '', detail = none, columnsize = 0, tokenize = 'ascii')
"""
_SHADOWS = ("data", "idx", "config")
_INSERT_TEXT = "INSERT INTO search_0 (rowid, text) VALUES (?, ?)"
_INSERT_BLOCK = "INSERT INTO search_block VALUES (0, ?, ?, ?, ?, ?, ?, ?)"
_MERGE_BLOCKS = """
INSERT INTO search_block SELECT :part, id, first + :before, last + :before, oldest, newest, room, owner
FROM other.search_block
"""
_MATCHING = "part = {part} AND id IN (SELECT rowid FROM search_{part} WHERE search_{part} MATCH ?)"
_BLOCKS = """
SELECT first, last, oldest, newest FROM search_block
WHERE ({found}) AND room IS ifnull(?, room) AND owner IS ifnull(?, owner)
"""


class Block(NamedTuple):
    """A block: the positions of its first and its last message, the times of the oldest and the newest."""

    first: int
    last: int
    oldest: int
    newest: int


@cache
def has_full_text() -> bool:
    """Whether this SQLite has full-text tables."""
    with closing(sqlite3.connect(":memory:")) as db:
        return db.execute("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'").fetchone() is not None


def create(db: sqlite3.Connection) -> None:
    """Create the table of the process that loads an archive."""
    if has_full_text():
        db.execute(_CREATE.format(part=0))


def clear(db: sqlite3.Connection) -> None:
    """Delete what was written so far."""
    db.execute("DELETE FROM search_block")
    if has_full_text():
        db.execute("INSERT INTO search_0 (search_0) VALUES ('delete-all')")


def merge(db: sqlite3.Connection, part: int, before: int) -> None:
    """Add the index of the attached store ``other`` as a part, from 1.

    Its messages were added behind the position ``before``.
    """
    db.execute(_MERGE_BLOCKS, {"part": part, "before": before})
    if not has_full_text():
        return
    db.execute(_CREATE.format(part=part))
    for shadow in _SHADOWS:
        db.execute(f"DELETE FROM search_{part}_{shadow}")  # noqa: S608 - numbers and fixed names, here and below
        db.execute(f"INSERT INTO search_{part}_{shadow} SELECT * FROM other.search_0_{shadow}")  # noqa: S608


class IndexWriter:
    """Writes the blocks of one history."""

    def __init__(self, db: sqlite3.Connection, room: int | None, owner: int | None, before: int) -> None:
        """Take the store, the room or the user whose history it is, and the position of the message before it."""
        self._texts: list[str] = []  # of the messages that are in no block yet
        self._times: list[int] = []
        self._db = db
        self._history = (room, owner)
        self._before = before
        ((self._id,),) = db.execute("SELECT coalesce(max(id), 0) FROM search_block WHERE part = 0").fetchall()

    def add(self, texts: Sequence[str], times: Sequence[int]) -> None:
        """Add the texts and the times of the next messages, and write the blocks that are full."""
        self._texts += texts
        self._times += times
        self._write(len(self._texts) - len(self._texts) % BLOCK)

    def finish(self) -> None:
        """Write the last block."""
        self._write(len(self._texts))

    def _write(self, count: int) -> None:
        """Write the blocks of so many messages."""
        ranges = [range(start, min(start + BLOCK, count)) for start in range(0, count, BLOCK)]
        if has_full_text():
            self._db.executemany(_INSERT_TEXT, self._rows_of_texts(ranges))
        self._db.executemany(_INSERT_BLOCK, self._rows_of_blocks(ranges))
        self._id += len(ranges)
        self._before += count
        del self._texts[:count], self._times[:count]

    def _rows_of_texts(self, ranges: Sequence[range]) -> Iterator[tuple[int, str]]:
        for number, block in enumerate(ranges, self._id + 1):
            text = "\n".join(self._texts[block.start : block.stop])
            yield number, text if text.isascii() else words(text)

    def _rows_of_blocks(self, ranges: Sequence[range]) -> Iterator[tuple[int | None, ...]]:
        for number, block in enumerate(ranges, self._id + 1):
            times = self._times[block.start : block.stop]
            first = self._before + block.start + 1
            yield number, first, first + len(block) - 1, min(times), max(times), *self._history


def blocks(
    db: sqlite3.Connection, complete: Sequence[str], beginnings: Sequence[str], room: int | None, owner: int | None
) -> list[Block]:
    """Return the blocks that hold all of some words and all of some beginnings of words, the newest first.

    ``room`` or ``owner`` selects the blocks of one history. Both words and beginnings are as ``words`` returns them.
    """
    parts = db.execute("SELECT DISTINCT part FROM search_block").fetchall() if has_full_text() else []
    query = " AND ".join([*(f'"{word}"' for word in complete), *(f'"{word}"*' for word in beginnings)])
    found = " OR ".join(_MATCHING.format(part=part) for (part,) in parts) or "1"
    rows = db.execute(_BLOCKS.format(found=found), (*[query] * len(parts), room, owner))
    return sorted((Block(*row) for row in rows), key=lambda block: block.newest, reverse=True)
