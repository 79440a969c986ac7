"""Schemas in a few words of HTML, and examples that match them."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup

_REFERENCE = "#/components/schemas/"
_BOUNDS = (("minimum", "maximum", ""), ("minLength", "maxLength", " characters"), ("minItems", "maxItems", " items"))
_OR = Markup(" or ")
_NOTHING, _ANYTHING = Markup("nothing"), Markup("anything")


def describe(schema: Any) -> Markup:  # noqa: ANN401 - a schema may be a boolean
    """Return a few words of HTML for the values that a schema accepts; references become links to their schema."""
    if not isinstance(schema, Mapping):
        return _NOTHING if schema is False else _ANYTHING
    words = [_type(schema)]
    words += [
        Markup("{}{}").format(_bounds(schema, *keys), unit)
        for *keys, unit in _BOUNDS
        if any(key in schema for key in keys)
    ]
    if "pattern" in schema:
        words.append(Markup("matching {}").format(_code(schema["pattern"])))
    if "format" in schema:
        words.append(Markup("in the form of a {}").format(schema["format"]))
    if schema.get("default", []) != []:
        words.append(Markup("default {}").format(_code(schema["default"])))
    return Markup(", ").join(words)


def _bounds(schema: Mapping[str, Any], lowest: str, highest: str) -> str:
    if lowest not in schema:
        return f"at most {schema[highest]:,}"
    if schema[lowest] == schema.get(highest):
        return f"{schema[lowest]:,}"
    return f"{schema[lowest]:,} to {schema[highest]:,}" if highest in schema else f"at least {schema[lowest]:,}"


def _type(schema: Mapping[str, Any]) -> Markup:
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(_REFERENCE)
        return Markup('<a href="#schema-{name}">{name}</a>').format(name=name)
    if "anyOf" in schema:
        return _OR.join(map(describe, schema["anyOf"]))
    if {"then", "else"} <= schema.keys() and "properties" not in schema:
        return _OR.join(map(describe, (schema["then"], schema["else"])))
    if "const" in schema:
        return Markup("always {}").format(_code(schema["const"]))
    if "enum" in schema:
        return Markup("one of {}").format(Markup(", ").join(map(_code, schema["enum"])))
    types = schema.get("type", "anything")
    names = " or ".join(types) if isinstance(types, list) else str(types)
    return (
        Markup("{} of {}").format(names, describe(schema["items"])) if "items" in schema else Markup("{}").format(names)
    )


def _code(value: object) -> Markup:
    """Return a value as code: a string as it is, any other value as JSON."""
    text = value if isinstance(value, str) else json.dumps(value)
    return Markup("<code>{}</code>").format(text) if text else Markup("empty")


def example(schema: Mapping[str, Any], resolve: Callable[[Any], Mapping[str, Any]]) -> Any:  # noqa: ANN401 - any JSON value
    """Return a JSON value that matches the schema of a body; ``resolve`` returns the target of a reference."""
    schema = {**resolve(schema), **schema}
    if "enum" in schema:
        return schema["enum"][0]
    types = schema.get("type")
    match types[0] if isinstance(types, list) else types:
        case "object":
            names = schema.get("required") or list(schema.get("properties", ()))[:2]
            return {name: example(schema["properties"][name], resolve) for name in names}
        case "array":
            return [example(schema["items"], resolve)]
        case "boolean":
            return True
        case "integer" | "number":
            return schema.get("minimum", 1)
    return _string(schema)


def _string(schema: Mapping[str, Any]) -> str:
    """Return a string that suits a schema's format or the beginning of its pattern."""
    pattern = schema.get("pattern", "")
    if schema.get("format") == "uri" or "://" in pattern:
        return "https://example.com/"
    return "person@example.com" if "@[" in pattern else "text"
