"""The replacements of one run, all by one secret key."""

from hashlib import scrypt

from msgspec import Struct

from hcfmt.anonymisation.names import NameReplacement
from hcfmt.anonymisation.paths import PathReplacement
from hcfmt.anonymisation.texts import TextReplacement
from hcfmt.anonymisation.words import WordReplacement

_COST = 1 << 14  # of scrypt: about 50 milliseconds, so that a short seed cannot be found by trying many
_SALT = b"hcfmt anonymise"


class Replacements(Struct, frozen=True):
    """How each kind of text is replaced, and the key of what replaces the bytes of stored files."""

    key: bytes
    names: NameReplacement
    paths: PathReplacement
    texts: TextReplacement


def replacements_of(seed: str) -> Replacements:
    """Return the replacements of a seed. Who knows the seed can find out what was replaced."""
    key = scrypt(seed.encode("utf-8", "surrogatepass"), salt=_SALT, n=_COST, r=8, p=1, dklen=32)
    words = WordReplacement(key)
    names = NameReplacement(words)
    return Replacements(key, names, PathReplacement(words), TextReplacement(key, words, names))
