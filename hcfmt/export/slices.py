"""Cuts data files into slices of whole records, so that a history of any length is never in memory at once.

A list (users, rooms, histories) is cut before a record whose wrapper key is documented: ``}},{"UserMessage":``. A quote
inside a string is always escaped, so such a place lies between two records, unless a record nests a look-alike.
Decoding a slice proves its cuts; a slice that ends inside a record is unread from there, and the next one is longer.
"""

import re
from collections import deque
from collections.abc import Iterator
from functools import cache

from msgspec import Struct

from hcfmt.container import Budget
from hcfmt.export.dialects import HEAD, LONGEST_HEAD, Origin, is_long_enough, origin_of
from hcfmt.export.jsontext import ELEMENT, SPACE, STRING
from hcfmt.export.layout import MemberLayout, row_in_dialect
from hcfmt.export.schemas import DIALECTS

SLICE = 256 << 10  # bytes; fits a processor's cache, and holds no more values than may be decoded at once
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_TAIL = 1 << 12  # bytes at the end of a slice that are searched for a cut first


class Slice(Struct, frozen=True):
    """Consecutive bytes of a data file.

    A ``listed`` slice holds records of the file's array: without the array's opening bracket and a byte order mark, but
    with commas and the closing bracket. Other slices hold the beginning of a single document. ``byte`` (from 0),
    ``line`` and ``column`` (from 1; columns count bytes) are the position of its first byte. ``marked``: a byte order
    mark precedes it. ``first``: no record precedes it. ``due``: a comma precedes it, so a record must follow. ``cut``:
    its last byte is the comma before another record. ``ended``: the file ends with it.
    """

    member: str
    schema: str
    text: bytes = b""
    byte: int = 0
    line: int = 1
    column: int = 1
    listed: bool = False
    marked: bool = False
    first: bool = False
    due: bool = False
    cut: bool = False
    ended: bool = False

    def array(self) -> bytes | None:
        """Return the JSON array of the slice's records, None when the slice does not end between two records."""
        if self.cut:
            return b"".join((b"[", memoryview(self.text)[:-1], b"]"))
        return b"[%b" % self.text if self.ended else None

    def records(self) -> Iterator[tuple[int, int]]:
        """Yield the (start, end) offsets of each record of a list, found by brackets and quotes alone.

        White space around records is included. A last record without an end in this slice has the end -1. Nothing is
        yielded after the closing bracket of the array.
        """
        start = 0
        while (end := self._record_end(start)) >= 0:
            yield start, end
            if self.text[end] != _COMMA:
                return
            start = end + 1
        if start < len(self.text) or not self.cut:
            yield start, -1

    def _record_end(self, start: int) -> int:
        """Return the offset of the comma or bracket after the record at ``start``, -1 if this slice has none."""
        if whole := re.compile(ELEMENT).match(self.text, start):
            return whole.end()
        depth = 0
        for token in re.compile(_STRUCTURE).finditer(self.text, start):
            byte = token.group()[:1]
            if byte in b"{[":
                depth += 1
            elif depth and byte in b"}]":
                depth -= 1
            elif not depth and byte in b",}]":
                return token.start()
        return -1


class PositionTracker:
    """Computes lines and columns in a slice; for increasing offsets, in one pass over the text."""

    def __init__(self, slice_: Slice) -> None:
        """Begin at the slice's start."""
        self._slice = slice_
        self._at = 0
        self._line, self._column = slice_.line, slice_.column

    def position(self, offset: int) -> tuple[int, int, int]:
        """Return line, column and byte, in the member, of an offset in the slice's text."""
        text = self._slice.text
        if offset < self._at:
            self._at, self._line, self._column = 0, self._slice.line, self._slice.column
        last = text.rfind(b"\n", self._at, offset)
        self._line += text.count(b"\n", self._at, offset) if last >= 0 else 0
        self._column = offset - last if last >= 0 else self._column + offset - self._at
        self._at = offset
        return self._line, self._column, self._slice.byte + offset


_COMMA = ord(",")
# Compiled on first use, as a sound archive does not need it.
# A string is one token; the last alternative is a string that the slice cuts.
_STRUCTURE = rb'(?s)[{}\[\],]|%b|".*+' % STRING


class Slicer:
    """Cuts the payload of one data file into slices: call ``next_slice`` until it returns None.

    Where a file is cut depends on its bytes alone, not on the chunks in which they come. ``origin`` tells who wrote the
    file, once the first slice was asked for; of a file that is not checked, none is returned. ``error`` is the
    exception that ended the reading of the payload; it is raised again whenever bytes are needed that did not come.
    """

    def __init__(self, member: str, layout: MemberLayout, chunks: Iterator[bytes], budget: Budget) -> None:
        """Take the member's path, its row of the layout, its payload and the limits."""
        self._chunks = chunks
        self._budget = budget
        self._held: deque[memoryview] = deque()  # bytes that were read and are not in a slice yet
        self._size = 0  # of the bytes held
        self._exhausted = False  # the payload is read to its end
        self.error: Exception | None = None
        # A single document is not cut, unless it is larger than the limit.
        self._goal = SLICE if layout.wrappers else budget.record + 1
        self._begun = 0  # bytes read of a record whose end is not read yet
        self.origin = Origin()
        self._member, self._layout = member, layout
        self._listed = bool(layout.wrappers)
        self._marked = self._due = self._is_begun = self._done = False
        self._is_first = True
        self._line = self._column = 1
        self._byte = 0  # the position of the next slice in the file

    def next_slice(self) -> Slice | None:
        """Return the next slice, then None; the last slice has ``ended`` set.

        Raises Fault when one record exceeds the budget, and where the payload cannot be read to the end of the slice.
        """
        if self._done:
            return None
        if self._begun > self._budget.record:
            raise self._budget.exceeded("record", "bytes for one JSON record", self._byte)
        if not self._is_begun:
            self._begin()
            if not self.origin.is_checked:
                self._read(self._goal)
                self._done = True
                return None
        self._read(self._goal)
        ended = self._exhausted and self._size <= self._goal
        cut = 0 if ended or not self._listed else self._last_cut()
        slice_ = self._slice(cut or self._goal, cut=cut > 0, ended=ended)
        self._done = ended
        if not ended:
            self._go_to(slice_, len(slice_.text))
        return slice_

    def remainder(self) -> Slice | None:
        """Return the last bytes that came before an error ended the reading, None without an error; call it once."""
        if self.error is None or not self._is_begun or self._done:
            return None
        self._done = True
        return self._slice(self._size, cut=False, ended=False)

    def _slice(self, size: int, *, cut: bool, ended: bool) -> Slice:
        """Return the first bytes held as a slice."""
        return Slice(
            self._member,
            self._layout.schema or "",
            self._take(size),
            self._byte,
            self._line,
            self._column,
            listed=self._listed,
            marked=self._marked,
            first=self._is_first,
            due=self._due,
            cut=cut,
            ended=ended,
        )

    def unread(self, slice_: Slice, offset: int, later: list[Slice]) -> None:
        """Go back to an offset of a slice, before the ``later`` ones too; the next slice is longer."""
        rest = slice_.text[offset:]
        for text in reversed([rest, *(following.text for following in later)]):
            self._held.appendleft(memoryview(text))
            self._size += len(text)
        self._go_to(slice_, offset)
        self._goal = min(2 * len(rest), self._budget.record) + SLICE
        self._begun = len(rest)
        self._done = False

    def _go_to(self, slice_: Slice, offset: int) -> None:
        """Begin the next slice at an offset of one: its start, or just after a record's comma."""
        self._line, self._column, self._byte = PositionTracker(slice_).position(offset)
        self._due = slice_.text[offset - 1 : offset] == b"," if offset else slice_.due
        self._marked = False
        self._is_first = slice_.first and offset == 0
        self._goal = SLICE
        self._begun = 0

    def _read(self, size: int) -> None:
        """Read more bytes than ``size``, or the rest of the file. Raises what ended the reading before."""
        self._read_what_comes(size)
        if self.error and self._size <= size:
            raise self.error

    def _read_what_comes(self, size: int) -> None:
        """Read more bytes than ``size``, or as many as can be read."""
        while self._size <= size and not self._exhausted and self.error is None:
            try:
                chunk = next(self._chunks, None)
            except Exception as error:  # noqa: BLE001 - it is raised where bytes are needed that did not come
                self.error = error
                return
            if chunk is None:
                self._exhausted = True
            else:
                self._held.append(memoryview(chunk))
                self._size += len(chunk)

    def _begin(self) -> None:
        """Skip the bytes before the first record: a byte order mark, white space, the array's bracket."""
        self._find_origin()
        self._read_what_comes(self._goal)
        text = b"".join(self._first(self._goal))
        mark = len(BYTE_ORDER_MARK) if text.startswith(BYTE_ORDER_MARK) else 0
        head = len(text) - len(text[mark:].lstrip(SPACE)) + 1
        self._marked = mark > 0
        self._listed = self._listed and text[head - 1 : head] == b"["
        before = Slice(self._member, self._layout.schema or "", text[mark:head] if self._listed else b"", byte=mark)
        self._line, self._column, self._byte = PositionTracker(before).position(len(before.text))
        self._take(self._byte)
        self._is_begun = True

    def _find_origin(self) -> None:
        """Find out who wrote the file, by first bytes of a number that does not depend on slices."""
        self._read_what_comes(HEAD)
        head = self._head(HEAD)
        if not self._exhausted and not is_long_enough(self._layout.kind, head):
            longest = min(LONGEST_HEAD, self._budget.record)
            self._read_what_comes(longest)
            head = self._head(longest)
        self.origin = origin_of(self._layout.kind, head)
        dialect = self.origin.dialect
        if dialect in DIALECTS:
            self._layout = row_in_dialect(self._layout, dialect)
            self._listed = bool(self._layout.wrappers)
            self._goal = SLICE if self._listed else self._goal

    def _head(self, size: int) -> bytes:
        return b"".join(self._first(size)).removeprefix(BYTE_ORDER_MARK)

    def _last_cut(self) -> int:
        """Return the offset after the last comma before a documented wrapper key, 0 for none.

        A cut inside the bytes that were tried before lies inside a record, and is none.
        """
        window = self._first(self._goal)
        size = min(self._goal, self._size)
        for length in (_TAIL, size):
            tail = _last(window, length)
            end = 0
            for match in _cut_pattern(self._layout.wrappers).finditer(tail):
                end = match.end()
            cut = size - len(tail) + end
            if end and cut > self._begun:
                return cut
        return 0

    def _first(self, size: int) -> list[memoryview]:
        """Return the first bytes held, in parts."""
        parts = []
        for part in self._held:
            if size <= 0:
                break
            parts.append(part[:size])
            size -= len(part)
        return parts

    def _take(self, size: int) -> bytes:
        """Return the first bytes held, and hold them no longer."""
        parts = self._first(size)
        for part in parts:
            whole = self._held.popleft()
            if len(part) < len(whole):
                self._held.appendleft(whole[len(part) :])
            self._size -= len(part)
        return b"".join(parts)


def _last(parts: list[memoryview], size: int) -> bytes:
    """Return the last bytes of a text in parts."""
    last: list[memoryview] = []
    for part in reversed(parts):
        if size <= 0:
            break
        last.append(part[-size:])
        size -= len(part)
    return b"".join(reversed(last))


@cache
def _cut_pattern(wrappers: tuple[str, ...]) -> re.Pattern[bytes]:
    keys = b"|".join(wrapper.encode() for wrapper in wrappers)
    return re.compile(rb'\} *+\} *+,(?= *+\{ *+"(?:%b)" *+:)'.replace(b" ", rb"[ \t\n\r]") % keys)
