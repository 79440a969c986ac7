"""Where and why a value does not match its schema: the reference engine, told our annotations.

``jsonschema`` explains; ``screen.screen`` only accepts. A test holds the two together.
"""

import re
from collections.abc import Callable, Iterator, Mapping
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
from hcfmt.export.schemas import DEFAULT_RULE, SECRET_RULE, WRAPPER_RULE
from hcfmt.export.strict_schemas import SECRET_WORDS, strict_part_validator
from hcfmt.export.timestamps import is_showable
from hcfmt.findings import Flaw, PropertyPath, Quoted

UNDOCUMENTED_RULE = "HC303"
LETTER_CASE_RULE = "HC308"
FLOAT_RULE = "HC309"
KEY_RULE = "HC205"
BUDGET_RULE = "HCX01"
MOST_FLAWS = 10_000  # of one record; whoever has more has no use for them, and memory has bounds

_SECRET = re.compile("|".join(SECRET_WORDS), re.IGNORECASE)

Errors = Iterator[ValidationError]
Path = tuple[str | int, ...] | None


def explain(name: str, value: Any) -> list[tuple[str, Flaw]]:  # noqa: ANN401 - any JSON value
    """Return (rule code, flaw) for everything in a decoded document that its schema or our annotations speak of.

    When the document contradicts its schema, only that is said.
    """
    flaws = [_flaw(error) for error in islice(_engine(name).iter_errors(value), MOST_FLAWS)]
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
    strange = {flaw.path: flaw for code, flaw in reversed(flaws) if code == WRAPPER_RULE}
    broken = [flaw for code, flaw in flaws if code == DEFAULT_RULE and not _below(flaw, strange)]
    gate = [(WRAPPER_RULE, flaw) for flaw in strange.values()] + [(DEFAULT_RULE, flaw) for flaw in broken]
    return gate + [flaw for flaw in flaws if flaw[0] == BUDGET_RULE] if gate else flaws


def _below(flaw: Flaw, strange: Mapping[Path, Flaw]) -> bool:
    """Whether a flaw is inside a wrapper that is itself not one of the documented ones."""
    path = flaw.path or ()
    return any(path[:end] in strange for end in range(len(path) + 1))


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
    """JSON Schema's own ``required``: one error for each property that is missing, its name the error's message."""
    if isinstance(instance, dict):
        for name in required:
            if name not in instance:
                yield ValidationError(name)


def _pattern(_: Validator, pattern: str, instance: object, __: schemas.Schema) -> Errors:
    """JSON Schema's own ``pattern``: $ is the end (ECMA-262), and not also before a last line break as in Python."""
    if isinstance(instance, str) and not re.search(pattern.replace("$", r"\Z"), instance):
        yield ValidationError("")


def _properties(
    engine: Any,  # noqa: ANN401 - a class that jsonschema makes at run time
    documented: dict[str, Any],
    instance: object,
    schema: schemas.Schema,
) -> Errors:
    """JSON Schema's own ``properties``; where the schema is not open, what it does not name is reported."""
    if not isinstance(instance, dict):
        return
    for name, inner in documented.items():
        if name in instance and not _is_surely_sound(inner, instance[name]):
            yield from engine.descend(instance[name], inner, path=name, schema_path=name)
    if "additionalProperties" in schema:
        return
    spelled = set(clashes(instance, documented))
    yield from (ValidationError("", validator="x-letter-case", path=[name]) for name in instance if name in spelled)
    for name, value in instance.items():
        if name in documented:
            continue
        yield from _same_below(value, name)
        if "x-open" not in schema and _SECRET.search(name):
            yield ValidationError("", validator="x-secret", path=[name])
        elif "x-open" not in schema and name not in spelled:
            yield ValidationError("", validator="x-undocumented", path=[name])


def _open(_: Validator, __: bool, instance: object, schema: schemas.Schema) -> Errors:  # noqa: FBT001 - the keyword's
    """Look at the names in a value of which the schema documents none; ``_properties`` looks at all others."""
    if "properties" not in schema:
        yield from _same_below(instance)


def _same_below(value: object, *path: str) -> Errors:
    for below in nested_clashes(value):
        yield ValidationError("", validator="x-letter-case", path=[*path, *below])


def _type(engine: Validator, types: str | list[str], instance: object, schema: schemas.Schema) -> Errors:
    """JSON Schema's own ``type``; a float that it takes for an integer is reported."""
    yield from Draft202012Validator.VALIDATORS["type"](engine, types, instance, schema)
    if type(instance) is float and instance.is_integer() and "integer" in types and "number" not in types:
        yield ValidationError("", validator="x-float")


def _is_surely_sound(schema: dict[str, Any], value: object) -> bool:
    """Whether compiled code vouches for a part of a record, which then needs no explanation: most parts do not."""
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
    """Tell of what a value should match besides: one error for each rule, at the first place that falls short."""
    for code, part in parts.items():
        for error in islice(_plain()(part).iter_errors(instance), 1):
            path, cause = error.absolute_path, _Rule(code)
            sentence = part["description"]
            yield ValidationError(
                sentence, "x-should", path, cause, instance=error.instance, schema_path=error.absolute_schema_path
            )


@cache
def _plain() -> Any:  # noqa: ANN401 - a class that jsonschema makes at run time
    """Return an engine that knows the keywords of JSON Schema alone, for subschemas that are not the format's own."""
    return extend(Draft202012Validator, {"pattern": _pattern})  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class Mismatch:
    """The keyword of a schema that a value fails, what that keyword says, the value's path, and the value.

    Of ``required`` the path leads to the property that is missing, and the value is None.
    """

    keyword: str
    expected: Any
    path: tuple[str | int, ...]
    value: Any


def first_mismatch(schema: schemas.Schema, value: object) -> Mismatch | None:
    """Return the first reason why a value does not match a part of a schema that ``whole`` returned; None: it does."""
    if isinstance(schema, dict) and _is_surely_sound(schema, value):
        return None
    for error in _plain()(schema).iter_errors(value):
        if error.validator != "required":
            return Mismatch(str(error.validator), error.validator_value, tuple(error.absolute_path), error.instance)
        missing = next(name for name in error.validator_value if name not in error.instance)
        return Mismatch("required", error.validator_value, (*error.absolute_path, missing), None)
    return None


class _Rule(Exception):  # noqa: N818 - a rule's code on its way through an error of the engine
    """The rule that speaks of an error."""


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
    error.cause = _Inside(flaw)
    return error


class _Inside(Exception):  # noqa: N818 - a flaw on its way through an error of the engine
    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw.message)
        self.flaw = flaw


def _flaw(error: ValidationError) -> tuple[str, Flaw]:  # noqa: PLR0911 - a table, a row each
    keyword = str(error.validator)
    schema: Any = error.schema
    path = tuple(error.absolute_path)
    match keyword:
        case "x-undocumented":
            return UNDOCUMENTED_RULE, Flaw("A property that the documentation does not name.", path=path, new_name=True)
        case "x-secret":
            return SECRET_RULE, Flaw("A property that looks like a password or an API token.", path=path, new_name=True)
        case "x-letter-case":
            return LETTER_CASE_RULE, Flaw(
                "This name differs from another property's in letter case alone.",
                path=path,
                new_name=True,
            )
        case "x-float":
            return FLOAT_RULE, Flaw("An integer is written as a float.", path=path)
        case "x-should":
            return str(error.cause), _besides(error, path)
        case "x-legacy":
            return str(error.validator_value), Flaw(
                "A field documented as always empty holds {value}.", {"value": Quoted(error.instance)}, path
            )
        case "x-reports":
            return str(error.validator_value), Flaw(
                "It is {value}, as other exporters wrote it.", {"value": Quoted(error.instance)}, path
            )
        case "x-embedded" if isinstance(error.cause, _Inside):
            inner = error.cause.flaw
            values = {"inside": PropertyPath(inner.path or (), inner.new_name)} | dict(inner.values)
            return error.message, Flaw(
                f"Inside the JSON text, at {{inside}}: {inner.message}", values, path, subcode=inner.subcode
            )
        case "x-embedded":
            return error.message, Flaw(
                "It should hold JSON text and is {value}.", {"value": Quoted(error.instance)}, path
            )
    code = schema.get("x-rules", {}).get(keyword, DEFAULT_RULE) if isinstance(schema, dict) else DEFAULT_RULE
    sentence = _SENTENCES.get(keyword, _unmet)(error)
    return code, Flaw(sentence.message, sentence.values, path, subcode=keyword)


def _besides(error: ValidationError, path: tuple[str | int, ...]) -> Flaw:
    """Say what a value should be besides; numbers and dates are shown, for nobody put them into words."""
    value = error.instance
    if isinstance(value, int) or (isinstance(value, str) and is_showable(value)):
        return Flaw(f"{error.message} It is {{value}}.", {"value": value}, path)
    if value is None or (isinstance(value, str) and "propertyNames" not in error.schema_path):
        return Flaw(f"{error.message} It is {{value}}.", {"value": Quoted(value)}, path)
    return Flaw(error.message, path=path)


def _unmet(error: ValidationError) -> Flaw:
    return Flaw(f"It is {{value}}, which the schema's {error.validator} refuses.", {"value": Quoted(error.instance)})


def _undocumented(error: ValidationError, documented: Any) -> Flaw:  # noqa: ANN401 - a list of JSON values
    listed = " or ".join(orjson.dumps(item).decode() for item in documented)
    sentence = f"It is {{value}}; documented is {listed}."
    return Flaw(sentence, {"value": Quoted(error.instance), "documented": documented})


def _of_type(error: ValidationError) -> Flaw:
    types = error.validator_value
    return _undocumented(error, types if isinstance(types, list) else [types])


def _with_value(sentence: str) -> Callable[[ValidationError], Flaw]:
    return lambda error: Flaw(sentence, {"value": Quoted(error.instance)})


_SENTENCES: dict[str, Callable[[ValidationError], Flaw]] = {
    "type": _of_type,
    "enum": lambda error: _undocumented(error, error.validator_value),
    "const": lambda error: _undocumented(error, [error.validator_value]),
    "required": lambda error: Flaw('The property "{property}" is missing.', {"property": error.message}),
    "pattern": lambda error: Flaw(
        "It is {value} that does not match {pattern}",
        {"value": Quoted(error.instance), "pattern": error.validator_value},
    ),
    "minimum": lambda error: Flaw(
        "It is {value}, less than {minimum}.", {"value": Quoted(error.instance), "minimum": error.validator_value}
    ),
    "additionalProperties": _with_value("It is {value} whose key is no record kind of this file."),
    "minProperties": lambda _: Flaw("The wrapper is empty: a record kind is missing."),
    "maxProperties": _with_value("The wrapper is {value}; it holds exactly one record."),
}
