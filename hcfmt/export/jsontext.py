"""Decodes JSON text in compiled code, and proves that a valid text loses nothing by decoding.

``hcfmt.export.jsonscan`` finds the defects of the texts that are not accepted here.
"""

import json
import math
import re
from collections.abc import Iterable, Iterator
from itertools import islice

import orjson

SAFE_INTEGER = 2**53
_QUOTE = ord('"')
SPACE = b" \t\n\r"  # RFC 8259, section 2; Python's white space has more characters
_ESCAPES = rb"\\u00(?:00|3[aA]|2[cC]|[57][bB])"  # an escaped U+0000, colon, comma or opening bracket
_BEFORE_VALUE = rb'(?s),|[\[{](?![ \t\n\r]*+[\]}])|"(?:[^"\\]++|\\.)*+"?'
_CONTAINERS = (dict, list)
_LEAST = 2  # bytes of a value and its separator


class Rejected(ValueError):  # noqa: N818 - no error: the text may be valid
    """A text was not accepted; ``jsonscan.find_defects`` decides whether it has defects."""


def accept(text: bytes) -> object:
    """Decode a valid JSON text, or raise Rejected.

    The value is free of invalid UTF-8, NaN, lone surrogates, U+0000 and duplicate keys. Integers and depth are not
    checked (``is_plain`` does, or a schema that bounds them).

    A duplicate key vanishes when the text is decoded and encoded again, and takes its colon with it; colons inside
    strings stay, unless they are written as an escape. So without escaped colons the numbers of colons agree if and
    only if no key was lost. U+0000 can only be written as an escape.
    """
    try:
        value: object = orjson.loads(text)
        again = orjson.dumps(value)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError) as error:  # the latter: deeper than 254 levels
        raise Rejected from error
    if text.count(b":") != again.count(b":") or re.search(_ESCAPES, text):
        raise Rejected
    return value


def holds_at_most(text: bytes, values: int) -> bool:
    """Whether a JSON text holds at most ``values`` values, without decoding it.

    A value comes first, after a comma or after an opening bracket. Characters inside strings and empty brackets are
    subtracted only where the simple count is too high.
    """
    if len(text) < _LEAST * values or sum(map(text.count, (b",", b"[", b"{"))) < values:
        return True
    values_found = (1 for match in re.finditer(_BEFORE_VALUE, text) if text[match.start()] != _QUOTE)
    return next(islice(values_found, max(values - 1, 0), None), None) is None


def repeats_key(text: bytes) -> bool:
    """Whether an object in a JSON text that orjson decodes has a key more than once."""
    repeated = False

    def counted(pairs: list[tuple[str, object]]) -> dict[str, object]:
        nonlocal repeated
        properties = dict(pairs)
        repeated = repeated or len(properties) < len(pairs)
        return properties

    json.loads(text, object_pairs_hook=counted, parse_int=float)
    return repeated


def is_plain(value: object, depth: int) -> bool:
    """Whether an accepted value nests at most ``depth`` levels and holds no float and no integer beyond 2^53.

    Floats are valid, but orjson decodes integers beyond 64 bits as floats, so the text must be examined.
    """
    level = [value]
    for _ in range(depth + 1):
        types = set(map(type, level))
        if float in types or (int in types and not _are_safe(level)):
            return False
        if types.isdisjoint(_CONTAINERS):
            return True
        level = [item for inner in level if isinstance(inner, (dict, list)) for item in _items(inner)]
    return False


def holds_whole_float(value: object) -> bool:
    """Whether a value is, or holds anywhere, a float that is a whole number, as 2.0 is."""
    level = [value]
    while level:
        if any(type(item) is float and item.is_integer() for item in level):
            return True
        level = [item for inner in level if isinstance(inner, (dict, list)) for item in _items(inner)]
    return False


def nests_at_most(value: object, depth: int) -> bool:
    """Whether a value nests at most ``depth`` levels: a scalar 0, an empty array 1."""
    *_, last = _levels(value, depth)
    return not any(isinstance(item, (dict, list)) for item in last)


def _levels(value: object, depth: int) -> Iterator[list[object]]:
    """Yield the values of each level of nesting, the outermost first, down to ``depth``."""
    level = [value]
    yield level
    for _ in range(depth):
        level = [item for inner in level if isinstance(inner, (dict, list)) for item in _items(inner)]
        yield level
        if not level:
            break


def _are_safe(values: list[object]) -> bool:
    return not any(type(value) is int and abs(value) > SAFE_INTEGER for value in values)


def _items(container: dict[str, object] | list[object]) -> Iterable[object]:
    return container.values() if isinstance(container, dict) else container


def decode(text: bytes) -> object:
    """Decode a text without fatal defects: the last of two equal keys wins, lone surrogates stay."""
    return json.loads(text.decode("utf-8", "surrogatepass"), parse_int=_integer)


def _integer(digits: str) -> int | float:
    """Convert the digits of any integer; one beyond a double becomes infinity, as int() refuses 4,301 digits."""
    size = float(digits)
    return size if math.isinf(size) else int(digits)
