"""Finds the blocks of a deflate stream behind damage, bit by bit, and decodes from there (RFC 1951).

A block may begin at any bit. One with Huffman codes of its own shows by its header: three codes that are complete. A
stored one shows by its length, which is written twice. What a block copies from before its beginning is unknown.
"""

import re
import zlib
from collections.abc import Iterator, Sequence
from functools import cache

WINDOW = 32 * 1024  # bytes that a stream copies from at most
_COMPLEMENT = 0xFFFF  # of two bytes and their complement
_RAW = -15  # wbits
_ORDER = (16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15)
_MOST_LITERALS, _MOST_DISTANCES = 29, 29  # HLIT and HDIST, of which 30 and 31 are undefined
_LITERALS, _END_OF_BLOCK = 257, 256
_FULL = 1 << 15  # sum of a complete code: each code of n bits counts 2 ** (15 - n)
_REPEATS = {16: (2, 3), 17: (3, 3), 18: (7, 11)}  # symbol of a code length: extra bits, and least count
_KINDS = (4, 5)  # of a block with codes of its own: the first bits, for one before others and for the last
_OWN_CODES = re.compile(
    b"[%b]" % b"".join(re.escape(bytes([n << 3 | kind])) for n in range(_MOST_LITERALS + 1) for kind in _KINDS)
)
_PROOF, _TRIED = 1024, 16 * 1024  # bytes that must decode behind the header of a block, and that are tried
_MOST_OUTPUT = 1 << 20
_STORED = 5  # bytes of a stored block's header at most


def find_block(data: bytes, start: int, *, last: bool) -> int | None:
    """Return the offset in bits of the first block that begins at or behind the bit ``start``; None for none.

    ``last``: the stream ends with these bytes. A block needs about a kilobyte behind its header as a proof.
    """
    first = start // 8
    found = sorted({*_own_codes(data, first), *_stored(data, first)})
    return next((bit for bit in found if bit >= start and _decodes(data, bit, last=last)), None)


def decoder(window: bytes) -> "zlib._Decompress":
    """Return a decompressor for a stream without a header, behind so many bytes."""
    return zlib.decompressobj(_RAW, zdict=window)


def from_bit(data: bytes, bit: int) -> bytes:
    """Return a stream of the bits from ``bit`` on: empty blocks fill the bits of the first byte before it."""
    phase, byte = bit % 8, bit // 8
    if not phase:
        return data[byte:]
    filling = _filling(phase)
    return b"%b%c%b" % (filling[:-1], filling[-1] | data[byte] >> phase << phase, data[byte + 1 :])


def _decodes(data: bytes, bit: int, *, last: bool) -> bool:
    """Whether a stream can be decoded from a bit on, for a kilobyte at least."""
    decompressor = decoder(bytes(WINDOW))
    stream = from_bit(data[bit // 8 : bit // 8 + _TRIED], bit % 8)
    try:
        decompressor.decompress(stream, _MOST_OUTPUT)
    except zlib.error:
        return False
    if decompressor.eof:
        return last and len(decompressor.unused_data) < _PROOF
    return last or len(stream) > _PROOF


def _stored(data: bytes, first: int) -> Iterator[int]:
    """Yield the bits at which stored blocks seem to begin: their length, its complement, and zeros before it."""
    size = len(data)
    number = int.from_bytes(data, "little")
    same = (number ^ number >> 16).to_bytes(size, "little")  # 0xffff where two bytes are the complement of the next
    at = same.find(b"\xff\xff", first + 1)
    while 0 <= at < size - 4:
        if not data[at - 1] >> 5:
            length = data[at] | data[at + 1] << 8
            if length and (at + 4 + length + _STORED >= size or _begins_block(data, at + 4 + length)):
                yield 8 * at - 3
        at = same.find(b"\xff\xff", at + 1)


def _begins_block(data: bytes, byte: int) -> bool:
    """Whether a byte may begin a block: its type is defined, and if it is stored, its length is written twice."""
    kind = data[byte] >> 1 & 3
    if kind:
        return kind != 3  # noqa: PLR2004 - the undefined type
    length, complement = (int.from_bytes(data[at : at + 2], "little") for at in (byte + 1, byte + 3))
    return length ^ complement == _COMPLEMENT


def _own_codes(data: bytes, first: int) -> Iterator[int]:
    """Yield the bits at which blocks with codes of their own seem to begin."""
    number = int.from_bytes(data[first:], "little")
    for phase in range(8):
        shifted = (number >> phase).to_bytes(len(data) - first, "little")
        for match in _OWN_CODES.finditer(shifted):
            at = match.start()
            bits = int.from_bytes(shifted[at : at + 10], "little")
            if bits >> 8 & 31 <= _MOST_DISTANCES and _is_full_of_lengths(bits) and _has_codes(shifted, at):
                yield 8 * (first + at) + phase


@cache
def _sums() -> Sequence[int]:
    """Return the sum of 2 ** (7 - length) of four code lengths of three bits, by their twelve bits."""
    one = [0, *(1 << 7 - length for length in range(1, 8))]
    two = [one[pair & 7] + one[pair >> 3] for pair in range(64)]
    return [two[four & 63] + two[four >> 6] for four in range(4096)]


def _is_full_of_lengths(bits: int) -> bool:
    """Whether the code for code lengths is complete, in the first ten bytes of a block."""
    count = 3 * ((bits >> 13 & 15) + 4)
    lengths = bits >> 17 & (1 << count) - 1
    sums = _sums()
    total = 0
    while lengths:
        total += sums[lengths & 4095]
        lengths >>= 12
    return total == 1 << 7


def _has_codes(data: bytes, at: int) -> bool:
    """Whether the header of a block at a byte holds complete codes for literals and for distances."""
    bits = int.from_bytes(data[at : at + 400], "little")  # a header has 286 + 30 lengths of 14 bits at most
    literals, distances = _LITERALS + (bits >> 3 & 31), 1 + (bits >> 8 & 31)
    count = (bits >> 13 & 15) + 4
    bits >>= 17
    own = {_ORDER[n]: bits >> 3 * n & 7 for n in range(count)}
    lengths = _lengths(bits >> 3 * count, _codes(own), literals + distances)
    if lengths is None or not lengths[_END_OF_BLOCK]:
        return False
    of_distances = [length for length in lengths[literals:] if length]
    return _sum(lengths[:literals]) == _FULL and (len(of_distances) <= 1 or _sum(of_distances) == _FULL)


def _lengths(bits: int, codes: dict[tuple[int, int], int], count: int) -> list[int] | None:
    """Decode so many code lengths; None if they are no such sequence."""
    lengths: list[int] = []
    while len(lengths) < count:
        code, size = 0, 0
        while (symbol := codes.get((size, code))) is None:
            if size == 7:  # noqa: PLR2004 - the longest code for lengths
                return None
            code, size, bits = code << 1 | bits & 1, size + 1, bits >> 1
        if symbol not in _REPEATS:
            lengths.append(symbol)
            continue
        extra, least = _REPEATS[symbol]
        if symbol == 16 and not lengths:  # noqa: PLR2004 - repeats the last length
            return None
        lengths += [lengths[-1] if symbol == 16 else 0] * (least + (bits & (1 << extra) - 1))  # noqa: PLR2004 - as above
        bits >>= extra
    return lengths if len(lengths) == count else None


def _codes(lengths: dict[int, int]) -> dict[tuple[int, int], int]:
    """Return the symbols by length and code (RFC 1951, 3.2.2)."""
    codes, code, last = {}, 0, 0
    for length, symbol in sorted((length, symbol) for symbol, length in lengths.items() if length):
        code <<= length - last
        codes[length, code] = symbol
        code, last = code + 1, length
    return codes


def _sum(lengths: Sequence[int]) -> int:
    return sum(_FULL >> length for length in lengths if length)


@cache
def _filling(phase: int) -> bytes:
    """Return empty blocks whose bits end at a phase of the last byte; the rest of that byte is zero."""
    own, own_size = _empty_block() if phase % 2 else (0, 0)
    bits, size = own, own_size
    while size % 8 != phase:
        bits |= 0b10 << size  # a block with fixed codes, of 10 bits
        size += 10
    return bits.to_bytes(-(-size // 8), "little")


def _empty_block() -> tuple[int, int]:
    """Return the bits of an empty block with codes of its own, and their number, which is odd."""
    bits, size = 0, 0

    def put(value: int, count: int) -> None:
        nonlocal bits, size
        bits |= value << size
        size += count

    put(0b100, 3)
    for value, count in ((0, 5), (0, 5), (15, 4)):
        put(value, count)
    for symbol in _ORDER:
        put({18: 1, 0: 2, 1: 2}.get(symbol, 0), 3)
    put(0, 1)  # 256 unused literals
    put(127, 7)
    put(0, 1)
    put(107, 7)
    put(0b11, 2)  # the end of the block has a code of one bit
    put(0b01, 2)  # no distance has a code
    put(0, 1)
    return bits, size
