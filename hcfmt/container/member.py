"""The members of an archive."""

from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct


class MemberKind(StrEnum):
    """The kind of a member; links and special members are reported, never followed or created."""

    FILE = "file"
    DIRECTORY = "directory"
    LINK = "link"
    SPECIAL = "special"


class Member(Struct, frozen=True, eq=False):
    """One member of an archive: its path as written, its size in bytes, its kind, and its payload.

    ``path`` is UTF-8 decoded with ``surrogateescape``, which keeps every name; it is hostile text and must never name a
    file of this machine. ``chunks`` yields ``size`` bytes, or raises Fault where the archive cannot be read on. It is
    valid until the next member is read (then ValueError), which skips the rest. ``ambiguities`` are sentences on a
    path, size or kind that other readers read differently.
    """

    path: str
    size: int
    kind: MemberKind
    chunks: Iterator[bytes]
    ambiguities: tuple[str, ...] = ()

    @property
    def decodable(self) -> bool:
        """Whether the path is valid UTF-8."""
        try:
            self.path.encode()
        except UnicodeEncodeError:
            return False
        return True


def path_parts(path: str) -> list[str]:
    """Return the names of a path as they are after unpacking: without ".", and without empty ones."""
    return [part for part in path.split("/") if part not in {"", "."}]
