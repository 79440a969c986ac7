"""Writes an archive as a directory of static files: the page, its data as scripts, and the stored files."""

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from hcfmt.container import Budget
from hcfmt.container.atomic_directory import atomic_directory, require_free_directory
from hcfmt.container.distinct_files import FileName
from hcfmt.container.new_tree import NewTree
from hcfmt.container.private_files import temporary_directory
from hcfmt.errors import UsageError
from hcfmt.server.page import documents
from hcfmt.server.page.findings import Findings
from hcfmt.server.page.static_export.data_scripts import DataScripts
from hcfmt.server.page.static_export.file_copies import FileCopies
from hcfmt.server.page.static_export.front_end import page_files
from hcfmt.server.page.static_export.message_index import MessageIndex

if TYPE_CHECKING:
    from hcfmt.server.store import Store

_DEFAULT = Budget()
_MARK = "data/overview.js"
_TOP = frozenset({"index.html", "page", "data", "files", "README.txt"})


class StaticExport(Struct, frozen=True):
    """What was written: numbers of chats, messages and stored files."""

    chats: int
    messages: int
    files: int


def require_free(directory: str, *, force: bool, inputs: Iterable[FileName] = ()) -> None:
    """Raise UsageError, before the archive is read, if ``export_static`` would not write a directory."""
    require_free_directory(directory, force=force, is_result=_is_export, inputs=inputs)


def export_static(
    store: "Store",
    name: str,
    directory: str | os.PathLike[str],
    findings: Findings,
    *,
    force: bool = False,
    inputs: Iterable[FileName] = (),
    budget: Budget = _DEFAULT,
    watch: Callable[[int, int], object] = lambda _done, _all: None,
) -> StaticExport:
    """Write the page of a store below a directory, which appears complete or not at all.

    ``name`` is the archive's, ``findings`` the document of ``page.findings``. The directory is new or empty; with
    ``force`` an earlier export is replaced. The same archive gives the same bytes. ``watch`` is called with the
    numbers of messages written and of all.

    Raises UsageError where the directory cannot be written, Fault where a limit is reached.
    """
    path = os.fspath(directory)
    with atomic_directory(path, force=force, is_result=_is_export, inputs=inputs) as new:
        tree = NewTree(os.fspath(new), path)
        try:
            with closing(tree), temporary_directory(new.parent) as work:
                return _Export(store, tree, work, budget).write(name, findings, watch)
        except sqlite3.OperationalError as error:  # of the search index, such as a full disk
            raise UsageError(f"{path}: cannot be written: {error}.") from None


def _is_export(directory: Path) -> bool:
    """Whether a directory holds an export of this module, and nothing beside it."""
    return (directory / _MARK).is_file() and {path.name for path in directory.iterdir()} <= _TOP


class _Export:
    """One export into an empty tree."""

    def __init__(self, store: "Store", tree: NewTree, work: Path, budget: Budget) -> None:
        self._store = store
        self._tree = tree
        self._work = work
        self._budget = budget
        self._data = DataScripts(tree)
        self._copies = FileCopies(tree, budget)

    def write(self, name: str, findings: Findings, watch: Callable[[int, int], object]) -> StaticExport:
        """Write all files."""
        for parts, content in page_files():
            self._tree.write_file(parts, [content])
        file_count = self._write_stored_files()
        overview = documents.overview(self._store, name, self._copies.address) | {"searchable": True}
        self._data.write("overview", overview)
        self._data.write("findings", findings)
        message_count = self._write_messages(overview["chats"], overview["chunk"], watch)
        return StaticExport(len(overview["chats"]), message_count, file_count)

    def _write_stored_files(self) -> int:
        count = 0
        for file in self._store.chats.all_files():
            self._budget.spend_time()
            self._copies.write(self._store, file)
            count += 1
        return count

    def _write_messages(
        self, chats: Sequence[Mapping[str, Any]], size: int, watch: Callable[[int, int], object]
    ) -> int:
        """Write the messages of all chats, and the index of times, ids and words."""
        total = sum(chat["count"] for chat in chats)
        with closing(MessageIndex(self._data, self._work)) as index:
            for chat in chats:
                for at, messages in enumerate(self._chunks(chat["key"], size)):
                    self._budget.spend_time()
                    self._data.write(f"messages/{chat['key']}/{at}", messages)
                    index.add(messages)
                    watch(index.count, total)
            index.write()
            return index.count

    def _chunks(self, key: str, size: int) -> Iterator[list[dict[str, Any]]]:
        """Yield the messages of a chat, as many at a time as one file has."""
        first = 0
        while messages := list(self._messages(key, first, size)):
            yield messages
            first += size

    def _messages(self, key: str, first: int, count: int) -> Iterator[dict[str, Any]]:
        """Yield messages of a chat, which a document may have fewer of than asked for."""
        while count and (page := documents.messages(self._store, key, first, count, self._copies.address)):
            yield from page
            first += len(page)
            count -= len(page)
