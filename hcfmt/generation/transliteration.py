"""How names are spelled where not every character is welcome, and which spellings are taken."""

import re
import unicodedata

_SPELLED_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "\u0131": "i"}
)
_SYLLABIC = frozenset({"hangul", "hiragana", "katakana"})
# "ef", "el", ..., "es" and "ie" tell a sound by its second letter, all others by their first.
_SOUND = re.compile(r"(?:letter|character|vowel sign) (?:(?:small|capital|short) )*(?:e(?=[flmnrs]$)|i(?=e$))?([a-z])")
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")


def latin(word: str) -> str:
    """Return a word in the letters a to z and digits: "mueller", "ivan", "gim"; "" for a script that is not spelled."""
    spelled = unicodedata.normalize("NFC", word).lower().translate(_SPELLED_OUT)
    bare = "".join(one if one.isascii() else _sound(one) for one in unicodedata.normalize("NFKC", spelled))
    return _NOT_PLAIN.sub("", bare)


def _sound(one: str) -> str:
    """Return what a character roughly sounds like by its Unicode name: N of CYRILLIC SMALL LETTER EN, GIM of HANGUL."""
    plain = unicodedata.normalize("NFD", one)[0]
    if plain.isascii():
        return plain
    script, _, name = unicodedata.name(one, "").lower().partition(" ")
    if script in _SYLLABIC:
        return name.rpartition(" ")[2]
    sound = _SOUND.search(name)
    return sound[1] if sound else ""
