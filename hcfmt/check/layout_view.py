"""What rules of layout look at: one member's header, and the names of all members together."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property

from hcfmt.check.collisions import folded, is_lookalike, overlaps
from hcfmt.container import MemberKind
from hcfmt.export.layout import MemberLayout


@dataclass(frozen=True, slots=True)
class Header:
    """One member as its header describes it: path, kind, whether the path is UTF-8, and what readers differ on."""

    path: str
    kind: MemberKind
    decodable: bool
    ambiguities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """What is kept of the members of one path: how many files there are, and the first one's size in bytes.

    ``readable``: it is a regular file whose name no rule of headers speaks of. ``looks_like`` says what its leading
    bytes show where they contradict its name, ``pixels`` width and height of an image where they are looked at.
    """

    size: int
    readable: bool
    count: int
    looks_like: str | None = None
    pixels: tuple[int, int] | None = None


@dataclass(frozen=True)
class Layout:
    """All members, directories apart, by canonical path, and what stands before the documented tree.

    ``extra`` is the one extra directory below which the export was found, with its slash, or ""; ``places`` are the
    rows of the tree that the readable files have, None for a file that has none. ``dotted`` of ``total`` members stood
    below "./". ``whole`` says that the archive was read to its end, so that what is not here is missing. ``claimed``
    are the paths of stored files that some record refers to, wherever they stand. ``directories`` are the canonical
    paths of the members that are directories.
    """

    members: Mapping[str, Entry]
    extra: str
    places: Mapping[str, MemberLayout | None]
    dotted: int
    total: int
    whole: bool
    claimed: frozenset[str] = frozenset()
    directories: AbstractSet[str] = frozenset()

    @cached_property
    def lookalikes(self) -> frozenset[str]:
        """The paths that are a data file's on macOS or Windows, and none's elsewhere."""
        paths = (path for paths in (self.members, self.directories) for path in paths)
        return frozenset(path for path in paths if is_lookalike(path, self.extra))

    @cached_property
    def overlaps(self) -> Mapping[str, bool]:
        """The files that cannot stand beside all other members once unpacked; whether that is so on Linux too."""
        others = self.members.keys() - self.lookalikes
        overlapping = set(overlaps(others, self.directories, folded))
        everywhere = set(overlaps(self.members, self.directories, str)) if overlapping or self.lookalikes else set()
        return {path: path in everywhere for path in sorted(overlapping | everywhere)}

    def files(self) -> Iterator[tuple[str, Entry]]:
        """Yield path and entry of every readable file."""
        return ((path, self.members[path]) for path in self.places)

    def stored(self) -> Iterator[tuple[str, Entry]]:
        """Yield path and entry of every stored attachment, avatar and emoticon."""
        return ((path, self.members[path]) for path, place in self.places.items() if place and place.schema is None)

    def has_data(self) -> bool:
        """Whether any file is one of the export's JSON files; if none is, that is all there is to say."""
        return any(place is not None and place.schema is not None for place in self.places.values())

    def lacks(self, name: str) -> bool:
        """Whether an export that was read to its end has nothing of this name at its top."""
        return self.whole and self.has_data() and self.extra + name not in self.members
