"""Columns hold the same values at the same places as a walk record by record."""

from collections import Counter
from itertools import chain
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt.export.annotations import DEFINES, INTEGRITY, REFERS, Annotation, annotations, columns, values_at
from hcfmt.export.columns import plain
from hcfmt.export.layout import LAYOUT, layout_of, row_in_dialect
from hcfmt.export.records import LISTS, WRAPPERS, Batch, batches, record_path
from hcfmt.export.references import all_annotations, rule_codes
from hcfmt.export.schemas import DIALECTS
from hcfmt.export.typed_documents import accept_document
from tests.support.dialects import in_dialect, packed
from tests.support.recipes import sample_files

SAMPLE_FILES = sample_files()
SCHEMAS = sorted({place.schema for place in LAYOUT if place.schema is not None})
FILES = {place.schema: path for path in SAMPLE_FILES if (place := layout_of(path)) and place.schema}
DOCUMENTS = {name: orjson.loads(SAMPLE_FILES[path]) for name, path in FILES.items()} | {
    row.schema: orjson.loads(data)
    for dialect in DIALECTS
    for path, data in in_dialect(packed(SAMPLE_FILES.items()), dialect)
    if (place := layout_of(path)) and (row := row_in_dialect(place, dialect)).schema
}
LISTED = sorted(WRAPPERS.keys() & DOCUMENTS.keys())


def walked(mark: Annotation, document: Any) -> list[Any]:  # noqa: ANN401 - any JSON value
    """Return what a mark outside embedded text is about, the slow way."""
    records = [record for wrapper in document for kind, record in wrapper.items() if kind == mark.kind]
    return [value for record in records for value in values_at(record, mark.path) if type(value) is mark.type]


def forms(name: str) -> list[list[Batch]]:
    """Return the records of a sample file as JSON objects and as structs."""
    return [batches(name, DOCUMENTS[name]), accept_document(name, orjson.dumps(DOCUMENTS[name]))]


@pytest.mark.parametrize("name", LISTED)
def test_columns_hold_the_values_of_a_walk_record_by_record(name: str) -> None:
    for batch in chain.from_iterable(forms(name)):
        for column in (column for column in columns(name, batch) if not column.annotation.in_string):
            expected = walked(column.annotation, DOCUMENTS[name])
            found = [value for value in map(plain, column.values) if type(value) is column.annotation.type]
            if column.annotation.is_counted:
                assert len(column.values) == len(expected), column.annotation.label
            else:
                assert found == expected, column.annotation.label


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_value_is_at_the_place_in_its_column(name: str) -> None:
    document = DOCUMENTS[name]
    for batch in chain.from_iterable(forms(name)):
        for column in columns(name, batch):
            for at, value in zip(column.at, column.values, strict=True):
                index, path = column.annotation.locate(at)
                inner = document
                for token in (*record_path(name, batch.kind, index), *path):
                    inner = inner[token]
                free = column.annotation.in_string or column.annotation.is_counted
                assert free or plain(value) == inner, column.annotation.label


@settings(max_examples=50)
@given(st.data())
def test_records_may_be_taken_in_any_batches(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(LISTED))
    document = DOCUMENTS[name]
    places = data.draw(st.lists(st.sampled_from(range(len(document))), unique=True).map(sorted))
    seen = Counter[tuple[str, Any, str]]()
    for chosen in (places, [place for place in range(len(document)) if place not in places]):
        for batch in batches(name, [document[place] for place in chosen], chosen):
            for column in columns(name, batch):
                seen.update(
                    (column.annotation.label, at, repr(value))
                    for at, value in zip(column.at, column.values, strict=True)
                )
    whole = [column for batch in batches(name, document) for column in columns(name, batch)]
    assert seen == Counter(
        (column.annotation.label, at, repr(value))
        for column in whole
        for at, value in zip(column.at, column.values, strict=True)
    )


def test_values_of_another_type_are_left_out() -> None:
    members = [1, {"id": 2}, 3]
    room = DOCUMENTS["export/rooms"][0]["Room"] | {"members": members}
    found = {
        column.annotation.label: [
            (value, column.annotation.locate(at)) for at, value in zip(column.at, column.values, strict=True)
        ]
        for column in columns("export/rooms", Batch("Room", [7], [room]), (REFERS,))
        if "members" in column.annotation.path
    }
    assert found == {
        "x-refers-to Room members *": [(1, (7, ("members", 0))), (3, (7, ("members", 2)))],
        "x-refers-to Room members * id": [(2, (7, ("members", 1, "id")))],
    }


def test_a_value_inside_a_string_has_the_place_of_the_string() -> None:
    document = {"AutoJoins": [{"id": "pref:autoJoin:1", "data": '[{"jid": "a"}, {"jid": "b", "name": null}]'}]}
    (batch,) = batches("export/autojoins", document)
    (jids,) = [column for column in columns("export/autojoins", batch) if column.annotation.label.endswith("jid")]
    assert jids.values == ["a", "b"]
    assert [jids.annotation.locate(at) for at in jids.at] == [(0, ("data",))] * 2


@pytest.mark.parametrize("text", ["None", "", "5", '"x"', '{"jid": "a"}', "[1, [2]]", '[{"jid": "a"}, {}]'])
def test_a_string_that_contradicts_its_schema_has_no_values(text: str) -> None:
    (batch,) = batches("export/autojoins", {"AutoJoins": [{"id": "pref:autoJoin:1", "data": text}]})
    found = [column.values for column in columns("export/autojoins", batch) if column.annotation.label.endswith("jid")]
    assert found in ([], [[]])


ANYTHING = st.recursive(st.none() | st.integers(0, 9) | st.text(max_size=2), lambda inner: st.lists(inner, max_size=2))


@given(value=ANYTHING, mark=st.sampled_from(sorted(all_annotations())))
def test_a_walk_through_any_value_raises_nothing(value: Any, mark: str) -> None:  # noqa: ANN401 - any JSON value
    path = all_annotations()[mark].path
    assert values_at(value, path) == [] or not path or path[0] is None


@pytest.mark.parametrize("name", SCHEMAS)
def test_labels_are_unique(name: str) -> None:
    labels = [mark.label for mark in annotations(name, INTEGRITY)]
    assert len(labels) == len(set(labels))


def test_every_annotation_names_a_rule() -> None:
    assert [label for label in all_annotations() if not rule_codes(label)] == []


def test_a_data_file_without_records_has_no_columns() -> None:
    assert set(SCHEMAS) - set(WRAPPERS) - set(LISTS) == {"export/metadata", "export/preferences"}
    assert [batches(name, DOCUMENTS[name]) for name in ("export/metadata", "export/preferences")] == [[], []]


def test_things_are_defined_once() -> None:
    things = [
        mark.arguments["thing"]
        for mark in all_annotations().values()
        if mark.keyword == DEFINES and mark.arguments["thing"] != "message"
    ]
    assert len(things) == len(set(things))
