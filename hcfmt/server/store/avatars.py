"""The photo of a user, an image in all the sizes that an export has of it; the picture of a room, which none has."""

import re
import sqlite3

from hcfmt.export.references import variant_path
from hcfmt.server.store import files, keeping, tables
from hcfmt.server.store.values import Record

_SIZES = ("", "_125", "_36")
_EXTENSION = re.compile(r"[A-Za-z0-9]{1,5}")
_OF_ROOM = "room avatar"
"""The kind of the documents that tell where a room's picture is stored, by the room's id."""

AVATAR = re.compile(r"files/photos/([0-9]+)/([^/]+)")
"""What a user's ``avatar`` is: whose photo, and the name of its file (facts 1.3)."""


def put(db: sqlite3.Connection, user_id: int, extension: str, data: bytes) -> None:
    """See ``Store.put_avatar``. The sizes share their bytes: nothing here can make an image smaller."""
    _check(extension)
    record = _without(db, user_id)
    name = f"{files.slug()}.{extension}"
    piece, size = files.add_pieces(db, [data])
    for one in _SIZES:
        path = variant_path(f"users/{user_id}/avatars/{name}", one)
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
        files.drop(db, [variant_path(f"users/{old[1]}/avatars/{old[2]}", size) for size in _SIZES])
    return record


def _check(extension: str) -> None:
    if not _EXTENSION.fullmatch(extension):
        raise ValueError("That is no extension of an image.")


def of_room(db: sqlite3.Connection, room_id: int) -> str | None:
    """See ``Store.room_avatar``."""
    path = keeping.document(db, _OF_ROOM, str(room_id))
    return path if isinstance(path, str) else None


def put_of_room(db: sqlite3.Connection, room_id: int, extension: str, data: bytes) -> None:
    """See ``Store.put_room_avatar``."""
    _check(extension)
    if tables.by_id(db, "room", room_id) is None:
        raise KeyError(room_id)
    drop_of_room(db, room_id)
    path = f"{files.OWN}rooms/{room_id}/{files.slug()}.{extension}"
    piece, size = files.add_pieces(db, [data])
    files.add_file(db, path, files.type_of(path), piece, size)
    keeping.put(db, _OF_ROOM, str(room_id), path)


def drop_of_room(db: sqlite3.Connection, room_id: int) -> None:
    """See ``Store.drop_room_avatar``."""
    path = of_room(db, room_id)
    files.drop(db, [path] if path else [])
    keeping.delete(db, _OF_ROOM, str(room_id))
