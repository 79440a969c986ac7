"""Reads one property of many values at once; the values are structs of ``record_types`` or decoded JSON."""

from collections.abc import Callable, Sequence
from functools import cache
from operator import attrgetter
from typing import Any

import msgspec

from hcfmt.export.record_types import field_name

Reader = Callable[[Sequence[Any]], list[Any]]

_ABSENT = msgspec.UNSET
_MANY = 100  # values; to compile a comprehension takes the time of a thousand


@cache
def reader(name: str) -> Reader:
    """Return the function that reads a property of many structs; a missing one is ``msgspec.UNSET``."""
    field = field_name(name)
    get = attrgetter(field)

    def read(values: Sequence[Any]) -> list[Any]:
        if len(values) < _MANY:
            return list(map(get, values))
        return _compiled(f"[value.{field} for value in values]")(values)

    return read


@cache
def present_reader(name: str) -> Reader:
    """Return the function that reads a property of those of many structs that have it."""
    field = field_name(name)
    get = attrgetter(field)

    def read(values: Sequence[Any]) -> list[Any]:
        if len(values) < _MANY:
            return [item for item in map(get, values) if item is not _ABSENT]
        return _compiled(f"[item for value in values if (item := value.{field}) is not ABSENT]")(values)

    return read


@cache
def _compiled(comprehension: str) -> Reader:
    """Return a function of ``values``; a comprehension over a known field takes half the time of ``attrgetter``."""
    function: Reader = eval(f"lambda values: {comprehension}", {"ABSENT": _ABSENT})  # noqa: S307 - of schemas' names
    return function


def is_typed(values: Sequence[Any]) -> bool:
    """Whether values are structs; an empty sequence counts as decoded JSON."""
    return bool(values) and isinstance(values[0], msgspec.Struct)


def property_of(values: Sequence[Any], name: str) -> list[Any]:
    """Return a property that every value has."""
    return reader(name)(values) if is_typed(values) else [value[name] for value in values]


def given(values: Sequence[Any], name: str) -> tuple[Sequence[int], Sequence[Any]]:
    """Return the positions of the objects among the values that have a property, and the property of each."""
    if not is_typed(values):
        places = [position for position, value in enumerate(values) if type(value) is dict and name in value]
        return places, [values[position][name] for position in places]
    items = reader(name)(values)
    struct: Any = type(values[0])
    if name in _always(struct):
        return range(len(items)), items
    if items.count(_ABSENT) == len(items):  # the usual case, and quickly found
        return (), ()
    places = [position for position, item in enumerate(items) if item is not _ABSENT]
    return places, [items[position] for position in places]


def filled(values: Sequence[Any], name: str) -> list[int]:
    """Return the positions of the values that have a property which is not null and not empty."""
    if is_typed(values):
        items = reader(name)(values)  # absence is false
        return [position for position, item in enumerate(items) if item] if any(items) else []
    return [position for position, value in enumerate(values) if value.get(name)]


def objects(values: Sequence[Any]) -> tuple[Sequence[int], Sequence[Any]]:
    """Return the positions of the objects among the values, which are all of one form or null, and the objects."""
    places = [position for position, value in enumerate(values) if value is not None]
    return (places, values) if len(places) == len(values) else (places, [values[position] for position in places])


def plain(value: Any) -> Any:  # noqa: ANN401 - a struct or any JSON value
    """Return a value as JSON objects and arrays, without structs."""
    return msgspec.to_builtins(value) if isinstance(value, msgspec.Struct) else value


@cache
def _always(struct: Any) -> frozenset[str]:  # noqa: ANN401 - a type of struct
    """Return the names of the properties that every struct of a type has."""
    return frozenset(field.encode_name for field in msgspec.structs.fields(struct) if field.required)
