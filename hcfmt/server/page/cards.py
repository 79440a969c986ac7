"""Cards of notifications as a page shows them: texts, links and attributes, without pictures from elsewhere."""

from typing import Any

import orjson

from hcfmt.server.page.bounded_values import dict_of, link_of, list_of, text_of, without_empty
from hcfmt.server.page.notification_text import FindImage, parts_of_html
from hcfmt.server.store.indexed_texts import MOST_OF_CARD

_TEXT = 5_000  # characters of a description or an activity
_ATTRIBUTES = 50


def card_document(card: Any, find_image: FindImage) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    """Return what a page shows of a card, which a message holds as JSON text; an empty object for no valid card."""
    record = _decode(card)
    activity = dict_of(record.get("activity"))
    return without_empty(
        {
            "style": text_of(record.get("style")),
            "title": text_of(record.get("title")),
            "url": link_of(record.get("url")),
            "description": _description(record.get("description"), find_image),
            "activity": parts_of_html(text_of(activity.get("html"), _TEXT), find_image),
            "attributes": [_attribute(dict_of(item)) for item in list_of(record.get("attributes"), _ATTRIBUTES)],
        }
    )


def _decode(card: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    if not isinstance(card, str) or len(card) > MOST_OF_CARD:
        return {}
    try:
        return dict_of(orjson.loads(card))
    except orjson.JSONDecodeError:
        return {}


def _description(value: Any, find_image: FindImage) -> list[Any]:  # noqa: ANN401 - any JSON value
    """Return the parts of a description: a text, or an object of a text and its format."""
    if isinstance(value, str):
        return [value[:_TEXT]] if value else []
    described = dict_of(value)
    text = text_of(described.get("value"), _TEXT)
    if described.get("format") == "html":
        return parts_of_html(text, find_image)
    return [text] if text else []


def _attribute(attribute: dict[str, Any]) -> dict[str, Any]:
    value = dict_of(attribute.get("value"))
    return without_empty(
        {
            "label": text_of(attribute.get("label")),
            "value": text_of(value.get("label")),
            "style": text_of(value.get("style")),
            "url": link_of(value.get("url")),
        }
    )
