"""Types of records as they are written, compiled from hc-migrate's schemas, to decode a slice at once.

They hold what the classes of ``records.py`` need, and no more. Unlike the strict types of ``hcfmt.export.record_types``
they accept what a reader can do without: undocumented properties, legacy fields in use, values beyond a limit, and
absent properties of which ``may_lack`` is true.
"""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any

import msgspec
import orjson

from hcfmt.export.jsontext import SAFE_INTEGER
from hcfmt.export.layout import MemberLayout
from hcfmt.export.record_types import field_name, is_refused
from hcfmt.export.records import LISTS
from hcfmt.export.schemas import HARMLESS_RULE, SUFFIX, Schema, resolved, rule_of

REFUSED = (
    *(msgspec.MsgspecError, ValueError, RecursionError),
    *(AttributeError, KeyError, OverflowError, TypeError),  # as of timestamps and of records of other dialects
)
"""What decoding a text and making a record of it raise where they are not as documented."""

_FREE = "mentions"  # of any type: legacy in hc-migrate's exports, ids of users in those of Server and Cloud


def is_left_out(key: str, part: Schema) -> bool:
    """Whether no class has a field for a property: it is legacy, constant, or a rule reports every value of it."""
    return key != _FREE and ("x-legacy" in part or "const" in part or is_refused(part) or part.get("type") == "null")


def may_lack(whole: Schema, key: str) -> bool:
    """Whether a record without a property of the schema ``whole`` is read: its field then has its default."""
    part = whole["properties"][key]
    return (
        key not in whole.get("required", ())
        or rule_of(whole, "required", key) == HARMLESS_RULE
        or not {"array", "null"}.isdisjoint(types(part))
    )


def types(part: Schema) -> list[str]:
    """Return the JSON types that a part of a schema names; a list of values without a type holds texts."""
    kinds = part.get("type", "string")
    return kinds if isinstance(kinds, list) else [kinds]


@cache
def record_schemas(row: MemberLayout) -> Mapping[str, Schema]:
    """Return the schema of each kind of record in a data file, by the kind; the row is hc-migrate's."""
    document = resolved(row.schema or "")
    if row.schema in LISTS:
        kind, key = LISTS[row.schema]
        return {kind: document["properties"][key]["items"]}
    return {kind: document["items"]["properties"][kind] for kind in row.wrappers}


@cache
def wrapper_type(row: MemberLayout) -> Any:  # noqa: ANN401 - a type of struct
    """Return the type of a record of a data file below its wrapper key; a property for each kind, one of them set."""
    fields = [(kind, type_of(part) | msgspec.UnsetType, msgspec.UNSET) for kind, part in record_schemas(row).items()]
    return msgspec.defstruct("Wrapper", fields, kw_only=True, gc=False, forbid_unknown_fields=True)


@cache
def decoder(row: MemberLayout) -> msgspec.json.Decoder[Any]:
    """Return the decoder of an array of wrapped records."""
    return msgspec.json.Decoder(list.__class_getitem__(wrapper_type(row)))


def embedded(schema: str, text: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return the value of JSON inside a string. Raises one of ``REFUSED`` unless it has the documented types."""
    _embedded_decoder(schema.removesuffix(SUFFIX)).decode(text)
    return orjson.loads(text)


@cache
def _embedded_decoder(name: str) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(type_of(resolved(name)))


def type_of(part: Schema) -> Any:  # noqa: ANN401 - a type, which may be a union
    """Return the type of a part of a schema."""
    if "if" in part:
        return type_of(next(part[key] for key in ("then", "else") if "x-reports" not in part[key]))
    union: Any = None
    for kind in types(part):
        union = _BY_KIND[kind](part) if union is None else union | _BY_KIND[kind](part)
    return union


def _array(part: Schema) -> Any:  # noqa: ANN401 - a type
    return list.__class_getitem__(type_of(part["items"])) if "items" in part else list[Any]


def _object(part: Schema) -> Any:  # noqa: ANN401 - a type
    if "properties" not in part:
        return dict[str, Any]
    fields: list[Any] = []
    for key, inner in part["properties"].items():
        if is_left_out(key, inner):
            continue
        inner_type = Any if key == _FREE else type_of(inner)
        if may_lack(part, key):
            fields.append((field_name(key), inner_type | msgspec.UnsetType, msgspec.UNSET))
        else:
            fields.append((field_name(key), inner_type))
    renamed = {field_name(key): key for key in part["properties"] if field_name(key) != key}
    return msgspec.defstruct(part.get("title", "Record"), fields, rename=renamed or None, kw_only=True, gc=False)


_BY_KIND: Mapping[str, Any] = {
    "string": lambda _: str,
    "integer": lambda _: Annotated[int, msgspec.Meta(ge=-SAFE_INTEGER, le=SAFE_INTEGER)],
    "number": lambda _: int | float,
    "boolean": lambda _: bool,
    "null": lambda _: None,
    "array": _array,
    "object": _object,
}
