"""One pass over an archive: headers, slices of data files and first bytes of stored files, to facts."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from msgspec.structs import replace

from hcfmt.check.catalogue import BUDGET_EXCEEDED, CODES, RULE_FAILED, rules_of
from hcfmt.check.context import CheckContext
from hcfmt.check.facts import NOT_READ_TWICE, NOT_READABLE, NOT_TO_ITS_END, Facts, Tally
from hcfmt.check.layout_view import Entry, Header, Layout
from hcfmt.check.rules import run_rules
from hcfmt.check.slice_queue import SliceQueue
from hcfmt.container import Archive, Budget, Member, MemberKind
from hcfmt.container.budget import OUT_OF_MEMORY
from hcfmt.errors import Defect, Fault, HcfmtError
from hcfmt.export import file_signatures
from hcfmt.export.file_signatures import HEAD
from hcfmt.export.image_sizes import IMAGE_HEAD, image_size
from hcfmt.export.layout import REQUIRED, Kind, MemberLayout, canonical, extra_directory, layout_of
from hcfmt.export.slices import Slicer
from hcfmt.findings import Flaw, MemberPath

if TYPE_CHECKING:
    from concurrent.futures import Executor

MOST_EXTRAS = 8  # extra directories that are tried for an export, besides the root
_GARBLING = frozenset({"gzip-corrupt", "tar-corrupt"})  # faults after which damaged bytes may have passed for content
_SEVERAL_EXPORTS = "Several directories hold what could be the export; which one is unclear. Check it by itself."
_HARMLESS = frozenset({RULE_FAILED, "HC014", "HC117"})
"""Rules of headers whose findings do not keep a member from being read."""

Progress = Callable[[str], None]
"""Called with the path of each member, as reports show it, when its reading begins."""


def _no_progress(_: str) -> None:
    """Show no progress."""


@dataclass(slots=True)
class Scan:
    """One pass over an archive; call ``run`` once, then ``facts``, ``layout`` and ``archive_flaws``.

    Data files are read in any directory, and their facts are kept apart by the extra directory above them, because only
    the end of the archive shows which directory holds the export. Without an executor slices are checked here.
    ``fault`` is what ended the reading early, ``last_member`` the last member that was read to its end.
    """

    archive: Archive
    budget: Budget
    context: CheckContext
    executor: "Executor | None" = None
    progress: Progress = _no_progress
    fault: Defect | None = None
    last_member: str | None = None
    _total: int = 0
    _dotted: int = 0
    _path_bytes: int = 0
    _members: dict[str, Entry] = field(default_factory=dict)
    _directories: set[str] = field(default_factory=set)
    _facts: dict[str, Facts] = field(default_factory=dict)  # of data files, by extra directory
    _headers: Facts = field(init=False)
    _current: str | None = None
    _open: tuple[str, str, Facts] | None = None  # extra directory, path and facts of the data file read last

    def __post_init__(self) -> None:
        """Begin with no facts."""
        self._headers = Facts(Tally(self.context.keep))

    def run(self) -> None:
        """Read every member to its end."""
        try:
            for member in self.archive.members():
                # A member counts as fully read only once the next one has started.
                self.last_member, self._current = self._current, member.path
                self._close_data_file()
                self._check_member(member)
        except Fault as fault:
            self.fault = fault.defect
        except MemoryError:
            self.fault = Defect("budget-exceeded", OUT_OF_MEMORY)
        self.fault = self.archive.fault or self.fault
        self._close_data_file(trusted=self.fault is None or self.fault.kind not in _GARBLING)
        ambiguous = len(self._facts) > MOST_EXTRAS or (len(self._facts) > 1 and len(self._complete_exports()) != 1)
        if self.fault is None and "" not in self._facts and ambiguous:
            self.fault = Defect("budget-exceeded", _SEVERAL_EXPORTS)

    def facts(self) -> Facts:
        """Return the facts of the export's members, in whichever directory it is, and of all headers; call it once."""
        facts = self._facts.get(self._extra(), Facts(Tally(self.context.keep)))
        facts.merge(self._headers)
        facts.examined["member"] += self._total
        return facts

    def layout(self) -> Layout:
        """Return the members and their places in the documented tree."""
        extra = self._extra()
        # The member in which a fault ended the reading is not there as a whole.
        cut = canonical(self._current) if self.fault and self._current else None
        rows = {
            path: layout_of(path.removeprefix(extra)) if path.startswith(extra) else None
            for path, entry in self._members.items()
            if entry.readable and path != cut
        }
        return Layout(
            self._members,
            extra,
            rows,
            self._dotted,
            self._total,
            complete=self.fault is None,
            directories=self._directories - {""},
        )

    def archive_flaws(self) -> list[tuple[str, Flaw]]:
        """Return (rule code, flaw) of the defects in the layers, and of the fault, which also names the last member."""
        flaws = [
            (CODES[defect.kind], Flaw(defect.message, defect.values, byte=defect.byte))
            for defect in self.archive.defects
        ]
        if self.fault is None:
            return flaws
        sentence, values = self.fault.message, dict(self.fault.values)
        if self.last_member is not None:
            sentence += " The last whole member is {last_member}."
            values["last_member"] = MemberPath(self.last_member)
        return [*flaws, (CODES[self.fault.kind], Flaw(sentence, values, byte=self.fault.byte))]

    def _extra(self) -> str:
        """Return the extra directory that holds the export, "" for none: the root has precedence."""
        return "" if "" in self._facts else min(self._complete_exports() or self._facts, default="")

    def _complete_exports(self) -> list[str]:
        """Return the extra directories that hold all files that an export must have."""
        return [extra for extra in self._facts if all(extra + name in self._members for name in REQUIRED)]

    def _close_data_file(self, *, trusted: bool = True) -> None:
        """Add the facts of the data file read last; findings in garbled bytes are dropped."""
        if self._open is None:
            return
        extra, path, facts = self._open
        self._open = None
        repeated = [_repeated_id(count, second) for count, second in facts.index.close_history(path)]
        facts.tally += Tally.of(self.context.keep, [self.context.found("HC423", flaw, path) for flaw in repeated])
        if not trusted:
            facts.tally = Tally(self.context.keep)
            facts.skip(NOT_TO_ITS_END, path)
        self._facts[extra].merge(facts)

    def _check_member(self, member: Member) -> None:
        """Check the header of a member, and its content if it is a readable file with a place in the tree."""
        self.budget.spend_time()
        self._total += 1
        self._dotted += member.path.startswith("./")
        self._path_bytes += len(member.path) * _bytes_per_character(member.path)
        if self._path_bytes > self.budget.names:
            raise self.budget.exceeded("names", "bytes of memory for all member names together")
        header = Header(member.path, member.kind, member.decodable, member.ambiguities)
        codes = [self._add(code, flaw) for code, flaw in run_rules(rules_of("member"), header)]
        self.progress(self.context.redaction.member_path(member.path))
        path = canonical(member.path)
        if member.kind is MemberKind.DIRECTORY:
            self._directories.add(path)
            return
        readable = member.kind is MemberKind.FILE and _HARMLESS.issuperset(codes)
        first = self._register(path, member.size, readable=readable)
        extra = extra_directory(path)
        row = layout_of(path.removeprefix(extra))
        if row is None:
            return
        if row.schema is None:
            if readable and first:
                self._check_stored_file(path, row, member)
        elif not readable:
            self._headers.skip(NOT_READABLE, path)
        elif not first:
            self._headers.skip(NOT_READ_TWICE, path)
        elif extra in self._facts or not extra or len(self._facts) <= MOST_EXTRAS:
            self._facts.setdefault(extra, Facts(Tally(self.context.keep)))
            self._open = extra, path, self._check_data_file(path, row, member)

    def _register(self, path: str, size: int, *, readable: bool) -> bool:
        """Add a member to the layout; return whether it is the first readable file of its path."""
        entry = self._members.get(path)
        if entry is None or (readable and not entry.readable):
            self._members[path] = Entry(size, readable, int(readable))
            return readable
        if readable:
            self._members[path] = replace(entry, count=entry.count + 1)
        return False

    def _check_stored_file(self, path: str, row: MemberLayout, member: Member) -> None:
        """Compare the first bytes of a stored file with its name; the rest is skipped."""
        head_size = IMAGE_HEAD if row.kind is Kind.EMOTICON else HEAD
        head = b""
        for chunk in member.chunks:
            head += chunk
            if len(head) >= head_size:
                break
        pixels = image_size(head) if row.kind is Kind.EMOTICON else None
        looks_like = file_signatures.extension_mismatch(path, head)
        if pixels or looks_like:
            self._members[path] = replace(self._members[path], looks_like=looks_like, pixels=pixels)

    def _check_data_file(self, path: str, row: MemberLayout, member: Member) -> Facts:
        """Return the facts of a data file; after an exception in hcfmt itself it counts as not read to its end."""
        is_history = row.kind in (Kind.ROOM_HISTORY, Kind.USER_HISTORY)
        facts = Facts(Tally(self.context.keep), examined=Counter({"data file": 1, "history": int(is_history)}))
        try:
            self._check_slices(Slicer(path, row, member.chunks, self.budget), facts, path)
        except (HcfmtError, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001 - it becomes a finding, never a verdict
            values = {"exception": type(error).__name__}
            self._add(RULE_FAILED, Flaw("Reading this member raised {exception}.", values), path)
            facts.skip(NOT_TO_ITS_END, path)
        return facts

    def _check_slices(self, slicer: Slicer, facts: Facts, path: str) -> None:
        """Add the facts of a data file, slice by slice in order, up to its end or to a fault."""
        queue = SliceQueue(slicer, self.context, self.budget, self.executor)
        for slice_facts in queue.results():
            facts.append(slice_facts)
            self._limit_index(facts)
            if facts.stopped:
                break
        # The fault of the whole archive is reported once, at the end.
        if queue.fault and self.archive.fault is None:
            defect = queue.fault.defect
            self._add(BUDGET_EXCEEDED, Flaw(defect.message, defect.values, byte=defect.byte), path)
        if queue.fault or facts.stopped:
            facts.skip(NOT_TO_ITS_END, path)

    def _limit_index(self, facts: Facts) -> None:
        """Raise Fault when all indexes together take more memory than allowed."""
        sizes = [facts.index.size(), *(other.index.size() for other in self._facts.values())]
        if sum(sizes) > self.budget.references:
            raise self.budget.exceeded("references", "different ids and file names in all records")

    def _add(self, code: str, flaw: Flaw, path: str = "") -> str:
        """Add a finding on a member as a whole; return its code."""
        self._headers.tally += Tally.of(self.context.keep, [self.context.found(code, flaw, path)])
        return code


def _repeated_id(count: int, second: int) -> Flaw:
    sentence = "{count:,} messages of this history have the same id; this is the second."
    return Flaw(sentence, {"count": count}, path=(), index=second)


def _bytes_per_character(text: str) -> int:
    """Return the bytes of memory that each character of a text takes."""
    if text.isascii():
        return 1
    widest = max(text)
    return 1 if widest <= "\xff" else 2 if widest <= "\uffff" else 4
