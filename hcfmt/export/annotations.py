"""The annotations of the schemas, compiled to columns: all values that one annotation speaks of, at once.

The way to the values of a record kind is worked out once. Then every step of it is one comprehension over all records
of a batch, and columns that share their first steps share the work.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import orjson

from hcfmt.export.jsontext import holds_at_most, nests_at_most
from hcfmt.export.records import LISTS, Batch
from hcfmt.export.schemas import SUFFIX, resolved
from hcfmt.export.strict_schemas import validator

EMBEDDED, DEFINES, REFERS, FILE, SHOULD = "x-embedded", "x-defines", "x-refers-to", "x-file", "x-should"
OPEN = "x-open"
INTEGRITY = (DEFINES, REFERS, FILE, SHOULD)

EMBEDDED_DEPTH = 100  # levels of JSON inside a string; documented are two
EMBEDDED_VALUES = 300_000  # in the JSON inside a string; documented are a few for each room that a client opens

_TYPES = {"string": str, "integer": int, "object": dict, "array": list}

Step = str | None  # a property's name, or None for the items of an array
Places = Sequence[Any]  # of each value: its record's place, or (that place, index in an array of the record)


@dataclass(frozen=True, slots=True)
class Annotation:
    """One annotation: its keyword, what it says, the path from its record, and the schema and record kind it is in.

    ``label`` tells it from all others. ``type`` is the Python type of the values it is about; not ``certain``: they may
    be of another, and are then left out. ``required``: the object that holds the value must have it. ``inside``: it is
    about JSON inside a string.
    """

    keyword: str
    arguments: Mapping[str, Any]
    schema: str
    kind: str
    path: tuple[Step, ...]
    label: str
    type: type | None
    certain: bool
    required: bool
    in_string: bool

    def locate(self, at: Any) -> tuple[int, tuple[str | int, ...]]:  # noqa: ANN401 - an item of Places
        """Return a value's record and its path from that record; what is inside a string is placed at the string."""
        record, *inner = _flat(at)
        if None not in self.path:
            return record, self.path  # type: ignore[return-value]  # mypy does not follow the test
        indices = iter(inner)
        return record, tuple(step if step is not None else next(indices) for step in self.path)


def _flat(at: Any) -> list[int]:  # noqa: ANN401 - an item of Places
    return [*_flat(at[0]), at[1]] if isinstance(at, tuple) else [at]


@dataclass(frozen=True, slots=True)
class Column:
    """The values that an annotation is about: each with its place, and with the object that it is a property of."""

    annotation: Annotation
    at: Places
    values: Sequence[Any]
    owners: Sequence[Any]


@dataclass(slots=True)
class _Node:
    """What follows from one place of a schema: the marks on it, and the steps that lead on to others."""

    annotations: list[Annotation] = field(default_factory=list)
    steps: list[tuple[Step, bool, "_Node"]] = field(default_factory=list)
    inside: "_Node | None" = None  # of the JSON that a string holds
    within: str = ""  # the schema of that JSON

    def leads(self) -> bool:
        return bool(self.annotations or self.steps or self.inside)


def columns(name: str, batch: Batch, keywords: tuple[str, ...] = INTEGRITY) -> Iterator[Column]:
    """Yield a column for every annotation of some keywords on a kind of record; the records match the schema."""
    node = _nodes(name, keywords).get(batch.kind)
    if node is not None and node.leads():
        yield from _walk(node, batch.at, batch.records, batch.records)


def annotations(name: str, keywords: tuple[str, ...] = INTEGRITY) -> Iterator[Annotation]:
    """Yield every annotation of some keywords on the records of a data file, JSON in strings included."""
    for node in _nodes(name, keywords).values():
        yield from _annotations(node)


def _annotations(node: _Node) -> Iterator[Annotation]:
    yield from node.annotations
    for inner in [*(inner for _, _, inner in node.steps), *([node.inside] if node.inside else [])]:
        yield from _annotations(inner)


def values_at(record: Any, path: tuple[Step, ...]) -> list[Any]:  # noqa: ANN401 - any JSON value
    """Return the values at a path of a record of which nothing is known, not even that it matches its schema."""
    values = [record]
    for step in path:
        if step is None:
            values = [item for inner in values if isinstance(inner, list) for item in inner]
        else:
            values = [inner[step] for inner in values if isinstance(inner, dict) and step in inner]
    return values


def _walk(node: _Node, at: Places, values: Sequence[Any], owners: Sequence[Any]) -> Iterator[Column]:
    for annotation in node.annotations:
        yield _of_type(annotation, at, values, owners)
    for step, certain, inner in node.steps:
        if step is None:
            rows = zip(at, values, strict=True)
            flat = [
                ((place, index), item)
                for place, items in rows
                if type(items) is list
                for index, item in enumerate(items)
            ]
            items = [item for _, item in flat]
            yield from _walk(inner, [place for place, _ in flat], items, items)
        elif certain:
            yield from _walk(inner, at, [value[step] for value in values], values)
        else:
            having = [position for position, value in enumerate(values) if type(value) is dict and step in value]
            if having:
                holders = [values[position] for position in having]
                yield from _walk(inner, [at[position] for position in having], [one[step] for one in holders], holders)
    if node.inside:
        texts = [(place, _embedded(node.within, text)) for place, text in zip(at, values, strict=True)]
        inside = [value for _, value in texts if value is not _NOTHING]
        yield from _walk(node.inside, [place for place, value in texts if value is not _NOTHING], inside, inside)


_NOTHING = object()


def _embedded(name: str, text: object) -> object:
    """Return the JSON in a string where it matches its schema: what does not takes no part."""
    if isinstance(text, str) and not is_small_embedded(text):
        return _NOTHING
    try:
        value: object = orjson.loads(text)  # type: ignore[arg-type]  # what is no string is no JSON either
    except (orjson.JSONDecodeError, UnicodeEncodeError):
        return _NOTHING
    return value if nests_at_most(value, EMBEDDED_DEPTH) and validator(name)(value) else _NOTHING


def is_small_embedded(text: str) -> bool:
    """Whether the JSON inside a string holds so few values that it may be decoded."""
    short = len(text) < EMBEDDED_VALUES
    return short or holds_at_most(text.encode("utf-8", "surrogatepass"), EMBEDDED_VALUES)


def _of_type(annotation: Annotation, at: Places, values: Sequence[Any], owners: Sequence[Any]) -> Column:
    if annotation.certain or annotation.type is None:
        return Column(annotation, at, values, owners)
    fitting = [row for row in zip(at, values, owners, strict=True) if is_of_type(row[1], annotation.type)]
    return Column(annotation, *([row[index] for row in fitting] for index in range(3)))


def is_of_type(value: object, kind: type | None) -> bool:
    """Whether a value is of a type that JSON Schema knows: 7.0 is an integer, and a boolean is none."""
    return type(value) is kind or (kind is int and type(value) is float and value.is_integer())


@cache
def _nodes(name: str, keywords: tuple[str, ...]) -> dict[str, _Node]:
    """Return, for every kind of record of a data file, the way to what the keywords annotate."""
    return {kind: _Compiler(name, kind, frozenset(keywords)).node(schema) for kind, schema in _kinds(name)}


def _kinds(name: str) -> Iterator[tuple[str, Any]]:
    document = resolved(name)
    if name in LISTS:
        kind, key = LISTS[name]
        yield kind, document["properties"][key]["items"]
    elif isinstance(document.get("items"), dict):
        yield from document["items"].get("properties", {}).items()


@dataclass(frozen=True, slots=True)
class _Compiler:
    """Works out the ways of one kind of record.

    ``steps`` lead to a part of the schema, of which the first ``outer`` lead to the string that the part is inside of.
    A part that is not ``certain`` may meet values of other types than it asks for.
    """

    name: str
    kind: str
    keywords: frozenset[str]

    def node(
        self,
        part: Any,  # noqa: ANN401 - any JSON value
        steps: tuple[Step, ...] = (),
        outer: int | None = None,
        *,
        certain: bool = True,
        required: bool = True,
    ) -> _Node:
        types = [part["type"]] if isinstance(part.get("type"), str) else part.get("type", [])
        certain = certain and len(types) == 1
        kept = next((_TYPES[one] for one in types if one in _TYPES), None)
        inside = outer is not None
        node = _Node(
            [
                Annotation(
                    key,
                    part[key],
                    self.name,
                    self.kind,
                    steps[:outer],
                    self._label(key, steps),
                    kept,
                    certain,
                    required,
                    inside,
                )
                for key in part
                if key in self.keywords
            ]
        )
        for key, inner in part.get("properties", {}).items():
            needed = key in part.get("required", ())
            found = self.node(inner, (*steps, key), outer, certain=certain, required=needed)
            _lead(node, key, found, certain=certain and types == ["object"] and needed)
        if isinstance(part.get("items"), dict):
            _lead(node, None, self.node(part["items"], (*steps, None), outer, certain=certain), certain=certain)
        for branch in (part[key] for key in ("then", "else") if key in part):
            other = self.node(branch, steps, outer, certain=False)
            node.annotations += other.annotations
            node.steps += [(step, False, inner) for step, _, inner in other.steps]
        if (
            EMBEDDED in part and OPEN not in self.keywords
        ):  # of open objects only those outside of strings are asked for
            node.within = part[EMBEDDED]["schema"].removesuffix(SUFFIX)
            embedded = self.node(resolved(node.within), steps, len(steps), certain=False)
            node.inside = embedded if embedded.leads() else None
        return node

    def _label(self, keyword: str, steps: tuple[Step, ...]) -> str:
        return " ".join((keyword, self.kind, *("*" if step is None else step for step in steps)))


def _lead(node: _Node, step: Step, inner: _Node, *, certain: bool) -> None:
    if inner.leads():
        node.steps.append((step, certain, inner))
