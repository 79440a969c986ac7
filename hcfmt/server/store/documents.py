"""The server's own JSON documents (tokens, webhooks, add-ons, sessions), each of a kind and under a key."""

import sqlite3
from typing import Any

from hcfmt.server.store.database import decode_json, encode_json


def document(db: sqlite3.Connection, kind: str, key: str) -> Any:  # noqa: ANN401 - any JSON value
    """See ``Store.document``."""
    row = db.execute("SELECT value FROM document WHERE kind = ? AND key = ?", (kind, key)).fetchone()
    return decode_json(row[0]) if row else None


def documents(db: sqlite3.Connection, kind: str) -> dict[str, Any]:
    """See ``Store.documents``."""
    rows = db.execute("SELECT key, value FROM document WHERE kind = ? ORDER BY id", (kind,))
    return {key: decode_json(value) for key, value in rows}


def put(db: sqlite3.Connection, kind: str, key: str, value: Any) -> None:  # noqa: ANN401 - any JSON value
    """See ``Store.put_document``."""
    query = "INSERT INTO document (kind, key, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value"
    db.execute(query, (kind, key, encode_json(value)))


def add(db: sqlite3.Connection, kind: str, value: Any) -> int:  # noqa: ANN401 - any JSON value
    """See ``Store.add_document``."""
    db.execute("INSERT INTO counter VALUES (?, 1) ON CONFLICT DO UPDATE SET last = last + 1", (kind,))
    ((number,),) = db.execute("SELECT last FROM counter WHERE kind = ?", (kind,)).fetchall()
    put(db, kind, str(number), value)
    return int(number)


def delete(db: sqlite3.Connection, kind: str, key: str) -> bool:
    """See ``Store.delete_document``."""
    return db.execute("DELETE FROM document WHERE kind = ? AND key = ?", (kind, key)).rowcount > 0
