"""Operators of predicates: a table of what each does with one value, and with a column of values at once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import repeat
from operator import contains, eq, gt, is_not, itemgetter, lt, not_, truth
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
    ``holds`` tells of one value and the operator's argument whether it holds. ``flags`` does the same for many values
    of its types in compiled code. ``is_possible`` is false if no value of a column, all of its types, can meet it.
    ``of_type`` does what ``holds`` does with the type of a value, where that decides: then no value is looked at.
    """

    takes: tuple[type, ...]
    holds: Callable[[Any, Any], bool]
    flags: Callable[[Sequence[Any], Any], Iterable[bool]] | None = None
    is_possible: Callable[[FieldColumn, Any], bool] = lambda _, __: True
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


def _is_falsy(value: object, argument: object) -> bool:
    return (value is ABSENT or not value) is argument


def _begin_with(values: Sequence[str], beginnings: tuple[str, ...]) -> Iterable[bool]:
    """Return of each text whether it begins with one of some others; quicker if all of these are single characters."""
    if any(len(text) != 1 for text in beginnings):
        return map(str.startswith, values, repeat(beginnings))
    return map(frozenset(beginnings).__contains__, map(itemgetter(slice(1)), values))


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
    "falsy": Operator(_EVERYTHING, _is_falsy, lambda values, argument: map(not_ if argument else truth, values)),
    "type": Operator(_ANY, _is_type, of_type=_is_of_type),
    "equals": Operator(
        _SCALARS,
        lambda value, argument: type(value) is type(argument) and value == argument,
        lambda values, argument: map(eq, values, repeat(argument)),
        lambda column, argument: type(argument) in column.types and column.may_equal(argument),
    ),
    "one_of": Operator(_SCALARS, lambda value, argument: value in argument),
    "contains": Operator(
        _TEXT,
        contains,
        lambda values, argument: map(contains, values, repeat(argument)),
        lambda column, argument: column.may_hold(argument),
    ),
    "starts_with": Operator(
        _TEXT,
        str.startswith,
        _begin_with,
        lambda column, argument: any(column.may_begin(text) for text in argument),
    ),
    "ends_with": Operator(_TEXT, str.endswith, lambda values, argument: map(str.endswith, values, repeat(argument))),
    "matches": Operator(
        _TEXT,
        lambda value, argument: argument.search(value) is not None,
        lambda values, argument: map(is_not, map(argument.search, values), repeat(None)),
    ),
    "longer_than": Operator(
        _TEXT,
        lambda value, argument: len(value) > argument,
        lambda values, argument: map(gt, map(len, values), repeat(argument)),
        lambda column, argument: column.longest > argument,
    ),
    "longer_than_bytes": Operator(
        _TEXT,
        lambda value, argument: len(value.encode("utf-8", "surrogatepass")) > argument,
        None,
        lambda column, argument: column.longest * 4 > argument,
    ),
    "shorter_than": Operator(
        _TEXT,
        lambda value, argument: len(value) < argument,
        lambda values, argument: map(lt, map(len, values), repeat(argument)),
    ),
    "greater_than": Operator(_NUMBERS, gt, lambda values, argument: map(gt, values, repeat(argument))),
    "less_than": Operator(_NUMBERS, lt, lambda values, argument: map(lt, values, repeat(argument))),
    "holds_type": Operator((list,), lambda value, names: any(_is_type(item, names) for item in value)),
}
"""The operators on one value, by their names in TOML (``one_of`` is ``in``)."""
