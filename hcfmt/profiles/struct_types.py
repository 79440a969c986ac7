"""Types that a property of a struct may have."""

from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from msgspec import UNSET, Struct
from msgspec.structs import fields

ABSENT = UNSET
"""The value of a field that a record does not have."""

_ANY = frozenset[type]({str, bool, int, float, NoneType, list, dict, type(ABSENT)})


@cache
def types_at(kind: type[Struct], path: tuple[str, ...]) -> frozenset[type]:
    """Return the types of the values that structs of a type may have at a path."""
    types = frozenset[type]({kind})
    for name in path:
        types = frozenset(found for each in types for found in property_types(each, name))
    return types


@cache
def property_types(kind: type, name: str) -> frozenset[type]:
    """Return the types that a property of a type may have; of what lacks it, that of ``ABSENT``."""
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
