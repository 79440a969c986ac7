"""Who takes part in a room: who opens it when the client starts (autojoins.json), and who wrote in it, and when."""

import re
import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any

from hcfmt.server.store import tables
from hcfmt.server.store.database import decode_json

PRIVATE = -1
"""The room that stands for all private messages: no room has this id."""

_AUTOJOIN = re.compile(r"pref:autoJoin:([0-9]{1,16})")
_ROOM_JID = re.compile(r"[0-9]+_([^@]+)@conf\.[^@]+")
_WRITE = """
INSERT INTO participant VALUES (?, ?, ?)
ON CONFLICT DO UPDATE SET time = max(coalesce(time, excluded.time), excluded.time)
"""
_OF_ROOM = """
SELECT participant.user FROM participant JOIN user ON user.id = participant.user
WHERE participant.room = ? AND NOT user.deleted ORDER BY participant.user
"""
_DELETE_UNKNOWN = """
DELETE FROM participant WHERE user NOT IN (SELECT id FROM user) OR room <> ? AND room NOT IN (SELECT id FROM room)
"""

MERGE = """
INSERT INTO participant SELECT room, user, time FROM other.participant WHERE true
ON CONFLICT DO UPDATE SET time = max(time, excluded.time)
"""
"""Adds the participants of an attached store, before the autojoins are known, so that each has a time."""


def writer(kind: str, record: Mapping[str, Any]) -> int:
    """Return the id of the user who wrote a message, 0 for an integration and for anything else than an id.

    A notification is an integration's, even if a user's token sent it.
    """
    sender = record.get("sender")
    number = sender.get("id") if isinstance(sender, dict) else None
    return number if number and tables.is_id(number) and kind != "NotificationMessage" else 0


def add_writers(db: sqlite3.Connection, room: int, times: Mapping[int, int]) -> None:
    """Note that users wrote in a room: the time of each one's newest message by user id, in microseconds."""
    db.executemany(_WRITE, ((room, user, time) for user, time in times.items()))


def of_room(db: sqlite3.Connection, room_id: int) -> list[int]:
    """See ``Store.participants``."""
    return [user for (user,) in db.execute(_OF_ROOM, (room_id,))]


def last_written(db: sqlite3.Connection, user_id: int) -> int | None:
    """See ``Store.last_written``."""
    row = db.execute("SELECT max(time) FROM participant WHERE user = ?", (user_id,)).fetchone()
    time: int | None = row[0]
    return time


def finish(db: sqlite3.Connection) -> None:
    """Add the autojoins of a loaded archive, and delete what is of unknown users and rooms."""
    db.execute("CREATE TEMP TABLE room_name (name TEXT NOT NULL, room INTEGER NOT NULL)")
    db.executemany("INSERT INTO room_name VALUES (?, ?)", _room_names(db))
    db.execute("CREATE INDEX room_name_name ON room_name (name)")
    query = "INSERT OR IGNORE INTO participant SELECT room, ?, NULL FROM room_name WHERE name = ?"
    db.executemany(query, _autojoins(db))
    db.execute("DROP TABLE room_name")
    db.execute(_DELETE_UNKNOWN, (PRIVATE,))


def joined_room(entry: Any) -> str | None:  # noqa: ANN401 - any JSON value
    """Return the canonical name, in lower case, of the room in the JID of an autojoin; None without a room's JID."""
    jid = entry.get("jid") if isinstance(entry, dict) else None
    match = _ROOM_JID.fullmatch(jid) if isinstance(jid, str) else None
    return match[1].casefold() if match else None


def _room_names(db: sqlite3.Connection) -> Iterator[tuple[str, int]]:
    for room_id, text in db.execute("SELECT id, record FROM room"):
        yield str(decode_json(text).get("canonical_name")).casefold(), room_id


def _autojoins(db: sqlite3.Connection) -> Iterator[tuple[int, str]]:
    """Yield the id of each user with the canonical name of a room that the user's client opens."""
    for (key,) in db.execute("SELECT id FROM autojoin"):
        match = _AUTOJOIN.fullmatch(key)
        user_id = int(match[1]) if match else 0
        for entry in tables.autojoins(db, user_id) or ():
            name = joined_room(entry)
            if name is not None:
                yield user_id, name
