"""Decompresses a damaged gzip stream, and goes on with the next block that can be decoded.

What altered bytes decode to is not seen here: most streams of symbols fall into step again, and only the checksum at
the end tells. Where decoding fails, it goes on at the next block behind, with an unknown window: what the stream copies
from there comes out as zeros, and is noted.
"""

import zlib
from collections.abc import Generator, Iterator

from hcfmt.container.byte_stream import ByteStream
from hcfmt.container.gzip import HEADER, GzipReader, begins_member
from hcfmt.container.recovery.deflate_blocks import WINDOW, decoder, find_block, from_bit
from hcfmt.container.recovery.recovery import Recovery
from hcfmt.errors import Fault

_RAW = -15  # wbits
_INPUT = 8 * 1024  # bytes that are decoded at a time, to a thousand times as many at most
_SEARCHED = 32 * 1024  # bytes that are searched for a block at a time
_OVERLAP = 2 * 1024  # bytes of a search that are searched again with the next ones
_MOST_SEARCHED = 16 << 20  # bytes of one archive that are searched, which takes about two minutes
_TRAILER = 8
_EXTRA, _NAME, _COMMENT, _CHECKSUM = 4, 8, 16, 2  # flags of a header
_LONGEST_HEADER = 128 * 1024
_ZEROS, _ONES = bytes(WINDOW), b"\xff" * WINDOW  # two windows that differ everywhere


class RecoveringGzip(GzipReader):
    """Decompresses a gzip stream, whatever is damaged in it."""

    __slots__ = ("_checksum", "_is_whole", "_position", "_recovery")

    def __init__(self, stream: ByteStream, recovery: Recovery) -> None:
        """Take the compressed bytes, and where damages are noted."""
        super().__init__(stream)
        self._recovery = recovery
        self._position = 0  # in the output
        self._checksum = 0
        self._is_whole = True  # of the member that is read

    def members(self) -> Iterator[bytes]:
        """Yield what could be decompressed, with zeros for bytes that could not, and leave what follows unread."""
        while True:
            self._checksum, self._is_whole = 0, True
            start = self._position
            inflater = self._first_inflater()
            while inflater:
                failed = yield from self._blocks(inflater)
                inflater = None if failed is None else self._inflater_behind(failed)
            self._check_trailer(self._position - start)
            if not begins_member(self._stream.peek(4)):
                break
        self.size = self._stream.position

    def _first_inflater(self) -> "_Inflater | None":
        """Read the header of a member, or search the first block if it is damaged."""
        size = _header_size(self._stream.peek(_LONGEST_HEADER))
        if not size:
            self._note("The gzip header is damaged.", self._stream.position)
            return self._inflater_behind(self._stream.position)
        self._stream.read(size)
        return _Inflater(zlib.decompressobj(_RAW))

    def _blocks(self, inflater: "_Inflater") -> Generator[bytes, None, int | None]:
        """Yield what the blocks hold, up to the end of the member, and return the byte at which decoding fails."""
        while not inflater.eof:
            byte = self._stream.position
            data = self._stream.read_some(_INPUT)
            if not data:
                self._recovery.note(_cut(byte))
                self._is_whole = False
                return None
            before = inflater.copy()
            try:
                output = inflater.decode(data)
            except zlib.error:
                output, failed = before.decode_before_error(data)
                yield from self._counted(before, output)
                message = f"The gzip stream is damaged at or before byte {byte + failed:,}: it cannot be decoded there."
                self._note(message, byte + failed)
                self._stream.unread(len(data) - failed)
                return byte + failed
            yield from self._counted(inflater, output)
        self._stream.unread(inflater.left_over)
        return None

    def _counted(self, inflater: "_Inflater", output: tuple[bytes, bytes]) -> Iterator[bytes]:
        """Yield decoded bytes, and note those that are unknown; the two outputs differ there."""
        known, other = output
        if other is not known and known != other:
            known = self._without_unknown(known, other)
            inflater.known = 0
        elif other is not known:
            inflater.count_known(len(known))
        self._checksum = zlib.crc32(known, self._checksum)
        self._position += len(known)
        if known:
            yield known

    def _without_unknown(self, known: bytes, other: bytes) -> bytes:
        """Return decoded bytes with zeros where two outputs differ, and note these places."""
        differing = int.from_bytes(known, "little") ^ int.from_bytes(other, "little")
        mask = differing.to_bytes(len(known), "little")
        at = mask.find(b"\xff")
        while at >= 0:
            end = mask.find(b"\0", at)
            end = len(mask) if end < 0 else end
            self._recovery.add_unknown(self._position + at, self._position + end)
            at = mask.find(b"\xff", end)
        return (int.from_bytes(known, "little") & ~differing).to_bytes(len(known), "little")

    def _inflater_behind(self, byte: int) -> "_Inflater | None":
        """Return an inflater for the next block that can be decoded, with an unknown window; None for no such block."""
        self._is_whole = False
        self._recovery.gaps.append(self._position)
        known = self._recovery.blocks
        if byte not in known:
            known[byte] = self._find_block()
        bit = known[byte]
        if bit is None:
            while self._stream.read_some(_INPUT):
                pass
            return None
        while (skipped := bit // 8 - self._stream.position) > 0:
            self._stream.read_some(min(skipped, _INPUT))
        first = self._stream.read(1)
        inflater = _Inflater(decoder(_ZEROS), decoder(_ONES))
        inflater.decode(from_bit(first, bit % 8))
        return inflater

    def _find_block(self) -> int | None:
        """Return the bit at which the next block begins, and stay where the search began; None for none."""
        start, size = self._stream.position, _SEARCHED
        searched = 0
        while True:
            data = self._stream.peek(size)
            last = len(data) < size
            bit = find_block(data[searched:], 0, last=last)
            self._recovery.searched += len(data) - searched
            if bit is not None:
                return 8 * (start + searched) + bit
            if last or self._recovery.searched > _MOST_SEARCHED:
                return None
            searched = len(data) - _OVERLAP
            size += _SEARCHED

    def _check_trailer(self, size: int) -> None:
        trailer = self._stream.read(_TRAILER)
        if not self._is_whole:
            return
        if len(trailer) < _TRAILER:
            self._recovery.note(_cut(self._stream.position))
        elif trailer != self._checksum.to_bytes(4, "little") + (size & 0xFFFFFFFF).to_bytes(4, "little"):
            self._note("The checksum of the gzip stream is wrong: bytes were altered, nobody knows where.", None)

    def _note(self, message: str, byte: int | None) -> None:
        self._recovery.note(Fault("gzip-corrupt", message, byte))


class _Inflater:
    """Decodes one stream of blocks; with an unknown window twice, with two windows that differ everywhere.

    ``known`` counts the bytes before the next one that were known in a row.
    """

    def __init__(self, one: "zlib._Decompress", other: "zlib._Decompress | None" = None, known: int = 0) -> None:
        self._one, self._other = one, other
        self.known = known

    @property
    def eof(self) -> bool:
        """Whether the last block was decoded."""
        return self._one.eof

    @property
    def left_over(self) -> int:
        """The number of bytes behind the last block that were given and not used."""
        return len(self._one.unused_data)

    def copy(self) -> "_Inflater":
        return _Inflater(self._one.copy(), self._other and self._other.copy(), self.known)

    def decode(self, data: bytes) -> tuple[bytes, bytes]:
        """Return both outputs; the same object twice once the window is known. Raises zlib.error."""
        known = self._one.decompress(data)
        return known, self._other.decompress(data) if self._other else known

    def decode_before_error(self, data: bytes) -> tuple[tuple[bytes, bytes], int]:
        """Return both outputs up to the byte at which decoding fails, and the offset of that byte."""
        parts: list[tuple[bytes, bytes]] = []
        failed = len(data)
        for at in range(len(data)):
            try:
                parts.append(self.decode(data[at : at + 1]))
            except zlib.error:
                failed = at
                break
        known = b"".join(part[0] for part in parts)
        return (known, b"".join(part[1] for part in parts) if self._other else known), failed

    def count_known(self, count: int) -> None:
        """Count bytes of which none is unknown; with as many as the window has, it is known."""
        self.known += count
        if self.known >= WINDOW:
            self._other = None


def _header_size(head: bytes) -> int:
    """Return the size of a gzip header in bytes (RFC 1952, 2.3), 0 if it is damaged."""
    if len(head) < HEADER or not begins_member(head):
        return 0
    flags, at = head[3], HEADER
    if flags & _EXTRA:
        at += 2 + int.from_bytes(head[at : at + 2], "little")
    for flag in (_NAME, _COMMENT):
        if flags & flag:
            at = head.find(b"\0", at) + 1
            if not at:
                return 0
    return at + 2 * bool(flags & _CHECKSUM)


def _cut(byte: int) -> Fault:
    return Fault("gzip-cut", f"The gzip stream stops at byte {byte:,}, before its end.", byte)
