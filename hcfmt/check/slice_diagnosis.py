"""What exactly is wrong with a slice that was not accepted whole, record by record."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from hcfmt.check.catalogue import BUDGET_EXCEEDED, CODES
from hcfmt.check.context import CheckContext
from hcfmt.check.export_index import ExportIndex
from hcfmt.check.extraction import extract_facts, salvage
from hcfmt.check.facts import MISREAD, MISSHAPEN, UNDECODED, UNSOUND, Facts, Found, Tally
from hcfmt.check.fast_validation import count_records, count_wrapped, valid_records
from hcfmt.container.budget import OUT_OF_TIME
from hcfmt.export import jsonscan, schema_errors
from hcfmt.export.jsontext import SPACE, Rejected, accept, decode, holds_at_most, is_plain
from hcfmt.export.records import LISTS, WRAPPERS, Batch, batches
from hcfmt.export.schemas import SHAPE_GATE
from hcfmt.export.slices import SLICE, PositionTracker, Slice
from hcfmt.findings import Flaw

_CUT_SHORT = "The text ends before the array is closed: it was cut short."
_HELD = 1000  # findings
_MISREAD = frozenset({"HC304", "HC305"})  # the rules of JSON inside strings that cannot be read
# A record of which one of these rules speaks is not proven to match its schema: an explanation that was broken off
# may not have come to what is missing.
_UNPROVEN = SHAPE_GATE | {schema_errors.BUDGET_RULE}


class SliceDiagnosis:
    """Takes one slice apart: ``run`` it, then ask for its ``facts``."""

    def __init__(self, piece: Slice, terms: CheckContext) -> None:
        """Take the slice and what the check agreed on."""
        self._piece = piece
        self._terms = terms
        self._records = 0
        self._stopped = False
        self._ruler = PositionTracker(piece)
        self._tally = Tally(terms.keep)
        self._found: list[Found] = []
        self._kinds: Counter[str] = Counter()
        self._examined: Counter[str] = Counter()
        self._unread: Counter[tuple[str, str]] = Counter()
        self._index = ExportIndex()
        self._sound: list[tuple[int, object]] = []
        self._taken = 0  # bytes of text whose records are held

    def facts(self) -> Facts:
        """Return what was found and count_records."""
        self._learn()
        self._count()
        examined, unread = self._examined, self._unread
        return Facts(self._tally, self._records, self._kinds, examined, unread, self._stopped, self._index)

    def _learn(self) -> None:
        """Have the records that match their schema tell what they tell about the whole, all at once."""
        name, member = self._piece.schema, self._piece.member
        at, records = [place for place, _ in self._sound], [record for _, record in self._sound]
        value = {LISTS[name][1]: records} if name in LISTS else records
        index, examined, found = extract_facts(name, member, batches(name, value, at), self._terms, vouched=False)
        self._index.merge(index)
        self._examined += examined
        self._found += found
        self._sound, self._taken = [], 0

    def run(self) -> int | None:
        """Judge all of the slice; return the offset of a record that it ends inside, None when there is none."""
        if self._piece.marked:
            flaw = Flaw("The file starts with a UTF-8 byte order mark.", path=(), line=1, byte=0)
            self._note([("HC202", flaw)], None)
        if self._piece.listed:
            return self._list()
        if self._piece.ended:
            self._record(self._piece.text, 0, None)
            return None
        if self._fits(self._piece.text, 0, None):
            self._text(self._piece.text, 0, None, ended=False)
        return None if self._stopped else 0

    def _list(self) -> int | None:
        piece = self._piece
        due = piece.due
        for start, end in piece.records():
            if end < 0:
                return self._open_end(start)
            text, closing = piece.text[start:end], piece.text[end : end + 1] == b"]"
            if text.strip(SPACE):
                self._record(text, start, self._records)
            elif due or not closing:
                self._not_json("A value is missing before this byte.", end)
            if piece.text[end : end + 1] == b"}" and not self._stopped:
                self._not_json("'}' stands where ',' or ']' is due.", end)
            if self._stopped:
                return None
            if closing and piece.text[end + 1 :].strip(SPACE):
                self._not_json("Text follows the end of the array.", end + 1)
            elif closing and not piece.ended:
                return end
            due = True
        return None

    def _open_end(self, start: int) -> int | None:
        """Judge a record that the slice cuts: wrong as far as it goes, cut short for good, or to be continued."""
        text, ended = self._piece.text[start:], self._piece.ended
        if not self._fits(text, start, self._records):
            return None
        if text.strip(SPACE) and not self._text(text, start, self._records, ended=ended):
            return None
        if not ended:
            return start
        self._not_json(_CUT_SHORT, len(self._piece.text))
        return None

    def _record(self, text: bytes, start: int, index: int | None) -> None:
        """Judge the text of one record, or of a whole document, and if it can be trusted its shape."""
        self._records += 1
        if self._is_late() or not self._fits(text, start, index):
            return
        try:
            value = accept(text)
            plain = is_plain(value, self._depth(index))
        except Rejected:
            plain = False
        if not plain:
            value = None  # so that it is not held beside what is decoded another way
            if not self._text(text, start, index):
                return
            value = decode(text)
        self._shape(value, index, accepted=plain)
        self._taken += len(text)
        if self._taken > SLICE:
            self._learn()

    def _is_late(self) -> bool:
        """Whether the time is up; then the reading of the file ends, and what was found so far is kept."""
        if not self._stopped and self._terms.expired():
            self._note([(BUDGET_EXCEEDED, Flaw(OUT_OF_TIME))], None)
            self._stopped = True
        return self._stopped

    def _fits(self, text: bytes, start: int, index: int | None) -> bool:
        """Whether a text holds so few values that it may be looked at; if not, the reading of its file ends."""
        most = self._terms.values
        if holds_at_most(text, most):
            return True
        sentence = f"The limit of {most:,} JSON values in one record was reached; --max-values raises it."
        self._note([(BUDGET_EXCEEDED, self._placed(sentence, (), start))], index)
        self._stopped = True
        return False

    def _depth(self, index: int | None) -> int:
        """Return the levels that a record may nest: the array it stands in is one already."""
        return self._terms.depth - (index is not None)

    def _text(self, text: bytes, start: int, index: int | None, *, ended: bool = True) -> bool:
        """Judge a text; return whether its values can be trusted."""
        defects = jsonscan.find_defects(text, depth=self._depth(index), ended=ended, expired=self._terms.expired)
        kinds = {defect.kind for defect in defects}
        is_fatal = not jsonscan.FATAL.isdisjoint(kinds)
        if not ended and not is_fatal:
            return True  # the same record comes again with more of it; nothing is said twice
        flaws = [
            (CODES[defect.kind], self._placed(defect.message, defect.path, start + defect.byte)) for defect in defects
        ]
        self._note(flaws, index)
        self._stopped = self._stopped or is_fatal
        trusted = not is_fatal and jsonscan.SET_ASIDE.isdisjoint(kinds)
        if not trusted and not self._stopped:
            self._unread[UNDECODED if "invalid-utf8" in kinds else UNSOUND, self._piece.schema] += 1
            self._index.merge(ExportIndex(broken=Counter([self._piece.member]), lost=Counter([self._piece.member])))
        return trusted

    def _not_json(self, message: str, offset: int) -> None:
        self._note([("HC201", self._placed(message, (), offset))], None)
        self._stopped = True

    def _shape(self, value: Any, index: int | None, *, accepted: bool) -> None:  # noqa: ANN401 - any JSON value
        """Judge a document, or a record of a list as a list of one, against the file's schema."""
        name = self._piece.schema
        if index is None and isinstance(value, list) and name in WRAPPERS:
            # A list behind so much white space that its bracket was not seen: its records are judged one by one.
            self._records += len(value) - 1
            for place, item in enumerate(value):
                if self._is_late():
                    return
                self._shape(item, place, accepted=accepted)
            return
        document = value if index is None else [value]
        items = value.get(LISTS[name][1]) if name in LISTS and isinstance(value, dict) else None
        # The compiled screen is only for text that its own decoder accepted: it knows no lone surrogates.
        sound = valid_records(name, document) if accepted else None
        if sound is not None:
            self._sound += [(index or 0, value)] if items is None else enumerate(items)
            self._took(sound)
        elif isinstance(items, list):
            # Each element is a record: a broken one says nothing of the others.
            key = LISTS[name][1]
            self._told(schema_errors.explain(name, {**value, key: []}), None)
            for place, item in enumerate(items):
                if self._is_late():
                    return
                self._explain({key: [item]}, place, item)
        else:
            self._explain(document, index, value)

    def _took(self, records: list[Batch]) -> None:
        """Count what matches its schema."""
        kinds, examined = count_records(self._piece.schema, records)
        self._kinds += kinds
        self._examined += examined

    def _explain(self, document: object, place: int | None, record: object) -> None:
        """Have the reference engine judge a document of one record, or one without records."""
        name = self._piece.schema
        flaws = schema_errors.explain(name, document)
        if _UNPROVEN.isdisjoint(code for code, _ in flaws):
            self._sound.append((place or 0, record))
            self._took(batches(name, document))
        else:
            self._kinds += count_wrapped(name, document)
            self._examined["record"] += 1
            self._unread[MISSHAPEN, name] += 1
            self._index.merge(salvage(name, self._piece.member, document))
        if any(code in _MISREAD for code, _ in flaws):
            self._unread[MISREAD, name] += 1
        self._told(flaws, place)

    def _told(self, flaws: list[tuple[str, Flaw]], place: int | None) -> None:
        """Note flaws of a document of one record, with the record's own place in its list."""
        placed = []
        listed = self._piece.schema in WRAPPERS and place is not None
        for code, flaw in flaws:
            path = flaw.path or ()
            if listed and flaw.path:
                path = path[1:]
            elif place is not None and len(path) > 1:
                path = (path[0], place, *path[2:])
            placed.append((code, flaw if flaw.path is None else replace(flaw, path=path)))
        self._note(placed, place if listed else None)

    def _placed(self, message: str, path: tuple[str | int, ...], offset: int) -> Flaw:
        line, column, byte = self._ruler.position(offset)
        sentence = f"{message} Line {line}, column {column}, byte {byte}."
        return Flaw(sentence, {"line": line, "column": column, "byte": byte}, path, line, byte)

    def _note(self, flaws: Iterable[tuple[str, Flaw]], index: int | None) -> None:
        """Add the flaws, by rule code, of one record or of the whole text."""
        self._found += [self._terms.found(code, flaw, self._piece.member, index) for code, flaw in flaws]
        if len(self._found) > _HELD:
            self._count()

    def _count(self) -> None:
        """Fold what was found into the tally; done now and then, so that neither memory nor time runs away."""
        self._tally += Tally.of(self._terms.keep, self._found)
        self._found = []
