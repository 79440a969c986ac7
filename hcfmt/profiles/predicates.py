"""Predicates of conditions, compiled: each finds, among the records of a batch, those that meet it."""

import re
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
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
_OPERATORS = [name for name in Predicate.__struct_fields__ if name not in {"field", "key", "negated", "any", "values"}]


class CompiledPredicate(Struct, frozen=True, eq=False):
    """A predicate with its field as a path and its operator from the table.

    ``alternatives`` are those of ``any``, which has no operator of its own. ``is_of_type``: the type of a value decides
    whether it meets the predicate.
    """

    path: tuple[str, ...]
    key: Callable[[str], str] | None
    negated: bool
    operator: Operator = OPERATORS["falsy"]
    argument: Any = None
    alternatives: tuple["CompiledPredicate", ...] = ()
    is_of_type: bool = False

    def takes_type(self, kind: type) -> bool:
        """Whether values of a type may meet it; a key is computed from texts alone."""
        return kind is str if self.key else self.operator.takes_type(kind)

    @cache  # noqa: B019 - there are as many predicates as profiles have, and few sets of types
    def possible_types(self, kinds: frozenset[type]) -> AbstractSet[type]:
        """Return those of some types of which a value may meet it."""
        taken = {kind for kind in kinds if self.takes_type(kind)}
        of_type = self.operator.of_type
        if of_type is None or not self.is_of_type:
            return taken
        return {kind for kind in taken if of_type(kind, self.argument) is not self.negated}

    def positions(self, columns: RecordColumns) -> Sequence[int]:
        """Return the positions of the records that meet the predicate, in order."""
        if self not in columns.found:
            columns.found[self] = self._any(columns) if self.alternatives else self._positions(columns)
        return columns.found[self]

    def met_by(self, columns: RecordColumns) -> RecordColumns | None:
        """Return the columns of the records that meet the predicate, None if none does."""
        places = self.positions(columns)
        return columns.part(places) if places else None

    def _any(self, columns: RecordColumns) -> Sequence[int]:
        found = [some for each in self.alternatives if (some := each.positions(columns))]
        if len(found) < 2:  # noqa: PLR2004 - nothing to join
            return found[0] if found else ()
        return max(found, key=len) if max(map(len, found)) == len(columns) else sorted(set().union(*found))

    def _positions(self, columns: RecordColumns) -> Sequence[int]:
        column = columns.column(self.path)
        taken = self.possible_types(column.types)
        if len(taken) == len(column.types):
            return self._among(column)
        if not taken:
            return ()
        among = column.of_types(taken)
        return [among[place] for place in self._among(column.part(among, taken))]

    def _among(self, column: FieldColumn) -> Sequence[int]:
        """Return the positions of the values that meet the predicate; all have a type of which some may meet it."""
        operator, places = self.operator, range(len(column.values))
        if self.is_of_type:
            return places
        if self.key:
            column = column.computed(self.key)
        if operator.find and (operator.mixes or len(column.types) == 1):
            found = operator.find(column, self.argument)
            return _others(found, places) if self.negated else found
        holds, argument = operator.holds, self.argument
        return [place for place in places if holds(column.values[place], argument) is not self.negated]


def _others(found: Sequence[int], places: range) -> Sequence[int]:
    """Return all places but those that were found."""
    if not found:
        return places
    some = frozenset(found)
    return [place for place in places if place not in some]


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
        return CompiledPredicate(path, key, negated=False, alternatives=alternatives)
    (name, argument), *_ = given_operators(predicate)
    if name == "matches":
        argument = re.compile(argument)
    operator = OPERATORS[name]
    is_of_type = key is None and operator.of_type is not None
    return CompiledPredicate(path, key, predicate.negated, operator, argument, is_of_type=is_of_type)


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
