"""A selection returns the values that match, as a validator of JSON Schema does."""

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.export.expectations import selection
from hcfmt.export.schemas import FORMAT, names, read

FLAT = st.sampled_from(["", "a", "abc", "g1", None]) | st.dictionaries(
    st.sampled_from(["a", "b"]), st.sampled_from(["", "a", None]), max_size=2
)
SCHEMAS: list[dict[str, object]] = [
    {"const": ""},
    {"enum": ["a", "abc"]},
    {"type": "null"},
    {"minLength": 1},
    {"maxLength": 2},
    {"pattern": "^a"},
    {"not": {"const": "a"}},
    {"required": ["a"]},
    {"required": ["a", "b"]},
    {"properties": {"a": {"const": ""}, "b": False}},
    {"propertyNames": {"const": "a"}},
    {"if": {"required": ["a"]}, "then": {"properties": {"a": {"const": ""}}}},
    {"if": {"required": ["a"]}, "else": {"maxLength": 1}},
    {"if": {"required": ["a"]}, "then": {"required": ["b"]}, "else": {"not": {"required": ["b"]}}},
    {"not": {"properties": {"a": {"const": ""}, "b": {"type": "null"}}}},
]


@pytest.mark.parametrize("schema", SCHEMAS, ids=str)
@given(values=st.lists(FLAT, max_size=6))
def test_those_values_are_selected_that_match(schema: dict[str, object], values: list[object]) -> None:
    matches = jsonschema_rs.Draft202012Validator(schema).is_valid
    assert list(selection(schema)(values)) == [place for place, value in enumerate(values) if matches(value)]


@given(values=st.lists(st.lists(st.sampled_from(["", "a", "abc"]), max_size=3), max_size=4))
def test_those_arrays_are_selected_of_which_an_item_matches(values: list[list[str]]) -> None:
    schema = {"contains": {"enum": ["a", "abc"]}}
    matches = jsonschema_rs.Draft202012Validator(schema).is_valid
    assert list(selection(schema)(values)) == [place for place, value in enumerate(values) if matches(value)]


@pytest.mark.parametrize("name", [name for name in names() if name.startswith(FORMAT)])
def test_every_expectation_of_the_schemas_can_be_compiled(name: str) -> None:
    pending: list[object] = [read(name)]
    while pending:
        part = pending.pop()
        if isinstance(part, dict):
            pending += part.values()
            for schema in part.get("x-should", {}).values():
                assert selection(schema)([]) is not None
        elif isinstance(part, list):
            pending += part


def test_an_unknown_keyword_is_refused() -> None:
    with pytest.raises(KeyError):
        selection({"multipleOf": 2})
