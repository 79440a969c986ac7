"""In which leaf a message stands, by its id: sorted runs of ids, so that one is found without looking through all."""

import sqlite3
from bisect import bisect_left
from collections.abc import Sequence
from struct import Struct

ID = 16  # bytes
_SPELLED, _HYPHENS = 36, (8, 13, 18, 23)
_ONE = Struct(f"{ID}s")
_RANK = 8  # bytes of the rank of a leaf's first message, the higher ones first
_ENTRIES = 64  # in a row of the table
_WRITTEN = -1  # the run of the messages that were written since the store was filled, each in a row of its own

_INSERT = "INSERT INTO mark VALUES (?, ?, ?, ?)"
_RUN = "SELECT run FROM mark WHERE chat = ? AND run > ? ORDER BY run LIMIT 1"
_ROW = "SELECT entries FROM mark WHERE chat = ? AND run = ? AND least <= ? ORDER BY least DESC LIMIT 1"


def packed(ids: Sequence[str]) -> bytes:
    """Return UUIDs of 36 characters, 16 bytes each; ValueError or TypeError where one is none."""
    joined = "".join(ids)
    found = bytes.fromhex(joined.replace("-", ""))
    hyphens = {joined[at::_SPELLED] for at in _HYPHENS}
    # More hyphens than those in their places, or space, which fromhex passes over, would leave too few digits.
    if set(map(len, ids)) - {_SPELLED} or hyphens != {"-" * len(ids)} or len(found) != ID * len(ids):
        raise ValueError("An id is no UUID.")
    return found


def listed(ids: bytes) -> list[bytes]:
    """Return each of some ids that are packed."""
    return [one for (one,) in _ONE.iter_unpack(ids)]


def entries(ids: Sequence[bytes], first: int) -> list[bytes]:
    """Return the entries of a leaf's messages, given their ids and the rank of the first."""
    rank = first.to_bytes(_RANK, "big")
    return [one + rank for one in ids]


def write_run(db: sqlite3.Connection, chat: int, run: int, found: list[bytes]) -> None:
    """Write entries, in any order, as one run of a chat. Each run that a chat has costs a little whenever one seeks."""
    found.sort()
    rows = (found[at : at + _ENTRIES] for at in range(0, len(found), _ENTRIES))
    db.executemany(_INSERT, ((chat, run, row[0][:ID], b"".join(row)) for row in rows))


def write(db: sqlite3.Connection, chat: int, id_: bytes, first: int) -> None:
    """Write the mark of a message that is written now."""
    db.execute(_INSERT, (chat, _WRITTEN, id_, *entries([id_], first)))


def drop_written(db: sqlite3.Connection, above: int) -> None:
    """Delete the marks of all messages in leaves with an id above this one."""
    query = "DELETE FROM mark WHERE run = ? AND chat IN (SELECT chat FROM leaf WHERE id > ?)"
    db.execute(query, (_WRITTEN, above))


def find(db: sqlite3.Connection, chat: int, sought: bytes) -> int | None:
    """Return the rank of the first message of the leaf in which one of a chat stands; None where it has no such one."""
    run = _WRITTEN - 1
    while row := db.execute(_RUN, (chat, run)).fetchone():
        (run,) = row
        first = _in_row(db.execute(_ROW, (chat, run, sought)).fetchone(), sought)
        if first is not None:
            return first
    return None


def _in_row(row: tuple[bytes] | None, sought: bytes) -> int | None:
    if row is None:
        return None
    size = ID + _RANK
    known = [row[0][at : at + size] for at in range(0, len(row[0]), size)]
    at = bisect_left(known, sought)
    is_there = at < len(known) and known[at].startswith(sought)
    return int.from_bytes(known[at][ID:], "big") if is_there else None
