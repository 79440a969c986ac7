"""Extracts the members of an archive below a directory, under safe names; makes no links and no devices."""

import os
from collections.abc import Callable, Sequence
from typing import BinaryIO, Protocol

from msgspec import Struct

from hcfmt.container.aes import DIGESTS
from hcfmt.container.archive import EMPTY, Archive, open_archive
from hcfmt.container.budget import Budget, name_memory
from hcfmt.container.distinct_files import require_not_input
from hcfmt.container.member import Member, MemberKind, path_parts
from hcfmt.container.new_tree import NewTree
from hcfmt.container.passwords import Password
from hcfmt.container.path_patterns import Selection
from hcfmt.container.safe_names import Parts, SafeNames
from hcfmt.container.source import ArchiveInput
from hcfmt.errors import Defect, Fault

_DEFAULT = Budget()


class Renamed(Struct, frozen=True):
    """A member whose path is not its file's: ``path`` in the archive, and ``written``, relative to the directory."""

    path: str
    written: str


class LeftOut(Struct, frozen=True):
    """A member that was not extracted: a link, something special such as a device, or the file that was cut."""

    path: str
    kind: MemberKind


class Extraction(Struct, frozen=True):
    """What was extracted from one archive.

    ``files``, ``directories`` and ``bytes`` count what was written. ``renamed`` and ``left_out`` are in the order of
    the archive, and so are ``ambiguous``, the paths of members that other programs read differently. ``fault`` is the
    defect that ended the reading, None if everything was read; ``defects`` are all others.
    """

    files: int
    directories: int
    bytes: int
    renamed: tuple[Renamed, ...]
    left_out: tuple[LeftOut, ...]
    ambiguous: tuple[str, ...]
    fault: Defect | None
    defects: tuple[Defect, ...]


class _Readable(Protocol):
    @property
    def size(self) -> int | None: ...

    @property
    def bytes_read(self) -> int: ...


Watch = Callable[[_Readable], Callable[[str], None]]
"""Called with the open archive; the function that it returns is called with the path of each member."""


def extract(
    archive: ArchiveInput,
    directory: str | os.PathLike[str],
    patterns: Sequence[str] = (),
    *,
    password: Password | None = None,
    digests: Sequence[str] = DIGESTS,
    budget: Budget = _DEFAULT,
    stdin: BinaryIO | None = None,
    watch: Watch | None = None,
) -> Extraction:
    """Extract the members of an archive that one of the patterns matches, by default all, below a directory.

    The directory is created, or is empty. Everything below it is readable by its owner alone, and nothing outside is
    touched: ``safe_name`` makes a name of each part of a path, members of the same name get numbers, and links and
    special members are left out. A file that the archive does not hold to its end is left out too; what was extracted
    before it stays. ``watch`` is told the progress.

    Raises UsageError where the archive cannot be read or the directory cannot be written, and, in the end, for a
    pattern that no member matches.
    """
    root, selection = os.fspath(directory), Selection(patterns)
    require_not_input(root, [archive] if isinstance(archive, str | os.PathLike) else [])
    tree = NewTree(root)
    with open_archive(archive, password=password, digests=digests, budget=budget, stdin=stdin) as opened:
        work = _Work(opened, tree, SafeNames(budget), budget)
        try:
            work.run(selection, watch(opened) if watch else lambda _: None)
        finally:
            tree.close()
        return work.result()


class _Work:
    """Extraction of one archive."""

    def __init__(self, archive: Archive, tree: NewTree, names: SafeNames, budget: Budget) -> None:
        self._archive = archive
        self._tree = tree
        self._names = names
        self._budget = budget
        self._fault: Defect | None = None
        self._files = self._bytes = self._name_memory = 0
        self._directories: set[Parts] = set()
        self._renamed: list[Renamed] = []
        self._left_out: list[LeftOut] = []
        self._ambiguous: list[str] = []

    def run(self, selection: Selection, progress: Callable[[str], None]) -> None:
        """Extract the members that are selected. Raises UsageError."""
        is_empty = True
        try:
            for member in self._archive.members():
                self._budget.spend_time()
                self._spend_memory(member.path)
                is_empty = False
                if member.path in selection:
                    progress(member.path)
                    self._extract(member)
        except Fault as fault:
            self._fault = fault.defect
        if is_empty and not self.fault:
            self._fault = EMPTY
        if not self.fault:
            selection.require_matches()
            self._tree.open()

    @property
    def fault(self) -> Defect | None:
        """The defect that ended the reading."""
        return self._archive.fault or self._fault

    def result(self) -> Extraction:
        """Return what was extracted."""
        return Extraction(
            self._files,
            len(self._directories),
            self._bytes,
            tuple(self._renamed),
            tuple(self._left_out),
            tuple(self._ambiguous),
            self.fault,
            tuple(self._archive.defects),
        )

    def _spend_memory(self, path: str) -> None:
        """Count the names of all members, of which the result may hold many. Raises Fault."""
        self._name_memory += name_memory(path)
        if self._name_memory > self._budget.names:
            raise self._budget.names_exceeded()

    def _extract(self, member: Member) -> None:
        if member.ambiguities:
            self._ambiguous.append(member.path)
        match member.kind:
            case MemberKind.FILE:
                parts = self._names.file(member.path)
                try:
                    self._bytes += self._tree.write_file(parts, member.chunks)
                except Fault:
                    self._left_out.append(LeftOut(member.path, member.kind))
                    raise
                self._files += 1
            case MemberKind.DIRECTORY:
                parts = self._names.directory(member.path)
                self._tree.make_directory(parts)
                self._directories.add(parts)
            case _:
                self._left_out.append(LeftOut(member.path, member.kind))
                return
        written = "/".join(parts)
        if member.path.startswith("/") or written != "/".join(path_parts(member.path)):
            self._renamed.append(Renamed(member.path, written))
