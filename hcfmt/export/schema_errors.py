"""Explains why a value does not match its schema, by the keywords of JSON Schema and by our own."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

import orjson

from hcfmt.export import schemas
from hcfmt.export.annotations import EMBEDDED_DEPTH
from hcfmt.export.column_checks import EMBEDDED_VALUES, is_small_embedded
from hcfmt.export.json_decoding import accept, decode, repeats_key
from hcfmt.export.jsontext import Rejected, holds_whole_float, nests_at_most
from hcfmt.export.letter_case import clashes, nested_clashes
from hcfmt.export.schema_flaws import UNDOCUMENTED_RULE, flaw_of
from hcfmt.export.schema_walk import (
    STANDARD,
    Errors,
    Path,
    Place,
    SchemaError,
    Walk,
    accepts,
    check_properties,
    is_accepted,
)
from hcfmt.export.schemas import DEFAULT_RULE, HARMLESS_RULE, WRAPPER_RULE
from hcfmt.export.strict_schemas import SECRET_WORDS, IsValid, compiled, part_validator, strict_part_validator
from hcfmt.findings import Flaw

KEY_RULE = "HC205"
BUDGET_RULE = "HCX01"
_INSIDE = "embedded/"  # the schemas of JSON inside strings
MOST_FLAWS = 10_000  # of one record, which bounds the memory

_SECRET = re.compile("|".join(SECRET_WORDS), re.IGNORECASE)

Flaws = list[tuple[str, Flaw]]  # each with the code of its rule


def has_no_flaw(name: str, value: object) -> bool:
    """Whether compiled code accepts a document, as it does most; a document that it refuses may have no flaw either."""
    try:
        return _screen(name)(value)
    except UnicodeEncodeError:
        return False


@cache
def _screen(name: str) -> IsValid:
    return strict_part_validator(schemas.resolved(name))


def explain(name: str, value: Any) -> Flaws:  # noqa: ANN401 - any JSON value
    """Return (rule code, flaw) for every flaw of a decoded document by its schema and our annotations.

    Where the document contradicts its schema, only those flaws are returned, unless they harm no importer: then only
    the refused values have no other flaws.
    """
    found: Iterator[tuple[str, Flaw]] = map(flaw_of, _FORMAT.errors(schemas.resolved(name), value))
    if name.startswith(_INSIDE):  # where no rule reports an undocumented property
        found = ((code, flaw) for code, flaw in found if code != UNDOCUMENTED_RULE)
    flaws = list(islice(found, MOST_FLAWS))
    if len(flaws) == MOST_FLAWS:
        sentence = "{count:,} flaws were found in it; the search for more was stopped."
        flaws.append((BUDGET_RULE, Flaw(sentence, {"count": MOST_FLAWS})))
    if schemas.SHAPE_GATE.isdisjoint([code for code, _ in flaws]):
        return _without_echoes(flaws)
    return _gated(flaws)


def refused_harmlessly(flaws: Flaws) -> set[Path]:
    """Return the paths of values that the rule of what harms no importer reports.

    A missing property has no value, and a number below the least one is a value of the documented type.
    """
    return {
        flaw.path or () for code, flaw in flaws if code == HARMLESS_RULE and flaw.subcode not in {"required", "minimum"}
    }


def _without_echoes(flaws: Flaws) -> Flaws:
    """Return the flaws without those that our keywords find in values that are refused already."""
    refused = refused_harmlessly(flaws)
    return [(code, flaw) for code, flaw in flaws if code == HARMLESS_RULE or flaw.path not in refused]


def _gated(flaws: Flaws) -> Flaws:
    """Return the contradictions to the schema alone: those of wrappers first, without those inside such a wrapper."""
    wrappers = {flaw.path: flaw for code, flaw in reversed(flaws) if code == WRAPPER_RULE}
    others = schemas.CONTRADICTIONS - {WRAPPER_RULE}
    broken = [(code, flaw) for code, flaw in flaws if code in others and not _below(flaw, wrappers)]
    stopped = [(code, flaw) for code, flaw in flaws if code == BUDGET_RULE]
    return [*((WRAPPER_RULE, flaw) for flaw in wrappers.values()), *broken, *stopped]


def _below(flaw: Flaw, wrappers: Mapping[Any, Flaw]) -> bool:
    """Whether a flaw is inside an undocumented wrapper."""
    path = flaw.path or ()
    return bool(wrappers) and any(path[:end] in wrappers for end in range(len(path) + 1))


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
    if is_accepted(schema, value):
        return None
    for error in _STANDARD.errors(schema, value):
        if error.keyword == "required":
            return Mismatch("required", error.expected, (*error.path, error.about), None)
        return Mismatch(error.keyword, error.expected, error.path, error.value)
    return None


def _properties(walk: Walk, documented: Mapping[str, Any], place: Place) -> Errors:
    """Check ``properties``, and report undocumented properties unless the schema is open."""
    yield from check_properties(walk, documented, place)
    part, value, path = place
    if not isinstance(value, dict) or "additionalProperties" in part or value.keys() <= documented.keys():
        return
    clashing = set(clashes(value, documented))
    yield from (_named("x-letter-case", place, name) for name in value if name in clashing)
    for name, inner in value.items():
        if name in documented:
            continue
        yield from _clashes_below(Place(part, inner, (*path, name)))
        if "x-open" not in part and _SECRET.search(name):
            yield _named("x-secret", place, name)
        elif "x-open" not in part and name not in clashing:
            yield _named("x-undocumented", place, name)


def _named(keyword: str, place: Place, name: str) -> SchemaError:
    return SchemaError(keyword, None, place.part, (*place.path, name), place.value)


def _open(_: Walk, __: bool, place: Place) -> Errors:  # noqa: FBT001 - the keyword's value
    """Check the names in a value without documented properties; ``_properties`` checks all others."""
    if "properties" not in place.part:
        yield from _clashes_below(place)


def _clashes_below(place: Place) -> Errors:
    for below in nested_clashes(place.value):
        yield SchemaError("x-letter-case", None, place.part, (*place.path, *below), place.value)


def _type(_: Walk, types: str | list[str], place: Place) -> Errors:
    """Check ``type``, and report floats that count as integers."""
    part, value, path = place
    if not accepts(_type_validator(types if isinstance(types, str) else tuple(types)), value):
        return (SchemaError("type", types, part, path, value),)
    if type(value) is float and value.is_integer() and "integer" in types and "number" not in types:
        return (SchemaError("x-float", None, part, path, value),)
    return ()


@cache
def _type_validator(types: str | tuple[str, ...]) -> IsValid:
    return compiled({"type": types if isinstance(types, str) else [*types]})


def _legacy(_: Walk, code: str, place: Place) -> Errors:
    return () if place.value in ("", None) or place.value == [] else (_error("x-legacy", code, place),)


def _reports(_: Walk, code: str, place: Place) -> Errors:
    return (_error("x-reports", code, place),)


def _error(keyword: str, expected: Any, place: Place, about: Any = None) -> SchemaError:  # noqa: ANN401 - a keyword's
    return SchemaError(keyword, expected, place.part, place.path, place.value, about)


def _should(_: Walk, parts: Mapping[str, Any], place: Place) -> Errors:
    """Check ``x-should``: at most one error for each rule, at the first place that fails."""
    return [
        error._replace(keyword="x-should", expected=code, part=part)
        for code, part in parts.items()
        if not accepts(part_validator(part), place.value)
        for error in islice(_STANDARD.errors(part, place.value, place.path), 1)
    ]


def _embedded(_: Walk, inside: schemas.Schema, place: Place) -> Errors:
    """Check the JSON inside a string; an error is about the rule's code and, if the text is JSON, the flaw."""
    text = place.value
    if isinstance(text, str) and (text or not inside.get("blank")):
        for code, flaw in _flaws_inside(inside, text):
            yield _error("x-embedded", code, place, flaw)


def _flaws_inside(inside: schemas.Schema, text: str) -> Iterator[tuple[str, Flaw | None]]:
    """Yield (rule code, flaw) of the JSON in a string; the flaw is None for a text that is not JSON."""
    if not is_small_embedded(text):
        yield BUDGET_RULE, Flaw("It holds more than {limit:,} JSON values.", {"limit": EMBEDDED_VALUES})
        return
    name = inside["schema"].removesuffix(schemas.SUFFIX)
    if _is_sound_text(name, text):
        return
    try:
        value = orjson.loads(text)
    except (orjson.JSONDecodeError, UnicodeEncodeError):
        yield inside["syntax"], None
        return
    if not nests_at_most(value, EMBEDDED_DEPTH):
        sentence = "It nests deeper than {limit} levels."
        yield inside["shape"], Flaw(sentence, {"limit": EMBEDDED_DEPTH}, subcode="depth")
        return
    if repeats_key(text.encode()):
        yield KEY_RULE, Flaw("An object has a key more than once.")
    if holds_whole_float(value):  # or an integer beyond 64 bits, of which orjson makes one
        value = decode(text.encode())
    yield from ((inside["shape"] if code == DEFAULT_RULE else code, flaw) for code, flaw in explain(name, value))


def _is_sound_text(name: str, text: str) -> bool:
    """Whether compiled code accepts the JSON in a string; the JSON in one that it refuses may have no flaw either."""
    try:
        return has_no_flaw(name, accept(text.encode()))
    except (Rejected, UnicodeEncodeError):
        return False


_STANDARD = Walk(STANDARD)
_FORMAT = Walk(
    {
        **STANDARD,
        "properties": _properties,
        "type": _type,
        "x-open": _open,
        "x-legacy": _legacy,
        "x-reports": _reports,
        "x-embedded": _embedded,
        "x-should": _should,
    }
)
