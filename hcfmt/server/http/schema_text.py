"""Schemas in words, as HTML, and examples of what matches them."""

import json
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

_REFERENCE = "#/components/schemas/"
_BOUNDS = (("minimum", "maximum", ""), ("minLength", "maxLength", " characters"), ("minItems", "maxItems", " items"))


def kind_of(schema: Any) -> str:  # noqa: ANN401 - a schema may be a boolean
    """Return in a few words of HTML what a schema takes; a reference is a link to where the schema is described."""
    if not isinstance(schema, Mapping):
        return "nothing" if schema is False else "anything"
    said = [_type(schema)]
    said += [_bounds(schema, *keys) + what for *keys, what in _BOUNDS if any(key in schema for key in keys)]
    if "pattern" in schema:
        said.append(f"matching {_code(schema['pattern'])}")
    if "format" in schema:
        said.append(f"in the form of a {escape(schema['format'])}")
    if schema.get("default", []) != []:
        said.append(f"default {_code(schema['default'])}")
    return ", ".join(said)


def _bounds(schema: Mapping[str, Any], lowest: str, highest: str) -> str:
    if lowest not in schema:
        return f"at most {schema[highest]:,}"
    if schema[lowest] == schema.get(highest):
        return f"{schema[lowest]:,}"
    return f"{schema[lowest]:,} to {schema[highest]:,}" if highest in schema else f"at least {schema[lowest]:,}"


def _type(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(_REFERENCE)
        return f'<a href="#schema-{escape(name)}">{escape(name)}</a>'
    if "anyOf" in schema:
        return " or ".join(map(kind_of, schema["anyOf"]))
    if {"then", "else"} <= schema.keys() and "properties" not in schema:
        return f"{kind_of(schema['then'])} or {kind_of(schema['else'])}"
    if "const" in schema:
        return f"always {_code(schema['const'])}"
    if "enum" in schema:
        return "one of " + ", ".join(map(_code, schema["enum"]))
    types = schema.get("type", "anything")
    named = " or ".join(types) if isinstance(types, list) else str(types)
    return f"{escape(named)} of {kind_of(schema['items'])}" if "items" in schema else escape(named)


def _code(value: object) -> str:
    """Return a value as code: a text as it is, anything else as JSON."""
    said = value if isinstance(value, str) else json.dumps(value)
    return f"<code>{escape(said)}</code>" if said else "empty"


def example(schema: Mapping[str, Any], at: Callable[[Any], Mapping[str, Any]]) -> Any:  # noqa: ANN401 - any JSON value
    """Return something that matches the schema of a body; ``at`` gives what a reference leads to."""
    schema = {**at(schema), **schema}
    if "enum" in schema:
        return schema["enum"][0]
    types = schema.get("type")
    match types[0] if isinstance(types, list) else types:
        case "object":
            wanted = schema.get("required") or list(schema.get("properties", ()))[:2]
            return {name: example(schema["properties"][name], at) for name in wanted}
        case "array":
            return [example(schema["items"], at)]
        case "boolean":
            return True
        case "integer" | "number":
            return schema.get("minimum", 1)
    return _word(schema)


def _word(schema: Mapping[str, Any]) -> str:
    """Return a text that suits a schema by its format or by how its pattern begins."""
    pattern = schema.get("pattern", "")
    if schema.get("format") == "uri" or "://" in pattern:
        return "https://example.com/"
    return "person@example.com" if "@[" in pattern else "text"
