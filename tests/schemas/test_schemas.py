"""The schema files keep to the rules of schemas/README.md."""

import json
import re
from typing import Any
from urllib.parse import urljoin

import pytest
from jsonschema import Draft202012Validator

from hcfmt.export.message_kinds import MESSAGE_KINDS
from hcfmt.export.schemas import resolve_reference
from tests.support.schema_library import BASE, FILES, NAMES, REGISTRY, SCHEMAS, Schema, having, parts

CODE = re.compile(r"HC[0-9]{3}")
SOURCE = re.compile(r"\.\./\.\./docs/(format|api)\.md#[a-z0-9-]+")

DIALECT = "https://json-schema.org/draft/2020-12/schema"
STANDARD_KEYWORDS = frozenset(
    {"$schema", "$defs", "$ref", "title", "description", "type", "const", "enum", "pattern", "minimum", "items"}
    | {"required", "properties", "additionalProperties", "minProperties", "maxProperties", "if", "then", "else"}
)
OUR_KEYWORDS = frozenset(
    {"x-source", "x-since", "x-open", "x-form", "x-rules", "x-legacy", "x-reports", "x-embedded"}
    | {"x-defines", "x-refers-to", "x-file", "x-should"}
)
WRAPPER_RULES = dict.fromkeys(("minProperties", "maxProperties", "additionalProperties"), "HC302")

# HC306's list, word for word in schemas: where each field is declared.
LEGACY_FIELDS = {
    "export/emoticons#/$defs/emoticon/properties/audio_path",
    "export/users#/$defs/user/properties/rooms",
    "messages/PrivateUserMessage#/properties/mentions",
    "messages/common#/$defs/attachment/properties/url",
    "messages/common#/$defs/party/properties/mention_name",
    "messages/common#/$defs/party/properties/name",
    "messages/common#/$defs/party/properties/version",
    "messages/common#/$defs/room-sender/properties/mention_name",
    "messages/common#/$defs/room-sender/properties/version",
}

each_schema = pytest.mark.parametrize("name", NAMES)


def unrepeated(pairs: list[tuple[str, Any]]) -> Schema:
    """Return an object of these pairs; AssertionError when it has a key twice."""
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def reached(uri: str, schema: Any, trail: tuple[str, ...]) -> int:  # noqa: ANN401 - what a reference finds
    """Follow every reference inside a schema to its end and return how many were followed; none may come back."""
    count = 0
    for part in parts(schema):
        if "$ref" in part.schema:
            target = urljoin(uri, part.schema["$ref"])
            assert target not in trail, f"{target} refers to itself"
            contents = REGISTRY.resolver().lookup(target).contents
            count += 1 + reached(target, contents, (*trail, target))
    return count


def test_every_data_file_record_kind_and_embedded_text_has_a_schema() -> None:
    assert set(NAMES) == {
        *(f"export/{name}" for name in ("users", "rooms", "emoticons", "autojoins", "metadata", "preferences")),
        *(f"export/{name}" for name in ("room-history", "user-history")),
        *(f"messages/{kind.name}" for kind in MESSAGE_KINDS),
        "messages/common",
        *(f"embedded/{name}" for name in ("autojoin-data", "user-metadata", "card")),
    }


@each_schema
def test_a_schema_is_valid_json_schema_2020_12(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])
    assert SCHEMAS[name]["$schema"] == DIALECT


@each_schema
def test_a_schema_begins_with_dialect_title_description_and_sources(name: str) -> None:
    assert list(SCHEMAS[name])[:4] == ["$schema", "title", "description", "x-source"]


@each_schema
def test_the_text_of_a_schema_is_plain(name: str) -> None:
    text = FILES[name].read_bytes().decode("utf-8")
    json.loads(text, object_pairs_hook=unrepeated)
    assert text.endswith("}\n")
    for line in text.splitlines():
        assert re.fullmatch(r"(  )*\S(.*\S)?", line), line


@each_schema
def test_only_known_keywords_are_used(name: str) -> None:
    unknown = {key for part in parts(SCHEMAS[name]) for key in part.schema} - STANDARD_KEYWORDS - OUR_KEYWORDS
    assert not unknown


@each_schema
def test_every_property_has_a_description_and_a_source(name: str) -> None:
    silent = [
        part.pointer
        for part in parts(SCHEMAS[name])
        if part.is_property and not (part.schema.get("description", "").endswith(".") and part.schema.get("x-source"))
    ]
    assert not silent


@each_schema
def test_every_required_property_is_documented(name: str) -> None:
    for part in parts(SCHEMAS[name]):
        assert set(part.schema.get("required", ())) <= set(part.schema.get("properties", ())), part.pointer


def test_every_source_is_a_link_to_the_evidence() -> None:
    sources = {source for _, part in having("x-source") for source in part.schema["x-source"]}
    assert not {source for source in sources if not SOURCE.fullmatch(source)}


@each_schema
def test_references_are_relative_resolvable_and_without_cycles(name: str) -> None:
    references = [part.schema["$ref"] for part in parts(SCHEMAS[name]) if "$ref" in part.schema]
    assert not [reference for reference in references if ":" in reference or reference.startswith("/")]
    assert reached(f"{BASE}{name}.json", SCHEMAS[name], ()) >= len(references)


def test_every_rule_that_a_schema_names_has_the_form_of_a_code() -> None:
    codes = [part.schema[keyword] for keyword in ("x-legacy", "x-reports") for _, part in having(keyword)]
    rules = [rule for _, part in having("x-rules") for rule in part.schema["x-rules"].values()]
    codes += [code for rule in rules for code in (rule.values() if isinstance(rule, dict) else [rule])]
    codes += [part.schema["x-embedded"][key] for _, part in having("x-embedded") for key in ("syntax", "shape")]
    assert not [code for code in codes if not CODE.fullmatch(code)]


def test_x_rules_names_keywords_beside_it() -> None:
    for location, part in having("x-rules"):
        name = location.partition("#")[0]
        target = resolve_reference(part.schema["$ref"], name) if "$ref" in part.schema else {}
        assert set(part.schema["x-rules"]) <= part.schema.keys() | target.keys(), location
        required = part.schema.get("required") or target.get("required", ())
        assert set(part.schema["x-rules"].get("required", ())) <= set(required), location


def test_x_open_is_true_and_its_schema_can_have_properties() -> None:
    for location, part in having("x-open"):
        assert part.schema["x-open"] is True, location
        assert "object" in part.schema["type"], location


def test_x_embedded_names_a_schema_and_two_rules_on_a_string() -> None:
    found = having("x-embedded")
    assert {part.schema["x-embedded"]["schema"] for _, part in found} == {
        f"{name}.json" for name in NAMES if name.startswith("embedded/")
    }
    for location, part in found:
        assert part.schema["x-embedded"].keys() - {"blank"} == {"schema", "syntax", "shape"}, location
        assert part.schema["x-embedded"].get("blank", True) is True, location
        assert "string" in part.schema["type"], location


def test_the_legacy_fields_are_those_of_HC306() -> None:  # noqa: N802 - a rule's code
    assert {location for location, _ in having("x-legacy")} == LEGACY_FIELDS
    assert {part.schema["x-legacy"] for _, part in having("x-legacy")} == {"HC306"}


def test_only_wrappers_are_closed_and_a_wrapper_has_one_known_record() -> None:
    closed = having("additionalProperties")
    assert {location for location, _ in closed} == {
        f"export/{name}#/items" for name in ("users", "rooms", "room-history", "user-history")
    }
    for location, part in closed:
        assert part.schema["additionalProperties"] is False, location
        assert (part.schema["minProperties"], part.schema["maxProperties"]) == (1, 1), location
        assert part.schema["x-rules"] == WRAPPER_RULES, location


def test_a_history_refers_every_kind_to_the_schema_of_its_name() -> None:
    rooms, users = (SCHEMAS[f"export/{name}-history"]["items"]["properties"] for name in ("room", "user"))
    kinds = {kind.name for kind in MESSAGE_KINDS}
    assert set(users) == {kind.name for kind in MESSAGE_KINDS if kind.history == "user"}
    assert set(rooms) == {kind.name for kind in MESSAGE_KINDS if kind.history == "room"}
    assert {kind: schema["$ref"] for kind, schema in {**rooms, **users}.items()} == {
        kind: f"../messages/{kind}.json" for kind in kinds
    }


def test_a_pattern_uses_only_syntax_of_all_regex_engines() -> None:
    for location, part in having("pattern"):
        pattern = part.schema["pattern"]
        assert re.fullmatch(r"\^[^\\?.^$]+(\)\?)?\$", pattern), location
