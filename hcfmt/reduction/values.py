"""Reduces the values in the records of a draft: properties and items are dropped, texts are shortened."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from hcfmt.reduction.archive_links import RecordPlace
from hcfmt.reduction.delta_debugging import smallest
from hcfmt.reduction.draft import WHOLE, Draft
from hcfmt.reduction.judge import Judge
from hcfmt.reduction.record_links import decoded, encoded

_MOST = 20_000  # values in all records left; beyond, they stay as they are
_LONG = 8  # characters of a text that is shortened by parts

Path = tuple[str | int, ...]


class _Document(Struct, frozen=True):
    """A record, or a data file without records, that can be encoded again: its place, its schema and its value."""

    place: RecordPlace
    schema: str
    value: Any


class _Value(Struct, frozen=True):
    """A value in a document: the document's number, and the path to it."""

    document: int
    path: Path


def reduce_values(draft: Draft, judge: Judge) -> Draft:
    """Return a draft without the properties and items that can be left out, and with texts as short as pass."""
    draft = _drop(draft, judge)
    draft = _empty(draft, judge)
    return _shorten(draft, judge)


def _documents(draft: Draft) -> list[_Document]:
    """Return the records and the other data files of a draft, as far as they are valid."""
    whole = [
        (number, WHOLE)
        for number in draft.written()
        if draft.stored.members[number].schema and number not in draft.records
    ]
    places = [*draft.places(), *whole]
    found = [
        _Document(place, draft.stored.members[place[0]].schema or "", decoded(draft.text(place))) for place in places
    ]
    return [document for document in found if isinstance(document.value, dict | list)]


def _changed(draft: Draft, documents: Sequence[_Document], changes: Mapping[int, Any]) -> Draft:
    """Return a draft with other values of some documents, by their numbers."""
    texts = {documents[number].place: encoded(documents[number].schema, value) for number, value in changes.items()}
    return replace(draft, texts={**draft.texts, **texts})


def _drop(draft: Draft, judge: Judge) -> Draft:
    """Return a draft without each property and item that can be left out: first those of one name in all records."""
    documents = _documents(draft)
    values = [_Value(number, path) for number, document in enumerate(documents) for path in _paths(document)]
    if len(values) > _MOST:
        return draft

    def without(gone: Iterable[_Value]) -> Draft:
        by_document: dict[int, set[Path]] = {}
        for value in gone:
            by_document.setdefault(value.document, set()).add(value.path)
        changes = {number: _without(documents[number].value, paths) for number, paths in by_document.items()}
        return _changed(draft, documents, changes)

    gone = _greedy(_groups(documents, values), lambda chosen: judge.passes(without(chosen)))
    return without(gone) if gone else draft


def _greedy(groups: Iterable[Sequence[_Value]], passes: Callable[[Sequence[_Value]], bool]) -> Sequence[_Value]:
    """Return the values that can be changed together: of each group all, or else as many as pass."""
    changed: Sequence[_Value] = ()
    for group in groups:
        changed = _more(changed, group, passes)
    return changed


def _more(
    changed: Sequence[_Value], group: Sequence[_Value], passes: Callable[[Sequence[_Value]], bool]
) -> Sequence[_Value]:
    """Return the values changed before, and as many of a group as pass together with them."""
    unchanged = smallest(group, lambda left: passes([*changed, *_except(group, left)]))
    return [*changed, *_except(group, unchanged)]


def _except(group: Sequence[_Value], left: Sequence[_Value]) -> list[_Value]:
    kept = frozenset(left)
    return [value for value in group if value not in kept]


def _groups(documents: Sequence[_Document], values: Iterable[_Value]) -> list[list[_Value]]:
    """Return the values by schema and path without indices, those higher up first."""
    groups: dict[tuple[str, Path], list[_Value]] = {}
    for value in values:
        names = tuple(step for step in value.path if isinstance(step, str))
        groups.setdefault((documents[value.document].schema, names), []).append(value)
    return [groups[key] for key in sorted(groups, key=lambda key: (len(key[1]), key))]


def _paths(document: _Document) -> Iterator[Path]:
    """Yield the path of each property and item of a document, but for the wrapper of a record."""
    is_wrapped = document.place[1] != WHOLE and len(document.value) == 1
    yield from (path for path in _below(document.value) if len(path) > is_wrapped)


def _below(value: Any, path: Path = ()) -> Iterator[Path]:  # noqa: ANN401 - any JSON value
    for step, inner in _steps(value):
        yield (*path, step)
        yield from _below(inner, (*path, step))


def _steps(value: Any) -> Iterable[tuple[str | int, Any]]:  # noqa: ANN401 - any JSON value
    return value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()


def _without(value: Any, gone: set[Path], path: Path = ()) -> Any:  # noqa: ANN401 - any JSON value
    """Return a value without what is at some paths."""
    kept = [(step, _without(inner, gone, (*path, step))) for step, inner in _steps(value) if (*path, step) not in gone]
    if isinstance(value, dict):
        return dict(kept)
    return [inner for _, inner in kept] if isinstance(value, list) else value


def _empty(draft: Draft, judge: Judge) -> Draft:
    """Return a draft in which each text, list and object is empty, or null, that can be so."""
    for blank in (lambda _: None, lambda value: type(value)()):
        documents = _documents(draft)
        values = [
            _Value(number, path)
            for number, document in enumerate(documents)
            for path in _paths(document)
            if isinstance(inner := _at(document.value, path), str | list | dict) and inner
        ]
        draft = _replace(draft, judge, documents, values, blank)
    return draft


def _replace(
    draft: Draft,
    judge: Judge,
    documents: Sequence[_Document],
    values: Sequence[_Value],
    new: Callable[[Any], Any],
) -> Draft:
    """Return a draft in which as many values as pass are replaced by what a function makes of them."""

    def replaced(chosen: Iterable[_Value]) -> Draft:
        by_document: dict[int, set[Path]] = {}
        for value in chosen:
            by_document.setdefault(value.document, set()).add(value.path)
        changes = {number: _mapped(documents[number].value, paths, new) for number, paths in by_document.items()}
        return _changed(draft, documents, changes)

    if len(values) > _MOST:
        return draft
    chosen = _greedy(_groups(documents, values), lambda some: judge.passes(replaced(some)))
    return replaced(chosen) if chosen else draft


def _mapped(value: Any, paths: set[Path], new: Callable[[Any], Any], path: Path = ()) -> Any:  # noqa: ANN401
    if path in paths:
        return new(value)
    if isinstance(value, dict):
        return {key: _mapped(inner, paths, new, (*path, key)) for key, inner in value.items()}
    if isinstance(value, list):
        return [_mapped(inner, paths, new, (*path, index)) for index, inner in enumerate(value)]
    return value


def _at(value: Any, path: Path) -> Any:  # noqa: ANN401 - any JSON value
    for step in path:
        value = value[step]
    return value


def _shorten(draft: Draft, judge: Judge) -> Draft:
    """Return a draft with shorter texts: the longest part is cut off that can be, at the end or at the beginning."""
    while True:
        before = draft
        for half in (lambda text: text[: len(text) // 2], lambda text: text[len(text) // 2 :]):
            documents = _documents(draft)
            values = [
                _Value(number, path)
                for number, document in enumerate(documents)
                for path in _paths(document)
                if isinstance(inner := _at(document.value, path), str) and len(inner) > _LONG
            ]
            draft = _replace(draft, judge, documents, values, half)
        if draft is before:
            return draft
