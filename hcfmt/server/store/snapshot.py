"""The state that the archive was loaded in: remembered once, restored by every reset."""

import sqlite3

_COPIED = ("user", "room", "file", "participant")  # tables whose rows can change
_GROWING = {"message": "position", "chat": "id", "chunk": "id"}  # tables that only gain rows, by their key
_EMPTY = ("document", "counter")  # tables of the server's own data


def save(db: sqlite3.Connection) -> None:
    """Copy the tables whose rows can change, and note the last row of those that only grow."""
    for table in _COPIED:
        db.execute(f"CREATE TABLE archive_{table} AS SELECT * FROM {table}")  # noqa: S608 - fixed names
    for table, key in _GROWING.items():
        query = f"INSERT INTO info SELECT ?, coalesce(max({key}), 0) FROM {table}"  # noqa: S608 - the same
        db.execute(query, (f"last {table}",))
    db.execute("CREATE UNIQUE INDEX archive_user_id ON archive_user (id)")
    db.execute("CREATE UNIQUE INDEX archive_room_id ON archive_room (id)")


def restore(db: sqlite3.Connection) -> None:
    """Delete every row that was written since, and copy back the rows that changed."""
    for table, key in _GROWING.items():
        db.execute(f"DELETE FROM {table} WHERE {key} > ?", (_last(db, table),))  # noqa: S608 - fixed names
    for table in _COPIED:
        db.execute(f"DELETE FROM {table}")  # noqa: S608 - fixed names
        db.execute(f"INSERT INTO {table} SELECT * FROM archive_{table}")  # noqa: S608 - fixed names
    for table in _EMPTY:
        db.execute(f"DELETE FROM {table}")  # noqa: S608 - fixed names


def _last(db: sqlite3.Connection, table: str) -> int:
    ((last,),) = db.execute("SELECT value FROM info WHERE key = ?", (f"last {table}",)).fetchall()
    return int(last)
