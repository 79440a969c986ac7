"""Writes ZIP archives whose size is known beforehand: all members are stored, not deflated."""

import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

LIMIT = 1 << 32  # bytes; offsets have 32 bits

_DATE = (2018 - 1980) << 9 | 3 << 5 | 5  # 5 March 2018, in the format of FAT file systems
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")


class Member(NamedTuple):
    """A file to be stored: its name in ASCII, its size in bytes, and a function that yields its bytes."""

    name: str
    size: int
    content: Callable[[], Iterator[bytes]]


def overhead(names: Sequence[str]) -> int:
    """Return the bytes of an archive that are not its members' contents."""
    return _END.size + sum(_LOCAL.size + _CENTRAL.size + 2 * len(name) for name in names)


def zip_archive(members: Sequence[Member]) -> Iterator[bytes]:
    """Yield an archive of less than ``LIMIT`` bytes.

    Each content is generated twice: its checksum stands before its bytes (APPNOTE.TXT, 4.3.7).
    """
    position, directory = 0, b""
    for member in members:
        name, crc = member.name.encode("ascii"), 0
        for chunk in member.content():
            crc = zlib.crc32(chunk, crc)
        fields = (20, 0, 0, 0, _DATE, crc, member.size, member.size, len(name))
        yield _LOCAL.pack(b"PK\3\4", *fields, 0) + name
        yield from member.content()
        directory += _CENTRAL.pack(b"PK\1\2", 20, *fields, 0, 0, 0, 0, 0, position) + name
        position += _LOCAL.size + len(name) + member.size
    count = len(members)
    yield directory + _END.pack(b"PK\5\6", 0, 0, count, count, len(directory), position, 0)
