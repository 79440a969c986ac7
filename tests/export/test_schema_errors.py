"""Explanations agree with the strict validators, and with the reference engine."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hcfmt.errors import UsageError
from hcfmt.export import schema_errors, schema_walk, schemas
from hcfmt.findings import Quoted
from hcfmt.strategies import documents, texts
from tests.support.acceptance import is_valid
from tests.support.json_paths import paths

FEW = settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
EXAMPLES = Path(__file__).parents[1] / "schemas"

# Each export file's schema, with a document of one record of every kind.
DOCUMENTS: dict[str, Any] = {}
for _path in sorted((EXAMPLES / "positive" / "export").glob("*/*.json")):
    DOCUMENTS[f"export/{_path.parent.name}/{_path.stem}"] = json.loads(_path.read_bytes())

NEGATIVE = sorted((EXAMPLES / "negative" / "export").glob("*/*.json"))


def schema_of(case: str) -> str:
    return case.rpartition("/")[0]


@pytest.mark.parametrize("case", DOCUMENTS)
def test_no_valid_example_contradicts_its_schema(case: str) -> None:
    codes = {code for code, _ in schema_errors.explain(schema_of(case), DOCUMENTS[case])}
    assert codes.isdisjoint(schemas.CONTRADICTIONS)


@pytest.mark.parametrize("path", NEGATIVE, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_invalid_example_is_explained_and_not_accepted(path: Path) -> None:
    example = json.loads(path.read_bytes())
    name = f"export/{path.parent.name}"
    flaws = schema_errors.explain(name, example["instance"])
    codes = {code for code, _ in flaws}
    assert codes & schemas.CONTRADICTIONS
    assert codes <= schemas.CONTRADICTIONS or codes.isdisjoint(schemas.SHAPE_GATE)
    assert example["keyword"] in {flaw.subcode for _, flaw in flaws}
    assert not is_valid(name, example["instance"])


ODD = st.sampled_from(
    [
        "",
        "x",
        "None",
        "{}",
        "[]",
        '{"style": 1}',
        "a\n",
        0,
        1,
        -1,
        1.0,
        0.5,
        2**53,
        2**53 + 1,
        True,
        None,
        [],
        {},
        [1],
        {"k": 1},
        [{"id": 7}],
    ]
)


@st.composite
def damaged(draw: st.DrawFn) -> tuple[str, Any]:
    """Draw a valid example with a few values replaced, removed or added anywhere."""
    case = draw(st.sampled_from(sorted(DOCUMENTS)))
    document = copy.deepcopy(DOCUMENTS[case])
    for _ in range(draw(st.integers(0, 3))):
        path = draw(st.sampled_from(list(paths(document))))
        if not path:
            continue
        parent = document
        for step in path[:-1]:
            parent = parent[step]
        change = draw(st.sampled_from(["replace", "remove", "add"]))
        if change == "replace":
            parent[path[-1]] = copy.deepcopy(draw(ODD))
        elif change == "remove":
            del parent[path[-1]]
        elif isinstance(parent, dict):
            parent[draw(st.sampled_from(["extra", "UserMessage", "Foo", "links"]))] = copy.deepcopy(draw(ODD))
        else:
            parent.append(copy.deepcopy(draw(ODD)))
    return schema_of(case), document


@settings(max_examples=400)
@given(damaged())
def test_a_document_accepted_fast_has_no_flaw(case: tuple[str, Any]) -> None:
    name, document = case
    if is_valid(name, document):
        assert schema_errors.explain(name, document) == []


@settings(max_examples=400)
@given(damaged())
def test_a_document_with_a_flaw_is_never_accepted_fast(case: tuple[str, Any]) -> None:
    name, document = case
    if schema_errors.explain(name, document):
        assert not is_valid(name, document)


# What is drawn from the schemas, so that every branch of theirs is taken, and what becomes of it when it is damaged.

SCHEMAS = sorted({schema_of(case) for case in DOCUMENTS})
FLAT = st.sampled_from(["", "x", "None", "a\n", "0", 0, 1, -1, 7, 1.0, 0.5, True, False, None]) | texts()


def edited(text: str) -> st.SearchStrategy[str]:
    """Return a strategy for texts that differ from one in a character or two."""
    place = st.integers(0, len(text))
    more = st.sampled_from(["", "0", "g", "Z", " ", "-", "/", "\n", "é", "🦊", "\u0660"])
    return st.builds(lambda at, gone, new: text[:at] + new + text[at + gone :], place, st.integers(0, 2), more)


@st.composite
def changed(draw: st.DrawFn, name: str, values: st.SearchStrategy[Any]) -> Any:  # noqa: ANN401 - any JSON value
    """Draw a document of which a few places are replaced by some values, edited, removed or added to."""
    root = {"": draw(documents(name))}
    for _ in range(draw(st.integers(1, 3))):
        *path, last = draw(st.sampled_from([path for path in paths(root) if path]))
        holder: Any = root
        for step in path:
            holder = holder[step]
        change = draw(st.sampled_from(["replace", "remove", "add", "edit"]))
        other = copy.deepcopy(draw(values))
        if change == "edit" and isinstance(holder[last], str):
            holder[last] = draw(edited(holder[last]))
        elif change == "remove" and path:
            del holder[last]
        elif change == "add" and isinstance(holder[last], dict):
            holder[last][draw(st.sampled_from(["extra", "deleted", "card", "password"]) | texts(1, 9))] = other
        elif change == "add" and isinstance(holder[last], list):
            holder[last].append(other)
        else:
            holder[last] = other
    return root[""]


@pytest.mark.parametrize("name", SCHEMAS)
def test_both_engines_accept_documents_drawn_from_a_schema(name: str) -> None:
    @given(documents(name))
    @FEW
    def prove(document: Any) -> None:  # noqa: ANN401 - any JSON value
        assert is_valid(name, document)
        assert schema_errors.explain(name, document) == []

    prove()


@pytest.mark.parametrize("name", SCHEMAS)
@pytest.mark.slow
def test_a_damaged_document_accepted_fast_has_no_flaw(name: str) -> None:
    @given(changed(name, ODD))
    @settings(FEW, max_examples=100)
    def prove(document: Any) -> None:  # noqa: ANN401 - any JSON value
        assert not is_valid(name, document) or schema_errors.explain(name, document) == []

    prove()


@pytest.mark.parametrize("name", SCHEMAS)
@pytest.mark.slow
def test_the_engines_agree_on_damaged_documents_without_needless_nesting(name: str) -> None:
    @given(changed(name, FLAT))
    @settings(FEW, max_examples=100)
    def prove(document: Any) -> None:  # noqa: ANN401 - any JSON value
        assert is_valid(name, document) == (schema_errors.explain(name, document) == [])

    prove()


@pytest.mark.parametrize(
    ("entry", "codes"),
    [
        ({"jid": "", "0name": None}, []),
        ({"jid": "", "\u0130name": 1.0}, []),
        ({"jid": "", "extra": 2**53 + 1}, []),
        ({"jid": "", "extra": [{}]}, []),
        ({"jid": "", "NAME": None}, ["HC308"]),
        ({"jid": "", "na": None, "NA": None}, ["HC308"]),
        ({"jid": "", "my_\u212aApi_\u212aey": None}, ["HC713"]),
        ({"jid": "", "TO\u212aEN": "x"}, ["HC713"]),
        ({"jid": "", "pa\u017fsword": "x"}, ["HC713"]),
        ({"0name": None}, ["HC305"]),
    ],
)
def test_the_engines_agree_on_undocumented_properties_inside_a_string(entry: dict[str, Any], codes: list[str]) -> None:
    document = {"AutoJoins": [{"id": "", "data": json.dumps([entry])}]}
    name = "export/autojoins"
    assert [code for code, _ in schema_errors.explain(name, document)] == codes
    nested_or_unsafe = "extra" in entry  # which always takes a second look
    assert is_valid(name, document) == (codes == [] and not nested_or_unsafe)


SLOW = {"export/metadata", "export/preferences"}  # anything may stand there, and nested it takes a second look


@settings(max_examples=400)
@given(damaged())
@pytest.mark.slow
def test_an_explanation_is_the_same_without_compiled_validators(case: tuple[str, Any]) -> None:
    name, document = case
    guided = schema_errors.explain(name, document)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schema_walk, "is_accepted", lambda *_: False)
        assert schema_errors.explain(name, document) == guided


@pytest.mark.parametrize("case", [case for case in DOCUMENTS if schema_of(case) not in SLOW])
def test_a_document_without_flaws_is_accepted_fast(case: str) -> None:
    assert is_valid(schema_of(case), DOCUMENTS[case]) == (not schema_errors.explain(schema_of(case), DOCUMENTS[case]))


def message(**changes: object) -> list[Any]:
    body = {
        "id": "2088ec9e-dd0d-4214-8f74-45e2fb85109c",
        "type": "muc_message",
        "sender": {"id": 1, "mention_name": "", "name": "HCDC User", "version": ""},
        "message": "anyone here?",
        "timestamp": "2018-04-02T15:40:44Z 942827",
    }
    return [{"UserMessage": {key: value for key, value in {**body, **changes}.items() if value is not ...}}]


SAID: list[tuple[dict[str, object], str, str, tuple[str | int, ...], str]] = [
    ({"id": 5}, "HC301", "type", ("id",), 'It is {}; documented is "string".'),
    ({"id": ...}, "HC301", "required", (), 'The property "id" is missing.'),
    ({"type": "user"}, "HC317", "const", ("type",), 'It is {}; documented is "muc_message".'),
    ({"timestamp": "2018-04-02T15:40:44.5Z"}, "HC301", "pattern", ("timestamp",), "It is {}, which is not of "),
    ({"timestamp": "2018-04-02T15:40:44Z\n"}, "HC301", "pattern", ("timestamp",), "It is {}, which is not of "),
    ({"links": {}}, "HC303", "", ("links",), "The property is undocumented."),
]


def placeholder(value: object) -> str:
    return "{}" if isinstance(value, Quoted) else str(value)


@pytest.mark.parametrize(("changes", "code", "subcode", "path", "sentence"), SAID)
def test_a_flaw_has_a_sentence_and_a_path(
    changes: dict[str, object], code: str, subcode: str, path: tuple[str | int, ...], sentence: str
) -> None:
    ((found, flaw),) = schema_errors.explain("export/room-history", message(**changes))
    assert found == code
    assert (flaw.subcode or "") == subcode
    assert flaw.path == (0, "UserMessage", *path)
    assert flaw.sentence(placeholder).startswith(sentence)


def test_every_missing_property_is_a_flaw() -> None:
    flaws = schema_errors.explain("export/room-history", message(id=..., message=...))
    assert [flaw.sentence(placeholder) for _, flaw in flaws] == [
        'The property "id" is missing.',
        'The property "message" is missing.',
    ]


def test_an_undocumented_wrapper_is_one_flaw_without_those_inside() -> None:
    broken = {**message(id=5)[0], "FooMessage": {}}
    ((code, flaw),) = schema_errors.explain("export/room-history", [broken])
    assert (code, flaw.path) == ("HC302", (0,))


def test_a_record_that_contradicts_its_schema_has_no_lesser_flaws() -> None:
    codes = [code for code, _ in schema_errors.explain("export/room-history", message(id=5, links={}))]
    assert codes == ["HC301"]


def test_a_record_with_a_harmless_value_has_other_flaws_but_not_of_that_value() -> None:
    party = {"id": 1, "mention_name": 7, "name": "HCDC User", "version": "2"}
    flaws = schema_errors.explain("export/room-history", message(type="user", links={}, sender=party))
    assert sorted((code, flaw.path) for code, flaw in flaws) == [
        ("HC303", (0, "UserMessage", "links")),
        ("HC306", (0, "UserMessage", "sender", "version")),
        ("HC317", (0, "UserMessage", "sender", "mention_name")),
        ("HC317", (0, "UserMessage", "type")),
    ]


def test_a_value_that_nobody_tried_is_said_to_be_unknown() -> None:
    party = {"id": 1, "mention_name": "", "name": None, "version": ""}
    ((code, flaw),) = schema_errors.explain("export/room-history", message(sender=party))
    assert (code, flaw.subcode) == ("HC318", "type")
    assert flaw.sentence(placeholder).endswith(" What importers do with it is not known.")


def test_a_missing_schema_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="hcfmt schema"):
        schemas.text("export/nothing")


def test_a_resolved_schema_has_no_references() -> None:
    for name in schemas.names():
        if name.startswith(schemas.FORMAT):
            assert "$ref" not in json.dumps(schemas.resolved(name))


def test_undocumented_properties_inside_a_text_do_not_end_the_search_for_flaws() -> None:
    document = {f"odd{number}": number for number in range(schema_errors.MOST_FLAWS + 1)}
    assert schema_errors.explain("embedded/card", document) == []
    assert schema_errors.explain("embedded/user-metadata", {**document, "token": ""})[0][0] == "HC713"
