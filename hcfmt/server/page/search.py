"""Search over all messages of an archive, the newest hits first, in as many requests as it takes.

The index of the store tells blocks of messages that may match; the messages of these are read and decide. A request
reads a limited number of blocks: its ``next`` is the place from which the next one goes on, with hits or without.
"""

import heapq
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from hcfmt.server.page.documents import find_chat, key_of
from hcfmt.server.page.message_documents import MICROSECONDS, MessageDocuments
from hcfmt.server.page.search_query import Query, parse_query
from hcfmt.server.page.search_text import search_text
from hcfmt.server.store import Chat
from hcfmt.server.store.indexed_texts import indexed_text

if TYPE_CHECKING:
    from hcfmt.server.store import Store
    from hcfmt.server.store.message_finder import FoundMessage
    from hcfmt.server.store.search_index import Block

MOST_HITS = 200
"""Hits of one request at most."""

_MOST_BLOCKS = 300  # that one request reads, unless it would get nowhere
_EXCERPT, _BEFORE = 240, 60  # characters of a hit's text, and of these before the first mark
_CURSOR = re.compile(r"(-?[0-9]{1,18})-([0-9]{1,18})")
_END = (1 << 62, 0)


class _Hit(NamedTuple):
    """A message that matches, and its place in the order of hits: its time in microseconds, and its position."""

    time: int
    position: int
    found: "FoundMessage"
    document: dict[str, Any]


def is_cursor(text: str) -> bool:
    """Whether a text can be the ``next`` of a result."""
    return bool(_CURSOR.fullmatch(text))


def search(
    store: "Store", text: str, *, chat: str | None = None, before: str | None = None, count: int = 50
) -> dict[str, Any]:
    """Return hits of a query, the newest first; ``before`` is the ``next`` of an earlier result of the same query.

    ``chat`` is the key of the only chat to search; LookupError is raised for a key that no chat can have. ``total`` is
    known if all was searched at once.
    """
    query = parse_query(text)
    match = _CURSOR.fullmatch(before or "")
    end = (int(match[1]), int(match[2])) if match else _END
    only = find_chat(store, chat) if chat is not None else None
    count = max(1, min(count, MOST_HITS))
    blocks = store.finder.blocks(query.complete_words, query.beginnings, only) if query.needles else []
    hits, rest = _Search(store, query, only, end).run([block for block in blocks if block.oldest <= end[0]], count)
    shown = hits[:count]
    following = f"{shown[-1].time}-{shown[-1].position}" if len(hits) > count else rest
    return {
        "hits": [_document(query, hit) for hit in shown],
        "next": following,
        "total": len(hits) if following is None and before is None else None,
        "is_total_exact": following is None and before is None,
    }


class _Search:
    """One request: the messages that it reads, and which of them match."""

    def __init__(self, store: "Store", query: Query, only: Chat | None, end: tuple[int, int]) -> None:
        self._store = store
        self._query = query
        self._only = only
        self._end = end
        self._shown: dict[Chat, bool] = {}

    def run(self, blocks: "list[Block]", count: int) -> tuple[list[_Hit], str | None]:
        """Return the newest hits, up to one more than ``count``, and where to go on if not all blocks were read."""
        heap: list[_Hit] = []
        for number, block in enumerate(blocks):
            if len(heap) > count and block.newest < heap[0].time:
                break
            if number >= _MOST_BLOCKS and block.newest < self._end[0]:
                # What is newer than all of the rest is complete, and nothing else.
                newer = [hit for hit in heap if hit.time > block.newest]
                return sorted(newer, reverse=True), f"{block.newest + 1}-0"
            for hit in self._hits(block):
                heapq.heappush(heap, hit)
                if len(heap) > count + 1:
                    heapq.heappop(heap)
        return sorted(heap, reverse=True), None

    def _hits(self, block: "Block") -> Iterator[_Hit]:
        for found in self._store.finder.messages(block):
            time, record = found.message.time, found.message.record
            if (time, found.position) >= self._end or not self._query.may_match(
                indexed_text(found.message.kind, record)
            ):
                continue
            if self._is_shown(found.chat):
                (document,) = MessageDocuments(self._store, found.chat).documents([found.message], found.rank)
                if self._query.matches(search_text(document)):
                    yield _Hit(time, found.position, found, document)

    def _is_shown(self, chat: Chat) -> bool:
        """Whether a chat is to be searched; of the two copies of a pair's messages, the one that the page shows."""
        if chat not in self._shown:
            is_shown = chat.room is not None or find_chat(self._store, key_of(chat)) == chat
            self._shown[chat] = is_shown and self._only in {None, chat}
        return self._shown[chat]


def _document(query: Query, hit: _Hit) -> dict[str, Any]:
    text, marks = _excerpt(query, search_text(hit.document))
    return {
        "chat": key_of(hit.found.chat),
        "i": hit.found.rank,
        "time": hit.time // MICROSECONDS,
        "from": hit.document.get("from"),
        "name": hit.document.get("name", ""),
        "text": text,
        "marks": marks,
    }


def _excerpt(query: Query, text: str) -> tuple[str, list[tuple[int, int]]]:
    """Return the part of a text around the first mark, in one line, and the marks in it."""
    marks = query.marks(text)
    start = max(0, marks[0][0] - _BEFORE) if marks and len(text) > _EXCERPT else 0
    stop = start + _EXCERPT
    lead = "\u2026" if start else ""
    shown = lead + text[start:stop].replace("\n", " ") + ("\u2026" if stop < len(text) else "")
    by = len(lead) - start
    return shown, [(first + by, last + by) for first, last in marks if first >= start and last <= stop]
