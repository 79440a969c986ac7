"""JSON as Go's encoder writes it, which hc-migrate was written in (docs/format.md#producer)."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeVar

import orjson

_Record = TypeVar("_Record")
_AT_ONCE = 500  # records

# Go writes these escaped, so that the text can stand in a web page.
_ESCAPED = ((b"<", b"\\u003c"), (b">", b"\\u003e"), (b"&", b"\\u0026"))
_SEPARATORS = (("\u2028".encode(), b"\\u2028"), ("\u2029".encode(), b"\\u2029"))


def go_json(value: object) -> bytes:
    """Return a value as JSON text: compact, in UTF-8, properties in their order.

    Outside strings none of the escaped characters can stand, so that the whole text may be searched for them.
    """
    text = orjson.dumps(value)
    for plain, escaped in _ESCAPED:
        text = text.replace(plain, escaped)
    if b"\xe2\x80" in text:
        for plain, escaped in _SEPARATORS:
            text = text.replace(plain, escaped)
    return text


def go_list(records: Iterable[_Record], watch: Callable[[list[_Record]], object] | None = None) -> Iterator[bytes]:
    """Yield the text of an array in pieces of some records; ``watch`` is called with the records of each piece."""
    left = iter(records)
    opening = b"["
    while held := list(islice(left, _AT_ONCE)):
        if watch:
            watch(held)
        yield opening + go_json(held)[1:-1]
        opening = b","
    yield b"]" if opening == b"," else b"[]"
