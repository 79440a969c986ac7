"""The schemas as a third party has them: read from the checkout, related by their relative references alone."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend
from referencing import Registry, Resource

ROOT = Path(__file__).parents[2] / "schemas"
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
REGISTRY: Registry[Any] = Registry().with_resources(
    (uri, Resource.from_contents(schema)) for uri, schema in ((f"{BASE}{name}.json", SCHEMAS[name]) for name in NAMES)
)


def _pattern(_: Validator, pattern: str, instance: object, __: Schema) -> Iterator[ValidationError]:
    """Match as ECMA-262 does, which JSON Schema names: $ is the end, and not also before a last line break."""
    if isinstance(instance, str) and not re.search(pattern.replace("$", r"\Z"), instance):
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
