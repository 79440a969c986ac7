"""Parses tar headers of 512 bytes and the payload of pax headers (POSIX.1-2017 pax, GNU tar's manual)."""

import re
from collections.abc import Iterator

from msgspec import Struct

from hcfmt.errors import Fault

BLOCK = 512
ZEROS = bytes(BLOCK)
POSIX, GNU, V7 = b"ustar\x0000", b"ustar  \0", bytes(8)  # magic and version, at byte 257
MAGIC = slice(257, 262)
SIZE = slice(124, 136)
_CHECKSUM = slice(148, 156)
_POSIX = slice(257, 263)
_NUMBERS = (slice(100, 108), slice(108, 116), slice(116, 124), slice(136, 148))  # mode, uid, gid, mtime
_DEVICES = (slice(329, 337), slice(337, 345))
_SIZE_DIGITS = slice(124, 135)
_FIELDS, _DEVICES_BOTH = slice(100, 148), slice(329, 345)  # mode, uid, gid, size, mtime; both device numbers
_USUAL_NUMBERS = re.compile(rb"(?:[0-7]{7}\0){3}(?:[0-7]{11}\0){2}")
_USUAL_DEVICES = (bytes(16), b"0000000\0" * 2)
_LARGEST_SIZE = (1 << 63) - 1
_LARGEST_DIGITS = 19
_SPARSE_CONTINUES = 482  # in a header of type S; in its continuation blocks the same flag is at 504


class Header(Struct, frozen=True):
    """One header: the name as bytes, the type flag as one byte, and the payload's size in bytes.

    ``continues``: further blocks of a GNU sparse map precede the payload.
    """

    name: bytes
    flag: bytes
    size: int
    continues: bool = False


def is_ustar(block: bytes) -> bool:
    """Whether a block has the magic of POSIX or GNU tar, whatever its checksum."""
    return block[MAGIC] == b"ustar"


def checksum_holds(block: bytes) -> bool:
    """Whether a block of 512 bytes is a tar header: its checksum is right, as unsigned or (old Suns) signed bytes."""
    if len(block) < BLOCK:
        return False
    field = block[_CHECKSUM]
    written = _octal(field)
    unsigned = sum(block) - sum(field) + len(field) * ord(" ")
    if written == unsigned:
        return True
    rest = block[: _CHECKSUM.start] + block[_CHECKSUM.stop :]
    return written == unsigned - 256 * len(rest.translate(None, bytes(range(128))))


def parse(block: bytes, byte: int) -> Header:
    """Parse a header of 512 bytes; ``byte`` is its offset in the tar. Raises Fault (tar-corrupt)."""
    if not checksum_holds(block):
        raise corrupt_fault("A tar header's checksum is wrong", byte)
    size = int(block[_SIZE_DIGITS], 8) if has_usual_numbers(block) else _number(block[SIZE])
    if size is None or (not has_usual_numbers(block) and _has_odd_number(block)):
        raise corrupt_fault("A tar header has a malformed number", byte)
    if size > _LARGEST_SIZE:
        raise corrupt_fault("A tar header has a negative or impossible size", byte)
    name = text(block[:100])
    if block[_POSIX] == b"ustar\0" and (prefix := text(block[345:500])):
        name = prefix + b"/" + name
    flag = block[156:157]
    return Header(name, flag, size, continues=flag == b"S" and block[_SPARSE_CONTINUES] != 0)


def has_usual_numbers(block: bytes) -> bool:
    """Whether all numbers of a header have the most frequent form: octal digits with leading zeros and a NUL."""
    return block[_DEVICES_BOTH] in _USUAL_DEVICES and _USUAL_NUMBERS.fullmatch(block[_FIELDS]) is not None


def _has_odd_number(block: bytes) -> bool:
    fields = _NUMBERS + _DEVICES if is_ustar(block) else _NUMBERS
    return any(_number(block[field]) is None for field in fields)


def corrupt_fault(problem: str, byte: int) -> Fault:
    """Return the fault of the header at ``byte``; ``problem`` begins its sentence."""
    message = f"{problem} (byte {byte} of the unpacked tar): the archive is damaged. Copy or export it again."
    return Fault("tar-corrupt", message, byte)


def text(field: bytes) -> bytes:
    """Return a field up to its first NUL."""
    return field.partition(b"\0")[0]


def _octal(field: bytes) -> int | None:
    """Parse octal digits between spaces, up to a NUL; an empty field is 0, anything else None."""
    digits = text(field).strip(b" ")
    if not digits:
        return 0
    # int() alone would accept a sign and underscores.
    return None if digits.strip(b"01234567") else int(digits, 8)


def _number(field: bytes) -> int | None:
    """Parse octal digits, or GNU's base 256: the highest bit set, the rest two's complement, the highest byte first.

    A negative number becomes an enormous one, which is refused as a size and otherwise unused.
    """
    return base_256(field) & ((1 << 8 * len(field) - 1) - 1) if field[0] & 0x80 else _octal(field)


def base_256(field: bytes) -> int:
    """Parse a number in GNU's base 256: a set bit, then two's complement, the highest byte first."""
    bits = 8 * len(field) - 1
    value = int.from_bytes(field) & ((1 << bits) - 1)
    return value - (1 << bits) if value >> bits - 1 else value


def pax_records(payload: bytes, byte: int) -> Iterator[tuple[bytes, bytes]]:
    """Yield keyword and value of the records ``length keyword=value newline`` of a pax payload.

    ``byte`` is the payload's offset in the tar. Values are bytes, whatever ``hdrcharset`` is, and may hold NULs. NULs
    after the last record are ignored, as by every reader. Raises Fault (tar-corrupt).
    """
    at = 0
    while at < len(payload):
        if not payload[at] and not payload[at:].strip(b"\0"):
            return
        digits, space, _ = payload[at : at + 20].partition(b" ")
        end = at + int(digits) if space and digits.isdigit() else 0
        keyword, equals, value = payload[at + len(digits) + 1 : end].partition(b"=")
        if end > len(payload) or not (keyword and equals and value.endswith(b"\n")):
            raise corrupt_fault("A pax header has a malformed record", byte + at)
        yield keyword, value[:-1]
        at = end


def pax_size(value: bytes, byte: int) -> int:
    """Parse the size in bytes from a pax header that ends at ``byte``. Raises Fault (tar-corrupt)."""
    # int() raises ValueError for thousands of digits.
    size = int(value) if value.isdigit() and len(value) <= _LARGEST_DIGITS else -1
    if not 0 <= size <= _LARGEST_SIZE:
        raise corrupt_fault("A pax header before this one has an impossible size", byte)
    return size
