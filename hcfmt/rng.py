"""Reproducible random numbers: an independent stream for every name, the same on every machine."""

from hashlib import blake2b
from random import Random


def random_for(seed: int, *names: str | int) -> Random:
    """Return the random number generator for a name of any number of parts.

    Its numbers depend on the seed and the name alone: not on other generators, the machine, the date or the number of
    processes.
    """
    text = "\0".join(f"{type(part).__name__} {part}" for part in (seed, *names))
    return Random(int.from_bytes(blake2b(text.encode(), digest_size=16).digest(), "big"))  # noqa: S311 - no secret


def random_uuid(random: Random) -> str:
    """Return a random UUID (RFC 9562, version 4)."""
    bits = random.getrandbits(128)
    return (
        f"{bits >> 96:08x}-{bits >> 80 & 0xFFFF:04x}-4{bits >> 64 & 0xFFF:03x}"
        f"-{0x8000 | bits >> 48 & 0x3FFF:04x}-{bits & 0xFFFF_FFFF_FFFF:012x}"
    )
