"""Writes one history of the archive into the table of messages, and ranks its messages by time."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from hcfmt.container import Budget
from hcfmt.server.store import participants
from hcfmt.server.store.decoder import MessageBatch
from hcfmt.server.store.messages import INSERT
from hcfmt.server.store.search_index import IndexWriter

_NEVER = -(1 << 63)  # before every time
# Ranks the messages behind a position; SQLite sorts more of them than fit into memory.
_RANK_BY_TIME = """
UPDATE message SET rank = sorted.rank, visible_rank = sorted.visible_rank FROM (
    SELECT position, count(*) OVER older AS rank, count(*) FILTER (WHERE NOT deleted) OVER older AS visible_rank
    FROM message WHERE position > ?
    WINDOW older AS (
        PARTITION BY chat ORDER BY time, position ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
) AS sorted WHERE message.position = sorted.position
"""


@dataclass(slots=True)
class _Chat:
    """A chat of the history: the id of its row, the numbers of its messages so far, the time of the last one."""

    id: int
    count: int = 0
    visible: int = 0
    last_time: int = _NEVER


class HistoryLoader:
    """Writes the messages of one history in the order of its file, without those whose id the history already has.

    ``repeated`` counts those. Only ids are held in memory, no more than the budget's ``references``: a repetition of
    a later id is not noticed, nor another user who wrote.
    """

    def __init__(
        self, db: sqlite3.Connection, budget: Budget, *, room: int | None = None, owner: int | None = None
    ) -> None:
        """Take the store, the limits, and the room or the user whose history it is."""
        self._db = db
        self._budget = budget
        self._room = room
        self._owner = owner
        self._key = ("rooms", room) if owner is None else ("users", owner)
        self._chats: dict[int, _Chat] = {}
        self._ids: set[int] = set()
        self._written: dict[int, int] = {}  # the time of each user's newest message
        self._is_sorted = True
        self._skipped: list[int] = []
        self._is_countable = True
        ((self._before,),) = db.execute("SELECT coalesce(max(position), 0) FROM message")
        self._index = IndexWriter(db, room, owner, self._before)
        self.repeated = 0

    def add(self, batch: MessageBatch, first: int) -> None:
        """Write the next messages of the history, whose records have the indices from ``first`` on in its list.

        Raises Fault for a history with too many peers.
        """
        repeated: set[int] = set()
        self._db.executemany(INSERT, self._rows(batch, repeated))
        if not repeated:
            self._index.add(batch.texts, batch.times)
            return
        for at in sorted(repeated):
            self.skip(first + at)
        kept = [at for at in range(len(batch.ids)) if at not in repeated]
        self._index.add([batch.texts[at] for at in kept], [batch.times[at] for at in kept])

    def skip(self, record: int) -> None:
        """Note a record that is no message of the store, by its index in the list.

        Of too many to be noted, the history forgets where it begins, so that nothing is counted from there.
        """
        if len(self._skipped) < self._budget.references:
            self._skipped.append(record)
        else:
            self._is_countable = False

    def finish(self) -> None:
        """Rank the messages by time, unless they were in order of time already, and note who wrote them."""
        room = participants.PRIVATE if self._room is None else self._room
        participants.add_writers(self._db, room, self._written)
        self._index.finish()
        self._db.executemany("INSERT INTO skipped VALUES (?, ?, ?)", ((*self._key, at) for at in self._skipped))
        if not self._is_countable:
            self._db.execute("UPDATE history SET before = NULL WHERE directory = ? AND id = ?", self._key)
        if not self._is_sorted:
            self._db.execute(_RANK_BY_TIME, (self._before,))

    def _rows(self, batch: MessageBatch, repeated: set[int]) -> Iterator[tuple[int | str | bytes, ...]]:
        """Yield the rows of the messages, ranked by their order in the history."""
        chats, known_ids, limit = self._chats, self._ids, self._budget.references
        written = self._written
        columns = (batch.peers, batch.times, batch.ids, batch.deleted, batch.records, batch.writers)
        for at, (peer, time, id_, deleted, record, writer) in enumerate(zip(*columns, strict=True)):
            key = hash(id_)  # takes less memory than the id
            if key in known_ids:
                self.repeated += 1
                repeated.add(at)
                continue
            if len(known_ids) < limit:
                known_ids.add(key)
            if writer and time > written.get(writer, _NEVER) and (writer in written or len(written) < limit):
                written[writer] = time
            chat = chats.get(peer) or self._new_chat(peer)
            yield chat.id, chat.count, chat.visible, time, id_, deleted, record
            if time < chat.last_time:
                self._is_sorted = False
            chat.last_time = time
            chat.count += 1
            chat.visible += 1 - deleted

    def _new_chat(self, peer: int) -> _Chat:
        if len(self._chats) >= self._budget.references:
            raise self._budget.exceeded("references", "different ids and file names in all records")
        values = (self._room, self._owner, None if self._owner is None else peer)
        inserted = self._db.execute("INSERT INTO chat (room, owner, peer) VALUES (?, ?, ?)", values)
        self._chats[peer] = _Chat(inserted.lastrowid or 0)
        return self._chats[peer]
