"""The present state of a store as the members of an export, in the form of Go's encoder."""

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import chain
from tempfile import SpooledTemporaryFile

import orjson

from hcfmt.errors import UsageError
from hcfmt.export.go_json import go_json, go_list
from hcfmt.export.writer import Entry
from hcfmt.server.store.files import OWN, PIECE

_CHUNK = 1 << 18  # bytes
_DOCUMENTS = ("metadata", "preferences")
_TREES = (("users", "owner", "person"), ("rooms", "room", "room"))


def entries(db: sqlite3.Connection) -> Iterator[Entry]:
    """Yield every member; each must be used before the next is asked for. A transaction must be open all the while."""
    yield from _whole("autojoins.json", _around("AutoJoins", _records(db, "autojoin")))
    yield from _whole("emoticons.json", _around("Emoticons", _records(db, "emoticon")))
    known = dict(db.execute("SELECT name, value FROM document"))
    for name in _DOCUMENTS:
        yield from _whole(f"{name}.json", [go_json(orjson.Fragment(known.get(name, b"{}")))])
    yield from _whole("rooms.json", go_list({"Room": record} for record in _records(db, "room")))
    yield from _whole("users.json", go_list({"User": record} for record in _records(db, "person")))
    for tree, column, table in _TREES:
        for (number,) in db.execute(_WITH_HISTORY.format(table=table, column=column), (tree,)).fetchall():
            yield from _whole(
                f"{tree}/{number}/history.json", go_list(map(orjson.Fragment, _messages(db, column, number)))
            )
    yield from _files(db)


_WITH_HISTORY = """
SELECT id FROM {table} WHERE id IN (SELECT id FROM history WHERE tree = ?)
OR id NOT IN (SELECT id FROM first_{table}) OR id IN (SELECT {column} FROM chat) ORDER BY place
"""


def _records(db: sqlite3.Connection, table: str) -> Iterator[orjson.Fragment]:
    rows = db.execute(f"SELECT record FROM {table} ORDER BY place")  # noqa: S608 - one of four names
    return (orjson.Fragment(record) for (record,) in rows)


def _around(key: str, records: Iterable[object]) -> Iterator[bytes]:
    return chain([b'{"%b":' % key.encode()], go_list(records), [b"}"])


def _messages(db: sqlite3.Connection, column: str, number: int) -> Iterator[bytes]:
    """Yield the texts of a history's messages in the order of the archive."""
    chats = f"SELECT id FROM chat WHERE {column} = ?"  # noqa: S608 - one of two names
    rows = db.execute(f"SELECT record FROM message WHERE chat IN ({chats}) ORDER BY position", (number,))  # noqa: S608 - the same
    return (record for (record,) in rows)


def _whole(path: str, chunks: Iterable[bytes]) -> Iterator[Entry]:
    """Put a member's text aside first, because its size comes before it."""
    try:
        with SpooledTemporaryFile(max_size=_CHUNK, prefix="hcfmt-") as file:
            file.writelines(chunks)
            size = file.tell()
            file.seek(0)
            yield Entry(path, size, iter(lambda: file.read(_CHUNK), b""))
    except OSError as error:
        raise UsageError(f"The temporary directory cannot hold a data file: {error.strerror}.") from None


def _files(db: sqlite3.Connection) -> Iterator[Entry]:
    last = 0
    while row := db.execute(
        "SELECT id, path, size, piece FROM file WHERE id > ? ORDER BY id LIMIT 1", (last,)
    ).fetchone():
        last, path, size, piece = row
        if path.startswith(OWN):
            continue
        pieces = range(piece, piece + -(-size // PIECE))
        yield Entry(path, size, (_piece(db, one) for one in pieces))


def _piece(db: sqlite3.Connection, piece: int) -> bytes:
    ((data,),) = db.execute("SELECT data FROM piece WHERE id = ?", (piece,)).fetchall()
    return bytes(data)
