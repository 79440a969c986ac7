"""Copies of private messages whose other history is lost: both people have each message in their history."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from hcfmt.export.dialect_records import dialect_json
from hcfmt.export.go_json import go_json
from hcfmt.export.references import owner_of

_KIND = "PrivateUserMessage"
_SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE message (
    user INTEGER, id TEXT, stamp TEXT, is_kept INTEGER, record BLOB, PRIMARY KEY (user, id)
) WITHOUT ROWID;
"""


class Copies:
    """Private messages for the histories of users that are lost or damaged, in a temporary database.

    They are there by user and by message id, so that memory stays bounded and no message comes twice.
    """

    def __init__(self, directory: Path) -> None:
        """Take a private directory for the database."""
        self._database = sqlite3.connect(directory / "copies.sqlite", isolation_level=None)
        self._database.executescript(_SCHEMA)
        self._whole = frozenset[int | None]()

    def begin(self, whole_histories: set[str]) -> None:
        """Take the canonical paths of the histories that need no copies."""
        self._whole = frozenset(owner_of(path) for path in whole_histories)

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def add(self, path: str, text: bytes) -> None:
        """Take from whole records of a history, with commas between them, what another history may lack."""
        owner = owner_of(path)
        rows = [
            row
            for wrapper in orjson.loads(b"[%b]" % text)
            if isinstance(wrapper, dict) and isinstance(message := wrapper.get(_KIND), dict)
            for row in self._rows(owner, wrapper, message)
        ]
        self._database.executemany("INSERT OR REPLACE INTO message VALUES (?, ?, ?, 1, NULL)", _kept(rows))
        self._database.executemany("INSERT OR IGNORE INTO message VALUES (?, ?, ?, 0, ?)", _copied(rows))

    def users(self) -> list[tuple[int, int]]:
        """Return the id of each user who has copies, and their number, in the order of ids."""
        rows = self._database.execute(
            "SELECT user, COUNT(*) FROM message WHERE NOT is_kept GROUP BY user ORDER BY user"
        )
        return rows.fetchall()

    def of(self, user: int, *, newest_first: bool) -> Iterator[bytes]:
        """Yield the texts of the copies for a user's history, in the order of time."""
        order = "DESC" if newest_first else "ASC"
        query = f"SELECT record FROM message WHERE user = ? AND NOT is_kept ORDER BY stamp {order}, id {order}"  # noqa: S608 - of two words
        encode = dialect_json if newest_first else go_json
        for (record,) in self._database.execute(query, (user,)):
            yield encode(orjson.loads(record))

    def _rows(self, owner: int | None, wrapper: Any, message: Any) -> Iterator[tuple[int, str, str, bytes | None]]:  # noqa: ANN401 - any JSON value
        """Yield a row for each person of a message whose history is not whole; without the record for its owner."""
        stamp, number = str(message.get("timestamp")), str(message.get("id")).lower()
        for side in ("sender", "receiver"):
            person = message.get(side)
            user = person.get("id") if isinstance(person, dict) else None
            if isinstance(user, int) and 0 < user < 1 << 63 and user not in self._whole:
                yield user, number, stamp, None if user == owner else orjson.dumps(wrapper)


_Row = tuple[int, str, str, bytes | None]


def _kept(rows: list[_Row]) -> Iterator[tuple[int, str, str]]:
    return ((user, number, stamp) for user, number, stamp, record in rows if record is None)


def _copied(rows: list[_Row]) -> Iterator[_Row]:
    return (row for row in rows if row[3] is not None)
