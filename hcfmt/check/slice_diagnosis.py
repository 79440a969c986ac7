"""Slow path: finds all flaws of a slice that the fast path rejected, record by record."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from msgspec.structs import replace

from hcfmt.check.catalogue import BUDGET_EXCEEDED, CODES
from hcfmt.check.context import CheckContext
from hcfmt.check.extraction import extract_facts
from hcfmt.check.facts import MISREAD, MISSHAPEN, UNDECODED, UNSOUND, Facts, Sieve, Tally
from hcfmt.check.fingerprints import record_key, text_key
from hcfmt.check.harmless_violations import sound_record
from hcfmt.check.history_facts import STATE_OF, HistoryFacts
from hcfmt.check.salvage import salvage
from hcfmt.container.budget import OUT_OF_TIME
from hcfmt.export import jsonscan, schema_errors
from hcfmt.export.json_decoding import accept, decode
from hcfmt.export.jsontext import SPACE, Rejected, holds_at_most, is_plain
from hcfmt.export.records import LISTS, WRAPPERS, Batch, batches, count_kinds
from hcfmt.export.schema_flaws import LETTER_CASE_RULE, UNDOCUMENTED_RULE
from hcfmt.export.schemas import HARMLESS_RULE, SECRET_RULE, SHAPE_GATE
from hcfmt.export.slices import SLICE, PositionTracker, Slice
from hcfmt.findings import Flaw

_CUT_SHORT = "The text ends before the array is closed: it was cut short."
_MISREAD = frozenset({"HC304", "HC305"})  # rules of JSON inside strings that cannot be read
_OF_NAMES = frozenset({UNDOCUMENTED_RULE, LETTER_CASE_RULE, SECRET_RULE})  # rules of the names of properties
# A record with a finding of one of these rules may contradict its schema: an interrupted diagnosis may not have reached
# a missing property.
_UNPROVEN = SHAPE_GATE | {schema_errors.BUDGET_RULE}


def _no_key() -> str:
    """Return the key of a flaw that belongs to no record."""
    return ""


class SliceDiagnosis:
    """Diagnosis of one slice: call ``run``, then ``facts``, each once."""

    def __init__(self, slice_: Slice, context: CheckContext) -> None:
        """Take the slice and the settings of the check."""
        self._slice = slice_
        self._context = context
        self._records = 0
        self._stopped = False
        self._positions = PositionTracker(slice_)
        self._findings = Sieve(context.keep)
        self._facts = Facts(Tally(context.keep))  # but for the findings, the records and whether the file goes on
        self._valid: list[tuple[int, object]] = []  # index and value of valid records whose facts are not extracted yet
        self._valid_bytes = 0  # of their text
        self._written: dict[int, object] = {}  # by position among them, the record as it is written, with its flaws
        self._proven = True  # none of them has a value that is flawed
        # Index and value of elements of arrays that contradict their schema, which are not yet counted by kind.
        self._misshapen: list[tuple[int, object]] = []

    def facts(self) -> Facts:
        """Return all findings and counts."""
        self._extract()
        self._facts.merge(Facts(self._findings.tally(), self._records, stopped=self._stopped))
        return self._facts

    def run(self) -> int | None:
        """Check the whole slice; return the offset of a record that it ends inside, None if it ends with a record."""
        if self._slice.marked:
            flaw = Flaw("The file starts with a UTF-8 byte order mark.", path=(), line=1, byte=0)
            self._add([("HC202", flaw)], None)
        if self._slice.listed:
            records = self._decoded()
            if records is None:
                return self._check_list()
            self._check_decoded(records)
            return None
        if self._slice.ended:
            self._check_record(self._slice.text, 0, None)
            return None
        if self._is_within_limit(self._slice.text, 0, None):
            self._check_text(self._slice.text, 0, None, ended=False)
        return None if self._stopped else 0

    def _decoded(self) -> list[Any] | None:
        """Return the records of a list, None unless its text is valid JSON of whole records that loses nothing."""
        text = self._slice.array()
        if text is None or not holds_at_most(text, self._context.max_values):
            return None
        try:
            records = accept(text)
        except Rejected:
            return None
        # A list that ends right after a comma is valid JSON here when its last record is in the slice before.
        return records if isinstance(records, list) and (records or not self._slice.due) else None

    def _check_decoded(self, records: list[Any]) -> None:
        """Check decoded records; the text of one is needed only for numbers and depths that not all readers take."""
        name, places = self._slice.schema, list[tuple[int, int]]()
        for index, record in enumerate(records):
            if schema_errors.has_no_flaw(name, [record]):
                self._valid.append((index, record))
                continue
            self._records = index + 1
            if self._is_late():
                return
            if not self._check_plain(record, index):
                places = places or list(self._slice.records())
                start, end = places[index]
                text = self._slice.text[start:end]
                if self._check_text(text, start, index):
                    self._check_values(decode(text), index)
                elif self._stopped:
                    return
        self._records = len(records)

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
            if index is not None and schema_errors.has_no_flaw(self._slice.schema, [value]):
                self._valid.append((index, value))
                is_checked = True
            else:
                is_checked = self._check_plain(value, index)
        except Rejected:
            is_checked = False
        if not is_checked and self._check_text(text, start, index):
            self._check_values(decode(text), index)
        self._valid_bytes += len(text)
        if self._valid_bytes > SLICE:
            self._extract()

    def _check_plain(self, value: Any, index: int | None) -> bool:  # noqa: ANN401 - any JSON value
        """Check a decoded value; return False if its numbers or depth demand that its text is examined first."""
        if not is_plain(value, self._max_depth(index)):
            return False
        self._check_values(value, index)
        return True

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
            (
                CODES[defect.kind],
                self._flaw_at(defect.message, defect.path, start + (defect.byte or 0), **defect.values),
            )
            for defect in defects
        ]
        # Of a fatal defect the text may be cut.
        self._add(flaws, index, _no_key if is_fatal or index is None else partial(_key_of_text, text))
        self._stopped = self._stopped or is_fatal
        trusted = not is_fatal and jsonscan.UNRELIABLE.isdisjoint(kinds)
        if not trusted and not self._stopped:
            self._facts.unexamined[UNDECODED if "invalid-utf8" in kinds else UNSOUND, self._slice.schema] += 1
            self._facts.index.broken[self._slice.member] += 1
            self._facts.index.lost[self._slice.member] += 1
        return trusted

    def _stop_at(self, message: str, offset: int) -> None:
        """Report that the text is not JSON from an offset on, and end the check of the file."""
        self._add([("HC201", self._flaw_at(message, (), offset))], None)
        self._stopped = True

    def _check_values(self, value: Any, index: int | None) -> None:  # noqa: ANN401 - any JSON value
        """Check a document, or a record as a list of one, by the schema of the file."""
        name = self._slice.schema
        if index is None and isinstance(value, list) and name in WRAPPERS:
            # A list behind so much white space that the slicer did not see its bracket: a record at a time.
            self._records += len(value) - 1
            for position, item in enumerate(value):
                if self._is_late():
                    return
                self._check_values(item, position)
            return
        document = value if index is None else [value]
        items = value.get(LISTS[name][1]) if name in LISTS and isinstance(value, dict) else None
        if isinstance(items, list):
            # Each element is a record of its own: a flaw of one does not concern the others.
            key = LISTS[name][1]
            self._add_schema_flaws(schema_errors.explain(name, {**value, key: []}), None)
            for position, item in enumerate(items):
                if self._is_late():
                    return
                if schema_errors.has_no_flaw(name, {key: [item]}):
                    self._valid.append((position, item))
                else:
                    self._explain({key: [item]}, position, item)
        else:
            self._explain(document, index, value)

    def _explain(self, document: object, index: int | None, record: object) -> None:
        """Add the schema errors of a document that holds one record or none."""
        name = self._slice.schema
        flaws = schema_errors.explain(name, document)
        codes = {code for code, _ in flaws}
        if _UNPROVEN.isdisjoint(codes) and index is None and (name in WRAPPERS or name in LISTS):
            self._records -= name in WRAPPERS  # null stands for an empty list
            self._examine_document(record)
        elif _UNPROVEN.isdisjoint(codes):
            if HARMLESS_RULE in codes and name in WRAPPERS:
                self._doubt_states(record)
            sound = sound_record(name, document, record, flaws)
            if sound is not record:
                self._written[len(self._valid)] = record
            self._valid.append((index or 0, sound))
            self._proven = self._proven and codes <= _OF_NAMES
        else:
            self._add_misshapen(index, record)
            self._facts.examined["record"] += 1
            self._facts.unexamined[MISSHAPEN, name] += 1
            salvage(self._facts.index, name, self._slice.member, document)
        if not _MISREAD.isdisjoint(codes):
            self._facts.unexamined[MISREAD, name] += 1
        self._add_schema_flaws(flaws, index, record)

    def _doubt_states(self, wrapper: Any) -> None:  # noqa: ANN401 - an object
        """Take no state from the messages of a kind one of which, below its wrapper key, may lack it."""
        if kinds := STATE_OF.keys() & wrapper.keys():
            self._facts.index.histories.setdefault(self._slice.member, HistoryFacts()).uncertain |= kinds

    def _add_misshapen(self, index: int | None, value: object) -> None:
        """Hold an element of a list that contradicts its schema; of a document, look for conditions of importers."""
        if index is not None:
            self._misshapen.append((index, value))
        else:
            self._examine_document(value)

    def _examine_document(self, value: object) -> None:
        """Look for conditions of importers in a document as a whole."""
        if self._context.importers:
            from hcfmt.check.importer_conditions import examine_document  # noqa: PLC0415 - only profiles need it

            conditions = examine_document(self._slice.schema, self._slice.member, value, self._context)
            self._facts.merge(Facts(Tally(self._context.keep), conditions=conditions))

    def _extract(self) -> None:
        """Count all records that are held, extract the facts of valid ones, and drop the records."""
        name, member = self._slice.schema, self._slice.member
        self._facts.kinds.update(count_kinds(name, [element for _, element in self._misshapen]))
        if self._context.importers and self._misshapen:
            from hcfmt.check.importer_conditions import examine_misshapen  # noqa: PLC0415 - only profiles need it

            conditions = examine_misshapen(name, member, self._misshapen, self._context)
            self._facts.merge(Facts(Tally(self._context.keep), conditions=conditions))
        of_kinds = self._batches([record for _, record in self._valid])
        written = self._batches([self._written.get(place, record) for place, (_, record) in enumerate(self._valid)])
        self._facts.merge(extract_facts(name, member, of_kinds, self._context, proven=self._proven, written=written))
        self._valid, self._written, self._misshapen, self._valid_bytes, self._proven = [], {}, [], 0, True

    def _batches(self, records: list[object]) -> list[Batch]:
        """Return records in the places of the valid ones, by kind."""
        name = self._slice.schema
        value = {LISTS[name][1]: records} if name in LISTS else records
        return batches(name, value, [index for index, _ in self._valid])

    def _add_schema_flaws(
        self,
        flaws: list[tuple[str, Flaw]],
        index: int | None,
        record: Any = None,  # noqa: ANN401 - any JSON value
    ) -> None:
        """Add the flaws of a document of one record, with the index of the record in its own list."""
        listed = self._slice.schema in WRAPPERS and index is not None
        placed = flaws if index is None else [(code, _placed(flaw, index, listed=listed)) for code, flaw in flaws]
        self._add(placed, index if listed else None, _no_key if index is None else partial(record_key, record))

    def _flaw_at(self, message: str, path: tuple[str | int, ...], offset: int, **values: object) -> Flaw:
        """Return a flaw at an offset of the slice, with line, column and byte of the file in its sentence."""
        line, column, byte = self._positions.position(offset)
        sentence = f"{message} Line {{line}}, column {{column}}, byte {{byte}}."
        return Flaw(sentence, values | {"line": line, "column": column, "byte": byte}, path, line, byte)

    def _add(self, flaws: Iterable[tuple[str, Flaw]], index: int | None, key_of: Callable[[], str] = _no_key) -> None:
        """Add (rule code, flaw) of one record, or with None of the whole text; ``key_of`` returns the record's key.

        Those that come after the findings that are kept are counted alone.
        """
        key: str | None = None
        judgement = self._context.judgement
        for code, flaw in flaws:
            why = judgement.rules.get(code, "")
            if judgement.is_made_by_finding or self._findings.takes(code, index, why):
                key = key_of() if key is None else key
                self._findings.add(self._context.judged(code, flaw, self._slice.member, index, key))
            else:
                self._findings.count(code, why)


def _key_of_text(text: bytes) -> str:
    """Return the key of a record with defects that are not fatal."""
    try:
        return record_key(decode(text))
    except (ValueError, RecursionError):
        return text_key(text.strip(SPACE))


def _placed(flaw: Flaw, index: int, *, listed: bool) -> Flaw:
    """Return a flaw of the only record of a list: its path begins at the record, or has the record's own index."""
    path = flaw.path or ()
    if listed and path:
        return replace(flaw, path=path[1:])
    return replace(flaw, path=(path[0], index, *path[2:])) if len(path) > 1 else flaw
