"""Stored files: their bytes in chunks of 1 MiB, their paths as keys that never reach a file system."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager

from hcfmt.server.store.values import StoredFile

CHUNK = 1 << 20  # bytes
SERVER_DIRECTORY = "own/"
"""The directory of files that only the server has, and no export: no path of an archive begins with it."""

_AFTER = """
SELECT id, path, size, type, first_chunk FROM file WHERE id > ? AND substr(path, 1, ?) <> ? ORDER BY id LIMIT ?
"""
_DELETE_CHUNKS = """
DELETE FROM chunk WHERE id >= ? AND id < ? AND NOT EXISTS (SELECT * FROM file WHERE first_chunk = ?)
AND id > (SELECT CAST(value AS INTEGER) FROM info WHERE key = 'last chunk')
"""


def add_chunks(db: sqlite3.Connection, parts: Iterable[bytes]) -> tuple[int, int]:
    """Store bytes; return the id of their first chunk (0 for no bytes) and their size."""
    first = size = 0
    for chunk in _chunks_of(parts):
        chunk_id = db.execute("INSERT INTO chunk (data) VALUES (?)", (chunk,)).lastrowid or 0
        first, size = first or chunk_id, size + len(chunk)
    return first, size


def _chunks_of(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Yield bytes in chunks of the same size, of which the last may be shorter."""
    pending: list[bytes] = []
    size = 0
    for part in parts:
        pending.append(part)
        size += len(part)
        if size >= CHUNK:
            data = b"".join(pending)
            yield from (data[at : at + CHUNK] for at in range(0, size - CHUNK + 1, CHUNK))
            pending = [data[size - size % CHUNK :]]
            size %= CHUNK
    if size:
        yield b"".join(pending)


def add_file(db: sqlite3.Connection, path: str, type_: str, first_chunk: int, size: int) -> StoredFile:
    """Give stored bytes a path and a media type, in place of a file of that path."""
    row = (path, size, type_, first_chunk)
    inserted = db.execute("INSERT OR REPLACE INTO file (path, size, type, first_chunk) VALUES (?, ?, ?, ?)", row)
    return _file(inserted.lastrowid or 0, *row)


def find(db: sqlite3.Connection, column: str, key: str | int) -> StoredFile | None:
    """Return a file by its path or its id."""
    query = f"SELECT id, path, size, type, first_chunk FROM file WHERE {column} = ?"  # noqa: S608 - one of two names
    row = db.execute(query, (key,)).fetchone()
    return _file(*row) if row else None


def after(db: sqlite3.Connection, file_id: int, size: int) -> list[StoredFile]:
    """Return up to ``size`` files by ascending id, all above ``file_id``, without those that only the server has."""
    rows = db.execute(_AFTER, (file_id, len(SERVER_DIRECTORY), SERVER_DIRECTORY, size))
    return [_file(*row) for row in rows]


def delete(db: sqlite3.Connection, paths: Iterable[str]) -> None:
    """Delete files, with their bytes unless the archive has them: a reset restores the archive's files."""
    found = [file for path in paths if (file := find(db, "path", path))]
    db.executemany("DELETE FROM file WHERE id = ?", [(file.id,) for file in found])
    ranges = [(file.first_chunk, file.first_chunk + chunk_count(file.size), file.first_chunk) for file in found]
    db.executemany(_DELETE_CHUNKS, ranges)


def chunk_count(size: int) -> int:
    """Return the number of chunks of a file of so many bytes."""
    return -(-size // CHUNK)


def _file(file_id: int, path: str, size: int, type_: str, first_chunk: int) -> StoredFile:
    return StoredFile(file_id, path, path.rpartition("/")[2], size, type_, first_chunk)


def read(
    reading: Callable[[], AbstractContextManager[sqlite3.Connection]], file: StoredFile, start: int, stop: int | None
) -> Iterator[bytes]:
    """See ``Store.read_file``."""
    stop = file.size if stop is None else min(stop, file.size)
    while start < stop:
        with reading() as db:
            part = _read_part(db, file, start, stop)
        if not part:
            raise LookupError("The file is gone.")
        yield part
        start += len(part)


def head(db: sqlite3.Connection, file: StoredFile, size: int) -> bytes:
    """Return the first bytes of a file, up to ``size``, which is up to a chunk."""
    row = db.execute("SELECT substr(data, 1, ?) FROM chunk WHERE id = ?", (size, file.first_chunk)).fetchone()
    return bytes(row[0]) if row else b""


def _read_part(db: sqlite3.Connection, file: StoredFile, start: int, stop: int) -> bytes:
    """Return the bytes of a file from ``start`` to ``stop`` or to the chunk's end; no bytes for a deleted file."""
    offset = start % CHUNK
    row = db.execute("SELECT data FROM chunk WHERE id = ?", (file.first_chunk + start // CHUNK,)).fetchone()
    return bytes(row[0][offset : offset + stop - start]) if row else b""
