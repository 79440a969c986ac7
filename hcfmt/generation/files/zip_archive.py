"""ZIP archives written in one go: all members stored, so that a size is known before anything is written."""

import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

_WIDE_FROM = 0xFFFF_FFFF  # bytes of an archive whose offsets are written in 64 bits
_ELSEWHERE = 0xFFFF_FFFF  # stands where an offset is written in 64 bits instead
_DATE = (2018 - 1980) << 9 | 3 << 5 | 5  # 5 March 2018, as FAT file systems store it
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_WIDE_OFFSET = struct.Struct("<HHQ")
_WIDE_END = struct.Struct("<4sQ2H2I4Q4sIQI")
_END = struct.Struct("<4s4H2IH")


@dataclass(frozen=True, slots=True)
class Member:
    """A file to be stored: its name in ASCII, its size in bytes (below 4 GiB), and what yields it as often as asked."""

    name: str
    size: int
    content: Callable[[], Iterator[bytes]]


def overhead(names: Sequence[str], size: int) -> int:
    """Return how many bytes of an archive of so many bytes are not its members' contents."""
    wide = _WIDE_END.size + _WIDE_OFFSET.size * len(names) if size >= _WIDE_FROM else 0
    return wide + _END.size + sum(_LOCAL.size + _CENTRAL.size + 2 * len(name) for name in names)


def zipped(members: Sequence[Member], size: int) -> Iterator[bytes]:
    """Yield an archive of members, whose contents and ``overhead`` make up its size.

    Each is made twice: its checksum is needed before its bytes (APPNOTE.TXT, 4.3.7).
    """
    wide, at, directory = size >= _WIDE_FROM, 0, []
    for member in members:
        name, crc = member.name.encode("ascii"), 0
        for chunk in member.content():
            crc = zlib.crc32(chunk, crc)
        sizes = (crc, member.size, member.size, len(name))
        yield _LOCAL.pack(b"PK\3\4", 20, 0, 0, 0, _DATE, *sizes, 0) + name
        yield from member.content()
        extra = _WIDE_OFFSET.pack(1, 8, at) if wide else b""
        version, offset = (45, _ELSEWHERE) if wide else (20, at)
        fields = (version, version, 0, 0, 0, _DATE, *sizes, len(extra), 0, 0, 0, 0, offset)
        directory.append(_CENTRAL.pack(b"PK\1\2", *fields) + name + extra)
        at += _LOCAL.size + len(name) + member.size
    yield from directory
    yield _ending(len(directory), sum(map(len, directory)), at, wide=wide)


def _ending(count: int, size: int, at: int, *, wide: bool) -> bytes:
    """Return the end record of a directory that begins ``at``, after the wide one where that is needed (4.3.14)."""
    if not wide:
        return _END.pack(b"PK\5\6", 0, 0, count, count, size, at, 0)
    wide_end = _WIDE_END.pack(b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, at, b"PK\6\7", 0, at + size, 1)
    return wide_end + _END.pack(b"PK\5\6", 0, 0, count, count, size, _ELSEWHERE, 0)
