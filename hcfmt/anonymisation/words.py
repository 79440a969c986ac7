"""Replaces words: each becomes another of the same length, script and letter case, everywhere the same."""

import re
from collections.abc import Collection
from functools import lru_cache
from hashlib import blake2b

from hcfmt.anonymisation.alphabets import Place, character_at, place_of
from hcfmt.anonymisation.permutation import Permutation

# Accents by themselves, and signs for vowels, which belong to the letters of Hebrew, Arabic, and Asian scripts.
_SIGNS = (
    r"\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0dff\u0e31-\u0e3a\u0e47-\u0e4e\u0eb1-\u0ebc\u0ec8-\u0ecd"
    r"\u0f71-\u0f84\u102b-\u103e\u17b4-\u17d3"
)
LETTERS = rf"[^\W_](?:[^\W_]|[{_SIGNS}])*+"
"""Pattern of a run of letters and digits."""

WORD = re.compile(rf"{LETTERS}|[^\x00-\x7f]")
"""A run of letters and digits, or another character outside ASCII, such as an emoji."""

_LONGEST = 64  # characters of a word that is permuted; a longer one is replaced by what its digest gives
_CACHED = 1 << 16


class WordReplacement:
    """Replaces words by a key.

    Words that differ in letter case alone become words that differ in letter case alone, and different words become
    different words, so that what is unique stays unique.
    """

    def __init__(self, key: bytes) -> None:
        """Take the key, of 64 bytes at most."""
        self._key = key
        self._permutation = Permutation(key)
        self._known_word = lru_cache(maxsize=_CACHED)(self._of_word)

    def of_word(self, word: str) -> str:
        """Return what replaces a word, whose characters are letters, digits or symbols."""
        return self._known_word(word) if len(word) <= _LONGEST else self._of_word(word)

    def of_text(self, text: str) -> str:
        """Return a text with every word replaced; what is between words stays."""
        return WORD.sub(lambda match: self.of_word(match[0]), text)

    def outside(self, word: str, excluded: Collection[str]) -> str:
        """Return what replaces a word, but none of some words in small letters, to which this one does not belong.

        They stay as they are elsewhere, so that no other word may become one of them.
        """
        replaced = self.of_word(word)
        while replaced.lower() in excluded and replaced != word:
            replaced = self.of_word(replaced)
        return replaced

    def _of_word(self, word: str) -> str:
        places = [place_of(character) for character in word]
        known = [place for place in places if place]
        indices = iter(self._permuted(known) if len(known) <= _LONGEST else self._digested(word, known))
        return "".join(
            character_at(place, next(indices)) if place else character
            for place, character in zip(places, word, strict=True)
        )

    def _permuted(self, places: list[Place]) -> list[int]:
        """Return new indices: the old ones, read as one number whose digits have other bases, are permuted."""
        number, size = 0, 1
        for place in places:
            number = number * len(place.alphabet) + place.position
            size *= len(place.alphabet)
        number = self._permutation.next(number, size)
        indices = []
        for place in reversed(places):
            number, index = divmod(number, len(place.alphabet))
            indices.append(index)
        return indices[::-1]

    def _digested(self, word: str, places: list[Place]) -> list[int]:
        """Return new indices, which depend on the whole word."""
        seed = blake2b(word.casefold().encode("utf-8", "surrogatepass"), key=self._key).digest()
        return [
            int.from_bytes(blake2b(f"{position}".encode(), key=seed, digest_size=8).digest(), "big")
            % len(place.alphabet)
            for position, place in enumerate(places)
        ]
