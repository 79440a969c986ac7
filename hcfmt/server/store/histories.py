"""One history of the archive, written into the store while it is read: cut by chat, put in order of time, in leaves."""

import sqlite3
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from operator import itemgetter
from typing import Any

from hcfmt.container import Budget
from hcfmt.server.store import marks
from hcfmt.server.store.chats import LEAF, numbers
from hcfmt.server.store.lines import Lines

_HELD = 16 << 20  # bytes of messages' texts, before they are put in order and written
_LEAF_BYTES = 1 << 18  # a leaf of long messages holds fewer of them
_MARKED = 1 << 18  # messages that are in one run of marks at most

_DOUBLED = -1  # in place of a peer: nobody has that id

_Listed = tuple[Sequence[Any], ...]  # times, places, texts, ids, gone: columns of the same messages


@dataclass(slots=True)
class _Columns:
    """Messages that were not written yet."""

    times: list[int] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    texts: list[bytes] = field(default_factory=list)
    ids: list[bytes] = field(default_factory=list)
    gone: list[bool] = field(default_factory=list)

    def lists(self) -> "tuple[list[Any], ...]":
        return self.times, self.places, self.texts, self.ids, self.gone

    def add(self, more: _Listed) -> None:
        """Take over columns behind these."""
        for mine, new in zip(self.lists(), more, strict=True):
            mine.extend(new)

    def cut(self, stop: int) -> "_Columns":
        """Take away all before a place; return that."""
        taken = _Columns(*(column[:stop] for column in self.lists()))
        for column in self.lists():
            del column[:stop]
        return taken

    def until(self, time: int, place: int) -> int:
        """Return how many come before a moment and place, or at it."""
        stop = bisect_left(self.times, time)
        while stop < len(self.times) and self.times[stop] == time and self.places[stop] <= place:
            stop += 1
        return stop

    def in_order(self) -> "_Columns | None":
        """Return them in order of time, those of one moment in order of place; None when they are."""
        if sorted(self.times) == self.times:
            return None
        order = sorted(range(len(self.times)), key=self.times.__getitem__)
        pick = itemgetter(*order)
        return _Columns(*(list(pick(column)) for column in self.lists()))


@dataclass(slots=True)
class _Draft:
    """One chat as far as it is written: its number, how many messages, how many of them shown, the last one's time.

    ``runs`` are its ranks as far as they are in order; ``straight`` while place and time agree. ``marks`` are entries
    that are to be a run of marks, behind ``marked`` others.
    """

    chat: int
    held: _Columns = field(default_factory=_Columns)
    count: int = 0
    shown: int = 0
    last: int | None = None
    straight: bool = True
    runs: list[range] = field(default_factory=list)
    marks: list[bytes] = field(default_factory=list)
    marked: int = 0


class History:
    """Takes the messages of one history in the order of its file. ``doubled`` counts those whose id came before.

    Nothing that is held grows with the history but the ids, as long as they are within the budget's references: beyond
    that a repeated id is no longer noticed. Messages are marked when many were written, or all.
    """

    def __init__(
        self, db: sqlite3.Connection, budget: Budget, *, room: int | None = None, owner: int | None = None
    ) -> None:
        """Take where it is written, and whose it is: a room's, or a user's."""
        self._db = db
        self._budget = budget
        self._room = room
        self._owner = owner
        self._drafts: dict[int, _Draft] = {}
        self._seen: set[int] = set()
        self._place = 0
        self._weight = 0
        self._unmarked = 0
        self.doubled = 0

    def take(self, lines: Lines) -> None:
        """Take messages that follow those taken before. Raises Fault where too many people take part."""
        places = range(self._place, self._place + len(lines.ids))
        self._place += len(lines.ids)
        columns = (lines.times, places, lines.texts, lines.ids, lines.gone)
        for peer, chosen in _by_peer(self._peers(lines), columns):
            if peer == _DOUBLED:
                self.doubled += len(chosen[0])
                continue
            self._draft(peer).held.add(chosen)
        self._weight += sum(map(len, lines.texts))
        if self._weight > _HELD:
            self._flush()

    def end(self) -> None:
        """Write what is held, and put in order what came out of order."""
        self._flush()
        for draft in self._drafts.values():
            if len(draft.runs) > 1:
                _merge(self._db, draft)
                continue
            _mark(self._db, draft)
            if not draft.straight:
                self._db.execute("UPDATE chat SET straight = 0 WHERE id = ?", (draft.chat,))

    def _peers(self, lines: Lines) -> list[int]:
        """Return the peer of each message, ``_DOUBLED`` for one whose id came before."""
        peers, hashes = lines.peers, list(map(hash, lines.ids))
        new = set(hashes)
        if len(new) < len(hashes) or not self._seen.isdisjoint(new):
            first = {one: at for at, one in reversed(list(enumerate(hashes)))}
            fresh = (first[one] == at and one not in self._seen for at, one in enumerate(hashes))
            peers = [peer if is_fresh else _DOUBLED for peer, is_fresh in zip(peers, fresh, strict=True)]
        if len(self._seen) < self._budget.references:
            self._seen |= new
        return peers

    def _draft(self, peer: int) -> _Draft:
        if peer not in self._drafts:
            if len(self._drafts) >= self._budget.references:
                raise self._budget.exceeded("references", "different ids and file names in all records")
            values = (self._room, self._owner, None if self._owner is None else peer)
            made = self._db.execute("INSERT INTO chat (room, owner, peer, straight) VALUES (?, ?, ?, 1)", values)
            self._drafts[peer] = _Draft(made.lastrowid or 0)
        return self._drafts[peer]

    def _flush(self) -> None:
        self._weight = 0
        for draft in self._drafts.values():
            if draft.held.times:
                ordered = draft.held.in_order()
                draft.straight = draft.straight and ordered is None
                _write(self._db, draft, ordered or draft.held)
                self._unmarked += len(draft.held.times)
                draft.held = _Columns()
        if self._unmarked >= _MARKED:
            self._unmarked = 0
            for draft in self._drafts.values():
                _mark(self._db, draft)


def _by_peer(peers: Sequence[int], columns: _Listed) -> Iterator[tuple[int, _Listed]]:
    """Yield each peer with the columns of the messages that have it, which stay in their order."""
    counts = sorted(Counter(peers).items())
    if len(counts) > 1:
        order = sorted(range(len(peers)), key=peers.__getitem__)
        columns = tuple(list(map(column.__getitem__, order)) for column in columns)
    start = 0
    for peer, count in counts:
        yield peer, tuple(column[start : start + count] for column in columns)
        start += count


def _write(db: sqlite3.Connection, draft: _Draft, columns: _Columns) -> None:
    """Write messages that are in order behind those of a chat that are written."""
    if draft.last is None or columns.times[0] < draft.last:
        draft.straight = draft.straight and draft.last is None
        draft.runs.append(range(draft.count, draft.count))
    draft.last = columns.times[-1]
    start, texts = 0, columns.texts
    times, places = array("q", columns.times), array("q", columns.places)
    gone = bytes(columns.gone)
    are_short = max(map(len, texts)) * LEAF <= _LEAF_BYTES
    while start < len(texts):
        stop = min(start + LEAF, len(texts)) if are_short else _stop(texts, start)
        part = slice(start, stop)
        mine = columns.ids[part]
        three = (times[part], places[part], texts[part])
        write_leaf(db, draft.chat, draft.count, draft.shown, three, ids=mine, gone=gone[part])
        draft.marks += marks.entries(mine, draft.count)
        draft.count += stop - start
        draft.shown += gone.count(0, start, stop)
        start = stop
    draft.runs[-1] = range(draft.runs[-1].start, draft.count)


def _mark(db: sqlite3.Connection, draft: _Draft) -> None:
    if draft.marks:
        marks.write_run(db, draft.chat, draft.marked, draft.marks)
        draft.marked += len(draft.marks)
        draft.marks = []


def _stop(texts: list[bytes], start: int) -> int:
    """Return where a leaf ends: it holds so many messages and about so many bytes at most."""
    stop = min(start + LEAF, len(texts))
    while stop - start > 1 and sum(map(len, texts[start:stop])) > _LEAF_BYTES:
        stop = (start + stop) // 2
    return stop


def write_leaf(
    db: sqlite3.Connection,
    chat: int,
    first: int,
    shown: int,
    columns: tuple[Sequence[int], Sequence[int], Sequence[bytes]],
    *,
    ids: Sequence[bytes],
    gone: Sequence[int],
) -> None:
    """Write a row of the table of leaves, given times, places and texts."""
    times, places, texts = columns
    row = (
        *(chat, first, len(times), shown, gone.count(False), times[0], times[-1], bytes(gone)),
        *(array("q", times).tobytes(), array("q", places).tobytes(), b"".join(ids), b"\n".join(texts)),
    )
    db.execute(_INSERT, row)


_NAMES = "chat, first, count, shown, visible, begins, ends, gone, times, places, ids, texts"
_INSERT = f"INSERT INTO leaf ({_NAMES}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - names of columns


def _merge(db: sqlite3.Connection, draft: _Draft) -> None:
    """Write a chat's runs anew as one; the chat gets another number."""
    values = db.execute("SELECT room, owner, peer FROM chat WHERE id = ?", (draft.chat,)).fetchone()
    db.execute("UPDATE chat SET room = NULL, owner = NULL, peer = NULL WHERE id = ?", (draft.chat,))
    made = db.execute("INSERT INTO chat (room, owner, peer, straight) VALUES (?, ?, ?, 0)", values)
    merged, held = _Draft(made.lastrowid or 0, straight=False), _Columns()
    for piece in _merged([_leaves(db, draft.chat, run) for run in draft.runs]):
        held.add(piece.lists())
        if len(held.times) >= LEAF:
            _write(db, merged, held.cut(len(held.times) // LEAF * LEAF))
        if len(merged.marks) >= _MARKED:
            _mark(db, merged)
    if held.times:
        _write(db, merged, held)
    _mark(db, merged)
    drop_chat(db, draft.chat)


def _merged(runs: list[Iterator[_Columns]]) -> Iterator[_Columns]:
    """Yield what runs hold as pieces in order; no more is in memory than a leaf of each run.

    What is still to come of a run is behind all that is held of it. So of what is held nothing is missing up to the end
    that comes first.
    """
    held = [(run, leaf) for run in runs for leaf in islice(run, 1)]
    while held:
        time, place = min((leaf.times[-1], leaf.places[-1]) for _, leaf in held)
        piece, rest = _Columns(), []
        for run, leaf in held:
            piece.add(leaf.cut(leaf.until(time, place)).lists())
            rest += [(run, leaf)] if leaf.times else [(run, next_) for next_ in islice(run, 1)]
        held = rest
        yield piece.in_order() or piece  # runs follow each other in place, and so what is of one moment stays in order


def _leaves(db: sqlite3.Connection, chat: int, run: range) -> Iterator[_Columns]:
    at = run.start
    while at < run.stop:
        ((count, times, places, texts, ids, gone),) = db.execute(_ROWS, (chat, at)).fetchall()
        told = (numbers(times), numbers(places), texts.split(b"\n"), marks.listed(ids), map(bool, gone))
        yield _Columns(*map(list, told))
        at += count


_ROWS = "SELECT count, times, places, texts, ids, gone FROM leaf WHERE chat = ? AND first = ?"


def drop_chat(db: sqlite3.Connection, chat: int) -> None:
    """Delete a chat and its messages."""
    for table, column in (("mark", "chat"), ("leaf", "chat"), ("chat", "id")):
        db.execute(f"DELETE FROM {table} WHERE {column} = ?", (chat,))  # noqa: S608 - names from the line above
