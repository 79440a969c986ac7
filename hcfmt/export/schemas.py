"""The JSON Schemas of ``schemas/``: found, read, and compiled for compiled code.

A schema's name is its path below ``schemas/`` without the suffix: ``messages/UserMessage``.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

import jsonschema_rs

from hcfmt.errors import UsageError
from hcfmt.export.jsontext import SAFE_INTEGER

Schema = Mapping[str, Any]
SUFFIX = ".json"
FORMAT = ("export/", "messages/", "embedded/")  # where the schemas of the format are, beside hcfmt's own outputs

# The rules that speak when a schema's keyword fails: unless x-rules names another, and for a wrapper.
DEFAULT_RULE, WRAPPER_RULE = "HC301", "HC302"
# A record with a flaw of these rules goes no further: what else is odd about it may be the same fault.
SHAPE_GATE = frozenset({DEFAULT_RULE, WRAPPER_RULE})

# What a value may be where anything may stand, for the text around it to need no second look: nothing nested.
_FLAT = {"type": ["string", "boolean", "null", "number"], "minimum": -SAFE_INTEGER, "maximum": SAFE_INTEGER}
_EMPTY: tuple[object, ...] = ("", [], None)
# Of a schema that stands inside another; "$schema" there would make the reference engine forget our keywords.
_NOT_TAKEN_OVER = frozenset({"$schema", "$ref", "$defs"})


def _root() -> Path:
    """Return the directory of the schemas: inside an installed package, beside the package in a checkout."""
    package = Path(__file__).parent.parent
    installed = package / "schemas"
    return installed if installed.is_dir() else package.parent / "schemas"


@cache
def names() -> tuple[str, ...]:
    """Return the names of all schemas, sorted."""
    root = _root()
    return tuple(sorted(path.relative_to(root).with_suffix("").as_posix() for path in root.rglob(f"*{SUFFIX}")))


@cache
def text(name: str) -> str:
    """Return a schema as it stands in its file; UsageError when there is none of that name."""
    if name not in names():
        raise UsageError(f"There is no schema {name!r}; 'hcfmt schema' lists them.")
    return (_root() / f"{name}{SUFFIX}").read_text(encoding="utf-8")


@cache
def read(name: str) -> Schema:
    """Return a schema as a mapping, its references as they stand."""
    schema: Schema = json.loads(text(name))
    return schema


@cache
def whole(name: str) -> dict[str, Any]:
    """Return a schema with every reference replaced by what it refers to; no schema of ours refers to itself."""
    resolved: dict[str, Any] = _resolved(read(name), name)
    return resolved


def _resolved(node: Any, name: str) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(node, list):
        return [_resolved(item, name) for item in node]
    if not isinstance(node, dict):
        return node
    own = {key: _resolved(value, name) for key, value in node.items() if key not in _NOT_TAKEN_OVER}
    return {**_target(node["$ref"], name), **own} if "$ref" in node else own


def _target(reference: str, name: str) -> dict[str, Any]:
    path, _, fragment = reference.partition("#")
    target = _joined(name, path) if path else name
    node: Any = read(target)
    for token in fragment.split("/")[1:]:
        node = node[token]
    resolved: dict[str, Any] = _resolved(node, target)
    return resolved


def _joined(name: str, reference: str) -> str:
    """Resolve a relative reference against the name of the schema it stands in (RFC 3986, section 5.2)."""
    parts: list[str] = []
    for part in (PurePosixPath(name).parent / reference.removesuffix(SUFFIX)).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


@cache
def vocabulary() -> frozenset[str]:
    """Return every property name that some schema documents."""
    return frozenset(key for name in names() if name.startswith(FORMAT) for key in _keys(read(name)))


def _keys(node: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    for key, inner in node.items() if isinstance(node, dict) else ():
        if key == "properties":
            yield from inner
        yield from _keys(inner)
    for inner in node if isinstance(node, list) else ():
        yield from _keys(inner)


@cache
def screen(name: str) -> Callable[[object], bool]:
    """Return the compiled question whether a value matches a schema so well that no rule of area 3 speaks.

    Stricter than the schema itself: no undocumented property, no legacy field in use, no integer beyond 2^53, nothing
    nested where anything may stand. What it turns down may be perfectly valid; ``shape.explain`` says.
    """
    return _compiled(whole(name))


_PART_SCREENS: dict[int, Callable[[object], bool]] = {}


def part_screen(part: dict[str, Any]) -> Callable[[object], bool]:
    """Return the same question for a part of a schema that ``whole`` returned, which therefore lives on.

    A part with JSON inside its strings is never answered for: the screen does not look into them.
    """
    if id(part) not in _PART_SCREENS:
        _PART_SCREENS[id(part)] = _never if any(_embedded(part, ())) else _compiled(part)
    return _PART_SCREENS[id(part)]


def _never(_: object) -> bool:
    return False


def _compiled(schema: Schema) -> Callable[[object], bool]:
    options = jsonschema_rs.RegexOptions()
    return jsonschema_rs.Draft202012Validator(_tightened(schema), pattern_options=options).is_valid


def _tightened(node: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(node, list):
        return [_tightened(item) for item in node]
    if not isinstance(node, dict):
        return node
    if "x-reports" in node:
        return False
    tight = {
        key: {name: _tightened(value) for name, value in inner.items()} if key == "properties" else _tightened(inner)
        for key, inner in node.items()
        if not key.startswith("x-") and key not in {"description", "title", "examples", "default"}
    }
    kinds = node.get("type", ())
    if "x-legacy" in node:
        tight["enum"] = list(_EMPTY)
    if "object" in kinds and "additionalProperties" not in node:
        tight["additionalProperties"] = _FLAT if "x-open" in node else False
    if "array" in kinds and "x-open" in node:
        tight.setdefault("items", _FLAT)
    if "integer" in kinds or "number" in kinds:
        tight["minimum"] = max(-SAFE_INTEGER, node.get("minimum", -SAFE_INTEGER))
        tight["maximum"] = min(SAFE_INTEGER, node.get("maximum", SAFE_INTEGER))
    return tight


Step = str | None  # a property's name, or None for the items of an array


@cache
def embedded(name: str) -> tuple[tuple[tuple[Step, ...], Schema], ...]:
    """Return where the strings that hold JSON stand in a document: (path, the ``x-embedded`` annotation) each."""
    return tuple(_embedded(whole(name), ()))


def _embedded(node: Any, path: tuple[Step, ...]) -> Iterator[tuple[tuple[Step, ...], Schema]]:  # noqa: ANN401 - any JSON value
    if "x-embedded" in node:
        yield path, node["x-embedded"]
    for key, inner in node.get("properties", {}).items():
        yield from _embedded(inner, (*path, key))
    if isinstance(node.get("items"), dict):
        yield from _embedded(node["items"], (*path, None))


def column(value: object, path: tuple[Step, ...]) -> list[object]:
    """Return all values at a path in a decoded document that matches its schema; absent ones are left out."""
    values: list[Any] = [value]
    for step in path:
        if step is None:
            values = [item for inner in values for item in inner]
        else:
            values = [inner[step] for inner in values if step in inner]
    return values
