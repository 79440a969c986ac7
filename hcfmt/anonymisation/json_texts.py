"""Replaces the texts of data files, which come in chunks and need not be valid JSON, nor UTF-8."""

import re
from collections.abc import Iterable, Iterator

from hcfmt.anonymisation.blocks import blocks
from hcfmt.anonymisation.json_document import JsonDocument
from hcfmt.anonymisation.properties import Properties
from hcfmt.anonymisation.sound_records import SoundRecords, last_end
from hcfmt.errors import Fault
from hcfmt.export.dialects import HEAD, origin_of
from hcfmt.export.layout import MemberLayout, row_in_dialect
from hcfmt.export.schemas import DIALECTS
from hcfmt.export.slices import BYTE_ORDER_MARK

_CHUNK = 1 << 18  # bytes
_LONGEST = 12 << 20  # bytes of one token; where a longer one begins, all is replaced as if it were out of place
_WIDE_MARKS = (b"\xff\xfe\0\0", b"\0\0\xfe\xff", b"\xff\xfe", b"\xfe\xff")  # of UTF-32 and UTF-16
_WIDE_HEAD = 4  # bytes that show UTF-16 and UTF-32
_WIDE = bytes(byte and ord("x") for byte in range(256))
_BEFORE_ITEM = re.compile(rb"[ \t\r\n]*+[\[,]?[ \t\r\n]*+(?=\{)")
_END = re.compile(rb"[ \t\r\n]*+\][ \t\r\n]*+\Z")


def replaced_json(chunks: Iterable[bytes], properties: Properties, layout: MemberLayout) -> Iterator[bytes]:
    """Yield a data file with its texts replaced, in as many bytes.

    Of UTF-16 and UTF-32, which readers refuse, no letter stays. A Fault that ends ``chunks`` is raised again behind
    what came before it.
    """
    faults = list[Fault]()
    file, held = _DataFile(properties, layout), b""
    for data, is_last in blocks(chunks, _CHUNK, faults):
        held += data
        replaced = file.take(held, is_last=is_last or len(held) > _LONGEST)
        yield replaced
        held = held[len(replaced) :]
    if faults:
        raise faults[0]


class _DataFile:
    """A data file whose texts are replaced: sound records at once, everything else token by token."""

    def __init__(self, properties: Properties, layout: MemberLayout) -> None:
        self._properties = properties
        self._layout = layout
        self._document = JsonDocument(properties)
        self._sound: SoundRecords | None = None
        self._is_begun = self._is_wide = False

    def take(self, data: bytes, *, is_last: bool) -> bytes:
        """Return the beginning of the data with texts replaced, all of it if it is the last."""
        replaced = b"" if self._is_begun else self._begin(data)
        rest = data[len(replaced) :]
        if self._is_wide:
            return replaced + rest.translate(_WIDE)
        end = 0 if is_last or not self._sound else last_end(rest)
        records = self._take_records(rest, end, is_last=is_last)
        if records and not is_last:
            return replaced + records
        rest = rest[len(records) :]
        return replaced + records + self._document.take(rest, is_last=is_last, limit=end or len(rest))

    def _begin(self, data: bytes) -> bytes:
        """Return the byte order mark."""
        self._is_begun = True
        mark, self._is_wide = _mark_of(data)
        dialect = origin_of(self._layout.kind, data[mark : mark + HEAD]).dialect
        row = row_in_dialect(self._layout, dialect) if dialect in DIALECTS else self._layout
        if row.schema and row.kind in SoundRecords.KINDS:
            self._sound = SoundRecords(row.schema, self._properties)
        return data[:mark]

    def _take_records(self, data: bytes, end: int, *, is_last: bool) -> bytes:
        """Return the records up to an end, or up to the end of the array, with texts replaced, and what is before them.

        Unless all of them are sound, it is b"".
        """
        before = _BEFORE_ITEM.match(data)
        if not (self._sound and before and self._document.is_at_items(before[0].strip())):
            return b""
        start = before.end()
        if is_last and (closing := _END.search(data, max(start, len(data) - _CHUNK))):
            end = closing.start()
        records = self._sound.replaced(data[start:end]) if start < end else None
        if records is None:
            return b""
        self._document.pass_items()
        return before[0] + records


def _mark_of(head: bytes) -> tuple[int, bool]:
    """Return the length of the byte order mark of a document, and whether it is UTF-16 or UTF-32, with one or not."""
    if head.startswith(BYTE_ORDER_MARK):
        return len(BYTE_ORDER_MARK), False
    wide = next((mark for mark in _WIDE_MARKS if head.startswith(mark)), b"")
    return len(wide), bool(wide) or b"\0" in head[:_WIDE_HEAD]
