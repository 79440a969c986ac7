"""Types of records, compiled from the schemas: decoding a text as one of them checks most of its schema at once.

An object becomes a msgspec struct with one field for each documented property. The types are strict: a text that
decodes has no undocumented property, no legacy field in use, no integer beyond 2^53, no integer written as a float and
no nesting in values of any form. ``hcfmt.export.column_checks`` checks what types cannot say. A text that does not
decode may nevertheless match its schema.
"""

import keyword
import re
from collections.abc import Mapping
from functools import cache
from operator import or_
from typing import Annotated, Any, Literal

import msgspec

from hcfmt.export.jsontext import SAFE_INTEGER
from hcfmt.export.schemas import Schema, resolved

_FLOAT = Annotated[float, msgspec.Meta(ge=-SAFE_INTEGER, le=SAFE_INTEGER)]
_INTEGER = Annotated[int, msgspec.Meta(ge=-SAFE_INTEGER, le=SAFE_INTEGER)]
FLAT = str | bool | None | _INTEGER | _FLOAT
"""A value of any type that nests nothing."""

_EMPTY_LIST = Annotated[list[FLAT], msgspec.Meta(max_length=0)]
_DESCRIPTIVE = frozenset({"title", "description", "x-form", "x-rules", "x-since", "x-source"})
_KNOWN = _DESCRIPTIVE | {
    *("type", "enum", "const", "if", "then", "else", "properties", "required", "items", "minimum", "pattern"),
    *("x-defines", "x-embedded", "x-file", "x-legacy", "x-open", "x-refers-to", "x-reports", "x-should"),
    *("additionalProperties", "minProperties", "maxProperties"),  # of wrappers, which hold one record
}
"""Keywords that the types here, the checks of ``column_checks`` and ``typed_documents`` take into account."""


@cache
def decoder(name: str) -> msgspec.json.Decoder[Any]:
    """Return the decoder of a data file, or of the JSON inside a string, by the name of its schema.

    It raises ``msgspec.MsgspecError``, ``UnicodeDecodeError`` or ``RecursionError`` for a text that it refuses.
    """
    return msgspec.json.Decoder(type_of(resolved(name)))


def field_name(property_name: str) -> str:
    """Return the field of a struct that holds a property: the same name unless Python does not allow it."""
    if property_name.isidentifier() and not keyword.iskeyword(property_name):
        return property_name
    return re.sub(r"\W", "_", property_name) + "_"


def type_of(part: Schema) -> Any:  # noqa: ANN401 - a type, which may be a union
    """Return the type of a part of a schema from ``schemas.resolved``.

    Raises ValueError for a keyword that no part of the accepting path knows: it would be ignored.
    """
    if unknown := part.keys() - _KNOWN:
        raise ValueError(f"The keyword {min(unknown)} is unknown here: add it to a type or to a check of columns.")
    if "if" in part:
        # Of two alternatives, the one that a rule reports is refused.
        branches = [part[key] for key in ("then", "else") if "x-reports" not in part[key]]
        return _union([type_of(branch) for branch in branches])
    if "const" in part or "enum" in part:
        return Literal[tuple(part.get("enum", [part.get("const")]))]
    kinds = part["type"] if isinstance(part["type"], list) else [part["type"]]
    return _union([_BY_KIND[kind](part) for kind in kinds])


def is_refused(part: Schema) -> bool:
    """Whether a rule reports every value of a part of a schema, so that no type needs to hold one."""
    return "if" in part and all("x-reports" in part.get(key, ()) for key in ("then", "else"))


def _union(types: list[Any]) -> Any:  # noqa: ANN401 - a type
    union = types[0]
    for other in types[1:]:
        union = or_(union, other)
    return union


def _string(part: Schema) -> Any:  # noqa: ANN401 - a type
    if "x-legacy" in part:
        return Literal[""]
    shortest, longest = _expected(part, "minLength"), _expected(part, "maxLength")
    if not shortest and not longest:
        return str
    return Annotated[str, msgspec.Meta(min_length=max(shortest, default=None), max_length=min(longest, default=None))]


def _integer(part: Schema) -> Any:  # noqa: ANN401 - a type
    least = max(-SAFE_INTEGER, part.get("minimum", -SAFE_INTEGER), *_expected(part, "minimum"))
    most = min([SAFE_INTEGER, *_expected(part, "maximum")])
    return Annotated[int, msgspec.Meta(ge=least, le=most)]


def _expected(part: Schema, bound: str) -> list[int]:
    """Return the values of a keyword in all expectations on a part."""
    return [expected[bound] for expected in part.get("x-should", {}).values() if bound in expected]


def _array(part: Schema) -> Any:  # noqa: ANN401 - a type
    if "x-legacy" in part:
        return _EMPTY_LIST
    items: Any = type_of(part["items"]) if "items" in part else FLAT
    return list.__class_getitem__(items)


def _object(part: Schema) -> Any:  # noqa: ANN401 - a type
    if "properties" not in part:
        return dict[str, FLAT]
    required = part.get("required", ())
    fields: list[Any] = []
    for name, inner in part["properties"].items():
        if is_refused(inner):
            continue
        field, inner_type = field_name(name), type_of(inner)
        if name in required:
            fields.append((field, inner_type))
        else:
            fields.append((field, inner_type | msgspec.UnsetType, msgspec.UNSET))
    renamed = {field_name(name): name for name in part["properties"] if field_name(name) != name}
    return msgspec.defstruct(
        part.get("title", "Record"),
        fields,
        rename=renamed or None,
        kw_only=True,
        gc=False,
        forbid_unknown_fields=True,
    )


_BY_KIND: Mapping[str, Any] = {
    "string": _string,
    "integer": _integer,
    "number": lambda _: _INTEGER | _FLOAT,
    "boolean": lambda _: bool,
    "null": lambda _: None,
    "array": _array,
    "object": _object,
}
