"""Tests of the page /docs: complete, self-contained, escaped."""

import copy
import json
import re
import shlex
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.server.http import docs
from hcfmt.server.http.bodies import JSON, read_body
from hcfmt.server.http.schema_text import describe, example
from hcfmt.server.openapi import contract

BASE = "http://127.0.0.1:1234/v2"
DOCUMENT = contract.document(BASE)
PAGE = docs.page(DOCUMENT)
VOID = {"meta"}
EVIL = """<script>alert('x')</script>"&`<b>`"""


class Reader(HTMLParser):
    """Collects what a page holds, and whether its elements are closed in order."""

    def __init__(self, page: str) -> None:
        """Read a page."""
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.examples: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.open[-2:] == ["pre", "code"]:
            self.examples.append(data)


READ = Reader(PAGE)


def values(name: str) -> list[str]:
    return [value for key, value in READ.attributes if key == name]


def test_every_element_is_closed() -> None:
    assert READ.open == []


def test_the_page_loads_nothing_and_runs_nothing() -> None:
    assert READ.tags.isdisjoint({"script", "link", "img", "iframe", "object", "embed", "base", "form"})
    assert not [name for name, _ in READ.attributes if name.startswith("on") or name in {"src", "srcset", "style"}]
    style = PAGE[PAGE.index("<style>") : PAGE.index("</style>")]
    assert not re.search(r"url\(|@import|https?:", style)
    assert {value for value in values("href") if not value.startswith("#")} == {f"{BASE}/openapi.json"}


def test_every_operation_and_schema_has_an_anchor_and_every_link_a_target() -> None:
    anchors = values("id")
    assert len(anchors) == len(set(anchors))
    assert {operation.id for operation in contract.operations()} <= set(anchors)
    assert {f"schema-{name}" for name in DOCUMENT["components"]["schemas"]} <= set(anchors)
    assert {value[1:] for value in values("href") if value.startswith("#")} <= set(anchors)


def test_every_parameter_scope_status_source_and_doubt_is_shown() -> None:
    for operation in contract.operations():
        node: Any = DOCUMENT["paths"][operation.path][operation.method.lower()]
        start = PAGE.index(f'<article id="{operation.id}">')
        article = Reader(PAGE[start : PAGE.index("</article>", start) + len("</article>")]).text
        expected = [
            operation.path,
            *(parameter.name for parameter in operation.parameters),
            *operation.scopes,
            *node["responses"],
        ]
        expected += [*operation.content, *(source.removeprefix("../../") for source in node["x-source"])]
        assert [text for text in expected if text not in article] == [], operation.id
        assert ("Not proven" in article) >= ("x-unproven" in node)


def test_the_page_has_a_layout_for_phones_and_a_dark_theme() -> None:
    assert 'name="viewport"' in PAGE
    assert "prefers-color-scheme: dark" in PAGE
    assert "min-width: 60rem" in PAGE


def test_every_operation_has_an_example_that_a_shell_reads() -> None:
    lines = [shlex.split(text) for text in READ.examples if text.startswith("curl ")]
    assert len(lines) == len(contract.operations())
    for words in lines:
        assert words[-1].startswith(f"{BASE}/")


def test_every_body_in_an_example_is_as_documented() -> None:
    bodies = 0
    for operation in contract.operations():
        start = PAGE.index(f'<article id="{operation.id}">')
        text = Reader(PAGE[start : PAGE.index("</article>", start) + len("</article>")]).examples[0]
        words = shlex.split(text)
        if "-d" in words:
            bodies += 1
            assert read_body(operation, JSON, words[words.index("-d") + 1].encode())
    assert bodies > 10


def test_text_of_the_document_is_never_markup() -> None:
    evil = copy.deepcopy(DOCUMENT)
    _poison(evil)
    page = docs.page(evil)
    assert "<script" not in page
    assert "<b>alert" not in page
    assert Reader(page).tags == READ.tags


def _poison(node: Any) -> None:  # noqa: ANN401 - any part of the document
    if isinstance(node, list):
        for inner in node:
            _poison(inner)
    elif isinstance(node, dict):
        for key, inner in node.items():
            if key in {"description", "summary", "x-unproven", "pattern", "format", "default", "const", "title"}:
                if isinstance(inner, str):
                    node[key] = EVIL
            elif key in {"enum", "x-source"} and isinstance(inner, list):
                node[key] = [EVIL]
            else:
                _poison(inner)


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "string"}, "string"),
        ({"type": ["string", "null"]}, "string or null"),
        (
            {"type": "integer", "minimum": 0, "maximum": 1000, "default": 100},
            "integer, 0 to 1,000, default <code>100</code>",
        ),
        ({"type": "string", "minLength": 8, "maxLength": 8}, "string, 8 characters"),
        ({"type": "string", "maxLength": 50}, "string, at most 50 characters"),
        ({"type": "array", "items": {"type": "string"}, "minItems": 1}, "array of string, at least 1 items"),
        ({"enum": ["a", None]}, "one of <code>a</code>, <code>null</code>"),
        ({"const": True}, "always <code>true</code>"),
        ({"type": "string", "default": ""}, "string, default empty"),
        ({"type": "array", "items": {}, "default": []}, "array of anything"),
        ({"$ref": "#/components/schemas/A"}, '<a href="#schema-A">A</a>'),
        ({"anyOf": [{"$ref": "#/components/schemas/A"}, {"type": "null"}]}, '<a href="#schema-A">A</a> or null'),
        ({"if": {}, "then": {"type": "string"}, "else": {"type": "null"}}, "string or null"),
        (
            {"type": "string", "format": "uri", "pattern": "^<$"},
            "string, matching <code>^&lt;$</code>, in the form of a uri",
        ),
        (False, "nothing"),
        (True, "anything"),
    ],
)
def test_a_schema_is_described_in_a_few_words(schema: object, words: str) -> None:
    assert describe(schema) == words


def test_an_example_of_a_body_holds_what_is_required() -> None:
    schema = {
        "type": "object",
        "required": ["a", "b", "c", "d", "e"],
        "properties": {
            "a": {"type": "string", "format": "uri"},
            "b": {"type": ["array", "null"], "items": {"enum": ["x", "y"]}},
            "c": {"type": "boolean"},
            "d": {"type": "integer", "minimum": 3},
            "e": {"$ref": "#/x"},
            "f": {"type": "string"},
        },
    }
    at = {"#/x": {"type": "string"}}
    assert example(schema, lambda node: at.get(node.get("$ref"), {})) == {
        "a": "https://example.com/",
        "b": ["x"],
        "c": True,
        "d": 3,
        "e": "text",
    }


@given(base=st.text(min_size=1))
def test_no_base_url_is_markup(base: str) -> None:
    page = docs.page({**DOCUMENT, "servers": [{"url": base}], "paths": {}, "components": {"schemas": {}}})
    assert json.dumps(sorted(Reader(page).tags)).count("script") == 0
