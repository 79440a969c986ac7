"""Inputs of the layout rules: the header of one member, and the paths of all members."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from hcfmt.check.collisions import folded, is_lookalike, overlaps
from hcfmt.check.export_dialect import ExportDialect
from hcfmt.container import MemberKind
from hcfmt.export.dialects import CHECKED
from hcfmt.export.layout import MemberLayout

if TYPE_CHECKING:
    from hcfmt.check.expected_contents import ExpectedContents
    from hcfmt.check.export_log import ExportLog


class Header(Struct, frozen=True):
    """Header of one member: its path, its kind, and whether the path is UTF-8.

    ``ambiguities`` are sentences on fields that readers read differently.
    """

    path: str
    kind: MemberKind
    decodable: bool
    ambiguities: tuple[str, ...] = ()


class Entry(Struct, frozen=True):
    """Members of one path: the number of files, and the size of the first in bytes.

    ``readable``: the first member is a regular file, and no rule of headers keeps it from being read. ``looks_like``
    names the kind of its content if its first bytes contradict its name, ``pixels`` is the width and height of an
    emoticon.
    """

    size: int
    readable: bool
    count: int
    looks_like: str | None = None
    pixels: tuple[int, int] | None = None


class Layout(Struct, frozen=True, dict=True):
    """All members by canonical path, except directories, and their places in the documented tree.

    ``extra`` are the extra directories above the export, with their slashes, or "". ``places`` maps readable files to
    their rows of the documented tree, None for a file without a row. ``dotted`` of ``total`` members are below "./".
    ``complete``: the archive was read to its end, so that a path which is not here is missing. ``claimed`` are the
    paths of stored files that records refer to, in any place. ``directories`` are the canonical paths of directories.
    ``dialect`` tells who wrote the export, ``demanded`` who should have, None for anybody. ``unpacked``: the members
    are the files of a directory. ``layers`` are the names of the archive's layers that were opened. ``expected`` is
    what the export must hold by another source, ``log`` the log of its making; None where there is no such source.
    """

    members: Mapping[str, Entry]
    extra: str
    places: Mapping[str, MemberLayout | None]
    dotted: int
    total: int
    complete: bool
    claimed: frozenset[str] = frozenset()
    directories: AbstractSet[str] = frozenset()
    dialect: ExportDialect = ExportDialect()
    demanded: str | None = None
    unpacked: bool = False
    layers: frozenset[str] = frozenset()
    expected: "ExpectedContents | None" = None
    log: "ExportLog | None" = None

    @cached_property
    def lookalikes(self) -> frozenset[str]:
        """Paths that are a path of a data file on macOS or Windows only."""
        paths = (path for paths in (self.members, self.directories) for path in paths)
        return frozenset(path for path in paths if is_lookalike(path, self.extra))

    @cached_property
    def overlaps(self) -> Mapping[str, bool]:
        """Files that collide with other members when unpacked, and whether they do on Linux too."""
        paths = self.members.keys() - self.lookalikes
        overlapping = set(overlaps(paths, self.directories, folded))
        everywhere = set(overlaps(self.members, self.directories, str)) if overlapping or self.lookalikes else set()
        return {path: path in everywhere for path in sorted(overlapping | everywhere)}

    def files(self) -> Iterator[tuple[str, Entry]]:
        """Yield path and entry of every readable file."""
        return ((path, self.members[path]) for path in self.places)

    def stored(self) -> Iterator[tuple[str, Entry]]:
        """Yield path and entry of every stored attachment, avatar and emoticon."""
        return ((path, self.members[path]) for path, row in self.places.items() if row and row.schema is None)

    def has_data(self) -> bool:
        """Whether any file is a data file of an export that is checked; if none is, only HC012 is reported."""
        has_some = any(row is not None and row.schema is not None for row in self.places.values())
        return has_some and self.dialect.name in CHECKED

    def lacks(self, name: str) -> bool:
        """Whether an export that was read to its end has no file of this name at its top."""
        return self.complete and self.has_data() and self.extra + name not in self.members
