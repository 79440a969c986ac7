"""The photo of a user: an image in all the sizes that an export has of it."""

import re
import sqlite3

from hcfmt.export.references import sized
from hcfmt.server.store import files, tables
from hcfmt.server.store.values import Record

_SIZES = ("", "_125", "_36")
_EXTENSION = re.compile(r"[A-Za-z0-9]{1,5}")
AVATAR = re.compile(r"files/photos/([0-9]+)/([^/]+)")
"""What a user's ``avatar`` is: whose photo, and the name of its file (facts 1.3)."""


def put(db: sqlite3.Connection, user_id: int, extension: str, data: bytes) -> None:
    """See ``Store.put_avatar``. The sizes share their bytes: nothing here can make an image smaller."""
    if not _EXTENSION.fullmatch(extension):
        raise ValueError("That is no extension of an image.")
    record = _without(db, user_id)
    name = f"{files.slug()}.{extension}"
    piece, size = files.add_pieces(db, [data])
    for one in _SIZES:
        path = sized(f"users/{user_id}/avatars/{name}", one)
        files.add_file(db, path, files.type_of(path), piece, size)
    tables.update(db, "person", {**record, "avatar": f"files/photos/{user_id}/{name}"})


def drop(db: sqlite3.Connection, user_id: int) -> None:
    """See ``Store.drop_avatar``."""
    tables.update(db, "person", {**_without(db, user_id), "avatar": ""})


def _without(db: sqlite3.Connection, user_id: int) -> Record:
    """Delete the files of a user's photo, and return the record that still names it."""
    record = tables.by_id(db, "person", user_id)
    if record is None:
        raise KeyError(user_id)
    old = AVATAR.fullmatch(record["avatar"])
    if old and int(old[1]) == user_id:
        paths = [sized(f"users/{old[1]}/avatars/{old[2]}", size) for size in _SIZES]
        db.executemany("DELETE FROM file WHERE path = ?", [(path,) for path in paths])
    return record
