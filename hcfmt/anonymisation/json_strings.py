"""Replaces the text of a JSON string and keeps how each of its characters is written, and so its length in bytes."""

import json
import re
from collections.abc import Callable
from functools import lru_cache
from itertools import chain, zip_longest

ENCODING, SURROGATES = "utf-8", "surrogateescape"

_ESCAPE = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.?", re.DOTALL)
_INVALID = re.compile("[\udc80-\udcff]")  # a byte that is not UTF-8
_NO_BYTE = "\udcff"  # the byte FF, which no UTF-8 has
_SHORT = frozenset('"\\/bfnrt')
_NO_ESCAPE = "\\x"  # a sequence that JSON lacks
_FIRST_ASTRAL = 0x10000


def replace_text(raw: bytes, replace: Callable[[str], str]) -> bytes:
    """Return the bytes between the quotes of a JSON string with its text replaced.

    ``replace`` takes the text and returns one of as many characters, each as long in UTF-8 as before. The bytes may be
    invalid: what is no escape sequence is text, and a byte that is not UTF-8 becomes another such byte.
    """
    text = raw.decode(ENCODING, SURROGATES)
    if "\\" not in text:
        return encoded(replace(text))
    plain, forms, characters = _parsed(text)
    decoded = "".join(chain.from_iterable(zip_longest(plain, characters, fillvalue="")))
    replaced = replace(decoded)
    if len(replaced) != len(decoded):
        raise ValueError("A replaced text has another length.")
    parts, at = [], 0
    for part, form, old in zip_longest(plain, forms, characters, fillvalue=""):
        end = at + len(part)
        parts += [replaced[at:end], form if replaced[end : end + 1] == old else _written(replaced[end], form)]
        at = end + 1
    return encoded("".join(parts))


def decoded_text(raw: bytes) -> str:
    """Return the text of the bytes between the quotes of a JSON string, which may be invalid."""
    text = raw.decode(ENCODING, SURROGATES)
    plain, _, characters = _parsed(text)
    return "".join(chain.from_iterable(zip_longest(plain, characters, fillvalue="")))


def encoded(text: str) -> bytes:
    """Return a text as bytes; those that were not UTF-8 become the byte FF."""
    if not text.isascii():
        text = _INVALID.sub(_NO_BYTE, text)
    return text.encode(ENCODING, SURROGATES)


def _parsed(text: str) -> tuple[list[str], list[str], list[str]]:
    """Return what is between the escape sequences of a JSON string, these sequences, and the character of each."""
    forms = [_without_letter(form) for form in _ESCAPE.findall(text)]
    return _ESCAPE.split(text), forms, [_character(form) for form in forms]


def _without_letter(form: str) -> str:
    """Return an escape sequence that JSON lacks, such as that of a Windows path, with another letter; others as is."""
    letter = form[1:]
    is_text = len(letter) == 1 and letter.isascii() and letter.isalnum() and letter not in _SHORT | {"u"}
    return _NO_ESCAPE if is_text else form


@lru_cache(maxsize=1 << 12)
def _character(form: str) -> str:
    """Return the character of an escape sequence; of one that JSON lacks, and of half a pair, one that stays."""
    if len(form) > 2:  # noqa: PLR2004 - the length of \n
        character: str = json.loads(f'"{form}"')
        return _STAYS if _INVALID.fullmatch(character) else character
    return str(json.loads(f'"{form}"')) if form[1:] in _SHORT else _STAYS


_STAYS = "\x00"  # a character that no replacement changes


def _written(character: str, form: str) -> str:
    """Return a character in the form of an escape sequence, or as it is."""
    if not form.startswith("\\u"):
        return character
    code = ord(character)
    units = [code] if code < _FIRST_ASTRAL else [*_surrogates(code)]
    digits = "".join(f"\\u{unit:04x}" for unit in units)
    return digits if form == form.lower() else digits.upper().replace("\\U", "\\u")


def _surrogates(code: int) -> tuple[int, int]:
    offset = code - _FIRST_ASTRAL
    return 0xD800 + (offset >> 10), 0xDC00 + (offset & 0x3FF)
