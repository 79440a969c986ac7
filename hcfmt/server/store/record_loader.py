"""Writes the records of the archive's small data files: users, rooms, emoticons, autojoins, and whole documents."""

import sqlite3
from base64 import b64decode
from collections import Counter
from contextlib import suppress
from typing import Any

import orjson

from hcfmt.export import dialect_reading
from hcfmt.export.dialect_reading import is_other_dialect
from hcfmt.export.dialects import SERVER
from hcfmt.export.layout import Kind, MemberLayout, row_in_dialect
from hcfmt.export.records import LISTS
from hcfmt.export.slice_records import record_texts
from hcfmt.export.slices import Slice
from hcfmt.server.store import avatars, tables
from hcfmt.server.store.file_names import image_extension
from hcfmt.server.store.values import Record

_TABLES = {Kind.USERS: "user", Kind.ROOMS: "room", Kind.EMOTICONS: "emoticon", Kind.AUTOJOINS: "autojoin"}
_ID_PROPERTIES = {"user": "id", "room": "id", "emoticon": "ID"}


class RecordLoader:
    """Writes the records of one data file, slice by slice, and counts the records that it omits."""

    def __init__(
        self, db: sqlite3.Connection, layout: MemberLayout, omissions: Counter[str], directory: str = ""
    ) -> None:
        """Take the store, the layout of the data file, the counter, and the directory of the photos in users.json."""
        self._db = db
        self._directory = directory
        self._layout = layout
        self._table = _TABLES.get(layout.kind, "")
        self._omissions = omissions

    def add(self, slice_: Slice) -> int | None:
        """Write the records of a slice; return the offset of a record that the slice cuts, None for none."""
        if self._layout.wrappers or slice_.listed:
            return self._add_records(slice_)
        if not slice_.ended:
            return 0
        self._add_document(_decode(slice_.text))
        return None

    def _add_records(self, slice_: Slice) -> int | None:
        """Write the records of a list of users or rooms, or of emoticons as HipChat Server and Cloud list them."""
        (wrapper,) = row_in_dialect(self._layout, SERVER).wrappers
        texts, rest = record_texts(slice_)
        is_other = is_other_dialect(slice_)
        for text in texts:
            value = _decode(text)
            record = value.get(wrapper) if isinstance(value, dict) else None
            if is_other and isinstance(record, dict):
                record = self._as_hc_migrate(record)
            self._add_record(record)
        return rest

    def _as_hc_migrate(self, record: Record) -> Record:
        """Return a record of another dialect in the form of hc-migrate's, and store the photo of a user."""
        if self._table == "user":
            return {**dialect_reading.user(record), "avatar": self._stored_photo(record)}
        return dialect_reading.room(record) if self._table == "room" else dialect_reading.emoticon(record)

    def _stored_photo(self, user: Record) -> str:
        """Store the photo of a user that is in base64; return the ``avatar`` for it, "" for none."""
        avatar, photo = user.get("avatar"), b""
        if not isinstance(avatar, str) or not avatar:
            return ""
        if avatars.AVATAR.fullmatch(avatar):  # a path as hc-migrate's
            return avatar
        with suppress(ValueError):
            photo = b64decode("".join(avatar.split()), validate=True)
        extension = image_extension(photo)
        if extension is None:
            self._omissions["unreadable avatars"] += 1
            return ""
        if not self._has_id(user) or tables.by_id(self._db, "user", user["id"]):
            return ""  # as the record is omitted
        return avatars.add_files(self._db, user["id"], extension, photo, self._directory)

    def _add_document(self, value: Any) -> None:  # noqa: ANN401 - any JSON value
        """Write the records of a document of emoticons or autojoins, or another document as it is."""
        if self._layout.schema in LISTS:
            key = LISTS[self._layout.schema][1]
            records = value[key] if isinstance(value, dict) and key in value else ...
            if isinstance(records, list | None):  # null stands for an empty list
                for record in records or ():
                    self._add_record(record)
                return
        elif isinstance(value, dict | list):
            self._db.execute("INSERT INTO data_file VALUES (?, ?)", (str(self._layout.kind), orjson.dumps(value)))
            return
        self._omissions["unreadable data files"] += 1

    def _add_record(self, record: Any) -> None:  # noqa: ANN401 - any JSON value
        if not isinstance(record, dict) or not self._has_id(record):
            self._omissions[f"unreadable {self._table}s"] += 1
        elif not self._insert(record):
            self._omissions[f"{self._table}s with a repeated id"] += 1

    def _has_id(self, record: Record) -> bool:
        if self._table == "autojoin":
            return isinstance(record.get("id"), str)
        return tables.is_id(record.get(_ID_PROPERTIES[self._table]))

    def _insert(self, record: Record) -> bool:
        if self._table == "autojoin":
            return tables.insert_autojoin(self._db, record)
        return tables.insert(self._db, self._table, record)


def _decode(text: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Return the value of a JSON text; None for an invalid text and for a value that cannot be written again."""
    try:
        value = orjson.loads(text)
        orjson.dumps(value)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return None
    return value
