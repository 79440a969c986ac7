"""Exports the present state of a store: the members of an archive, in the JSON of HipChat's encoder."""

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import orjson

from hcfmt.export.go_json import go_json, go_list
from hcfmt.export.writer import Entry, spooled
from hcfmt.server.store.database import decode_json, encode_json
from hcfmt.server.store.files import SERVER_DIRECTORY, chunk_count

_DOCUMENTS = ("metadata", "preferences")
_HISTORIES = (("users", "owner", "user"), ("rooms", "room", "room"))  # directory, column of chat, table
_IDS_WITH_HISTORY = """
SELECT id FROM {table} WHERE id IN (SELECT id FROM history WHERE directory = ?)
OR id NOT IN (SELECT id FROM archive_{table}) OR id IN (SELECT {column} FROM chat) ORDER BY position
"""


def entries(db: sqlite3.Connection, beside: Path) -> Iterator[Entry]:
    """Yield every member, in a transaction that the caller keeps open; use each before the next is asked for.

    A data file is in a temporary file in the directory ``beside`` meanwhile, which is the store's own: no other
    directory needs room for it, or gets to see it.
    """
    for path, parts in _data_files(db):
        yield from spooled(path, parts, beside)
    yield from _stored_files(db)


def _data_files(db: sqlite3.Connection) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Yield the path of each data file with its text."""
    yield "autojoins.json", _object("AutoJoins", _records(db, "autojoin"))
    yield "emoticons.json", _object("Emoticons", _emoticons(db))
    documents = dict(db.execute("SELECT name, value FROM data_file"))
    for name in _DOCUMENTS:
        yield f"{name}.json", [go_json(orjson.Fragment(documents.get(name, b"{}")))]
    yield "rooms.json", go_list({"Room": record} for record in _records(db, "room"))
    yield "users.json", go_list({"User": record} for record in _records(db, "user"))
    for directory, column, table in _HISTORIES:
        for (key,) in db.execute(_IDS_WITH_HISTORY.format(table=table, column=column), (directory,)).fetchall():
            yield f"{directory}/{key}/history.json", go_list(_messages(db, column, key))


def _records(db: sqlite3.Connection, table: str) -> Iterator[orjson.Fragment]:
    rows = db.execute(f"SELECT record FROM {table} ORDER BY position")  # noqa: S608 - one of four names
    return (orjson.Fragment(record) for (record,) in rows)


def _emoticons(db: sqlite3.Connection) -> Iterator[orjson.Fragment]:
    """Yield the emoticons; the first user stands for an unknown one, as hc-migrate names the user of each."""
    ((user,),) = db.execute("SELECT min(id) FROM user")
    for (text,) in db.execute("SELECT record FROM emoticon ORDER BY position"):
        record = decode_json(text)
        is_known = record.get("user_id", user) is not None
        yield orjson.Fragment(text if is_known else encode_json({**record, "user_id": user}))


def _messages(db: sqlite3.Connection, column: str, key: int) -> Iterator[orjson.Fragment]:
    """Return the messages of one history, in the order of the archive.

    SQLite sorts only their positions, in memory: with the records it would need a temporary file of its own.
    """
    chats = f"SELECT id FROM chat WHERE {column} = ?"  # noqa: S608 - one of two names
    positions = f"SELECT position FROM message WHERE chat IN ({chats})"  # noqa: S608 - the same
    rows = db.execute(f"SELECT record FROM message WHERE position IN ({positions}) ORDER BY position", (key,))  # noqa: S608 - the same
    return (orjson.Fragment(record) for (record,) in rows)


def _object(key: str, records: Iterable[object]) -> Iterator[bytes]:
    """Yield the text of a JSON object with one key, whose value is a list of records."""
    return chain([b'{"%b":' % key.encode()], go_list(records), [b"}"])


def _stored_files(db: sqlite3.Connection) -> Iterator[Entry]:
    last = 0
    query = "SELECT id, path, size, first_chunk FROM file WHERE id > ? ORDER BY id LIMIT 1"
    while row := db.execute(query, (last,)).fetchone():
        last, path, size, first_chunk = row
        if not path.startswith(SERVER_DIRECTORY):
            chunks = range(first_chunk, first_chunk + chunk_count(size))
            yield Entry(path, size, (_chunk(db, chunk_id) for chunk_id in chunks))


def _chunk(db: sqlite3.Connection, chunk_id: int) -> bytes:
    ((data,),) = db.execute("SELECT data FROM chunk WHERE id = ?", (chunk_id,)).fetchall()
    return bytes(data)
