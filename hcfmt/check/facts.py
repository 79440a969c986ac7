"""Facts of a part of an archive, which an associative merge joins with those of other parts."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from hcfmt.check.export_index import ExportIndex
from hcfmt.check.judgement import Suppressed
from hcfmt.errors import UsageError
from hcfmt.export.layout import extra_directory, layout_of
from hcfmt.export.records import WRAPPERS
from hcfmt.findings import BaselineEntry, Finding

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

OF_FILES = frozenset({NOT_READABLE, NOT_READ_TWICE, OF_ANOTHER_DIALECT, NOT_TO_ITS_END})
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


MOST_ENTRIES = 100_000  # of a baseline, so that memory stays bounded

Accepted = Mapping[BaselineEntry, tuple[int, int]]
"""Number of findings and of the places for which they stand, by entry of a baseline."""


class Tally(Struct, frozen=True):
    """Exact number of findings by code, and the first ``keep`` findings of each code in order.

    ``more_places`` is, by code, the number of places for which findings stand beyond one for each. ``suppressed`` are
    the findings that do not count, by the reason. ``accepted`` are those whose fingerprint is in the baseline, by its
    entries: the number of findings, and that of the places for which they stand.
    """

    keep: int
    totals: Counter[str] = field(default_factory=Counter)
    more_places: Counter[str] = field(default_factory=Counter)
    firsts: Mapping[str, tuple[Finding, ...]] = {}
    suppressed: Mapping[str, "Tally"] = {}
    accepted: Accepted = {}

    @classmethod
    def of(cls, keep: int, found: Iterable[Finding | Suppressed]) -> "Tally":
        """Return the tally of findings."""
        sieve = Sieve(keep)
        for finding in found:
            sieve.add(finding)
        return sieve.tally()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The kept findings in order."""
        return tuple(sorted((found for findings in self.firsts.values() for found in findings), key=_order))

    @property
    def with_suppressed(self) -> "Tally":
        """The tally of all findings, whether they count or not."""
        if not self.suppressed:
            return self
        return sum(self.suppressed.values(), replace(self, suppressed={}))

    def suppressing(self, codes: Sequence[str], why: str) -> "Tally":
        """Return the tally in which no finding of some rules counts, with the reason."""
        totals, more_places, firsts = Counter(self.totals), Counter(self.more_places), dict(self.firsts)
        moved = Tally(
            self.keep,
            Counter({code: totals.pop(code) for code in codes}),
            Counter({code: more_places.pop(code, 0) for code in codes}),
            {code: firsts.pop(code, ()) for code in codes},
        )
        suppressed = _merged(self.suppressed, {why: moved}, 0)
        return replace(self, totals=totals, more_places=more_places, firsts=firsts, suppressed=suppressed)

    def __add__(self, other: "Tally") -> "Tally":
        """Return the tally of both; associative and commutative."""
        return self.followed_by(other, 0)

    def followed_by(self, other: "Tally", shift: int) -> "Tally":
        """Return the tally of both, with the indices of the other's records in their array larger by ``shift``."""
        if not other.totals and not other.suppressed:  # as of most files, and there may be many
            return self
        firsts = dict(self.firsts)
        for code, findings in other.firsts.items():
            firsts[code] = self._joined(firsts.get(code, ()), findings, shift)
        suppressed = _merged(self.suppressed, other.suppressed, shift)
        return Tally(
            self.keep,
            self.totals + other.totals,
            self.more_places + other.more_places,
            firsts,
            suppressed,
            added(self.accepted, other.accepted),
        )

    def _joined(self, first: tuple[Finding, ...], then: tuple[Finding, ...], shift: int) -> tuple[Finding, ...]:
        """Return the first of two sequences of findings; most follow each other, and are not compared one by one."""
        if not first or not then or first[-1].order <= then[0].shifted(shift).order:
            return (*first, *(found.shifted(shift) for found in then[: self.keep - len(first)]))
        return _first(self.keep, [*first, *(found.shifted(shift) for found in then)])


def _merged(some: Mapping[str, Tally], more: Mapping[str, Tally], shift: int) -> Mapping[str, Tally]:
    """Return suppressed findings and more of them, by the reason."""
    if not more:
        return some
    joined = dict(some)
    for why, tally in more.items():
        joined[why] = joined.get(why, Tally(tally.keep)).followed_by(tally, shift)
    return joined


def added(some: Accepted, more: Accepted) -> Accepted:
    """Return the sums of accepted findings; raises UsageError if a baseline cannot hold so many."""
    if not more:
        return some
    sums = dict(some)
    for entry, (findings, places) in more.items():
        earlier = sums.get(entry, (0, 0))
        sums[entry] = earlier[0] + findings, earlier[1] + places
    require_room(sums)
    return sums


def require_room(accepted: Collection[BaselineEntry]) -> None:
    """Raise UsageError if a baseline cannot hold so many entries."""
    if len(accepted) > MOST_ENTRIES:
        raise UsageError(
            f"The baseline would hold more than {MOST_ENTRIES:,} findings. Ignore the most frequent rules, or accept "
            "a number of their findings with tolerate."
        )


class Sieve:
    """Counts findings by code, and holds the first ``keep`` of each code in order, of no more than three times as many.

    ``takes`` saves making a finding that is not among the first; it is for findings of one member.
    """

    def __init__(self, keep: int) -> None:
        """Take the number of findings to keep of each code."""
        self._keep = keep
        self._suppressed: dict[str, Sieve] = {}
        self._accepted: dict[BaselineEntry, tuple[int, int]] = {}
        self._totals: Counter[str] = Counter()
        self._more_places: Counter[str] = Counter()
        self._held: defaultdict[str, list[Finding]] = defaultdict(list)
        self._last: dict[str, int] = {}  # the greatest index among the first of a code, once there are enough

    def takes(self, code: str, index: int | None, why: str = "") -> bool:
        """Return whether a finding in the record with an index may be among the first.

        ``why`` it is suppressed, "" if it is not.
        """
        return index is None or index <= self._of(why)._last.get(code, index)  # noqa: SLF001 - of the same class

    def count(self, code: str, why: str = "") -> None:
        """Count a finding that is not among the first."""
        self._of(why)._totals[code] += 1  # noqa: SLF001 - of the same class

    def _of(self, why: str) -> "Sieve":
        return self._suppressed.setdefault(why, Sieve(self._keep)) if why else self

    def add(self, found: Finding | Suppressed) -> None:
        """Count a finding, and hold it if it is among the first."""
        if isinstance(found, Finding):
            self._totals[found.code] += 1
            if found.places > 1:
                self._more_places[found.code] += found.places - 1
            self._hold(found)
            return
        self._of(found.why).add(found.finding)
        if found.entry:
            findings, places = self._accepted.get(found.entry, (0, 0))
            self._accepted[found.entry] = findings + 1, places + found.finding.places
            require_room(self._accepted)

    def _hold(self, finding: Finding) -> None:
        held = self._held[finding.code]
        held.append(finding)
        if len(held) == self._keep or len(held) > 3 * self._keep:
            held[:] = _first(self._keep, held)
            if held and held[0].location.member == held[-1].location.member:
                index = held[-1].location.index
                self._last[finding.code] = -1 if index is None else index

    def tally(self) -> Tally:
        """Return the number of findings and the first of each code."""
        firsts = {code: _first(self._keep, held) for code, held in self._held.items()}
        suppressed = {why: sieve.tally() for why, sieve in self._suppressed.items()}
        return Tally(self._keep, self._totals, self._more_places, firsts, suppressed, self._accepted)


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
