"""Our keywords: every schema uses them by their meta-schema, and names only existing rules."""

import json
import re
from typing import Any

import pytest

from hcfmt.check.catalogue import RULES
from hcfmt.check.rules import CHECKS
from tests.support.schema_library import NAMES, ROOT, SCHEMAS
from tests.support.vocabulary import META, VOCABULARY

WRONG: list[tuple[str, Any]] = [
    ("a keyword that nobody knows", {"x-colour": "red"}),
    ("a keyword that nobody knows, deep inside", {"properties": {"a": {"items": {"x-colour": "red"}}}}),
    ("no source", {"x-source": []}),
    ("a source of no known kind", {"x-source": ["hearsay"]}),
    ("no code", {"x-legacy": "legacy"}),
    ("no code, deep inside", {"$defs": {"a": {"then": {"x-reports": 307}}}}),
    ("an embedded schema without its rules", {"x-embedded": {"schema": "embedded/card.json"}}),
    ("an embedded schema elsewhere", {"x-embedded": {"schema": "../card.json", "syntax": "HC304", "shape": "HC305"}}),
    ("a thing without its rule", {"x-defines": {"thing": "user"}}),
    ("a thing without a name", {"x-defines": {"thing": "", "rule": "HC420"}}),
    ("a member that x-defines does not have", {"x-defines": {"thing": "user", "rule": "HC420", "unique": True}}),
    ("a fold that is off", {"x-defines": {"thing": "user", "rule": "HC420", "fold": False}}),
    ("a thing within something else than a file", {"x-defines": {"thing": "user", "rule": "HC420", "within": "room"}}),
    ("a reference to nothing", {"x-refers-to": {"rule": "HC401", "to": {}}}),
    ("a reference without a rule", {"x-refers-to": {"to": {"user": True}}}),
    ("a reference that is false", {"x-refers-to": {"rule": "HC401", "to": {"user": False}}}),
    ("a reference by half an expression", {"x-refers-to": {"rule": "HC401", "to": {"user": "^pref:([0-9]+)"}}}),
    ("an exception beside nothing", {"x-refers-to": {"rule": "HC408", "to": {"user": True}, "beside": "/sender/id"}}),
    ("a pointer that is none", {"x-refers-to": {"rule": "HC408", "to": {"user": True}, "except": [0], "beside": "id"}}),
    ("a file of which nothing is said", {"x-file": {}}),
    ("a file that nobody misses", {"x-file": {"unsafe": "HC514", "member": "users/files/{value}"}}),
    ("a file missed nowhere", {"x-file": {"unsafe": "HC514", "rule": "HC501"}}),
    ("an absolute template", {"x-file": {"unsafe": "HC514", "rule": "HC501", "member": "/{value}"}}),
    ("a brace too many", {"x-file": {"unsafe": "HC514", "rule": "HC501", "member": "users/{{value}"}}),
    ("any id in a file's own place", {"x-file": {"unsafe": "HC514", "rule": "HC501", "member": "rooms/*/{value}"}}),
    ("a member that x-file does not have", {"x-file": {"unsafe": "HC514", "colour": "HC501"}}),
    ("sizes of no file", {"x-file": {"unsafe": "HC514", "sizes": {"rule": "HC504", "suffixes": ["_36"]}}}),
    ("a form without a rule", {"x-file": {"unsafe": "HC514", "form": {"pattern": "^a$"}}}),
    ("an expectation that demands nothing", {"x-should": {"HC701": {"description": "It is too long."}}}),
    ("an expectation that does not say what is wrong", {"x-should": {"HC701": {"maxLength": 1}}}),
    ("an expectation that is no sentence", {"x-should": {"HC701": {"description": "too long", "maxLength": 1}}}),
    ("an expectation of no rule", {"x-should": {"long": {"description": "It is too long.", "maxLength": 1}}}),
    ("an expectation that is no schema", {"x-should": {"HC701": {"description": "It is long.", "maxLength": "1"}}}),
    ("an expectation with our keywords", {"x-should": {"HC701": {"description": "Old.", "x-legacy": "HC306"}}}),
    ("an expectation that is true", {"x-should": {"HC701": True}}),
    ("no expectation", {"x-should": {}}),
    ("a wrong keyword of JSON Schema's own", {"type": "int"}),
]


@pytest.mark.parametrize("name", NAMES)
def test_every_schema_conforms_to_the_vocabulary(name: str) -> None:
    assert [error.message for error in META.iter_errors(SCHEMAS[name])] == []


@pytest.mark.parametrize(("case", "schema"), WRONG, ids=[case for case, _ in WRONG])
def test_the_vocabulary_refuses(case: str, schema: Any) -> None:  # noqa: ANN401 - any JSON value
    assert not META.is_valid(schema), case


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_that_a_schema_names_is_in_the_catalogue(name: str) -> None:
    named = set(re.findall(r'"(HC[0-9X][0-9]{2})"', json.dumps(SCHEMAS[name])))
    assert named <= set(RULES)
    assert named & CHECKS.keys() == set()  # the check of schemas and references reports their flaws


def test_every_keyword_is_described_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert {keyword for keyword in VOCABULARY["properties"] if f"| `{keyword}` |" not in readme} == set()


def test_the_keywords_allowed_are_those_defined() -> None:
    assert set(VOCABULARY["propertyNames"]["then"]["enum"]) == set(VOCABULARY["properties"])
