"""Types that a field of a struct may have: conditions that no struct can meet cost nothing on valid records."""

from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from msgspec import Struct
from msgspec.structs import fields

from hcfmt.profiles.predicates import CompiledPredicate
from hcfmt.profiles.record_columns import ABSENT

_ANY = frozenset[type]({str, bool, int, float, NoneType, list, dict, type(ABSENT)})


def is_possible(predicate: CompiledPredicate, kind: type[Struct]) -> bool:
    """Whether a struct of a type can meet a predicate, by the types of its fields."""
    if predicate.alternatives:
        return any(is_possible(part, kind) for part in predicate.alternatives)
    types = types_at(kind, predicate.path)
    return bool(predicate.possible_types(types))


@cache
def types_at(kind: type[Struct], path: tuple[str, ...]) -> frozenset[type]:
    """Return the types of the values that structs of a type may have at a path."""
    types = frozenset[type]({kind})
    for name in path:
        types = frozenset(found for each in types for found in _types_of(each, name))
    return types


def _types_of(kind: type, name: str) -> frozenset[type]:
    """Return the types of a property; of what has no properties, or not this one, that it is absent."""
    if issubclass(kind, dict):
        return _ANY  # its properties are not described
    if not issubclass(kind, Struct):
        return frozenset({type(ABSENT)})
    found = [field.type for field in fields(kind) if field.encode_name == name]
    return frozenset(_classes(found[0])) if found else frozenset({type(ABSENT)})


def _classes(annotation: Any) -> set[type]:  # noqa: ANN401 - a type of any form
    """Return the classes of a type: of a union its parts, of a literal those of its values."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _classes(arguments[0])
    if origin is Literal:
        return {type(value) for value in arguments}
    if origin in {Union, UnionType}:
        return set().union(*map(_classes, arguments))
    if annotation is None:
        return {NoneType}
    return {origin or annotation}
