"""Takes values that harm no importer (HC317) out of records, so that other rules can examine the rest."""

from itertools import takewhile
from typing import Any

from hcfmt.export.records import LISTS
from hcfmt.export.schema_errors import Flaws, refused_harmlessly
from hcfmt.export.schema_walk import Path

_OUTSIDE = 2  # steps of a path that lead to a record: list and wrapper, or the list's own key and the index


def sound_record(name: str, document: Any, record: object, flaws: Flaws) -> object:  # noqa: ANN401 - any JSON value
    """Return a record without the properties whose values HC317 refuses; itself where there are none.

    ``document`` of the schema ``name`` holds this record alone, ``flaws`` are all flaws of it. A document that is
    refused as a whole, which holds no record, is empty, and so is a record that is refused as a whole.
    """
    paths = {_property(path) for path in refused_harmlessly(flaws)}
    if not paths:
        return record
    if () in paths:
        return {}
    for path in paths:
        document = _without(document, path)
    sound: object = document[LISTS[name][1]][0] if name in LISTS else document[0]
    return sound


def _property(path: Path) -> Path:
    """Return the path of the property that holds the value at a path, in an array or not."""
    return *path[:_OUTSIDE], *takewhile(lambda step: isinstance(step, str), path[_OUTSIDE:])


def _without(value: Any, path: Path) -> Any:  # noqa: ANN401 - any JSON value
    """Return a value without the property at a path, if it has it; only what is changed is copied.

    The arrays on the path have one item. Where the path ends at the value itself, an empty object takes its place.
    """
    if not path:
        return {}
    step, *rest = path
    if isinstance(value, list):
        return [_without(value[0], tuple(rest))]
    if step not in value:
        return value
    if rest:
        return {**value, step: _without(value[step], tuple(rest))}
    return {key: inner for key, inner in value.items() if key != step}
