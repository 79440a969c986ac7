"""Errors for values that violate the contract, worded as HipChat worded them.

The messages of "type" (jenkinsci/hipchat-plugin#39) and "required" (codecentric/spring-boot-admin#382) are HipChat's to
the letter; those of other keywords follow their pattern.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hcfmt.export.schema_errors import Mismatch
from hcfmt.server.errors import ApiError

MAX_QUOTED = 100
"""Characters of a client's value that an error repeats."""

_Message = Callable[[str, str, Any], str]  # takes the quoted value, the field's name and the keyword's value

MESSAGES: Mapping[str, _Message] = {  # by keyword
    "type": lambda value, name, types: f"Value {value} for field '{name}' is not of type '{expected_types(types)}'",
    "enum": lambda value, name, values: (
        f"Value {value} for field '{name}' is not in the enumeration: [{_quote_all(values)}]"
    ),
    "pattern": lambda value, name, pattern: (
        f"Value {value} for field '{name}' does not match regular expression '{pattern}'"
    ),
    "minLength": lambda value, name, limit: _length_message(value, name, "greater", limit),
    "maxLength": lambda value, name, limit: _length_message(value, name, "less", limit),
    "minItems": lambda value, name, limit: _length_message(value, name, "greater", limit),
    "maxItems": lambda value, name, limit: _length_message(value, name, "less", limit),
    "additionalProperties": lambda value, name, _: (
        f"Value {value} for field '{name}' has a property that is not allowed"
    ),
    "minimum": lambda value, name, limit: f"Value {value} for field '{name}' is less than minimum value: {limit}",
    "maximum": lambda value, name, limit: f"Value {value} for field '{name}' is greater than maximum value: {limit}",
}


def _length_message(value: str, name: str, comparison: str, limit: object) -> str:
    return f"Length of value {value} for field '{name}' must be {comparison} than or equal to {limit}"


def mismatch_error(mismatch: Mismatch, root: str = "body") -> ApiError:
    """Return the error 400 for a mismatch; ``root`` names the field of a mismatch at the top of the value."""
    name = ".".join(str(step) for step in mismatch.path) or root
    if mismatch.keyword == "required":
        return ApiError(400, f"Required field '{name}' is missing", field=name, validation="optional", value=None)
    details: dict[str, Any] = {"field": name, "validation": mismatch.keyword, "value": _shorten(mismatch.value)}
    if mismatch.keyword == "type":
        details["expected_type"] = expected_types(mismatch.expected)
    message = MESSAGES.get(mismatch.keyword, _default_message)
    return ApiError(400, message(quote(mismatch.value), name, mismatch.expected), **details)


def _default_message(value: str, name: str, _: object) -> str:
    return f"Value {value} for field '{name}' is not valid"


def expected_types(types: Any) -> str:  # noqa: ANN401 - a keyword's value: a name or a list of names
    """Return the names of the accepted types, comma-separated, without "null"."""
    names = [types] if isinstance(types, str) else [name for name in types if name != "null"]
    return ", ".join(names)


def quote(value: object) -> str:
    """Quote a value as Python 2, HipChat's language, represented it: u'true'; long values are cut."""
    if isinstance(value, str):
        return f"u{value[:MAX_QUOTED]!a}"
    if isinstance(value, list):
        return f"[{_quote_all(value[:MAX_QUOTED])[:MAX_QUOTED]}]"
    return "{...}" if isinstance(value, dict) else ascii(value)


def _quote_all(values: Sequence[object]) -> str:
    return ", ".join(quote(value) for value in values)


def _shorten(value: object) -> object:
    """Return a value for the error object: the beginning of a text, arrays and objects as quoted text."""
    if isinstance(value, str):
        return value[:MAX_QUOTED]
    return quote(value) if isinstance(value, (list, dict)) else value
