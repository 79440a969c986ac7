"""Columns of records for the predicates of profiles: one field of many records, which may contradict their schema."""

from collections.abc import Sequence
from functools import cache, cached_property
from typing import Any

from msgspec import UNSET, Struct
from msgspec.structs import fields

from hcfmt.export.columns import Structs, column_of

ABSENT = UNSET
"""The value of a field that a record does not have."""

_BETWEEN = "\udfff"  # between texts; a text that holds it as well is only examined without need


class FieldColumn:
    """The values of one field, in the order of the records, and what predicates of them have in common."""

    def __init__(self, values: Sequence[Any]) -> None:
        """Take the values, ``ABSENT`` for a record without the field."""
        self.values = values

    @cached_property
    def types(self) -> frozenset[type]:
        """The types of the values."""
        return frozenset(map(type, self.values))

    @cached_property
    def joined(self) -> str:
        """All values in one text, if all are texts: whatever one of them holds, this holds too."""
        return f"{_BETWEEN}{_BETWEEN.join(self.values)}{_BETWEEN}"

    @cached_property
    def longest(self) -> int:
        """The length of the longest value in characters, if all are texts."""
        return max(map(len, self.values))

    def may_hold(self, text: str, *, first: bool = False) -> bool:
        """Whether one of the values, all texts, may hold a text; with ``first`` at its beginning."""
        return (_BETWEEN + text if first else text) in self.joined


class RecordColumns:
    """The fields of records of one kind: structs of one type, or JSON values of any form. Each field is read once."""

    def __init__(self, records: Sequence[Any]) -> None:
        """Take the records."""
        self.records = records
        self._columns: dict[tuple[str, ...], FieldColumn] = {}

    def column(self, path: tuple[str, ...]) -> FieldColumn:
        """Return the column of a field by its path."""
        known = self._columns.get(path)
        if known is None:
            known = self._columns[path] = FieldColumn(self._read(path))
        return known

    def _read(self, path: tuple[str, ...]) -> Sequence[Any]:
        """Return the values of a field; those inside ``None``, a text or a list are absent."""
        if not path:
            return self.records
        owners, name = self.column(path[:-1]), path[-1]
        if len(owners.types) == 1 and issubclass(kind := next(iter(owners.types)), Struct):
            return column_of(owners.values, name) if name in _properties(kind) else [ABSENT] * len(owners.values)
        return _values(owners, name)


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
