"""Compiles the annotations of the schemas, and collects the values of each annotation in columns.

The paths from a record kind to its annotated values are compiled once. Each step is then one comprehension over all
records of a batch, and columns with the same first steps share them.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property
from typing import Any

from msgspec import Struct

from hcfmt.export.column_checks import decode_texts, is_small_embedded
from hcfmt.export.columns import Structs, given, objects, property_of
from hcfmt.export.jsontext import Rejected, nests_at_most
from hcfmt.export.records import LISTS, Batch
from hcfmt.export.schemas import HARMLESS_RULE, SUFFIX, dialect_of, resolved, rule_of

EMBEDDED, DEFINES, REFERS, FILE, SHOULD = "x-embedded", "x-defines", "x-refers-to", "x-file", "x-should"
OPEN = "x-open"
INTEGRITY = (DEFINES, REFERS, FILE, SHOULD)

EMBEDDED_DEPTH = 100  # levels of JSON inside a string; documented are two

_TYPES = {"string": str, "integer": int, "object": dict, "array": list}

Step = str | None  # a property's name, or None for the items of an array
Places = Sequence[Any]  # for each value: its record's index, or (that index, index in an array of the record)


class Annotation(Struct, frozen=True):
    """One annotation of a schema: its keyword and arguments, its schema and record kind, and the path from the record.

    ``label`` identifies it. ``type`` is the Python type of its values; unless ``certain``, values of other types occur
    and are left out. ``required``: the value's object must have this property. ``in_string``: it is an annotation of
    JSON inside a string.
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

    @property
    def is_counted(self) -> bool:
        """Whether only the number of its values matters: no rule compares them with values of other records."""
        return self.keyword == SHOULD or "within" in self.arguments

    def locate(self, at: Any) -> tuple[int, tuple[str | int, ...]]:  # noqa: ANN401 - an item of Places
        """Return the index of a value's record and the path from that record; inside a string, that of the string."""
        if type(at) is int and None not in self.path:
            return at, self.path  # type: ignore[return-value]  # mypy does not follow the test
        record, *inner = _flat(at)
        if None not in self.path:
            return record, self.path  # type: ignore[return-value]  # mypy does not follow the test
        indices = iter(inner)
        return record, tuple(step if step is not None else next(indices) for step in self.path)


def _flat(at: Any) -> list[int]:  # noqa: ANN401 - an item of Places
    return [*_flat(at[0]), at[1]] if isinstance(at, tuple) else [at]


class Column(Struct, frozen=True):
    """The values of one annotation, each with its place and the object that it is a property of.

    Of an annotation that ``is_counted`` the number of values is right, and they may be other values.
    """

    annotation: Annotation
    at: Places
    values: Sequence[Any]
    owners: Sequence[Any]


class _Node(Struct, dict=True):
    """One place in a schema: its annotations, and the steps to places below that have annotations.

    ``certain``: all its values are of one form, and none is null.
    """

    certain: bool
    annotations: list[Annotation] = []
    steps: list[tuple[Step, bool, "_Node"]] = []
    inside: "_Node | None" = None  # the top of the JSON inside a string
    within: str = ""  # the schema of that JSON
    step: Step = None  # the last step to the string that holds it

    def is_needed(self) -> bool:
        return bool(self.annotations or self.steps or self.inside)

    @cached_property
    def is_counted(self) -> bool:
        """Whether only the number of values at this place matters."""
        counted = all(annotation.is_counted and annotation.certain for annotation in self.annotations)
        return counted and not self.steps and not self.inside


def columns(name: str, batch: Batch, keywords: tuple[str, ...] = INTEGRITY) -> Iterator[Column]:
    """Yield a column for every annotation with one of the keywords; the records must match the schema ``name``."""
    node = _nodes(name, keywords).get(batch.kind)
    if node is not None and node.is_needed():
        yield from _walk(node, batch.at, batch.records, batch.records)


def embedded_texts(name: str, batch: Batch) -> Iterator[tuple[str, list[Any]]]:
    """Yield (name of their schema, JSON texts) for each property of a batch that holds JSON inside strings."""
    for column in columns(name, batch, (EMBEDDED,)):
        arguments = column.annotation.arguments
        texts = [text for text in column.values if text or not arguments.get("blank")]
        yield arguments["schema"].removesuffix(SUFFIX), texts


def annotations(name: str, keywords: tuple[str, ...] = INTEGRITY) -> Iterator[Annotation]:
    """Yield every annotation with one of the keywords in a data file's schema, JSON inside strings included."""
    for node in _nodes(name, keywords).values():
        yield from _annotations(node)


def _annotations(node: _Node) -> Iterator[Annotation]:
    yield from node.annotations
    for inner in [*(inner for _, _, inner in node.steps), *([node.inside] if node.inside else [])]:
        yield from _annotations(inner)


def values_at(record: Any, path: tuple[Step, ...]) -> list[Any]:  # noqa: ANN401 - any JSON value
    """Return the values at a path of a record, which may contradict its schema."""
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
    if node.steps:
        yield from _walk_below(node, at, values)
    if node.inside:
        places, inside = _read_inside(node, values, owners)
        yield from _walk(node.inside, [at[place] for place in places], inside, inside)


def _walk_below(node: _Node, at: Places, values: Sequence[Any]) -> Iterator[Column]:
    """Walk the properties of objects, or the items of arrays; values of another form have neither."""
    holders = values
    if not node.certain:
        places, holders = objects(values)
        at = _chosen(at, places)
    for step, certain, inner in node.steps:
        if step is None:
            inner_at, items = _items(at, holders)
            yield from _walk(inner, inner_at, items, items)
        elif certain:
            # Where only the number matters, the holders stand for their values.
            yield from _walk(inner, at, holders if inner.is_counted else property_of(holders, step), holders)
        else:
            having, found = given(holders, step)
            if having:
                yield from _walk(inner, _chosen(at, having), found, _chosen(holders, having))


def _items(at: Places, values: Sequence[Any]) -> tuple[Places, Sequence[Any]]:
    """Return the places and the items of the arrays among the values."""
    rows = zip(at, values, strict=True)
    flat = [((place, index), item) for place, items in rows if type(items) is list for index, item in enumerate(items)]
    return [place for place, _ in flat], [item for _, item in flat]


def _chosen(items: Sequence[Any], places: Sequence[int]) -> Sequence[Any]:
    return items if len(places) == len(items) else [items[place] for place in places]


def _read_inside(node: _Node, texts: Sequence[Any], owners: Sequence[Any]) -> tuple[Sequence[int], Sequence[Any]]:
    """Return the positions of the texts whose JSON matches its schema, and the values, all in one form."""
    name = node.within
    if isinstance(owners, Structs) and node.step in owners.inside:
        return [place for place, text in enumerate(texts) if text], owners.inside[node.step]
    try:
        return range(len(texts)), decode_texts(name, texts)
    except Rejected:
        values = [_embedded(name, text) for text in texts]
        places = [place for place, value in enumerate(values) if value is not _INVALID]
        return places, [values[place] for place in places]


_INVALID = object()


def _embedded(name: str, text: object) -> object:
    """Return the decoded JSON in a string, ``_INVALID`` where it does not match its schema."""
    # Most archives never need them.
    import orjson  # noqa: PLC0415 - see above

    from hcfmt.export.strict_schemas import validator  # noqa: PLC0415 - see above

    if isinstance(text, str) and not is_small_embedded(text):
        return _INVALID
    try:
        value: object = orjson.loads(text)  # type: ignore[arg-type]  # other types raise JSONDecodeError
    except (orjson.JSONDecodeError, UnicodeEncodeError):
        return _INVALID
    return value if nests_at_most(value, EMBEDDED_DEPTH) and validator(name)(value) else _INVALID


def _of_type(annotation: Annotation, at: Places, values: Sequence[Any], owners: Sequence[Any]) -> Column:
    if annotation.certain or annotation.type is None:
        return Column(annotation, at, values, owners)
    kinds = {annotation.type, float} if annotation.type is int else {annotation.type}
    places = [place for place, value in enumerate(values) if type(value) in kinds]
    if annotation.type is int:
        places = [place for place in places if is_of_type(values[place], int)]
    return Column(annotation, _chosen(at, places), _chosen(values, places), _chosen(owners, places))


def is_of_type(value: object, kind: type | None) -> bool:
    """Whether a value is of a type as JSON Schema defines it: 7.0 is an integer, a boolean is not."""
    return type(value) is kind or (kind is int and type(value) is float and value.is_integer())


@cache
def _nodes(name: str, keywords: tuple[str, ...]) -> dict[str, _Node]:
    """Return the top node of every record kind of a data file."""
    return {kind: _Compiler(name, kind, frozenset(keywords)).node(schema) for kind, schema in _kinds(name)}


def _kinds(name: str) -> Iterator[tuple[str, Any]]:
    document = resolved(name)
    if name in LISTS:
        kind, key = LISTS[name]
        yield kind, document["properties"][key]["items"]
    elif isinstance(document.get("items"), dict):
        yield from document["items"].get("properties", {}).items()


_INNER = frozenset({"properties", "items", "then", "else", EMBEDDED})  # the keywords of parts below


class _Compiler(Struct, frozen=True):
    """Compiles the schema of one record kind.

    ``steps`` is the path to a part of the schema; for JSON inside a string, the first ``outer`` of them lead to the
    string. Values of a part that is not ``certain`` may be of other types.
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
        python_type = next((_TYPES[name] for name in types if name in _TYPES), None)
        inside = outer is not None
        node = _Node(
            certain,
            [
                Annotation(
                    key,
                    part[key],
                    self.name,
                    self.kind,
                    steps[:outer],
                    self._label(key, steps),
                    python_type,
                    certain,
                    required,
                    inside,
                )
                for key in part
                if key in self.keywords
            ],
        )
        for key, inner in part.get("properties", {}).items():
            if inner.keys().isdisjoint(self.keywords | _INNER):  # most properties
                continue
            is_required = key in part.get("required", ()) and not _may_lack(part, key)
            child = self.node(inner, (*steps, key), outer, certain=certain, required=is_required)
            _add_step(node, key, child, certain=certain and types == ["object"] and is_required)
        if isinstance(part.get("items"), dict):
            _add_step(node, None, self.node(part["items"], (*steps, None), outer, certain=certain), certain=certain)
        for branch in (part[key] for key in ("then", "else") if key in part):
            other = self.node(branch, steps, outer, certain=False)
            node.annotations += other.annotations
            node.steps += [(step, False, inner) for step, _, inner in other.steps]
        if EMBEDDED in part and OPEN not in self.keywords:  # open objects inside strings are not reported
            node.within, node.step = part[EMBEDDED]["schema"].removesuffix(SUFFIX), steps[-1]
            embedded = self.node(resolved(node.within), steps, len(steps), certain=False)
            node.inside = embedded if embedded.is_needed() else None
        return node

    def _label(self, keyword: str, steps: tuple[Step, ...]) -> str:
        dialect = dialect_of(self.name)[0]
        parts = (keyword, self.kind, *("*" if step is None else step for step in steps))
        return " ".join((*parts, f"({dialect})") if dialect else parts)


def _may_lack(part: Any, name: str) -> bool:  # noqa: ANN401 - a part of a schema
    """Whether a record that rules examine may lack a documented property: HC317 reports it missing, or its value."""
    rules = part["properties"][name].get("x-rules", {})
    refused = {code for keyword, code in rules.items() if keyword not in {"required", "minimum"}}
    return rule_of(part, "required", name) == HARMLESS_RULE or HARMLESS_RULE in refused


def _add_step(node: _Node, step: Step, inner: _Node, *, certain: bool) -> None:
    if inner.is_needed():
        node.steps.append((step, certain, inner))
