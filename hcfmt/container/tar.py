"""The innermost layer: a small reader of tar streams that follows nothing and trusts nothing.

It reads v7, ustar, GNU (long names, base-256 numbers) and pax. Sparse files, contiguous files, volumes and types that
nobody knows are special members: reported, their payload whatever bytes are stored. Links, directories, devices and
FIFOs carry none, whatever their size field says, as Go's reader and Python's have it. Where readers differ on a member
it is read in one of their ways, and its ``ambiguities`` say so.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from hcfmt.container import tar_ambiguity
from hcfmt.container.budget import Budget
from hcfmt.container.byte_stream import CHUNK, ByteStream
from hcfmt.container.member import Member, MemberKind
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
_KEPT = (b"path", b"size", b"GNU.sparse.name")
_SPARSE = b"GNU.sparse."
_SPARSE_CONTINUES = 504


@dataclass(slots=True)
class _Extended:
    """What extended headers say of the next member; only what changes its name, its size or its kind is kept.

    ``flags`` are the type flags of those that were read, ``cost`` is their size in bytes.
    """

    pax: dict[bytes, bytes] = field(default_factory=dict)
    long_name: bytes | None = None
    flags: bytes = b""
    cost: int = 0
    ambiguities: list[str] = field(default_factory=list)


class _Payload:
    """The bytes of one member; ``left`` are still to come."""

    __slots__ = ("_stream", "alive", "left")

    def __init__(self, stream: ByteStream, size: int) -> None:
        self._stream = stream
        self.left = size
        self.alive = True

    def __iter__(self) -> "_Payload":
        return self

    def __next__(self) -> bytes:
        if not self.alive:
            raise ValueError("A member's payload can only be read before the next member is asked for.")
        if not self.left:
            raise StopIteration
        piece = self._stream.read_some(min(self.left, CHUNK))
        if not piece:
            raise cut_fault("a member's payload", self._stream.position)
        self.left -= len(piece)
        return piece


def cut_fault(where: str, byte: int) -> Fault:
    """Return the fault that says where the tar ended."""
    message = f"The tar ends inside {where}, at its byte {byte}: the archive was cut short. Copy or export it again."
    return Fault("tar-cut", message, byte)


class Tar:
    """The members of a tar stream.

    After the last member ``terminated`` says whether the two zero blocks stood there, ``trailing`` how many bytes other
    than zero came after the end; the stream is then read to its last byte.
    """

    __slots__ = ("_budget", "_globals", "_stream", "terminated", "trailing")

    def __init__(self, stream: ByteStream, budget: Budget) -> None:
        """Take the bytes; nothing is read before it is asked for."""
        self._stream = stream
        self._budget = budget
        self._globals: dict[bytes, bytes] = {}
        self.terminated = False
        self.trailing = 0

    def members(self) -> Iterator[Member]:
        """Yield each member. Raises Fault (tar-corrupt, tar-cut, budget-exceeded)."""
        count = 0
        while described := self._next():
            count += 1
            if count > self._budget.members:
                raise self._budget.exceeded("members", "members", self._stream.position)
            header, kind, ambiguities = described
            stored = 0 if _is_bare(header) else header.size
            payload = _Payload(self._stream, stored)
            yield Member(header.name.decode("utf-8", "surrogateescape"), stored, kind, payload, ambiguities)
            self._skip(payload, stored)
        while rest := self._stream.read_some(CHUNK):
            self.trailing += len(rest) - rest.count(0)

    def _skip(self, payload: _Payload, stored: int) -> None:
        for _ in payload:
            pass
        payload.alive = False
        padding = -stored % BLOCK
        if len(self._stream.read(padding)) < padding:
            raise cut_fault("a member's last block", self._stream.position)

    def _next(self) -> tuple[Header, MemberKind, tuple[str, ...]] | None:
        """Return the next member's header with all that its extended headers say, None at the end."""
        extended = _Extended()
        while True:
            byte = self._stream.position
            block = self._stream.read(BLOCK)
            if block == ZEROS[: len(block)]:
                if extended.cost:
                    raise cut_fault("a header that describes a member to come", byte)
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
        """Look for the second zero block.

        GNU tar (with a warning), bsdtar and Python's reader all stop at a lone zero block and see nothing behind it: so
        does this one. The end is then no proper one, and whatever stands behind it is trailing.
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
        known = self._globals if everywhere else extended.pax
        extended.ambiguities += tar_ambiguity.of_pax(payload, pax_records(payload, byte), everywhere=everywhere)
        for key, value in pax_records(payload, byte):
            if key in _KEPT:
                known[key] = value
            if key.startswith(_SPARSE):
                known[_SPARSE] = b"any"

    def _extra(self, extended: _Extended, size: int) -> bytes:
        """Take what comes before a payload; its size is known before its bytes are, so a huge one costs nothing."""
        extended.cost += BLOCK + size
        if extended.cost > self._budget.header:
            raise self._budget.exceeded("header", "bytes of extended headers before one member", self._stream.position)
        padded = size + -size % BLOCK
        payload = self._stream.read(padded)
        if len(payload) < padded:
            raise cut_fault("an extended header", self._stream.position)
        return payload[:size]

    def _described(self, header: Header, extended: _Extended, byte: int) -> tuple[Header, MemberKind, tuple[str, ...]]:
        """Put together what is known of a member: pax goes before its own header, an empty value counts as none."""
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


def _is_bare(header: Header) -> bool:
    """Whether no payload follows, whatever the size says."""
    return header.flag in _NO_PAYLOAD or (header.flag == b"\0" and header.name.endswith(b"/"))
