"""Permutes the numbers below a size, by a key: every number becomes another one, and no two become the same."""

from hashlib import blake2b

_ROUNDS = 10


class Permutation:
    """A permutation of the numbers from 0 to any size, of one cycle: no number stays, as long as there are two.

    It is what format-preserving encryption is made of: a Feistel network over the bits of the number, which is walked
    until the result is below the size. Who has the key can reverse it.
    """

    def __init__(self, key: bytes) -> None:
        """Take the key, of 64 bytes at most."""
        self._key = key

    def next(self, number: int, size: int) -> int:
        """Return the number that takes the place of one below ``size``; itself only for a size of 1."""
        return self._walk(self._walk(number, size, 1) + 1, size, -1) if size > 1 else number

    def _walk(self, number: int, size: int, direction: int) -> int:
        """Return the image of a number, or with the direction -1 its preimage; of ``size``, that of 0."""
        half = ((size - 1).bit_length() + 1) // 2
        number %= size
        while True:
            number = self._network(number, size, half, direction)
            if number < size:
                return number

    def _network(self, number: int, size: int, half: int, direction: int) -> int:
        mask = (1 << half) - 1
        left, right = number >> half, number & mask
        if direction > 0:
            for step in range(_ROUNDS):
                left, right = right, left ^ (self._round(step, size, right) & mask)
        else:
            for step in reversed(range(_ROUNDS)):
                left, right = right ^ (self._round(step, size, left) & mask), left
        return left << half | right

    def _round(self, step: int, size: int, half: int) -> int:
        text = f"{step} {size} {half}".encode()
        return int.from_bytes(blake2b(text, key=self._key).digest(), "big")
