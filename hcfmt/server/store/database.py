"""Connections of many threads to one SQLite file: readers never wait, writers take turns, a write is a transaction."""

import sqlite3
from collections import deque
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import RLock, get_ident
from typing import Any

import orjson

from hcfmt.errors import UsageError

APPLICATION = 0x68636673  # "hcfs", the application id in a store's file
VERSION = 6  # of the schema and of its contents
MINIMUM_SQLITE = (3, 35, 0)
"""The oldest supported version of SQLite, for checks of the schema (trusted_schema, 3.31) and UPDATE FROM (3.33)."""

_WRITE_TIMEOUT = 30.0  # seconds that a write waits for another process
_MAX_IDLE = 16  # connections kept for the next readers
# A kept file may come from anywhere: its schema runs no code, its pages are checked, and none is mapped into memory.
_SAFE_PRAGMAS = ("trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0", "recursive_triggers = OFF")
_OUTERMOST = ("BEGIN IMMEDIATE", "COMMIT", ("ROLLBACK",))
_NESTED = ("SAVEPOINT inner", "RELEASE inner", ("ROLLBACK TO inner", "RELEASE inner"))
_BUGS = (sqlite3.IntegrityError, sqlite3.ProgrammingError)  # errors of this program, not of the file
# SQLITE_ERROR is SQLite's code for a missing table; the program's own statements cause it for no other reason.
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_FORMAT}


@contextmanager
def close_on_failure(db: sqlite3.Connection) -> Iterator[None]:
    """Close a connection if the block raises an exception."""
    try:
        yield
    except BaseException:
        db.close()
        raise


def connect(path: Path) -> sqlite3.Connection:
    """Open an existing file, and guard against a hostile one. Raises sqlite3.Error, UsageError for an old SQLite."""
    if sqlite3.sqlite_version_info < MINIMUM_SQLITE:
        raise UsageError(
            f"SQLite {'.'.join(map(str, MINIMUM_SQLITE))} or later is needed; this is {sqlite3.sqlite_version}."
        )
    uri = f"{path.resolve().as_uri()}?mode=rw"
    db = sqlite3.connect(uri, uri=True, timeout=_WRITE_TIMEOUT, isolation_level=None, check_same_thread=False)
    with close_on_failure(db):
        for pragma in _SAFE_PRAGMAS:
            db.execute(f"PRAGMA {pragma}")
    return db


class Database:
    """Connections to one SQLite file in WAL mode: ``reading`` and ``writing`` give any thread one for a block.

    A reader sees the state at its beginning, whatever is written meanwhile. Both methods raise UsageError for a file
    that is damaged or unusable, and once the database is closed. ``directory`` is the file's.
    """

    def __init__(self, path: Path, name: str, *, durable: bool) -> None:
        """Open a file; error messages call it by ``name``. Raises sqlite3.Error.

        With ``durable`` a write survives a loss of power, without it only the end of the process.
        """
        self.directory = path.parent
        self._path = path
        self._name = name
        self._lock = RLock()
        self._idle: deque[sqlite3.Connection] = deque()
        self._is_closed = False
        self._depth = 0
        self._owner: int | None = None
        self._writer = connect(path)
        with close_on_failure(self._writer):
            # Set before the first write, so that opening a large temporary store does not wait for the disk.
            self._writer.execute(f"PRAGMA synchronous = {'FULL' if durable else 'OFF'}")
            self._writer.execute("PRAGMA journal_mode = WAL")

    def close(self) -> None:
        """Close all connections once the current write is done; a reader closes its own connection at its end."""
        with self._lock:
            self._is_closed = True
            while self._idle:
                self._idle.pop().close()
            self._writer.close()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give a connection in a read transaction; within ``writing``, the writer's connection."""
        if self._owner == get_ident():
            yield self._writer
            return
        db = None
        try:
            db = self._acquire()
            db.execute("BEGIN")
            yield db
        except _BUGS:
            raise
        except sqlite3.Error as error:
            raise store_error(self._name, error) from None
        finally:
            self._release(db)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give the only writing connection in a transaction: committed at the block's end, undone by an exception.

        A nested block is committed or undone with the outer one; an exception that ends it alone undoes it alone.
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
                if isinstance(error, sqlite3.Error) and not isinstance(error, _BUGS):
                    raise store_error(self._name, error) from None
                raise
            finally:
                self._depth -= 1
                self._owner = self._owner if self._depth else None

    def _release(self, db: sqlite3.Connection | None) -> None:
        if db is None:
            return
        if db.in_transaction:
            db.execute("ROLLBACK")
        if self._is_closed or len(self._idle) >= _MAX_IDLE:
            db.close()
        else:
            self._idle.append(db)

    def _acquire(self) -> sqlite3.Connection:
        if self._is_closed:
            raise UsageError("The store is closed.")
        try:
            return self._idle.pop()
        except IndexError:
            db = connect(self._path)
        with close_on_failure(db):
            db.execute("PRAGMA temp_store = MEMORY")  # a kept store needs no directory but its own
        return db


def schema_version(path: Path) -> int | None:
    """Return the schema version of a store's file, None for any other file. Raises sqlite3.Error if damaged."""
    try:
        with closing(connect(path)) as db:
            ((application,),) = db.execute("PRAGMA application_id")
            ((version,),) = db.execute("PRAGMA user_version")
    except sqlite3.Error:
        if _has_store_header(path):
            raise
        return None
    return int(version) if application == APPLICATION else None


def _has_store_header(path: Path) -> bool:
    """Whether a file starts like a database with the application id of a store."""
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except OSError:
        return False
    return head.startswith(b"SQLite format 3\0") and head[68:72] == APPLICATION.to_bytes(4, "big")


def encode_json(value: Any) -> bytes:  # noqa: ANN401 - any JSON value
    """Return a value's JSON text; raises ValueError for a value that JSON cannot hold."""
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:
        raise ValueError("The record cannot be written as JSON.") from None


def decode_json(text: bytes | str) -> Any:  # noqa: ANN401 - any JSON value
    """Return the value of a JSON text from the store; raises sqlite3.DatabaseError for text that was damaged since."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise sqlite3.DatabaseError("a record cannot be read") from None


def store_error(name: str, error: sqlite3.Error | OSError) -> UsageError:
    """Return the error of the system or of SQLite as a UsageError, without a path that the system's error may hold."""
    if isinstance(error, OSError):
        return UsageError(f"{name}: cannot be used: {error.strerror or type(error).__name__}.")
    if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF in _DAMAGED:
        return UsageError(f"{name}: is damaged: {error}; delete it, and it is loaded again from the archive.")
    return UsageError(f"{name}: cannot be used: {error}.")
