"""The types compiled from the schemas refuse what a rule about a single value may report."""

import json
from typing import Any

import msgspec
import pytest

from hcfmt.export import schemas
from hcfmt.export.record_types import decoder, field_name, type_of
from tests.support.records import changed

NAMES = [name for name in schemas.names() if name.startswith(("export/", "embedded/"))]


@pytest.mark.parametrize("name", NAMES)
def test_every_schema_of_a_document_has_a_type(name: str) -> None:
    assert decoder(name) is decoder(name)


def test_a_keyword_that_nothing_checks_is_refused() -> None:
    with pytest.raises(ValueError, match="minItems"):
        type_of({"type": "array", "minItems": 1})


REFUSED: dict[str, dict[str, Any]] = {
    "an undocumented property": changed(links=1),
    "a missing property": {"UserMessage": {"id": ""}},
    "a constant of another value": changed(type="user"),
    "a legacy field in use": changed(sender={"id": 1, "mention_name": "x", "name": "", "version": ""}),
    "an integer written as a float": changed(sender={"id": 1.0, "mention_name": "", "name": "", "version": ""}),
    "an integer beyond 2^53": changed(sender={"id": 2**53 + 1, "mention_name": "", "name": "", "version": ""}),
    "a boolean in place of an integer": changed(sender={"id": True, "mention_name": "", "name": "", "version": ""}),
    "a text that is too long": changed(message="x" * 10_001),
    "nesting in an open object": changed(metadata=[{"a": {"b": 1}}]),
    "a large number in an open object": changed(metadata=[{"a": 1e300}]),
    "null in place of a text": changed(message=None),
    "another record kind": {"FooMessage": {}},
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_a_rule_may_report_does_not_decode(case: str) -> None:
    with pytest.raises(msgspec.MsgspecError):
        decoder("export/room-history").decode(json.dumps([REFUSED[case]]))


@pytest.mark.parametrize("text", [b'"\\ud800"', b'"\\udc00\\ud800"', b'"\x01"', b"NaN", b"01", b'"\\x"', b"1,"])
def test_what_is_no_json_does_not_decode(text: bytes) -> None:
    with pytest.raises(msgspec.MsgspecError):
        decoder("export/room-history").decode(b'[{"UserMessage":{"message":' + text + b"}}]")


@pytest.mark.parametrize(("name", "field"), [("id", "id"), ("url@2x", "url_2x_"), ("class", "class_"), ("", "_")])
def test_a_field_has_the_name_of_its_property_where_python_allows_it(name: str, field: str) -> None:
    assert field_name(name) == field
