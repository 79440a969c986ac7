"""Replaces the digits of JSON numbers; their form and length stay, and whether JavaScript can hold them."""

import re
from collections.abc import Callable

from hcfmt.export.jsontext import SAFE_INTEGER

NUMBER = re.compile(rb"-?(0|[1-9][0-9]*+)(?:\.([0-9]++))?(?:[eE][+-]?[0-9]++)?")
"""A number of JSON: its whole part, and its fraction without the point."""

_UNSAFE_DIGITS = len(str(SAFE_INTEGER))


def replaced_number(number: bytes, replace: Callable[[str], str]) -> bytes:
    """Return a number with other digits before its exponent; ``replace`` replaces a text of digits.

    A whole part with several digits does not begin with 0, and one beyond 2^53 stays there; a fraction of zeros stays.
    """
    match = NUMBER.fullmatch(number)
    if not match:
        raise ValueError("A number is not one of JSON.")
    (start, end), fraction = match.span(1), match[2] or b""
    parts = [number[:start], _replaced_whole(match[1].decode(), replace).encode()]
    if fraction.strip(b"0"):
        parts += [number[end : match.start(2)], replace(fraction.decode()).encode(), number[match.end(2) :]]
    else:
        parts.append(number[end:])
    return b"".join(parts)


def _replaced_whole(digits: str, replace: Callable[[str], str]) -> str:
    replaced = replace(digits)
    while (len(digits) > 1 and replaced[0] == "0") or _is_unsafe(replaced) is not _is_unsafe(digits):
        replaced = replace(replaced)
    return replaced


def _is_unsafe(digits: str) -> bool:
    return len(digits) > _UNSAFE_DIGITS or (len(digits) == _UNSAFE_DIGITS and int(digits) > SAFE_INTEGER)
