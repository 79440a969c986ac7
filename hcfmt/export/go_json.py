"""JSON as Go's encoder writes it, which hc-migrate was written in (docs/format.md#producer)."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeVar

import orjson

_Record = TypeVar("_Record")
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


def go_list(
    records: Iterable[_Record],
    watch: Callable[[list[_Record]], object] | None = None,
    encode: Callable[[list[_Record]], bytes] = go_json,
) -> Iterator[bytes]:
    """Yield the text of an array in chunks of up to 500 records; ``watch`` is called with the records of each.

    ``encode`` returns the text of records as ``go_json`` does.
    """
    remaining = iter(records)
    opening = b"["
    while batch := list(islice(remaining, _AT_ONCE)):
        if watch:
            watch(batch)
        yield opening + encode(batch)[1:-1]
        opening = b","
    yield b"]" if opening == b"," else b"[]"
