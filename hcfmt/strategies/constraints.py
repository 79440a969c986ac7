"""The constraints of a schema: alternatives, each a list of simple constraints on a value.

Conditions and negations are resolved here, so that strategies build values that meet the constraints, and need not
filter what they draw.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import chain, product
from typing import Any

from hcfmt.errors import UsageError

Schema = Mapping[str, Any] | bool
Requirement = tuple[Schema, bool]  # a schema, and whether a value must match it
Constraint = tuple[str, Any]
"""A keyword and its value; "!" before the keyword negates it.

Some are not keywords: ``present`` and ``absent`` have the name of a property, ``property`` a name and a Requirement,
``items`` a Requirement.
"""
Alternative = tuple[Constraint, ...]

# Keywords that constrain no value: they describe, or name a rule.
DESCRIPTIVE = frozenset({"$schema", "title", "description", "x-form", "x-rules", "x-source"})
# Keywords that are constraints themselves.
_SIMPLE = frozenset(
    {
        *("pattern", "minimum", "maximum", "minLength", "maxLength"),
        *("contains", "propertyNames", "additionalProperties", "minProperties", "maxProperties"),
        *("x-defines", "x-embedded", "x-file", "x-legacy", "x-open", "x-refers-to"),
    }
)


def alternatives(schema: Schema, matches: bool = True) -> list[Alternative]:  # noqa: FBT001, FBT002 - half of a Requirement
    """Return the alternatives that match a schema, or do not match it; none if no value does.

    Raises UsageError for a keyword that the schemas of the format do not use.
    """
    if isinstance(schema, bool):
        return [()] if schema is matches else []
    if matches:
        return combine(_asserted(keyword, schema) for keyword in schema)
    return [alternative for keyword in schema for alternative in _negated(keyword, schema)]


def combine(choices: Iterable[list[Alternative]]) -> list[Alternative]:
    """Return the alternatives that take one alternative of each choice."""
    return [tuple(chain.from_iterable(each)) for each in product(*choices)]


def _asserted(keyword: str, schema: Mapping[str, Any]) -> list[Alternative]:
    if keyword in DESCRIPTIVE:
        return [()]
    value = schema[keyword]
    if keyword in _SIMPLE:
        return [((keyword, value),)]
    if keyword not in _ASSERTED:
        raise UsageError(f"No value can be drawn for the keyword {keyword!r}.")
    return _ASSERTED[keyword](value, schema)


def _negated(keyword: str, schema: Mapping[str, Any]) -> list[Alternative]:
    if keyword in DESCRIPTIVE:
        return []
    if keyword not in _NEGATED:
        raise UsageError(f"No value can be drawn that fails the keyword {keyword!r}.")
    return _NEGATED[keyword](schema[keyword])


def _branches(condition: Schema, schema: Mapping[str, Any]) -> list[Alternative]:
    """Return the alternatives of if, then and else."""
    return [
        *combine((alternatives(condition), alternatives(schema.get("then", True)))),
        *combine((alternatives(condition, matches=False), alternatives(schema.get("else", True)))),
    ]


def _as_list(value: Any) -> list[Any]:  # noqa: ANN401 - a keyword's value
    return value if isinstance(value, list) else [value]


_ASSERTED: Mapping[str, Callable[[Any, Mapping[str, Any]], list[Alternative]]] = {
    "type": lambda value, _: [(("type", _as_list(value)),)],
    "enum": lambda value, _: [(("enum", value),)],
    "const": lambda value, _: [(("enum", [value]),)],
    "items": lambda value, _: [(("items", (value, True)),)],
    "required": lambda value, _: [tuple(("present", name) for name in value)],
    "properties": lambda value, _: [tuple(("property", (name, (inner, True))) for name, inner in value.items())],
    "not": lambda value, _: alternatives(value, matches=False),
    "if": _branches,
    "then": lambda _, __: [()],  # with "if"
    "else": lambda _, __: [()],
    "x-should": lambda value, _: combine(alternatives(part) for part in value.values()),
    "x-reports": lambda _, __: [],  # a rule always reports it
}

_NEGATED: Mapping[str, Callable[[Any], list[Alternative]]] = {
    "type": lambda value: [(("!type", _as_list(value)),)],
    "enum": lambda value: [(("!enum", value),)],
    "const": lambda value: [(("!enum", [value]),)],
    "pattern": lambda value: [(("!pattern", value),)],
    "contains": lambda value: [(("items", (value, False)),)],
    "required": lambda value: [(("absent", name),) for name in value],
    "properties": lambda value: [
        (("present", name), ("property", (name, (inner, False)))) for name, inner in value.items()
    ],
    "not": alternatives,
}

KEYWORDS = DESCRIPTIVE | _SIMPLE | set(_ASSERTED)
"""The supported keywords of JSON Schema and of hcfmt."""
