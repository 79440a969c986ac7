"""The schemas as a third party has them: read from the checkout, related by their relative references alone."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import jsonschema_rs
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend
from referencing import Registry
from referencing.jsonschema import DRAFT202012

ROOT = Path(__file__).parents[2] / "schemas"
EXAMPLES = Path(__file__).parents[1] / "schemas"
# A root that no machine has: nothing can be found by its place on the disk by accident.
BASE = "file:///schemas/"

Schema = dict[str, Any]

FILES = {
    path.relative_to(ROOT).with_suffix("").as_posix(): path
    for part in ("export", "messages", "embedded")
    for path in sorted((ROOT / part).glob("*.json"))
}
SCHEMAS: dict[str, Schema] = {name: json.loads(path.read_bytes()) for name, path in FILES.items()}
NAMES = tuple(SCHEMAS)
# Without "$schema", which would make the reference engine forget what it was told beside the standard.
REGISTRY: Registry[Any] = Registry().with_resources(
    (
        f"{BASE}{name}.json",
        DRAFT202012.create_resource({key: SCHEMAS[name][key] for key in SCHEMAS[name] if key != "$schema"}),
    )
    for name in NAMES
)


def ecma(pattern: str) -> re.Pattern[str]:
    """Compile an expression of ECMA-262, which JSON Schema names: $ is the end, not also before a last line break."""
    return re.compile(pattern.replace("$", r"\Z").replace("(?<", "(?P<"))


def is_plain(pattern: str) -> bool:
    """Whether an expression has only what all engines read alike: no look-around, no dot, no class of their own."""
    bare = re.sub(r"\[\^?(\\u[0-9A-F]{4}|[^\\\[\]])+\]", "C", pattern)
    return re.fullmatch(r"(\(\?<[a-z]+>|[C)_]\?|[^\\.?\[\]])*", bare) is not None


def _pattern(_: Validator, pattern: str, instance: object, __: Schema) -> Iterator[ValidationError]:
    if isinstance(instance, str) and not ecma(pattern).search(instance):
        yield ValidationError("pattern")


Reference = extend(Draft202012Validator, {"pattern": _pattern})  # type: ignore[no-untyped-call]


@cache
def reference(name: str, fragment: str = "") -> Validator:
    """Return the validator that explains, of a schema (``export/users``) or of a part of it (``/$defs/user``)."""
    validator: Validator = Reference({"$ref": f"{BASE}{name}.json#{fragment}"}, registry=REGISTRY)
    return validator


@cache
def compiled(name: str, fragment: str = "") -> jsonschema_rs.Draft202012Validator:
    """Return the compiled validator of the same schema: another implementation with another regex engine."""
    registry = jsonschema_rs.Registry([(f"{BASE}{name}.json", schema) for name, schema in SCHEMAS.items()])
    return jsonschema_rs.Draft202012Validator({"$ref": f"{BASE}{name}.json#{fragment}"}, registry=registry)


@dataclass(frozen=True, slots=True)
class Part:
    """A schema inside a schema: its JSON Pointer, its keywords, and whether it stands for a documented property."""

    pointer: str
    schema: Schema
    is_property: bool = False


def parts(schema: Schema, pointer: str = "", *, is_property: bool = False) -> Iterator[Part]:
    """Yield a schema and all schemas inside it, outermost first; references are not followed."""
    yield Part(pointer, schema, is_property)
    for keyword in ("$defs", "properties"):
        for name, inner in schema.get(keyword, {}).items():
            yield from parts(inner, f"{pointer}/{keyword}/{name}", is_property=keyword == "properties")
    for keyword in ("items", "additionalProperties", "if", "then", "else"):
        if isinstance(inner := schema.get(keyword), dict):
            yield from parts(inner, f"{pointer}/{keyword}")


def having(keyword: str) -> list[tuple[str, Part]]:
    """Return (file#pointer, part) of every schema that uses a keyword, in every file."""
    return [
        (f"{name}#{part.pointer}", part) for name in NAMES for part in parts(SCHEMAS[name]) if keyword in part.schema
    ]


@dataclass(frozen=True, slots=True)
class Value:
    """A place in documents: its path, every schema that applies to what is there, and the names beside it."""

    path: str
    schemas: tuple[Schema, ...]
    beside: frozenset[str] = frozenset()

    def types(self) -> set[str]:
        """Return the JSON types that what is there may have, as far as they are demanded."""
        found = [schema["type"] for schema in self.schemas if "type" in schema]
        return {kind for kinds in found for kind in ([kinds] if isinstance(kinds, str) else kinds)}


def values(name: str) -> Iterator[Value]:
    """Yield every place that a schema describes, references followed, and both ways where the schema branches."""
    uri = f"{BASE}{name}.json"
    yield from _values(name, [(uri, SCHEMAS[name])], frozenset())


def _values(path: str, schemas: list[tuple[str, Schema]], beside: frozenset[str]) -> Iterator[Value]:
    applied = [pair for uri, schema in schemas for pair in _applied(uri, schema)]
    keywords = [keyword for keyword in ("then", "else") if any(keyword in schema for _, schema in applied)]
    for keyword in keywords:
        branch = [(uri, schema[keyword]) for uri, schema in applied if keyword in schema]
        bare = [
            (uri, {key: schema[key] for key in schema if key not in {"then", "else", "$ref"}})
            for uri, schema in applied
        ]
        yield from _values(f"{path}({keyword})", [*bare, *branch], beside)
    if keywords:
        return
    yield Value(path, tuple(schema for _, schema in applied), beside)
    names = frozenset(key for _, schema in applied for key in schema.get("properties", ()))
    for key in sorted(names):
        inner = [(uri, schema["properties"][key]) for uri, schema in applied if key in schema.get("properties", ())]
        yield from _values(f"{path}/{key}", inner, names)
    if items := [(uri, schema["items"]) for uri, schema in applied if "items" in schema]:
        yield from _values(f"{path}/*", items, frozenset())


def _applied(uri: str, schema: Schema) -> Iterator[tuple[str, Schema]]:
    yield uri, schema
    if "$ref" in schema:
        target = urljoin(uri, schema["$ref"])
        yield from _applied(target, REGISTRY.resolver().lookup(target).contents)


def cases(kind: str) -> dict[str, Path]:
    """Return the example files of a kind by ``<schema>/<case>``."""
    root = EXAMPLES / kind
    return {path.relative_to(root).with_suffix("").as_posix(): path for path in sorted(root.rglob("*.json"))}


def example(kind: str, case: str) -> tuple[str, Any]:
    """Return an example's schema and what its file holds."""
    return case.rpartition("/")[0], json.loads((EXAMPLES / kind / f"{case}.json").read_bytes())
