"""Finds headers of a tar that GNU tar, bsdtar, Python's tarfile and Go's archive/tar read differently, or refuse.

POSIX leaves much of it open. A test compares the four on odd headers (tests/check/test_tar_readers.py). Every function
yields sentences without any text of the archive.
"""

import re
from collections.abc import Iterable, Iterator

from hcfmt.container.tar_header import GNU, POSIX, SIZE, V7, Header, base_256, has_usual_numbers

_NAME = slice(0, 100)
_MODE = slice(100, 108)
_MAGIC = slice(257, 265)
_CHECKSUM = slice(148, 156)
_OWNED = slice(100, 124)  # mode, user, group: eight bytes each
_TIME = slice(136, 148)
_FLAG = slice(156, 157)
_DEVICES = slice(329, 345)
_NO_DEVICE = b"0000000\0" * 2
_LEFT_OUT = bytes(16)
_TYPES = {b"0": 0o100000, b"\0": 0o100000, b"5": 0o040000}
_PREFIX = slice(345, 500)
_BEHIND = {POSIX: 500, GNU: 345, V7: 257}  # where the fields of a format end; the rest of the block is zeros
# First bytes of a name that GNU tar or bsdtar read as compressed data or as another kind of archive.
_FOREIGN = (b"BZh", b"LZIP", b"LRZI", b"GRZip", b"MSCF", b"xar!")
_OCTAL = re.compile(rb" *[0-7]+[ \0]*")
_OCTAL_MOST = {8: 0o7777777, 12: 0o77777777777}  # by the size of a field in bytes, the last of which is its end
_BASE_256 = (0x80, 0xFF)  # the first byte of a number that is positive, or negative
_OWNERS_MOST = range(1 << 32)
_TIMES_MOST = range(-(1 << 45), 1 << 45)  # seconds: a million years before 1970 and after it
_SIZES_MOST = range(1 << 63)

_TIMES = frozenset({b"mtime", b"atime", b"ctime", b"LIBARCHIVE.creationtime"})
_OWNERS = frozenset({b"uid", b"gid"})
_MEMBERS = frozenset({b"path", b"size"})
_NAMES = frozenset({b"uname", b"gname"})
_PLAIN = frozenset({b"comment", b"SCHILY.dev", b"SCHILY.ino", b"SCHILY.nlink"})
_BINARY = (b"SCHILY.xattr.", b"RHT.security.")  # values of any bytes
_FORMS = (
    (rb"LIBARCHIVE\.xattr\.[A-Za-z0-9._-]+", rb"[A-Za-z0-9+/]*={0,2}"),
    (
        rb"SCHILY\.acl\.access",
        rb"(?:(?:user|group|mask|other):[A-Za-z0-9._-]*:[r-][w-][x-](?::[0-9]+)?(?:,|\Z))+",
    ),
)
_KNOWN_KEYWORDS = _MEMBERS | _TIMES | _OWNERS | _NAMES | _PLAIN
_PAX_TIME = rb"-?[0-9]{1,12}(?:\.[0-9]{1,9})?"
_PAX_OWNER = rb"[0-9]{1,9}"


def of_start(block: bytes) -> Iterator[str]:
    """Yield the ambiguities of a tar's first 512 bytes, which some readers test for other formats first."""
    name, _, rest = block[_NAME].partition(b"\0")
    if name.startswith(_FOREIGN) or rest.strip(b"\0") or not (_is_utf8(name) and name.decode().isprintable()):
        yield "The first name of the tar begins as a file of another format does, or is not plain text."


def of_block(block: bytes) -> Iterator[str]:
    """Yield the ambiguities of a header of 512 bytes whose checksum and numbers are valid."""
    magic = block[_MAGIC]
    if magic not in _BEHIND:
        yield "The header's magic is neither that of POSIX nor that of GNU tar, nor empty."
        return
    if not _OCTAL.fullmatch(block[_CHECKSUM]) or (not block.isascii() and _is_signed(block)):
        yield "The header's checksum is written in an unusual way."
    if not has_usual_numbers(block) and any(_is_odd(field, allowed) for field, allowed in _numbers(block, magic)):
        yield "A number in the header is written in an unusual way."
    if _type_of_mode(block[_MODE]) not in (0, _TYPES.get(block[_FLAG])):
        yield "The mode in the header names another type than the header itself."
    behind = block[_BEHIND[magic] :]
    if magic == V7 and block[_DEVICES] == _NO_DEVICE:  # GNU tar writes device numbers in its oldest format too
        behind = behind.replace(_NO_DEVICE, b"", 1)
    if behind.strip(b"\0") and block[_FLAG] != b"S":
        yield "The header has bytes outside the fields of its format."
    has_name = block[0] or block[_FLAG] == b"5"  # Python's tarfile writes long names of directories as a prefix alone
    if magic == POSIX and block[_PREFIX.start] and not (has_name and block[_PREFIX].rstrip(b"\0")[-1:] != b"/"):
        yield "The prefix of the name ends in a slash, or has no name behind it."


def _type_of_mode(field: bytes) -> int:
    """Return the bits of a mode that are a file's type; tar ignores them, Go's reader uses them."""
    return int(field.strip(b" \0") or b"0", 8) & 0o170000 if _OCTAL.fullmatch(field) else 0


def _numbers(block: bytes, magic: bytes) -> Iterator[tuple[bytes, range]]:
    """Yield each numeric field with its range in base 256; all but mode and size may be empty."""
    owned, devices = block[_OWNED], block[_DEVICES] if magic != V7 else _LEFT_OUT
    yield owned[:8], _OWNERS_MOST
    yield block[SIZE], _SIZES_MOST
    if block[_TIME].strip(b"\0"):
        yield block[_TIME], _TIMES_MOST
    optional = (owned[8:16], owned[16:], devices[:8], devices[8:])
    yield from ((field, _OWNERS_MOST) for field in optional if field.strip(b"\0"))


def _is_odd(field: bytes, allowed: range) -> bool:
    """Whether a number is neither octal nor, where it is too large for that, base 256."""
    if not field[0] & 0x80:
        return not _OCTAL.fullmatch(field)
    value = base_256(field)
    is_needed = not 0 <= value <= _OCTAL_MOST[len(field)]
    return field[0] not in _BASE_256 or not is_needed or value not in allowed


def _is_signed(block: bytes) -> bool:
    """Whether the checksum is right only as the sum of signed bytes."""
    digits = block[_CHECKSUM].strip(b" \0")
    return int(digits, 8) != sum(block) - sum(block[_CHECKSUM]) + 8 * ord(" ")


def of_long_name(payload: bytes) -> Iterator[str]:
    """Yield the ambiguities of a GNU long name: its payload is a name, with or without a NUL at its end."""
    if not payload.removesuffix(b"\0") or b"\0" in payload[:-1]:
        yield "GNU's long name is empty, or has a NUL before its end."


def of_pax(payload: bytes, records: Iterable[tuple[bytes, bytes]], *, everywhere: bool) -> Iterator[str]:
    """Yield the ambiguities of a pax header; with ``everywhere``, of a global one. Memory is bounded."""
    length, keywords, sentences = 0, set[bytes](), dict[str, None]()
    for keyword, value in records:
        length += _length(keyword, value)
        if keyword in keywords:
            sentences[_KEYWORDS] = None
        if keyword in _KNOWN_KEYWORDS:
            keywords.add(keyword)
        has_nul = b"\0" in keyword or (b"\0" in value and not keyword.startswith(_BINARY))
        if has_nul or (not value and keyword not in _NAMES):
            sentences[_EMPTY] = None
        elif not _is_plain(keyword, value, everywhere=everywhere):
            sentences[_CHANGES] = None
    yield from sentences
    if not length:
        yield _KEYWORDS
    elif length != len(payload):
        yield "A pax header has a record whose length is written in an unusual way, or bytes behind its records."


_KEYWORDS = "A pax header has no records, or two of one keyword."
_EMPTY = "A pax header has a record that is empty or holds a NUL."
_CHANGES = "A pax header has a record that some readers refuse, or read as another name, size or type."


def _length(keyword: bytes, value: bytes) -> int:
    """Return the bytes of a pax record: the digits of its length, a space, keyword, equals sign, value, newline."""
    rest = len(keyword) + len(value) + 3
    return rest + len(str(rest + len(str(rest))))


def _is_plain(keyword: bytes, value: bytes, *, everywhere: bool) -> bool:
    """Whether all readers agree on a record: a member's path or size, or a property that hcfmt does not read."""
    if keyword in _TIMES:
        return re.fullmatch(_PAX_TIME, value) is not None
    if keyword in _OWNERS:
        return re.fullmatch(_PAX_OWNER, value) is not None
    if keyword in _NAMES:
        return _is_utf8(value)
    if keyword in _MEMBERS:
        return not everywhere
    well_formed = any(re.fullmatch(name, keyword) and re.fullmatch(form, value) for name, form in _FORMS)
    return keyword in _PLAIN or keyword.startswith(_BINARY) or well_formed


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def of_flags(flags: bytes) -> Iterator[str]:
    """Yield the ambiguities in the order of the extended headers before one member, given their type flags."""
    if not flags:
        return
    own = flags.replace(b"g", b"")
    if b"X" in flags:
        yield "The member has an extended header of Sun's own type."
    if b"g" in flags.lstrip(b"g"):
        yield "A global header separates a member from its own extended header."
    if len(set(own)) < len(own) or (b"x" in own and own != b"x"):
        yield "Two extended headers describe one member."


def of_member(header: Header, name: bytes, pax_size: int | None) -> Iterator[str]:
    """Yield the ambiguities of a member, given its header, its final name and its pax size."""
    is_directory = header.flag == b"5" or (header.flag == b"\0" and name.endswith(b"/"))
    if is_directory and (header.size or pax_size):
        yield "A directory has a size."
    if not name or (not is_directory and name.rpartition(b"/")[2] in (b"", b".")):
        yield "A name is empty, or a file's name ends as a directory's does."
    if header.flag == b"\0" and header.name.endswith(b"/") != name.endswith(b"/"):
        yield "The header's own name is a directory's and the extended header's is not, or the other way round."
    if pax_size is not None and pax_size != header.size and pax_size <= _OCTAL_MOST[12]:
        yield "The header and its pax header give different sizes."
