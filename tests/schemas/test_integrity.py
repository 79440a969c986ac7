"""What the schemas say of things and files holds together: what is referred to is defined, templates can be filled."""

import re
from typing import Any

import jsonschema_rs
import pytest

from tests.support.schema_library import NAMES, SCHEMAS, Value, ecma, having, is_plain, values

ROOTS = tuple(name for name in NAMES if name.startswith(("export/", "embedded/")))
EVERYWHERE = [value for name in ROOTS for value in values(name)]
ONE_EACH = ("x-defines", "x-refers-to", "x-file")


def said(value: Value, keyword: str) -> list[Any]:
    """Return what the schemas that apply to a value say under a keyword."""
    return [schema[keyword] for schema in value.schemas if keyword in schema]


def expressions() -> list[tuple[str, str]]:
    """Return (file#pointer, expression) of every regular expression in what is said of things and files."""
    references = [
        (where, to) for where, part in having("x-refers-to") for to in part.schema["x-refers-to"]["to"].values()
    ]
    files = [(where, part.schema["x-file"]) for where, part in having("x-file")]
    return [
        *((where, to) for where, to in references if to is not True),
        *((where, file["pattern"]) for where, file in files if "pattern" in file),
        *((where, file["form"]["pattern"]) for where, file in files if "form" in file),
    ]


def templates(file: dict[str, Any]) -> list[str]:
    """Return every template of an x-file."""
    own: list[str] = [file["member"]] if "member" in file else []
    return [*own, *file.get("elsewhere", {}).get("members", ())]


def test_what_is_annotated_is_reached_from_a_file_of_the_export() -> None:
    for keyword in (*ONE_EACH, "x-should"):
        everywhere = [said_here for value in EVERYWHERE for said_here in said(value, keyword)]
        assert [where for where, part in having(keyword) if part.schema[keyword] not in everywhere] == []


@pytest.mark.parametrize("keyword", ONE_EACH)
def test_a_value_is_annotated_once_and_never_below_another_type(keyword: str) -> None:
    kinds = {"string", "null"} if keyword == "x-file" else {"string", "integer", "null"}
    annotated = [value for value in EVERYWHERE if said(value, keyword)]
    assert annotated
    for value in annotated:
        assert len(said(value, keyword)) == 1, value.path
        assert value.types() <= kinds, value.path
        assert value.types() - {"null"}, value.path


def test_what_is_referred_to_is_defined() -> None:
    defined = {part.schema["x-defines"]["thing"] for _, part in having("x-defines")}
    for where, part in having("x-refers-to"):
        assert set(part.schema["x-refers-to"]["to"]) <= defined, where


def test_what_is_defined_within_a_file_is_not_referred_to_from_others() -> None:
    within = {
        part.schema["x-defines"]["thing"] for _, part in having("x-defines") if "within" in part.schema["x-defines"]
    }
    assert within
    assert not within & {thing for _, part in having("x-refers-to") for thing in part.schema["x-refers-to"]["to"]}


def test_a_thing_is_defined_alike_everywhere() -> None:
    said_of: dict[str, list[object]] = {}
    for _, part in having("x-defines"):
        said_of.setdefault(part.schema["x-defines"]["thing"], []).append(part.schema["x-defines"])
    assert [thing for thing, definitions in said_of.items() if any(one != definitions[0] for one in definitions)] == []


def test_references_of_one_rule_are_to_the_same_things() -> None:
    to: dict[str, list[object]] = {}
    for _, part in having("x-refers-to"):
        to.setdefault(part.schema["x-refers-to"]["rule"], []).append(part.schema["x-refers-to"]["to"])
    assert [rule for rule, targets in to.items() if any(target != targets[0] for target in targets)] == []


def test_an_exception_looks_at_a_value_that_refers_to_the_same_thing() -> None:
    references = {value.path: said(value, "x-refers-to")[0] for value in EVERYWHERE if said(value, "x-refers-to")}
    looking = {path: reference for path, reference in references.items() if "beside" in reference}
    assert looking
    for path, reference in looking.items():
        record = path.partition("Message/")[0] + "Message"
        other = references[record + reference["beside"]]
        assert (other["to"], other["except"]) == (reference["to"], reference["except"]), path


def test_an_expression_of_a_reference_has_one_group() -> None:
    for where, part in having("x-refers-to"):
        for to in part.schema["x-refers-to"]["to"].values():
            assert to is True or ecma(to).groups == 1, where


@pytest.mark.parametrize(("where", "expression"), expressions())
def test_an_expression_is_about_a_whole_value_and_means_the_same_to_every_engine(where: str, expression: str) -> None:
    assert (expression[0], expression[-1]) == ("^", "$"), where
    assert is_plain(expression), where
    assert not jsonschema_rs.Draft202012Validator({"pattern": expression}).is_valid("\n"), where


def test_a_template_is_filled_with_the_value_the_room_or_a_group() -> None:
    for where, part in having("x-file"):
        file = part.schema["x-file"]
        known = {"value", "room", *ecma(file.get("pattern", "")).groupindex}
        for template in templates(file):
            assert set(re.findall(r"\{(.*?)\}", template)) <= known, where


def test_only_a_record_of_a_room_speaks_of_its_room() -> None:
    speaking = {
        where.partition("#")[0]
        for where, part in having("x-file")
        if any("{room}" in template for template in templates(part.schema["x-file"]))
    }
    kinds = SCHEMAS["export/room-history"]["items"]["properties"]
    assert speaking
    assert speaking <= {f"messages/{kind}" for kind in kinds}


def test_what_a_file_is_compared_with_is_a_group_or_stands_beside_it() -> None:
    for value in EVERYWHERE:
        for file in said(value, "x-file"):
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
def test_an_expression_finds(name: str, text: str, groups: tuple[str, ...] | None) -> None:
    here = [ecma(expression) for where, expression in expressions() if where.startswith(f"{name}#")]
    assert here
    assert next((match.groups() for match in (one.search(text) for one in here) if match), None) == groups
