"""Facts of a part of an archive, which an associative merge joins with those of other parts."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct, field

from hcfmt.check.export_index import ExportIndex
from hcfmt.export.layout import extra_directory, layout_of
from hcfmt.export.records import WRAPPERS
from hcfmt.findings import Finding

if TYPE_CHECKING:
    from hcfmt.profiles.conditions_met import ConditionsMet

# Objects that some rules did not examine; the ledger says how many.
NOT_READABLE = "data files that are links or have unsafe names"
NOT_READ_TWICE = "repeated data files"
OF_ANOTHER_DIALECT = "data files of a dialect that is not checked"
NOT_TO_ITS_END = "data files that were not read to their end"
UNDECODED = "records that are not UTF-8"
UNSOUND = "records with defective text"
MISSHAPEN = "records that contradict their schema"
MISREAD = "records with JSON inside a string that could not be read"

RECORDS = frozenset({"record", "reference", *(kind for kinds in WRAPPERS.values() for kind in kinds)})
TEXTS = RECORDS | {"text"}
SKIPPED_BY = {
    NOT_READABLE: TEXTS,
    NOT_READ_TWICE: TEXTS,
    OF_ANOTHER_DIALECT: TEXTS,
    NOT_TO_ITS_END: TEXTS,
    UNDECODED: TEXTS,
    UNSOUND: RECORDS,
    MISSHAPEN: RECORDS,
    MISREAD: frozenset(),
}
"""The subjects of the rules that did not examine each of these; the last one concerns rules of JSON inside strings."""


class Tally(Struct, frozen=True):
    """Exact number of findings by code, and the first ``keep`` findings of each code in order."""

    keep: int
    totals: Counter[str] = field(default_factory=Counter)
    firsts: Mapping[str, tuple[Finding, ...]] = {}

    @classmethod
    def of(cls, keep: int, found: Iterable[Finding]) -> "Tally":
        """Return the tally of findings."""
        sieve = Sieve(keep)
        for finding in found:
            sieve.add(finding)
        return sieve.tally()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The kept findings in order."""
        return tuple(sorted((found for findings in self.firsts.values() for found in findings), key=_order))

    def __add__(self, other: "Tally") -> "Tally":
        """Return the tally of both; associative and commutative."""
        return self.followed_by(other, 0)

    def followed_by(self, other: "Tally", shift: int) -> "Tally":
        """Return the tally of both, with the indices of the other's records in their array larger by ``shift``."""
        if not other.totals:  # as of most files, and there may be many
            return self
        firsts = dict(self.firsts)
        for code, findings in other.firsts.items():
            firsts[code] = self._joined(firsts.get(code, ()), findings, shift)
        return Tally(self.keep, self.totals + other.totals, firsts)

    def _joined(self, first: tuple[Finding, ...], then: tuple[Finding, ...], shift: int) -> tuple[Finding, ...]:
        """Return the first of two sequences of findings; most follow each other, and are not compared one by one."""
        if not first or not then or first[-1].order <= then[0].shifted(shift).order:
            return (*first, *(found.shifted(shift) for found in then[: self.keep - len(first)]))
        return _first(self.keep, [*first, *(found.shifted(shift) for found in then)])


class Sieve:
    """Counts findings by code, and holds the first ``keep`` of each code in order, of no more than three times as many.

    ``counts`` saves making a finding that is not among the first; it is for findings of one member.
    """

    def __init__(self, keep: int) -> None:
        """Take the number of findings to keep of each code."""
        self._keep = keep
        self._totals: Counter[str] = Counter()
        self._held: defaultdict[str, list[Finding]] = defaultdict(list)
        self._last: dict[str, int] = {}  # the greatest index among the first of a code, once there are enough

    def counts(self, code: str, index: int | None) -> bool:
        """Count a finding in the record with an index; return whether it may be among the first, to be held."""
        self._totals[code] += 1
        return index is None or index <= self._last.get(code, index)

    def hold(self, finding: Finding) -> None:
        """Hold a finding that was counted."""
        held = self._held[finding.code]
        held.append(finding)
        if len(held) == self._keep or len(held) > 3 * self._keep:
            held[:] = _first(self._keep, held)
            if held and held[0].location.member == held[-1].location.member:
                index = held[-1].location.index
                self._last[finding.code] = -1 if index is None else index

    def add(self, finding: Finding) -> None:
        """Count and hold a finding of any member."""
        self._totals[finding.code] += 1
        self.hold(finding)

    def tally(self) -> Tally:
        """Return the number of findings and the first of each code."""
        return Tally(self._keep, self._totals, {code: _first(self._keep, held) for code, held in self._held.items()})


def _first(keep: int, found: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(found, key=_order)[:keep])


def _order(found: Finding) -> tuple[object, ...]:
    return found.order


class Facts(Struct):
    """Facts of consecutive records of one member, or of several members.

    ``records`` counts the elements of the array, ``kinds`` records by wrapper key, ``examined`` the objects that rules
    examined, by kind of object or by the rule's code, ``unexamined`` the objects that they could not examine, by reason
    and schema. ``stopped``: the rest of the member is not to be read. ``index`` holds the records' values for the
    checks of the whole export. ``conditions`` are those of importers' profiles, None unless profiles were asked for.
    """

    tally: Tally
    records: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    examined: Counter[str] = field(default_factory=Counter)
    unexamined: Counter[tuple[str, str]] = field(default_factory=Counter)
    stopped: bool = False
    index: ExportIndex = field(default_factory=ExportIndex)
    conditions: "ConditionsMet | None" = None

    def append(self, other: "Facts") -> None:
        """Add the facts of the next records of the same array; associative."""
        self._add(other, self.records)

    def merge(self, other: "Facts") -> None:
        """Add the facts of other members; associative and commutative."""
        self._add(other, 0)

    def skip(self, reason: str, member: str) -> None:
        """Count a data file that could not be examined, for one of the reasons above."""
        row = layout_of(member.removeprefix(extra_directory(member)))
        self.unexamined[reason, (row and row.schema) or ""] += 1
        self.index.broken[member] += 1
        self.index.lost[member] += 1

    def _add(self, other: "Facts", shift: int) -> None:
        self.tally = self.tally.followed_by(other.tally, shift)
        self.index.merge(other.index, shift)
        if other.conditions and self.conditions:
            self.conditions.merge(other.conditions, shift)
        elif other.conditions:
            self.conditions = other.conditions.shifted(shift)
        self.records += other.records
        self.examined.update(other.examined)
        if other.kinds:
            self.kinds.update(other.kinds)
        if other.unexamined:
            self.unexamined.update(other.unexamined)
        self.stopped = self.stopped or other.stopped
