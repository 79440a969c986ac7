"""Rewrites a data file record by record: what no fix changes stays as it is written, byte for byte.

A list is read in slices of whole records (``hcfmt.export.slices``), so that memory does not grow with a history.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import orjson
from msgspec import Struct

from hcfmt.export import jsonscan
from hcfmt.export.dialect_records import dialect_json
from hcfmt.export.editing import Change
from hcfmt.export.go_json import go_json
from hcfmt.export.json_decoding import accept, decode
from hcfmt.export.jsontext import SPACE, Rejected, holds_at_most, is_plain
from hcfmt.export.schemas import dialect_of
from hcfmt.export.slices import BYTE_ORDER_MARK, Slice, Slicer
from hcfmt.findings import pointer
from hcfmt.fixes.items import Item, Log
from hcfmt.fixes.record_fixes import RecordFixes

_MARK, _KEY, _UNSTORABLE = "HC202", "HC205", "HC206"  # rules of the text that are fixed here
_DECODED = frozenset({"duplicate-key", "unstorable-text", "unsafe-integer"})  # defects of a text that can be decoded
_REPEATED_KEY = "duplicate-key"

Places = list[tuple[int, int]]


class DataFileFixer(Struct, eq=False):
    """Rewrites one data file: call ``chunks`` once.

    ``fixes`` change its records, and ``appended`` are new elements of its list. ``depth`` is the levels of nesting and
    ``values`` the number of JSON values of a record that is looked at.
    """

    member: str
    slicer: Slicer
    fixes: RecordFixes
    log: Log
    depth: int
    values: int
    appended: Iterable[tuple[str, Any]] = ()
    _index: int = 0
    _is_begun: bool = False  # an element was written, so that a comma comes before the next
    _is_empty: bool = True  # no element was written but the white space of an empty list

    def chunks(self) -> Iterator[bytes]:
        """Yield the new text. Raises Fault where the file cannot be read on."""
        slice_ = self.slicer.next_slice()
        if slice_ is None:
            return
        self.fixes.schema = slice_.schema
        if slice_.marked and _MARK in self.fixes.plan.texts:
            self.log(_MARK, Change(self.member, None, {"byte order mark": True}, {"byte order mark": False}))
        elif slice_.marked:
            yield BYTE_ORDER_MARK
        if slice_.listed:
            yield from self._list(slice_)
        elif slice_.ended:
            yield self._document(slice_.text)
        else:
            yield from self._rest(slice_.text)

    def _document(self, text: bytes) -> bytes:
        """Return the new text of a document that is no list."""
        new = self._fixed(text, None)
        return text if new is None else new

    def _rest(self, text: bytes) -> Iterator[bytes]:
        """Yield a text and what follows it in the file, unchanged."""
        yield text
        while slice_ := self.slicer.next_slice():
            yield slice_.text

    def _list(self, slice_: Slice | None) -> Iterator[bytes]:
        yield b"["
        while slice_ is not None:
            places, rest = self._whole_elements(slice_)
            yield from self._elements(slice_, places)
            if rest is not None:
                yield from self._end(rest)
                return
            slice_ = self.slicer.next_slice()

    def _whole_elements(self, slice_: Slice) -> tuple[Places, bytes | None]:
        """Return the places of the whole elements of a slice, and the text behind the list if the list ends in it."""
        places = list(slice_.records())
        if places and places[-1][1] < 0:
            start, _ = places.pop()
            if slice_.ended:  # in the middle of an element
                return places, slice_.text[start - 1 :] if start else b"," * slice_.due + slice_.text
            self.slicer.unread(slice_, start, [])
            return places, None
        end = places[-1][1] if places else 0
        return places, None if slice_.text[end : end + 1] == b"," else slice_.text[end:]

    def _end(self, rest: bytes) -> Iterator[bytes]:
        """Yield the elements that are appended, and the end of the list."""
        if self._is_empty and self._is_begun:
            self._index, self._is_begun = 0, False
        for code, element in self.appended if rest.startswith(b"]") else ():
            self.log(code, Change(self.member, pointer((self._index,)), None, element))
            self._index += 1
            yield self._joined(_encoded(element, self.fixes.schema))
        yield from self._rest(rest)

    def _joined(self, text: bytes) -> bytes:
        """Return the text of an element with the comma before it."""
        comma = b"," if self._is_begun else b""
        self._is_empty = not self._is_begun and not text.strip(SPACE)
        self._is_begun = True
        return comma + text

    def _elements(self, slice_: Slice, places: Places) -> Iterator[bytes]:
        """Yield the new text of elements, with commas between them."""
        values = self._decoded_slice(slice_, len(places))
        suspects = range(len(places)) if values is None else self.fixes.suspects(values)
        first = self._index
        done = 0
        for number in suspects:
            yield from self._unchanged(slice_, places[done:number])
            start, end = places[number]
            self._index, done = first + number, number + 1
            new = self._fixed(slice_.text[start:end], self._index, values[number] if values else None)
            if new is not None:
                yield self._joined(new)
        yield from self._unchanged(slice_, places[done:])
        self._index = first + len(places)

    def _unchanged(self, slice_: Slice, places: Places) -> Iterator[bytes]:
        """Yield the text of elements as it is, with the commas between them."""
        if places:
            yield self._joined(slice_.text[places[0][0] : places[-1][1]])

    def _decoded_slice(self, slice_: Slice, count: int) -> list[Any] | None:
        """Return the values of all elements of a slice, None unless all are whole and lose nothing by decoding."""
        text = slice_.array()
        if text is None or not holds_at_most(text, self.values):
            return None
        try:
            values = accept(text)
        except Rejected:
            return None
        return values if isinstance(values, list) and len(values) == count else None

    def _fixed(self, text: bytes, index: int | None, value: Any = None) -> bytes | None:  # noqa: ANN401 - JSON value
        """Return the new text of an element or a document, None to leave it out; ``value`` is what it decodes to."""
        if not text.strip(SPACE) or not holds_at_most(text, self.values):
            return text
        again = False
        if value is None or not is_plain(value, self.depth):  # orjson makes a float of a large integer
            found = self._decoded(text, index)
            if found is None:
                return text
            value, again = found
        item = Item(self.member, self.fixes.schema, index, value, self.log)
        self.fixes.apply(item)
        if item.removed:
            return None
        return _encoded(item.value, item.schema) if item.changes or again else text

    def _decoded(self, text: bytes, index: int | None) -> tuple[Any, bool] | None:
        """Return the value of a text, and whether its text must change; None for a text that stays as it is."""
        defects = jsonscan.find_defects(text, depth=self.depth)
        kinds = {defect.kind for defect in defects}
        if not kinds <= _DECODED or (_REPEATED_KEY in kinds and _KEY not in self.fixes.plan.texts):
            return None
        for defect in defects:
            if defect.kind == _REPEATED_KEY:
                place = (*([] if index is None else [index]), *(defect.path or ()))
                self.log(_KEY, Change(self.member, pointer(place), {"keys": "several"}, {"keys": 1}))
        return decode(text), _REPEATED_KEY in kinds


def _encoded(value: Any, schema: str) -> bytes:  # noqa: ANN401 - any JSON value
    """Return a value as the exporter of its dialect writes it; in ASCII if no encoder of compiled code takes it."""
    try:
        return dialect_json(value) if dialect_of(schema)[0] else go_json(value)
    except orjson.JSONEncodeError:  # a lone surrogate, or an integer beyond 64 bits
        return json.dumps(value, separators=(",", ":")).encode()
