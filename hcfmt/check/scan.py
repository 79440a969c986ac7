"""One pass over an archive: members to headers and slices, slices to facts."""

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hcfmt.check.catalogue import BUDGET_EXCEEDED, RULE_FAILED, rules_of
from hcfmt.check.context import CheckContext
from hcfmt.check.facts import NOT_READ_TWICE, NOT_READABLE, NOT_TO_ITS_END, Facts, Tally
from hcfmt.check.layout_view import Entry, Header, Layout
from hcfmt.check.rules import run_rules
from hcfmt.check.slice_check import check_slice
from hcfmt.container import Archive, Budget, Member, MemberKind
from hcfmt.container.budget import OUT_OF_MEMORY
from hcfmt.errors import Defect, Fault, HcfmtError
from hcfmt.export import file_signatures
from hcfmt.export.file_signatures import HEAD, IMAGE_HEAD
from hcfmt.export.layout import REQUIRED, Kind, MemberLayout, canonical, extra_directory, layout_of
from hcfmt.export.slices import Slice, Slicer
from hcfmt.findings import Flaw

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

IN_FLIGHT, IN_FLIGHT_BYTES = 8, 2 << 20  # slices handed to an executor and not yet answered; memory stays bounded
_GARBLING = frozenset({"gzip-corrupt", "tar-corrupt"})  # faults before which nonsense may pass for content
MOST_EXTRAS = 8  # an export stands below one extra directory, if any; a few are tried, the root always

_READ_NEVERTHELESS = frozenset({RULE_FAILED, "HC014", "HC117"})
"""The rules of headers whose findings do not keep a member from being read."""

_Pending = tuple[Slice, "Future[tuple[Facts, int | None]] | None"]


def _same_id(count: int, second: int) -> Flaw:
    return Flaw(
        "{count:,} messages of this history have the same id; this is the second.",
        {"count": count},
        path=(),
        index=second,
    )


def _width(text: str) -> int:
    """Return how many bytes of memory each character of a text takes."""
    if text.isascii():
        return 1
    widest = max(text)
    return 1 if widest <= "\xff" else 2 if widest <= "\uffff" else 4


Progress = Callable[[str], None]
"""Called with the path of each member, as reports show it, when its reading begins."""


def _silent(_: str) -> None:
    """Show no progress."""


@dataclass(slots=True)
class Scan:
    """What one pass collects; ``run`` it once.

    Data files are read wherever they stand, and kept apart by the extra directory before the documented tree, because
    only the end tells which of them is the export. Without an executor slices are checked in this process.
    """

    archive: Archive
    budget: Budget
    terms: CheckContext
    executor: "Executor | None" = None
    progress: Progress = _silent
    fault: Defect | None = None
    last_whole: str | None = None
    _total: int = 0
    _dotted: int = 0
    _names: int = 0
    _members: dict[str, Entry] = field(default_factory=dict)
    _directories: set[str] = field(default_factory=set)
    _extras: dict[str, Facts] = field(default_factory=dict)
    _headers: Facts = field(init=False)
    _current: str | None = None
    _last: tuple[str, str, Facts] | None = None

    def __post_init__(self) -> None:
        """Begin with no facts."""
        self._headers = Facts(Tally(self.terms.keep))

    def run(self) -> None:
        """Read every member to its end."""
        try:
            for member in self.archive.members():
                # Only when the next member comes was the one before read to its end.
                self.last_whole, self._current = self._current, member.path
                self._settle()
                self._member(member)
        except Fault as fault:
            self.fault = fault.defect
        except MemoryError:
            self.fault = Defect("budget-exceeded", OUT_OF_MEMORY)
        self.fault = self.archive.fault or self.fault
        self._settle(trusted=self.fault is None or self.fault.kind not in _GARBLING)
        unclear = len(self._extras) > MOST_EXTRAS or (len(self._extras) > 1 and len(self._whole_exports()) != 1)
        if self.fault is None and "" not in self._extras and unclear:
            sentence = (
                "Several directories hold what could be the export; which one is cannot be told. Check it by itself."
            )
            self.fault = Defect("budget-exceeded", sentence)

    def facts(self) -> Facts:
        """Return what is known of the export's members, wherever the export stands, and of all headers; once."""
        facts = self._extras.get(self._extra(), Facts(Tally(self.terms.keep)))
        facts.merge(self._headers)
        facts.examined["member"] += self._total
        return facts

    def layout(self) -> Layout:
        """Return the members and their places in the export's tree."""
        extra = self._extra()
        # The member that a fault ended in is not one that is there whole.
        cut = canonical(self._current) if self.fault and self._current else None
        places = {
            path: layout_of(path.removeprefix(extra)) if path.startswith(extra) else None
            for path, entry in self._members.items()
            if entry.readable and path != cut
        }
        return Layout(
            self._members,
            extra,
            places,
            self._dotted,
            self._total,
            whole=self.fault is None,
            directories=self._directories - {""},
        )

    def _extra(self) -> str:
        """Return the extra directory below which the export stands, "" for none: the root has precedence."""
        return "" if "" in self._extras else min(self._whole_exports() or self._extras, default="")

    def _whole_exports(self) -> list[str]:
        """Return the extra directories that have all that an export must have."""
        return [extra for extra in self._extras if all(extra + name in self._members for name in REQUIRED)]

    def _settle(self, *, trusted: bool = True) -> None:
        """Count the facts of the data file read last; what was found in bytes that are garbled is not counted."""
        if self._last is None:
            return
        extra, path, facts = self._last
        self._last = None
        repeated = [_same_id(count, second) for count, second in facts.index.close_history(path)]
        facts.tally += Tally.of(self.terms.keep, [self.terms.found("HC423", flaw, path) for flaw in repeated])
        if not trusted:
            facts.tally = Tally(self.terms.keep)
            facts.skip(NOT_TO_ITS_END, path)
        self._extras[extra].merge(facts)

    def _member(self, member: Member) -> None:
        self.budget.spend_time()
        self._total += 1
        self._dotted += member.path.startswith("./")
        self._names += len(member.path) * _width(member.path)
        if self._names > self.budget.names:
            raise self.budget.exceeded("names", "bytes of memory for all member names together")
        header = Header(member.path, member.kind, member.decodable, member.ambiguities)
        codes = [self._note(code, flaw) for code, flaw in run_rules(rules_of("member"), header)]
        self.progress(self.terms.redaction.member_path(member.path))
        path = canonical(member.path)
        if member.kind is MemberKind.DIRECTORY:
            self._directories.add(path)
            return
        readable = member.kind is MemberKind.FILE and _READ_NEVERTHELESS.issuperset(codes)
        first = self._is_first(path, member.size, readable=readable)
        extra = extra_directory(path)
        place = layout_of(path.removeprefix(extra))
        if place is None:
            return
        if place.schema is None:
            self._stored_file(path, place, member, readable=readable and first)
            return
        if not readable:
            self._headers.skip(NOT_READABLE, path)
        elif not first:
            self._headers.skip(NOT_READ_TWICE, path)
        elif extra in self._extras or not extra or len(self._extras) <= MOST_EXTRAS:
            self._extras.setdefault(extra, Facts(Tally(self.terms.keep)))
            self._last = extra, path, self._data_file(path, place, member)

    def _is_first(self, path: str, size: int, *, readable: bool) -> bool:
        """Note a member's path; return whether it is the first readable file of that path."""
        known = self._members.get(path)
        if known is None or (readable and not known.readable):
            self._members[path] = Entry(size, readable, int(readable))
            return readable
        if readable:
            self._members[path] = replace(known, count=known.count + 1)
        return False

    def _stored_file(self, path: str, place: MemberLayout, member: Member, *, readable: bool) -> None:
        """Look at the first bytes of a stored file; the rest is passed over."""
        if not readable:
            return
        wanted = IMAGE_HEAD if place.kind is Kind.EMOTICON else HEAD
        head = b""
        for chunk in member.chunks:
            head += chunk
            if len(head) >= wanted:
                break
        pixels = file_signatures.image_size(head) if place.kind is Kind.EMOTICON else None
        looks_like = file_signatures.extension_mismatch(path, head)
        if pixels or looks_like:
            self._members[path] = replace(self._members[path], looks_like=looks_like, pixels=pixels)

    def _note(self, code: str, flaw: Flaw, path: str = "") -> str:
        """Count a finding on a member as a whole; return its code."""
        self._headers.tally += Tally.of(self.terms.keep, [self.terms.found(code, flaw, path)])
        return code

    def _data_file(self, path: str, place: MemberLayout, member: Member) -> Facts:
        """Check one data file; a failure of hcfmt's own is noted, and the file counts as not read."""
        is_history = place.kind in (Kind.ROOM_HISTORY, Kind.USER_HISTORY)
        facts = Facts(Tally(self.terms.keep), examined=Counter({"data file": 1, "history": int(is_history)}))
        try:
            self._sliced(Slicer(path, place, member.chunks, self.budget), facts, path)
        except (HcfmtError, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001 - it becomes a finding, never a verdict
            self._note(
                RULE_FAILED,
                Flaw("Reading this member raised {exception}.", {"exception": type(error).__name__}),
                path,
            )
            facts.skip(NOT_TO_ITS_END, path)
        return facts

    def _sliced(self, slicer: Slicer, facts: Facts, path: str) -> None:
        """Check slice by slice, in order; what was cut before a fault is still judged."""
        pending: deque[_Pending] = deque()
        fault: Fault | None = None
        while not facts.stopped:
            try:
                if not fault:
                    self.budget.spend_time()
                    self._hand_out(slicer, pending)
            except Fault as error:
                fault = error
            if not pending:
                break
            piece, future = pending.popleft()
            new, rest = future.result() if future else check_slice(piece, self.terms)
            facts.append(new)
            if rest is not None:
                slicer.unread(piece, rest, [later for later, _ in pending])
                pending.clear()
            self._bound(facts)
        if fault:
            self._fault(fault, path)
        if fault or facts.stopped:
            facts.skip(NOT_TO_ITS_END, path)

    def _bound(self, facts: Facts) -> None:
        """Raise Fault when what is known takes more memory than it may."""
        sizes = [facts.index.size(), *(one.index.size() for one in self._extras.values())]
        if sum(sizes) > self.budget.references:
            raise self.budget.exceeded("references", "different ids and file names in all records")

    def _hand_out(self, slicer: Slicer, pending: deque[_Pending]) -> None:
        """Have as many slices under way as may be, and one in any case."""
        most = IN_FLIGHT if self.executor else 1
        while len(pending) < most and sum(len(piece.text) for piece, _ in pending) < IN_FLIGHT_BYTES:
            piece = slicer.next_slice()
            if piece is None:
                return
            future = self.executor.submit(check_slice, piece, self.terms) if self.executor else None
            pending.append((piece, future))

    def _fault(self, fault: Fault, path: str) -> None:
        """Note a fault of one member; one of the whole archive is the archive's to tell."""
        if self.archive.fault is None:
            self._note(BUDGET_EXCEEDED, Flaw(fault.defect.message, byte=fault.defect.byte), path)
