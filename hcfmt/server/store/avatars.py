"""The photo of a user, in all the sizes that an export has; pictures of rooms and the group, which no export has."""

import re
import sqlite3

from hcfmt.export.references import variant_path
from hcfmt.server.store import documents, files, tables
from hcfmt.server.store.file_names import slug, type_of
from hcfmt.server.store.values import Record

_SIZES = ("", "_125", "_36")  # suffixes of the photo's file names
_EXTENSION = re.compile(r"[A-Za-z0-9]{1,5}")
_ROOM_AVATAR = "room avatar"  # the kind of the documents that hold the path of a picture, by the room's id or _GROUP
_GROUP = "group"

AVATAR = re.compile(r"files/photos/([0-9]+)/([^/]+)")
"""A user's ``avatar``: the user's id and the file name of the photo."""


def put(db: sqlite3.Connection, user_id: int, extension: str, data: bytes) -> None:
    """See ``Store.put_avatar``. All sizes are the given image, and share its bytes."""
    _check(extension)
    record = _without_files(db, user_id)
    tables.update(db, "user", {**record, "avatar": add_files(db, user_id, extension, data)})


def add_files(db: sqlite3.Connection, user_id: int, extension: str, data: bytes, directory: str = "") -> str:
    """Store a photo in all sizes, below a directory with a slash at its end; return the user's ``avatar`` for it."""
    name = f"{slug()}.{extension}"
    first_chunk, size = files.add_chunks(db, [data])
    for suffix in _SIZES:
        path = variant_path(f"users/{user_id}/avatars/{name}", suffix)
        files.add_file(db, directory + path, type_of(path), first_chunk, size)
    return f"files/photos/{user_id}/{name}"


def delete(db: sqlite3.Connection, user_id: int) -> None:
    """See ``Store.delete_avatar``."""
    tables.update(db, "user", {**_without_files(db, user_id), "avatar": ""})


def _without_files(db: sqlite3.Connection, user_id: int) -> Record:
    """Delete the files of a user's photo, and return the user's record, unchanged."""
    record = tables.by_id(db, "user", user_id)
    if record is None:
        raise KeyError(user_id)
    avatar = AVATAR.fullmatch(record["avatar"])
    if avatar and int(avatar[1]) == user_id:
        files.delete(db, [variant_path(f"users/{avatar[1]}/avatars/{avatar[2]}", suffix) for suffix in _SIZES])
    return record


def _check(extension: str) -> None:
    if not _EXTENSION.fullmatch(extension):
        raise ValueError("The extension of an image has 1 to 5 letters or digits.")


def of_room(db: sqlite3.Connection, room_id: int | None) -> str | None:
    """See ``Store.room_avatar``."""
    path = documents.document(db, _ROOM_AVATAR, _owner(room_id))
    return path if isinstance(path, str) else None


def put_of_room(db: sqlite3.Connection, room_id: int | None, extension: str, data: bytes) -> None:
    """See ``Store.put_room_avatar``."""
    _check(extension)
    if room_id is not None and tables.by_id(db, "room", room_id) is None:
        raise KeyError(room_id)
    delete_of_room(db, room_id)
    directory = _GROUP if room_id is None else f"rooms/{room_id}"
    path = f"{files.SERVER_DIRECTORY}{directory}/{slug()}.{extension}"
    first_chunk, size = files.add_chunks(db, [data])
    files.add_file(db, path, type_of(path), first_chunk, size)
    documents.put(db, _ROOM_AVATAR, _owner(room_id), path)


def delete_of_room(db: sqlite3.Connection, room_id: int | None) -> None:
    """See ``Store.delete_room_avatar``."""
    path = of_room(db, room_id)
    files.delete(db, [path] if path else [])
    documents.delete(db, _ROOM_AVATAR, _owner(room_id))


def _owner(room_id: int | None) -> str:
    """Return the key of the document of a room's picture, or of the group's."""
    return _GROUP if room_id is None else str(room_id)
