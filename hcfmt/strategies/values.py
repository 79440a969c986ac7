"""Strategies for values that meet constraints: an interpreter of the keywords that the schemas use."""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from functools import partial
from typing import Any

from hypothesis import strategies as st

from hcfmt.export.jsontext import SAFE_INTEGER
from hcfmt.export.letter_case import clashes
from hcfmt.export.schemas import SUFFIX, resolved
from hcfmt.strategies.constraints import Requirement, alternatives, combine
from hcfmt.strategies.text import matching, texts

Constraints = Mapping[str, list[Any]]  # the values of each keyword
Values = st.SearchStrategy[Any]

_EMPTY: tuple[Any, ...] = (None, "", [])
_SIMPLEST = 5  # weight of the simplest alternative; others have 1
_MAX_EXTRA = 3  # items of a list, or undocumented properties
_TYPES = {bool: "boolean", int: "integer", str: "string", list: "array", dict: "object", type(None): "null"}
_NESTING = frozenset({"array", "object"})
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\\:]|(^|/)\.{0,2}(/|\Z)")  # climbs in a path, or is special


def drawn(requirements: Iterable[Requirement]) -> Values:
    """Return a strategy for values that match some schemas, and do not match others.

    The alternative with the smallest value is the most frequent, and drawn values shrink to it.
    """
    by_size = sorted(_all_constraints(requirements), key=_size)
    strategies = [values for constraints in by_size if not (values := _values(constraints)).is_empty]
    if len(strategies) <= 1:
        return st.one_of(*strategies)
    choices = strategies[:1] * _SIMPLEST + strategies[1:]
    return st.integers(0, len(choices) - 1).flatmap(choices.__getitem__)


def _all_constraints(requirements: Iterable[Requirement]) -> list[Constraints]:
    """Return the constraints of each alternative, by keyword."""
    found: list[Constraints] = []
    for alternative in combine(alternatives(*requirement) for requirement in requirements):
        constraints: dict[str, list[Any]] = defaultdict(list)
        for keyword, value in alternative:
            constraints[keyword].append(value)
        found.append(constraints)
    return found


def _size(constraints: Constraints) -> int:
    """Return the number of properties and items in the smallest value, nested ones included."""
    if any(_is_wanted(kind, constraints) for kind in _MAKERS if kind not in _NESTING):
        return 0
    inner = _inner(constraints)
    return len(constraints["contains"]) + sum(
        1 + min(map(_size, _all_constraints(inner[name])), default=0) for name in set(constraints["present"])
    )


def _inner(constraints: Constraints) -> dict[str, list[Requirement]]:
    """Return the requirements for each property."""
    inner: dict[str, list[Requirement]] = defaultdict(list)
    for name, requirement in constraints["property"]:
        inner[name].append(requirement)
    return inner


def _values(constraints: Constraints) -> Values:
    if constraints["x-legacy"]:
        constraints["enum"].append(list(_EMPTY))
    if constraints["enum"]:
        choices = [value for value in constraints["enum"][0] if _is_chosen(value, constraints)]
        # A copy, so that a test that changes a drawn value does not change later ones.
        return st.sampled_from(choices).map(deepcopy) if choices else st.nothing()
    strategies = (make(constraints) for kind, make in _MAKERS.items() if _is_wanted(kind, constraints))
    return _without_refused(st.one_of(*strategies), constraints)


def _is_chosen(value: Any, constraints: Constraints) -> bool:  # noqa: ANN401 - any JSON value
    listed = all(_is_among(value, choice) for choice in constraints["enum"])
    return (
        listed
        and not any(_is_among(value, out) for out in constraints["!enum"])
        and _is_wanted(_TYPES[type(value)], constraints)
    )


def _is_among(value: Any, choices: Iterable[Any]) -> bool:  # noqa: ANN401 - any JSON value
    return any(type(value) is type(choice) and value == choice for choice in choices)


def _is_wanted(kind: str, constraints: Constraints) -> bool:
    """Return whether a value may be of a JSON type; without a constraint, of any but arrays and objects."""
    allowed = all(kind in kinds for kinds in constraints["type"]) if constraints["type"] else kind not in _NESTING
    return allowed and not any(kind in kinds for kinds in constraints["!type"])


def anything() -> Values:
    """Return a strategy for any value but arrays and objects."""
    return drawn([({}, True)])


def _integers(constraints: Constraints) -> Values:
    """Return a strategy for integers that every JSON reader accepts; ids are at least 1, as they name directories."""
    least = [1] if constraints["x-defines"] or constraints["x-refers-to"] else [-SAFE_INTEGER]
    lowest, highest = max(least + constraints["minimum"]), min([SAFE_INTEGER, *constraints["maximum"]])
    numbers = st.integers(lowest, highest)
    lowest = max(constraints["minimum"], default=-SAFE_INTEGER)
    exceptions = [
        value
        for reference in constraints["x-refers-to"]
        for value in reference.get("except", ())
        if isinstance(value, int) and lowest <= value <= highest
    ]
    return st.sampled_from(exceptions) | numbers if exceptions else numbers


def _numbers(constraints: Constraints) -> Values:
    bounds = [*constraints["minimum"], -SAFE_INTEGER]
    return _integers(constraints) | st.floats(max(bounds), SAFE_INTEGER, allow_nan=False)


def _strings(constraints: Constraints) -> Values:
    if constraints["x-embedded"]:
        return st.one_of(*map(_embedded, constraints["x-embedded"]))
    nonempty = any("" in refused for refused in constraints["!enum"])
    shortest, longest = max([int(nonempty), *constraints["minLength"]]), min(constraints["maxLength"], default=None)
    patterns = [*constraints["pattern"], *(pattern for file in constraints["x-file"] for pattern in _patterns(file))]
    if patterns or constraints["!pattern"]:
        strings = matching(patterns, constraints["!pattern"])
    else:
        strings = texts(shortest, longest)
        if not constraints["x-file"]:
            return strings
        strings = strings.map(partial(_UNSAFE.sub, "_"))  # most are unsafe: filtering them would take long
    if constraints["x-file"]:
        strings = strings.filter(lambda text: not _UNSAFE.search(text))
    if shortest or longest is not None:
        strings = strings.filter(lambda text: shortest <= len(text) and (longest is None or len(text) <= longest))
    return strings


def _patterns(file: Mapping[str, Any]) -> list[str]:
    """Return the patterns of the path of a stored file."""
    return [part["pattern"] for part in (file, file.get("form", {})) if "pattern" in part]


def _without_refused(values: Values, constraints: Constraints) -> Values:
    """Filter out the refused values."""
    refused = [value for out in constraints["!enum"] for value in out]
    return values.filter(lambda value: not _is_among(value, refused)) if refused else values


def _embedded(inside: Mapping[str, Any]) -> Values:
    """Return a strategy for JSON text of a schema, non-ASCII characters as they are or escaped."""
    values = drawn([(resolved(inside["schema"].removesuffix(SUFFIX)), True)])
    documents = st.builds(partial(json.dumps, separators=(",", ":")), values, ensure_ascii=st.booleans())
    return st.just("") | documents if inside.get("blank") else documents


def _arrays(constraints: Constraints) -> Values:
    """Return a strategy for lists that contain all required items, in any order."""
    each: list[Requirement] = constraints["items"] or [({}, True)]
    required = [drawn([*each, (schema, True)]) for schema in constraints["contains"]]
    if not required:
        return st.lists(drawn(each), max_size=_MAX_EXTRA)
    whole_list = st.builds(
        lambda first, rest: [*first, *rest], st.tuples(*required), st.lists(drawn(each), max_size=_MAX_EXTRA)
    )
    return whole_list.flatmap(st.permutations)


def _objects(constraints: Constraints) -> Values:
    """Return a strategy for objects with documented properties, and with others if they are open."""
    inner, present, absent = _inner(constraints), set(constraints["present"]), set(constraints["absent"])
    # Properties that differ by alternative come last: shrinking to another one then keeps most of the value.
    order = sorted(inner, key=lambda name: (name in present, len(inner[name])))
    documented = {name: drawn(inner[name]) for name in order}
    if constraints["maxProperties"]:  # a wrapper: exactly one
        return st.one_of(*(st.fixed_dictionaries({name: value}) for name, value in documented.items()))
    if present & absent or any(documented[name].is_empty for name in present & documented.keys()):
        return st.nothing()
    possible = {name: values for name, values in documented.items() if name not in absent and not values.is_empty}
    objects = _properties(possible, present)
    if not constraints["x-open"]:
        return objects
    names = drawn([({"type": "string"}, True), *((schema, True) for schema in constraints["propertyNames"])])
    undocumented = st.dictionaries(names.filter(lambda name: name not in documented), anything(), max_size=_MAX_EXTRA)
    open_objects = st.builds(lambda first, rest: {**first, **rest}, objects, undocumented)
    return open_objects.filter(lambda value: not any(clashes(value, documented)))


@st.composite
def _properties(draw: st.DrawFn, documented: Mapping[str, Values], present: set[str]) -> dict[str, Any]:
    """Return a strategy for objects with all required properties and any of the others, in a rotated order.

    ``fixed_dictionaries`` draws a permutation of the names: twice as many choices, which shrink twice as slowly.
    """
    items = [(name, draw(values)) for name, values in documented.items() if name in present or draw(st.booleans())]
    first = draw(st.integers(0, len(documented)))
    return dict(items[first:] + items[:first])


# In the order in which values shrink: the simplest first.
_MAKERS: Mapping[str, Callable[[Constraints], Values]] = {
    "null": lambda _: st.none(),
    "boolean": lambda _: st.booleans(),
    "integer": _integers,
    "number": _numbers,
    "string": _strings,
    "array": _arrays,
    "object": _objects,
}
