"""Operators of predicates: a table of what each does with one value, and with a column of values at once."""

from collections.abc import Callable, Mapping, Sequence
from itertools import repeat
from operator import contains, gt, lt, not_
from typing import Any, NamedTuple

from msgspec import Struct

from hcfmt.profiles.record_columns import FieldColumn
from hcfmt.profiles.struct_types import ABSENT

_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "array": list,
    "boolean": bool,
    "integer": int,
    "null": type(None),
    "number": (int, float),
    "object": (dict, Struct),
    "string": str,
}
TYPES = tuple(_TYPES)
"""The names of JSON's types."""


class Operator(NamedTuple):
    """One operator.

    ``takes`` are the types of the values that it applies to: no other value meets a predicate with it, negated or not.
    ``holds`` tells of one value and the operator's argument whether it holds. ``find`` returns the positions of the
    values of a column for which it holds, in order, if all values have one of its types, or with ``mixes`` several.
    ``of_type`` does what ``holds`` does with the type of a value, where that decides: then no value is looked at.
    """

    takes: tuple[type, ...]
    holds: Callable[[Any, Any], bool]
    find: Callable[[FieldColumn, Any], Sequence[int]] | None = None
    mixes: bool = False
    of_type: Callable[[type, Any], bool] | None = None

    def takes_type(self, kind: type) -> bool:
        """Whether values of a type may meet a predicate; a boolean is no number, and a struct an object."""
        return kind in self.takes or (Struct in self.takes and issubclass(kind, Struct))


def type_name(value: object) -> str:
    """Return the name of a value's type in JSON; an integer's is ``integer``."""
    return _name_of(type(value))


def _name_of(kind: type) -> str:
    return "boolean" if kind is bool else next(name for name, types in _TYPES.items() if issubclass(kind, types))


def _is_type(value: object, names: Sequence[str]) -> bool:
    return _is_of_type(type(value), names)


def _is_of_type(kind: type, names: Sequence[str]) -> bool:
    name = _name_of(kind)
    return name in names or (name == "integer" and "number" in names)


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _is_falsy(value: object, argument: object) -> bool:
    return (value is ABSENT or not value) is argument


_MOST_BYTES = 4  # of a character in UTF-8
_ANY = (str, bool, int, float, type(None), list, dict, Struct)
_EVERYTHING = (*_ANY, type(ABSENT))
_SCALARS, _TEXT, _NUMBERS = (str, bool, int, float), (str,), (int, float)

OPERATORS: Mapping[str, Operator] = {
    "absent": Operator(
        _EVERYTHING,
        lambda value, argument: (value is ABSENT) is argument,
        of_type=lambda kind, argument: (kind is type(ABSENT)) is argument,
    ),
    "null": Operator(
        _ANY,
        lambda value, argument: (value is None) is argument,
        of_type=lambda kind, argument: (kind is type(None)) is argument,
    ),
    "falsy": Operator(
        _EVERYTHING,
        _is_falsy,
        lambda column, argument: column.where(map(not_, column.values) if argument else column.values),
        mixes=True,
    ),
    "type": Operator(_ANY, _is_type, of_type=_is_of_type),
    "equals": Operator(
        _SCALARS,
        lambda value, argument: type(value) is type(argument) and value == argument,
        lambda column, argument: column.equal_to(argument) if type(argument) in column.types else (),
    ),
    "one_of": Operator(_SCALARS, lambda value, argument: value in argument),
    "contains": Operator(_TEXT, contains, FieldColumn.holding),
    "starts_with": Operator(_TEXT, str.startswith, FieldColumn.beginning_with),
    "ends_with": Operator(
        _TEXT,
        str.endswith,
        lambda column, argument: column.where(map(str.endswith, column.values, repeat(argument))),
    ),
    "matches": Operator(
        _TEXT,
        lambda value, argument: argument.search(value) is not None,
        FieldColumn.matching,
    ),
    "longer_than": Operator(
        _TEXT,
        lambda value, argument: len(value) > argument,
        lambda column, argument: (
            column.where(map(gt, map(len, column.values), repeat(argument))) if column.may_be_longer(argument) else ()
        ),
    ),
    "longer_than_bytes": Operator(
        _TEXT,
        lambda value, argument: _bytes(value) > argument,
        lambda column, argument: (
            column.where(map(gt, map(_bytes, column.values), repeat(argument)))
            if column.may_be_longer(argument // _MOST_BYTES)
            else ()
        ),
    ),
    "shorter_than": Operator(
        _TEXT,
        lambda value, argument: len(value) < argument,
        lambda column, argument: column.where(map(lt, map(len, column.values), repeat(argument))),
    ),
    "greater_than": Operator(
        _NUMBERS, gt, lambda column, argument: column.where(map(gt, column.values, repeat(argument)))
    ),
    "less_than": Operator(
        _NUMBERS, lt, lambda column, argument: column.where(map(lt, column.values, repeat(argument)))
    ),
    "holds_type": Operator((list,), lambda value, names: any(_is_type(item, names) for item in value)),
}
"""The operators on one value, by their names in TOML (``one_of`` is ``in``)."""
