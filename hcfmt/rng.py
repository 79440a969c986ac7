"""Reproducible random numbers: an independent stream for every name, the same on every machine."""

from hashlib import blake2b
from random import Random

# The bits of a UUID that say its version and its variant, and all others.
_UUID_FIXED = 0x4 << 76 | 0b10 << 62
_UUID_RANDOM = (1 << 128) - 1 - (0xF << 76 | 0b11 << 62)


def random_for(seed: int, *names: str | int) -> Random:
    """Return the random number generator for a name of any number of parts.

    Its numbers depend on the seed and the name alone: not on other generators, the machine, the date or the number of
    processes.
    """
    text = "\0".join(f"{type(part).__name__} {part}" for part in (seed, *names))
    return Random(int.from_bytes(blake2b(text.encode(), digest_size=16).digest(), "big"))  # noqa: S311 - no secret


def random_uuid(random: Random) -> str:
    """Return a random UUID (RFC 9562, version 4)."""
    number = random.getrandbits(128) & _UUID_RANDOM | _UUID_FIXED
    fours = number.to_bytes(16, "big").hex("-", 2)  # a hyphen after every four digits: three too many
    return f"{fours[:4]}{fours[5:29]}{fours[30:34]}{fours[35:]}"
