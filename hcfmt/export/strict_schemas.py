"""Strict compiled validators: a value that they accept violates no rule of its schema."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import jsonschema_rs

from hcfmt.export.json_decoding import accept
from hcfmt.export.jsontext import SAFE_INTEGER, Rejected
from hcfmt.export.letter_case import any_case, any_case_pattern, has_no_clash
from hcfmt.export.schemas import Schema, resolved

SECRET_WORDS = (
    *("passw", "passphrase", "secret", "token", "credential"),
    *("apikey", "api_key", "privatekey", "private_key"),
)
"""Words in the name of a property that looks like a password or an API token, in any letter case."""

IsValid = Callable[[object], bool]

# A value of any type that needs no further examination: not nested, and a number within 2^53.
_FLAT = {"type": ["string", "boolean", "null", "number"], "minimum": -SAFE_INTEGER, "maximum": SAFE_INTEGER}
_EMPTY: tuple[object, ...] = ("", [], None)
_WITHOUT_FLOATS = "http://json-schema.org/draft-04/schema#"  # in later drafts 2.0 is an integer
_SECRET = "|".join(map(any_case, SECRET_WORDS))
_EMBEDDED = "embedded/"  # the schemas of JSON inside strings, where no rule reports an undocumented property
_SILENT = frozenset({"description", "title", "examples", "default"})


@cache
def strict_validator(name: str) -> IsValid:
    """Return the compiled strict validator of a schema: a value that it accepts breaks no rule about a single value.

    It is stricter than the schema: it also requires ``x-should``, and refuses undocumented properties (in JSON inside
    strings: those named like a secret), legacy fields in use, integers beyond 2^53, nesting in a value of any type,
    properties that differ from a documented one in letter case alone, and integers written as floats. A refused value
    may be valid: ``schema_errors.explain`` decides. Two undocumented properties that differ in letter case alone pass.
    """
    return compiled(_tightened(resolved(name), embedded=name.startswith(_EMBEDDED)))


@cache
def validator(name: str) -> IsValid:
    """Return the compiled validator of a schema."""
    return compiled(resolved(name))


_PARTS: dict[int, IsValid] = {}
_STRICT_PARTS: dict[int, IsValid] = {}


def part_validator(part: Schema) -> IsValid:
    """Return the compiled validator of a part of a schema from ``schemas.resolved``, which lives on as it is cached."""
    if id(part) not in _PARTS:
        _PARTS[id(part)] = compiled(dict(part))
    return _PARTS[id(part)]


def strict_part_validator(part: Schema) -> IsValid:
    """Return the strict validator of a part of a schema from ``schemas.resolved``, which is cached and so lives on.

    It also refuses strings that should hold JSON, which it does not read, and undocumented properties anywhere, which
    may differ in letter case alone: a value that it accepts has no flaw.
    """
    if id(part) not in _STRICT_PARTS:
        _STRICT_PARTS[id(part)] = compiled(_tightened(part, embedded=False, alone=True))
    return _STRICT_PARTS[id(part)]


def compiled(schema: dict[str, Any]) -> IsValid:
    """Return the compiled validator of a schema; a pattern takes time linear in the text."""
    options = jsonschema_rs.RegexOptions()
    return jsonschema_rs.Draft202012Validator(schema, pattern_options=options).is_valid


def _tightened(node: Any, *, embedded: bool, alone: bool = False) -> Any:  # noqa: ANN401 - any JSON value
    """Return a schema with stricter keywords; ``alone``: nothing else examines strings with JSON and odd names."""
    if isinstance(node, list):
        return [_tightened(item, embedded=embedded, alone=alone) for item in node]
    if not isinstance(node, dict):
        return node
    if "x-reports" in node:
        return False
    tight = {
        key: {name: _tightened(value, embedded=embedded, alone=alone) for name, value in inner.items()}
        if key == "properties"
        else _tightened(inner, embedded=embedded, alone=alone)
        for key, inner in node.items()
        if not key.startswith("x-") and key not in _SILENT
    }
    kinds = node.get("type", ())
    besides = list(node.get("x-should", {}).values())
    if "integer" in kinds and "number" not in kinds:
        besides.append({"$schema": _WITHOUT_FLOATS, "type": kinds})
    if "x-embedded" in node and alone:
        least = 1 if node["x-embedded"].get("blank") else 0
        besides.append({"not": {"type": "string", "minLength": least}})
    if besides:
        tight["allOf"] = [*tight.get("allOf", ()), *besides]
    if "x-legacy" in node:
        tight["enum"] = list(_EMPTY)
    return {**tight, **_tighter(node, kinds, embedded=embedded, is_open="x-open" in node and not alone)}


def _tighter(node: Schema, kinds: Any, *, embedded: bool, is_open: bool) -> Schema:  # noqa: ANN401 - the keyword's value
    """Return the keywords that are added for objects, arrays and numbers."""
    tight: dict[str, Any] = {}
    if "object" in kinds and "additionalProperties" not in node:
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


def check_texts(name: str, texts: Sequence[str]) -> None:
    """Check JSON texts by the strict schema of a name. Raises Rejected."""
    is_valid = strict_validator(name)
    try:
        accepted = all(is_valid(value) and has_no_clash(value) for value in (accept(text.encode()) for text in texts))
    except UnicodeEncodeError:
        raise Rejected from None
    if not accepted:
        raise Rejected
