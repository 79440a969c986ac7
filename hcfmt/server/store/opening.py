"""A store is opened: filled from an archive, or found where one was kept."""

import json
import os
import re
import secrets
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from hcfmt.container import (
    DIGESTS,
    STDIN,
    Archive,
    Budget,
    Password,
    open_archive,
    password_bytes,
    require_file_name,
    temporary_directory,
)
from hcfmt.errors import UsageError
from hcfmt.server.store.database import VERSION, Database, decoded, unusable, version_of
from hcfmt.server.store.filling import Filling, create_indexes, emptied
from hcfmt.server.store.helpers import Order, helpers, is_orphan
from hcfmt.server.store.identity import identity
from hcfmt.server.store.locks import locked
from hcfmt.server.store.resetting import remember
from hcfmt.server.store.share import Share
from hcfmt.server.store.store import Store

Watch = Callable[[Archive], Callable[[str], None]]
"""Called with the archive when it is open; what it returns, with the path of each member when its reading begins."""

_DEFAULT = Budget()
_TEMPORARY = "The temporary store"
_LARGE = 8 << 20  # bytes of an archive that takes longer to read than it takes to start a process


def _unwatched(_: Archive) -> Callable[[str], None]:
    return lambda _path: None


def open_store(
    archive: str | os.PathLike[str],
    *,
    store_path: str | os.PathLike[str] | None = None,
    password: Password | None = None,
    digests: Sequence[str] = DIGESTS,
    budget: Budget = _DEFAULT,
    stdin: BinaryIO | None = None,
    watch: Watch = _unwatched,
    jobs: int = 1,
) -> Store:
    """Fill a store from an archive (sealed, .tar.gz, .tar, a directory, ``-`` for ``stdin``) and open it.

    The store is a file in a private temporary directory, which ``Store.close`` removes; with ``store_path`` it is kept
    there, and the next time opened at once: neither is the archive read then nor the password asked for. Nobody else
    can open a kept store until it is closed. Raises UsageError for what cannot be opened or written, and for a kept
    store that is damaged, in use, of another archive or another version; Fault where the archive cannot be read to its
    end. Damage that is only found later makes the store's methods raise UsageError.

    A file of some size is read by so many processes (``jobs``), each of which has the limits for itself.
    """
    archive, store_path = os.fspath(archive), None if store_path is None else os.fspath(store_path)
    fill = partial(_fill, _Source(archive, password, tuple(digests), budget, stdin), watch, jobs)
    if store_path is None:
        return _temporary(fill)
    if archive == STDIN:
        raise UsageError("What comes from standard input is not kept: name the archive's file.")
    path = _kept_at(store_path, archive)
    told = identity(archive)
    with ExitStack() as held:
        try:
            if path.exists():
                _check_version(path)  # no lock is put beside what is not ours
            held.callback(locked(path).close)
            if not path.exists():
                _sweep(path)
                _fill_whole(partial(fill, told), path)
            return _opened(path, store_path, told, held)
        except (sqlite3.Error, OSError) as error:
            raise unusable(store_path, error) from None


def _kept_at(store_path: str, archive: str) -> Path:
    """Return the one path of a kept store, so that it is not opened twice under two; UsageError where it cannot be."""
    require_file_name(store_path)
    path = Path(os.path.realpath(store_path))
    if path.is_file() and path.stat().st_nlink > 1:
        raise UsageError(
            f"{store_path}: has several names (hard links), under which it could be opened twice; copy it."
        )
    if Path(archive).is_dir() and path.is_relative_to(os.path.realpath(archive)):
        raise UsageError(
            f"{store_path}: lies in the directory that is served, which it would change; name another place."
        )
    return path


def _sweep(path: Path) -> None:
    """Delete what was left by who was killed while they filled the store at a path; its lock is held."""
    left = re.compile(rf"\.{re.escape(path.name)}\.[0-9a-f]{{16}}\.part(?:\.[0-9a-f]{{16}})?")
    for one in path.parent.iterdir():
        if left.fullmatch(one.name):
            one.unlink(missing_ok=True)


def _temporary(fill: Callable[[str, Path], None]) -> Store:
    """Fill a store that is gone when it is closed."""
    with ExitStack() as held:
        try:
            path = held.enter_context(temporary_directory()) / "store"
            fill("", path)
            return _opened(path, _TEMPORARY, "", held, durable=False)
        except (sqlite3.Error, OSError) as error:
            raise unusable(_TEMPORARY, error) from None


def _fill_whole(fill: Callable[[Path], None], path: Path) -> None:
    """Fill a store under another name; only what is whole gets the name."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(8)}.part")
    try:
        fill(part)
        with part.open("r+b") as file:
            os.fsync(file.fileno())
        for rest in ("-wal", "-shm"):  # of a store that was deleted: SQLite would take them for this one's
            path.with_name(path.name + rest).unlink(missing_ok=True)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _fill(source: "_Source", watch: Watch, jobs: int, told: str, path: Path) -> None:
    with source.opened() as archive, closing(emptied(path)) as db, helpers(source.order(archive, jobs), path) as others:
        filling = Filling(db, source.budget, Share(0, 1 + len(others)))
        filling.read(archive, watch(archive))
        db.execute("COMMIT")
        for helper in others:
            filling.left_out += helper.merge(db, source.budget)
        create_indexes(db)
        db.execute("BEGIN")
        filling.settle()
        remember(db)
        facts = {"archive": told, "left out": json.dumps(filling.left_out)}
        db.executemany("INSERT INTO told VALUES (?, ?)", facts.items())
        db.execute("COMMIT")


@dataclass(frozen=True, slots=True)
class _Source:
    """An archive that is to be read, and what opens it. The password that was given is remembered."""

    name: str
    password: Password | None
    digests: tuple[str, ...]
    budget: Budget
    stdin: BinaryIO | None
    given: list[bytes] = field(default_factory=list)

    def opened(self) -> Archive:
        ask = None if self.password is None else self._ask
        return open_archive(self.name, password=ask, digests=self.digests, budget=self.budget, stdin=self.stdin)

    def order(self, archive: Archive, jobs: int) -> Order:
        """Return what helpers are told when the archive is open."""
        is_worth_it = archive.fault is None and self.name != STDIN and (archive.size or 0) >= _LARGE
        password = self.given[-1] if self.given else None
        budget = replace(self.budget, expired=is_orphan)
        return Order(self.name, password, self.digests, budget, jobs if is_worth_it else 1)

    def _ask(self) -> bytes:
        assert self.password is not None  # noqa: S101 - else nobody is asked
        self.given.append(password_bytes(self.password))
        return self.given[-1]


def _check_version(path: Path) -> None:
    """Raise UsageError unless there is a store of this version."""
    version = version_of(path) if path.is_file() else None
    if version is None:
        raise UsageError(f"{path}: is no store of hcfmt's, or is damaged, and is not touched; name another file.")
    if version != VERSION:
        raise UsageError(f"{path}: was written by another version of hcfmt; delete it, and it is filled anew.")


def _check_archive(name: str, known: object, told: str) -> None:
    if known != told:
        sentence = "was filled from another archive, or this one changed; delete it, or name another file."
        raise UsageError(f"{name}: {sentence}")


def _opened(path: Path, name: str, told: str, held: ExitStack, *, durable: bool = True) -> Store:
    """Open a store that was filled from this archive, which takes over what is held; raises UsageError for another."""
    _check_version(path)
    database = Database(path, name, durable=durable)
    try:
        with database.reading() as db:
            known = dict(db.execute("SELECT key, value FROM told WHERE key IN ('archive', 'left out')"))
            left_out = decoded(known.get("left out", ""))
        _check_archive(name, known.get("archive"), told)
    except BaseException:
        database.close()
        raise
    return Store(database, left_out, held.pop_all().close)
