"""One pass over an archive: what was read, in its order, becomes facts and a layout."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import assert_never

from msgspec.structs import replace

from hcfmt.check.catalogue import BUDGET_EXCEEDED, CODES, RULE_FAILED
from hcfmt.check.context import CheckContext
from hcfmt.check.export_dialect import DataFileOrigins
from hcfmt.check.export_directory import choose_directory, several_exports
from hcfmt.check.facts import NOT_TO_ITS_END, OF_ANOTHER_DIALECT, Facts, Tally
from hcfmt.check.layout_view import Entry, Layout
from hcfmt.check.pipeline import FileFacts
from hcfmt.check.reading import (
    DataFile,
    Event,
    FileEnd,
    FileSlice,
    MemberHeader,
    MemberStart,
    OddFile,
    UnreadFile,
)
from hcfmt.check.slice_check import complete_facts
from hcfmt.container import DIRECTORY, Archive, Budget, MemberKind
from hcfmt.container.budget import OUT_OF_MEMORY
from hcfmt.errors import Defect, Fault
from hcfmt.export.layout import Kind, canonical, layout_of
from hcfmt.findings import Flaw, MemberPath

_GARBLING = frozenset({"gzip-corrupt", "tar-corrupt"})  # faults after which damaged bytes may have passed for content


class Scan:
    """One pass over an archive: call ``run`` once, then ``facts``, ``layout`` and ``archive_flaws``.

    Data files are read in any directory, and their facts are kept apart by the extra directory above them, because only
    the end of the archive shows which directory holds the export. ``fault`` is what ended the reading early,
    ``last_member`` the last member that was read to its end.
    """

    def __init__(self, archive: Archive, budget: Budget, context: CheckContext) -> None:
        """Begin with no facts."""
        self.archive = archive
        self.budget = budget
        self.context = context
        self.fault: Defect | None = None
        self.last_member: str | None = None
        self._total = 0
        self._dotted = 0
        self._members: dict[str, Entry] = {}
        self._directories: set[str] = set()
        self._facts: dict[str, Facts] = {}  # of data files, by extra directory
        self._origins: dict[str, DataFileOrigins] = defaultdict(DataFileOrigins)  # by extra directory too
        self._headers = Facts(Tally(context.keep))
        self._file_facts: Facts | None = None  # of the data file that is read, once there are some
        self._file_examined: Counter[str] = Counter()
        self._current: str | None = None
        self._ended: DataFile | None = None  # the data file that was read last, until the next member begins
        self._defects = len(archive.defects)  # that the archive had before it was read

    def run(self, events: Iterable[Event | FileFacts]) -> None:
        """Add all that is read and checked, in its order."""
        try:
            for event in events:
                self._add(event)
            self._defects = len(self.archive.defects)
        except Fault as fault:
            self.fault = fault.defect
        except MemoryError:
            self.fault = Defect("budget-exceeded", OUT_OF_MEMORY)
        self._close_data_file(trusted=self.fault is None or self.fault.kind not in _GARBLING)
        if self.fault is None and choose_directory(self._facts, self._members) is None:
            self.last_member = None  # all members were read
            self.fault = several_exports(self._facts)

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
            dialect=self._origins[extra].dialect(self._members),
            unpacked=self.archive.layers == (DIRECTORY,),
            layers=frozenset(self.archive.layers),
        )

    def archive_flaws(self) -> list[tuple[str, Flaw]]:
        """Return (rule code, flaw) of the defects in the layers, and of the fault, which also names the last member."""
        flaws = [
            (CODES[defect.kind], Flaw(defect.message, defect.values, byte=defect.byte))
            for defect in self.archive.defects[: self._defects]
        ]
        if self.fault is None:
            return flaws
        sentence, values = self.fault.message, dict(self.fault.values)
        if self.last_member is not None:
            sentence += " The last whole member is {last_member}."
            values["last_member"] = MemberPath(self.last_member)
        return [*flaws, (CODES[self.fault.kind], Flaw(sentence, values, byte=self.fault.byte))]

    def _extra(self) -> str:
        """Return the extra directory that holds the export, "" for none or an unclear one."""
        return choose_directory(self._facts, self._members) or ""

    def _add(self, event: Event | FileFacts) -> None:
        """Add what comes next in the archive."""
        match event:
            case MemberStart():
                # A member counts as fully read only once the next one has started.
                self.last_member, self._current = self._current, event.member.path
                self._total += 1
                self._dotted += event.member.path.startswith("./")
                self._close_data_file()
            case MemberHeader():
                self._add_header(event)
            case OddFile():
                entry = self._members[event.path]
                self._members[event.path] = replace(entry, looks_like=event.looks_like, pixels=event.pixels)
            case UnreadFile():
                self._headers.skip(event.reason, event.path)
            case DataFile():
                if event.extra not in self._facts:
                    self._facts[event.extra] = Facts(Tally(self.context.keep))
                is_history = event.row.kind in (Kind.ROOM_HISTORY, Kind.USER_HISTORY)
                self._file_examined = Counter({"data file": 1, "history": int(is_history)})
                self._file_facts = None
            case FileFacts():
                self._add_facts(event.facts)
            case FileEnd():
                self._end_data_file(event.file)
            case FileSlice():  # the pipeline makes facts of it
                raise TypeError("A slice was not checked.")
            case _:
                assert_never(event)

    def _add_header(self, header: MemberHeader) -> None:
        """Add a member to the layout, and the flaws of its header to the findings."""
        for code, flaw in header.flaws:
            self._find(code, flaw)
        path, member = header.path, header.member
        if member.kind is MemberKind.DIRECTORY:
            self._directories.add(path)
            return
        entry = self._members.get(path)
        if entry is None or (header.readable and not entry.readable):
            self._members[path] = Entry(member.size, header.readable, int(header.readable))
        elif header.readable:
            self._members[path] = replace(entry, count=entry.count + 1)

    def _add_facts(self, facts: Facts) -> None:
        """Add the facts of the next slices of the data file that is read."""
        if self._file_facts is None:
            facts.examined.update(self._file_examined)
            self._file_facts = facts
        else:
            self._file_facts.append(facts)
        self._limit_index()

    def _end_data_file(self, file: DataFile) -> None:
        """Add what ended the reading or the check of a data file early."""
        if self._file_facts is None:
            self._add_facts(Facts(Tally(self.context.keep)))
        assert self._file_facts is not None  # noqa: S101 - for the types
        complete_facts(self._file_facts, file.path, self.context)
        self._limit_index()  # of a file in which the limit is reached nothing counts, wherever that is
        self._ended = file
        origin = file.slicer.origin
        self._origins[file.extra].add(file.path.removeprefix(file.extra), file.row.kind, origin)
        if file.error:
            self._find(
                RULE_FAILED, Flaw("Reading this member raised {exception}.", {"exception": file.error}), file.path
            )
        elif defect := file.own_defect:  # that of the whole archive is reported once, at the end
            self._find(BUDGET_EXCEEDED, Flaw(defect.message, defect.values, byte=defect.byte), file.path)
        if not origin.is_checked:
            self._file_facts.skip(OF_ANOTHER_DIALECT, file.path)
        elif file.error or file.fault or self._file_facts.stopped:
            self._file_facts.skip(NOT_TO_ITS_END, file.path)

    def _close_data_file(self, *, trusted: bool = True) -> None:
        """Add the facts of the data file read last; findings in garbled bytes are dropped."""
        if self._ended is None or self._file_facts is None:
            return
        path, extra, facts = self._ended.path, self._ended.extra, self._file_facts
        self._ended = None
        if not trusted:
            facts.tally = Tally(self.context.keep)
            facts.skip(NOT_TO_ITS_END, path)
        self._facts[extra].merge(facts)

    def _limit_index(self) -> None:
        """Raise Fault when all indexes together take more memory than allowed."""
        read = [*self._facts.values(), *([self._file_facts] if self._file_facts else [])]
        sizes = [facts.index.size() for facts in read]
        if sum(sizes) > self.budget.references:
            raise self.budget.exceeded("references", "different ids and file names in all records")

    def _find(self, code: str, flaw: Flaw, path: str = "") -> None:
        """Add a finding on a member as a whole."""
        self._headers.tally += Tally.of(self.context.keep, [self.context.judged(code, flaw, path)])
