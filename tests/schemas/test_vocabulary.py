"""Our keywords: every schema uses them as their meta-schema says, and names only rules that there are."""

import json
import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from hcfmt.check.rules import RULES

from .library import NAMES, ROOT, SCHEMAS

VOCABULARY: dict[str, Any] = json.loads((ROOT / "vocabulary.json").read_bytes())
URI = VOCABULARY["$id"]
REGISTRY: Registry[Any] = Registry().with_resource(URI, Resource.from_contents(VOCABULARY))
META = Draft202012Validator({"$ref": URI}, registry=REGISTRY)

WRONG: list[tuple[str, Any]] = [
    ("a keyword that nobody knows", {"x-colour": "red"}),
    ("a keyword that nobody knows, deep inside", {"properties": {"a": {"items": {"x-colour": "red"}}}}),
    ("no source", {"x-source": []}),
    ("a source of no known kind", {"x-source": ["hearsay"]}),
    ("no code", {"x-legacy": "legacy"}),
    ("no code, deep inside", {"$defs": {"a": {"then": {"x-reports": 307}}}}),
    ("an embedded schema without its rules", {"x-embedded": {"schema": "embedded/card.json"}}),
    ("an embedded schema elsewhere", {"x-embedded": {"schema": "../card.json", "syntax": "HC304", "shape": "HC305"}}),
    ("a wrong keyword of JSON Schema's own", {"type": "int"}),
]


@pytest.mark.parametrize("name", NAMES)
def test_every_schema_conforms_to_the_vocabulary(name: str) -> None:
    assert [error.message for error in META.iter_errors(SCHEMAS[name])] == []


@pytest.mark.parametrize(("what", "schema"), WRONG, ids=[what for what, _ in WRONG])
def test_the_vocabulary_refuses(what: str, schema: Any) -> None:  # noqa: ANN401 - any JSON value
    assert not META.is_valid(schema), what


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_that_a_schema_names_is_in_the_catalogue(name: str) -> None:
    named = set(re.findall(r'"(HC[0-9X][0-9]{2})"', json.dumps(SCHEMAS[name])))
    assert named <= set(RULES)


def test_every_keyword_is_described_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert {keyword for keyword in VOCABULARY["properties"] if f"| `{keyword}` |" not in readme} == set()


def test_the_keywords_allowed_are_those_defined() -> None:
    assert set(VOCABULARY["propertyNames"]["then"]["enum"]) == set(VOCABULARY["properties"])
