"""Columns of records for the predicates of profiles: one field of many records, which may contradict their schema."""

from collections.abc import Sequence
from functools import cache, cached_property
from typing import Any

from msgspec import Struct
from msgspec.structs import fields

from hcfmt.export.columns import Structs, column_of
from hcfmt.profiles.struct_types import ABSENT, property_types

_BETWEEN = (
    "\0"  # between texts, and of one byte, as theirs often are; a text that holds it is only examined without need
)


class FieldColumn:
    """The values of one field, in the order of the records, and what predicates of them have in common."""

    def __init__(self, values: Sequence[Any], types: frozenset[type] | None = None) -> None:
        """Take the values, ``ABSENT`` for a record without the field, and their types if they are known."""
        self.values = values
        if types is not None:
            self.types = types

    @cached_property
    def types(self) -> frozenset[type]:
        """The types of the values."""
        first = self.values[0] if self.values else None
        if (first is ABSENT or first is None) and self.values.count(first) == len(self.values):  # quickly found
            return frozenset({type(first)} if self.values else ())
        return frozenset(map(type, self.values))

    @cached_property
    def joined(self) -> str:
        """All values in one text, if all are texts: whatever one of them holds, this holds too."""
        return f"{_BETWEEN}{_BETWEEN.join(self.values)}{_BETWEEN}"

    @cached_property
    def first_characters(self) -> Sequence[str]:
        """The first character of each value, "" of an empty one, if all are texts."""
        return [value[:1] for value in self.values]

    @cached_property
    def beginnings(self) -> frozenset[str]:
        """The first characters that there are, and "", with which all texts begin, if all are texts."""
        return frozenset(self.first_characters) | {""}

    @cached_property
    def longest(self) -> int:
        """The length of the longest value in characters, if all are texts."""
        return max(map(len, self.values))

    def may_equal(self, value: object) -> bool:
        """Whether one of the values may be equal to another value."""
        if isinstance(value, str) and self.types == {str}:
            return f"{_BETWEEN}{value}{_BETWEEN}" in self.joined
        return value in self.values

    def may_hold(self, text: str) -> bool:
        """Whether one of the values, all texts, may hold a text."""
        return text in self.joined

    def may_begin(self, text: str) -> bool:
        """Whether one of the values, all texts, may begin with a text."""
        return text[:1] in self.beginnings and (len(text) <= 1 or _BETWEEN + text in self.joined)


class RecordColumns:
    """The fields of records of one kind: structs of one type, or JSON values of any form. Each field is read once.

    ``found`` holds the positions of the records that meet a predicate, for the next condition with the same one.
    """

    def __init__(self, records: Sequence[Any]) -> None:
        """Take the records."""
        self.records = records
        self.found: dict[object, Sequence[int]] = {}
        self._columns: dict[tuple[str, ...], FieldColumn] = {}

    def part(self, places: Sequence[int]) -> "RecordColumns":
        """Return the columns of the records at some positions."""
        records = [self.records[place] for place in places]
        return RecordColumns(Structs(records) if isinstance(self.records, Structs) else records)

    def column(self, path: tuple[str, ...]) -> FieldColumn:
        """Return the column of a field by its path."""
        known = self._columns.get(path)
        if known is None:
            known = self._columns[path] = self._read(path)
        return known

    def _read(self, path: tuple[str, ...]) -> FieldColumn:
        """Return the column of a field; the values inside ``None``, a text or a list are absent."""
        if not path:
            is_typed = isinstance(self.records, Structs) and self.records
            return FieldColumn(self.records, frozenset({type(self.records[0])}) if is_typed else None)
        owners, name = self.column(path[:-1]), path[-1]
        if len(owners.types) == 1 and issubclass(kind := next(iter(owners.types)), Struct):
            values = column_of(owners.values, name) if name in _properties(kind) else [ABSENT] * len(owners.values)
            types = property_types(kind, name)
            return FieldColumn(values, types if len(types) == 1 and values else None)
        return FieldColumn(_values(owners, name))


@cache
def _properties(kind: type[Struct]) -> frozenset[str]:
    return frozenset(field.encode_name for field in fields(kind))


def _values(owners: FieldColumn, name: str) -> list[Any]:
    """Return a property of values of several types, ``ABSENT`` where there is none."""
    values: list[Any] = [ABSENT] * len(owners.values)
    kinds = [kind for kind in owners.types if issubclass(kind, Struct | dict)]
    if not kinds:
        return values
    places = [place for place, owner in enumerate(owners.values) if type(owner) in kinds]
    if issubclass(kinds[0], Struct):
        found = RecordColumns(Structs(owners.values[place] for place in places)).column((name,)).values
    else:
        found = [owners.values[place].get(name, ABSENT) for place in places]
    for place, value in zip(places, found, strict=True):
        values[place] = value
    return values
