"""Integrity annotations of the schemas: every reference has a definition, and every template can be filled."""

import re
from typing import Any

import jsonschema_rs
import pytest

from tests.support.schema_library import NAMES, SCHEMAS, Value, ecma, having, is_plain, values

ROOTS = tuple(name for name in NAMES if name.startswith(("export/", "embedded/")))
EVERYWHERE = [value for name in ROOTS for value in values(name)]
ONE_EACH = ("x-defines", "x-refers-to", "x-file")


def keyword_values(value: Value, keyword: str) -> list[Any]:
    """Return the values of a keyword in all schemas that apply to a value."""
    return [schema[keyword] for schema in value.schemas if keyword in schema]


def expressions() -> list[tuple[str, str]]:
    """Return (file#pointer, expression) of every regular expression in ``x-refers-to`` and ``x-file``."""
    references = [
        (location, to) for location, part in having("x-refers-to") for to in part.schema["x-refers-to"]["to"].values()
    ]
    files = [(location, part.schema["x-file"]) for location, part in having("x-file")]
    return [
        *((location, to) for location, to in references if to is not True),
        *((location, file["pattern"]) for location, file in files if "pattern" in file),
        *((location, file[key]["pattern"]) for location, file in files for key in ("form", "remote") if key in file),
    ]


def templates(file: dict[str, Any]) -> list[str]:
    """Return every template of an x-file."""
    own: list[str] = [file["member"]] if "member" in file else []
    return [*own, *file.get("elsewhere", {}).get("members", ())]


def test_every_annotation_is_reached_from_a_file_of_the_export() -> None:
    for keyword in (*ONE_EACH, "x-should"):
        everywhere = [keyword_value for value in EVERYWHERE for keyword_value in keyword_values(value, keyword)]
        assert [location for location, part in having(keyword) if part.schema[keyword] not in everywhere] == []


@pytest.mark.parametrize("keyword", ONE_EACH)
def test_a_value_is_annotated_once_and_never_below_another_type(keyword: str) -> None:
    kinds = {"string", "null"} if keyword == "x-file" else {"string", "integer", "null"}
    annotated = [value for value in EVERYWHERE if keyword_values(value, keyword)]
    assert annotated
    for value in annotated:
        assert len(keyword_values(value, keyword)) == 1, value.path
        assert value.types() <= kinds, value.path
        assert value.types() - {"null"}, value.path


def test_every_thing_that_is_referred_to_is_defined() -> None:
    defined = {part.schema["x-defines"]["thing"] for _, part in having("x-defines")}
    for location, part in having("x-refers-to"):
        assert set(part.schema["x-refers-to"]["to"]) <= defined, location


def test_a_definition_within_a_file_is_not_referred_to_from_others() -> None:
    within = {
        part.schema["x-defines"]["thing"] for _, part in having("x-defines") if "within" in part.schema["x-defines"]
    }
    assert within
    assert not within & {thing for _, part in having("x-refers-to") for thing in part.schema["x-refers-to"]["to"]}


def test_a_thing_is_defined_alike_everywhere() -> None:
    definitions_of: dict[str, list[object]] = {}
    for _, part in having("x-defines"):
        definitions_of.setdefault(part.schema["x-defines"]["thing"], []).append(part.schema["x-defines"])
    assert [
        thing
        for thing, definitions in definitions_of.items()
        if any(definition != definitions[0] for definition in definitions)
    ] == []


def test_references_of_one_rule_are_to_the_same_things() -> None:
    to: dict[str, list[object]] = {}
    for _, part in having("x-refers-to"):
        to.setdefault(part.schema["x-refers-to"]["rule"], []).append(part.schema["x-refers-to"]["to"])
    assert [rule for rule, targets in to.items() if any(target != targets[0] for target in targets)] == []


def test_an_exception_names_a_value_that_refers_to_the_same_thing() -> None:
    references = {
        value.path: keyword_values(value, "x-refers-to")[0]
        for value in EVERYWHERE
        if keyword_values(value, "x-refers-to")
    }
    looking = {path: reference for path, reference in references.items() if "beside" in reference}
    assert looking
    for path, reference in looking.items():
        record = path.partition("Message/")[0] + "Message"
        other = references[record + reference["beside"]]
        assert (other["to"], other["except"]) == (reference["to"], reference["except"]), path


def test_an_expression_of_a_reference_has_one_group() -> None:
    for location, part in having("x-refers-to"):
        for to in part.schema["x-refers-to"]["to"].values():
            assert to is True or ecma(to).groups == 1, location


@pytest.mark.parametrize(("location", "expression"), expressions())
def test_an_expression_matches_whole_values_and_means_the_same_to_every_engine(location: str, expression: str) -> None:
    assert (expression[0], expression[-1]) == ("^", "$"), location
    assert is_plain(expression), location
    assert not jsonschema_rs.Draft202012Validator({"pattern": expression}).is_valid("\n"), location


def test_a_template_is_filled_with_the_value_the_room_or_a_group() -> None:
    for location, part in having("x-file"):
        file = part.schema["x-file"]
        documented = {"value", "room", *ecma(file.get("pattern", "")).groupindex}
        for template in templates(file):
            assert set(re.findall(r"\{(.*?)\}", template)) <= documented, location


def test_only_records_of_rooms_use_the_room_in_templates() -> None:
    speaking = {
        location.partition("#")[0]
        for location, part in having("x-file")
        if any("{room}" in template for template in templates(part.schema["x-file"]))
    }
    kinds = SCHEMAS["export/room-history"]["items"]["properties"]
    assert speaking
    assert speaking <= {f"messages/{kind}" for kind in kinds}


def test_a_file_is_compared_with_a_group_or_a_neighbouring_property() -> None:
    for value in EVERYWHERE:
        for file in keyword_values(value, "x-file"):
            if "owner" in file:
                assert file["owner"]["group"] in ecma(file["pattern"]).groupindex, value.path
            pixels = file.get("pixels", {})
            names = [file[key]["property"] for key in ("owner", "bytes") if key in file]
            assert {*names, *(pixels[side] for side in ("width", "height") if pixels)} <= value.beside, value.path


@pytest.mark.parametrize(
    ("name", "text", "groups"),
    [
        ("export/users", "files/photos/1/PrypXtu4rN8sEFL.jpg", ("1", "PrypXtu4rN8sEFL.jpg")),
        ("export/users", "files/photos/1/", None),
        ("export/users", "files/photos/1/a/b.jpg", None),
        ("export/users", "photos/1/a.jpg", None),
        ("export/users", "files/photos/1/a.jpg\n", ("1", "a.jpg\n")),
        ("export/users", "https://a.example/b.png", ("https://a",)),
        ("export/users", "//a.example/b.png", ("//a.example/",)),
        ("export/users", "https://a.example/b c.png", None),
        ("messages/UserMessage", "BcudLU14VxUEeUK/img.JPG", ()),
        ("messages/UserMessage", "img.JPG", None),
        ("messages/UserMessage", "a/b/img.JPG", None),
        ("messages/PrivateUserMessage", "0Lp9rkaHfzLpPow/img.JPG", ()),
        ("messages/PrivateUserMessage", "0Lp9rkaHfzLpPow/", None),
        ("export/autojoins", "pref:autoJoin:1", ("1",)),
        ("export/autojoins", "pref:autoJoin:", None),
        ("export/autojoins", "pref:autoJoin:1\n", None),
        ("export/autojoins", "autoJoin:1", None),
        ("embedded/autojoin-data", "1_default@conf.btf.hipchat.com", ("default",)),
        ("embedded/autojoin-data", "222885_mesan_old@conf.hipchat.com", ("mesan_old",)),
        ("embedded/autojoin-data", "1_1@chat.btf.hipchat.com", ("1",)),
        ("embedded/autojoin-data", "1_a@chat.btf.hipchat.com", None),
        ("embedded/autojoin-data", "default@conf.btf.hipchat.com", None),
        ("embedded/autojoin-data", "1_default", None),
    ],
)
def test_an_expression_finds_these_groups(name: str, text: str, groups: tuple[str, ...] | None) -> None:
    expressions_of_schema = [
        ecma(expression) for location, expression in expressions() if location.startswith(f"{name}#")
    ]
    assert expressions_of_schema
    assert (
        next(
            (match.groups() for match in (expression.search(text) for expression in expressions_of_schema) if match),
            None,
        )
        == groups
    )
