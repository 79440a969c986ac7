"""Finds the places of a value that fail a schema, in the order of the schema's keywords.

Compiled code judges every keyword; the walk goes into the parts of a value that it refused, and into no others.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from hcfmt.export.schemas import Schema
from hcfmt.export.strict_schemas import IsValid, compiled, part_validator, strict_part_validator

Path = tuple[str | int, ...]


class SchemaError(NamedTuple):
    """A keyword that a value fails, and the keyword's value; ``part`` is the schema with the keyword.

    ``path`` leads to the value. ``about`` is what the keyword's check adds: for ``required`` the missing property.
    ``is_name``: the value is the name of a property of the object at the path.
    """

    keyword: str
    expected: Any
    part: Schema
    path: Path
    value: Any
    about: Any = None
    is_name: bool = False


class Place(NamedTuple):
    """A part of a schema, the value that it applies to, and the path of the value."""

    part: Schema
    value: Any
    path: Path


Errors = Iterable[SchemaError]
Check = Callable[["Walk", Any, Place], Errors]  # takes the keyword's value too
_Step = tuple[str, Any, Check | None, IsValid]  # a keyword, its value, and its check or compiled validator


@dataclass(frozen=True, slots=True)
class Walk:
    """A walk with ``checks`` for some keywords; None stands for a keyword that demands nothing, as do those with x-.

    The parts of schemas that it is called with must live on, as those from ``schemas.resolved`` do.
    """

    checks: Mapping[str, Check | None]
    _steps: dict[int, Sequence[_Step]] = field(default_factory=dict)

    def errors(self, part: Schema, value: object, path: Path = ()) -> Iterator[SchemaError]:
        """Yield every error of a value, in the order of the schema's keywords."""
        steps = self._steps.get(id(part))
        if steps is None:
            steps = self._steps[id(part)] = [*self._compile(part)]
        place = Place(part, value, path)
        for keyword, expected, check, is_valid in steps:
            if check is not None:
                yield from check(self, expected, place)
            elif not accepts(is_valid, value):
                yield SchemaError(keyword, expected, part, path, value)

    def _compile(self, part: Schema) -> Iterator[_Step]:
        for keyword, expected in part.items():
            check = self.checks.get(keyword)
            if check is not None:
                yield keyword, expected, check, bool
            elif keyword not in self.checks and not keyword.startswith("x-"):
                yield keyword, expected, None, compiled({keyword: expected})


def accepts(is_valid: IsValid, value: object) -> bool:
    """Whether a compiled validator accepts a value, with U+FFFD for lone surrogates, which it does not read."""
    try:
        return is_valid(value)
    except UnicodeEncodeError:
        return is_valid(_readable(value))


_LONE = re.compile("[\ud800-\udfff]")


def _readable(value: object) -> object:
    return json.loads(_LONE.sub("\ufffd", json.dumps(value, ensure_ascii=False)))


def is_accepted(part: Any, value: object) -> bool:  # noqa: ANN401 - a schema
    """Whether the strict validator accepts a value, as it does most parts of a record: it has no flaw."""
    try:
        return strict_part_validator(part)(value)
    except UnicodeEncodeError:
        return False


def _required(_: Walk, required: list[str], place: Place) -> Errors:
    """Yield an error for each missing property."""
    part, value, path = place
    if isinstance(value, dict):
        for name in required:
            if name not in value:
                yield SchemaError("required", required, part, path, value, name)


def check_properties(walk: Walk, documented: Mapping[str, Schema], place: Place) -> Errors:
    """Yield the errors of the documented properties."""
    _, value, path = place
    if isinstance(value, dict):
        for name, inner in documented.items():
            if name in value and (len(value) == 1 or not is_accepted(inner, value[name])):
                yield from walk.errors(inner, value[name], (*path, name))


def _items(walk: Walk, inner: Schema, place: Place) -> Errors:
    _, value, path = place
    if isinstance(value, list):
        for index, item in enumerate(value):
            if len(value) == 1 or not is_accepted(inner, item):
                yield from walk.errors(inner, item, (*path, index))


def _additional(walk: Walk, inner: Any, place: Place) -> Errors:  # noqa: ANN401 - a schema
    """Check the properties without a schema of their own; where none is allowed, they are one error."""
    part, value, path = place
    more = [name for name in value if name not in part.get("properties", ())] if isinstance(value, dict) else []
    if more and inner is False:
        yield SchemaError("additionalProperties", inner, part, path, value)
    elif isinstance(inner, dict) and isinstance(value, dict):
        for name in more:
            yield from walk.errors(inner, value[name], (*path, name))


def _names(walk: Walk, inner: Schema, place: Place) -> Errors:
    _, value, path = place
    for name in value if isinstance(value, dict) else ():
        for error in walk.errors(inner, name, path):
            yield error._replace(is_name=True)


def _branch(walk: Walk, condition: Schema, place: Place) -> Errors:
    part, value, path = place
    branch = "then" if accepts(part_validator(condition), value) else "else"
    if branch in part:
        yield from walk.errors(part[branch], value, path)


STANDARD: Mapping[str, Check | None] = {
    "required": _required,
    "properties": check_properties,
    "items": _items,
    "additionalProperties": _additional,
    "propertyNames": _names,
    "if": _branch,
    **dict.fromkeys(("then", "else", "description", "title", "examples", "default", "$schema", "$defs")),
}
"""The keywords of JSON Schema that apply schemas to parts of a value, and those that demand nothing.

Compiled code judges all others, each as a whole.
"""
