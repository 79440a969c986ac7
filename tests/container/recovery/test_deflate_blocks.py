"""Blocks of a deflate stream are found at any bit, and decoded from there."""

import zlib
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt.container.recovery.deflate_blocks import WINDOW, decoder, find_block, from_bit

TEXT = b"".join(b"%d bottles of beer on the wall, %x\n" % (number, number**5) for number in range(20_000))
NOISE = Random(1).randbytes(300_000)  # noqa: S311 - a test


def deflated(content: bytes, level: int = 6) -> bytes:
    return zlib.compress(content, level, -15)


@pytest.mark.parametrize(("content", "level"), [(TEXT, 6), (TEXT, 1), (NOISE, 6), (NOISE + TEXT, 0)])
def test_what_follows_a_found_block_is_what_the_whole_stream_holds_there(content: bytes, level: int) -> None:
    stream = deflated(content, level)
    bit = find_block(stream[40_000:110_000], 0, last=False)
    assert bit is not None
    rest = decoder(bytes(WINDOW)).decompress(from_bit(stream[40_000:], bit))
    start = len(content) - len(rest)
    assert start > 0
    assert rest[-100_000:] == content[-100_000:] or content is TEXT  # text copies from the unknown window
    assert len(rest) == len(content) - start


@settings(max_examples=20)
@given(shift=st.integers(0, 7))
def test_a_stream_is_decoded_from_any_bit_of_a_byte(shift: int) -> None:
    stream = deflated(b"hello " * 10)
    shifted = (int.from_bytes(stream, "little") << shift).to_bytes(len(stream) + 1, "little")
    assert decoder(bytes(WINDOW)).decompress(from_bit(shifted, shift)) == b"hello " * 10


def test_noise_and_text_hold_no_block() -> None:
    assert find_block(NOISE[:20_000], 0, last=True) is None
    assert find_block(TEXT[:20_000], 0, last=True) is None
