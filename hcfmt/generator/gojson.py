"""JSON as Go's encoder writes it, which hc-migrate was written in (facts 1.0)."""

from collections.abc import Iterable, Iterator

import orjson

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


def go_list(records: Iterable[object], *, at_once: int = 500) -> Iterator[bytes]:
    """Yield the text of an array in pieces of so many records."""
    held: list[object] = []
    opening = b"["
    for record in records:
        held.append(record)
        if len(held) == at_once:
            yield opening + go_json(held)[1:-1]
            held, opening = [], b","
    yield opening + go_json(held)[1:-1] + b"]" if held else opening.replace(b",", b"") + b"]"
