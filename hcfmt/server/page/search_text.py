"""The text of a message by which it is found and which a hit shows, made from the message's document."""

from collections.abc import Iterable, Iterator
from typing import Any


def search_text(document: dict[str, Any]) -> str:
    """Return the text of a message, of its file, its card and its previews; "" for a deleted message.

    What does not follow each other in the text is on lines of their own.
    """
    card = document.get("card", {})
    texts = [
        _joined(document.get("parts", ())),
        document.get("file", {}).get("name", ""),
        card.get("title", ""),
        _joined(card.get("description", ())),
        _joined(card.get("activity", ())),
        *(attribute.get(name, "") for attribute in card.get("attributes", ()) for name in ("label", "value")),
        *(preview.get("name", "") for preview in document.get("previews", ())),
    ]
    return "\n".join(filter(None, texts))


def _joined(parts: Iterable[Any]) -> str:
    """Return the text of parts; two whose words would become one are separated by a blank."""
    return "".join(_pieces(parts))


def _pieces(parts: Iterable[Any]) -> Iterator[str]:
    last = ""
    for part in parts:
        text = part if isinstance(part, str) else "\n" if "break" in part else part["text"]
        if last[-1:].isalnum() and text[:1].isalnum():
            yield " "
        yield text
        last = text or last
