"""Finds messages by their words: the blocks of messages that may hold them, and the messages of a block."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple

from hcfmt.server.store import messages, search_index
from hcfmt.server.store.record_places import message_of_record
from hcfmt.server.store.search_index import Block
from hcfmt.server.store.values import Chat, Message

# The messages that were written since the archive was loaded: no index has them.
_WRITTEN = """
SELECT min(position), max(position), min(time), max(time) FROM message
WHERE position > (SELECT CAST(value AS INTEGER) FROM info WHERE key = 'last message')
"""
_OF_BLOCK = """
SELECT position, room, owner, peer, rank, time, record FROM message JOIN chat ON chat.id = chat
WHERE position >= ? AND position <= ?
"""


class FoundMessage(NamedTuple):
    """A message, its chat, its rank in the chat, and its position, which no other message has."""

    position: int
    chat: Chat
    rank: int
    message: Message


class MessageFinder:
    """Finds messages of all chats, each method in one transaction."""

    def __init__(self, reading: Callable[[], AbstractContextManager[sqlite3.Connection]]) -> None:
        """Take the method that gives a connection for reading."""
        self._reading = reading

    def blocks(self, complete: Sequence[str], beginnings: Sequence[str], chat: Chat | None = None) -> list[Block]:
        """Return the blocks that may hold messages with all words and beginnings of words, the newest first.

        Words are as ``hcfmt.server.store.search_words.words`` returns them. With ``chat`` the blocks are those of its
        history. The messages that were written since loading are a block of their own.
        """
        room, owner = (chat.room, chat.owner) if chat else (None, None)
        with self._reading() as db:
            found = search_index.blocks(db, complete, beginnings, room, owner)
            first, *rest = db.execute(_WRITTEN).fetchone()
        written = [] if first is None else [Block(first, *rest)]
        return sorted([*written, *found], key=lambda block: block.newest, reverse=True)

    def message_of_record(self, directory: str, key: int, record: int) -> tuple[Chat, str] | None:
        """Return the chat and the id of the message that a record of the archive became; None where none is known.

        The history is told by its directory, "rooms" or "users", and the id of its room or user.
        """
        with self._reading() as db:
            return message_of_record(db, directory, key, record)

    def messages(self, block: Block) -> Iterator[FoundMessage]:
        """Yield the messages of a block, in the order of the archive."""
        with self._reading() as db:
            rows = db.execute(_OF_BLOCK, (block.first, block.last))
            for position, room, owner, peer, rank, time, record in rows:
                yield FoundMessage(position, Chat(room, owner, peer), rank, messages.message_of(time, record))
