"""Reads chats as a page shows them: all of them with their counts, their messages by rank, their files."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import NamedTuple

from hcfmt.export.image_sizes import IMAGE_HEAD, image_size
from hcfmt.server.store import files, messages
from hcfmt.server.store.file_addresses import file_at
from hcfmt.server.store.values import Chat, Message, StoredFile

# The index of (chat, time, rank) alone answers it. A chat's row is written with its first message.
_SUMMARIES = """
SELECT room, owner, peer,
    (SELECT time FROM message WHERE chat = chat.id ORDER BY time, rank LIMIT 1),
    (SELECT time FROM message WHERE chat = chat.id ORDER BY time DESC, rank DESC LIMIT 1),
    (SELECT rank + 1 FROM message WHERE chat = chat.id ORDER BY time DESC, rank DESC LIMIT 1)
FROM chat ORDER BY id
"""
_BY_RANK = "SELECT time, record FROM message WHERE chat = ? AND rank >= ? AND rank < ? ORDER BY rank"
_FILES = 1_000  # that are read at once


class ChatSummary(NamedTuple):
    """A chat with the times of its oldest and its newest message, and the number of all, deleted ones too.

    As in ``Chat``, there is a ``room``, or ``owner`` and ``peer``.
    """

    room: int | None
    owner: int | None
    peer: int | None
    first: int
    last: int
    messages: int


class ChatReader:
    """Reads chats, each method in one transaction. A message's rank is the number of older messages in its chat."""

    def __init__(self, reading: Callable[[], AbstractContextManager[sqlite3.Connection]]) -> None:
        """Take the method that gives a connection for reading."""
        self._reading = reading

    def summaries(self) -> list[ChatSummary]:
        """Return every chat that has messages."""
        with self._reading() as db:
            return [ChatSummary(*row) for row in db.execute(_SUMMARIES)]

    def pair(self, user_id: int, other_id: int) -> Chat:
        """Return the chat of two users that has more messages, of two equally long ones that of ``user_id``."""
        chats = [Chat(owner=user_id, peer=other_id), Chat(owner=other_id, peer=user_id)]
        with self._reading() as db:
            counts = [messages.ranks_at(db, messages.find_chat(db, chat), None)[0] for chat in chats]
        return chats[counts[1] > counts[0]]

    def by_rank(self, chat: Chat, first: int, size: int, most_bytes: int) -> list[Message]:
        """Return up to ``size`` messages from the rank ``first`` on, the oldest first.

        There are fewer if the records have more than ``most_bytes`` bytes, but at least one if the chat has one.
        """
        page: list[Message] = []
        with self._reading() as db:
            for time, record in db.execute(_BY_RANK, (messages.find_chat(db, chat), first, first + size)):
                page.append(messages.message_of(time, record))
                most_bytes -= len(record)
                if most_bytes <= 0:
                    break
        return page

    def rank_at(self, chat: Chat, time: int) -> int:
        """Return the number of messages older than a time, in microseconds since 1970 UTC."""
        with self._reading() as db:
            return messages.ranks_at(db, messages.find_chat(db, chat), time)[0]

    def rank_of(self, chat: Chat, message_id: str) -> int | None:
        """Return the rank of a message by its id, in any letter case; None for an unknown id."""
        with self._reading() as db:
            return messages.rank_of(db, messages.find_chat(db, chat), message_id)

    def files(self, paths: Iterable[str]) -> Mapping[str, StoredFile]:
        """Return those stored files that exist, by the paths they are asked for, which may be HipChat's addresses."""
        with self._reading() as db:
            found = ((path, file_at(db, path)) for path in paths)
            return {path: file for path, file in found if file}

    def all_files(self) -> Iterator[StoredFile]:
        """Yield the archive's stored files, in its order."""
        last = 0
        while page := self._files_after(last):
            yield from page
            last = page[-1].id

    def _files_after(self, last: int) -> list[StoredFile]:
        with self._reading() as db:
            return files.after(db, last, _FILES)

    def image_size(self, file: StoredFile) -> tuple[int, int] | None:
        """Return the width and height in pixels of a stored image; None for any other file."""
        with self._reading() as db:
            return image_size(files.head(db, file, IMAGE_HEAD))
