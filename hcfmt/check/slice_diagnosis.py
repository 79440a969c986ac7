"""Slow path: finds all flaws of a slice that the fast path rejected, record by record."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from hcfmt.check.catalogue import BUDGET_EXCEEDED, CODES
from hcfmt.check.context import CheckContext
from hcfmt.check.export_index import ExportIndex
from hcfmt.check.extraction import extract_facts
from hcfmt.check.facts import MISREAD, MISSHAPEN, UNDECODED, UNSOUND, Facts, Found, Tally
from hcfmt.check.fast_validation import count_records, count_wrapped, valid_records
from hcfmt.check.salvage import salvage
from hcfmt.container.budget import OUT_OF_TIME
from hcfmt.export import jsonscan, schema_errors
from hcfmt.export.jsontext import SPACE, Rejected, accept, decode, holds_at_most, is_plain
from hcfmt.export.records import LISTS, WRAPPERS, Batch, batches
from hcfmt.export.schemas import SHAPE_GATE
from hcfmt.export.slices import SLICE, PositionTracker, Slice
from hcfmt.findings import Flaw

_CUT_SHORT = "The text ends before the array is closed: it was cut short."
_MOST_FOUND = 1000  # findings that are held before they are tallied
_MISREAD = frozenset({"HC304", "HC305"})  # rules of JSON inside strings that cannot be read
# A record with a finding of one of these rules may contradict its schema: an interrupted diagnosis may not have reached
# a missing property.
_UNPROVEN = SHAPE_GATE | {schema_errors.BUDGET_RULE}


class SliceDiagnosis:
    """Diagnosis of one slice: call ``run``, then ``facts``, each once."""

    def __init__(self, slice_: Slice, context: CheckContext) -> None:
        """Take the slice and the settings of the check."""
        self._slice = slice_
        self._context = context
        self._records = 0
        self._stopped = False
        self._positions = PositionTracker(slice_)
        self._tally = Tally(context.keep)
        self._found: list[Found] = []
        self._kinds: Counter[str] = Counter()
        self._examined: Counter[str] = Counter()
        self._unexamined: Counter[tuple[str, str]] = Counter()
        self._index = ExportIndex()
        self._valid: list[tuple[int, object]] = []  # index and value of valid records whose facts are not extracted yet
        self._valid_bytes = 0  # of their text

    def facts(self) -> Facts:
        """Return all findings and counts."""
        self._extract()
        self._tally_found()
        return Facts(
            self._tally, self._records, self._kinds, self._examined, self._unexamined, self._stopped, self._index
        )

    def run(self) -> int | None:
        """Check the whole slice; return the offset of a record that it ends inside, None if it ends with a record."""
        if self._slice.marked:
            flaw = Flaw("The file starts with a UTF-8 byte order mark.", path=(), line=1, byte=0)
            self._add([("HC202", flaw)], None)
        if self._slice.listed:
            return self._check_list()
        if self._slice.ended:
            self._check_record(self._slice.text, 0, None)
            return None
        if self._is_within_limit(self._slice.text, 0, None):
            self._check_text(self._slice.text, 0, None, ended=False)
        return None if self._stopped else 0

    def _check_list(self) -> int | None:
        """Check the records of a list and the text between them; the result is that of ``run``."""
        slice_ = self._slice
        due = slice_.due
        for start, end in slice_.records():
            if end < 0:
                return self._check_cut_record(start)
            text, closing = slice_.text[start:end], slice_.text[end : end + 1] == b"]"
            if text.strip(SPACE):
                self._check_record(text, start, self._records)
            elif due or not closing:
                self._stop_at("A value is missing before this byte.", end)
            if slice_.text[end : end + 1] == b"}" and not self._stopped:
                self._stop_at("'}' was found in place of ',' or ']'.", end)
            if self._stopped:
                return None
            if closing and slice_.text[end + 1 :].strip(SPACE):
                self._stop_at("Text follows the end of the array.", end + 1)
            elif closing and not slice_.ended:
                return end
            due = True
        return None

    def _check_cut_record(self, start: int) -> int | None:
        """Check a record that the slice cuts; return ``start`` if the next slice can complete it."""
        text, ended = self._slice.text[start:], self._slice.ended
        if not self._is_within_limit(text, start, self._records):
            return None
        if text.strip(SPACE) and not self._check_text(text, start, self._records, ended=ended):
            return None
        if not ended:
            return start
        self._stop_at(_CUT_SHORT, len(self._slice.text))
        return None

    def _check_record(self, text: bytes, start: int, index: int | None) -> None:
        """Check the text of a record, or of a whole document, and its values if the text can be trusted."""
        self._records += 1
        if self._is_late() or not self._is_within_limit(text, start, index):
            return
        try:
            value = accept(text)
            plain = is_plain(value, self._max_depth(index))
        except Rejected:
            plain = False
        if not plain:
            value = None  # so that memory holds one decoded value at a time
            if not self._check_text(text, start, index):
                return
            value = decode(text)
        self._check_values(value, index, accepted=plain)
        self._valid_bytes += len(text)
        if self._valid_bytes > SLICE:
            self._extract()

    def _is_late(self) -> bool:
        """Whether the time is up; if so, the check of the file ends with the findings so far."""
        if not self._stopped and self._context.expired():
            self._add([(BUDGET_EXCEEDED, Flaw(OUT_OF_TIME))], None)
            self._stopped = True
        return self._stopped

    def _is_within_limit(self, text: bytes, start: int, index: int | None) -> bool:
        """Whether a text holds no more values than allowed; if not, the check of the file ends."""
        limit = self._context.max_values
        if holds_at_most(text, limit):
            return True
        sentence = "The limit of {limit:,} JSON values in one record was reached; --max-values raises it."
        self._add([(BUDGET_EXCEEDED, self._flaw_at(sentence, (), start, limit=limit, option="--max-values"))], index)
        self._stopped = True
        return False

    def _max_depth(self, index: int | None) -> int:
        """Return the levels that a record may nest: the array around it is one level already."""
        return self._context.max_depth - (index is not None)

    def _check_text(self, text: bytes, start: int, index: int | None, *, ended: bool = True) -> bool:
        """Check a JSON text; return whether its values can be trusted."""
        defects = jsonscan.find_defects(text, depth=self._max_depth(index), ended=ended, expired=self._context.expired)
        kinds = {defect.kind for defect in defects}
        is_fatal = not jsonscan.FATAL.isdisjoint(kinds)
        if not ended and not is_fatal:
            return True  # the same record comes again with more of its text; its defects are reported then
        flaws = [
            (CODES[defect.kind], self._flaw_at(defect.message, defect.path, start + defect.byte)) for defect in defects
        ]
        self._add(flaws, index)
        self._stopped = self._stopped or is_fatal
        trusted = not is_fatal and jsonscan.UNRELIABLE.isdisjoint(kinds)
        if not trusted and not self._stopped:
            self._unexamined[UNDECODED if "invalid-utf8" in kinds else UNSOUND, self._slice.schema] += 1
            self._index.merge(ExportIndex(broken=Counter([self._slice.member]), lost=Counter([self._slice.member])))
        return trusted

    def _stop_at(self, message: str, offset: int) -> None:
        """Report that the text is not JSON from an offset on, and end the check of the file."""
        self._add([("HC201", self._flaw_at(message, (), offset))], None)
        self._stopped = True

    def _check_values(self, value: Any, index: int | None, *, accepted: bool) -> None:  # noqa: ANN401 - any JSON value
        """Check a document, or a record as a list of one, by the schema of the file."""
        name = self._slice.schema
        if index is None and isinstance(value, list) and name in WRAPPERS:
            # A list behind so much white space that the slicer did not see its bracket: a record at a time.
            self._records += len(value) - 1
            for position, item in enumerate(value):
                if self._is_late():
                    return
                self._check_values(item, position, accepted=accepted)
            return
        document = value if index is None else [value]
        items = value.get(LISTS[name][1]) if name in LISTS and isinstance(value, dict) else None
        # Compiled validators take only values that their own decoder accepted: they cannot read lone surrogates.
        valid = valid_records(name, document) if accepted else None
        if valid is not None:
            self._valid += [(index or 0, value)] if items is None else enumerate(items)
            self._count(valid)
        elif isinstance(items, list):
            # Each element is a record of its own: a flaw of one does not concern the others.
            key = LISTS[name][1]
            self._add_schema_flaws(schema_errors.explain(name, {**value, key: []}), None)
            for position, item in enumerate(items):
                if self._is_late():
                    return
                self._explain({key: [item]}, position, item)
        else:
            self._explain(document, index, value)

    def _explain(self, document: object, index: int | None, record: object) -> None:
        """Add the schema errors of a document that holds one record or none."""
        name = self._slice.schema
        flaws = schema_errors.explain(name, document)
        if _UNPROVEN.isdisjoint(code for code, _ in flaws):
            self._valid.append((index or 0, record))
            self._count(batches(name, document))
        else:
            self._kinds += count_wrapped(name, document)
            self._examined["record"] += 1
            self._unexamined[MISSHAPEN, name] += 1
            self._index.merge(salvage(name, self._slice.member, document))
        if any(code in _MISREAD for code, _ in flaws):
            self._unexamined[MISREAD, name] += 1
        self._add_schema_flaws(flaws, index)

    def _count(self, records: list[Batch]) -> None:
        """Count valid records."""
        kinds, examined = count_records(self._slice.schema, records)
        self._kinds += kinds
        self._examined += examined

    def _extract(self) -> None:
        """Extract the facts of all valid records that are held, and drop the records."""
        name, member = self._slice.schema, self._slice.member
        at, records = [index for index, _ in self._valid], [record for _, record in self._valid]
        value = {LISTS[name][1]: records} if name in LISTS else records
        index, examined, found = extract_facts(name, member, batches(name, value, at), self._context, proven=False)
        self._index.merge(index)
        self._examined += examined
        self._found += found
        self._valid, self._valid_bytes = [], 0

    def _add_schema_flaws(self, flaws: list[tuple[str, Flaw]], index: int | None) -> None:
        """Add the flaws of a document of one record, with the index of the record in its own list."""
        placed = []
        listed = self._slice.schema in WRAPPERS and index is not None
        for code, flaw in flaws:
            path = flaw.path or ()
            if listed and flaw.path:
                path = path[1:]
            elif index is not None and len(path) > 1:
                path = (path[0], index, *path[2:])
            placed.append((code, flaw if flaw.path is None else replace(flaw, path=path)))
        self._add(placed, index if listed else None)

    def _flaw_at(self, message: str, path: tuple[str | int, ...], offset: int, **values: object) -> Flaw:
        """Return a flaw at an offset of the slice, with line, column and byte of the file in its sentence."""
        line, column, byte = self._positions.position(offset)
        sentence = f"{message} Line {{line}}, column {{column}}, byte {{byte}}."
        return Flaw(sentence, values | {"line": line, "column": column, "byte": byte}, path, line, byte)

    def _add(self, flaws: Iterable[tuple[str, Flaw]], index: int | None) -> None:
        """Add (rule code, flaw) of one record, or with None of the whole text."""
        self._found += [self._context.found(code, flaw, self._slice.member, index) for code, flaw in flaws]
        if len(self._found) > _MOST_FOUND:
            self._tally_found()

    def _tally_found(self) -> None:
        """Move the findings into the tally, which bounds their memory."""
        self._tally += Tally.of(self._context.keep, self._found)
        self._found = []
