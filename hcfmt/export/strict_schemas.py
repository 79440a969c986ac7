"""Compiled code's answer to whether a value is beyond all doubt: it turns down whatever a rule might speak of."""

from collections.abc import Callable
from functools import cache
from typing import Any

import jsonschema_rs

from hcfmt.export.jsontext import SAFE_INTEGER
from hcfmt.export.letter_case import any_case, any_case_pattern
from hcfmt.export.schemas import Schema, resolved

SECRET_WORDS = (
    *("passw", "passphrase", "secret", "token", "credential"),
    *("apikey", "api_key", "privatekey", "private_key"),
)
"""Words in the name of a property that looks like a password or an API token, in any letter case."""

IsValid = Callable[[object], bool]

# What a value may be where anything may stand, for the text around it to need no second look: nothing nested.
_FLAT = {"type": ["string", "boolean", "null", "number"], "minimum": -SAFE_INTEGER, "maximum": SAFE_INTEGER}
_EMPTY: tuple[object, ...] = ("", [], None)
_WITHOUT_FLOATS = "http://json-schema.org/draft-04/schema#"  # in later drafts 2.0 is an integer
_SECRET = "|".join(map(any_case, SECRET_WORDS))
_EMBEDDED = "embedded/"  # the schemas of JSON inside strings, where no rule reports an undocumented property
_SILENT = frozenset({"description", "title", "examples", "default"})


@cache
def strict_validator(name: str) -> IsValid:
    """Return the compiled question whether a value matches a schema so well that no rule about it alone speaks.

    Stricter than the schema itself: what a value should be besides (``x-should``), no undocumented property (in JSON
    inside strings: none with a secret's name), no legacy field in use, no integer beyond 2^53, nothing nested where
    anything may stand, no property that is a documented one but for letter case, no integer that is written as a float.
    What it turns down may be perfectly valid; ``schema_errors.explain`` says. What it cannot see: whether two
    properties of an open object differ in letter case alone.
    """
    return _compiled(resolved(name), embedded=name.startswith(_EMBEDDED))


@cache
def validator(name: str) -> IsValid:
    """Return the compiled question whether a value matches a schema as it is."""
    options = jsonschema_rs.RegexOptions()
    return jsonschema_rs.Draft202012Validator(resolved(name), pattern_options=options).is_valid


_PART_SCREENS: dict[int, IsValid] = {}


def strict_part_validator(part: dict[str, Any]) -> IsValid:
    """Return the same question for a part of a schema that ``whole`` returned, which therefore lives on.

    A part with JSON inside its strings is never answered for: the screen does not look into them.
    """
    if id(part) not in _PART_SCREENS:
        _PART_SCREENS[id(part)] = _never if _holds_texts(part) else _compiled(part)
    return _PART_SCREENS[id(part)]


def _never(_: object) -> bool:
    return False


def _holds_texts(node: Any) -> bool:  # noqa: ANN401 - any JSON value
    if isinstance(node, list):
        return any(_holds_texts(item) for item in node)
    return isinstance(node, dict) and ("x-embedded" in node or any(_holds_texts(inner) for inner in node.values()))


def _compiled(schema: Schema, *, embedded: bool = False) -> IsValid:
    options = jsonschema_rs.RegexOptions()
    tightened = _tightened(schema, embedded=embedded)
    return jsonschema_rs.Draft202012Validator(tightened, pattern_options=options).is_valid


def _tightened(node: Any, *, embedded: bool) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(node, list):
        return [_tightened(item, embedded=embedded) for item in node]
    if not isinstance(node, dict):
        return node
    if "x-reports" in node:
        return False
    tight = {
        key: {name: _tightened(value, embedded=embedded) for name, value in inner.items()}
        if key == "properties"
        else _tightened(inner, embedded=embedded)
        for key, inner in node.items()
        if not key.startswith("x-") and key not in _SILENT
    }
    kinds = node.get("type", ())
    besides = list(node.get("x-should", {}).values())
    if "integer" in kinds and "number" not in kinds:
        besides.append({"$schema": _WITHOUT_FLOATS, "type": kinds})
    if besides:
        tight["allOf"] = [*tight.get("allOf", ()), *besides]
    if "x-legacy" in node:
        tight["enum"] = list(_EMPTY)
    return {**tight, **_tighter(node, kinds, embedded=embedded)}


def _tighter(node: Schema, kinds: Any, *, embedded: bool) -> Schema:  # noqa: ANN401 - the keyword's value
    """Return the keywords that are added for objects, arrays and numbers."""
    tight: dict[str, Any] = {}
    if "object" in kinds and "additionalProperties" not in node:
        is_open = "x-open" in node
        tight["additionalProperties"] = _FLAT if is_open or embedded else False
        documented = list(node.get("properties", ()))
        if documented and (is_open or embedded):
            reported = any_case_pattern(documented) if is_open else f"{any_case_pattern(documented)}|{_SECRET}"
            tight["propertyNames"] = {"anyOf": [{"enum": documented}, {"not": {"pattern": reported}}]}
    if "array" in kinds and "x-open" in node and "items" not in node:
        tight["items"] = _FLAT
    if "integer" in kinds or "number" in kinds:
        tight["minimum"] = max(-SAFE_INTEGER, node.get("minimum", -SAFE_INTEGER))
        tight["maximum"] = min(SAFE_INTEGER, node.get("maximum", SAFE_INTEGER))
    return tight
