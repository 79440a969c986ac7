"""The search index of a static page: every word with the numbers of the messages that have it, in many small files.

Messages come in the order of their numbers, and words are gathered in memory until there are many. Then the list of
each word is written as a row of a temporary database, which puts the rows in order when all messages are known.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from hcfmt.server.page.static_export.numbers import increasing_text, numbers_text

_MEMORY = 48 << 20  # bytes of gathered words
_WORD, _NUMBER = 250, 8  # bytes that a word takes there, and a number in its list
_ROW = 1 << 15  # numbers in a row
_LIST = 1 << 17  # characters of a list in one file; a longer one goes on in the next
_SHARD = 1 << 18  # characters of a file, from which on it is complete
_COLUMNS = "word BLOB, run INTEGER, first INTEGER, last INTEGER, rest TEXT"
_PRAGMAS = ("journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE", "cache_size = -16384")

Row = tuple[bytes, int, int, int, str]
Write = Callable[[str, Any], None]


class SearchIndex:
    """Takes the words of messages, message by message, then writes the index."""

    def __init__(self, directory: Path) -> None:
        """Create the temporary database in a private directory."""
        self._db = sqlite3.connect(directory / "words.sqlite", isolation_level=None)
        for pragma in _PRAGMAS:
            self._db.execute(f"PRAGMA {pragma}").close()
        self._db.execute(f"CREATE TABLE list ({_COLUMNS}, PRIMARY KEY (word, run, first)) WITHOUT ROWID")
        self._gathered: defaultdict[str, list[int]] = defaultdict(list)
        self._numbers = self._run = 0

    def add(self, number: int, words: Collection[str]) -> None:
        """Add the words of a message, each once, whose number is above those of all before."""
        for word in words:
            self._gathered[word].append(number)
        self._numbers += len(words)
        if self._numbers * _NUMBER + len(self._gathered) * _WORD > _MEMORY:
            self._flush()

    def close(self) -> None:
        """Close the temporary database, which its directory deletes."""
        self._db.close()

    def write(self, write: Write) -> list[str]:
        """Write the files ``search/0`` and so on; return the first word of each."""
        self._flush()
        firsts: list[str] = []
        for words, lists in _shards(self._lists()):
            write(f"search/{len(firsts)}", {"words": words, "lists": lists})
            firsts.append(words[0])
        return firsts

    def _flush(self) -> None:
        self._db.execute("BEGIN")
        self._db.executemany("INSERT INTO list VALUES (?, ?, ?, ?, ?)", self._rows())
        self._db.execute("COMMIT")
        self._gathered.clear()
        self._numbers = 0
        self._run += 1

    def _rows(self) -> Iterator[Row]:
        # In the order of UTF-16, as JavaScript compares texts; and in order, rows are inserted faster.
        for key, word in sorted((word.encode("utf-16-be"), word) for word in self._gathered):
            numbers = self._gathered[word]
            for at in range(0, len(numbers), _ROW):
                first, *rest = numbers[at : at + _ROW]
                yield key, self._run, first, rest[-1] if rest else first, increasing_text(rest, first)

    def _lists(self) -> Iterator[tuple[str, str]]:
        """Yield each word in order with the text of its list, a long one in several parts."""
        rows = self._db.execute("SELECT word, first, last, rest FROM list ORDER BY word, run, first")
        for key, of_word in groupby(rows, itemgetter(0)):
            word, text, before = key.decode("utf-16-be"), "", 0
            for _, first, last, rest in of_word:
                text += numbers_text([first - before]) + rest
                before = last
                if len(text) > _LIST:
                    yield word, text
                    text, before = "", 0
            if text:
                yield word, text


def _shards(lists: Iterable[tuple[str, str]]) -> Iterator[tuple[list[str], list[str]]]:
    """Yield words with their lists, as many as one file has."""
    words: list[str] = []
    texts: list[str] = []
    size = 0
    for word, text in lists:
        words.append(word)
        texts.append(text)
        size += len(word) + len(text)
        if size >= _SHARD:
            yield words, texts
            words, texts, size = [], [], 0
    if words:
        yield words, texts
