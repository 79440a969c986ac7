"""One SQLite file, used by many threads: readers that never wait, one writer at a time, each write a transaction."""

import sqlite3
from collections import deque
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import RLock, get_ident
from typing import Any

import orjson

from hcfmt.errors import UsageError

APPLICATION = 0x68636673  # "hcfs", the application id of a store's file
VERSION = 4  # of the schema and of what stands in it
LEAST = (3, 35, 0)
"""The least version of SQLite: strict enough checks of the schema (trusted_schema, 3.31), RETURNING (3.35)."""

_WAIT = 30.0  # seconds that a write waits for one of another process
_IDLE = 16  # connections kept for reading
_HYGIENE = ("trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0", "recursive_triggers = OFF")


@contextmanager
def closed_on_failure(db: sqlite3.Connection) -> Iterator[None]:
    """Close a connection that cannot be made ready, and leave one open that can."""
    try:
        yield
    except BaseException:
        db.close()
        raise


def connect(path: Path) -> sqlite3.Connection:
    """Open a file that is there, and expect nothing good of it. Raises sqlite3.Error."""
    if sqlite3.sqlite_version_info < LEAST:
        raise UsageError(f"SQLite {'.'.join(map(str, LEAST))} or later is needed; this is {sqlite3.sqlite_version}.")
    uri = f"{path.resolve().as_uri()}?mode=rw"
    db = sqlite3.connect(uri, uri=True, timeout=_WAIT, isolation_level=None, check_same_thread=False)
    with closed_on_failure(db):
        for pragma in _HYGIENE:
            db.execute(f"PRAGMA {pragma}")
    return db


class Database:
    """Connections to one file, for any thread: ``reading`` and ``writing`` give one for a block.

    In WAL mode a reader sees the state at its beginning, whatever is written meanwhile. ``durable``: what was written
    outlives a loss of power, not only the end of the process. Both raise UsageError where the file is damaged or cannot
    be used.
    """

    def __init__(self, path: Path, name: str, *, durable: bool) -> None:
        """Open a file, which errors call by a name. Raises sqlite3.Error."""
        self._path = path
        self._name = name
        self._lock = RLock()
        self._idle: deque[sqlite3.Connection] = deque()
        self._is_closed = False
        self._depth = 0
        self._owner: int | None = None
        self._writer = connect(path)
        with closed_on_failure(self._writer):
            # Before the first write, so that nobody waits for the disk when a large store that will be gone is opened.
            self._writer.execute(f"PRAGMA synchronous = {'FULL' if durable else 'OFF'}")
            self._writer.execute("PRAGMA journal_mode = WAL")

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
        db = None
        try:
            db = self._taken()
            db.execute("BEGIN")
            yield db
        except _OURS:
            raise
        except sqlite3.Error as error:
            raise unusable(self._name, error) from None
        finally:
            self._give_back(db)

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
            except BaseException as error:
                for statement in undo if self._writer.in_transaction else ():
                    self._writer.execute(statement)
                if isinstance(error, sqlite3.Error) and not isinstance(error, _OURS):
                    raise unusable(self._name, error) from None
                raise
            finally:
                self._depth -= 1
                self._owner = self._owner if self._depth else None

    def _give_back(self, db: sqlite3.Connection | None) -> None:
        if db is None:
            return
        if db.in_transaction:
            db.execute("ROLLBACK")
        if self._is_closed or len(self._idle) >= _IDLE:
            db.close()
        else:
            self._idle.append(db)

    def _taken(self) -> sqlite3.Connection:
        if self._is_closed:
            raise UsageError("The store is closed.")
        try:
            return self._idle.pop()
        except IndexError:
            return connect(self._path)


_OUTERMOST = ("BEGIN IMMEDIATE", "COMMIT", ("ROLLBACK",))
_OURS = (sqlite3.IntegrityError, sqlite3.ProgrammingError)  # faults of this program, not of the file
_NESTED = ("SAVEPOINT inner", "RELEASE inner", ("ROLLBACK TO inner", "RELEASE inner"))


def version_of(path: Path) -> int | None:
    """Return the version of a store's file, None for a file that is something else; sqlite3.Error for a damaged one."""
    try:
        with closing(connect(path)) as db:
            ((application,),) = db.execute("PRAGMA application_id")
            ((version,),) = db.execute("PRAGMA user_version")
    except sqlite3.Error:
        if _begins_as_one(path):
            raise
        return None
    return int(version) if application == APPLICATION else None


def _begins_as_one(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except OSError:
        return False
    return head.startswith(b"SQLite format 3\0") and head[68:72] == APPLICATION.to_bytes(4, "big")


def decoded(text: bytes | str) -> Any:  # noqa: ANN401 - any JSON value
    """Return the value of a JSON text that was written here; sqlite3.DatabaseError where it is none any more."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise sqlite3.DatabaseError("a record cannot be read") from None


def unusable(name: str, error: sqlite3.Error | OSError) -> UsageError:
    """Return what the system or SQLite says of a store, without the path that an error of the system may hold."""
    if isinstance(error, OSError):
        return UsageError(f"{name}: cannot be used: {error.strerror or type(error).__name__}.")
    if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF in _DAMAGED:
        return UsageError(f"{name}: is damaged: {error}; delete it, and it is filled anew from the archive.")
    return UsageError(f"{name}: cannot be used: {error}.")


# SQLite says SQLITE_ERROR of a table that is missing: the program asks for no other wrong thing.
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_FORMAT}
