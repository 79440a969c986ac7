"""JSON text, the fast way: compiled code decodes a sound text and proves that it hides nothing.

What is not accepted here is judged by ``hcfmt.export.jsonscan``, which says what is wrong, and where.
"""

import json
import math
import re
from collections.abc import Iterable, Iterator
from itertools import islice

import orjson

SAFE_INTEGER = 2**53
_QUOTE = ord('"')
SPACE = b" \t\n\r"  # RFC 8259, section 2; what Python calls white space is more
_TELLING = re.compile(rb"\\u00(?:00|3[aA]|2[cC]|[57][bB])")  # an escaped U+0000, colon, comma or opening bracket
_BEFORE_VALUE = re.compile(rb',|[\[{](?![ \t\n\r]*+[\]}])|"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_LEAST = 2  # bytes that a value and what parts it from the next one take


class Rejected(ValueError):  # noqa: N818 - no error: the text is only not vouched for
    """The fast way does not vouch for a text; ``jsonscan.judge`` says whether and why it is unsound."""


def accept(text: bytes) -> object:
    """Decode a sound JSON text, or raise Rejected.

    What comes back is free of invalid UTF-8, NaN, lone surrogates, U+0000 and duplicate keys. Integers and depth are
    not looked at here (``is_plain`` does, or a schema that bounds them).

    A duplicate key vanishes when the text is decoded and encoded again, and takes its colon with it; colons inside
    strings stay, unless they are written as an escape. So without escaped colons the numbers of colons agree if and
    only if no key was lost. U+0000 can only be written as an escape.
    """
    try:
        value: object = orjson.loads(text)
        again = orjson.dumps(value)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError) as error:  # the latter: deeper than 254 levels
        raise Rejected from error
    if text.count(b":") != again.count(b":") or _TELLING.search(text):
        raise Rejected
    return value


def holds_at_most(text: bytes, values: int) -> bool:
    """Whether a JSON text holds at most so many values, which is to be known before it is decoded.

    A value stands first, behind a comma or behind an opening bracket. Those inside strings, and brackets with nothing
    between them, are told apart only where all of them together are too many.
    """
    if len(text) < _LEAST * values or sum(map(text.count, (b",", b"[", b"{"))) < values:
        return True
    found = (1 for match in _BEFORE_VALUE.finditer(text) if text[match.start()] != _QUOTE)
    return next(islice(found, max(values - 1, 0), None), None) is None


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

    A float is not wrong, but orjson makes one of any integer beyond 64 bits, so only the text can tell.
    """
    return all(_numbers_are_plain(level) for level in _levels(value, depth)) and nests_at_most(value, depth)


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


def _numbers_are_plain(values: list[object]) -> bool:
    return not any(type(value) is float or (type(value) is int and abs(value) > SAFE_INTEGER) for value in values)


def _items(container: dict[str, object] | list[object]) -> Iterable[object]:
    return container.values() if isinstance(container, dict) else container


def decode(text: bytes) -> object:
    """Decode a text that ``jsonscan.judge`` found readable: the last of two equal keys counts, lone surrogates stay."""
    return json.loads(text.decode("utf-8", "surrogatepass"), parse_int=_integer)


def _integer(digits: str) -> int | float:
    """Convert the digits of any integer: Python's own conversion refuses more than 4,300 of them."""
    size = float(digits)
    return size if math.isinf(size) else int(digits)
