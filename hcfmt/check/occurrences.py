"""Index of the values that records define, refer to and name: how often each occurs, and its first places."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from hashlib import blake2b
from typing import Any

from msgspec import Struct

from hcfmt.export.annotations import DEFINES, FILE, REFERS, Annotation, Column, Places
from hcfmt.export.columns import column_of, is_typed, plain
from hcfmt.export.records import Batch
from hcfmt.export.references import SAFE_ID, Identifier, comparable, id_property, identifier, is_excepted, named_files

_LONGEST = 5_000  # characters, more than a path may have; a longer text is replaced by its digest
_MOST_OPEN = 20_000  # ids of one property in one member that are held twice, while they are open and when they close
_HEAVY = 250  # characters; a longer text weighs as much as several values

Place = tuple[str, int, tuple[str | int, ...]]
"""Place of a value: the member, the index of the record in its list, the path from the record."""

Occurrences = tuple[int, tuple[Place, ...]]
"""Occurrences of one value: how many there are, and the places of the first two."""


def bounded(value: Any) -> Any:  # noqa: ANN401 - a text or any other value
    """Return a value, or the digest of a text of more than 5,000 characters, so that memory stays bounded."""
    if not isinstance(value, str) or len(value) <= _LONGEST:
        return value
    return f"{len(value)} characters {blake2b(value.encode('utf-8', 'surrogatepass'), digest_size=16).hexdigest()}"


def memory_weight(value: Any) -> int:  # noqa: ANN401 - an identifier, or an item of ``named_files``
    """Return the memory that a value takes, as a number of ordinary values."""
    text = value[1] if isinstance(value, tuple) else value
    return 1 + len(text) // _HEAVY if isinstance(text, str) else 1


def _weight_of(values: AbstractSet[Any]) -> int:
    """Return the memory that values take together, as a number of ordinary values."""
    return len(values) if set(map(type, values)) <= {int} else sum(map(memory_weight, values))


class References(Struct):
    """References of one property in one member that is being read: their number and their first record, by id.

    A record has at most one of them. ``uncounted`` are columns that are not counted yet: the indices of their records,
    and their ids. ``exceptions`` are ids that refer to nothing.
    """

    path: tuple[str, ...]
    exceptions: Sequence[Identifier] = ()
    counts: dict[Identifier, int] = {}
    first: dict[Identifier, int] = {}
    uncounted: list[tuple[Sequence[int], Sequence[Identifier]]] = []

    def merge(self, other: "References", shift: int) -> None:
        """Add the references of records whose indices are larger by ``shift``, and then larger than all here."""
        self.uncounted += [([index + shift for index in at], values) for at, values in other.uncounted]
        self._add(other.counts, other.first, shift)

    def count(self) -> None:
        """Count the columns."""
        if not self.uncounted:
            return
        counts, first = Counter[Identifier](), dict[Identifier, int]()
        for at, values in reversed(self.uncounted):
            counts.update(values)
            first.update(zip(reversed(values), reversed(at), strict=True))
        for exception in self.exceptions:
            counts.pop(exception, None)
        self.uncounted = []
        self._add(counts, first)

    def _add(self, counts: dict[Identifier, int], first: dict[Identifier, int], shift: int = 0) -> None:
        if not self.counts and not shift:  # of most members, everything comes at once
            self.counts, self.first = counts, first
            return
        _add_counts(self.counts, counts)
        for value, index in first.items():
            self.first[value] = min(self.first.get(value, index + shift), index + shift)


class ReferenceTotals(Struct):
    """References of one property in all members that were read: their number and their first place, by id."""

    path: tuple[str, ...]
    counts: dict[Identifier, int] = {}
    first: dict[Identifier, tuple[str, int]] = {}

    def add(self, counts: Mapping[Identifier, int], first: Mapping[Identifier, tuple[str, int]]) -> None:
        """Add references in other members."""
        _add_counts(self.counts, counts)
        known = self.first
        for value, place in first.items():
            if value not in known or place < known[value]:
                known[value] = place

    def occurrences(self) -> dict[Hashable, Occurrences]:
        """Return the occurrences of each id."""
        return {value: (count, ((*self.first[value], self.path),)) for value, count in self.counts.items()}


def _add_counts(counts: dict[Identifier, int], more: Mapping[Identifier, int]) -> None:
    for value, count in more.items():
        counts[value] = counts.get(value, 0) + count


class ValueIndex(Struct):
    """Occurrences of every value, by the label of its annotation; merges in any order.

    It grows with people, rooms and files, never with messages: another occurrence of a value only adds to a count. A
    name of something that also has an id is indexed together with the id: ``(mention name, user id)``. ``references``
    are those to ids; ``open`` holds those in members that are being read, by member and label, until ``close`` moves
    them. ``weight`` is the memory that all values take, as a number of ordinary values; that of open references is
    added when ``count`` is called.
    """

    by_label: dict[str, dict[Hashable, Occurrences]] = {}
    references: dict[str, ReferenceTotals] = {}
    open: dict[tuple[str, str], References] = {}
    weight: int = 0

    def occurrences(self) -> dict[str, dict[Hashable, Occurrences]]:
        """Return the occurrences of all values in members that were read, by label."""
        return self.by_label | {label: totals.occurrences() for label, totals in self.references.items()}

    def merge(self, other: "ValueIndex", shift: int = 0) -> None:
        """Add the index of other records, whose indices in the list are larger by ``shift`` than it holds."""
        for label, values in other.by_label.items():
            self.add(label, _shifted(values, shift) if shift else values)
        for label, totals in other.references.items():
            self._add_references(label, totals)
        for key, references in other.open.items():
            self._add_open(key, references, shift)

    def close(self, member: str) -> None:
        """Move the references in a member that was read to those in others."""
        self.count()
        for key in [key for key in self.open if key[0] == member]:
            references = self.open.pop(key)
            self.weight -= len(references.counts)
            first = {value: (member, references.first[value]) for value in references.counts}
            self._add_references(key[1], ReferenceTotals(references.path, references.counts, first))

    def add_column(self, column: Column, batch: Batch, member: str, owner: int | None) -> None:
        """Add the values of a column of a batch; ``owner`` is the id of the room or user in the member's path."""
        annotation = column.annotation
        values, at = _VALUES[annotation.keyword](column, batch, owner)
        exceptions = () if "beside" in annotation.arguments else annotation.arguments.get("except", ())
        if annotation.keyword == REFERS and annotation.type is int and None not in annotation.path:
            references = References(annotation.path, exceptions, uncounted=[(at, values)])  # type: ignore[arg-type]  # mypy does not follow the test
            self._add_open((member, annotation.label), references, 0)
            return
        counts = Counter(values)
        for exception in exceptions:
            counts.pop(exception, None)
        first = dict(zip(reversed(values), reversed(at), strict=True))
        # Only the first place matters, except of a value that is defined more than once.
        second: dict[Hashable, list[Any]] = defaultdict(list)
        if annotation.keyword == DEFINES and len(counts) < len(values):
            for value, place in zip(values, at, strict=True):
                second[value].append(place)
        self.add(
            annotation.label,
            {
                value: (count, tuple((member, *annotation.locate(at)) for at in second.get(value, (first[value],))[:2]))
                for value, count in counts.items()
            },
        )

    def add(self, label: str, added: dict[Hashable, Occurrences]) -> None:
        """Add occurrences of values; of each the places of the first two are kept, of a reference that of the first.

        ``added`` may become part of this index.
        """
        values = self.by_label.get(label)
        if not values:
            self.by_label[label] = added
            self.weight += _weight_of(added.keys())
            return
        new = added.keys() - values.keys()
        self.weight += _weight_of(new)
        if len(new) == len(added):
            values.update(added)
            return
        most = 1 if label.startswith(REFERS) else 2
        for value, occurrences in added.items():
            if value in new:
                values[value] = occurrences
                continue
            count, places = values[value]
            places = min(places, occurrences[1]) if most == 1 else tuple(sorted(places + occurrences[1])[:most])
            values[value] = count + occurrences[0], places

    def count(self) -> None:
        """Count the references that are not counted yet: ``weight`` is right again."""
        for references in self.open.values():
            self.weight -= len(references.counts)
            references.count()
            self.weight += len(references.counts)

    def _add_references(self, label: str, added: ReferenceTotals) -> None:
        self.weight += _weight_of(added.counts.keys() - self._counts_of(label))
        if label in self.references:
            self.references[label].add(added.counts, added.first)
        else:
            self.references[label] = added

    def _counts_of(self, label: str) -> Mapping[Identifier, int]:
        return self.references[label].counts if label in self.references else {}

    def _add_open(self, key: tuple[str, str], references: References, shift: int) -> None:
        known = self.open.get(key)
        if known is None and not shift:
            self.open[key] = references
            self.weight += len(references.counts)
            return
        known = self.open.setdefault(key, References(references.path, references.exceptions))
        before = len(known.counts)
        known.merge(references, shift)
        self.weight += len(known.counts) - before
        if len(known.counts) > _MOST_OPEN:
            self.close(key[0])


def _shifted(values: Mapping[Hashable, Occurrences], by: int) -> dict[Hashable, Occurrences]:
    """Return occurrences in records whose indices are larger by ``by``."""
    return {
        value: (count, tuple([(member, index + by, path) for member, index, path in places]))
        for value, (count, places) in values.items()
    }


def joined(
    columns: Sequence[tuple[Annotation, Mapping[Any, Occurrences]]],
) -> Iterator[tuple[Annotation, Any, Occurrences]]:
    """Yield each value of several annotations of one rule once: the annotation of its first place, all occurrences."""
    if len(columns) == 1:
        annotation, values = columns[0]
        yield from ((annotation, value, occurrences) for value, occurrences in values.items())
        return
    rows: dict[Any, tuple[Annotation, Occurrences]] = {}
    for annotation, values in columns:
        for value, (count, places) in values.items():
            first, (total, earliest) = rows.get(value, (annotation, (0, places)))
            rows[value] = annotation if places < earliest else first, (total + count, min(earliest, places))
    yield from ((annotation, value, occurrences) for value, (annotation, occurrences) in rows.items())


def _defined(column: Column, _: Batch, __: int | None) -> tuple[Sequence[Any], Places]:
    """Return the ids of a column; of a column of names, each with the id of its record, and whether it is set apart.

    The name of a record without an id is not compared.
    """
    if "within" in column.annotation.arguments:
        return (), ()
    thing, id_name = column.annotation.arguments["thing"], id_property(column.annotation.label)
    ids = _beside(column.owners, id_name) if id_name else column.values
    rows = zip(column.values, ids, _set_apart(column), column.at, strict=True)
    names = [
        (bounded(identifier(value, thing)), number, apart, at)
        for value, number, apart, at in rows
        if value not in (None, "") and number is not None
    ]
    if id_name is None:
        return _columns([(value, at) for value, _, _, at in names])
    return _columns([((comparable(number), value, apart), at) for value, number, apart, at in names])


def _set_apart(column: Column) -> Sequence[bool]:
    """Return for each value whether its record is one of those that another rule reports."""
    apart = column.annotation.arguments.get("apart")
    if apart is None:
        return [False] * len(column.values)
    return [value is apart["value"] for value in _beside(column.owners, apart["property"])]


def _beside(owners: Sequence[Any], name: str) -> Sequence[Any]:
    """Return a property of each owner, None where a decoded object lacks it."""
    return column_of(owners, name) if is_typed(owners) else [owner.get(name) for owner in owners]


def _referred(column: Column, batch: Batch, _: int | None) -> tuple[Sequence[Any], Places]:
    """Return the values of a column that refers to ids or names, without those excepted beside another value."""
    annotation, values, at = column.annotation, column.values, column.at
    is_safe = annotation.type is int and (is_typed(batch.records) or _are_safe(values))
    if not is_safe:
        values = [bounded(comparable(value)) for value in values]
    exceptions = annotation.arguments.get("except", ()) if "beside" in annotation.arguments else ()
    if not any(value in values for value in exceptions):
        return values, at
    records = dict(zip(batch.at, batch.records, strict=True))
    return _columns(
        [
            (value, place)
            for value, place in zip(values, at, strict=True)
            if value not in exceptions
            or not is_excepted(annotation, value, plain(records[annotation.locate(place)[0]]))
        ]
    )


def _are_safe(values: Sequence[Any]) -> bool:
    return bool(values) and -SAFE_ID <= min(values) <= max(values) <= SAFE_ID


def _named(column: Column, _: Batch, owner: int | None) -> tuple[Sequence[Any], Places]:
    """Return the files that a column names: rule code of an odd path, path, declared size."""
    rows = zip(column.values, column.owners, column.at, strict=True)
    return _columns(
        [
            ((code, bounded(text), declared), at)
            for value, holder, at in rows
            if value
            for code, text, declared in named_files(column.annotation, value, plain(holder), owner)
        ]
    )


def _columns(rows: list[tuple[Any, Any]]) -> tuple[Sequence[Any], Places]:
    return [value for value, _ in rows], [at for _, at in rows]


_VALUES: Mapping[str, Any] = {DEFINES: _defined, REFERS: _referred, FILE: _named}
