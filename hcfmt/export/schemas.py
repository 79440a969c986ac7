"""Finds and reads the JSON Schemas of ``schemas/``, and resolves their references.

A schema's name is its path below ``schemas/`` without the suffix: ``messages/UserMessage``. The schemas of a dialect
are made of hc-migrate's and the differences in ``schemas/dialects/``; their names begin with the dialect:
``dialects/server/messages/UserMessage``.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec

from hcfmt.errors import UsageError
from hcfmt.suggestions import unknown_name

Schema = Mapping[str, Any]
SUFFIX = ".json"
FORMAT = ("export/", "messages/", "embedded/")  # the schemas of the format; others describe hcfmt's own output
DIALECTS = ("server", "cloud")  # the other exporters whose format has schemas
_DIALECTS = "dialects/"
_DERIVED = ("export/", "messages/")  # the schemas that a dialect has for itself

# The rules of a failed keyword: for wrappers, and for other values unless x-rules names another: the rule of what harms
# no importer, or that of what no importer was tried with.
DEFAULT_RULE, WRAPPER_RULE, HARMLESS_RULE, UNTRIED_RULE = "HC301", "HC302", "HC317", "HC318"
SECRET_RULE = "HC713"  # noqa: S105 - a code, no secret
CONTRADICTIONS = frozenset({DEFAULT_RULE, WRAPPER_RULE, HARMLESS_RULE, UNTRIED_RULE})
# A record with a flaw of these rules is not examined further: other oddities may have the same cause.
SHAPE_GATE = CONTRADICTIONS - {HARMLESS_RULE}

# Dropped from a schema inside another: "$schema" there would make jsonschema ignore our keywords.
_DROPPED = frozenset({"$schema", "$ref", "$defs"})


@cache
def _root() -> Path:
    """Return the directory of the schemas: in an installed package, or beside the package in a checkout."""
    package = Path(__file__).parent.parent
    installed = package / "schemas"
    return installed if installed.is_dir() else package.parent / "schemas"


@cache
def names() -> tuple[str, ...]:
    """Return the names of all schemas, sorted."""
    root = _root()
    files = [path.relative_to(root).with_suffix("").as_posix() for path in root.rglob(f"*{SUFFIX}")]
    derived = [in_dialect(name, dialect) for name in files if name.startswith(_DERIVED) for dialect in DIALECTS]
    return tuple(sorted([*files, *derived]))


def in_dialect(name: str, dialect: str) -> str:
    """Return the name of a dialect's schema that takes the place of one of hc-migrate's."""
    return f"{_DIALECTS}{dialect}/{name}"


@cache
def dialect_of(name: str) -> tuple[str | None, str]:
    """Return the dialect of a schema, None for hc-migrate's own, and the name that it has there."""
    parts = name.split("/", 2)
    return (parts[1], parts[2]) if name.startswith(_DIALECTS) and len(parts) == 3 else (None, name)  # noqa: PLR2004 - the directory, the dialect, the name


@cache
def text(name: str) -> str:
    """Return the text of a schema's file; UsageError for an unknown name."""
    if name not in names():
        raise UsageError(unknown_name("schema", name, names(), listed_by="hcfmt schema"))
    if dialect_of(name)[0]:
        return msgspec.json.format(msgspec.json.encode(read(name))).decode() + "\n"
    return _file(name).read_text(encoding="utf-8")


def _file(name: str) -> Path:
    return _root() / f"{name}{SUFFIX}"


@cache
def read(name: str) -> Schema:
    """Return a schema as a mapping, its references unresolved. Its name is not looked up among all: most are right."""
    dialect, base = dialect_of(name)
    if dialect:
        return _in_dialect(base, dialect)
    schema: Schema = msgspec.json.decode(_file(name).read_bytes())
    return schema


def _in_dialect(base: str, dialect: str) -> Schema:
    """Return hc-migrate's schema of a name with the differences of a dialect, after those of the one it is based on."""
    differences = read(f"{_DIALECTS}{dialect}")
    older = differences.get("based_on")
    schema = _in_dialect(base, older) if older else read(base)
    patched: Schema = merge_patch(schema, differences["schemas"].get(base, {}))
    return patched


def merge_patch(target: Any, patch: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Apply a JSON Merge Patch (RFC 7396): null removes a property, an object changes one, any other value replaces."""
    if not isinstance(patch, Mapping):
        return patch
    result = dict(target) if isinstance(target, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merge_patch(result.get(key), value)
    return result


@cache
def resolved(name: str) -> dict[str, Any]:
    """Return a schema with every reference replaced by its target; no schema refers to itself.

    The keywords beside a reference apply as well as its target, so the two objects are merged.
    """
    schema: dict[str, Any] = _resolved(read(name), name)
    return schema


def _resolved(node: Any, name: str) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(node, list):
        return [_resolved(item, name) for item in node]
    if not isinstance(node, dict):
        return node
    own = {
        key: _resolved(value, name) if isinstance(value, (dict, list)) else value  # most are neither
        for key, value in node.items()
        if key not in _DROPPED
    }
    return _merged(resolve_reference(node["$ref"], name), own) if "$ref" in node else own


def _merged(target: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    both = {key: _merged(target[key], own[key]) for key in target.keys() & own.keys() if isinstance(own[key], dict)}
    return {**target, **own, **both}


def resolve_reference(reference: str, name: str) -> dict[str, Any]:
    """Return the target of a reference in the schema ``name``, its own references resolved."""
    path, _, fragment = reference.partition("#")
    return _target(_joined(name, path) if path else name, fragment)


@cache
def _target(name: str, fragment: str) -> dict[str, Any]:
    node: Any = read(name)
    for token in fragment.split("/")[1:]:
        node = node[token]
    schema: dict[str, Any] = _resolved(node, name)
    return schema


def _joined(name: str, reference: str) -> str:
    """Resolve a relative reference against the name of its schema (RFC 3986, section 5.2)."""
    parts: list[str] = []
    for part in (PurePosixPath(name).parent / reference.removesuffix(SUFFIX)).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def rule_of(part: Schema, keyword: str, missing: str | None = None) -> str:
    """Return the code of the rule that reports a failed keyword of a schema, for ``required`` of a missing property."""
    rule: str | Mapping[str, str] = part.get("x-rules", {}).get(keyword, DEFAULT_RULE)
    return rule if isinstance(rule, str) else rule.get(missing or "", DEFAULT_RULE)


@cache
def property_names() -> frozenset[str]:
    """Return the names of all properties in the schemas of the format."""
    formats = [name for name in names() if dialect_of(name)[1].startswith(FORMAT)]
    return frozenset(key for name in formats for key in _keys(read(name)))


def _keys(node: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    for key, inner in node.items() if isinstance(node, dict) else ():
        if key == "properties":
            yield from inner
        yield from _keys(inner)
    for inner in node if isinstance(node, list) else ():
        yield from _keys(inner)
