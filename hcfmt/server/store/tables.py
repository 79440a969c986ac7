"""The tables of users, rooms, emoticons and autojoins: records by id, by name and by page."""

import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson

from hcfmt.export.jsontext import SAFE_INTEGER
from hcfmt.server.store.database import decode_json, encode_json
from hcfmt.server.store.values import Record

_DIGITS = re.compile(r"[0-9]{1,16}")


def is_id(value: object) -> bool:
    """Whether a value can be an id: an integer from 1 that every JSON reader reads exactly."""
    return type(value) is int and 0 < value <= SAFE_INTEGER


def _fold(value: object) -> str | None:
    """Return a text without its letter case; None for an empty text and for a value of another type."""
    return value.casefold() or None if isinstance(value, str) else None


def _name(value: object) -> tuple[str | None, str | None]:
    """Return the two columns of a name: exact, and without its letter case."""
    return (value or None if isinstance(value, str) else None), _fold(value)


def _user_columns(record: Record) -> tuple[Any, ...]:
    guest, deleted = record.get("account_type") == "guest", record.get("is_deleted") is True
    return *_name(record.get("mention_name")), *_name(record.get("email")), guest, deleted


def _room_columns(record: Record) -> tuple[Any, ...]:
    private, archived = record.get("privacy") == "private", record.get("is_archived") is True
    return *_name(record.get("name")), private, archived, record.get("is_deleted") is True


def _emoticon_columns(record: Record) -> tuple[Any, ...]:
    return _name(record.get("shortcut"))


# Of each table: the property of the id, the values of the columns that records are found by, the columns' names.
_COLUMNS: dict[str, tuple[str, Callable[[Record], tuple[Any, ...]], tuple[str, ...]]] = {
    "user": ("id", _user_columns, ("mention", "folded_mention", "email", "folded_email", "guest", "deleted")),
    "room": ("id", _room_columns, ("name", "folded_name", "private", "archived", "deleted")),
    "emoticon": ("ID", _emoticon_columns, ("shortcut", "folded_shortcut")),
}


# Values for properties that a record lacks, or has with a value of another type, as in an invalid archive.
_DEFAULTS: Mapping[str, Record] = {
    "user": {
        "account_type": "user",
        "avatar": "",
        "is_deleted": False,
        "mention_name": "",
        "name": "",
        "roles": [],
        "timezone": "UTC",
        "title": "",
    },
    "room": {
        "canonical_name": "",
        "is_archived": False,
        "is_deleted": False,
        "members": [],
        "name": "",
        "participants": [],
        "privacy": "public",
        "room_admins": [],
        "topic": "",
    },
    "emoticon": {"path": "", "shortcut": ""},
}


# Properties that are a text or null; a value of another type becomes null.
_NULLABLE = {"user": ("email", "created"), "room": ("guest_access_url", "created"), "emoticon": ("audio_path",)}


def _complete(table: str, row: tuple[bytes]) -> Record:
    """Return the record of a row with every property that the operations rely on."""
    record: Record = decode_json(row[0])
    for name, default in _DEFAULTS[table].items():
        if type(record.get(name)) is not type(default):
            record[name] = list(default) if isinstance(default, list) else default
    record.update({name: None for name in _NULLABLE[table] if not isinstance(record.get(name, ""), str)})
    return record


def insert(db: sqlite3.Connection, table: str, record: Record) -> bool:
    """Write a record as the last of its table; return False, and write nothing, for an id that the table has."""
    key, values, columns = _COLUMNS[table]
    names = ", ".join(("id", "position", *columns, "record"))
    marks = ", ".join("?" * (len(columns) + 1))
    position = f"(SELECT coalesce(max(position), 0) + 1 FROM {table})"  # noqa: S608 - one of three names
    query = f"INSERT OR IGNORE INTO {table} ({names}) VALUES (?, {position}, {marks})"  # noqa: S608 - the same
    return db.execute(query, (record[key], *values(record), encode_json(record))).rowcount > 0


def update(db: sqlite3.Connection, table: str, record: Record) -> None:
    """Write a record in place of the one of its id; raises KeyError for an unknown id."""
    key, values, columns = _COLUMNS[table]
    names = ", ".join(f"{name} = ?" for name in (*columns, "record"))
    query = f"UPDATE {table} SET {names} WHERE id = ?"  # noqa: S608 - one of three names
    if not db.execute(query, (*values(record), encode_json(record), record[key])).rowcount:
        raise KeyError(record[key])


def add(db: sqlite3.Connection, table: str, record: Record) -> Record:
    """Write a new record, and return it with its id, which is above all others of the table."""
    ((new_id,),) = db.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}")  # noqa: S608 - one of three names
    record = {**record, _COLUMNS[table][0]: new_id}
    insert(db, table, record)
    return record


def by_id(db: sqlite3.Connection, table: str, key: int) -> Record | None:
    """Return a record by its id."""
    if not is_id(key):
        return None
    row = db.execute(f"SELECT record FROM {table} WHERE id = ?", (key,)).fetchone()  # noqa: S608 - one of three names
    return _complete(table, row) if row else None


def by_name(db: sqlite3.Connection, table: str, columns: Sequence[str], name: str) -> Record | None:
    """Return the record of a name, searched in one column after the other, deleted records last.

    In each column the exact name has precedence over one that differs in letter case.
    """
    order, deleted = "position" if table == "emoticon" else "deleted, position", None
    searches = [search for column in columns for search in ((column, name), (f"folded_{column}", _fold(name)))]
    for column, value in searches:
        query = f"SELECT record FROM {table} WHERE {column} = ? ORDER BY {order} LIMIT 1"  # noqa: S608 - fixed names
        row = db.execute(query, (value,)).fetchone()
        record = _complete(table, row) if row else None
        if record and not record.get("is_deleted"):
            return record
        deleted = deleted or record
    return deleted


def find(db: sqlite3.Connection, table: str, key: str, columns: Sequence[str], name: str) -> Record | None:
    """Return the record of an id, else of a name in one of the columns; a deleted record only if no other matches."""
    numbered = by_id(db, table, int(key)) if _DIGITS.fullmatch(key) else None
    if numbered and not numbered.get("is_deleted"):
        return numbered
    named = by_name(db, table, columns, name)
    return named if named and not named.get("is_deleted") else numbered or named


def user_name(key: str) -> tuple[tuple[str, ...], str]:
    """Return the columns to search for a user's name, and the name without its @, which only mention names have."""
    return (("mention",), key[1:]) if key.startswith("@") else (("email", "mention"), key)


def has_name(db: sqlite3.Connection, table: str, column: str, name: str, besides: int | None) -> bool:
    """Whether a record that is not deleted has a name in any letter case, other than the record of an id."""
    query = f"SELECT 1 FROM {table} WHERE folded_{column} = ? AND NOT deleted AND id IS NOT ? LIMIT 1"  # noqa: S608 - fixed names
    return db.execute(query, (_fold(name), besides)).fetchone() is not None


def page(db: sqlite3.Connection, table: str, start: int, size: int, **included: bool) -> list[Record]:
    """Return records by ascending id; records with a flag (``deleted``) only where the flag is included."""
    flags = " AND ".join(["WHERE 1", *(f"{name} = 0" for name, is_included in included.items() if not is_included)])
    query = f"SELECT record FROM {table} {flags} ORDER BY id LIMIT ? OFFSET ?"  # noqa: S608 - fixed names
    return [_complete(table, row) for row in db.execute(query, (max(0, size), max(0, start)))]


def users_of(db: sqlite3.Connection, ids: object) -> list[Record]:
    """Return the users of a list of ids, in its order, without unknown ids; none for a value that is no list."""
    records = (by_id(db, "user", user_id) for user_id in ids) if isinstance(ids, list) else ()
    return [record for record in records if record]


def insert_autojoin(db: sqlite3.Connection, record: Record) -> bool:
    """Write a user's autojoin; return False, and write nothing, for a user who has one."""
    query = "INSERT OR IGNORE INTO autojoin SELECT ?, coalesce(max(position), 0) + 1, ? FROM autojoin"
    return db.execute(query, (record["id"], encode_json(record))).rowcount > 0


def autojoins(db: sqlite3.Connection, user_id: int) -> list[Any] | None:
    """See ``Store.autojoins``; None also for data that is no JSON list."""
    row = db.execute("SELECT record FROM autojoin WHERE id = ?", (f"pref:autoJoin:{user_id}",)).fetchone()
    try:
        value = orjson.loads(decode_json(row[0])["data"]) if row else None
    except (KeyError, orjson.JSONDecodeError):
        return None
    return value if isinstance(value, list) else None
