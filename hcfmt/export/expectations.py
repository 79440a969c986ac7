"""Compiles the expectations of the schemas (``x-should``) to selections: which of many values match a schema.

Only the keywords that expectations use are known; another one raises KeyError when the schema is compiled.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Any

import msgspec

from hcfmt.export.columns import given, is_typed
from hcfmt.export.schemas import Schema

Selection = Callable[[Sequence[Any]], Sequence[int]]
"""Returns the positions of the values that match."""

_TYPES: Mapping[str, Any] = {"null": type(None), "string": str, "array": list}
_SILENT = frozenset({"description", "then", "else"})  # the last two are read with "if"


def selection(schema: Any) -> Selection:  # noqa: ANN401 - an object or a boolean
    """Return the selection of a schema that holds keywords of JSON Schema alone; values are structs or flat."""
    if isinstance(schema, bool):
        return lambda values: range(len(values)) if schema else ()
    tests = [_KEYWORDS[key](value, schema) for key, value in schema.items() if key not in _SILENT]

    def select(values: Sequence[Any]) -> Sequence[int]:
        places: Sequence[int] = range(len(values))
        for test in tests:
            places = _narrowed(places, values, test)
        return places

    return select


def _narrowed(places: Sequence[int], values: Sequence[Any], test: Selection) -> Sequence[int]:
    """Return those of the places whose values match."""
    if len(places) == len(values):
        return test(values)
    return [places[position] for position in test([values[place] for place in places])]


def _const(expected: Any, _: Schema) -> Selection:  # noqa: ANN401 - any JSON value
    return lambda values: (
        [position for position, value in enumerate(values) if value == expected] if expected in values else ()
    )


def _where(holds: Callable[[Any], bool]) -> Selection:
    return lambda values: [position for position, value in enumerate(values) if holds(value)]


def _enum(expected: list[Any], _: Schema) -> Selection:
    return _where(lambda value: value in expected)


def _type(name: str, _: Schema) -> Selection:
    expected = _TYPES[name]

    def select(values: Sequence[Any]) -> Sequence[int]:
        if {expected}.issuperset(map(type, values)):  # as of most columns
            return range(len(values))
        return [place for place, value in enumerate(values) if type(value) is expected]

    return select


def _min_length(least: int, _: Schema) -> Selection:
    return _where(lambda value: not isinstance(value, str) or len(value) >= least)


def _max_length(most: int, _: Schema) -> Selection:
    return _where(lambda value: not isinstance(value, str) or len(value) <= most)


def _minimum(least: int, _: Schema) -> Selection:
    return _where(lambda value: not isinstance(value, int) or value >= least)


def _maximum(most: int, _: Schema) -> Selection:
    return _where(lambda value: not isinstance(value, int) or value <= most)


def _pattern(pattern: str, _: Schema) -> Selection:
    def select(values: Sequence[Any]) -> Sequence[int]:
        if not any(isinstance(value, str) for value in values):
            return range(len(values))
        search = compiled(pattern).search
        return [place for place, value in enumerate(values) if not isinstance(value, str) or search(value)]

    return select


def _contains(schema: Schema, _: Schema) -> Selection:
    matching = selection(schema)

    def select(values: Sequence[Any]) -> Sequence[int]:
        arrays = [(place, items) for place, items in enumerate(values) if isinstance(items, list)]
        holders = [place for place, items in arrays for _ in items]
        chosen = matching([item for _, items in arrays for item in items])  # the items of all arrays at once
        others = set(range(len(values))).difference([place for place, _ in arrays])  # to which the keyword says nothing
        return sorted({*others, *(holders[position] for position in chosen)})

    return select


def _not(schema: Schema, _: Schema) -> Selection:
    refused = selection(schema)

    return lambda values: _all_but(refused(values), len(values))


def _required(names: list[str], _: Schema) -> Selection:
    def select(values: Sequence[Any]) -> Sequence[int]:
        having = set.intersection(*(set(given(values, name)[0]) for name in names))
        if is_typed(values):
            return sorted(having)
        return [place for place, value in enumerate(values) if place in having or not isinstance(value, dict)]

    return select


def _properties(schemas: Mapping[str, Schema | bool], _: Schema) -> Selection:
    tests = [_property(name, selection(schema)) for name, schema in schemas.items()]

    def select(values: Sequence[Any]) -> Sequence[int]:
        places: Sequence[int] = range(len(values))
        for test in tests:
            places = _narrowed(places, values, test)
            if not places:
                break
        return places

    return select


def _property(name: str, matching: Selection) -> Selection:
    """Return the selection of the values that lack a property, or whose property matches."""

    def select(values: Sequence[Any]) -> Sequence[int]:
        places, items = given(values, name)
        chosen = matching(items)
        if len(places) == len(values) or len(chosen) == len(places):
            return chosen if len(places) == len(values) else range(len(values))
        refused = set(places).difference([places[position] for position in chosen])
        return _all_but(list(refused), len(values))

    return select


def _property_names(schema: Schema, _: Schema) -> Selection:
    matching = selection(schema)

    def select(values: Sequence[Any]) -> Sequence[int]:
        rows = list(map(_names, values))
        names = list(set(chain.from_iterable(rows)))  # most objects have the same few
        allowed = {names[position] for position in matching(names)}
        if len(allowed) == len(names):
            return range(len(values))
        return [place for place, row in enumerate(rows) if allowed.issuperset(row)]

    return select


def _names(value: Any) -> Collection[str]:  # noqa: ANN401 - any JSON value
    """Return the names of an object's properties; of a struct those that it may have."""
    if isinstance(value, msgspec.Struct):
        return type(value).__struct_encode_fields__
    return value.keys() if isinstance(value, dict) else ()


def _if(condition: Schema, schema: Schema) -> Selection:
    chosen = selection(condition)
    then, otherwise = selection(schema.get("then", True)), selection(schema.get("else", True))

    def select(values: Sequence[Any]) -> Sequence[int]:
        yes = chosen(values)
        refused = _refused(yes, values, then)
        if "else" in schema:
            refused += _refused(_all_but(yes, len(values)), values, otherwise)
        return _all_but(refused, len(values))

    return select


def _refused(places: Sequence[int], values: Sequence[Any], test: Selection) -> list[int]:
    """Return those of the places whose values do not match."""
    matching = _narrowed(places, values, test)
    return [] if len(matching) == len(places) else sorted(set(places).difference(matching))


def _all_but(places: Sequence[int], count: int) -> Sequence[int]:
    """Return the positions of ``count`` values, without some of them."""
    out = set(places)
    return [position for position in range(count) if position not in out] if out else range(count)


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Compile a regular expression of ECMA-262, where $ is the very end of a text; slow, so on first use."""
    return re.compile(pattern.replace("$", r"\Z"))


_KEYWORDS: Mapping[str, Callable[[Any, Schema], Selection]] = {
    "const": _const,
    "enum": _enum,
    "type": _type,
    "minLength": _min_length,
    "maxLength": _max_length,
    "minimum": _minimum,
    "maximum": _maximum,
    "pattern": _pattern,
    "contains": _contains,
    "not": _not,
    "required": _required,
    "properties": _properties,
    "propertyNames": _property_names,
    "if": _if,
}
