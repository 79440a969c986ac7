"""The index of the messages of a static page: their times, and the search index, which has their ids, too."""

from collections.abc import Iterator, Sequence
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

from hcfmt.server.page.search_text import search_text
from hcfmt.server.page.static_export.data_scripts import DataScripts
from hcfmt.server.page.static_export.numbers import numbers_text, signed
from hcfmt.server.page.static_export.search_index import SearchIndex
from hcfmt.server.store.search_words import words

_LONGEST = 32  # characters of a word; the page compares longer ones with the messages it finds
_TIMES = 1 << 14  # in one file


class MessageIndex:
    """Takes the messages of all chats, chat by chat, the oldest first, and numbers them in this order."""

    def __init__(self, data: DataScripts, work: Path) -> None:
        """Take the writer of files, and a private directory for temporary ones."""
        self.count = 0
        self._data = data
        self._search = SearchIndex(work)
        self._times: list[int] = []

    def close(self) -> None:
        """Close the temporary files."""
        self._search.close()

    def add(self, messages: Sequence[dict[str, Any]]) -> None:
        """Add the next messages."""
        for number, message in enumerate(messages, self.count):
            found = {word[:_LONGEST] for word in words(search_text(message)).split()}
            found.add(_id_word(message.get("id", "")))
            self._search.add(number, found)
        self.count += len(messages)
        self._times.extend(message["time"] for message in messages)
        while len(self._times) >= _TIMES:
            self._write_times()

    def write(self) -> None:
        """Write what is left, the search index, and the file ``index``: sizes, and where each word is."""
        if self._times:
            self._write_times()
        self._data.write("index", {"times": _TIMES, "shards": self._search.write(self._data.write)})

    def _write_times(self) -> None:
        times, self._times = self._times[:_TIMES], self._times[_TIMES:]
        at = (self.count - len(self._times) - 1) // _TIMES  # of the last number
        self._data.write(f"times/{at}", numbers_text(signed(_steps(times))))


def _id_word(message_id: str) -> str:
    """Return the word by which a message is found by its id: few messages have it in common."""
    return f"#{message_id[:2]}{message_id[-2:]}"


def _steps(times: Sequence[int]) -> Iterator[int]:
    return (later - earlier for earlier, later in pairwise(chain((0,), times)))
