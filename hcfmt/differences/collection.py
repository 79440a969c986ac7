"""Collects the records that differ: counts by section and place, and the first records of each."""

import re
from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter

import orjson
from msgspec import Struct, field

from hcfmt.check.context import Redaction
from hcfmt.differences.comparison import DifferingRecord
from hcfmt.differences.record_kinds import KINDS, SECTIONS, Section
from hcfmt.differences.result import PlaceDifferences, RecordDifference, SectionDifferences
from hcfmt.differences.rows import ID, KIND, MARKS, NO_KIND, PLACE, SECTION, TIME, VALUES, Row
from hcfmt.differences.side import Place
from hcfmt.export.timestamps import is_showable, sort_key

_PLAIN_ID = r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|-?[0-9]{1,20}|pref:autoJoin:[0-9]{1,20}|[0-9a-f]{64}"
LISTED_PLACES = 1000  # of each section, whose records are kept: the first by their ids
_HELD = 2  # times as many records as are kept are held before the others are dropped
_LONGEST_ID = 200  # characters of an id that is shown as it is
_DIRECTORIES = {Section.ROOM_MESSAGES: "rooms/", Section.PRIVATE_MESSAGES: "users/"}
_Spans = Mapping[Place, tuple[str, str]]
_Order = tuple[str, int, str]  # time, length of the id, id


class _Found(Struct, eq=False):
    """Numbers of one place by change, of the messages added after A's last one, and the first records by change.

    ``is_listed``: the place is one of the first, whose records are kept.
    """

    counts: Counter[str] = field(default_factory=Counter)
    later: int = 0
    first: dict[str, list[tuple[_Order, DifferingRecord]]] = {}
    is_listed: bool = True


class Collector:
    """Collects differing records: call ``add`` with each, then ``sections`` once."""

    def __init__(self, spans_a: _Spans, spans_b: _Spans, redaction: Redaction, keep: int) -> None:
        """Take the times of both exports, what may be shown, and how many records of each change a place keeps."""
        self._spans_a, self._spans_b = spans_a, spans_b
        self._redaction = redaction
        self._keep = keep
        self._found: dict[Place, _Found] = {}
        self._listed: dict[int, list[Place]] = defaultdict(list)  # the first places of each section, in order
        self._properties: dict[int, Counter[str]] = defaultdict(Counter)
        self._files: Mapping[str, list[Row]] = {"removed": [], "added": []}

    def add(self, record: DifferingRecord) -> None:
        """Add a record."""
        row = (*record.only_a, *record.only_b)[0]
        if SECTIONS[row[SECTION]] is Section.FILES and record.change in self._files:
            self._files[record.change].append(row)
        else:
            self._properties[row[SECTION]].update(record.properties)
            self._add(row, record)

    def sections(self, counts_a: Mapping[Place, int], counts_b: Mapping[Place, int]) -> Iterator[SectionDifferences]:
        """Yield all sections in their order; the counts are those of all records by place."""
        self._add_files()
        for number, section in enumerate(SECTIONS):
            places = sorted((place for place in self._found if place[0] == number), key=_place_order)
            all_places = {place for place in (*counts_a, *counts_b) if place[0] == number}
            spans_a, spans_b = (
                [spans[at] for at in all_places if at in spans] for spans in (self._spans_a, self._spans_b)
            )
            found = [self._found[place] for place in places]
            counts = sum((of_place.counts for of_place in found), Counter[str]())
            yield SectionDifferences(
                section=section.value,
                records_a=sum(counts_a[place] for place in all_places),
                records_b=sum(counts_b[place] for place in all_places),
                **_by_change(counts),
                later=sum(of_place.later for of_place in found),
                first_a=min((first for first, _ in spans_a), default=None),
                last_a=max((last for _, last in spans_a), default=None),
                first_b=min((first for first, _ in spans_b), default=None),
                last_b=max((last for _, last in spans_b), default=None),
                properties=dict(sorted(self._properties[number].items(), key=lambda item: (-item[1], item[0]))),
                places=tuple(self._place(place, counts_a[place], counts_b[place]) for place in places),
            )

    def _place(self, place: Place, count_a: int, count_b: int) -> PlaceDifferences:
        found = self._found[place]
        return PlaceDifferences(
            place=self._place_name(place),
            records_a=count_a,
            records_b=count_b,
            **_by_change(found.counts),
            later=found.later,
            last_a=self._spans_a.get(place, (None, None))[1],
            last_b=self._spans_b.get(place, (None, None))[1],
            records=tuple(
                self._described(record)
                for change in sorted(found.first)
                for _, record in self._kept(found.first[change])
            ),
        )

    def _place_name(self, place: Place) -> str:
        section, name = SECTIONS[place[0]], place[1]
        if section is Section.UNREADABLE:
            return self._redaction.member_path(name)
        return _DIRECTORIES.get(section, "") + name

    def _add(self, row: Row, record: DifferingRecord) -> None:
        """Count a record, and keep it if it is one of the first."""
        place = row[SECTION], row[PLACE]
        found = self._found.get(place) or self._new_place(place)
        found.counts[record.change] += 1
        if record.change == "added":
            found.later += self._is_later(row)
        if not found.is_listed:
            return
        first = found.first.setdefault(record.change, [])
        first.append(((row[TIME], len(row[ID]), row[ID]), record))
        if len(first) > _HELD * self._keep:
            first[:] = self._kept(first)

    def _new_place(self, place: Place) -> _Found:
        """Begin a place; if it is one of the first, the last of these is listed no longer."""
        found = self._found[place] = _Found()
        listed = self._listed[place[0]]
        insort(listed, place, key=_place_order)
        if len(listed) > LISTED_PLACES:
            last = self._found[listed.pop()]
            last.is_listed = False
            last.first.clear()
        return found

    def _is_later(self, row: Row) -> bool:
        """Whether a message is later than the last one of A in its place."""
        last = self._spans_a.get((row[SECTION], row[PLACE]), ("", ""))[1]
        return bool(last) and row[TIME] > last and sort_key(row[TIME]) > last

    def _kept(self, first: list[tuple[_Order, DifferingRecord]]) -> list[tuple[_Order, DifferingRecord]]:
        return sorted(first, key=itemgetter(0))[: self._keep]

    def _add_files(self) -> None:
        """Add the files that one export alone has; one that is under another path in the other is moved."""
        by_content: dict[bytes, list[Row]] = defaultdict(list)
        for row in sorted(self._files["added"], key=itemgetter(ID), reverse=True):
            by_content[row[MARKS]].append(row)
        for row in sorted(self._files["removed"], key=itemgetter(ID)):
            same = by_content[row[MARKS]]
            moved_to = [same.pop()] if same else []
            self._add(row, DifferingRecord("moved" if moved_to else "removed", [row], moved_to))
        for rows in by_content.values():
            for row in rows:
                self._add(row, DifferingRecord("added", [], [row]))

    def _described(self, record: DifferingRecord) -> RecordDifference:
        row = (*record.only_a, *record.only_b)[0]
        section, kind, time = SECTIONS[row[SECTION]], row[KIND], row[TIME]
        is_shown = record.change == "changed" and self._redaction.show_values
        before, after = (
            _values(rows if is_shown else [], record.properties) for rows in (record.only_a, record.only_b)
        )
        return RecordDifference(
            record.change,
            self._shown_id(section, row[ID]),
            None if kind == NO_KIND else KINDS[kind].name,
            time if is_showable(time) else None,
            record.properties,
            self._shown_id(section, record.only_b[0][ID]) if record.change == "moved" else None,
            before,
            after,
        )

    def _shown_id(self, section: Section, id_: str) -> str:
        if section is Section.FILES:
            return self._redaction.member_path(id_)
        if self._redaction.show_values or re.fullmatch(_PLAIN_ID, id_):
            return id_[:_LONGEST_ID]
        return f"[{len(id_)} characters]"


def _by_change(counts: Mapping[str, int]) -> dict[str, int]:
    return {change: counts.get(change, 0) for change in ("added", "removed", "changed", "moved")}


def _place_order(place: Place) -> tuple[list[tuple[int, str]], str]:
    """Return the sort key of a place, in which numbers are compared as numbers."""
    return [(len(part), part) for part in place[1].split("-")], place[1]


def _values(rows: Sequence[Row], properties: Sequence[str]) -> Mapping[str, str]:
    """Return the values of some properties of the first of a record's rows, as JSON text by name."""
    if not rows or not rows[0][VALUES]:
        return {}
    names = [compared.name for compared in KINDS[rows[0][KIND]].properties]
    values = dict(zip(names, orjson.loads(rows[0][VALUES]), strict=True))
    return {name: values[name] for name in properties if name in values}
