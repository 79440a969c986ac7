"""The lock file of a kept store: one server at a time opens the store, and the end of its process releases it."""

import sqlite3
from pathlib import Path

from hcfmt.errors import UsageError

SUFFIX = ".lock"


def lock(path: Path) -> sqlite3.Connection:
    """Lock the store at a path, and return a connection that holds the lock until it is closed.

    The lock is a transaction in an empty database beside the store, because SQLite knows how to lock files on every
    system. The lock file is never deleted: otherwise two servers could lock two files of the same name. Raises
    UsageError for a store that this process or another has open and for a lock file that is unusable, OSError for a
    directory that does not exist.
    """
    lock_file = path.with_name(path.name + SUFFIX)
    lock_file.touch(mode=0o600)
    db = sqlite3.connect(lock_file, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        db.execute("PRAGMA journal_mode = OFF")  # a killed process would leave its journal behind
        db.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error as error:
        db.close()
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            sentence = "is in use: another server has it open; stop that server, or name another file."
            raise UsageError(f"{path}: {sentence}") from None
        raise UsageError(f"{lock_file}: cannot be locked: {error}; delete it if no server has {path} open.") from None
    return db
