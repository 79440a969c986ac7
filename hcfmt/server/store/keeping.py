"""What the server itself keeps: JSON documents of a kind, each under a key."""

import sqlite3
from typing import Any

from hcfmt.server.store.tables import packed, unpacked


def document(db: sqlite3.Connection, kind: str, key: str) -> Any:  # noqa: ANN401 - any JSON value
    """See ``Store.document``."""
    return unpacked(db.execute("SELECT value FROM kept WHERE kind = ? AND key = ?", (kind, key)).fetchone())


def documents(db: sqlite3.Connection, kind: str) -> dict[str, Any]:
    """See ``Store.documents``."""
    rows = db.execute("SELECT key, value FROM kept WHERE kind = ? ORDER BY id", (kind,))
    return {key: unpacked((value,)) for key, value in rows}


def put(db: sqlite3.Connection, kind: str, key: str, value: Any) -> None:  # noqa: ANN401 - any JSON value
    """See ``Store.put_document``."""
    query = "INSERT INTO kept (kind, key, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value"
    db.execute(query, (kind, key, packed(value)))


def add(db: sqlite3.Connection, kind: str, value: Any) -> int:  # noqa: ANN401 - any JSON value
    """See ``Store.add_document``."""
    query = "INSERT INTO numbered VALUES (?, 1) ON CONFLICT DO UPDATE SET last = last + 1"
    db.execute(query, (kind,))
    ((number,),) = db.execute("SELECT last FROM numbered WHERE kind = ?", (kind,)).fetchall()
    put(db, kind, str(number), value)
    return int(number)


def delete(db: sqlite3.Connection, kind: str, key: str) -> bool:
    """See ``Store.delete_document``."""
    return db.execute("DELETE FROM kept WHERE kind = ? AND key = ?", (kind, key)).rowcount > 0
