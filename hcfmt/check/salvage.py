"""Salvage: collects identifiers and paths from records that contradict their schema, so that none counts as missing."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from hcfmt.check.export_index import ExportIndex
from hcfmt.check.occurrences import bounded
from hcfmt.export.annotations import DEFINES, FILE, REFERS, Annotation, annotations, is_of_type, values_at
from hcfmt.export.records import LISTS, WRAPPERS
from hcfmt.export.references import all_annotations, identifier, likely_files, named_files, owner_of


def salvage(index: ExportIndex, name: str, member: str, value: object) -> None:
    """Add a document of one record, or any other value, that contradicts the schema ``name`` to an index."""
    index.broken[member] += 1
    complete = [_salvage_record(index, name, kind, record, owner_of(member)) for kind, record in _records(name, value)]
    if not complete or not all(complete):
        index.lost[member] += 1


def _records(name: str, value: object) -> Iterator[tuple[str, Any]]:
    """Yield kind and record of every record in a document that may have any shape."""
    if isinstance(value, dict) and name in LISTS:
        kind, key = LISTS[name]
        items = value.get(key)
        yield from ((kind, item) for item in (items if isinstance(items, list) else [None]))
    for wrapper in value if isinstance(value, list) else ():
        if isinstance(wrapper, dict) and len(wrapper) == 1:
            yield from ((kind, record) for kind, record in wrapper.items() if kind in WRAPPERS.get(name, ()))


def _salvage_record(index: ExportIndex, name: str, kind: str, record: object, owner: int | None) -> bool:
    """Add the identifiers and files of a record to an index; return whether all of them could be read."""
    if not isinstance(record, dict):
        return False
    complete = [
        _SALVAGE[annotation.keyword](index, annotation, record, owner) for annotation in _annotations(name, kind)
    ]
    return all(complete)


@cache
def _annotations(name: str, kind: str) -> list[Annotation]:
    """Return the annotations of a kind of record whose values are salvaged."""
    return [
        annotation
        for annotation in annotations(name, (DEFINES, FILE))
        if annotation.kind == kind and (_identifies(annotation) or "member" in annotation.arguments)
    ]


def _identifies(annotation: Annotation) -> bool:
    """Whether an annotation defines a thing that has a number, or that some annotation refers to."""
    thing = annotation.arguments.get("thing")
    return annotation.keyword == DEFINES and (annotation.type is int or thing in _things_referred_to())


def _salvage_identifier(index: ExportIndex, annotation: Annotation, record: object, _: int | None) -> bool:
    thing = annotation.arguments["thing"]
    values = [value for value in values_at(record, annotation.path) if is_of_type(value, annotation.type)]
    for value in values:
        index.salvage(annotation.label, bounded(identifier(value, thing)))
    return bool(values)


def _salvage_files(index: ExportIndex, annotation: Annotation, record: Any, owner: int | None) -> bool:  # noqa: ANN401 - any value
    *parents, last = annotation.path
    holders = values_at(record, tuple(parents))
    if not any(holders):
        return True
    values = [value for value in values_at(record, annotation.path) if value is not None]
    texts = [value for value in values if isinstance(value, str)]
    for text in filter(None, texts):
        for code, path, _ in named_files(annotation, text, record, owner):
            for file in likely_files(annotation, path, owner) if code else [path]:
                index.salvage(annotation.label, bounded(file))
    readable = all(
        isinstance(holder, dict) and (last in holder or not annotation.required) for holder in holders if holder
    )
    return readable and len(texts) == len(values)


_SALVAGE = {DEFINES: _salvage_identifier, FILE: _salvage_files}


@cache
def _things_referred_to() -> frozenset[str]:
    """Return the things that some annotation refers to."""
    references = (annotation for annotation in all_annotations().values() if annotation.keyword == REFERS)
    return frozenset(thing for annotation in references for thing in annotation.arguments["to"])
