"""What an archive holds: members, whatever they were packed with."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum


class MemberKind(StrEnum):
    """What a member is; links and special members are named, never followed or made."""

    FILE = "file"
    DIRECTORY = "directory"
    LINK = "link"
    SPECIAL = "special"


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an archive: its path as written, its size in bytes, its kind, and its payload.

    ``path`` is UTF-8 read with ``surrogateescape``, so that every name survives; it is hostile text and never names a
    file of this machine. ``chunks`` yields ``size`` bytes, or raises Fault where the archive cannot be read on. It dies
    when the next member is asked for (ValueError); what was not read by then is skipped. ``ambiguities`` are sentences
    on what other readers take for another path, size or kind.
    """

    path: str
    size: int
    kind: MemberKind
    chunks: Iterator[bytes] = field(compare=False, repr=False)
    ambiguities: tuple[str, ...] = ()

    @property
    def decodable(self) -> bool:
        """Whether the path was UTF-8."""
        try:
            self.path.encode()
        except UnicodeEncodeError:
            return False
        return True
