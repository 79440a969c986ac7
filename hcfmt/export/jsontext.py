"""Judges JSON texts that are not decoded yet, and decoded JSON values, by their size, their nesting, their numbers."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

SAFE_INTEGER = 2**53
_QUOTE = ord('"')
SPACE = b" \t\n\r"  # RFC 8259, section 2; Python's white space has more characters
STRING = rb'"(?:[^"\\]++|\\.)*+"'
_BEFORE_VALUE = rb"(?s),|[\[{](?![ \t\n\r]*+[\]}])|%b?" % STRING
_CONTAINERS = (dict, list)
_LEAST = 2  # bytes of a value and its separator


def _nested(levels: int) -> bytes:
    """Return a pattern of an array or object that nests up to so many levels."""
    return rb'[{\[](?:[^{}\[\]"]++|%b%b)*+[}\]]' % (STRING, b"|" + _nested(levels - 1) if levels > 1 else b"")


ELEMENT = rb'(?s)(?:[^{}\[\]",]++|%b|%b)*+(?=[,}\]])' % (STRING, _nested(5))
"""Pattern of an element of an array as most are, with the white space around it: it nests at most five levels."""


class Rejected(ValueError):  # noqa: N818 - no error: the text may be valid
    """A text was not accepted; ``jsonscan.find_defects`` decides whether it has defects."""


def holds_at_most(text: bytes, values: int) -> bool:
    """Whether a JSON text holds at most ``values`` values, without decoding it.

    A value comes first, after a comma or after an opening bracket. Characters inside strings and empty brackets are
    subtracted only where the simple count is too high.
    """
    if len(text) < _LEAST * values or sum(map(text.count, (b",", b"[", b"{"))) < values:
        return True
    values_found = (1 for match in re.finditer(_BEFORE_VALUE, text) if text[match.start()] != _QUOTE)
    return next(islice(values_found, max(values - 1, 0), None), None) is None


def is_plain(value: object, depth: int) -> bool:
    """Whether an accepted value nests at most ``depth`` levels and holds no float and no integer beyond 2^53.

    Floats are valid, but integers beyond 64 bits are decoded as floats, so the text must be examined.
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
