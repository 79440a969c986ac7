"""Properties are read alike of structs and of JSON objects, of few values and of many."""

import json
from typing import Any

import msgspec
import pytest

from hcfmt.export import columns
from hcfmt.export.record_types import decoder
from tests.support.records import changed

DELETED = {"user_id": 2, "date": "2018-04-02T15:41:41Z", "reason": None}
RECORDS = [
    changed()["UserMessage"],
    changed(deleted=DELETED)["UserMessage"],
    changed(attachment=None)["UserMessage"],
    changed(metadata=[])["UserMessage"],
]
NAMES = ["id", "message", "deleted", "attachment", "metadata"]


def structs(count: int) -> list[msgspec.Struct]:
    wrapped = json.dumps([{"UserMessage": record} for record in RECORDS * count])
    return [wrapper.UserMessage for wrapper in decoder("export/room-history").decode(wrapped)]


@pytest.mark.parametrize("count", [1, 100])
@pytest.mark.parametrize("name", NAMES)
def test_structs_and_objects_have_the_same_properties(name: str, count: int) -> None:
    typed, objects = structs(count), RECORDS * count
    places, items = columns.given(typed, name)
    expected_places, expected = columns.given(objects, name)
    assert (list(places), list(map(columns.plain, items))) == (list(expected_places), list(expected))
    assert list(map(columns.plain, columns.present(typed, name))) == list(expected)
    assert columns.filled(typed, name) == columns.filled(objects, name)


@pytest.mark.parametrize("values", [structs(2), RECORDS])
def test_a_property_of_no_schema_is_filled_in_none(values: list[Any]) -> None:
    assert columns.filled(values, "attachment_path") == []


@pytest.mark.parametrize("name", ["id", "message"])
def test_a_property_that_all_values_have_is_read_of_all(name: str) -> None:
    assert columns.property_of(structs(1), name) == columns.property_of(RECORDS, name)


def test_only_objects_are_left_among_values() -> None:
    assert columns.objects([None, {"a": 1}, None, {}]) == ([1, 3], [{"a": 1}, {}])
