"""Makes rows of the slices of a data file."""

from itertools import chain
from typing import Any, NamedTuple

import orjson

from hcfmt.differences.rows import Row, RowMaker, UnreadableRecordError
from hcfmt.export.jsontext import SPACE, holds_at_most
from hcfmt.export.records import LISTS, WRAPPERS
from hcfmt.export.slices import Slice

_COMMA, _BRACKET = b",", b"]"


class SliceRows(NamedTuple):
    """The rows of a slice; the offset of a record that it ends inside; whether nothing after it can be read."""

    rows: list[Row]
    rest: int | None = None
    stopped: bool = False


def slice_rows(slice_: Slice, maker: RowMaker, max_values: int) -> SliceRows:
    """Return the rows of the records of a slice; each that cannot be read has a row that says so."""
    if not slice_.listed:
        return _document(slice_, maker, max_values) if slice_.ended else SliceRows([], stopped=True)
    array = slice_.array()
    rows = None if array is None else _array_rows(slice_, array, maker, max_values)
    return _rows_one_by_one(slice_, maker, max_values) if rows is None else SliceRows(rows)


def _rows_one_by_one(slice_: Slice, maker: RowMaker, max_values: int) -> SliceRows:
    """Return the rows of a slice that does not decode as a whole."""
    rows: list[Row] = []
    last = -1
    for start, end in slice_.records():
        if end < 0 and not slice_.ended:
            return SliceRows(rows, start)
        text = slice_.text[start : end if end >= 0 else None].strip(SPACE)
        if text:
            rows += _array_rows(slice_, b"[%b]" % text, maker, max_values) or [maker.unreadable(text)]
        last = end
    return SliceRows(rows, *_after_last(slice_, last))


def _after_last(slice_: Slice, end: int) -> tuple[int | None, bool]:
    """Return where the next slice begins, if not after this one, and whether nothing can be read there.

    ``end`` is the offset of the character after the last record, -1 for none.
    """
    after = slice_.text[end : end + 1] if end >= 0 else b""
    if after == _COMMA:
        return None, False
    if after != _BRACKET or slice_.text[end + 1 :].strip(SPACE):
        return None, True
    return (None if slice_.ended else end), False


def _document(slice_: Slice, maker: RowMaker, max_values: int) -> SliceRows:
    """Return the rows of a data file that is one document."""
    name, text = slice_.schema, slice_.text
    try:
        value = _decoded(text, max_values)
        if name not in LISTS and name not in WRAPPERS:
            return SliceRows([maker.file(None, value)])
        items = _items(name, value)
    except UnreadableRecordError:
        return SliceRows([maker.unreadable(text)])
    return SliceRows(list(chain.from_iterable(_item_rows(name, item, maker) for item in items)))


def _decoded(text: bytes, max_values: int) -> Any:  # noqa: ANN401 - any JSON value
    """Return the value of a JSON text; raises UnreadableRecordError if it is none, or has too many values."""
    if not holds_at_most(text, max_values):
        raise UnreadableRecordError
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise UnreadableRecordError from None


def _items(name: str, value: Any) -> list[Any]:  # noqa: ANN401 - any JSON value
    """Return the elements of the list that a document is or holds; null stands for an empty one."""
    if name in LISTS and isinstance(value, dict):
        value = value.get(LISTS[name][1], UnreadableRecordError)
    if not isinstance(value, list | None):
        raise UnreadableRecordError
    return value or []


def _item_rows(name: str, item: Any, maker: RowMaker) -> list[Row]:  # noqa: ANN401 - any JSON value
    by_kind = {LISTS[name][0]: [item]} if name in LISTS else _by_kind(name, [item])
    return _rows_of(by_kind, maker) or [maker.unreadable(orjson.dumps(item))]


def _array_rows(slice_: Slice, array: bytes, maker: RowMaker, max_values: int) -> list[Row] | None:
    """Return the rows of an array of records, None unless all of them can be read."""
    try:
        wrappers = _decoded(array, max_values)
    except UnreadableRecordError:
        return None
    # An array that ends right after a comma is valid JSON here when its last record is in the slice before.
    return None if slice_.due and not wrappers else _rows_of(_by_kind(slice_.schema, wrappers), maker)


def _rows_of(by_kind: dict[str, list[Any]] | None, maker: RowMaker) -> list[Row] | None:
    """Return the rows of records by kind, None unless all of them can be read."""
    if by_kind is None:
        return None
    rows: list[Row] = []
    try:
        for kind, records in by_kind.items():
            if set(map(type, records)) - {dict}:
                return None
            rows += maker.rows(kind, records)
    except UnreadableRecordError:
        return None
    return rows


def _by_kind(name: str, wrappers: list[Any]) -> dict[str, list[Any]] | None:
    """Return the records below their wrapper keys by kind; None if one has another key or several."""
    if set(map(type, wrappers)) - {dict} or set(map(len, wrappers)) - {1}:
        return None
    kinds = set(chain.from_iterable(wrappers))
    if not kinds.issubset(WRAPPERS[name]):
        return None
    if len(kinds) == 1:
        (kind,) = kinds
        return {kind: [wrapper[kind] for wrapper in wrappers]}
    return {kind: [wrapper[kind] for wrapper in wrappers if kind in wrapper] for kind in sorted(kinds)}
