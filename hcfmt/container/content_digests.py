"""SHA-256 of what an archive holds, made while it is read: of each member, and of the tar inside."""

from collections.abc import Iterator
from hashlib import sha256
from typing import TYPE_CHECKING, Self

from msgspec import Struct

from hcfmt.container.budget import Budget, name_memory
from hcfmt.container.member import Member, MemberKind

if TYPE_CHECKING:
    from hashlib import _Hash


class MemberDigest(Struct, frozen=True):
    """Path as written, kind, size in bytes and SHA-256 of a member.

    ``sha256`` is in hexadecimal, None of a member without bytes of its own: a directory, a link, a device.
    """

    path: str
    kind: MemberKind
    size: int
    sha256: str | None


class ContentDigests(Struct):
    """Digests of the content of one archive.

    ``members`` are those that were read whole, in the order of the archive. ``tar_sha256`` is the digest of the tar
    inside, with all bytes behind its end, and ``tar_bytes`` its size; both are None of a directory, and where the
    archive could not be read to its end. ``complete``: it was.
    """

    budget: Budget
    members: list[MemberDigest] = []
    tar_bytes: int | None = None
    tar_sha256: str | None = None
    complete: bool = False
    _name_bytes: int = 0

    def add(self, member: Member, digest: str) -> None:
        """Add a member and the digest of its bytes. Raises Fault (budget-exceeded) for too many or too long names."""
        self._name_bytes += name_memory(member.path)
        if self._name_bytes > self.budget.names:
            raise self.budget.names_exceeded()
        has_bytes = member.kind is MemberKind.FILE or member.size > 0
        self.members.append(MemberDigest(member.path, member.kind, member.size, digest if has_bytes else None))


class HashedChunks:
    """Iterates over chunks and hashes them."""

    __slots__ = ("_chunks", "_hash")

    def __init__(self, chunks: Iterator[bytes]) -> None:
        """Take the chunks; nothing is read yet."""
        self._chunks = chunks
        self._hash = sha256()

    def __iter__(self) -> Self:
        """Return the iterator itself."""
        return self

    def __next__(self) -> bytes:
        """Return the next chunk."""
        chunk = next(self._chunks)
        self._hash.update(chunk)
        return chunk

    def digest(self) -> str:
        """Read the chunks that are left, and return the SHA-256 of all in hexadecimal."""
        for _ in self:
            pass
        return self._hash.hexdigest()


def hashed(chunks: Iterator[bytes], digest: "_Hash") -> Iterator[bytes]:
    """Yield chunks and add each to a digest, in whatever thread reads them."""
    for chunk in chunks:
        digest.update(chunk)
        yield chunk
