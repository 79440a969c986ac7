"""Names that differ in letter case alone and integers written as floats are flaws, and never accepted fast."""

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hcfmt.export import schema_errors, schema_flaws, schemas
from hcfmt.export.letter_case import any_case_pattern, clashes, fold_case, has_no_clash
from hcfmt.export.records import WRAPPERS
from hcfmt.strategies import documents
from tests.support.acceptance import is_valid
from tests.support.json_paths import paths

FEW = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
LISTED = ("export/users", "export/rooms", "export/emoticons", "export/autojoins")
NAMES = (*LISTED, "export/room-history", "export/user-history")


@pytest.mark.parametrize(
    ("name", "fold"),
    [
        ("Account_Type", "account_type"),
        ("\u017fender", "sender"),
        ("lin\u212a", "link"),
        ("STRASSE", "strasse"),
        ("Stra\u00dfe", "stra\u00dfe"),  # a full folding would make two letters of one
        ("\u1e9e", "\u00df"),
        ("\u0130d", "\u0130d"),
        ("\u00c9", "\u00e9"),
        ("\u03c2", "\u03c3"),
    ],
)
def test_a_name_is_folded_as_unicode_folds_simply(name: str, fold: str) -> None:
    assert fold_case(name) == fold


@given(st.text(max_size=20))
def test_folding_keeps_the_length_and_changes_nothing_the_second_time(name: str) -> None:
    assert len(fold_case(name)) == len(name)
    assert fold_case(fold_case(name)) == fold_case(name)


def test_a_name_clashes_with_a_documented_one_or_with_one_before_it() -> None:
    assert list(clashes(["ID", "a", "A", "id", "\u0131d"], ["id"])) == ["ID", "A"]
    assert list(clashes(["id", "name"], ["id", "name"])) == []


def test_names_in_every_object_of_a_value_are_compared() -> None:
    assert has_no_clash([{"a": [{"b": 1, "c": {"K": 1}}]}, "A", {"A": 1}])
    assert not has_no_clash([{"a": [{"b": 1, "c": {"K": 1, "\u212a": 2}}]}])


def test_the_pattern_matches_a_documented_name_in_any_letter_case_alone() -> None:
    check = schema_errors.first_mismatch
    schema = {"pattern": any_case_pattern(["skin", "url@2x"])}
    for taken in ("skin", "SKIN", "\u017f\u212aIn", "URL@2X"):
        assert check(schema, taken) is None
    for other in ("skins", "askin", "url@2", "url2x", ""):
        assert check(schema, other) is not None


def respelled(draw: st.DrawFn, key: str) -> str:
    """Draw another spelling of a name."""
    odd = {"s": "\u017f", "k": "\u212a"}
    at = draw(st.sampled_from([at for at, letter in enumerate(key) if letter.isalpha()]))
    other = draw(st.sampled_from([key[at].swapcase(), odd.get(key[at].lower(), key[at].swapcase())]))
    return key[:at] + other + key[at + 1 :]


def holder_of(document: Any, path: tuple[str | int, ...]) -> Any:  # noqa: ANN401 - any JSON value
    for step in path[:-1]:
        document = document[step]
    return document


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.slow
def test_a_further_property_in_another_letter_case_is_a_flaw_and_never_accepted_fast(name: str) -> None:
    @given(documents(name), st.data())
    @FEW
    def prove(document: Any, data: st.DataObject) -> None:  # noqa: ANN401 - any JSON value
        document = copy.deepcopy(document)
        named = [path for path in paths(document) if path and isinstance(path[-1], str)]
        letters = [path for path in named if str(path[-1]).isascii() and any(map(str.isalpha, str(path[-1])))]
        inside = [path for path in letters if path[-1] not in WRAPPERS.get(name, ())]
        if inside:
            path = data.draw(st.sampled_from(inside))
            holder = holder_of(document, path)
            holder[data.draw(st.composite(respelled)(str(path[-1])))] = copy.deepcopy(holder[path[-1]])
            assert schema_flaws.LETTER_CASE_RULE in {code for code, _ in schema_errors.explain(name, document)}
            assert not is_valid(name, document)

    prove()


@pytest.mark.parametrize("name", NAMES)
def test_an_integer_written_as_a_float_is_a_flaw_and_never_accepted_fast(name: str) -> None:
    @given(documents(name), st.data())
    @FEW
    def prove(document: Any, data: st.DataObject) -> None:  # noqa: ANN401 - any JSON value
        document = copy.deepcopy(document)
        integers = [path for path in paths(document) if path and type(holder_of(document, path)[path[-1]]) is int]
        integers = [path for path in integers if abs(holder_of(document, path)[path[-1]]) < 2**53]
        documented = [path for path in integers if path[-1] in schemas.property_names() or isinstance(path[-1], int)]
        if documented:
            path = data.draw(st.sampled_from(documented))
            holder_of(document, path)[path[-1]] = float(holder_of(document, path)[path[-1]])
            assert schema_flaws.FLOAT_RULE in {code for code, _ in schema_errors.explain(name, document)}
            assert not is_valid(name, document)

    prove()


def message(**changes: object) -> list[Any]:
    sender = {"id": 1, "mention_name": "", "name": "a", "version": ""}
    body = {"id": "2088ec9e-dd0d-4214-8f74-45e2fb85109c", "sender": sender, "timestamp": "2018-04-02T15:40:44Z 942827"}
    kind = "NotificationMessage" if "card" in changes else "UserMessage"
    more = {"format": "text", "color": "gray"} if kind == "NotificationMessage" else {}
    kinds = {"UserMessage": "muc_message", "NotificationMessage": "notification"}
    return [{kind: {**body, "type": kinds[kind], "message": "a", **more, **changes}}]


def joined(data: str) -> dict[str, Any]:
    return {"AutoJoins": [{"id": "pref:autoJoin:1", "data": data}]}


INSIDE: list[tuple[str, Any, str]] = [
    ("export/room-history", message(card='{"URL":"a"}'), "HC308"),
    ("export/room-history", message(card='{"icon":{"Url@2X":"a"}}'), "HC308"),
    ("export/room-history", message(card='{"odd":1,"ODD":2}'), "HC308"),
    ("export/room-history", message(card='{"icon":{"odd":1,"ODD":2}}'), "HC308"),
    ("export/room-history", message(card='{"description":{"odd":1,"ODD":2}}'), "HC308"),
    ("export/room-history", message(card='{"date": 2.0}'), "HC309"),
    ("export/room-history", message(card='{"date": 2e3}'), "HC309"),
    ("export/room-history", message(metadata=[{"url": "a", "\\u0055rl": "b", "URL": "c"}]), "HC308"),
    ("export/autojoins", joined('[{"jid":"1_a@conf.b","JID":"x"}]'), "HC308"),
    ("export/autojoins", {**joined("[]"), "autojoin\u017f": []}, "HC308"),
    ("export/metadata", {"a": 1, "A": 2}, "HC308"),
    ("export/preferences", {"k": 1, "\u212a": 2}, "HC308"),
    ("export/preferences", {"x": [{"a": 1, "A": 2}]}, "HC308"),
    ("export/metadata", [{"x": {"a": 1, "A": 2}}], "HC308"),
    ("export/autojoins", joined('[{"jid":"1_a@conf.b","odd":{"a":1,"A":2}}]'), "HC308"),
    ("export/autojoins", joined('[{"jid":"1_a@conf.b","name":"D","name":"E"}]'), "HC205"),
    ("export/room-history", message(card='{"odd":{"a":1,"a":2}}'), "HC205"),
]


@pytest.mark.parametrize(("name", "document", "code"), INSIDE)
def test_open_objects_and_json_inside_strings_are_examined(name: str, document: Any, code: str) -> None:  # noqa: ANN401 - any JSON value
    assert [found for found, _ in schema_errors.explain(name, document)] == [code]
    assert not is_valid(name, document)


@pytest.mark.parametrize(
    ("name", "document"),
    [
        ("export/room-history", message(card='{"date": 36893488147419103232}')),
        ("export/room-history", message(card='{"thumbnail":{"width": 2.0}}')),
        ("export/room-history", message(card='{"odd": 2.0, "title": "2.0"}')),
        ("export/metadata", {"a": 2.0, "b": 1}),
        ("export/metadata", {"a": {"b": 1}, "B": 1}),
    ],
)
def test_names_that_no_reader_confuses_are_no_flaw(name: str, document: Any) -> None:  # noqa: ANN401 - any JSON value
    assert schema_errors.explain(name, document) == []


def test_open_properties_may_differ_from_documented_ones_in_other_places() -> None:
    assert is_valid("export/room-history", message(metadata=[{"Url": "a"}]))
