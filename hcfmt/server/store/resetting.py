"""What the archive had, remembered when a store was filled, and brought back."""

import sqlite3

_TWINS = ("person", "room", "file")
_GROWING = {"message": "position", "chat": "id", "piece": "id"}
_OWN = ("kept", "numbered")


def remember(db: sqlite3.Connection) -> None:
    """Note where each growing table ends, and copy those that may be changed."""
    for table in _TWINS:
        db.execute(f"CREATE TABLE first_{table} AS SELECT * FROM {table}")  # noqa: S608 - fixed names
    for table, column in _GROWING.items():
        query = f"INSERT INTO told SELECT ?, coalesce(max({column}), 0) FROM {table}"  # noqa: S608 - the same
        db.execute(query, (f"last {table}",))
    db.execute("CREATE UNIQUE INDEX first_person_id ON first_person (id)")
    db.execute("CREATE UNIQUE INDEX first_room_id ON first_room (id)")


def reset(db: sqlite3.Connection) -> None:
    """Delete what was written since, and copy back what was changed."""
    for table, column in _GROWING.items():
        db.execute(f"DELETE FROM {table} WHERE {column} > ?", (_last(db, table),))  # noqa: S608 - fixed names
    for table in _TWINS:
        db.execute(f"DELETE FROM {table}")  # noqa: S608 - fixed names
        db.execute(f"INSERT INTO {table} SELECT * FROM first_{table}")  # noqa: S608 - fixed names
    for table in _OWN:
        db.execute(f"DELETE FROM {table}")  # noqa: S608 - fixed names


def _last(db: sqlite3.Connection, table: str) -> int:
    ((last,),) = db.execute("SELECT value FROM told WHERE key = ?", (f"last {table}",)).fetchall()
    return int(last)
