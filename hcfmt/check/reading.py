"""One pass over an archive: members to headers and slices, slices to facts."""

from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field, replace

from hcfmt.check.facts import Facts, Found, Tally
from hcfmt.check.pieces import check_slice
from hcfmt.check.rules import RULES_OF, judged
from hcfmt.check.rules.tool import budget_exceeded, rule_failed
from hcfmt.check.subjects import Entry, Header, Layout
from hcfmt.check.terms import Terms
from hcfmt.container import Archive, Budget, Member, MemberKind
from hcfmt.errors import Fault, HcfmtError, Trouble
from hcfmt.export.layout import Place, place_of, prefix_of
from hcfmt.export.slices import Slice, Slicer
from hcfmt.findings import Flaw

NOT_TO_ITS_END = "data files that were not read to their end"
IN_FLIGHT = 4  # slices handed to an executor and not yet answered, so that memory stays bounded
MOST_PREFIXES = 8  # an export stands below one prefix; a few more are tried before data below others goes unread

_Pending = tuple[Slice, Future[tuple[Facts, int | None]] | None]

Progress = Callable[[str], None]
"""Called with the path of each member, as reports show it, when its reading begins."""


def _silent(_: str) -> None:
    """Show no progress."""


@dataclass(slots=True)
class Reading:
    """What one pass collects; ``run`` it once.

    Data files are read wherever they stand, and kept apart by what stands before the documented tree, because only
    the end tells which of them is the export. Without an executor slices are checked in this process.
    """

    archive: Archive
    budget: Budget
    terms: Terms
    executor: Executor | None = None
    progress: Progress = _silent
    members: dict[str, Entry] = field(default_factory=dict)
    dotted: bool = False
    total: int = 0
    fault: Trouble | None = None
    last_whole: str | None = None
    _facts: dict[str, Facts] = field(default_factory=dict)
    _found: list[Found] = field(default_factory=list)
    _bytes_of_names: int = 0

    def run(self) -> None:
        """Read every member to its end."""
        try:
            for member in self.archive.members():
                self._member(member)
                if self.archive.fault is None:
                    self.last_whole = member.path
        except Fault as fault:
            self.fault = fault.trouble
        self.fault = self.archive.fault or self.fault

    def facts(self) -> Facts:
        """Return what is known of the export's members, wherever the export stands, and of all headers."""
        facts = self._facts.get(self._extra(), Facts(Tally(self.terms.keep)))
        return facts.beside(Facts(Tally.of(self.terms.keep, self._found), examined=Counter(member=self.total)))

    def layout(self) -> Layout:
        """Return the members without what stands before the documented tree."""
        extra = self._extra()
        members = {path.removeprefix(extra): entry for path, entry in self.members.items()}
        places = {path: place_of(path) for path, entry in members.items() if entry.readable}
        return Layout(members, places, ("./" if self.dotted else "") + extra, self.total, whole=self.fault is None)

    def _extra(self) -> str:
        """Return the extra directory below which the export stands, "" for none: the root has precedence."""
        return min(self._facts, default="")

    def _member(self, member: Member) -> None:
        self.total += 1
        header = Header(member.path, member.kind, member.decodable)
        flaws = list(judged(RULES_OF["member"], header))
        self._found += [self.terms.found(code, flaw) for code, flaw in flaws]
        dot = "./" if member.path.startswith("./") else ""
        self.dotted = self.dotted or (bool(dot) and member.path != "./")
        path = member.path.removeprefix(dot)
        readable = member.kind is MemberKind.FILE and all(code == rule_failed.code for code, _ in flaws)
        if not self._is_first(path, member.size, readable=readable):
            return
        extra = prefix_of(path)
        place = place_of(path.removeprefix(extra))
        if place is None or place.schema is None or (extra not in self._facts and len(self._facts) == MOST_PREFIXES):
            return
        self.progress(self.terms.path(path))
        facts = self._data_file(path.removeprefix(extra), place, member)
        before = self._facts.get(extra, Facts(Tally(self.terms.keep)))
        self._facts[extra] = before.beside(facts)

    def _is_first(self, path: str, size: int, *, readable: bool) -> bool:
        """Note a member's path; return whether it is the first readable file of that path."""
        known = self.members.get(path)
        if known is None:
            self._bytes_of_names += len(path)
            if self._bytes_of_names > self.budget.names:
                raise self.budget.exceeded("names", "characters in all member names together")
        if known is None or (readable and not known.readable):
            self.members[path] = Entry(size, readable, int(readable))
            return readable
        if readable:
            self.members[path] = replace(known, count=known.count + 1)
        return False

    def _data_file(self, path: str, place: Place, member: Member) -> Facts:
        """Check one data file; a failure of hcfmt's own is noted, and the file counts as not read."""
        facts = Facts(Tally(self.terms.keep), examined=Counter({"data file": 1, place.kind.value: 1}))
        try:
            return self._sliced(Slicer(path, place, member.chunks, self.budget), facts, path)
        except HcfmtError:
            raise
        except Exception as error:  # noqa: BLE001 - it becomes a finding, never a verdict
            flaw = Flaw(f"Reading this member raised {type(error).__name__}.")
            self._found.append(self.terms.found(rule_failed.code, flaw, path))
        return facts.missing(NOT_TO_ITS_END)

    def _sliced(self, slicer: Slicer, facts: Facts, path: str) -> Facts:
        """Check slice by slice, in order; what was cut before a fault is still judged."""
        pending: deque[_Pending] = deque()
        fault: Fault | None = None
        while not facts.stopped:
            try:
                if not fault:
                    self._hand_out(slicer, pending)
            except Fault as error:
                fault = error
            if not pending:
                break
            piece, future = pending.popleft()
            new, rest = future.result() if future else check_slice(piece, self.terms)
            facts = facts.followed_by(new)
            if rest is not None:
                slicer.give_back(piece, rest, [later for later, _ in pending])
                pending.clear()
        if fault:
            self._fault(fault, path)
        return facts.missing(NOT_TO_ITS_END) if fault or facts.stopped else facts

    def _hand_out(self, slicer: Slicer, pending: deque[_Pending]) -> None:
        """Have as many slices under way as may be."""
        while len(pending) < (IN_FLIGHT if self.executor else 1) and (piece := slicer.next_slice()):
            future = self.executor.submit(check_slice, piece, self.terms) if self.executor else None
            pending.append((piece, future))

    def _fault(self, fault: Fault, path: str) -> None:
        """Note a fault of one member; one of the whole archive is the archive's to tell."""
        if self.archive.fault is None:
            flaw = Flaw(fault.trouble.message, byte=fault.trouble.byte)
            self._found.append(self.terms.found(budget_exceeded.code, flaw, path))
