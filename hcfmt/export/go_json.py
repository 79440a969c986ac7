"""JSON as Go's encoder writes it, which hc-migrate was written in (docs/format.md#producer)."""

from collections.abc import Iterable, Iterator
from itertools import islice

import orjson

_AT_ONCE = 500  # records

# Go escapes these, so that the text is safe in a web page.
_ESCAPED = ((b"<", b"\\u003c"), (b">", b"\\u003e"), (b"&", b"\\u0026"))
_SEPARATORS = (("\u2028".encode(), b"\\u2028"), ("\u2029".encode(), b"\\u2029"))


def go_json(value: object) -> bytes:
    """Return a value as JSON text: compact, in UTF-8, properties in their order."""
    return go_text(orjson.dumps(value))


def go_text(text: bytes) -> bytes:
    """Return compact JSON text with the characters escaped that Go escapes.

    They occur only inside strings, so the whole text can be searched for them.
    """
    for plain, escaped in _ESCAPED:
        text = text.replace(plain, escaped)
    if b"\xe2" in text:  # the first byte of both; a search for one byte is a hundred times as fast as for two
        for plain, escaped in _SEPARATORS:
            text = text.replace(plain, escaped)
    return text


def go_list(records: Iterable[object]) -> Iterator[bytes]:
    """Yield the text of an array in chunks of up to 500 records."""
    remaining = iter(records)
    opening = b"["
    while batch := list(islice(remaining, _AT_ONCE)):
        yield opening + go_json(batch)[1:-1]
        opening = b","
    yield b"]" if opening == b"," else b"[]"
