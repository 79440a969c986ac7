"""Reproducible random numbers: an independent stream for every name, the same on every machine."""

from collections.abc import Iterator
from hashlib import blake2b
from random import Random
from uuid import UUID

_BYTES, _DIGITS = 16, 32  # of a UUID
_AT_ONCE = 64  # UUIDs
# The bytes of a UUID that say its version and its variant, by the random bytes in their place.
_VERSIONS = bytes(0x40 | byte & 0x0F for byte in range(256))
_VARIANTS = bytes(0x80 | byte & 0x3F for byte in range(256))
_BLANK = b"00000000-0000-0000-0000-000000000000\n"
_PLACES = [place for place, character in enumerate(_BLANK) if character == ord("0")]  # of the digits


def random_for(seed: int, *names: str | int) -> Random:
    """Return the random number generator for a name of any number of parts.

    Its numbers depend on the seed and the name alone: not on other generators, the machine, the date or the number of
    processes.
    """
    text = "\0".join(f"{type(part).__name__} {part}" for part in (seed, *names))
    return Random(int.from_bytes(blake2b(text.encode(), digest_size=16).digest(), "big"))  # noqa: S311 - no secret


def random_uuid(random: Random) -> str:
    """Return a random UUID (RFC 9562, version 4)."""
    return str(UUID(bytes=random.randbytes(_BYTES), version=4))


def random_uuids(random: Random, count: int) -> list[str]:
    """Return random UUIDs. The first digits of all of them are set at once, then the second ones, and so on."""
    data = bytearray(random.randbytes(_BYTES * count))
    data[6::_BYTES] = data[6::_BYTES].translate(_VERSIONS)
    data[8::_BYTES] = data[8::_BYTES].translate(_VARIANTS)
    digits, lines = data.hex().encode(), bytearray(_BLANK * count)
    for digit, place in enumerate(_PLACES):
        lines[place :: len(_BLANK)] = digits[digit::_DIGITS]
    return lines.decode().splitlines()


def endless_uuids(random: Random) -> Iterator[str]:
    """Yield random UUIDs, which are drawn in numbers when the first of them is needed."""
    while True:
        yield from random_uuids(random, _AT_ONCE)
