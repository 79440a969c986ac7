"""Decodes JSON text in compiled code, and proves that a valid text loses nothing by decoding.

``hcfmt.export.jsonscan`` finds the defects of the texts that are not accepted here. An archive whose records have the
types of ``hcfmt.export.record_types`` needs nothing of this.
"""

import json
import math
import re

import orjson

from hcfmt.export.jsontext import Rejected

_ESCAPES = rb"\\u00(?:00|3[aA]|2[cC]|[57][bB])"  # an escaped U+0000, colon, comma or opening bracket


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


def decode(text: bytes) -> object:
    """Decode a text without fatal defects: the last of two equal keys wins, lone surrogates stay."""
    return json.loads(text.decode("utf-8", "surrogatepass"), parse_int=_integer)


def _integer(digits: str) -> int | float:
    """Convert the digits of any integer; one beyond a double becomes infinity, as int() refuses 4,301 digits."""
    size = float(digits)
    return size if math.isinf(size) else int(digits)
