"""Predicates of conditions, compiled: each finds, among the records of a batch, those that meet it."""

import re
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from itertools import compress, repeat
from operator import not_
from typing import Any

from msgspec import Struct

from hcfmt.errors import UsageError
from hcfmt.findings import pointer_tokens
from hcfmt.profiles.computed_keys import KEYS
from hcfmt.profiles.operators import OPERATORS, TYPES, Operator
from hcfmt.profiles.profile import ARCHIVE, Condition, Predicate
from hcfmt.profiles.record_columns import FieldColumn, RecordColumns
from hcfmt.suggestions import unknown_name

ON_ALL_RECORDS = ("unknown", "repeated")
ON_THE_ARCHIVE = ("finding", "missing", "file_larger_than", "data_file_larger_than", "fact")
_ALWAYS = repeat(True)  # noqa: FBT003 - the only argument
_OPERATORS = [name for name in Predicate.__struct_fields__ if name not in {"field", "key", "negated", "any", "values"}]


class CompiledPredicate(Struct, frozen=True, eq=False):
    """A predicate with its field as a path and its operator from the table; ``alternatives`` are those of ``any``."""

    path: tuple[str, ...]
    key: Callable[[str], str] | None
    negated: bool
    name: str
    argument: Any
    alternatives: tuple["CompiledPredicate", ...] = ()

    @property
    def operator(self) -> Operator:
        """The operator; of alternatives, each has its own."""
        return OPERATORS[self.name]

    def takes_type(self, kind: type) -> bool:
        """Whether values of a type may meet it; a key is computed from texts alone."""
        return kind is str if self.key else self.operator.takes_type(kind)

    @cache  # noqa: B019 - there are as many predicates as profiles have, and few sets of types
    def possible_types(self, kinds: frozenset[type]) -> AbstractSet[type]:
        """Return those of some types of which a value may meet it."""
        taken = {kind for kind in kinds if self.takes_type(kind)}
        of_type = self.operator.of_type
        if of_type is None or self.key:
            return taken
        return {kind for kind in taken if of_type(kind, self.argument) is not self.negated}

    def positions(self, columns: RecordColumns, among: Sequence[int] | None = None) -> Sequence[int]:
        """Return the positions of the records that meet the predicate, in order; ``among`` are those to look at."""
        if among is None:
            if self not in columns.found:
                columns.found[self] = self._positions(columns)
            return columns.found[self]
        if self.alternatives:
            found = {place for predicate in self.alternatives for place in predicate.positions(columns, among)}
            return sorted(found)
        column = columns.column(self.path)
        taken = self.possible_types(column.types)
        if not taken:
            return ()
        if self.key is None and self.operator.of_type:
            return (
                among if len(taken) == len(column.types) else [at for at in among if type(column.values[at]) in taken]
            )
        if self.key is None and len(taken) == len(column.types):
            return list(compress(among, self._flags_of_values([column.values[place] for place in among], taken)))
        return [place for place in among if self.is_met(column.values[place])]

    def _positions(self, columns: RecordColumns) -> Sequence[int]:
        """Return the positions of all records that meet the predicate."""
        places = range(len(columns.records))
        if self.alternatives:
            found = [some for each in self.alternatives if (some := each.positions(columns))]
            if len(found) < 2 or places in found:  # noqa: PLR2004 - nothing to join
                return places if places in found else found[0] if found else ()
            return sorted(set().union(*found))
        flags = self._flags(columns.column(self.path))
        return () if flags is None else places if flags is _ALWAYS else list(compress(places, flags))

    def _flags(self, column: FieldColumn) -> Iterable[bool] | None:
        """Return of each value whether it meets the predicate; None if none can, ``_ALWAYS`` if all do."""
        taken = self.possible_types(column.types)
        if not taken:
            return None
        if self.key or (len(taken) < len(column.types) and not self.operator.of_type):
            return map(self.is_met, column.values)
        return self._flags_of(column, taken)

    def _flags_of(self, column: FieldColumn, taken: AbstractSet[type]) -> Iterable[bool] | None:
        """Return the same of one column; values of the types ``taken`` may meet it."""
        operator = self.operator
        if operator.of_type:
            return _ALWAYS if len(taken) == len(column.types) else map(taken.__contains__, map(type, column.values))
        if not operator.is_possible(column, self.argument):
            return _ALWAYS if self.negated else None
        return self._flags_of_values(column.values, taken)

    def _flags_of_values(self, values: Sequence[Any], taken: AbstractSet[type]) -> Iterable[bool]:
        """Return of each value whether it meets the predicate; all are of the types ``taken``."""
        if self.operator.flags is None or len(taken) > 1:
            return map(self.is_met, values)
        flags = self.operator.flags(values, self.argument)
        return map(not_, flags) if self.negated else flags

    def is_met(self, value: Any) -> bool:  # noqa: ANN401 - any JSON value
        """Whether a value meets the predicate."""
        if not self.takes_type(type(value)):
            return False
        computed = self.key(value) if self.key else value
        return self.operator.holds(computed, self.argument) is not self.negated


def compiled(predicate: Predicate) -> CompiledPredicate:
    """Return a predicate on single records compiled, the same object for the same predicate; it was checked before."""
    key = repr(predicate)
    if key not in _KNOWN:
        _KNOWN[key] = _compiled(predicate)
    return _KNOWN[key]


_KNOWN: dict[str, CompiledPredicate] = {}  # by the text of a predicate: as values, true and 1 are the same


def _compiled(predicate: Predicate) -> CompiledPredicate:
    alternatives = tuple(map(compiled, predicate.any or ()))
    path, key = path_of(predicate), key_of(predicate)
    if alternatives:
        return CompiledPredicate(path, key, negated=False, name="", argument=None, alternatives=alternatives)
    (name, argument), *_ = given_operators(predicate)
    if name == "matches":
        argument = re.compile(argument)
    return CompiledPredicate(path, key, predicate.negated, name, argument)


def path_of(predicate: Predicate) -> tuple[str, ...]:
    """Return the property names that lead from a record to the field of a predicate."""
    return pointer_tokens(predicate.field)


def key_of(predicate: Predicate) -> Callable[[str], str] | None:
    """Return the function that computes a predicate's key from the field's text, None without a key."""
    return KEYS[predicate.key] if predicate.key else None


def given_operators(predicate: Predicate) -> list[tuple[str, Any]]:
    """Return the operators of a predicate with their arguments; a right predicate has one."""
    return [(name, value) for name in _OPERATORS if (value := getattr(predicate, name)) is not None]


def check_predicates(condition: Condition) -> None:
    """Raise UsageError for a condition whose predicates cannot be compiled; it says what is wrong with them."""
    for predicate in condition.when:
        for part in (predicate, *(predicate.any or ())):
            _check_predicate(condition, part)
    names = [name for predicate in condition.when for name, _ in given_operators(predicate)]
    special = [name for name in names if name in ON_ALL_RECORDS + ON_THE_ARCHIVE]
    if special and len(condition.when) > 1:
        raise UsageError(f"Condition {condition.id}: '{special[0]}' must be the only predicate of its condition.")
    on_archive = condition.where == (ARCHIVE,)
    if on_archive and not all(name in ON_THE_ARCHIVE for name in names or [""]):
        raise UsageError(f"Condition {condition.id}: predicates of the archive are {', '.join(ON_THE_ARCHIVE)}.")
    if not on_archive and (wrong := [name for name in names if name in ON_THE_ARCHIVE[1:]]):
        raise UsageError(f"Condition {condition.id}: '{wrong[0]}' is a predicate of the archive; 'where' must say so.")


def _check_predicate(condition: Condition, predicate: Predicate) -> None:
    """Raise UsageError for a predicate without an operator or with two, and for an argument that is wrong."""
    operators = given_operators(predicate)
    if len(operators) != (0 if predicate.any else 1):
        raise UsageError(
            f"Condition {condition.id}: each predicate has one operator, or 'any' with a list of predicates."
        )
    if predicate.values is not None and predicate.finding is None:
        raise UsageError(f"Condition {condition.id}: 'values' are those of a finding: the predicate needs 'finding'.")
    if predicate.field and not predicate.field.startswith("/"):
        raise UsageError(
            f"Condition {condition.id}: the field {predicate.field!r} is no JSON Pointer; it begins with '/'."
        )
    if predicate.key and predicate.key not in KEYS:
        raise UsageError(f"Condition {condition.id}: {unknown_name('computed key', predicate.key, KEYS)}")
    for name, argument in operators:
        if name in {"type", "holds_type"} and (wrong := [kind for kind in argument if kind not in TYPES]):
            raise UsageError(f"Condition {condition.id}: {unknown_name('type', wrong[0], TYPES)}")
        if name == "matches":
            try:
                re.compile(argument)
            except re.error as error:
                raise UsageError(
                    f"Condition {condition.id}: {argument!r} is no regular expression: {error}."
                ) from error
