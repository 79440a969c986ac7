"""Renders the reference of the JSON report from its schema: a table of properties for each kind of object."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hcfmt.report.pages import escaped

SCHEMA = Path(__file__).parents[2] / "schemas" / "report" / "report.json"
_DEFINITION = "#/$defs/"

Node = Mapping[str, Any]


def json_reference() -> Iterator[str]:
    """Yield the lines of the page: the document, a report, then the other objects in the order of the schema."""
    schema = json.loads(SCHEMA.read_bytes())
    definitions = schema["$defs"]
    yield from _object("The document", schema, definitions)
    for name in sorted(definitions, key=lambda name: name != "report"):
        if "properties" in definitions[name]:
            yield from _object(name, definitions[name], definitions)


def _object(name: str, node: Node, definitions: Node) -> Iterator[str]:
    """Yield the section of an object: its description, and a row for each property."""
    yield from (f"## {name}", "", escaped(node["description"]), "")
    yield from ("| property | type | meaning |", "| --- | --- | --- |", *_rows("", node, definitions), "")


def _rows(prefix: str, node: Node, definitions: Node) -> Iterator[str]:
    """Yield the rows of an object's properties; those of an object without a section follow it, behind its name."""
    for key, value in node["properties"].items():
        name = f"{prefix}{key}"
        absent = "" if key in node.get("required", ()) else ", may be absent"
        yield f"| `{name}` | {_type(value, definitions)}{absent} | {_meaning(value, definitions)} |"
        inner = definitions[value["$ref"].removeprefix(_DEFINITION)] if "$ref" in value else value
        items = inner.get("items", {})
        if "properties" in inner and "$ref" not in value:
            yield from _rows(f"{name}.", inner, definitions)
        elif "properties" in items and "$ref" not in items:
            yield from _rows(f"{name}[].", items, definitions)


def _type(node: Node, definitions: Node) -> str:
    """Return the type of a value in words; an object that has a section is a link to it."""
    if "$ref" in node:
        name = node["$ref"].removeprefix(_DEFINITION)
        return f"[{name}](#{name})" if "properties" in definitions[name] else _type(definitions[name], definitions)
    if values := [node["const"]] if "const" in node else node.get("enum"):
        return ", ".join(f"`{json.dumps(value)}`" for value in values)
    for word in ("anyOf", "oneOf"):
        if word in node:
            return " or ".join(_type(part, definitions) for part in node[word])
    if node.get("type") == "array":
        return f"array of {_type(node['items'], definitions)}"
    if node.get("type") == "object" and isinstance(node.get("additionalProperties"), dict):
        return f"object of {_type(node['additionalProperties'], definitions)}"
    types = node.get("type", "any")
    return types if isinstance(types, str) else " or ".join(types)


def _meaning(node: Node, definitions: Node) -> str:
    """Return the description of a value, or of what it refers to."""
    while "description" not in node and "$ref" in node:
        node = definitions[node["$ref"].removeprefix(_DEFINITION)]
    return escaped(node.get("description", ""))
