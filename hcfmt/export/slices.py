"""Cuts data files into slices of whole records, so that a history of any length is never in memory at once.

A list (users, rooms, histories) is cut before a record whose wrapper key is documented: ``}},{"UserMessage":``. A quote
inside a string is always escaped, so such a place lies between two records, unless a record nests a look-alike.
Decoding a slice proves its cuts; a slice that ends inside a record is unread from there, and the next one is longer.
"""

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from hcfmt.container import Budget
from hcfmt.export.jsontext import SPACE
from hcfmt.export.layout import MemberLayout

SLICE = 1 << 18  # bytes; fits a processor's cache, and holds no more values than may be decoded at once
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_TAIL = 1 << 14  # bytes at the end of a slice that are searched for a cut first


class Slice(Struct, frozen=True):
    """Consecutive bytes of a data file.

    A ``listed`` slice holds records of the file's array: without the array's opening bracket and a byte order mark, but
    with commas and the closing bracket. Other slices hold the beginning of a single document. ``byte`` (from 0),
    ``line`` and ``column`` (from 1; columns count bytes) are the position of its first byte. ``marked``: a byte order
    mark precedes it. ``due``: a comma precedes it, so a record must follow. ``cut``: its last byte is the comma before
    another record. ``ended``: the file ends with it.
    """

    member: str
    schema: str
    text: bytes = b""
    byte: int = 0
    line: int = 1
    column: int = 1
    listed: bool = False
    marked: bool = False
    due: bool = False
    cut: bool = False
    ended: bool = False

    def after(self, offset: int) -> "Slice":
        """Return an empty slice that begins at an offset of this one: its start, or just after a record's comma."""
        line, column, byte = PositionTracker(self).position(offset)
        start = Slice(self.member, self.schema, b"", byte, line, column, listed=self.listed)
        return replace(start, due=self.text[offset - 1 : offset] == b"," if offset else self.due)

    def array(self) -> bytes | None:
        """Return the JSON array of the slice's records, None when the slice does not end between two records."""
        if self.cut:
            return b"[%b]" % self.text[:-1]
        return b"[%b" % self.text if self.ended else None

    def records(self) -> Iterator[tuple[int, int]]:
        """Yield the (start, end) offsets of each record of a list, found by brackets and quotes alone.

        White space around records is included. A last record without an end in this slice has the end -1. Nothing is
        yielded after the closing bracket of the array.
        """
        start = at = depth = 0
        for token in _STRUCTURE.finditer(self.text):
            at = token.start()
            match token.group()[:1]:
                case b"{" | b"[":
                    depth += 1
                case b"}" | b"]" if depth:
                    depth -= 1
                case b"," if not depth:
                    yield start, at
                    start = at + 1
                case b"}" | b"]":
                    yield start, at
                    return
        if start < len(self.text) or not self.cut:
            yield start, -1


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


# A string is one token; the last alternative is a string that the slice cuts.
_STRUCTURE = re.compile(rb'[{}\[\],]|"(?:[^"\\]++|\\.)*+"|".*+', re.DOTALL)


class Slicer:
    """Cuts the payload of one data file into slices: call ``next_slice`` until it returns None."""

    def __init__(self, member: str, layout: MemberLayout, chunks: Iterator[bytes], budget: Budget) -> None:
        """Take the member's path, its row of the layout, its payload and the limits."""
        self._chunks = chunks
        self._ahead = next(chunks, None)
        self._budget = budget
        self._held = b""
        # A single document is not cut, unless it is larger than the limit.
        self._goal = SLICE if layout.wrappers else budget.record + 1
        self._begun = 0  # bytes read of a record whose end is not read yet
        self._start: Slice | None = None
        self._done = False
        self._first = Slice(member, layout.schema or "", listed=bool(layout.wrappers))
        keys = b"|".join(wrapper.encode() for wrapper in layout.wrappers)
        self._cut = re.compile(rb'\} *+\} *+,(?= *+\{ *+"(?:%b)" *+:)'.replace(b" ", rb"[ \t\n\r]") % keys)

    def next_slice(self) -> Slice | None:
        """Return the next slice, then None; the last slice has ``ended`` set.

        Raises Fault when one record exceeds the budget.
        """
        if self._done:
            return None
        if self._begun > self._budget.record:
            raise self._budget.exceeded(
                "record", "bytes for one JSON record", self._start.byte if self._start else None
            )
        text = self._gather()
        if self._start is None:
            self._start, text = self._begin(text)
        ended = self._ahead is None
        cut = 0 if ended or not self._start.listed else self._last_cut(text)
        if cut <= self._begun:  # tried before: it lies inside a record
            cut = 0
        slice_ = replace(self._start, text=text[: cut or None], cut=cut > 0, ended=ended)
        self._held = text[cut:] if cut else b""
        self._done = ended
        self._start = None if ended else slice_.after(len(slice_.text))
        self._goal = SLICE
        self._begun = 0
        return slice_

    def unread(self, slice_: Slice, offset: int, later: list[Slice]) -> None:
        """Go back to an offset of a slice, before the ``later`` ones too; the next slice is longer."""
        rest = slice_.text[offset:]
        self._held = b"".join([rest, *(following.text for following in later), self._held])
        self._start = slice_.after(offset)
        self._goal = min(2 * len(rest), self._budget.record) + SLICE
        self._begun = len(rest)
        self._done = False

    def _gather(self) -> bytes:
        """Return at least ``_goal`` bytes, or the rest of the file."""
        chunks, size = [self._held], len(self._held)
        while self._ahead is not None and size < self._goal:
            chunks.append(self._ahead)
            size += len(self._ahead)
            self._ahead = next(self._chunks, None)
        return b"".join(chunks)

    def _begin(self, text: bytes) -> tuple[Slice, bytes]:
        """Skip the bytes before the first record: a byte order mark, white space, the array's bracket."""
        start = self._first
        mark = len(BYTE_ORDER_MARK) if text.startswith(BYTE_ORDER_MARK) else 0
        start = replace(start, byte=mark, marked=mark > 0)
        text = text[mark:]
        head = len(text) - len(text.lstrip(SPACE)) + 1
        if not start.listed or text[head - 1 : head] != b"[":
            return replace(start, listed=False), text
        line, column, byte = PositionTracker(replace(start, text=text)).position(head)
        return replace(start, byte=byte, line=line, column=column), text[head:]

    def _last_cut(self, text: bytes) -> int:
        """Return the offset after the last comma before a documented wrapper key, 0 for none."""
        for begin in (max(0, len(text) - _TAIL), 0):
            cuts = [match.end() for match in self._cut.finditer(text, begin)]
            if cuts:
                return cuts[-1]
        return 0
