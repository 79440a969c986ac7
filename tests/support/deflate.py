"""Builds deflate blocks with any Huffman codes (RFC 1951, 3.2.7), valid or not."""

from collections.abc import Mapping

_ORDER = (16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15)
# A complete code for the lengths themselves: 13 codes of 4 bits and 6 of 5.
_LENGTH_CODE = {symbol: 4 if symbol < 13 else 5 for symbol in range(19)}
_END_OF_BLOCK = 256


def dynamic_block(content: bytes, literals: Mapping[int, int], distances: Mapping[int, int]) -> bytes:
    """Return a final block that writes ``content`` as literals.

    ``literals`` and ``distances`` are code lengths in bits by symbol; they need not make a complete code.
    """
    bits = _Bits()
    bits.number(0b101, 3)  # the last block, with codes of its own
    counts = max(257, max(literals) + 1), max(1, max(distances, default=0) + 1)
    bits.number(counts[0] - 257, 5)
    bits.number(counts[1] - 1, 5)
    bits.number(len(_ORDER) - 4, 4)
    for symbol in _ORDER:
        bits.number(_LENGTH_CODE[symbol], 3)
    lengths = _codes(_LENGTH_CODE)
    for table, count in zip((literals, distances), counts, strict=True):
        for symbol in range(count):
            bits.code(*lengths[table.get(symbol, 0)])
    codes = _codes(literals)
    for symbol in (*content, _END_OF_BLOCK):
        bits.code(*codes[symbol])
    return bits.bytes()


def _codes(lengths: Mapping[int, int]) -> dict[int, tuple[int, int]]:
    """Return code and length by symbol (RFC 1951, 3.2.2); codes beyond their length lose their upper bits."""
    codes, code, last = {}, 0, 0
    for length, symbol in sorted((length, symbol) for symbol, length in lengths.items()):
        code <<= length - last
        codes[symbol] = code & ((1 << length) - 1), length
        code, last = code + 1, length
    return codes


class _Bits:
    """Bits in the order of a deflate stream: numbers from their lowest bit, codes from their highest."""

    def __init__(self) -> None:
        self._bits: list[int] = []

    def number(self, value: int, count: int) -> None:
        self._bits += [value >> at & 1 for at in range(count)]

    def code(self, value: int, count: int) -> None:
        self._bits += [value >> at & 1 for at in reversed(range(count))]

    def bytes(self) -> bytes:
        padded = self._bits + [0] * (-len(self._bits) % 8)
        return bytes(
            sum(bit << at for at, bit in enumerate(padded[start : start + 8])) for start in range(0, len(padded), 8)
        )
