"""What a schema demands of a value, as a choice between lists of simple demands that hold together.

Conditions and negations are worked out here, once and for all, so that values can be built as they are demanded
instead of being drawn until one fits.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import chain, product
from typing import Any

from hcfmt.errors import UsageError

Schema = Mapping[str, Any] | bool
Given = tuple[Schema, bool]  # a schema, and whether a value should match it
Demand = tuple[str, Any]
"""A keyword and what it says; "!" before the keyword denies it.

Some are no keywords: ``present`` and ``absent`` name a property, ``property`` is a name and a Given, ``items`` a Given.
"""
Way = tuple[Demand, ...]

# What a value is not drawn by: it describes, or says which rule speaks.
SILENT = frozenset({"$schema", "title", "description", "x-source", "x-rules"})
# Demands as they stand.
_SIMPLE = frozenset(
    {
        *("pattern", "minimum", "minLength", "maxLength"),
        *("contains", "propertyNames", "additionalProperties", "minProperties", "maxProperties"),
        *("x-defines", "x-embedded", "x-file", "x-legacy", "x-open", "x-refers-to"),
    }
)


def ways(schema: Schema, holds: bool = True) -> list[Way]:  # noqa: FBT001, FBT002 - half of a Given
    """Return the ways to match a schema, or not to: where there is none, no value does.

    Raises UsageError for a keyword that no schema of ours uses.
    """
    if isinstance(schema, bool):
        return [()] if schema is holds else []
    if holds:
        return together(_met(keyword, schema) for keyword in schema)
    return [way for keyword in schema for way in _missed(keyword, schema)]


def together(choices: Iterable[list[Way]]) -> list[Way]:
    """Return the ways to do as each of some choices demands."""
    return [tuple(chain.from_iterable(each)) for each in product(*choices)]


def _met(keyword: str, schema: Mapping[str, Any]) -> list[Way]:
    if keyword in SILENT:
        return [()]
    value = schema[keyword]
    if keyword in _SIMPLE:
        return [((keyword, value),)]
    if keyword not in _MET:
        raise UsageError(f"No value can be drawn for the keyword {keyword!r}.")
    return _MET[keyword](value, schema)


def _missed(keyword: str, schema: Mapping[str, Any]) -> list[Way]:
    if keyword in SILENT:
        return []
    if keyword not in _MISSED:
        raise UsageError(f"No value can be drawn that fails the keyword {keyword!r}.")
    return _MISSED[keyword](schema[keyword])


def _branches(condition: Schema, schema: Mapping[str, Any]) -> list[Way]:
    """Return the ways through if, then and else."""
    return [
        *together((ways(condition), ways(schema.get("then", True)))),
        *together((ways(condition, holds=False), ways(schema.get("else", True)))),
    ]


def _listed(value: Any) -> list[Any]:  # noqa: ANN401 - a keyword's value
    return value if isinstance(value, list) else [value]


_MET: Mapping[str, Callable[[Any, Mapping[str, Any]], list[Way]]] = {
    "type": lambda value, _: [(("type", _listed(value)),)],
    "enum": lambda value, _: [(("enum", value),)],
    "const": lambda value, _: [(("enum", [value]),)],
    "items": lambda value, _: [(("items", (value, True)),)],
    "required": lambda value, _: [tuple(("present", name) for name in value)],
    "properties": lambda value, _: [tuple(("property", (name, (inner, True))) for name, inner in value.items())],
    "not": lambda value, _: ways(value, holds=False),
    "if": _branches,
    "then": lambda _, __: [()],  # with "if"
    "else": lambda _, __: [()],
    "x-should": lambda value, _: together(ways(part) for part in value.values()),
    "x-reports": lambda _, __: [],  # readable, but a rule speaks of it in any case
}

_MISSED: Mapping[str, Callable[[Any], list[Way]]] = {
    "type": lambda value: [(("!type", _listed(value)),)],
    "enum": lambda value: [(("!enum", value),)],
    "const": lambda value: [(("!enum", [value]),)],
    "pattern": lambda value: [(("!pattern", value),)],
    "contains": lambda value: [(("items", (value, False)),)],
    "required": lambda value: [(("absent", name),) for name in value],
    "properties": lambda value: [
        (("present", name), ("property", (name, (inner, False)))) for name, inner in value.items()
    ],
    "not": ways,
}

KEYWORDS = SILENT | _SIMPLE | set(_MET)
"""The keywords of JSON Schema and of ours that values can be drawn for."""
