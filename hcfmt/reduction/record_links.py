"""The links of one record: the things that it defines, the things that it needs, and the stored files that it names.

The schemas say which values are links (``schemas/README.md``). A record may have any shape.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import orjson
from msgspec import Struct

from hcfmt.export.annotations import DEFINES, FILE, REFERS, Annotation, Step, annotations, is_of_type, values_at
from hcfmt.export.dialect_records import dialect_json
from hcfmt.export.go_json import go_json
from hcfmt.export.jsontext import nests_at_most
from hcfmt.export.records import LISTS, WRAPPERS
from hcfmt.export.references import identifier, is_excepted, likely_files, named_files, owner_of, targets, variant_path
from hcfmt.export.schemas import dialect_of

DEEPEST = 100
"""Levels of a value whose links and parts are looked at."""

Thing = tuple[str, Any]
"""The name of a thing, such as ``user``, and its identifier in comparable form."""


class RecordLinks(Struct, frozen=True):
    """The links of a record.

    ``needs`` has for each reference the things to which it may refer, one of which is enough. References that are items
    of a list are not among them: the list can do without the item.
    """

    defines: frozenset[Thing] = frozenset()
    needs: tuple[frozenset[Thing], ...] = ()
    files: frozenset[str] = frozenset()


NO_LINKS = RecordLinks()


def decoded(text: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Return the value of a JSON text, None where it is invalid or nests deeper than ``DEEPEST``."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return value if nests_at_most(value, DEEPEST) else None


def encoded(schema: str, value: object) -> bytes:
    """Return a value as the exporter of a data file's schema writes it."""
    return dialect_json(value) if dialect_of(schema)[0] else go_json(value)


def links_of(schema: str, place: str, text: bytes) -> RecordLinks:
    """Return the links of a record of a data file, by the text of the record with its wrapper."""
    kind, record = _unwrapped(schema, decoded(text))
    if not isinstance(record, dict):
        return NO_LINKS
    found = [annotation for annotation in annotations(schema, (DEFINES, REFERS, FILE)) if annotation.kind == kind]
    return RecordLinks(
        frozenset(_defined(found, record)), tuple(_needed(found, record)), frozenset(_files(found, record, place))
    )


def without_items(schema: str, value: Any, is_gone: Callable[[frozenset[Thing]], bool]) -> Any:  # noqa: ANN401
    """Return a decoded record, with its wrapper, without the items of lists that refer to what is gone."""
    kind, record = _unwrapped(schema, value)
    for annotation in annotations(schema, (REFERS,)):
        if annotation.kind == kind and None in annotation.path and not annotation.in_string:
            record = _filtered(record, annotation.path, annotation, is_gone)
    return {kind: record} if schema in WRAPPERS and isinstance(record, dict) else record


def _filtered(
    value: Any,  # noqa: ANN401 - any JSON value
    path: tuple[Step, ...],
    annotation: Annotation,
    is_gone: Callable[[frozenset[Thing]], bool],
) -> Any:  # noqa: ANN401 - any JSON value
    step, *rest = path
    if step is not None:
        if isinstance(value, dict) and step in value:
            return {**value, step: _filtered(value[step], tuple(rest), annotation, is_gone)}
        return value
    if not isinstance(value, list):
        return value
    return [item for item in value if not any(map(is_gone, _meant(annotation, values_at(item, tuple(rest)))))]


def _unwrapped(schema: str, value: Any) -> tuple[str, Any]:  # noqa: ANN401 - any JSON value
    """Return the kind of a record, and the record without its wrapper; of a value of another form neither."""
    if schema in LISTS:
        return LISTS[schema][0], value
    if isinstance(value, dict) and len(value) == 1:
        ((kind, record),) = value.items()
        return kind, record
    return "", None


def _defined(found: list[Annotation], record: Mapping[str, Any]) -> Iterator[Thing]:
    for annotation in found:
        if annotation.keyword == DEFINES and "within" not in annotation.arguments:
            for value in values_at(record, annotation.path):
                if is_of_type(value, annotation.type):
                    yield annotation.arguments["thing"], identifier(value, annotation.arguments["thing"])


def _needed(found: list[Annotation], record: Mapping[str, Any]) -> Iterator[frozenset[Thing]]:
    for annotation in found:
        if annotation.keyword == REFERS and (annotation.in_string or None not in annotation.path):
            values = values_at(record, annotation.path)
            if annotation.in_string:
                values = [
                    text for value in values if isinstance(value, str) for text in _texts(decoded(value.encode()))
                ]
            yield from _meant(annotation, [value for value in values if not _is_excepted(annotation, value, record)])


def _is_excepted(annotation: Annotation, value: Any, record: Mapping[str, Any]) -> bool:  # noqa: ANN401 - any JSON value
    """Whether an annotation excepts a value; what a record lacks excepts nothing."""
    try:
        return is_excepted(annotation, value, record)
    except (KeyError, TypeError):
        return False


def _meant(annotation: Annotation, values: list[Any]) -> Iterator[frozenset[Thing]]:
    """Yield for each value the things to which it may refer."""
    for value in values:
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            meant = frozenset(targets(value, annotation.arguments["to"]))  # type: ignore[arg-type]  # a float is whole
            if meant:
                yield meant


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    """Yield all strings in a value."""
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(inner)


def _files(found: list[Annotation], record: Mapping[str, Any], place: str) -> Iterator[str]:
    """Yield the places of the stored files that a record names, in all their sizes, or most likely means."""
    for annotation in found:
        if annotation.keyword != FILE or "member" not in annotation.arguments:
            continue
        for holder in values_at(record, annotation.path[:-1]):
            value = holder.get(annotation.path[-1]) if isinstance(holder, dict) else None
            if isinstance(value, str) and value:
                for file in _named(annotation, value, holder, owner_of(place)):
                    yield from _sizes(annotation, file)


def _named(annotation: Annotation, value: str, holder: Mapping[str, Any], owner: int | None) -> Iterator[str]:
    for code, path, _ in named_files(annotation, value, holder, owner):
        yield from likely_files(annotation, value, owner) if code else [path]
    templates = annotation.arguments.get("elsewhere", {}).get("members", ())
    yield from (template.replace("{value}", value) for template in templates)


def _sizes(annotation: Annotation, file: str) -> Iterator[str]:
    yield file
    for suffix in annotation.arguments.get("sizes", {}).get("suffixes", ()):
        yield variant_path(file, suffix)
