"""A lock on a kept store: whoever serves it holds it, and the end of their process, however it comes, gives it back."""

import sqlite3
from pathlib import Path

from hcfmt.errors import UsageError

SUFFIX = ".lock"


def locked(path: Path) -> sqlite3.Connection:
    """Return what holds the lock of the store at a path until it is closed.

    It is a transaction in an empty database beside the store, so that SQLite knows how files are locked on each system.
    That file stays: were it deleted, two could hold locks on two files of its name. Raises UsageError where somebody
    else holds the lock, in this process or another, or where it cannot be had; OSError where there is no such place.
    """
    beside = path.with_name(path.name + SUFFIX)
    beside.touch(mode=0o600)
    db = sqlite3.connect(beside, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        db.execute("PRAGMA journal_mode = OFF")  # a journal would be left by who is killed
        db.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error as error:
        db.close()
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            sentence = "is in use: another server has it open; end that one, or name another file."
            raise UsageError(f"{path}: {sentence}") from None
        raise UsageError(f"{beside}: cannot be locked: {error}; delete it if no server has {path} open.") from None
    return db
