"""Bytes that no compressor shrinks, drawn faster than they are packed; they fill stored files up to their size."""

from collections.abc import Iterator
from functools import cache
from random import Random

from hcfmt.rng import random_for

CHUNK = 1 << 18  # bytes; no piece of a file is larger


def noise(random: Random, size: int) -> bytes:
    """Return so many bytes, ``CHUNK`` at most: one block of chance with its 256 values interchanged.

    Interchanging takes a fifth of the time of drawing, and nothing repeats within reach of a compressor's window.
    """
    return _block()[:size].translate(bytes(random.sample(range(256), 256)))


def noises(random: Random, size: int) -> Iterator[bytes]:
    """Yield so many bytes in chunks."""
    for length in pieces(size, CHUNK):
        yield noise(random, length)


def pieces(total: int, most: int) -> Iterator[int]:
    """Cut a length in as few pieces as can be, none above ``most`` and all the same but for 1."""
    count = -(-total // most)
    for index in range(count):
        yield total // count + (index < total % count)


@cache
def _block() -> bytes:
    return random_for(0, "noise").randbytes(CHUNK)
