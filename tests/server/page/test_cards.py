"""Cards of notifications as the page shows them."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.server.page.cards import card_document
from tests.support.json_values import JSON

NAMES = ("style", "title", "url", "description", "activity", "attributes", "icon", "value", "label", "html", "format")
OBJECTS = st.dictionaries(st.sampled_from(NAMES), JSON, max_size=4)


def document(card: object) -> dict[str, Any]:
    return card_document(card, lambda _: None)


def test_a_card_has_texts_links_and_attributes_without_pictures() -> None:
    card = {
        "style": "application",
        "id": "1",
        "title": "Build <b>1</b>",
        "url": "https://a.example/1",
        "description": {"format": "html", "value": "<b>failed</b>"},
        "icon": {"url": "https://a.example/i.png"},
        "thumbnail": {"url": "https://a.example/t.png"},
        "activity": {"html": "<i>one</i> line", "icon": "https://a.example/i.png"},
        "attributes": [
            {"label": "State", "value": {"label": "red", "style": "lozenge-error", "url": "https://a.example/s"}}
        ],
    }
    assert document(json.dumps(card)) == {
        "style": "application",
        "title": "Build <b>1</b>",
        "url": "https://a.example/1",
        "description": [{"text": "failed", "bold": True}],
        "activity": [{"text": "one", "italic": True}, " line"],
        "attributes": [{"label": "State", "value": "red", "style": "lozenge-error", "url": "https://a.example/s"}],
    }


@pytest.mark.parametrize(
    ("description", "parts"),
    [
        ("<b>plain</b>", ["<b>plain</b>"]),
        ({"format": "text", "value": "<b>plain</b>"}, ["<b>plain</b>"]),
        ({"value": "plain"}, ["plain"]),
        ("", None),
        ({}, None),
        (7, None),
    ],
)
def test_a_description_is_a_text_unless_it_says_html(description: object, parts: list[str] | None) -> None:
    assert document(json.dumps({"description": description})).get("description") == parts


@pytest.mark.parametrize(
    "card", [None, "", " ", "{", "[]", "7", 7, {}, "[" * 5_000, '{"title":"' + "x" * 100_000 + '"}']
)
def test_what_is_no_card_shows_nothing(card: object) -> None:
    assert document(card) == {}


@given(
    st.dictionaries(
        st.sampled_from(NAMES), JSON | st.dictionaries(st.sampled_from(NAMES), JSON, max_size=4), max_size=4
    )
)
def test_any_object_is_a_card(card: dict[str, Any]) -> None:
    shown = document(json.dumps(card))
    assert set(shown) <= {"style", "title", "url", "description", "activity", "attributes"}
    assert all(shown.values())


def test_the_texts_of_a_card_are_bounded() -> None:
    long = "x" * 9_000
    card = {"title": long, "description": long, "attributes": [{"label": long, "value": {"label": long}}] * 4}
    assert len(json.dumps(document(json.dumps(card)))) < 15_000
    assert len(document(json.dumps({"attributes": [{"label": "x"}] * 900}))["attributes"]) == 50
