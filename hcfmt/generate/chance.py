"""Where all chance comes from: a stream of its own for every thing, the same on every machine."""

import random
from hashlib import blake2b


def chance(seed: int, *names: str | int) -> random.Random:
    """Return the random numbers of one thing, named by any number of parts.

    They depend on the seed and the names alone: neither on what other things drew, nor on the machine, the day or the
    number of processes.
    """
    text = "\0".join(f"{type(part).__name__} {part}" for part in (seed, *names))
    return random.Random(int.from_bytes(blake2b(text.encode(), digest_size=16).digest(), "big"))  # noqa: S311 - no secret
