"""The texts of records by which messages are found: at least all words that the page shows of a message."""

import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any

import orjson

from hcfmt.server.store.values import Record

MOST_CHARACTERS = 20_000
"""Characters of a message's text that a page shows and a search finds: twice as many as HipChat accepted."""

MOST_OF_CARD = 100_000
"""Characters of a card's JSON text above which a page does not show the card."""

MOST_PREVIEWS = 10
"""Previews that a page shows of a message."""

_TAG = re.compile(r"<(?:/?[A-Za-z]|[!?])[^<>]*>")
_PLAIN = {"UserMessage", "PrivateUserMessage"}


def indexed_texts(kinds: Iterable[str], records: Iterable[Record]) -> list[str]:
    """Return the text of each record, given their kinds too; most have no more than their message."""
    texts: list[str] = []
    for kind, record in zip(kinds, records, strict=True):
        text = record.get("message")
        if (
            kind in _PLAIN
            and type(text) is str
            and len(text) <= MOST_CHARACTERS
            and not record.get("attachment")
            and not record.get("metadata")
            and record.get("deleted") is None
        ):
            texts.append(text)
        else:
            texts.append(indexed_text(kind, record))
    return texts


def indexed_text(kind: str, record: Record) -> str:
    """Return the text of a record, "" for a deleted message.

    HTML is not parsed, which would take longer than all else: the names of its tags are words of the text, too, and so
    are the words that parts make where the tags between them are left out.
    """
    if record.get("deleted") is not None:
        return ""
    text = str(record.get("message") or record.get("topic") or record.get("url") or "")[:MOST_CHARACTERS]
    texts = (_unescaped(text), _without_tags(text)) if kind == "NotificationMessage" else (text,)
    return "\n".join((*texts, *_attached(record)))


def _attached(record: Record) -> Iterator[str]:
    """Yield the texts of what is attached to a message: the file's name, the card, the names of previews."""
    attachment, card, previews = record.get("attachment"), record.get("card"), record.get("metadata")
    if isinstance(attachment, dict):
        yield from (str(attachment.get(name) or "")[:MOST_CHARACTERS] for name in ("name", "path"))
    if isinstance(card, str) and len(card) <= MOST_OF_CARD:
        yield from map(_unescaped, _strings(_decoded(card)))
    if isinstance(previews, list):
        yield from _strings(previews[:MOST_PREVIEWS])


def _decoded(card: str) -> Any:  # noqa: ANN401 - any JSON value
    try:
        return orjson.loads(card)
    except orjson.JSONDecodeError:
        return None


def _strings(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    """Yield the texts in a JSON value, each cut; a value that nests deeply is none of a card that a page shows."""
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, str):
            yield item[:MOST_CHARACTERS]
        elif isinstance(item, dict):
            pending += item.values()
        elif isinstance(item, list):
            pending += item


def _without_tags(html: str) -> str:
    """Return what is between the tags of HTML, joined; "" where there is no tag."""
    return "".join(map(_unescaped, _TAG.split(html))) if "<" in html else ""


def _unescaped(html: str) -> str:
    """Return a text and, if it has character references, the text with these replaced."""
    if "&" not in html:
        return html
    try:
        return f"{html}\n{unescape(html)}"
    except ValueError:  # a number has more digits than Python reads
        return html
