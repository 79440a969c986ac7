"""Creates the file of a store: its settings, tables and indexes."""

import os
import sqlite3
from pathlib import Path

from hcfmt.server.store import search_index
from hcfmt.server.store.database import APPLICATION, VERSION, close_on_failure, connect

# A file that is not loaded yet needs no journal and no waiting for the disk: a failure deletes it.
_PRAGMAS = (
    *("page_size = 8192", "journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE"),
    *("cache_size = -8192", "secure_delete = OFF", "temp_store = FILE"),
    *(f"application_id = {APPLICATION}", f"user_version = {VERSION}"),
)


def create_store(path: Path) -> sqlite3.Connection:
    """Create an empty store at a path without a file, and return a connection for loading it, in a transaction."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    db = connect(path)
    with close_on_failure(db):
        for pragma in _PRAGMAS:
            db.execute(f"PRAGMA {pragma}").close()
        _run_script(db, "schema.sql")
        search_index.create(db)
        db.execute("BEGIN")
    return db


def create_indexes(db: sqlite3.Connection) -> None:
    """Create the indexes of the messages, after all messages are written and outside of any transaction."""
    _run_script(db, "indexes.sql")


def _run_script(db: sqlite3.Connection, name: str) -> None:
    db.executescript(Path(__file__).with_name(name).read_text(encoding="utf-8"))
