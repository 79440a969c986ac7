"""Builds tar archives block by block, encrypts and compresses them, and reads them back."""

import gzip
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hcfmt.container import Archive, Budget, MemberKind, encrypt, open_archive
from hcfmt.container.byte_stream import ByteStream
from hcfmt.container.tar import Tar
from hcfmt.errors import Defect, Fault

SAMPLE = Path(__file__).parents[2] / "generated" / "samples" / "documented.tar.gz.aes"
PASSWORD = b"hipchat"
SALT = b"saltsalt"
END = bytes(1024)
USTAR, GNU, V7 = b"ustar\x0000", b"ustar  \0", bytes(8)
NOTHING: Mapping[int, bytes] = {}

each_chunk_size = pytest.mark.parametrize("chunk", [1, 7, 512, 65536])

Row = tuple[str, int, MemberKind, bytes]


def header(
    name: bytes = b"a",
    size: int = 0,
    flag: bytes = b"0",
    *,
    magic: bytes = USTAR,
    patches: Mapping[int, bytes] = NOTHING,
    signed: bool = False,
) -> bytes:
    """Return a header; ``patches`` are bytes by their offset, put in before the checksum is made, or in its place."""
    block = bytearray(512)
    parts = {0: name, 100: b"0000644\0", 108: b"0000000\0", 116: b"0000000\0", 124: b"%011o\0" % size, 136: b"0" * 11}
    for at, part in {**parts, 156: flag, 257: magic, **patches}.items():
        block[at : at + len(part)] = part
    block[148:156] = b" " * 8
    total = sum(byte - 256 * (signed and byte > 127) for byte in block)
    block[148:156] = patches.get(148, b"%06o\0 " % total)
    return bytes(block)


def entry(name: bytes = b"a", payload: bytes = b"", flag: bytes = b"0", *, magic: bytes = USTAR) -> bytes:
    """Return a whole member: header, payload, padding."""
    return header(name, len(payload), flag, magic=magic) + payload + bytes(-len(payload) % 512)


def record(keyword: bytes, value: bytes) -> bytes:
    """Return a pax record, whose length counts its own digits."""
    rest = b" " + keyword + b"=" + value + b"\n"
    length = len(rest) + 1
    while len(b"%d" % length) + len(rest) != length:
        length += 1
    return b"%d" % length + rest


def pax(*records: bytes, flag: bytes = b"x") -> bytes:
    """Return an extended header of these records."""
    return entry(b"PaxHeaders/a", b"".join(records), flag)


def chunked(data: bytes, size: int) -> Iterator[bytes]:
    """Cut bytes into chunks of one size."""
    return (data[at : at + size] for at in range(0, len(data), size))


def encrypted(data: bytes, digest: str = "md5") -> bytes:
    """Encrypt bytes with the samples' password."""
    return b"".join(encrypt(iter([data]), PASSWORD, digest, salt=SALT))


def zipped(data: bytes) -> bytes:
    """Compress bytes, the same ones always to the same."""
    return gzip.compress(data, mtime=0)


@dataclass(slots=True)
class Read:
    """What a reading gave: whole members, and what was said of the rest."""

    rows: list[Row] = field(default_factory=list)
    ambiguities: list[tuple[str, ...]] = field(default_factory=list)
    terminated: bool = False
    trailing: int = 0
    fault: Defect | None = None


def read_tar(data: bytes, chunk: int = 65536, budget: Budget | None = None) -> Read:
    """Read a tar with payloads, at one chunk size."""
    read, stream = Read(), ByteStream(chunked(data, chunk))
    tar = Tar(stream, budget or Budget())
    try:
        for member in tar.members():
            read.rows.append((member.path, member.size, member.kind, b"".join(member.chunks)))
            read.ambiguities.append(member.ambiguities)
    except Fault as fault:
        read.fault = fault.defect
    else:
        assert stream.position == len(data), "a reader that does not drain its stream calls damage sound"
    read.terminated, read.trailing = tar.terminated, tar.rest.filled
    return read


def walk(archive: Archive) -> list[Row]:
    """Read an archive with payloads, as its users do; a payload that ends in a fault gives no row."""
    rows: list[Row] = []
    for member in archive.members():
        try:
            rows.append((member.path, member.size, member.kind, b"".join(member.chunks)))
        except Fault:
            assert archive.fault
    return rows


def opened(path: Path, budget: Budget | None = None) -> tuple[Archive, list[Row]]:
    """Open a file with the samples' password and read it to its end."""
    with open_archive(str(path), password=lambda: PASSWORD, budget=budget or Budget()) as archive:
        return archive, walk(archive)


def kinds(archive: Archive) -> list[str]:
    """Return the kinds of all that went wrong, the fault first."""
    return [defect.kind for defect in ([archive.fault] if archive.fault else []) + archive.defects]
