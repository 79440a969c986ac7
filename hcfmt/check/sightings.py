"""What records define, refer to and name: every value counted, with its first places; merged in any order."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from hcfmt.export.annotations import DEFINES, FILE, REFERS, Column, Places
from hcfmt.export.records import Batch
from hcfmt.export.references import identifier, is_excepted, named

_LONGEST = 1000  # characters; of a longer text a digest is kept

Place = tuple[str, int, tuple[str | int, ...]]
"""Where a value stands: the member, its record's place in its list, the path from the record."""

Seen = tuple[int, tuple[Place, ...]]
"""How often a value was seen, and the first places where, two at most."""


def kept(value: Any) -> Any:  # noqa: ANN401 - a text or anything else
    """Return what to remember a value by: of a long text a digest, so that memory has bounds."""
    if not isinstance(value, str) or len(value) <= _LONGEST:
        return value
    return f"{len(value)} characters {blake2b(value.encode('utf-8', 'surrogatepass'), digest_size=16).hexdigest()}"


@dataclass(slots=True)
class Sightings:
    """Values by the label of their annotation.

    Grows with people, rooms and files: a value that comes again only adds to its count.
    """

    seen: dict[tuple[str, Hashable], Seen] = field(default_factory=dict)

    def __len__(self) -> int:
        """Count the different values."""
        return len(self.seen)

    def note(self, label: str, value: Hashable, count: int, places: tuple[Place, ...]) -> None:
        """Add a value that was seen ``count`` times; ``places`` are its first, in order."""
        known = self.seen.get((label, value))
        both = (count, places) if known is None else (known[0] + count, tuple(sorted((*known[1], *places))[:2]))
        self.seen[label, value] = both

    def absorb(self, other: "Sightings", shift: int = 0) -> None:
        """Add what was seen in records that stand ``shift`` places further on."""
        for (label, value), (count, places) in other.seen.items():
            moved = tuple((member, index + shift, path) for member, index, path in places)
            self.note(label, value, count, moved if shift else places)

    def by_label(self) -> Mapping[str, dict[Any, Seen]]:
        """Return the values of each annotation."""
        sorted_out: dict[str, dict[Any, Seen]] = {}
        for (label, value), seen in self.seen.items():
            sorted_out.setdefault(label, {})[value] = seen
        return sorted_out

    def look_at(self, column: Column, batch: Batch, member: str, room: int | None) -> None:
        """Add what the values of a column define, refer to or name; ``room`` is the id in the member's own path."""
        values, at = _VALUES[column.mark.keyword](column, batch, room)
        firsts = dict(zip(reversed(values), reversed(at), strict=True))
        for value, count in Counter(values).items():
            places = [firsts[value]]
            if count > 1 and column.mark.keyword == DEFINES:
                places = [place for one, place in zip(values, at, strict=True) if one == value][:2]
            self.note(column.mark.label, value, count, tuple((member, *column.mark.place(place)) for place in places))


def _defined(column: Column, _: Batch, __: int | None) -> tuple[Sequence[Any], Places]:
    if "within" in column.mark.says:
        return (), ()
    thing = column.mark.says["thing"]
    rows = zip(column.values, column.at, strict=True)
    return _apart([(kept(identifier(value, thing)), at) for value, at in rows if value is not None and value != ""])


def _referred(column: Column, batch: Batch, _: int | None) -> tuple[Sequence[Any], Places]:
    values, at = column.values, column.at
    if not any(value in values for value in column.mark.says.get("except", ())):
        return (values, at) if column.mark.type is int else ([kept(value) for value in values], at)
    records = dict(zip(batch.at, batch.records, strict=True))
    rows = [(kept(value), place) for value, place in zip(values, at, strict=True)]
    return _apart([row for row in rows if not is_excepted(column.mark, row[0], records[column.mark.place(row[1])[0]])])


def _named(column: Column, _: Batch, room: int | None) -> tuple[Sequence[Any], Places]:
    rows = zip(column.values, column.owners, column.at, strict=True)
    return _apart(
        [
            ((code, kept(text), declared), at)
            for value, owner, at in rows
            if value
            for code, text, declared in named(column.mark, value, owner, room)
        ]
    )


def _apart(rows: list[tuple[Any, Any]]) -> tuple[Sequence[Any], Places]:
    return [value for value, _ in rows], [at for _, at in rows]


_VALUES = {DEFINES: _defined, REFERS: _referred, FILE: _named}
