"""Opens a store: loads the archive into a new file, or opens the kept file of an earlier time."""

import os
import re
import secrets
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from hcfmt.container import DIGESTS, STDIN, Archive, Budget, Password
from hcfmt.container.atomic_write import require_file_name
from hcfmt.container.distinct_files import require_not_input
from hcfmt.container.private_files import delete_leftovers, temporary_directory
from hcfmt.errors import UsageError
from hcfmt.server.store.archive_source import ArchiveSource, Watch
from hcfmt.server.store.database import VERSION, Database, decode_json, schema_version, store_error
from hcfmt.server.store.identity import archive_identity
from hcfmt.server.store.lock import SUFFIX as LOCK
from hcfmt.server.store.lock import lock
from hcfmt.server.store.store import Store

_DEFAULT = Budget()
_TEMPORARY = "The temporary store"
_LOGS = ("-wal", "-shm")  # suffixes of the files that SQLite writes beside a database


def _no_watch(_: Archive) -> Callable[[str], None]:
    return lambda _path: None


def open_store(
    archive: str | os.PathLike[str],
    *,
    store_path: str | os.PathLike[str] | None = None,
    password: Password | None = None,
    digests: Sequence[str] = DIGESTS,
    budget: Budget = _DEFAULT,
    stdin: BinaryIO | None = None,
    watch: Watch = _no_watch,
    jobs: int = 1,
) -> Store:
    """Load an archive (.tar.gz.aes, .tar.gz, .tar, a directory, ``-`` for ``stdin``) into a store, and open the store.

    The store is a file in a private temporary directory. ``Store.close`` deletes it, or the next call of this function
    if the process was killed. With ``store_path`` the file is kept, and the next call opens it at once, without reading
    the archive or calling ``password``. A kept store is locked until it is closed.

    ``jobs`` is the number of processes that load a large archive; the limits of ``budget`` hold for each of them.

    Raises UsageError for an archive or a store that cannot be opened or written, and for a kept store that is damaged,
    in use, of another archive or of another schema version; Fault for an archive that cannot be read to its end. If a
    kept store turns out to be damaged later, the methods of ``Store`` raise UsageError.
    """
    archive, store_path = os.fspath(archive), None if store_path is None else os.fspath(store_path)
    source = ArchiveSource(archive, password, tuple(digests), budget, stdin, watch, jobs)
    if store_path is None:
        return _open_temporary(source)
    if archive == STDIN:
        raise UsageError("An archive from standard input cannot have a kept store: name the archive's file.")
    delete_leftovers()  # of servers without a kept store, whose directories would do it
    path = _resolve(store_path, archive)
    identity = archive_identity(archive)
    with ExitStack() as resources:
        try:
            if path.exists():
                _check_version(path)  # before the lock file is created: the file may not be a store
            resources.callback(lock(path).close)
            if not path.exists():
                _delete_parts(path)
                _load_atomically(source, identity, path)
            return _open(path, store_path, identity, resources)
        except (sqlite3.Error, OSError) as error:
            raise store_error(store_path, error) from None


def _resolve(store_path: str, archive: str) -> Path:
    """Return the one real path of a kept store, so that it has one lock; UsageError for an unusable path."""
    require_file_name(store_path)
    path = Path(os.path.realpath(store_path))
    for suffix in ("", LOCK, *_LOGS):
        require_not_input(f"{path}{suffix}", [archive])
    if path.is_file() and path.stat().st_nlink > 1:
        raise UsageError(f"{store_path}: has several names (hard links), so two servers could open it; copy the file.")
    return path


def _delete_parts(path: Path) -> None:
    """Delete the incomplete files of killed processes that loaded the store at a path; the caller has its lock."""
    part = re.compile(rf"\.{re.escape(path.name)}\.[0-9a-f]{{16}}\.part(?:\.[0-9a-f]{{16}})?")
    for file in path.parent.iterdir():
        if part.fullmatch(file.name):
            file.unlink(missing_ok=True)


def _open_temporary(source: ArchiveSource) -> Store:
    """Load a store that its closing deletes, and open it."""
    with ExitStack() as resources:
        try:
            path = resources.enter_context(temporary_directory()) / "store"
            source.load("", path)
            return _open(path, _TEMPORARY, "", resources, durable=False)
        except (sqlite3.Error, OSError) as error:
            raise store_error(_TEMPORARY, error) from None


def _load_atomically(source: ArchiveSource, identity: str, path: Path) -> None:
    """Load a store under a temporary name, and rename it when it is complete."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(8)}.part")
    try:
        source.load(identity, part)
        with part.open("r+b") as file:
            os.fsync(file.fileno())
        for suffix in _LOGS:  # of a store that was deleted: SQLite would apply them to the new one
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _check_version(path: Path) -> None:
    """Raise UsageError unless a path has a store of this schema version."""
    version = schema_version(path) if path.is_file() else None
    if version is None:
        raise UsageError(f"{path}: is no store of hcfmt, or is damaged, and stays as it is; name another file.")
    if version != VERSION:
        sentence = f"has schema version {version}, and this version of hcfmt needs {VERSION}"
        raise UsageError(f"{path}: {sentence}; delete it, and it is loaded again.")


def _check_archive(name: str, info: dict[str, str], identity: str) -> None:
    """Raise UsageError unless a store was loaded from the archive of an identity."""
    if info.get("archive") != identity:
        sentence = "was loaded from another archive, or this archive changed"
        raise UsageError(f"{name}: {sentence}; delete it, or name another file.")


def _open(path: Path, name: str, identity: str, resources: ExitStack, *, durable: bool = True) -> Store:
    """Open a loaded store, which takes over the resources; raises UsageError for a store of another archive."""
    _check_version(path)
    database = Database(path, name, durable=durable)
    try:
        with database.reading() as db:
            info = dict(db.execute("SELECT key, value FROM info WHERE key IN ('archive', 'omissions')"))
            omissions = decode_json(info.get("omissions", ""))
        _check_archive(name, info, identity)
    except BaseException:
        database.close()
        raise
    return Store(database, omissions, resources.pop_all().close)
