"""Writes an export as an SQLite database: tables with keys, and full-text search over the messages."""

import os
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import chain, starmap
from pathlib import Path, PurePath
from typing import BinaryIO

from msgspec import Struct

from hcfmt.container import DIGESTS, ArchiveInput, Budget, Password
from hcfmt.container.atomic_write import atomic_path, require_replaceable
from hcfmt.container.budget import MIB
from hcfmt.errors import UsageError
from hcfmt.findings import Finding
from hcfmt.reader import sqlite_rows
from hcfmt.reader.export import Export
from hcfmt.reader.opening import open_export
from hcfmt.reader.passes import Watch
from hcfmt.reader.records import Message
from hcfmt.reader.sqlite_rows import Row
from hcfmt.version import __version__

_SUFFIXES = (".sqlite", ".sqlite3", ".db")
_ADVICE = "give it the suffix .sqlite, .sqlite3 or .db"
_VERSION = 1  # of the schema
_BATCH = 2_000  # messages that are inserted at once, unless they have as many characters as these:
_BATCH_TEXT = 4 * MIB
_DETAILS = 14  # the index of this column of messages
_DEFAULT = Budget()
# A file that is not loaded yet needs no journal and no waiting for the disk: a failure deletes it.
_PRAGMAS = (
    *("page_size = 8192", "journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE"),
    *("cache_size = -16384", "temp_store = FILE", f"user_version = {_VERSION}"),
)
_FILE = "(SELECT path FROM files WHERE path = ?)"  # None for a file that the archive lacks


class SqliteExport(Struct, frozen=True):
    """What a database holds, and what of the archive it lacks.

    ``rows`` are the numbers of rows by table. ``problems`` are what was skipped or could not be resolved, the first 100
    of each rule; ``problem_counts`` are the numbers of all, by the code of their rule.
    """

    rows: Mapping[str, int]
    problems: Sequence[Finding]
    problem_counts: Mapping[str, int]


def export_sqlite(
    archive: ArchiveInput,
    output: str | os.PathLike[str],
    *,
    password: Password | None = None,
    digests: Sequence[str] = DIGESTS,
    budget: Budget = _DEFAULT,
    stdin: BinaryIO | None = None,
    force: bool = False,
    watch: Watch | None = None,
) -> SqliteExport:
    """Write an export to a new SQLite database, readable by its owner alone; it appears complete or not at all.

    ``docs/sqlite.md`` describes the tables. The arguments are those of ``open_export``, and what cannot be read is
    skipped as there: the table ``problems`` holds it too. An existing file is replaced only with ``force``. The same
    archive and name give the same rows. Raises UsageError where the database cannot be written, and as ``open_export``
    does.
    """
    path = os.fspath(output)
    if not path.lower().endswith(_SUFFIXES):
        raise UsageError(f"{path}: is not the name of an SQLite database: {_ADVICE}.")
    require_replaceable(path, force=force)
    inputs = [archive] if isinstance(archive, str | os.PathLike) else []
    opened = open_export(archive, password=password, digests=digests, budget=budget, stdin=stdin, watch=watch)
    with opened as export, atomic_path(path, force=force, inputs=inputs) as part:
        try:
            with closing(_create(part)) as db:
                return _Writer(db).write(export)
        except sqlite3.OperationalError as error:
            raise UsageError(f"{path}: cannot be written: {error}.") from None


def _create(path: Path) -> sqlite3.Connection:
    """Create the tables in an empty file, and begin a transaction. Its lock would be at odds with that of the file."""
    db = sqlite3.connect(f"{path.absolute().as_uri()}?nolock=1", uri=True, isolation_level=None)
    for pragma in _PRAGMAS:
        db.execute(f"PRAGMA {pragma}").close()
    db.executescript(_script("sqlite_schema.sql"))
    db.execute("BEGIN")
    return db


def _script(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


class _Writer:
    """Fills the tables of a new database with one export."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._rows: Counter[str] = Counter()

    def write(self, export: Export) -> SqliteExport:
        """Fill all tables, make the indexes, and return what the database holds."""
        rooms = export.rooms
        self._insert("files", ((file.path, file.kind, file.size) for file in export.files()))
        self._insert("users", map(sqlite_rows.user_row, export.users), "avatar")
        self._insert("rooms", map(sqlite_rows.room_row, rooms))
        self._insert("room_members", chain.from_iterable(map(sqlite_rows.member_rows, rooms)))
        self._insert("emoticons", map(sqlite_rows.emoticon_row, export.emoticons), "file")
        self._insert("autojoins", chain.from_iterable(map(sqlite_rows.autojoin_rows, export.autojoins)))
        self._insert_messages(chain(export.messages(), export.private_messages()))
        self._insert("problems", map(sqlite_rows.problem_row, export.problems))
        self._insert("metadata", _metadata(export))
        self._db.execute("COMMIT")
        self._db.executescript(_script("sqlite_indexes.sql"))
        return SqliteExport(self._rows, tuple(export.problems), export.problem_counts)

    def _insert_messages(self, messages: Iterable[Message]) -> None:
        """Insert messages and what belongs to them, a batch at a time."""
        for batch, rows in _batches(messages):
            self._insert("messages", rows)
            self._insert("mentions", chain.from_iterable(starmap(sqlite_rows.mention_rows, batch)))
            attachments = ((number, sqlite_rows.attachment_of(message)) for number, message in batch)
            found = starmap(sqlite_rows.attachment_row, (pair for pair in attachments if pair[1]))
            self._insert("attachments", found, "file", "thumbnail")
            texts = ((number, message.message) for number, message in batch if message.message)
            self._db.executemany("INSERT INTO message_search (rowid, text) VALUES (?, ?)", texts)

    def _insert(self, table: str, rows: Iterable[Row], *files: str) -> None:
        """Insert whole rows; of a column in ``files``, NULL in place of the path of a file that the archive lacks."""
        columns = [name for _, name, *_ in self._db.execute(f"PRAGMA table_info({table})")]
        values = ", ".join(_FILE if column in files else "?" for column in columns)
        before = self._db.total_changes
        self._db.executemany(f"INSERT INTO {table} VALUES ({values})", rows)  # noqa: S608 - names of this module
        self._rows[table] += self._db.total_changes - before


def _batches(messages: Iterable[Message]) -> Iterator[tuple[list[tuple[int, Message]], list[Row]]]:
    """Yield messages with their numbers, and their rows, as many at once as are in memory without harm."""
    batch: list[tuple[int, Message]] = []
    rows: list[Row] = []
    size = 0
    for number, message in enumerate(messages, 1):
        row = sqlite_rows.message_row(number, message)
        batch.append((number, message))
        rows.append(row)
        size += len(message.message) + len(str(row[_DETAILS]))
        if len(rows) == _BATCH or size > _BATCH_TEXT:
            yield batch, rows
            batch, rows, size = [], [], 0
    yield batch, rows


def _metadata(export: Export) -> Iterator[Row]:
    """Yield how the tables were made. The archive's name is without its directory."""
    yield "archive", PurePath(export.name).name
    yield "dialect", export.dialect
    yield "hcfmt_version", __version__
    yield "problems", str(sum(export.problem_counts.values()))
    yield "schema_version", str(_VERSION)
