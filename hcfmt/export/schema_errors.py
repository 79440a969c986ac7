"""Explains why a value does not match its schema, with the reference engine and keywords of our own.

``jsonschema`` finds the errors; ``strict_schemas`` only accepts or refuses. A test keeps the two in agreement.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

import orjson
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from hcfmt.export import schemas
from hcfmt.export.annotations import EMBEDDED_DEPTH, EMBEDDED_VALUES, is_small_embedded
from hcfmt.export.jsontext import decode, holds_whole_float, nests_at_most, repeats_key
from hcfmt.export.letter_case import clashes, has_no_clash, nested_clashes
from hcfmt.export.schema_flaws import UNDOCUMENTED_RULE, EmbeddedFlaw, RuleCause, flaw_of
from hcfmt.export.schemas import DEFAULT_RULE, WRAPPER_RULE
from hcfmt.export.strict_schemas import SECRET_WORDS, strict_part_validator
from hcfmt.findings import Flaw

KEY_RULE = "HC205"
BUDGET_RULE = "HCX01"
MOST_FLAWS = 10_000  # of one record, which bounds the memory

_SECRET = re.compile("|".join(SECRET_WORDS), re.IGNORECASE)

Errors = Iterator[ValidationError]
Path = tuple[str | int, ...] | None


def explain(name: str, value: Any) -> list[tuple[str, Flaw]]:  # noqa: ANN401 - any JSON value
    """Return (rule code, flaw) for every flaw of a decoded document by its schema and our annotations.

    Where the document contradicts its schema, only those flaws are returned.
    """
    flaws = [flaw_of(error) for error in islice(_engine(name).iter_errors(value), MOST_FLAWS)]
    if len(flaws) == MOST_FLAWS:
        flaws.append(
            (
                BUDGET_RULE,
                Flaw(
                    "{count:,} flaws were found in it; the search for more was stopped.",
                    {"count": MOST_FLAWS},
                ),
            )
        )
    wrappers = {flaw.path: flaw for code, flaw in reversed(flaws) if code == WRAPPER_RULE}
    broken = [flaw for code, flaw in flaws if code == DEFAULT_RULE and not _below(flaw, wrappers)]
    gate = [(WRAPPER_RULE, flaw) for flaw in wrappers.values()] + [(DEFAULT_RULE, flaw) for flaw in broken]
    return gate + [flaw for flaw in flaws if flaw[0] == BUDGET_RULE] if gate else flaws


def _below(flaw: Flaw, wrappers: Mapping[Path, Flaw]) -> bool:
    """Whether a flaw is inside an undocumented wrapper."""
    path = flaw.path or ()
    return any(path[:end] in wrappers for end in range(len(path) + 1))


@cache
def _engine(name: str) -> Any:  # noqa: ANN401 - a class that jsonschema makes at run time
    ours = {
        "required": _required,
        "properties": _properties,
        "type": _type,
        "x-open": _open,
        "pattern": _pattern,
        "x-legacy": _legacy,
        "x-reports": _reports,
        "x-embedded": _embedded,
        "x-should": _should,
    }
    return extend(Draft202012Validator, ours)(schemas.resolved(name))  # type: ignore[no-untyped-call]


def _required(_: Validator, required: list[str], instance: object, __: schemas.Schema) -> Errors:
    """Check ``required``: one error for each missing property, with its name as the message."""
    if isinstance(instance, dict):
        for name in required:
            if name not in instance:
                yield ValidationError(name)


def _pattern(_: Validator, pattern: str, instance: object, __: schemas.Schema) -> Errors:
    """Check ``pattern``: $ matches at the end alone (ECMA-262), and not before a last line break as in Python."""
    if isinstance(instance, str) and not re.search(pattern.replace("$", r"\Z"), instance):
        yield ValidationError("")


def _properties(
    engine: Any,  # noqa: ANN401 - a class that jsonschema makes at run time
    documented: dict[str, Any],
    instance: object,
    schema: schemas.Schema,
) -> Errors:
    """Check ``properties``, and report undocumented properties unless the schema is open."""
    if not isinstance(instance, dict):
        return
    for name, inner in documented.items():
        if name in instance and not _is_accepted(inner, instance[name]):
            yield from engine.descend(instance[name], inner, path=name, schema_path=name)
    if "additionalProperties" in schema:
        return
    clashing = set(clashes(instance, documented))
    yield from (ValidationError("", validator="x-letter-case", path=[name]) for name in instance if name in clashing)
    for name, value in instance.items():
        if name in documented:
            continue
        yield from _clashes_below(value, name)
        if "x-open" not in schema and _SECRET.search(name):
            yield ValidationError("", validator="x-secret", path=[name])
        elif "x-open" not in schema and name not in clashing:
            yield ValidationError("", validator="x-undocumented", path=[name])


def _open(_: Validator, __: bool, instance: object, schema: schemas.Schema) -> Errors:  # noqa: FBT001 - the keyword's
    """Check the names in a value without documented properties; ``_properties`` checks all others."""
    if "properties" not in schema:
        yield from _clashes_below(instance)


def _clashes_below(value: object, *path: str) -> Errors:
    for below in nested_clashes(value):
        yield ValidationError("", validator="x-letter-case", path=[*path, *below])


def _type(engine: Validator, types: str | list[str], instance: object, schema: schemas.Schema) -> Errors:
    """Check ``type``, and report floats that count as integers."""
    yield from Draft202012Validator.VALIDATORS["type"](engine, types, instance, schema)
    if type(instance) is float and instance.is_integer() and "integer" in types and "number" not in types:
        yield ValidationError("", validator="x-float")


def _is_accepted(schema: dict[str, Any], value: object) -> bool:
    """Whether the strict validator accepts a part of a record, as it does most parts, so that it has no flaw."""
    try:
        return strict_part_validator(schema)(value) and has_no_clash(value)
    except UnicodeEncodeError:  # a lone surrogate, which compiled code does not read
        return False


def _legacy(_: Validator, __: str, instance: object, ___: schemas.Schema) -> Errors:
    if instance not in ("", None) and instance != []:
        yield ValidationError("")


def _reports(_: Validator, __: str, ___: object, ____: schemas.Schema) -> Errors:
    yield ValidationError("")


def _should(_: Validator, parts: Mapping[str, Any], instance: object, __: schemas.Schema) -> Errors:
    """Check ``x-should``: at most one error for each rule, at the first place that fails."""
    for code, part in parts.items():
        for error in islice(_plain()(part).iter_errors(instance), 1):
            path, cause = error.absolute_path, RuleCause(code)
            sentence = part["description"]
            yield ValidationError(
                sentence, "x-should", path, cause, instance=error.instance, schema_path=error.absolute_schema_path
            )


@cache
def _plain() -> Any:  # noqa: ANN401 - a class that jsonschema makes at run time
    """Return an engine with the keywords of JSON Schema alone."""
    return extend(Draft202012Validator, {"pattern": _pattern})  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class Mismatch:
    """The keyword of a schema that a value fails, the keyword's value, and the path and the value that fails.

    For ``required`` the path is that of the missing property, and the value is None.
    """

    keyword: str
    expected: Any
    path: tuple[str | int, ...]
    value: Any


def first_mismatch(schema: schemas.Schema, value: object) -> Mismatch | None:
    """Return the first mismatch of a value with a part of a schema from ``schemas.resolved``, None for a match."""
    if isinstance(schema, dict) and _is_accepted(schema, value):
        return None
    for error in _plain()(schema).iter_errors(value):
        if error.validator != "required":
            return Mismatch(str(error.validator), error.validator_value, tuple(error.absolute_path), error.instance)
        missing = next(name for name in error.validator_value if name not in error.instance)
        return Mismatch("required", error.validator_value, (*error.absolute_path, missing), None)
    return None


def _embedded(_: Validator, inside: schemas.Schema, instance: object, __: schemas.Schema) -> Errors:
    if not isinstance(instance, str) or (inside.get("blank") and not instance):
        return
    if not is_small_embedded(instance):
        yield _inside(
            inside, Flaw("It holds more than {limit:,} JSON values.", {"limit": EMBEDDED_VALUES}), BUDGET_RULE
        )
        return
    try:
        value = orjson.loads(instance)
    except (orjson.JSONDecodeError, UnicodeEncodeError):
        yield ValidationError(inside["syntax"])
        return
    if not nests_at_most(value, EMBEDDED_DEPTH):
        yield _inside(inside, Flaw("It nests deeper than {limit} levels.", {"limit": EMBEDDED_DEPTH}, subcode="depth"))
        return
    if repeats_key(instance.encode()):
        yield _inside(inside, Flaw("An object has a key more than once."), KEY_RULE)
    if holds_whole_float(value):  # or an integer beyond 64 bits, of which orjson makes one
        value = decode(instance.encode())
    name = inside["schema"].removesuffix(schemas.SUFFIX)
    for code, flaw in explain(name, value):
        if code != UNDOCUMENTED_RULE:
            yield _inside(inside, flaw, inside["shape"] if code == DEFAULT_RULE else code)


def _inside(inside: schemas.Schema, flaw: Flaw, code: str = "") -> ValidationError:
    error = ValidationError(code or inside["shape"])
    error.cause = EmbeddedFlaw(flaw)
    return error
