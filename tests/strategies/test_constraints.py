"""What schemas demand, worked out before anything is drawn."""

from collections.abc import Iterator
from typing import Any

import pytest

from hcfmt.errors import UsageError
from hcfmt.export import schemas
from hcfmt.strategies.constraints import KEYWORDS, alternatives

REFERENCES = {"$ref", "$defs"}  # followed before anything is drawn
INNER = ("items", "if", "then", "else", "not", "contains", "propertyNames", "additionalProperties")
NAMED = ("properties", "$defs", "x-should")
FORMAT = [name for name in schemas.names() if name.startswith(schemas.FORMAT)]

TABLE: list[tuple[str, Any, list[Any]]] = [
    ("nothing", {}, [()]),
    ("true", True, [()]),
    ("false", False, []),
    ("a constant", {"const": 1}, [(("enum", [1]),)]),
    ("not a constant", {"not": {"const": 1}}, [(("!enum", [1]),)]),
    ("not nothing", {"not": {"not": {"type": "null"}}}, [(("type", ["null"]),)]),
    ("a description beside it", {"description": "One.", "const": 1}, [(("enum", [1]),)]),
    ("a description denied", {"not": {"description": "One."}}, []),
    ("a property", {"properties": {"a": True}}, [(("property", ("a", (True, True))),)]),
    ("a property that must differ", {"not": {"properties": {"a": {"const": 1}}}}, [
        (("present", "a"), ("property", ("a", ({"const": 1}, False)))),
    ]),
    ("one of two properties that must differ", {"not": {"properties": {"a": True, "b": False}}}, [
        (("present", "a"), ("property", ("a", (True, False)))),
        (("present", "b"), ("property", ("b", (False, False)))),
    ]),
    ("a condition", {"if": {"required": ["a"]}, "then": {"required": ["b"]}}, [
        (("present", "a"), ("present", "b")),
        (("absent", "a"),),
    ]),
    ("a condition with both branches", {"if": {"const": 1}, "then": False, "else": {"type": "null"}}, [
        (("!enum", [1]), ("type", ["null"])),
    ]),
    ("an expectation", {"type": "array", "x-should": {"HC1": {"contains": True}, "HC2": {"minLength": 1}}}, [
        (("type", ["array"]), ("contains", True), ("minLength", 1)),
    ]),
    ("no item may match", {"not": {"contains": {"const": 1}}}, [(("items", ({"const": 1}, False)),)]),
    ("no text may match", {"not": {"pattern": "a"}}, [(("!pattern", "a"),)]),
    ("a value that a rule always reports", {"if": {"type": "object"}, "then": {"x-reports": "HC307"}}, [
        (("!type", ["object"]),),
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("case", "schema", "expected"), TABLE, ids=[case for case, _, _ in TABLE])
def test_a_schema_has_these_alternatives(case: str, schema: Any, expected: list[Any]) -> None:  # noqa: ANN401 - any JSON value
    assert alternatives(schema) == expected, case


def keywords(schema: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    """Yield every keyword of a schema and of all schemas in it."""
    if not isinstance(schema, dict):
        return
    yield from schema
    inside = [schema[key] for key in INNER if key in schema]
    for inner in [*inside, *(inner for key in NAMED for inner in schema.get(key, {}).values())]:
        yield from keywords(inner)


def test_the_schemas_use_exactly_these_keywords() -> None:
    found = {keyword for name in FORMAT for keyword in keywords(schemas.read(name))}
    assert found - REFERENCES == KEYWORDS


@pytest.mark.parametrize("schema", [{"uniqueItems": True}, {"not": {"maxLength": 1}}], ids=["required", "negated"])
def test_an_unknown_keyword_is_refused(schema: Any) -> None:  # noqa: ANN401 - any JSON value
    with pytest.raises(UsageError, match="No value can be drawn"):
        alternatives(schema)
