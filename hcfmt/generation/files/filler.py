"""Incompressible bytes that fill stored files up to their size."""

from collections.abc import Iterator
from functools import cache
from random import Random

from hcfmt.rng import random_for

CHUNK = 1 << 18  # bytes; the longest chunk of a file


def filler(random: Random, size: int) -> bytes:
    """Return ``size`` bytes, ``CHUNK`` at most: one block of random bytes with its 256 values interchanged.

    Interchanging takes a fifth of the time of drawing, and nothing repeats within a compressor's window.
    """
    return _block()[:size].translate(bytes(random.sample(range(256), 256)))


def even_lengths(total: int, longest: int) -> Iterator[int]:
    """Yield the fewest lengths that add up to ``total``, none above ``longest``; they differ by 1 at most."""
    count = -(-total // longest)
    for index in range(count):
        yield total // count + (index < total % count)


@cache
def _block() -> bytes:
    return random_for(0, "noise").randbytes(CHUNK)
