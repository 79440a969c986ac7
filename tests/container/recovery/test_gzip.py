"""A damaged gzip stream is decompressed on behind the damage."""

import gzip
from random import Random

import pytest

from hcfmt.container.byte_stream import ByteStream
from hcfmt.container.recovery import RecoveringGzip, Recovery
from tests.support.builders import chunked

RANDOM = Random(2)  # noqa: S311 - a test
CONTENT = b"".join(b"%d %b\n" % (number, RANDOM.randbytes(20).hex().encode()) for number in range(20_000))
WINDOW_AND_COPIES = 64 * 1024  # bytes that may be unknown behind a gap
STREAM = gzip.compress(CONTENT, mtime=0)


def inflated(data: bytes, chunk: int = 65_536, before: Recovery | None = None) -> tuple[bytes, Recovery]:
    recovery = Recovery(before)
    return b"".join(RecoveringGzip(ByteStream(chunked(data, chunk)), recovery).chunks()), recovery


@pytest.mark.parametrize("chunk", [1, 4_000, 65_536])
def test_a_sound_stream_is_read_as_it_is(chunk: int) -> None:
    data = STREAM + gzip.compress(b"more") + b"\0" * 10
    content, recovery = inflated(data, chunk)
    assert content == CONTENT + b"more"
    assert recovery.damages == []


def test_a_cut_stream_is_read_to_the_cut() -> None:
    data, recovery = inflated(STREAM[:100_000])
    assert CONTENT.startswith(data)
    assert len(data) > 100_000
    assert [damage.kind for damage in recovery.damages] == ["gzip-cut"]
    assert not recovery.is_garbled


def test_an_altered_byte_is_found_by_the_checksum() -> None:
    data, recovery = inflated(STREAM[:-8] + bytes([STREAM[-8] ^ 1]) + STREAM[-7:])
    assert data == CONTENT
    assert recovery.is_garbled


def test_a_hole_is_passed_over_and_unknown_bytes_are_noted() -> None:
    damaged = STREAM[:100_000] + b"\xff" * 3_000 + STREAM[103_000:]
    data, recovery = inflated(damaged)
    assert recovery.gaps
    assert data.endswith(CONTENT[-50_000:])
    gap = recovery.gaps[0]
    unknown = recovery.count_unknown(gap, len(data))
    assert 0 < unknown <= WINDOW_AND_COPIES
    again, other = inflated(damaged, 5_000, recovery)
    assert (again, other.gaps, other.unknown) == (data, recovery.gaps, recovery.unknown)


def test_many_damages_are_passed_over_one_by_one() -> None:
    damaged = bytearray(STREAM)
    for at in range(30_000, len(STREAM) - 30_000, 60_000):
        damaged[at : at + 2_000] = b"\xff" * 2_000
    data, recovery = inflated(bytes(damaged))
    assert len(recovery.gaps) > 2
    assert len(data) > len(CONTENT) // 2


@pytest.mark.parametrize("at", [0, 3, 9])
def test_a_damaged_header_costs_nothing_behind_the_first_block(at: int) -> None:
    damaged = STREAM[:at] + b"\xee" + STREAM[at + 1 :]
    data, _ = inflated(damaged)
    assert data.endswith(CONTENT[-50_000:])
