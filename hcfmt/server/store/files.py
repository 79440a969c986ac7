"""Stored files: bytes in pieces of 1 MiB, under paths that are only keys."""

import re
import secrets
import sqlite3
import string
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import PurePosixPath

from hcfmt.export.layout import DATA_NAMES
from hcfmt.server.store.values import StoredFile

PIECE = 1 << 20  # bytes
UNKNOWN = "application/octet-stream"
OWN = "own/"
"""What the paths begin with of files that are the server's own and in no export: none of an archive's begins so."""

# Not the machine's own table, so that an answer is the same everywhere.
_TYPES = {
    "avi": "video/x-msvideo",
    "bmp": "image/bmp",
    "csv": "text/csv",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "gif": "image/gif",
    "gz": "application/gzip",
    "htm": "text/html",
    "html": "text/html",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "json": "application/json",
    "log": "text/plain",
    "md": "text/markdown",
    "mov": "video/quicktime",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "ogg": "audio/ogg",
    "pdf": "application/pdf",
    "png": "image/png",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "svg": "image/svg+xml",
    "tar": "application/x-tar",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "txt": "text/plain",
    "wav": "audio/wav",
    "webp": "image/webp",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
    "zip": "application/zip",
}
_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f"*/:<>?\\|\u202a-\u202e\u2066-\u2069]')
_ODD = re.compile(r"[\\\x00-\x1f\x7f-\x9f]|^[A-Za-z]:|^/|(^|/)\.\.(/|$)")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)", re.IGNORECASE)
_LETTERS = string.ascii_letters + string.digits
_SLUG = 15  # characters of the directory of an upload
_STEM = 120  # bytes of a file's name without its extension
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,16}")


def is_unsafe(path: str) -> bool:
    """Whether a member's path is absolute, climbs, holds control characters or a backslash, or was no UTF-8."""
    return bool(_ODD.search(path)) or any("\ud800" <= one <= "\udfff" for one in path)


def type_of(path: str) -> str:
    """Return the media type that a name's extension tells."""
    return _TYPES.get(PurePosixPath(path).suffix[1:].lower(), UNKNOWN)


def slug() -> str:
    """Return 15 letters and digits that nobody can guess, as the directories of uploads are named (facts 1.5)."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_SLUG))


def safe_name(name: str) -> str:
    """Return a file's name for an export, as close to the one that somebody gave it as every file system allows."""
    base = unicodedata.normalize("NFC", name.replace("\\", "/").rstrip("/").rpartition("/")[2])
    base = _UNSAFE.sub("_", base.encode("utf-8", "ignore").decode()).strip(" .")
    suffix = PurePosixPath(base).suffix
    suffix = suffix if _SUFFIX.fullmatch(suffix) else ""
    stem = base.removesuffix(suffix).encode()[:_STEM].decode("utf-8", "ignore").strip(" .") or "file"
    whole = stem + suffix
    return f"_{whole}" if _RESERVED.match(whole) or whole.lower() in DATA_NAMES else whole


def add_pieces(db: sqlite3.Connection, chunks: Iterable[bytes]) -> tuple[int, int]:
    """Store bytes; return the id of their first piece, 0 for none, and their size."""
    first = size = 0
    for piece in _pieces(chunks):
        made = db.execute("INSERT INTO piece (data) VALUES (?)", (piece,)).lastrowid or 0
        first, size = first or made, size + len(piece)
    return first, size


def _pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    held: list[bytes] = []
    weight = 0
    for chunk in chunks:
        held.append(chunk)
        weight += len(chunk)
        if weight >= PIECE:
            whole = b"".join(held)
            yield from (whole[at : at + PIECE] for at in range(0, weight - PIECE + 1, PIECE))
            held = [whole[weight - weight % PIECE :]]
            weight %= PIECE
    if weight:
        yield b"".join(held)


def add_file(db: sqlite3.Connection, path: str, type_: str, piece: int, size: int) -> StoredFile:
    """Name stored bytes, in place of a file that has the path."""
    row = (path, size, type_, piece)
    made = db.execute("INSERT OR REPLACE INTO file (path, size, type, piece) VALUES (?, ?, ?, ?)", row)
    return _file(made.lastrowid or 0, *row)


def find(db: sqlite3.Connection, column: str, key: str | int) -> StoredFile | None:
    """Return a file by its path or its id."""
    query = f"SELECT id, path, size, type, piece FROM file WHERE {column} = ?"  # noqa: S608 - one of two names
    row = db.execute(query, (key,)).fetchone()
    return _file(*row) if row else None


def drop(db: sqlite3.Connection, paths: Iterable[str]) -> None:
    """Delete files, and the bytes of those that came after the archive's; a reset brings the archive's back."""
    gone = [file for path in paths if (file := find(db, "path", path))]
    db.executemany("DELETE FROM file WHERE id = ?", [(file.id,) for file in gone])
    db.executemany(_FREE, [(file.piece, file.piece - -file.size // PIECE, file.piece) for file in gone])


_FREE = """
DELETE FROM piece WHERE id >= ? AND id < ? AND NOT EXISTS (SELECT * FROM file WHERE piece = ?)
AND id > (SELECT CAST(value AS INTEGER) FROM told WHERE key = 'last piece')
"""


def _file(file_id: int, path: str, size: int, type_: str, piece: int) -> StoredFile:
    return StoredFile(file_id, path, path.rpartition("/")[2], size, type_, piece)


def _piece_at(db: sqlite3.Connection, file: StoredFile, at: int, stop: int) -> bytes:
    """Return the bytes of a file from ``at`` up to ``stop`` or to the end of the piece; nothing where it is gone."""
    start = at % PIECE
    row = db.execute("SELECT data FROM piece WHERE id = ?", (file.piece + at // PIECE,)).fetchone()
    return bytes(row[0][start : start + stop - at]) if row else b""


def pieces(
    reading: Callable[[], AbstractContextManager[sqlite3.Connection]], file: StoredFile, start: int, stop: int | None
) -> Iterator[bytes]:
    """See ``Store.pieces``."""
    stop = file.size if stop is None else min(stop, file.size)
    while start < stop:
        with reading() as db:
            piece = _piece_at(db, file, start, stop)
        if not piece:
            raise LookupError("The file is gone.")
        yield piece
        start += len(piece)
