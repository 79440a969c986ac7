"""A stream returns all bytes in order, whatever methods read them."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.container.byte_stream import ByteStream
from hcfmt.errors import Fault

READS = st.lists(st.tuples(st.sampled_from(["peek", "take", "some", "give back"]), st.integers(0, 20)), max_size=30)


@given(chunks=st.lists(st.binary(max_size=9), max_size=12), reads=READS)
def test_every_method_reads_the_same_bytes(chunks: list[bytes], reads: list[tuple[str, int]]) -> None:
    everything, stream, at, last = b"".join(chunks), ByteStream(iter(chunks)), 0, 0
    for how, count in reads:
        if how == "peek":
            assert stream.peek(count) == everything[at : at + count]
            last = 0
        elif how == "take":
            data = stream.read(count)
            assert data == everything[at : at + count]
            at, last = at + len(data), len(data)
        elif how == "some":
            part = stream.read_some(count + 1)
            assert everything[at:].startswith(part)
            assert len(part) <= count + 1
            assert bool(part) == bool(everything[at:])
            at, last = at + len(part), len(part)
        else:
            back = min(count, last)
            stream.unread(back)
            at, last = at - back, 0
        assert stream.position == at


@given(chunks=st.lists(st.binary(max_size=9), max_size=12), skips=st.lists(st.integers(1, 20), max_size=30))
def test_skipping_passes_over_the_bytes_that_reading_would_return(chunks: list[bytes], skips: list[int]) -> None:
    reading, skipping = ByteStream(iter(chunks)), ByteStream(iter(chunks))
    for limit in skips:
        assert skipping.skip(limit) == len(reading.read_some(limit))
        assert skipping.position == reading.position
        assert skipping.peek(3) == reading.peek(3)


def test_a_whole_chunk_is_not_copied() -> None:
    chunk = bytes(1000)
    assert ByteStream(iter([chunk])).read_some(1000) is chunk


def test_nothing_is_read_ahead() -> None:
    reads: list[int] = []

    def chunks() -> Iterator[bytes]:
        for number in range(3):
            reads.append(number)
            yield b"ab"

    stream = ByteStream(chunks())
    assert reads == []
    stream.peek(2)
    stream.read(2)
    assert reads == [0]


def test_exceptions_of_the_chunks_pass() -> None:
    def chunks() -> Iterator[bytes]:
        yield b"ab"
        raise Fault("gzip-cut", "cut")

    stream = ByteStream(chunks())
    assert stream.read(2) == b"ab"
    with pytest.raises(Fault):
        stream.read(1)
