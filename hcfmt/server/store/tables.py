"""Rows of the small tables: people, rooms, emoticons and autojoins, by what they are found by."""

import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson

from hcfmt.export.jsontext import SAFE_INTEGER
from hcfmt.server.store.database import decoded
from hcfmt.server.store.values import Record

_DIGITS = re.compile(r"[0-9]{1,16}")


def packed(value: Any) -> bytes:  # noqa: ANN401 - any JSON value
    """Return a value's JSON text; ValueError for what has none."""
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:
        raise ValueError("The record cannot be written as JSON.") from None


def unpacked(row: tuple[bytes] | None) -> Any:  # noqa: ANN401 - any JSON value
    """Return the value of a row's text; None where there is no row."""
    return None if row is None else decoded(row[0])


def folded(value: object) -> str | None:
    """Return a text without its letter case; None for what is no text or an empty one."""
    return value.casefold() or None if isinstance(value, str) else None


def is_id(value: object) -> bool:
    """Whether a value may be somebody's or something's id."""
    return type(value) is int and 0 < value <= SAFE_INTEGER


def _named(value: object) -> tuple[str | None, str | None]:
    """Return a name as it is written, and without its letter case."""
    return (value or None if isinstance(value, str) else None), folded(value)


def _person(record: Record) -> tuple[Any, ...]:
    guest, deleted = record.get("account_type") == "guest", record.get("is_deleted") is True
    return *_named(record.get("mention_name")), *_named(record.get("email")), guest, deleted


def _room(record: Record) -> tuple[Any, ...]:
    private, archived = record.get("privacy") == "private", record.get("is_archived") is True
    return *_named(record.get("name")), private, archived, record.get("is_deleted") is True


def _emoticon(record: Record) -> tuple[Any, ...]:
    return _named(record.get("shortcut"))


_FOUND_BY: dict[str, tuple[str, Callable[[Record], tuple[Any, ...]], tuple[str, ...]]] = {
    "person": ("id", _person, ("written_mention", "mention", "written_email", "email", "guest", "deleted")),
    "room": ("id", _room, ("written_name", "name", "private", "archived", "deleted")),
    "emoticon": ("ID", _emoticon, ("written_shortcut", "shortcut")),
}


# What stands for a property that a record lacks, or has with a value of another type, as an unsound archive's may.
_DEFAULTS: Mapping[str, Record] = {
    "person": {
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


# Texts that may be null, as which one of another type is taken.
_MAYBE = {"person": ("email", "created"), "room": ("guest_access_url", "created"), "emoticon": ("audio_path",)}


def _whole(table: str, row: tuple[bytes]) -> Record:
    """Return the record of a row with everything that those who use it rely on."""
    record: Record = decoded(row[0])
    for name, default in _DEFAULTS[table].items():
        if type(record.get(name)) is not type(default):
            record[name] = list(default) if isinstance(default, list) else default
    record.update({name: None for name in _MAYBE[table] if not isinstance(record.get(name, ""), str)})
    return record


def insert(db: sqlite3.Connection, table: str, record: Record) -> bool:
    """Write a record behind the others of its table; return whether its id was free."""
    key, found_by, columns = _FOUND_BY[table]
    names = ", ".join(("id", "place", *columns, "record"))
    marks = ", ".join("?" * (len(columns) + 1))
    place = f"(SELECT coalesce(max(place), 0) + 1 FROM {table})"  # noqa: S608 - one of three names
    query = f"INSERT OR IGNORE INTO {table} ({names}) VALUES (?, {place}, {marks})"  # noqa: S608 - the same
    return db.execute(query, (record[key], *found_by(record), packed(record))).rowcount > 0


def update(db: sqlite3.Connection, table: str, record: Record) -> None:
    """Write a record in place of the one with its id; KeyError where there is none."""
    key, found_by, columns = _FOUND_BY[table]
    names = ", ".join(f"{name} = ?" for name in (*columns, "record"))
    query = f"UPDATE {table} SET {names} WHERE id = ?"  # noqa: S608 - one of three names
    if not db.execute(query, (*found_by(record), packed(record), record[key])).rowcount:
        raise KeyError(record[key])


def add(db: sqlite3.Connection, table: str, record: Record) -> Record:
    """Write a new record and return it with an id above all others."""
    ((new,),) = db.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}")  # noqa: S608 - one of three names
    made = {**record, _FOUND_BY[table][0]: new}
    insert(db, table, made)
    return made


def by_id(db: sqlite3.Connection, table: str, key: int) -> Record | None:
    """Return a record by its id."""
    if not is_id(key):
        return None
    row = db.execute(f"SELECT record FROM {table} WHERE id = ?", (key,)).fetchone()  # noqa: S608 - one of three names
    return _whole(table, row) if row else None


def by_name(db: sqlite3.Connection, table: str, columns: Sequence[str], name: str) -> Record | None:
    """Return the record that has a name in one of some columns, the first of them first; deleted ones last.

    Who has the name with the same letter case goes before who has it with another.
    """
    order, found = "place" if table == "emoticon" else "deleted, place", None
    ways = [way for column in columns for way in ((f"written_{column}", name), (column, folded(name)))]
    for column, wanted in ways:
        query = f"SELECT record FROM {table} WHERE {column} = ? ORDER BY {order} LIMIT 1"  # noqa: S608 - fixed names
        row = db.execute(query, (wanted,)).fetchone()
        record = _whole(table, row) if row else None
        if record and not record.get("is_deleted"):
            return record
        found = found or record
    return found


def find(db: sqlite3.Connection, table: str, key: str, columns: Sequence[str], name: str) -> Record | None:
    """Return who or what has an id, or a name in a column: an id wins, but nobody deleted over somebody who is not."""
    numbered = by_id(db, table, int(key)) if _DIGITS.fullmatch(key) else None
    if numbered and not numbered.get("is_deleted"):
        return numbered
    named = by_name(db, table, columns, name)
    return named if named and not named.get("is_deleted") else numbered or named


def person_name(key: str) -> tuple[tuple[str, ...], str]:
    """Return which names a key may be, and the name: only a mention name is written with @ before it."""
    return (("mention",), key[1:]) if key.startswith("@") else (("email", "mention"), key)


def is_named(db: sqlite3.Connection, table: str, column: str, name: str, besides: int | None) -> bool:
    """Whether a record that is not deleted has a name in a column, besides the one with an id."""
    query = f"SELECT 1 FROM {table} WHERE {column} = ? AND NOT deleted AND id IS NOT ? LIMIT 1"  # noqa: S608 - fixed names
    return db.execute(query, (folded(name), besides)).fetchone() is not None


def page(db: sqlite3.Connection, table: str, start: int, size: int, **wanted: bool) -> list[Record]:
    """Return records by ascending id; those with a mark (``deleted``) only where it is wanted."""
    query = f"SELECT record FROM {table} {_where(wanted)} ORDER BY id LIMIT ? OFFSET ?"  # noqa: S608 - fixed names
    return [_whole(table, row) for row in db.execute(query, (max(0, size), max(0, start)))]


def _where(wanted: dict[str, bool]) -> str:
    return " AND ".join(["WHERE 1", *(f"{name} = 0" for name, is_wanted in wanted.items() if not is_wanted)])


def people(db: sqlite3.Connection, ids: object) -> list[Record]:
    """Return the users of a list of ids; what is no list, no id, or nobody's is left out."""
    known = (by_id(db, "person", one) for one in ids) if isinstance(ids, list) else ()
    return [record for record in known if record]


def put_autojoin(db: sqlite3.Connection, record: Record) -> bool:
    """Write an autojoin where its user has none; return whether that was so."""
    query = "INSERT OR IGNORE INTO autojoin SELECT ?, coalesce(max(place), 0) + 1, ? FROM autojoin"
    return db.execute(query, (record["id"], packed(record))).rowcount > 0


def autojoins(db: sqlite3.Connection, user_id: int) -> list[Any] | None:
    """See ``Store.autojoins``; what is no list, or cannot be read, counts as not told."""
    record = unpacked(db.execute("SELECT record FROM autojoin WHERE id = ?", (_autojoin_id(user_id),)).fetchone())
    try:
        value = orjson.loads(record["data"]) if record else None
    except (KeyError, orjson.JSONDecodeError):
        return None
    return value if isinstance(value, list) else None


def _autojoin_id(user_id: int) -> str:
    return f"pref:autoJoin:{user_id}"
