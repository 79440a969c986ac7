"""Index of the values that records define, refer to and name: how often each occurs, and its first places."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any

from msgspec import Struct

from hcfmt.export.annotations import DEFINES, FILE, REFERS, Annotation, Column, Places
from hcfmt.export.columns import is_typed, plain
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


class References(Struct):
    """References of one property in one member that is being read: their number and their first record, by id.

    A record has at most one of them. There are as many of these as people in a history, for each slice.
    """

    path: tuple[str, ...]
    counts: dict[Identifier, int]
    first: dict[Identifier, int]

    def merge(self, other: "References", shift: int) -> None:
        """Add the references of records whose indices are larger by ``shift``, and then larger than all here."""
        counts, first = self.counts, self.first
        for value, count in other.counts.items():
            counts[value] = counts.get(value, 0) + count
        for value in other.first.keys() - first.keys() if shift else other.first:
            index = other.first[value] + shift
            first[value] = min(first.get(value, index), index)


class ValueIndex(Struct):
    """Occurrences of every value, by the label of its annotation; merges in any order.

    It grows with people, rooms and files, never with messages: another occurrence of a value only adds to a count. A
    name of something that also has an id is indexed together with the id: ``(mention name, user id)``. ``open`` holds
    references in members that are being read, by member and label; ``close`` moves them to the others. ``weight`` is
    the memory that all values take, as a number of ordinary values.
    """

    by_label: dict[str, dict[Hashable, Occurrences]] = {}
    open: dict[tuple[str, str], References] = {}
    weight: int = 0

    def merge(self, other: "ValueIndex", shift: int = 0) -> None:
        """Add the index of other records, whose indices in the list are larger by ``shift`` than it holds."""
        for label, values in other.by_label.items():
            self.add(label, _shifted(values, shift) if shift else values)
        for key, references in other.open.items():
            self._add_open(key, references, shift)

    def close(self, member: str) -> None:
        """Make ordinary occurrences of the references in a member that was read."""
        for key in [key for key in self.open if key[0] == member]:
            references = self.open.pop(key)
            self.weight -= len(references.counts)
            path, first = references.path, references.first
            self.add(
                key[1], {value: (count, ((member, first[value], path),)) for value, count in references.counts.items()}
            )

    def add_column(self, column: Column, batch: Batch, member: str, owner: int | None) -> None:
        """Add the values of a column of a batch; ``owner`` is the id of the room or user in the member's path."""
        annotation = column.annotation
        values, at = _VALUES[annotation.keyword](column, batch, owner)
        counts = Counter(values)
        if "beside" not in annotation.arguments:
            for exception in annotation.arguments.get("except", ()):
                counts.pop(exception, None)
        first = dict(zip(reversed(values), reversed(at), strict=True))
        if annotation.keyword == REFERS and annotation.type is int and None not in annotation.path:
            self._add_open((member, annotation.label), References(annotation.path, counts, first), 0)  # type: ignore[arg-type]  # mypy does not follow the test
            return
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

    def add(self, label: str, added: Mapping[Hashable, Occurrences]) -> None:
        """Add occurrences of values; of each the places of the first two are kept, of a reference that of the first."""
        values = self.by_label.setdefault(label, {})
        new = added.keys() - values.keys()
        self.weight += len(new) if set(map(type, new)) <= {int} else sum(map(memory_weight, new))
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

    def _add_open(self, key: tuple[str, str], references: References, shift: int) -> None:
        known = self.open.get(key)
        if known is None and not shift:
            self.open[key] = references
            self.weight += len(references.counts)
            return
        known = self.open.setdefault(key, References(references.path, {}, {}))
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
    """Return the ids of a column; of a column of names, each with the id of its record."""
    if "within" in column.annotation.arguments:
        return (), ()
    thing, id_name = column.annotation.arguments["thing"], id_property(column.annotation.label)
    rows = zip(column.values, column.owners, column.at, strict=True)
    names = [(bounded(identifier(value, thing)), owner, at) for value, owner, at in rows if value not in (None, "")]
    if id_name is None:
        return _columns([(value, at) for value, _, at in names])
    return _columns([((comparable(owner[id_name]), value), at) for value, owner, at in names])


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
