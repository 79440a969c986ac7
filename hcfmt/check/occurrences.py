"""What records define, refer to and name: every value counted, with its first places; merged in any order."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from hcfmt.export.annotations import DEFINES, FILE, REFERS, Column, Places
from hcfmt.export.records import Batch
from hcfmt.export.references import SAFE_ID, comparable, id_property, identifier, is_excepted, named_files

_LONGEST = 5_000  # characters, more than a path may have; of a longer text a digest is kept
_HEAVY = 250  # characters; a text that is longer weighs as much as several

Place = tuple[str, int, tuple[str | int, ...]]
"""Where a value stands: the member, its record's place in its list, the path from the record."""

Occurrences = tuple[int, tuple[Place, ...]]
"""How often a value was seen, and the first places where, two at most."""


def kept(value: Any) -> Any:  # noqa: ANN401 - a text or anything else
    """Return what to remember a value by: of a very long text a digest, so that memory has bounds."""
    if not isinstance(value, str) or len(value) <= _LONGEST:
        return value
    return f"{len(value)} characters {blake2b(value.encode('utf-8', 'surrogatepass'), digest_size=16).hexdigest()}"


def weight(value: Any) -> int:  # noqa: ANN401 - an identifier, or what ``named`` yields
    """Return how many ordinary values take as much memory."""
    text = value[1] if isinstance(value, tuple) else value
    return 1 + len(text) // _HEAVY if isinstance(text, str) else 1


@dataclass(slots=True)
class ValueIndex:
    """Values by the label of their annotation; ``weight`` is how much memory they take, in ordinary values.

    Grows with people, rooms and files: a value that comes again only adds to its count. What identifies a thing besides
    its id is kept together with that id: ``(mention name, user id)``.
    """

    seen: dict[str, dict[Hashable, Occurrences]] = field(default_factory=dict)
    weight: int = 0

    def note(self, label: str, value: Hashable, count: int, places: tuple[Place, ...]) -> None:
        """Add a value that was seen ``count`` times; ``places`` are its first, in order."""
        values = self.seen.setdefault(label, {})
        known = values.get(value)
        if known is None:
            values[value] = count, places
            self.weight += weight(value)
        else:
            values[value] = known[0] + count, tuple(sorted((*known[1], *places))[:2])

    def absorb(self, other: "ValueIndex", shift: int = 0) -> None:
        """Add what was seen in records that stand ``shift`` places further on."""
        for label, values in other.seen.items():
            for value, (count, places) in values.items():
                moved = tuple((member, index + shift, path) for member, index, path in places) if shift else places
                self.note(label, value, count, moved)

    def look_at(self, column: Column, batch: Batch, member: str, room: int | None) -> None:
        """Add what the values of a column define, refer to or name; ``room`` is the id in the member's own path."""
        values, at = _VALUES[column.annotation.keyword](column, batch, room)
        mark, counts = column.annotation, Counter(values)
        places = {value: [place] for value, place in zip(reversed(values), reversed(at), strict=True)}
        if mark.keyword == DEFINES and len(counts) < len(values):
            places = {}
            for value, place in zip(values, at, strict=True):
                places.setdefault(value, []).append(place)
        for value, count in counts.items():
            self.note(mark.label, value, count, tuple((member, *mark.locate(place)) for place in places[value][:2]))


def _defined(column: Column, _: Batch, __: int | None) -> tuple[Sequence[Any], Places]:
    if "within" in column.annotation.arguments:
        return (), ()
    thing, first = column.annotation.arguments["thing"], id_property(column.annotation.label)
    rows = zip(column.values, column.owners, column.at, strict=True)
    known = [(kept(identifier(value, thing)), owner, at) for value, owner, at in rows if value not in (None, "")]
    if first is None:
        return _apart([(value, at) for value, _, at in known])
    return _apart([((comparable(owner[first]), value), at) for value, owner, at in known])


def _referred(column: Column, batch: Batch, _: int | None) -> tuple[Sequence[Any], Places]:
    values, at = column.values, column.at
    excepted = any(value in values for value in column.annotation.arguments.get("except", ()))
    if not excepted and column.annotation.type is int and values and -SAFE_ID <= min(values) <= max(values) <= SAFE_ID:
        return values, at
    records = dict(zip(batch.at, batch.records, strict=True))
    rows = [(kept(comparable(value)), place) for value, place in zip(values, at, strict=True)]
    return _apart(
        [
            row
            for row in rows
            if not is_excepted(column.annotation, row[0], records[column.annotation.locate(row[1])[0]])
        ]
    )


def _named(column: Column, _: Batch, room: int | None) -> tuple[Sequence[Any], Places]:
    rows = zip(column.values, column.owners, column.at, strict=True)
    return _apart(
        [
            ((code, kept(text), declared), at)
            for value, owner, at in rows
            if value
            for code, text, declared in named_files(column.annotation, value, owner, room)
        ]
    )


def _apart(rows: list[tuple[Any, Any]]) -> tuple[Sequence[Any], Places]:
    return [value for value, _ in rows], [at for _, at in rows]


_VALUES: Mapping[str, Any] = {DEFINES: _defined, REFERS: _referred, FILE: _named}
