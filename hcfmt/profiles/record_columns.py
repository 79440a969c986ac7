"""Columns of records for the predicates of profiles: one field of many records, which may contradict their schema.

A column is read once, and what several predicates need of it is computed once. Positions are found in compiled code:
texts are searched all at once, and only where few hold what is looked for is each hit looked at.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from functools import cache, cached_property
from itertools import compress
from operator import itemgetter
from types import NoneType
from typing import Any

from msgspec import Struct
from msgspec.structs import fields

from hcfmt.export.columns import Structs, column_of
from hcfmt.profiles.struct_types import ABSENT, property_types

_BETWEEN = (
    "\0"  # between texts, and of one byte, as theirs often are; a text that holds it is only examined without need
)
_NOTHING = frozenset({NoneType, type(ABSENT)})  # types whose values are false
_FEW = 8  # one text in so many: to look at each hit takes less time than to look at each text
_LARGE = 4  # one record in so many: to cut their values out of a column takes less time than to read them


class FieldColumn:
    """The values of one field, in the order of the records, and what predicates of them have in common."""

    def __init__(self, values: Sequence[Any], types: frozenset[type] | None = None) -> None:
        """Take the values, ``ABSENT`` for a record without the field, and their types if they are known."""
        self.values = values
        self.known_types = types
        self._computed: dict[Callable[[str], str], FieldColumn] = {}

    @cached_property
    def types(self) -> frozenset[type]:
        """The types of the values."""
        if self.known_types is not None:
            return self.known_types
        first = self.values[0] if self.values else None
        if (first is ABSENT or first is None) and self.values.count(first) == len(self.values):  # quickly found
            return frozenset({type(first)} if self.values else ())
        return frozenset(map(type, self.values))

    @cached_property
    def joined(self) -> str:
        """All values in one text, if all are texts: whatever one of them holds, this holds too."""
        return f"{_BETWEEN}{_BETWEEN.join(self.values)}{_BETWEEN}"

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self.values), default=0)

    @cached_property
    def _is_divided(self) -> bool:
        """Whether no value holds what is between texts, if all are texts."""
        return self.joined.count(_BETWEEN) == len(self.values) + 1

    def where(self, flags: Iterable[Any]) -> Sequence[int]:
        """Return the positions of the values whose flag is true."""
        return list(compress(range(len(self.values)), flags))

    def of_types(self, kinds: AbstractSet[type]) -> Sequence[int]:
        """Return the positions of the values that have one of some types."""
        if self.types - kinds <= _NOTHING and all(issubclass(kind, Struct) for kind in kinds):  # structs are true
            return self.where(self.values)
        return self.where(map(kinds.__contains__, map(type, self.values)))

    def part(self, places: Sequence[int], types: AbstractSet[type]) -> "FieldColumn":
        """Return the values at some positions, which have some types."""
        return FieldColumn([self.values[place] for place in places], frozenset(types))

    def computed(self, key: Callable[[str], str]) -> "FieldColumn":
        """Return what a function makes of each value, if all are texts."""
        if key not in self._computed:
            self._computed[key] = FieldColumn(list(map(key, self.values)), frozenset({str}))
        return self._computed[key]

    def may_be_longer(self, length: int) -> bool:
        """Whether a value has more characters than a number, if all are texts."""
        return len(self.joined) > length and self._longest > length

    def equal_to(self, value: object) -> Sequence[int]:
        """Return the positions of the values that are equal to another one, as false is to 0."""
        count = self.values.count(value)
        if count == len(self.values):
            return range(count)
        if count * _FEW > len(self.values):
            return [place for place, known in enumerate(self.values) if known == value]
        places, after = list[int](), 0
        for _ in range(count):
            places.append(self.values.index(value, after))
            after = places[-1] + 1
        return places

    def holding(self, text: str) -> Sequence[int]:
        """Return the positions of the values that hold a text, if all are texts."""
        if text not in self.joined:
            return ()
        found = self._found(text) if text and _BETWEEN not in text else None
        return [place for place, value in enumerate(self.values) if text in value] if found is None else found

    def beginning_with(self, texts: tuple[str, ...]) -> Sequence[int]:
        """Return the positions of the values that begin with one of some texts, if all are texts."""
        places = set[int]()
        for text in texts:
            found = self._found(_BETWEEN + text) if text and _BETWEEN not in text else None
            if found is None:
                return [place for place, value in enumerate(self.values) if value.startswith(texts)]
            places.update(found)
        return sorted(places)

    def beginning(self, characters: str) -> Sequence[int]:
        """Return the positions of the values that begin with one of some characters, and more if they are many.

        ``characters`` are written as in a regular expression. All values are texts; an empty one begins with U+0000.
        """
        places, most = list[int](), len(self.values) // _FEW if self._is_divided else 0
        for match in _after_start(characters).finditer(self.joined):
            if len(places) >= most:
                return range(len(self.values))
            value = self.joined[match.end() : self.joined.find(_BETWEEN, match.end())]
            places.append(self.values.index(value, places[-1] + 1 if places else 0))
        return places

    def _found(self, text: str) -> Sequence[int] | None:
        """Return the positions of the values in which ``joined`` holds a text; None if they are many, or uncertain."""
        places, most, joined = list[int](), len(self.values) // _FEW if self._is_divided else 0, self.joined
        offset = joined.find(text)
        while offset >= 0:
            if len(places) >= most:
                return None
            end = joined.find(_BETWEEN, offset + 1)
            value = joined[joined.rfind(_BETWEEN, 0, offset + 1) + 1 : end]
            # Of the values behind the last one that was found, this one is the first that holds the text.
            places.append(self.values.index(value, places[-1] + 1 if places else 0))
            offset = joined.find(text, end)
        return places

    def matching(self, pattern: re.Pattern[str]) -> Sequence[int]:
        """Return the positions of the values that match an expression, if all are texts."""
        if not _depends_on_place(pattern.pattern) and not pattern.search(self.joined):
            return ()
        return self.where(map(pattern.search, self.values))


@cache
def _depends_on_place(pattern: str) -> bool:
    """Whether an expression may match a text, and not another text around it: it looks at what is beside its match."""
    return re.search(r"[\^$]|\\[AZbB]|\(\?[=!<>]|[*+?}]\+", pattern) is not None


@cache
def _after_start(characters: str) -> re.Pattern[str]:
    return re.compile(f"{_BETWEEN}(?=[{characters}])")


class RecordColumns:
    """The fields of records of one kind: structs of one type, or JSON values of any form. Each field is read once.

    ``at`` are the indices of the records in their list, by default from 0. ``found`` holds the positions of the records
    that meet a predicate, for the next condition with the same one.
    """

    def __init__(self, records: Sequence[Any], at: Sequence[int] | None = None) -> None:
        """Take the records."""
        self.records = records
        self.at = range(len(records)) if at is None else at
        self._begin(len(records))

    def _begin(self, count: int) -> None:
        self._count = count
        self._columns: dict[tuple[str, ...], FieldColumn] = {}
        self.found: dict[object, Sequence[int]] = {}

    def __len__(self) -> int:
        """Return the number of records."""
        return self._count

    @property
    def first(self) -> int:
        """The index of the first record in its list."""
        return self.at[0]

    def part(self, places: Sequence[int]) -> "RecordColumns":
        """Return the columns of the records at some positions."""
        if len(places) == len(self):
            return self
        return _Part(self, places) if places else RecordColumns(())

    def column(self, path: tuple[str, ...]) -> FieldColumn:
        """Return the column of a field by its path."""
        known = self._columns.get(path)
        if known is None:
            known = self._columns[path] = self._read(path)
        return known

    def is_read(self, path: tuple[str, ...]) -> bool:
        """Whether a field was read."""
        return path in self._columns

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


class _Part(RecordColumns):
    """The columns of some records of others, cut out of theirs where these are read."""

    def __init__(self, whole: RecordColumns, places: Sequence[int]) -> None:
        """Take the columns of all records, and the positions of some."""
        self._whole = whole
        self._places = places
        self._cut = itemgetter(*places) if len(places) > 1 else lambda values: (values[places[0]],)
        self._is_large = _LARGE * len(places) > len(whole)
        self._begin(len(places))

    @cached_property
    def records(self) -> Sequence[Any]:  # type: ignore[override]
        """The records."""
        return self._cut(self._whole.records)

    @cached_property
    def at(self) -> Sequence[int]:  # type: ignore[override]
        """The indices of the records in their list."""
        return self._cut(self._whole.at)

    @property
    def first(self) -> int:
        """The index of the first record in its list."""
        return self._whole.at[self._places[0]]

    def _read(self, path: tuple[str, ...]) -> FieldColumn:
        """Return the column of a field."""
        if self._whole.is_read(path) or (len(path) == 1 and self._is_large):
            column = self._whole.column(path)
            return FieldColumn(self._cut(column.values), column.known_types)
        return super()._read(path)


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
