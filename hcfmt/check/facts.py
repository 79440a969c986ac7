"""What is known of a piece of an archive, and how two pieces become one: the only way facts meet."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from hcfmt.check.export_index import ExportIndex
from hcfmt.export.layout import extra_directory, layout_of
from hcfmt.export.records import WRAPPERS
from hcfmt.findings import path_order, pointer

# What no rule, or not every rule, could look at; the ledger says how many.
NOT_READABLE = "data files that are links or have unsafe names"
NOT_READ_TWICE = "data files that came a second time"
NOT_TO_ITS_END = "data files that were not read to their end"
UNDECODED = "records that are not UTF-8"
UNSOUND = "records whose text is unsound"
MISSHAPEN = "records that contradict their schema"
MISREAD = "records with JSON inside a string that could not be read"

RECORDS = frozenset({"record", "reference", *(kind for kinds in WRAPPERS.values() for kind in kinds)})
TEXTS = RECORDS | {"text"}
MISSED_BY = {
    NOT_READABLE: TEXTS,
    NOT_READ_TWICE: TEXTS,
    NOT_TO_ITS_END: TEXTS,
    UNDECODED: TEXTS,
    UNSOUND: RECORDS,
    MISSHAPEN: RECORDS,
    MISREAD: frozenset(),
}
"""The subjects of the rules that each of these concerns; the last one concerns those that look inside strings."""


@dataclass(frozen=True, slots=True)
class Found:
    """A flaw with its place in the archive and its final words, before its rule's name and severity are added.

    ``index`` is the record's index in the member's array, None for a member that is no list; ``path`` goes on inside
    the record. ``member`` is "" for what concerns the whole archive. ``values`` are those of the sentence, redacted.
    """

    code: str
    message: str
    member: str = ""
    index: int | None = None
    path: tuple[str | int, ...] | None = None
    line: int | None = None
    byte: int | None = None
    subcode: str | None = None
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def pointer(self) -> str | None:
        """The JSON Pointer in the member, None where the finding concerns no place in a document."""
        if self.path is None:
            return None
        return pointer(self.path if self.index is None else (self.index, *self.path))

    def shifted(self, by: int) -> "Found":
        """Return the same in a record that stands ``by`` places further on."""
        return self if self.index is None else replace(self, index=self.index + by)

    @property
    def order(self) -> tuple[object, ...]:
        """By member, place, code; what remains makes the order of any two different findings definite."""
        index = -1 if self.index is None else self.index
        rest = (self.code, self.subcode or "", self.byte or 0, self.line or 0, self.message)
        return self.member, index, path_order(self.path or ()), *rest


@dataclass(frozen=True, slots=True)
class Tally:
    """Findings counted exactly, by code; of each code the first ``keep`` in order are kept."""

    keep: int
    totals: Counter[str] = field(default_factory=Counter)
    firsts: Mapping[str, tuple[Found, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, keep: int, found: Iterable[Found]) -> "Tally":
        """Count findings as they come; no more of them are held at a time than a few times ``keep`` of each code."""
        totals: Counter[str] = Counter()
        firsts: dict[str, list[Found]] = {}
        for one in found:
            totals[one.code] += 1
            held = firsts.setdefault(one.code, [])
            held.append(one)
            if len(held) > 3 * keep:
                held[:] = _first(keep, held)
        return cls(keep, totals, {code: _first(keep, held) for code, held in firsts.items()})

    @property
    def kept(self) -> tuple[Found, ...]:
        """The findings that are kept, in order."""
        return tuple(sorted((one for held in self.firsts.values() for one in held), key=lambda one: one.order))

    def __add__(self, other: "Tally") -> "Tally":
        """Count two tallies together; in any order and any grouping the result is the same."""
        firsts = {**other.firsts, **self.firsts}
        for code in self.firsts.keys() & other.firsts.keys():
            firsts[code] = _first(self.keep, [*self.firsts[code], *other.firsts[code]])
        return Tally(self.keep, self.totals + other.totals, firsts)

    def shifted(self, by: int) -> "Tally":
        """Return the tally of records that stand ``by`` places further on in their array."""
        return replace(
            self, firsts={code: tuple(one.shifted(by) for one in held) for code, held in self.firsts.items()}
        )


def _first(keep: int, found: Iterable[Found]) -> tuple[Found, ...]:
    return tuple(sorted(found, key=lambda one: one.order)[:keep])


@dataclass(slots=True)
class Facts:
    """What is known of some consecutive records of one member, or of several members.

    ``records`` counts the array's elements, ``kinds`` records by wrapper key, ``examined`` what rules looked at, by
    what it is or by the rule's code, ``unread`` what they could not look at, by reason and schema. ``stopped``: the
    member is not to be read on. ``known`` is what the records tell about the whole.
    """

    tally: Tally
    records: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    examined: Counter[str] = field(default_factory=Counter)
    unread: Counter[tuple[str, str]] = field(default_factory=Counter)
    stopped: bool = False
    known: ExportIndex = field(default_factory=ExportIndex)

    def append(self, other: "Facts") -> None:
        """Add the facts of the records that follow in the same array; associative."""
        self._add(other, self.records)

    def merge(self, other: "Facts") -> None:
        """Add the facts of other members; associative and commutative."""
        self._add(other, 0)

    def miss(self, what: str, member: str) -> None:
        """Add one more thing of a data file that could not be looked at."""
        place = layout_of(member.removeprefix(extra_directory(member)))
        self.unread[what, (place and place.schema) or ""] += 1
        self.known.broken[member] += 1
        self.known.lost[member] += 1

    def _add(self, other: "Facts", shift: int) -> None:
        self.tally += other.tally.shifted(shift) if shift else other.tally
        self.known.absorb(other.known, shift)
        self.records += other.records
        self.kinds += other.kinds
        self.examined += other.examined
        self.unread += other.unread
        self.stopped = self.stopped or other.stopped
