"""Leaves out of a record what is not as documented, as far as it can be read without: the record is whole, or refused.

A property that may be absent is left out where its value is of another type, an item of an array likewise. Of anything
else the record has need: a message without a text, or without a time that exists, cannot be read.
"""

from typing import Any

from hcfmt.export.annotations import EMBEDDED
from hcfmt.export.jsontext import SAFE_INTEGER
from hcfmt.export.schemas import Schema
from hcfmt.export.timestamps import parse_possible, parse_timestamps
from hcfmt.reader.wire_types import REFUSED, embedded, is_left_out, may_lack, types

Path = tuple[str | int, ...]

_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
    "array": list,
    "object": dict,
}
_DATE = "ISO 8601 date and time"  # title of the schema of dates


class Unreadable(Exception):  # noqa: N818 - a value to catch, which never leaves this package
    """Value at a path without which its record cannot be read."""

    def __init__(self, path: Path) -> None:
        """Take the path from the top of the record."""
        super().__init__(path)
        self.path = path


def repaired(record: Any, schema: Schema, path: Path) -> tuple[Any, list[Path]]:  # noqa: ANN401 - any JSON value
    """Return a record as documented, and the paths of what was left out. Raises Unreadable."""
    dropped: list[Path] = []
    return _value(record, schema, path, dropped), dropped


def _value(value: Any, part: Schema, path: Path, dropped: list[Path]) -> Any:  # noqa: ANN401 - any JSON value
    """Return a value as its part of a schema has it, with paths added to those that were left out."""
    if "if" in part:
        part = next(part[key] for key in ("then", "else") if "x-reports" not in part[key])
    kind = next((kind for kind in types(part) if _is_of(value, kind)), None)
    if kind is None or (kind == "string" and not _is_readable(value, part)):
        raise Unreadable(path)
    if kind == "object" and "properties" in part:
        return _object(value, part, path, dropped)
    if kind == "array" and "items" in part:
        return _array(value, part["items"], path, dropped)
    return value


def _is_of(value: Any, kind: str) -> bool:  # noqa: ANN401 - any JSON value
    if kind == "integer":
        return type(value) is int and abs(value) <= SAFE_INTEGER
    return isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _is_readable(text: str, part: Schema) -> bool:
    """Whether a text is UTF-8 without lone surrogates, and a date or JSON where one is documented."""
    try:
        text.encode()
        if EMBEDDED in part:
            if text or not part[EMBEDDED].get("blank"):
                embedded(part[EMBEDDED]["schema"], text)
        elif part.get("x-form") == "timestamp":
            parse_timestamps([text])
        elif part.get("title") == _DATE:
            return parse_possible(text) is not None
    except REFUSED:
        return False
    return True


def _object(value: dict[str, Any], part: Schema, path: Path, dropped: list[Path]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, inner in part["properties"].items():
        if key not in value:
            if not may_lack(part, key) and not is_left_out(key, inner):
                raise Unreadable((*path, key))
        elif key == "mentions":
            result[key] = value[key]
        elif not is_left_out(key, inner):
            _add_property(result, key, value[key], part, path, dropped)
    return result


def _add_property(
    result: dict[str, Any],
    key: str,
    value: Any,  # noqa: ANN401 - any JSON value
    part: Schema,
    path: Path,
    dropped: list[Path],
) -> None:
    inner_dropped: list[Path] = []
    try:
        result[key] = _value(value, part["properties"][key], (*path, key), inner_dropped)
    except Unreadable as error:
        if not may_lack(part, key):
            raise
        dropped.append(error.path)
    else:
        dropped += inner_dropped


def _array(value: list[Any], items: Schema, path: Path, dropped: list[Path]) -> list[Any]:
    result = []
    for index, item in enumerate(value):
        try:
            result.append(_value(item, items, (*path, index), dropped))
        except Unreadable as error:
            dropped.append(error.path)
    return result
