"""Finds the whole records in what is left of a data file, and writes them as a sound file.

A record is whole if its text, from its wrapper key to its closing bracket, is JSON. Where bytes may have been altered,
it must also break no rule that is an error: altered JSON may still be JSON.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache

import orjson

from hcfmt.check.catalogue import RULES
from hcfmt.check.context import CheckContext
from hcfmt.check.slice_check import check_slice
from hcfmt.container import Budget
from hcfmt.errors import Fault
from hcfmt.export.jsontext import SPACE, Rejected, holds_at_most
from hcfmt.export.layout import MemberLayout
from hcfmt.export.records import LISTS, WRAPPERS
from hcfmt.export.slices import Slice, Slicer
from hcfmt.export.typed_documents import accept_document
from hcfmt.findings import Severity

_BETWEEN = " \t\n\r,[]\0"
_DECODER = json.JSONDecoder()  # finds where a value ends, which orjson does not tell


class WholeRecords:
    """The whole records of one data file, as the text of a sound file; read it once.

    ``kept`` is the number of its records, and ``broken`` of those that begin in what is left of the file and are not
    whole; both are complete after the last part. ``lost`` is set if nothing of a document without records is whole,
    ``error`` to the exception that ended the reading.
    """

    def __init__(self, path: str, row: MemberLayout, chunks: Iterator[bytes], budget: Budget, *, strict: bool) -> None:
        """Take the path of the member, its row of the layout, and what is left of its payload.

        ``strict``: bytes may have been altered.
        """
        self.kept = self.broken = 0
        self.lost = False
        self.error: Exception | None = None
        self._path = path
        self._slicer = Slicer(path, row, chunks, budget)
        self._context = CheckContext(budget.depth, keep=1, max_values=budget.values, expired=budget.expired)
        self._budget = budget
        self._strict = strict
        self._brackets = b"[", b"]"

    def text(self, extra: Iterable[bytes] = (), watch: Callable[[bytes], object] | None = None) -> Iterator[bytes]:
        """Yield the text of a file with the whole records, and after them the texts of ``extra`` ones.

        A document without records is yielded if it is JSON; nothing is yielded of any other. ``watch`` is called with
        the texts of whole records, several at a time, with commas between them.
        """
        comma = b""
        for records in self._kept(watch):
            yield comma or self._brackets[0]
            yield records
            comma = b","
        for record in extra:
            yield comma or self._brackets[0]
            yield record
            comma = b","
        if not self.lost:
            yield self._brackets[1] if comma else b"".join(self._brackets)

    def _kept(self, watch: Callable[[bytes], object] | None) -> Iterator[bytes]:
        """Yield what ``_records`` yields, and keep the exception that ends it."""
        try:
            for records in self._records():
                if watch:
                    watch(records)
                yield records
        except Exception as error:
            self.error = error
            raise

    def _records(self) -> Iterator[bytes]:
        """Yield the texts of whole records, several at a time, with commas between them."""
        for slice_ in self._slices():
            listed = slice_.listed or slice_.schema in WRAPPERS
            if listed:
                yield from self._of_list(slice_)
            elif slice_.schema in LISTS:
                yield from self._of_object(slice_)
            elif slice_.ended and _is_json(slice_.text, self._budget):
                self._brackets = b"", b""
                yield slice_.text
            else:
                self.lost = True

    def _slices(self) -> Iterator[Slice]:
        """Yield the slices of the file, up to what is longer than a record may be."""
        try:
            while slice_ := self._slicer.next_slice():
                self._budget.spend_time()
                yield slice_
        except Fault as fault:
            if fault.defect.values.get("option") != "--max-record":
                raise
            self.broken += 1

    def _of_list(self, slice_: Slice) -> Iterator[bytes]:
        """Yield the whole records of a slice; one that begins in it and may end behind it is cut again."""
        array = slice_.array() if slice_.listed else None
        if array is not None and (count := self._count_sound(slice_.schema, array)):
            self.kept += count
            yield array[1:-1].strip(SPACE)
            return
        wrapper = _wrapper_pattern(WRAPPERS[slice_.schema])
        text = slice_.text.decode("latin-1")  # a character for each byte
        behind = at = failed = (
            0  # the end of the last whole record, where the search goes on, records that are not whole
        )
        while found := wrapper.search(text, at):
            end = _end_of_value(text, found.start())
            record = slice_.text[found.start() : end]
            if end and self._count_sound(slice_.schema, b"[%b]" % record):
                self.broken += max(failed, _is_filled(text[behind : found.start()]))
                self.kept += 1
                yield record
                behind, at, failed = end, end, 0
                continue
            at = found.end()
            if not slice_.cut and not slice_.ended and not wrapper.search(text, at):
                self._slicer.unread(slice_, found.start(), [])
                text = text[: found.start()]
                break
            failed += 1
        self.broken += max(failed, _is_filled(text[behind:]))

    def _of_object(self, slice_: Slice) -> Iterator[bytes]:
        """Yield the whole records of an object around one list."""
        key = LISTS[slice_.schema][1].encode()
        self._brackets = b'{"%b":[' % key, b"]}"
        opening = re.search(rb'"%b"\s*:\s*\[' % key, slice_.text)
        as_text = slice_.text.decode("latin-1")
        at = opening.end() if opening else len(as_text)
        while (begin := as_text.find("{", at)) >= 0:
            end = _end_of_value(as_text, begin)
            record = slice_.text[begin:end]
            if end and self._count_sound(slice_.schema, record.join(self._brackets), strict=True):
                self.kept += 1
                yield record
            else:
                self.broken += 1
            at = end or begin + 1

    def _count_sound(self, schema: str, text: bytes, *, strict: bool = False) -> int:
        """Return the number of records in a document, 0 if it is not whole."""
        try:
            if not holds_at_most(text, self._budget.values):
                return 0
            return sum(len(batch.records) for batch in accept_document(schema, text))
        except Rejected:
            pass
        if not _is_json(text, self._budget):
            return 0
        if (strict or self._strict) and self._has_error(schema, text):
            return 0
        value = orjson.loads(text)
        return len(value) if isinstance(value, list) else 1

    def _has_error(self, schema: str, text: bytes) -> bool:
        """Whether a document of records breaks a rule that is an error."""
        listed = schema in WRAPPERS
        body = text[1:] if listed else text
        facts, _ = check_slice(Slice(self._path, schema, body, listed=listed, first=True, ended=True), self._context)
        return any(RULES[code].severity is Severity.ERROR for code, count in facts.tally.totals.items() if count)


def _is_json(text: bytes, budget: Budget) -> bool:
    """Whether a text is JSON, of no more values than may be decoded at once."""
    if not holds_at_most(text, budget.values):
        return False
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return True


@cache
def _wrapper_pattern(wrappers: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r'\{[ \t\n\r]*"(?:' + "|".join(wrappers) + r')"[ \t\n\r]*:')


def _is_filled(text: str) -> bool:
    """Whether a text between records has more than their commas, the brackets of the list, and filling zeros."""
    return bool(text.strip(_BETWEEN))


def _end_of_value(text: str, start: int) -> int:
    """Return the offset behind the JSON value that begins at ``start``, 0 if there is no whole one."""
    try:
        return _DECODER.raw_decode(text, start)[1]
    except (ValueError, RecursionError):
        return 0
