"""Decompression yields the whole content in bounded chunks and separates cuts from damage, with both backends."""

import struct
import subprocess
import sys
import zlib
from hashlib import shake_256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt.container.byte_stream import ByteStream
from hcfmt.container.gzip import MOST_OUTPUT, Backend, GzipReader, fastest
from hcfmt.errors import Defect, Fault
from tests.support.builders import chunked, zipped
from tests.support.counterparts import counterpart
from tests.support.deflate import dynamic_block
from tests.support.memory import traced

# The same module twice where zlib-ng is not to be had.
BACKEND = fastest()
BACKENDS: list[Backend] = [zlib, BACKEND]
each_backend = pytest.mark.parametrize("backend", BACKENDS, ids=["zlib", "fastest"])

TEXT = b"".join(b"line %d of a text that compresses\n" % number for number in range(20_000))
ZIPPED = zipped(TEXT)


def _read(data: bytes, backend: Backend, chunk: int = 65536) -> tuple[bytes, int, Defect | None]:
    inflation, content = GzipReader(ByteStream(chunked(data, chunk)), backend), bytearray()
    try:
        for output in inflation.chunks():
            assert 0 < len(output) <= MOST_OUTPUT
            content += output
    except Fault as fault:
        return bytes(content), inflation.rest.size, fault.defect
    return bytes(content), inflation.rest.size, None


def _member(flags: int, fields: bytes, content: bytes = b"content") -> bytes:
    """Return a member with optional header fields (RFC 1952, 2.3)."""
    deflate = zlib.compressobj(wbits=-15)
    body = deflate.compress(content) + deflate.flush()
    head = b"\x1f\x8b\x08" + bytes([flags]) + bytes(6) + fields
    if flags & 2:
        head += struct.pack("<H", zlib.crc32(head) & 0xFFFF)
    return head + body + struct.pack("<II", zlib.crc32(content), len(content))


def _spoilt(data: bytes, at: int) -> bytes:
    """Turn over the bits of one byte; ``at`` counts from the end when negative."""
    at %= len(data)
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


@each_backend
@settings(max_examples=40)
@given(
    contents=st.lists(st.binary(max_size=50) | st.integers(0, 700_000).map(bytes), min_size=1, max_size=4),
    chunk=st.sampled_from([1, 7, 512, 65536]),
)
def test_all_members_are_read_at_any_chunk_size(backend: Backend, contents: list[bytes], chunk: int) -> None:
    data = b"".join(map(zipped, contents))
    assert _read(data, backend, chunk) == (b"".join(contents), 0, None)


@each_backend
@pytest.mark.parametrize(
    ("flags", "fields"),
    [
        (0x08, b"hipchat.tar\0"),
        (0x04, b"\x03\x00abc"),
        (0x10, b"a comment\0"),
        (0x02, b""),
        (0x01, b""),
        (0x1F, b"\x02\x00xyname\0comment\0"),
    ],
    ids=["FNAME", "FEXTRA", "FCOMMENT", "FHCRC", "FTEXT", "all of them"],
)
@pytest.mark.parametrize("chunk", [1, 65536])
def test_optional_header_fields_are_skipped(backend: Backend, flags: int, fields: bytes, chunk: int) -> None:
    assert _read(_member(flags, fields), backend, chunk) == (b"content", 0, None)


# Changes of a valid file, and the kind of the fault.
BROKEN = {
    "head -c 0": (b"", "gzip-cut"),
    "head -c 9": (ZIPPED[:9], "gzip-cut"),
    "head -c 10": (ZIPPED[:10], "gzip-cut"),
    "head -c 5000": (ZIPPED[:5000], "gzip-cut"),
    "head -c -1": (ZIPPED[:-1], "gzip-cut"),
    "head -c -8": (ZIPPED[:-8], "gzip-cut"),
    "two members, the second cut": (ZIPPED + ZIPPED[:3000], "gzip-cut"),
    "two members, the second's header cut": (ZIPPED + ZIPPED[:6], "gzip-cut"),
    "a reserved flag": (_member(0x20, b""), "gzip-corrupt"),
    "another method than deflate": (b"\x1f\x8b\x07" + ZIPPED[3:], "gzip-corrupt"),
    "no magic": (b"no gzip at all", "gzip-corrupt"),
    "a wrong header checksum": (_spoilt(_member(0x02, b""), 10), "gzip-corrupt"),
    "a block of a type that is none": (ZIPPED[:10] + b"\x07" + ZIPPED[11:], "gzip-corrupt"),
    "a byte of the text": (_spoilt(ZIPPED, 5000), "gzip-corrupt"),
    "a byte of the checksum": (_spoilt(ZIPPED, -8), "gzip-corrupt"),
    "a byte of the length": (_spoilt(ZIPPED, -1), "gzip-corrupt"),
    "two members, the second spoilt": (ZIPPED + _spoilt(ZIPPED, -8), "gzip-corrupt"),
}


@each_backend
@pytest.mark.parametrize("chunk", [7, 65536])
@pytest.mark.parametrize(("data", "kind"), BROKEN.values(), ids=BROKEN)
def test_a_broken_stream_is_a_fault_cut_or_corrupt(backend: Backend, data: bytes, kind: str, chunk: int) -> None:
    _, _, defect = _read(data, backend, chunk)
    assert defect is not None
    assert defect.kind == kind
    assert defect.byte is not None
    assert defect.byte <= len(data)


@each_backend
def test_a_cut_stream_yields_its_content_and_names_the_byte_where_it_stops(backend: Backend) -> None:
    content, _, defect = _read(ZIPPED[:20_000], backend)
    assert len(content) > 100_000
    assert TEXT.startswith(content)
    assert defect is not None
    assert defect.byte == 20_000


@each_backend
def test_the_fault_of_a_damaged_stream_names_the_bytes(backend: Backend) -> None:
    _, _, defect = _read(_spoilt(ZIPPED, 30_000), backend)
    assert defect is not None
    assert defect.byte is not None
    assert defect.byte >= 512
    assert f"from byte {defect.byte:,}" in defect.message


@each_backend
@pytest.mark.parametrize("chunk", [1, 65536])
@pytest.mark.parametrize(
    "trailing",
    [
        b"\0",
        bytes(1000),
        b"garbage",
        b"\x1f",
        b"\x1f\x8b",
        b"\x1f\x8b\x08",
        b"\x1f\x8b\x07....",
        b"\x1f\x8b\x08\xe0....",
    ],
)
def test_bytes_after_the_last_member_are_counted(backend: Backend, trailing: bytes, chunk: int) -> None:
    assert _read(zipped(b"text") + trailing, backend, chunk) == (b"text", len(trailing), None)


@each_backend
def test_a_bomb_is_read_in_bounded_memory(backend: Backend) -> None:
    bomb = zipped(bytes(64 << 20))
    with traced() as peak:
        total = sum(map(len, GzipReader(ByteStream(chunked(bomb, 65536)), backend).chunks()))
        highest = peak()
    assert total == 64 << 20
    assert highest < 4 << 20


@each_backend
@pytest.mark.parametrize("length", [1, 1500, 5000])
def test_a_stream_of_small_members_is_not_copied_over_and_over(backend: Backend, length: int) -> None:
    # What follows a member's end is copied: with inputs of 64 KiB that would be 64 KiB for each of them.
    given_back = 0

    class Counting(ByteStream):
        """A stream that counts what it gets back."""

        __slots__ = ()

        def unread(self, count: int) -> None:
            nonlocal given_back
            given_back += count
            super().unread(count)

    member = zipped(shake_256().digest(length))
    inflation = GzipReader(Counting(iter([member * 300])), backend)
    assert sum(map(len, inflation.chunks())) == 300 * length
    assert given_back <= 300 * (len(member) + 512)


@each_backend
@pytest.mark.parametrize("more", [-1, 0, 1, 257, 258, 259, MOST_OUTPUT - 1, MOST_OUTPUT])
@pytest.mark.parametrize("chunk", [1, 65536])
def test_content_that_ends_near_a_full_chunk_is_complete(backend: Backend, more: int, chunk: int) -> None:
    content = bytes(MOST_OUTPUT + more)
    assert _read(zipped(content), backend, chunk) == (content, 0, None)


class OnlyReturning:
    """A backend without the decompressor that keeps its input."""

    error = BACKEND.error
    compressobj = staticmethod(BACKEND.compressobj)
    decompressobj = staticmethod(BACKEND.decompressobj)


@settings(max_examples=100)
@given(
    contents=st.lists(st.binary(max_size=50) | st.integers(0, 700_000).map(lambda length: TEXT[:length]), max_size=4),
    damage=st.none() | st.floats(0, 1, exclude_max=True),
    cut=st.none() | st.floats(0, 1, exclude_max=True),
    chunk=st.sampled_from([7, 512, 65536, 1 << 18]),
)
def test_both_decompressors_of_a_backend_yield_the_same_chunks_and_faults(
    contents: list[bytes], damage: float | None, cut: float | None, chunk: int
) -> None:
    data = b"".join(map(zipped, contents)) or b"\0"
    data = data if damage is None else _spoilt(data, int(damage * len(data)))
    data = data if cut is None else data[: int(cut * len(data))]
    outcomes = []
    for backend in (BACKEND, OnlyReturning()):
        inflation, chunks, defect = GzipReader(ByteStream(chunked(data, chunk)), backend), [], None
        try:
            for output in inflation.chunks():
                chunks.append(output)  # noqa: PERF402 - those before a fault count
        except Fault as fault:
            defect = fault.defect
        outcomes.append((chunks, inflation.rest.size, defect))
    assert outcomes[0] == outcomes[1]


def test_without_zlib_ng_the_standard_library_inflates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zlib_ng", None)
    assert fastest.__wrapped__() is zlib


def _gzip_of(body: bytes, content: bytes) -> bytes:
    return ZIPPED[:10] + body + struct.pack("<II", zlib.crc32(content), len(content))


TEXT_OF_TWO = b"abba" * 5
END_OF_BLOCK = 256
# The code lengths in bits of a block's literals, and of its distances, and whether gzip reads them.
CODES = {
    "complete": ({97: 1, 98: 2, END_OF_BLOCK: 2}, {0: 1, 1: 1}, True),
    "no distance at all": ({97: 1, 98: 2, END_OF_BLOCK: 2}, {}, True),
    "one distance of one bit": ({97: 1, 98: 2, END_OF_BLOCK: 2}, {0: 1}, True),
    "literals that leave a code unused": ({97: 2, 98: 2, END_OF_BLOCK: 2}, {0: 1, 1: 1}, False),
    "literals with more codes than there are": ({97: 1, 98: 1, END_OF_BLOCK: 1}, {0: 1, 1: 1}, False),
    "distances that leave a code unused": ({97: 1, 98: 2, END_OF_BLOCK: 2}, {0: 2, 1: 2}, False),
    "one distance of two bits": ({97: 1, 98: 2, END_OF_BLOCK: 2}, {0: 2}, False),
    "distances with more codes than there are": ({97: 1, 98: 2, END_OF_BLOCK: 2}, {0: 1, 1: 1, 2: 1}, False),
}


@each_backend
@pytest.mark.parametrize(("literals", "distances", "valid"), CODES.values(), ids=CODES)
def test_incomplete_huffman_codes_are_corrupt_as_in_gzip(
    *, backend: Backend, literals: dict[int, int], distances: dict[int, int], valid: bool
) -> None:
    data = _gzip_of(dynamic_block(TEXT_OF_TWO, literals, distances), TEXT_OF_TWO)
    content, _, defect = _read(data, backend)
    assert (defect is None) is valid
    assert (content == TEXT_OF_TWO) is valid
    assert _gzip_reads(data) is valid


def _gzip_reads(data: bytes) -> bool:
    return subprocess.run([counterpart("gzip"), "-t"], input=data, capture_output=True, check=False).returncode == 0


LENGTHS = st.integers(1, 4)


@settings(max_examples=150)
@given(
    literals=st.fixed_dictionaries({97: LENGTHS, 98: LENGTHS, END_OF_BLOCK: LENGTHS}),
    more=st.dictionaries(st.integers(0, 285), LENGTHS, max_size=4),
    distances=st.dictionaries(st.integers(0, 31), LENGTHS, max_size=4),
)
@pytest.mark.slow
def test_every_backend_reads_exactly_the_streams_that_gzip_reads(
    literals: dict[int, int], more: dict[int, int], distances: dict[int, int]
) -> None:
    data = _gzip_of(dynamic_block(TEXT_OF_TWO, {**more, **literals}, distances), TEXT_OF_TWO)
    defects = [_read(data, backend)[2] for backend in BACKENDS]
    assert [defect is None for defect in defects] == [_gzip_reads(data)] * len(BACKENDS)
