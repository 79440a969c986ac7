"""Sorts the letters and digits of all scripts into alphabets, within which one can take the place of another.

The letters of an alphabet are of one script and category, and take as many bytes in UTF-8. A letter with an accent is
the letter below it, with its accent: "ü" and "u" become the same letter with and without one.
"""

import string
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

LATIN, DIGITS = string.ascii_lowercase, string.digits

_BLOCK = 64  # code points, which have as many bytes in UTF-8
_LARGE = ((0x4E00, 0x9FA6), (0xAC00, 0xD7A4))  # Chinese characters, Korean syllables
_REPLACED = frozenset(
    {"Cn", "Co", "So"}
)  # categories besides letters and numbers: without a meaning of their own, emoji
_SIGNS = (range(0x590, 0x2000), range(0xA000, 0xFB00))  # where marks stand for vowels and the like
_TAGS = range(0xE0000, 0xE0080)  # invisible letters
_ACCENTED = ((0xC0, 0x250), (0x1E00, 0x1F00))  # blocks of Latin letters with accents
# Letters with a stroke or a hook, by their length in UTF-8, where none has an accent.
_WITH_HOOK = {2: {"b": "\u0180", "f": "\u0192", "p": "\u01a5", "q": "\u024b", "v": "\u028b"}}
_MARKS = range(0x300, 0x370)


class Place(NamedTuple):
    """The place of a character in its alphabet.

    ``position`` is that of its small letter, ``marks`` are its accents, ``size`` is its length in UTF-8.
    """

    alphabet: str
    position: int
    is_capital: bool
    marks: str
    size: int


@lru_cache(maxsize=1 << 14)
def place_of(character: str) -> Place | None:
    """Return the place of a character; None for one that is no letter, digit or symbol, or is alone in its alphabet."""
    if not _is_replaced(character):
        return None
    size = len(character.encode("utf-8", "surrogatepass"))
    small = character.lower()
    is_capital = small != character and _has_capital(small) and small.upper() == character
    small = small if is_capital else character
    base, marks = _decomposed(small)
    if base in LATIN:
        return Place(LATIN, LATIN.index(base), is_capital, marks, size)
    if small in DIGITS:
        return Place(DIGITS, DIGITS.index(small), is_capital=False, marks="", size=size)
    alphabet = _alphabet_of(small)
    return Place(alphabet, alphabet.index(small), is_capital, "", size) if len(alphabet) > 1 else None


def character_at(place: Place, index: int) -> str:
    """Return the character at another index of a place's alphabet, in the letter case and with the accents of it."""
    character = place.alphabet[index]
    if place.marks:
        character = _accented(character, place.marks, place.size)
    return character.upper() if place.is_capital else character


def _is_replaced(character: str) -> bool:
    category, code = unicodedata.category(character), ord(character)
    return (
        category[0] in "LN"
        or category in _REPLACED
        or (category[0] == "M" and any(code in signs for signs in _SIGNS))
        or code in _TAGS
    )


def _decomposed(small: str) -> tuple[str, str]:
    """Return the Latin letter below the accents of a small letter, and the accents; itself where it has none."""
    base, *marks = list(unicodedata.normalize("NFD", small))
    is_accented = base in LATIN and all(ord(mark) in _MARKS for mark in marks) and _has_capital(small)
    return (base, "".join(marks)) if is_accented else (small, "")


def _has_capital(small: str) -> bool:
    """Whether a character is a small letter with a capital of the same length in UTF-8."""
    capital = small.upper()
    return (
        len(capital) == 1
        and capital != small
        and capital.lower() == small == small.casefold()
        and len(capital.encode()) == len(small.encode())
    )


@cache
def _alphabet(first: int, end: int, category: str, script: str, *, has_capital: bool) -> str:
    characters = (chr(code) for code in range(first, end))
    return "".join(
        character
        for character in characters
        if unicodedata.category(character) == category
        and _script(character) == script
        and _has_capital(character) == has_capital
        and _decomposed(character)[0] not in LATIN
    )


def _alphabet_of(small: str) -> str:
    """Return the alphabet of a character."""
    code = ord(small)
    first = code - code % _BLOCK
    bounds = next((bounds for bounds in _LARGE if bounds[0] <= code < bounds[1]), (first, first + _BLOCK))
    category = unicodedata.category(small)
    return _alphabet(*bounds, category, _script(small), has_capital=_has_capital(small))


def _script(character: str) -> str:
    """Return the first word of a character's name, which for letters is their script; "" for symbols."""
    is_letter = unicodedata.category(character)[0] == "L"
    return unicodedata.name(character, "").partition(" ")[0] if is_letter else ""


def _accented(base: str, marks: str, size: int) -> str:
    """Return a Latin letter with accents: those given where Unicode has the letter, else others."""
    own = unicodedata.normalize("NFC", base + marks)
    if _is_usable(own, size):
        return own
    candidates = _accented_letters(size)
    of_base = candidates.get(base) or "".join(candidates.values())
    return of_base[(sum(map(ord, marks)) + ord(base)) % len(of_base)]


@cache
def _accented_letters(size: int) -> dict[str, str]:
    """Return the small accented letters of a length in UTF-8, by the letter below the accents."""
    letters = dict(_WITH_HOOK.get(size, {}))
    for letter in _latin_with_accents():
        if _is_usable(letter, size):
            base = unicodedata.normalize("NFD", letter)[0]
            letters[base] = letters.get(base, "") + letter
    return letters


def _latin_with_accents() -> Iterator[str]:
    for bounds in _ACCENTED:
        yield from (small for small in map(chr, range(*bounds)) if _decomposed(small)[1])


def _is_usable(letter: str, size: int) -> bool:
    return len(letter) == 1 and len(letter.encode()) == size and _has_capital(letter)
