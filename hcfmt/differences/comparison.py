"""Compares the rows of two exports, a partition at a time."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from hcfmt.differences.partitions import PARTITIONS
from hcfmt.differences.record_kinds import KINDS, OTHER_PROPERTIES, SECTIONS
from hcfmt.differences.rows import FILE, ID, KIND, MARKS, NO_KIND, SLICE, TIME, Row, comparable_marks, differing
from hcfmt.differences.side import Place, Side, extend

KIND_OF_RECORD, COPIES = "kind of record", "copies"
"""What differs, besides properties, in a record with another wrapper key, or with more copies in one of the exports."""

_Key = tuple[int, str, str]  # section, place, id
_Compared = tuple[int, str, str, int, str, str, bytes]  # a row up to its marks


class DifferingRecord(NamedTuple):
    """A record that differs: its rows that one export alone has, none where it lacks the record, and what differs."""

    change: str
    only_a: Sequence[Row]
    only_b: Sequence[Row]
    properties: tuple[str, ...] = ()


class Comparison:
    """Comparison of two exports that were read, in a common dialect: call ``records``, then read the counts.

    ``counts_a`` and ``counts_b`` are the numbers of records with different ids by place. ``unread`` are the paths of
    data files of which it is not known, in one of the exports, what is in them: they are not compared.
    """

    def __init__(self, a: Side, b: Side, dialects: tuple[str, str]) -> None:
        """Take the two exports, and the dialect of each."""
        self._a, self._b = a, b
        self.counts_a, self.counts_b = Counter[Place](), Counter[Place]()
        self._comparable = None if dialects[0] == dialects[1] else _comparable_properties(*dialects)
        begun = a.contents.begun | b.contents.begun
        self.unread = {path for path in begun if not (a.has_read(path) and b.has_read(path))}
        self._are_complete = a.complete and b.complete and not self.unread

    def records(self) -> Iterator[DifferingRecord]:
        """Yield each record that differs, in no order."""
        for number in range(PARTITIONS):
            rows_a, shared = self._divided(number)
            index_a, index_b = _index(rows_a), _index(self._comparable_rows(self._b, number))
            keys_shared = {row[:KIND] for row in shared}
            keys_a, keys_b = ({row[:KIND] for row in index} | keys_shared for index in (index_a, index_b))
            self.counts_a.update([key[:ID] for key in keys_a])
            self.counts_b.update([key[:ID] for key in keys_b])
            extend(self._b.contents.spans, shared)
            only_a = [row for compared, row in index_a.items() if compared not in index_b]
            only_b = [row for compared, row in index_b.items() if compared not in index_a]
            for key, (rows_of_a, rows_of_b) in _by_key(only_a, only_b).items():
                if key not in keys_b:
                    yield DifferingRecord("removed", rows_of_a, rows_of_b)
                elif key not in keys_a:
                    yield DifferingRecord("added", rows_of_a, rows_of_b)
                else:
                    yield DifferingRecord("changed", rows_of_a, rows_of_b, _differing(rows_of_a, rows_of_b))

    def _divided(self, number: int) -> tuple[list[Row], list[Row]]:
        """Return the rows of a partition that A alone has slices of, and those that both have."""
        of_a, shared, slices = list[Row](), list[Row](), self._b.contents.shared
        for row in self._comparable_rows(self._a, number):
            (shared if row[SLICE] in slices else of_a).append(row)
        return of_a, shared

    def _comparable_rows(self, side: Side, number: int) -> Iterator[Row]:
        """Yield the rows of a partition that can be compared."""
        rows = side.contents.rows.read(number)
        if not self._are_complete:
            rows = (row for row in rows if self._a.has_read(row[FILE]) and self._b.has_read(row[FILE]))
        return rows if self._comparable is None else _masked(rows, self._comparable)


def _index(rows: Iterable[Row]) -> dict[_Compared, Row]:
    """Return rows by what is compared of them: all but the slice and the values that are shown."""
    compared = list(rows)
    index = {row[:SLICE]: row for row in compared}
    return index if len(index) == len(compared) else _numbered(compared)


def _comparable_properties(first: str, second: str) -> Sequence[Sequence[bool] | None]:
    """Return whether each property of each kind can be compared between two dialects; None for a kind one lacks."""
    return [
        [*(compared.is_comparable(first, second) for compared in kind.properties), False]
        if kind.is_comparable(first, second)
        else None
        for kind in KINDS
    ]


def _masked(rows: Iterator[Row], comparable: Sequence[Sequence[bool] | None]) -> Iterator[Row]:
    """Yield rows without the properties, and the kinds, that cannot be compared."""
    for row in rows:
        are_comparable = [] if row[KIND] == NO_KIND else comparable[row[KIND]]
        if are_comparable is not None:
            yield (*row[:MARKS], comparable_marks(row[MARKS], are_comparable), *row[SLICE:])


def _numbered(rows: Sequence[Row]) -> dict[_Compared, Row]:
    """Return rows by all but their values, where a row that comes again has another key than the first."""
    index: dict[_Compared, Row] = {}
    repeats = Counter[_Compared]()
    for row in rows:
        key = row[:SLICE]
        number = repeats[key].to_bytes(8) if repeats[key] else b""
        index[*row[:MARKS], row[MARKS] + number] = row
        repeats[key] += 1
    return index


def _by_key(only_a: Sequence[Row], only_b: Sequence[Row]) -> dict[_Key, tuple[list[Row], list[Row]]]:
    """Return the rows that one export alone has by section, place and id."""
    by_key: dict[_Key, tuple[list[Row], list[Row]]] = {}
    for side, rows in enumerate((only_a, only_b)):
        for row in rows:
            by_key.setdefault(row[:KIND], ([], []))[side].append(row)
    return by_key


_file, _order = itemgetter(FILE), itemgetter(FILE, TIME)


def _differing(rows_a: list[Row], rows_b: list[Row]) -> tuple[str, ...]:
    """Return what differs in a record that both exports have.

    Of its copies, those in the same data file are paired, by their times, and else in the order of the file.
    """
    names: dict[str, None] = {}
    copies_a, copies_b = (
        {file: list(rows) for file, rows in groupby(sorted(side, key=_order), _file)} for side in (rows_a, rows_b)
    )
    for file in sorted(copies_a.keys() | copies_b.keys()):
        in_a, in_b = copies_a.get(file, []), copies_b.get(file, [])
        for one, other in zip(in_a, in_b, strict=False):
            same_kind = one[KIND] == other[KIND]
            names |= dict.fromkeys(differing(one[KIND], one[MARKS], other[MARKS]) if same_kind else [KIND_OF_RECORD])
        if len(in_a) != len(in_b):
            names[COPIES] = None
    return tuple(names)


def not_alike(first: str, second: str) -> Iterator[str]:
    """Yield a sentence for each section in which two dialects do not have the same kinds and properties."""
    if first == second:
        return
    for section in SECTIONS:
        kinds = [kind for kind in KINDS if kind.section is section]
        absent = [kind.title for kind in kinds if not kind.is_comparable(first, second)]
        present = [kind for kind in kinds if kind.is_comparable(first, second)]
        properties = dict.fromkeys(name for kind in present for name in kind.not_comparable(first, second))
        if absent or properties:
            yield f"{section.capitalize()}: {', '.join([*absent, *properties])}."
    yield f"All records: {OTHER_PROPERTIES}."
