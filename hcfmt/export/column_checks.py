"""Checks of whole columns, compiled from the schemas: what the types of ``record_types`` cannot say of a value.

Those are patterns, expectations (``x-should``), JSON inside strings, and names in open objects. A check accepts values
or raises Rejected; a value that it refuses may nevertheless be valid.

A check also counts the colons in the JSON text of its values: one after each key, and those inside the strings. A text
with another number of colons has a key more than once, which decoding hides, or a colon that is written as an escape.
"""

import re
from binascii import a2b_base64
from collections.abc import Callable, Sequence
from functools import cache
from itertools import chain
from typing import Any

import msgspec

from hcfmt.export.columns import Structs, column_of, present
from hcfmt.export.expectations import compiled, selection
from hcfmt.export.jsontext import Rejected, holds_at_most
from hcfmt.export.letter_case import has_no_clash
from hcfmt.export.record_types import decoder, is_refused
from hcfmt.export.schemas import SUFFIX, Schema, resolved
from hcfmt.export.timestamps import COLONS, are_exact

EMBEDDED_VALUES = 300_000  # in the JSON inside a string; documented are a few for each room that a client opens

_SAID_BY_TYPES = frozenset({"description", "minLength", "maxLength", "minimum", "maximum"})  # see record_types

Check = Callable[[Sequence[Any]], int]
"""Returns the number of colons in the JSON text of values that have the type of their schema, or raises Rejected."""

ESCAPED_COLON = re.compile(rb"\\u00(?:00|3[aA])")  # or an escaped U+0000, which no text may hold


def check_of(part: Schema) -> Check | None:
    """Return the check of the values of a part of a schema; None where their type says everything, without a colon."""
    kinds = part.get("type", ())
    if "if" in part or "const" in part or "enum" in part or "x-legacy" in part:
        return _expected(part)
    if "object" in kinds and "properties" in part:
        return _Objects(part)
    if "object" in kinds:
        return _open(part)
    if "array" in kinds:
        return _items(part)
    return _texts(part) if "string" in kinds else _expected(part)


def _expected(part: Schema) -> Check | None:
    """Return the check of the expectations on values without a colon."""
    return _Expectations(part) if _besides(part) else None


def _besides(part: Schema) -> list[Schema]:
    """Return the expectations on a value, but for those that its type says."""
    return [schema for schema in part.get("x-should", {}).values() if not schema.keys() <= _SAID_BY_TYPES]


class _Expectations:
    """Check of the expectations on values."""

    def __init__(self, part: Schema) -> None:
        self._selections = [selection(schema) for schema in _besides(part)]

    def __call__(self, values: Sequence[Any]) -> int:
        if any(len(select(values)) < len(values) for select in self._selections):
            raise Rejected
        return 0


class _Objects:
    """Check of structs, property by property, and of the flat values that may stand in their place."""

    def __init__(self, part: Schema) -> None:
        required = part.get("required", ())
        properties = [(name, inner) for name, inner in part["properties"].items() if not is_refused(inner)]
        checks = [(name, check_of(_without_embedded(inner))) for name, inner in properties]
        self._keys = len(required)
        self._alone = part["type"] in ("object", ["object"])
        self._required = [(name, check) for name, check in checks if name in required and check]
        self._optional = [(name, check) for name, check in checks if name not in required]
        self._embedded = [(name, inner["x-embedded"]) for name, inner in properties if "x-embedded" in inner]
        self._expectations = _expected(part)

    def __call__(self, values: Sequence[Any]) -> int:
        rows = values if self._alone else Structs(value for value in values if isinstance(value, msgspec.Struct))
        colons = self._keys * len(rows)
        if len(rows) < len(values):
            colons += "".join([value for value in values if isinstance(value, str)]).count(":")
        if not rows:
            return colons
        for name, check in self._required:
            colons += check(column_of(rows, name))
        for name, check_given in self._optional:
            if given := present(rows, name):
                colons += len(given) + (check_given(given) if check_given else 0)
        for name, embedded in self._embedded:
            texts = [text for text in column_of(rows, name) if text or (text == "" and "blank" not in embedded)]
            inside = _check_inside(embedded["schema"].removesuffix(SUFFIX), texts)
            if inside is not None and isinstance(rows, Structs):
                rows.inside[name] = inside
        if self._expectations:
            self._expectations(rows)
        return colons


def _without_embedded(part: Schema) -> Schema:
    return {key: value for key, value in part.items() if key != "x-embedded"}


def _open(part: Schema) -> Check:
    """Return the check of open objects and arrays, which hold flat values, and of flat values in their place."""
    expectations = _expected(part)

    def check(values: Sequence[Any]) -> int:
        if expectations:
            expectations(values)
        objects = [value for value in values if isinstance(value, dict)]
        names = set(chain.from_iterable(objects))
        # Most objects have the same few names, so that one test of all names is enough.
        if not has_no_clash(dict.fromkeys(names)) and not has_no_clash(objects):
            raise Rejected
        arrays = [value for value in values if isinstance(value, list)]
        flat = chain(values, *arrays, *objects, *map(dict.values, objects))
        return "".join([value for value in flat if type(value) is str]).count(":") + sum(map(len, objects))

    return check


def _items(part: Schema) -> Check | None:
    """Return the check of arrays: of all their items together, and of their own expectations."""
    if "items" not in part:
        return _open(part)
    check, expectations = check_of(part["items"]), _expected(part)
    if check is None:
        return expectations

    def check_items(values: Sequence[Any]) -> int:
        if expectations:
            expectations(values)
        return check(list(chain.from_iterable(filter(None, values))))  # null may stand for an empty one

    return check_items


def _texts(part: Schema) -> Check:
    """Return the check of strings: their form and their expectations. JSON inside them is checked with their object."""
    if "x-embedded" in part:
        raise ValueError("JSON inside a string is known as a property of an object only.")
    if part.get("x-form") == "timestamp":
        return _timestamps
    if part.get("x-form") == "base64":
        return _base64
    if "pattern" in part and not _besides(part) and (form := _FixedForm.of(part["pattern"])):
        return form
    matching = _pattern(part["pattern"]) if "pattern" in part else None
    expectations = _expected(part)
    nullable = "null" in part["type"]

    def check(values: Sequence[Any]) -> int:
        if expectations:
            expectations(values)
        texts = [value for value in values if value is not None] if nullable else values
        if matching:
            matching(texts)
        return "".join(texts).count(":")

    return check


def _pattern(pattern: str) -> Callable[[Sequence[str]], None]:
    def check(texts: Sequence[str]) -> None:
        if texts and not all(map(compiled(pattern).search, texts)):
            raise Rejected

    return check


def _timestamps(values: Sequence[str]) -> int:
    """Check the timestamps of messages: the form with six digits, and dates that exist."""
    if not are_exact(values):
        raise Rejected
    return COLONS * len(values)


def _base64(values: Sequence[str | None]) -> int:
    """Check texts of base64 with line breaks, which have no colon."""
    try:
        for value in filter(None, values):
            text = value.replace("\n", "").replace("\r", "")
            groups = -(-len(a2b_base64(text, strict_mode=True)) // 3)
            if len(text) != 4 * groups:  # "=" after a whole group, which the decoder passes over
                raise Rejected
    except ValueError:
        raise Rejected from None
    return 0


_FIXED_FORM = re.compile(r"\^(?:\[[\w-]+\](?:\{\d+\})?|[\w:-])+\$")
_PART = re.compile(r"\[([\w-]+)\](?:\{(\d+)\})?|([\w:-])")
_RANGE = re.compile(r"(\w)-(\w)|(\w)")


class _FixedForm:
    """Check of texts by a pattern in which each character has its class, and no two classes overlap.

    All characters of one class are replaced by one of them; then all texts are equal.
    """

    def __init__(self, classes: Sequence[bytes]) -> None:
        self._line = b"".join(members[:1] for members in classes) + b"\n"
        self._table = bytes.maketrans(
            b"".join(set(classes)) + b"\n", b"".join(members[:1] * len(members) for members in set(classes)) + b"\n"
        )
        self._colons = self._line.count(b":")

    @classmethod
    def of(cls, pattern: str) -> "_FixedForm | None":
        """Return the check of a pattern, None for a pattern of another kind."""
        if not _FIXED_FORM.fullmatch(pattern):
            return None
        parts = [(_members(match[1] or match[3]), int(match[2] or 1)) for match in _PART.finditer(pattern[1:-1])]
        every = b"".join({members for members, _ in parts})
        return (
            cls([members for members, count in parts for _ in range(count)]) if len(set(every)) == len(every) else None
        )

    def __call__(self, values: Sequence[str]) -> int:
        # Each text has a line of its own: without the line breaks, a longer text could make up for a shorter one.
        lines = "\n".join([*values, ""]).encode()
        if lines.translate(self._table) != self._line * len(values):
            raise Rejected
        return self._colons * len(values)


def _members(characters: str) -> bytes:
    """Return the characters of a class such as ``0-9A-F``, or the one character that it is."""
    ranges = [(match[1] or match[3], match[2] or match[3]) for match in _RANGE.finditer(characters)]
    return bytes(code for first, last in ranges for code in range(ord(first), ord(last) + 1)) or characters.encode()


def _check_inside(schema: str, texts: Sequence[str]) -> list[Any] | None:
    """Check JSON texts, by the name of their schema, and return their values as its type. Raises Rejected.

    None: they break no rule, but open objects in them have properties that no type knows.
    """
    try:
        return _typed_inside(schema, texts)
    except Rejected:
        if not all(map(is_small_embedded, texts)):
            raise
        from hcfmt.export.strict_schemas import check_texts  # noqa: PLC0415 - most archives never need it

        check_texts(schema, texts)
    return None


def _typed_inside(schema: str, texts: Sequence[str]) -> list[Any]:
    """Return the values of JSON texts that break no rule, as the type of their schema. Raises Rejected."""
    values, check = decode_texts(schema, texts), document_check(schema)
    colons = check(values) if check else 0
    joined = "".join(texts).encode()
    if joined.count(b":") != colons or ESCAPED_COLON.search(joined):
        raise Rejected
    return values


def decode_texts(name: str, texts: Sequence[Any]) -> list[Any]:
    """Return the values of JSON texts as the type of their schema. Raises Rejected."""
    if not all(map(is_small_embedded, texts)):
        raise Rejected
    try:
        return list(map(decoder(name).decode, texts))
    except (msgspec.MsgspecError, UnicodeError, TypeError):
        raise Rejected from None


def is_small_embedded(text: object) -> bool:
    """Whether a value is a text whose JSON has at most ``EMBEDDED_VALUES`` values, so that it may be decoded."""
    if not isinstance(text, str):
        return False
    short = len(text) < EMBEDDED_VALUES
    return short or holds_at_most(text.encode("utf-8", "surrogatepass"), EMBEDDED_VALUES)


@cache
def document_check(name: str) -> Check | None:
    """Return the check of whole documents of a schema's name, such as the JSON inside a string."""
    return check_of(resolved(name))
