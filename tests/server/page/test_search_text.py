"""The text by which a message is found."""

from typing import Any

import pytest

from hcfmt.server.page.search_text import search_text


@pytest.mark.parametrize(
    ("document", "text"),
    [
        ({}, ""),
        ({"deleted": True}, ""),
        ({"parts": ["plain"]}, "plain"),
        (
            {"parts": [{"text": "build 7", "link": "x"}, ": ", {"text": "red", "bold": True}]},
            "build 7: red",
        ),
        ({"parts": [{"text": "one", "bold": True}, {"text": "two", "italic": True}]}, "one two"),
        ({"parts": ["a", {"break": True}, "b", {"image": "files/x.png", "text": "alt"}]}, "a\nb alt"),
        ({"parts": ["see"], "file": {"name": "plan.pdf"}}, "see\nplan.pdf"),
        (
            {
                "parts": ["p"],
                "card": {
                    "title": "t",
                    "description": ["d", {"text": "e", "bold": True}],
                    "activity": ["a"],
                    "attributes": [{"label": "l", "value": "v"}, {"value": "w"}],
                },
                "previews": [{"name": "n"}, {"url": "https://a.example"}],
            },
            "p\nt\nd e\na\nl\nv\nw\nn",
        ),
    ],
)
def test_the_text_has_all_that_a_message_shows(document: dict[str, Any], text: str) -> None:
    assert search_text(document) == text
