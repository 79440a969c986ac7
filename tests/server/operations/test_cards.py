"""Cards of notifications: taken and refused as HipChat did (docs/api.md#cards)."""

import json
from typing import Any

import pytest

from hcfmt.server.errors import ApiError
from tests.support.api import Api
from tests.support.http_client import ROOM

LEAST = {"style": "application", "id": "7", "title": "Build"}
FULL = LEAST | {
    "url": "https://ci.example/7",
    "description": {"value": "<b>Green</b>", "format": "html"},
    "format": "medium",
    "date": 1_500_000_000_000,
    "icon": {"url": "https://ci.example/i.png", "url@2x": "https://ci.example/i2.png", "alt": "kept"},
    "thumbnail": {"url": "https://ci.example/t.png", "width": 64, "height": 43.5},
    "activity": {"html": "Build 7", "icon": "https://ci.example/i.png"},
    "attributes": [
        {"label": "Time", "value": {"label": "3 s"}},
        {"value": {"label": "green", "style": "lozenge-success", "url": "https://ci.example", "icon": "i.png"}},
    ],
    "validation": {"safeurls": []},
}

TAKEN: dict[str, dict[str, Any] | None] = {
    "the least": LEAST,
    "everything": FULL,
    "none": None,
    **{style: LEAST | {"style": style} for style in ("file", "image", "link", "media")},
    "a description of 500 characters": LEAST | {"description": "x" * 500},
    "an empty description": LEAST | {"description": ""},
}

REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"id": "7", "title": "T"}, "card.style", "Required field 'card.style' is missing"),
    ({"style": "link", "title": "T"}, "card.id", "Required field 'card.id' is missing"),
    ({"style": "link", "id": "7"}, "card.title", "Required field 'card.title' is missing"),
    ({}, "card.style", "Required field 'card.style' is missing"),
    (LEAST | {"style": "nonsense"}, "card.style", "is not in the enumeration: [u'file', u'image', "),
    (LEAST | {"id": 12345}, "card.id", "Value 12345 for field 'card.id' is not of type 'string'"),
    (LEAST | {"title": ""}, "card.title", "must be greater than or equal to 1"),
    (LEAST | {"title": "x" * 501}, "card.title", "must be less than or equal to 500"),
    (LEAST | {"url": ""}, "card.url", "must be greater than or equal to 1"),
    (LEAST | {"format": "html"}, "card.format", "is not in the enumeration: [u'compact', u'medium']"),
    (LEAST | {"description": "x" * 501}, "card.description", "must be less than or equal to 500"),
    (LEAST | {"description": {"value": "x"}}, "card.description.format", "is missing"),
    (LEAST | {"description": {"format": "html"}}, "card.description.value", "is missing"),
    (LEAST | {"description": {"format": "html", "value": "x", "a": 1}}, "card.description", "that is not allowed"),
    (LEAST | {"thumbnail": {"width": 1}}, "card.thumbnail.url", "is missing"),
    (LEAST | {"thumbnail": {"url": "x", "width": "43"}}, "card.thumbnail.width", "Value u'43' for field"),
    (LEAST | {"activity": {}}, "card.activity.html", "is missing"),
    (LEAST | {"activity": {"html": "x", "text": "y"}}, "card.activity", "that is not allowed"),
    (LEAST | {"icon": {"url@2x": "x"}}, "card.icon.url", "is missing"),
    (LEAST | {"icon": 7}, "card.icon", "is not of type 'string, object'"),
    (LEAST | {"attributes": []}, "card.attributes", "must be greater than or equal to 1"),
    (LEAST | {"attributes": [{"value": {"label": "x"}}] * 11}, "card.attributes", "must be less than or equal to 10"),
    (LEAST | {"attributes": [{"label": "x"}]}, "card.attributes.0.value", "is missing"),
    (LEAST | {"attributes": [{"value": {"style": "lozenge"}}]}, "card.attributes.0.value.label", "is missing"),
    (
        LEAST | {"attributes": [{"value": {"label": "x", "style": "bold"}}]},
        "card.attributes.0.value.style",
        "is not in the enumeration: [u'lozenge-success', ",
    ),
]


@pytest.mark.parametrize("name", TAKEN)
def test_a_card_that_hipchat_took_is_stored_as_received(api: Api, name: str) -> None:
    card = TAKEN[name]
    assert api.room("sendRoomNotification", ROOM, body={"message": "Built", "card": card}).status == 204
    stored = api.room("getLatestRoomHistory", ROOM, "max-results=1").body["items"][0]["card"]
    assert (stored and json.loads(stored)) == card


@pytest.mark.parametrize(("card", "field", "words"), REFUSED)
def test_a_card_that_hipchat_refused_is_refused_with_its_field(
    api: Api, card: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(ApiError) as excinfo:
        api.room("sendRoomNotification", ROOM, body={"message": "Built", "card": card})
    assert (excinfo.value.status, excinfo.value.details["field"]) == (400, field)
    assert words in excinfo.value.message
