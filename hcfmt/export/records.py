"""Groups the records of a decoded data file by kind: the wrapper key, or the list of the document."""

from collections import Counter
from collections.abc import Sequence
from itertools import chain
from typing import Any

from msgspec import Struct

from hcfmt.export.layout import DATA_FILES

WRAPPERS = {row.schema: row.wrappers for row in DATA_FILES if row.schema and row.wrappers}
"""The wrapper keys of every data file that is a list, by its schema."""

LISTS = {"export/emoticons": ("Emoticon", "Emoticons"), "export/autojoins": ("AutoJoin", "AutoJoins")}
"""The record kind and the property of the list, for every data file that is an object around one list."""

Step = str | int | None


class Batch(Struct, frozen=True):
    """Decoded records of one kind, and the index of each in its list."""

    kind: str
    at: Sequence[int]
    records: Sequence[Any]


def batches(name: str, value: Any, at: Sequence[int] | None = None) -> list[Batch]:  # noqa: ANN401 - any JSON value
    """Return the records of a value that matches the schema ``name``, by kind.

    ``at`` are their indices in the list, by default from 0. Documents without records (metadata, preferences) have no
    batches.
    """
    if name in LISTS:
        kind, key = LISTS[name]
        return [Batch(kind, range(len(value[key])) if at is None else at, value[key])]
    if name not in WRAPPERS:
        return []
    places = range(len(value)) if at is None else at
    kinds = sorted(set(chain.from_iterable(value)))
    if len(kinds) == 1:
        return [Batch(kinds[0], places, [wrapper[kinds[0]] for wrapper in value])]
    return [_of_kind(kind, places, value) for kind in kinds]


def _of_kind(kind: str, places: Sequence[int], wrappers: Sequence[Any]) -> Batch:
    at = [index for index, wrapper in zip(places, wrappers, strict=True) if kind in wrapper]
    return Batch(kind, at, [wrapper[kind] for wrapper in wrappers if kind in wrapper])


def count_kinds(name: str, elements: Sequence[object]) -> Counter[str]:
    """Return the number of records by kind among elements of an array that may contradict the schema ``name``."""
    wrappers = [element for element in elements if isinstance(element, dict) and len(element) == 1]
    return Counter([kind for wrapper in wrappers for kind in wrapper if kind in WRAPPERS.get(name, ())])


def record_path(name: str, kind: str, index: int) -> tuple[str | int, ...]:
    """Return the path of a record from the top of its document."""
    return (LISTS[name][1], index) if name in LISTS else (index, kind)
