"""The profiles of importers: every condition has a bad and a good example, and both behave as they say."""

import json
import tomllib
from typing import Any, get_args

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import fields

from hcfmt.corpus.profile_examples import conditions_met
from hcfmt.export.columns import plain
from hcfmt.export.jsontext import Rejected
from hcfmt.export.schemas import read
from hcfmt.export.typed_documents import accept_document
from hcfmt.profiles.compiled_conditions import conditions_on
from hcfmt.profiles.loading import ALL, builtin_names, profile, profile_sources
from hcfmt.profiles.profile import Condition, Evidence, Predicate, Profile
from hcfmt.profiles.record_columns import RecordColumns
from hcfmt.profiles.vocabulary import LOSSES, places, unknown_properties
from hcfmt.strategies import documents

SCHEMA: dict[str, Any] = dict(read("profiles/importer"))
PROFILES = {name: profile(source) for name in builtin_names() for source in profile_sources([name])}
CONDITIONS = [
    pytest.param(name, condition, id=f"{name}-{condition.id}")
    for name, importer in PROFILES.items()
    for condition in importer.condition
]
WITHOUT_EXAMPLES = {"rocketchat-R18"}  # it takes a data file of 512 MiB
EXAMPLES = [case for case in CONDITIONS if case.id not in WITHOUT_EXAMPLES]


@pytest.mark.parametrize(("name", "condition"), EXAMPLES)
def test_the_bad_example_of_a_condition_meets_it_and_the_good_one_does_not(name: str, condition: Condition) -> None:
    assert condition.bad
    assert condition.id in conditions_met(condition.bad, name)
    assert condition.id not in conditions_met(condition.good, name)


@pytest.mark.parametrize(("name", "condition"), CONDITIONS)
def test_a_condition_says_what_happens_in_whole_sentences(name: str, condition: Condition) -> None:
    texts = [text for text in (condition.happens, condition.remedy) if text]
    assert [text for text in texts if not text.endswith(".") or text != " ".join(text.split())] == [], name
    assert condition.source
    assert condition.evidence in {"run", "read"}


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_matches_the_published_schema(name: str) -> None:
    (source,) = profile_sources([name])
    jsonschema.Draft202012Validator(SCHEMA).validate(tomllib.loads(source))


def test_the_published_schema_has_the_properties_that_are_read() -> None:
    kinds = ((Profile, SCHEMA), (Condition, SCHEMA["$defs"]["condition"]), (Predicate, SCHEMA["$defs"]["predicate"]))
    for kind, schema in kinds:
        assert {field.encode_name for field in fields(kind)} == schema["properties"].keys()


def test_the_published_schema_has_the_names_that_are_known() -> None:
    properties = SCHEMA["$defs"]["condition"]["properties"]
    assert properties["where"]["items"]["enum"] == list(places())
    assert properties["loses"]["items"]["enum"] == list(LOSSES)
    assert properties["evidence"]["enum"] == list(get_args(Evidence))


@pytest.mark.parametrize(("name", "condition"), CONDITIONS)
def test_a_condition_asks_for_properties_that_a_schema_has(name: str, condition: Condition) -> None:
    assert list(unknown_properties(condition)) == [], name


def test_the_name_of_a_profile_is_that_of_its_file() -> None:
    assert {name: importer.name for name, importer in PROFILES.items()} == {name: name for name in PROFILES}


@pytest.mark.parametrize("name", ["users", "rooms", "emoticons", "room-history", "user-history"])
@given(data=st.data())
def test_records_that_break_no_rule_meet_no_condition_that_needs_a_finding(name: str, data: st.DataObject) -> None:
    schema = f"export/{name}"
    text = json.dumps(data.draw(documents(schema))).encode()
    try:
        accepted = accept_document(schema, text)
    except Rejected:
        return
    for batch in accepted:
        columns = RecordColumns([plain(record) for record in batch.records])  # structs are not looked at
        for condition in conditions_on(profile_sources([ALL]), batch.kind):
            assert not condition.needs_finding or not condition.positions(columns), condition.key
