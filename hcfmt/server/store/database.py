"""One SQLite file, used by many threads: readers that never wait, one writer at a time, each write a transaction."""

import sqlite3
from collections import deque
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import RLock, get_ident

from hcfmt.errors import UsageError

APPLICATION = 0x68636673  # "hcfs", the application id of a store's file
VERSION = 1  # of the schema and of what stands in it
LEAST = (3, 35, 0)
"""The least version of SQLite: strict enough checks of the schema (trusted_schema, 3.31), RETURNING (3.35)."""

_WAIT = 30.0  # seconds that a write waits for one of another process
_IDLE = 16  # connections kept for reading
_HYGIENE = ("trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0", "recursive_triggers = OFF")


def connect(path: Path) -> sqlite3.Connection:
    """Open a file that is there, and expect nothing good of it. Raises sqlite3.Error."""
    if sqlite3.sqlite_version_info < LEAST:
        raise UsageError(f"SQLite {'.'.join(map(str, LEAST))} or later is needed; this is {sqlite3.sqlite_version}.")
    uri = f"{path.resolve().as_uri()}?mode=rw"
    db = sqlite3.connect(uri, uri=True, timeout=_WAIT, isolation_level=None, check_same_thread=False)
    for pragma in _HYGIENE:
        db.execute(f"PRAGMA {pragma}")
    return db


class Database:
    """Connections to one file, for any thread: ``reading`` and ``writing`` give one for a block.

    In WAL mode a reader sees the state at its beginning, whatever is written meanwhile. ``durable``: what was written
    outlives a loss of power, not only the end of the process.
    """

    def __init__(self, path: Path, *, durable: bool) -> None:
        """Open a file. Raises sqlite3.Error."""
        self._path = path
        self._lock = RLock()
        self._idle: deque[sqlite3.Connection] = deque()
        self._is_closed = False
        self._depth = 0
        self._owner: int | None = None
        self._writer = connect(path)
        self._writer.execute("PRAGMA journal_mode = WAL")
        self._writer.execute(f"PRAGMA synchronous = {'FULL' if durable else 'OFF'}")

    def close(self) -> None:
        """Close all connections, when what is being written is written; what still reads closes its own at its end."""
        with self._lock:
            self._is_closed = True
            while self._idle:
                self._idle.pop().close()
            self._writer.close()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give a connection in a transaction of its own; within ``writing``, that one."""
        if self._owner == get_ident():
            yield self._writer
            return
        db = self._taken()
        try:
            db.execute("BEGIN")
            yield db
        finally:
            if db.in_transaction:
                db.execute("ROLLBACK")
            if self._is_closed or len(self._idle) >= _IDLE:
                db.close()
            else:
                self._idle.append(db)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give the writer, alone, in a transaction that ends with the block: written, or undone by an exception.

        A block inside another is written or undone with it, and undone alone by an exception that ends it alone.
        """
        with self._lock:
            if self._is_closed:
                raise UsageError("The store is closed.")
            begin, commit, undo = _NESTED if self._depth else _OUTERMOST
            self._writer.execute(begin)
            self._depth += 1
            self._owner = get_ident()
            try:
                yield self._writer
                self._writer.execute(commit)
            except BaseException:
                for statement in undo if self._writer.in_transaction else ():
                    self._writer.execute(statement)
                raise
            finally:
                self._depth -= 1
                self._owner = self._owner if self._depth else None

    def _taken(self) -> sqlite3.Connection:
        if self._is_closed:
            raise UsageError("The store is closed.")
        try:
            return self._idle.pop()
        except IndexError:
            return connect(self._path)


_OUTERMOST = ("BEGIN IMMEDIATE", "COMMIT", ("ROLLBACK",))
_NESTED = ("SAVEPOINT inner", "RELEASE inner", ("ROLLBACK TO inner", "RELEASE inner"))


def version_of(path: Path) -> int | None:
    """Return the version of a store's file, None for a file that is something else or cannot be read as one."""
    try:
        with closing(connect(path)) as db:
            ((application,),) = db.execute("PRAGMA application_id")
            ((version,),) = db.execute("PRAGMA user_version")
    except sqlite3.Error:
        return None
    return int(version) if application == APPLICATION else None
