"""Reads one property of many values at once; the values are structs of ``record_types`` or decoded JSON."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from operator import attrgetter
from typing import Any

import msgspec

from hcfmt.export.record_types import field_name

_ABSENT = msgspec.UNSET
_MANY = 100  # values; to compile a comprehension takes the time of a thousand


class Structs(list[Any]):
    """Structs of one type, each property of which is read once.

    ``inside`` holds, by property, the decoded values of the JSON inside its strings, if they were decoded as structs:
    one for each string that is not empty, in order.
    """

    __slots__ = ("_columns", "inside")

    def __init__(self, structs: Iterable[Any]) -> None:
        """Take the structs, which are not to change."""
        super().__init__(structs)
        self._columns: dict[str, list[Any]] = {}
        self.inside: dict[str, list[Any]] = {}

    def column(self, name: str) -> list[Any]:
        """Return a property of all structs, in order; a missing one is ``msgspec.UNSET``."""
        column = self._columns.get(name)
        if column is None:
            column = _read(self, name)
            if column and isinstance(column[0], msgspec.Struct):
                column = Structs(column)
            self._columns[name] = column
        return column


def column_of(structs: Sequence[Any], name: str) -> list[Any]:
    """Return a property of structs, in order; a missing one is ``msgspec.UNSET``."""
    return structs.column(name) if isinstance(structs, Structs) else _read(structs, name)


def present(structs: Sequence[Any], name: str) -> list[Any]:
    """Return a property of those structs that have it, in order."""
    column = column_of(structs, name)
    if column.count(_ABSENT) == len(column):  # the usual case, and quickly found
        return []
    return [item for item in column if item is not _ABSENT]


def _read(structs: Sequence[Any], name: str) -> list[Any]:
    return list(map(_getter(name), structs)) if len(structs) < _MANY else _comprehension(name)(structs)


@cache
def _getter(name: str) -> Callable[[Any], Any]:
    return attrgetter(field_name(name))


@cache
def _comprehension(name: str) -> Callable[[Sequence[Any]], list[Any]]:
    """Return a function of many structs; a comprehension over a known field takes half the time of ``attrgetter``."""
    field = field_name(name)
    function: Callable[[Sequence[Any]], list[Any]] = eval(f"lambda structs: [struct.{field} for struct in structs]")  # noqa: S307 - of schemas' names
    return function


def is_typed(values: Sequence[Any]) -> bool:
    """Whether values are structs; an empty sequence counts as decoded JSON."""
    return bool(values) and isinstance(values[0], msgspec.Struct)


def property_of(values: Sequence[Any], name: str) -> list[Any]:
    """Return a property that every value has."""
    return column_of(values, name) if is_typed(values) else [value[name] for value in values]


def given(values: Sequence[Any], name: str) -> tuple[Sequence[int], Sequence[Any]]:
    """Return the positions of the objects among the values that have a property, and the property of each."""
    if not is_typed(values):
        places = [position for position, value in enumerate(values) if type(value) is dict and name in value]
        return places, [values[position][name] for position in places]
    items = column_of(values, name)
    struct: Any = type(values[0])
    if name in _always(struct):
        return range(len(items)), items
    if items.count(_ABSENT) == len(items):
        return (), ()
    places = [position for position, item in enumerate(items) if item is not _ABSENT]
    return places, [items[position] for position in places]


def filled(values: Sequence[Any], name: str) -> list[int]:
    """Return the positions of the values that have a property which is not null and not empty."""
    if is_typed(values):
        if field_name(name) not in values[0].__struct_fields__:  # as in the structs of another dialect
            return []
        items = column_of(values, name)  # absence is false
        return [position for position, item in enumerate(items) if item] if any(items) else []
    return [position for position, value in enumerate(values) if value.get(name)]


def objects(values: Sequence[Any]) -> tuple[Sequence[int], Sequence[Any]]:
    """Return the positions of the objects among the values, which are all of one form or flat, and the objects."""
    places = [position for position, value in enumerate(values) if isinstance(value, (msgspec.Struct, dict, list))]
    return (places, values) if len(places) == len(values) else (places, [values[position] for position in places])


def plain(value: Any) -> Any:  # noqa: ANN401 - a struct or any JSON value
    """Return a value as JSON objects and arrays, without structs."""
    return msgspec.to_builtins(value) if isinstance(value, msgspec.Struct) else value


@cache
def _always(struct: Any) -> frozenset[str]:  # noqa: ANN401 - a type of struct
    """Return the names of the properties that every struct of a type has."""
    return frozenset(field.encode_name for field in msgspec.structs.fields(struct) if field.required)
