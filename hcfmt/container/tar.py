"""Reads tar streams, the innermost layer, without following links or trusting sizes.

It reads v7, ustar, GNU (long names, base-256 numbers) and pax. Sparse files, contiguous files, volumes and unknown
types are special members, whose payload is the stored bytes. Links, directories, devices and FIFOs have no payload,
whatever their size field, as in Go's reader and Python's. A member that readers read differently has ``ambiguities``.
"""

from collections.abc import Iterator

from msgspec import Struct

from hcfmt.container import tar_ambiguity
from hcfmt.container.budget import Budget
from hcfmt.container.byte_stream import CHUNK, ByteStream
from hcfmt.container.member import Member, MemberKind
from hcfmt.container.remainder import Remainder, read_remainder
from hcfmt.container.tar_header import BLOCK, ZEROS, Header, parse, pax_records, pax_size, text
from hcfmt.errors import Fault

_KINDS = {
    b"\0": MemberKind.FILE,
    b"0": MemberKind.FILE,
    b"1": MemberKind.LINK,
    b"2": MemberKind.LINK,
    b"5": MemberKind.DIRECTORY,
}
_NO_PAYLOAD = b"123456"
_PAX, _PAX_OF_SUN, _PAX_GLOBAL = b"x", b"X", b"g"
_LONG_NAME, _LONG_LINK = b"L", b"K"
_EXTENDED = (_PAX, _PAX_OF_SUN, _PAX_GLOBAL, _LONG_NAME, _LONG_LINK)
_MEMBER_KEYWORDS = (b"path", b"size", b"GNU.sparse.name")
_SPARSE = b"GNU.sparse."
_SPARSE_CONTINUES = 504


class _Extended(Struct):
    """The extended headers before one member, as far as they change its name, its size or its kind.

    ``flags`` are their type flags, ``cost`` is their size in bytes.
    """

    pax: dict[bytes, bytes] = {}
    long_name: bytes | None = None
    flags: bytes = b""
    cost: int = 0
    ambiguities: list[str] = []


class _Payload:
    """Iterates over the bytes of one member; ``left`` is the number of bytes still unread."""

    __slots__ = ("_stream", "alive", "left")

    def __init__(self, stream: ByteStream, size: int) -> None:
        self._stream = stream
        self.left = size
        self.alive = True

    def __iter__(self) -> "_Payload":
        return self

    def __next__(self) -> bytes:
        if not self.alive:
            raise ValueError("A member's payload must be read before the next member.")
        if not self.left:
            raise StopIteration
        chunk = self._stream.read_some(min(self.left, CHUNK))
        if not chunk:
            raise cut_fault("a member's payload", self._stream.position)
        self.left -= len(chunk)
        return chunk

    def skip(self) -> None:
        """Read the bytes still unread, without copying them, and end the iteration."""
        while self.left:
            count = self._stream.skip(self.left)
            if not count:
                raise cut_fault("a member's payload", self._stream.position)
            self.left -= count
        self.alive = False


def cut_fault(part: str, byte: int) -> Fault:
    """Return the fault of a tar that ends at a byte, inside the part named by ``part``."""
    message = f"The tar ends inside {part}, at its byte {byte}: the archive was cut short. Copy or export it again."
    return Fault("tar-cut", message, byte)


class Tar:
    """Reads the members of a tar stream, and the stream to its last byte.

    ``terminated`` and ``rest`` are set after the last member: whether two zero blocks follow it, and what follows the
    end.
    """

    __slots__ = ("_budget", "_globals", "_stream", "rest", "terminated")

    def __init__(self, stream: ByteStream, budget: Budget) -> None:
        """Take the stream; nothing is read yet."""
        self._stream = stream
        self._budget = budget
        self._globals: dict[bytes, bytes] = {}
        self.terminated = False
        self.rest = Remainder()

    def members(self) -> Iterator[Member]:
        """Yield each member. Raises Fault (tar-corrupt, tar-cut, budget-exceeded)."""
        count = 0
        while member := self._next():
            count += 1
            if count > self._budget.members:
                raise self._budget.exceeded("members", "members", self._stream.position)
            header, kind, ambiguities = member
            stored = 0 if is_bare(header) else header.size
            payload = _Payload(self._stream, stored)
            yield Member(header.name.decode("utf-8", "surrogateescape"), stored, kind, payload, ambiguities)
            payload.skip()
            self._pad(stored)
        self.rest = read_remainder(self._stream)

    def _pad(self, stored: int) -> None:
        """Read the bytes that fill the last block of a payload."""
        padding = -stored % BLOCK
        if len(self._stream.read(padding)) < padding:
            raise cut_fault("a member's last block", self._stream.position)

    def _next(self) -> tuple[Header, MemberKind, tuple[str, ...]] | None:
        """Return the next member's header, with its extended headers applied; None at the end."""
        extended = _Extended()
        while True:
            byte = self._stream.position
            block = self._stream.read(BLOCK)
            if block == ZEROS[: len(block)]:
                if extended.cost:
                    raise cut_fault("an extended header whose member is missing", byte)
                self._end(block)
                return None
            if len(block) < BLOCK:
                raise cut_fault("a header", self._stream.position)
            header = parse(block, byte)
            extended.ambiguities += tar_ambiguity.of_block(block)
            if not byte:
                extended.ambiguities += tar_ambiguity.of_start(block)
            if header.flag not in _EXTENDED:
                return self._described(header, extended, byte)
            self._extend(extended, header)

    def _end(self, block: bytes) -> None:
        """Read the second zero block.

        GNU tar (with a warning), bsdtar and Python's reader stop at a lone zero block. So does this reader: the tar is
        then unterminated, and the bytes behind are trailing.
        """
        if len(block) == BLOCK and self._stream.peek(BLOCK) == ZEROS:
            self._stream.read(BLOCK)
            self.terminated = True

    def _extend(self, extended: _Extended, header: Header) -> None:
        """Read an extended header."""
        byte = self._stream.position
        payload = self._extra(extended, header.size)
        extended.flags += header.flag
        if header.flag in (_LONG_NAME, _LONG_LINK):
            extended.ambiguities += tar_ambiguity.of_long_name(payload)
            if header.flag == _LONG_NAME:
                extended.long_name = text(payload)
            return
        everywhere = header.flag == _PAX_GLOBAL
        records = self._globals if everywhere else extended.pax
        extended.ambiguities += tar_ambiguity.of_pax(payload, pax_records(payload, byte), everywhere=everywhere)
        for key, value in pax_records(payload, byte):
            if key in _MEMBER_KEYWORDS:
                records[key] = value
            if key.startswith(_SPARSE):
                records[_SPARSE] = b"any"

    def _extra(self, extended: _Extended, size: int) -> bytes:
        """Read the payload of an extended header; one beyond the limit is refused before it is read."""
        extended.cost += BLOCK + size
        if extended.cost > self._budget.header:
            raise self._budget.exceeded("header", "bytes of extended headers before one member", self._stream.position)
        padded = size + -size % BLOCK
        payload = self._stream.read(padded)
        if len(payload) < padded:
            raise cut_fault("an extended header", self._stream.position)
        return payload[:size]

    def _described(self, header: Header, extended: _Extended, byte: int) -> tuple[Header, MemberKind, tuple[str, ...]]:
        """Combine a member's header with its extended headers: pax wins, and an empty pax value counts as missing."""
        pax = {key: value for key, value in (self._globals | extended.pax).items() if value}
        name = pax.get(b"GNU.sparse.name") or extended.long_name or pax.get(b"path") or header.name
        if len(name) > self._budget.path:
            raise self._budget.exceeded("path", "bytes in a member's name", byte)
        size_of_pax = pax_size(pax[b"size"], byte) if b"size" in pax else None
        extended.ambiguities += tar_ambiguity.of_flags(extended.flags)
        extended.ambiguities += tar_ambiguity.of_member(header, name, size_of_pax)
        kind = _KINDS.get(header.flag, MemberKind.SPECIAL)
        if kind is MemberKind.FILE and _SPARSE in pax:
            kind = MemberKind.SPECIAL
        elif kind is MemberKind.FILE and name.endswith(b"/"):
            kind = MemberKind.DIRECTORY  # v7 had no type for it
        continues = header.continues
        while continues:
            continues = self._extra(extended, BLOCK)[_SPARSE_CONTINUES] != 0
        size = header.size if size_of_pax is None else size_of_pax
        return Header(name, header.flag, size), kind, tuple(dict.fromkeys(extended.ambiguities))


def is_bare(header: Header) -> bool:
    """Whether no payload follows, whatever the size field is."""
    return header.flag in _NO_PAYLOAD or (header.flag == b"\0" and header.name.endswith(b"/"))
