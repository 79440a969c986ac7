"""Transliteration of names of any script into lower-case Latin letters and digits."""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=1_024)
def latin(word: str) -> str:
    """Return a word in the letters a to z and digits: "mueller", "ivan", "gim"; "" when no letter is left."""
    spelled = anyascii(unicodedata.normalize("NFC", word).lower().translate(_UMLAUTS))
    return _NOT_PLAIN.sub("", spelled.lower())
