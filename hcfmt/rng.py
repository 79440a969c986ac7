"""Where all chance comes from: a stream of its own for every thing, the same on every machine."""

from hashlib import blake2b
from random import Random


def random_for(seed: int, *names: str | int) -> Random:
    """Return the random numbers of one thing, named by any number of parts.

    They depend on the seed and the names alone: neither on what other things drew, nor on the machine, the day or the
    number of processes.
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
