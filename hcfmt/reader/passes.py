"""Reads the data files of an archive in one pass, and makes values of their records, slice by slice."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from typing import Any, Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from hcfmt.check.catalogue import RULE_FAILED
from hcfmt.check.context import CheckContext
from hcfmt.check.reading import (
    DataFile,
    Event,
    FileEnd,
    FileSlice,
    MemberHeader,
    Progress,
    Reader,
    UnreadFile,
    no_progress,
)
from hcfmt.container import Archive, Budget
from hcfmt.errors import Fault
from hcfmt.export.dialects import TITLES
from hcfmt.export.layout import REQUIRED, extra_directory
from hcfmt.export.slices import Slice
from hcfmt.findings import Flaw
from hcfmt.reader.problems import Problems
from hcfmt.reader.slice_reading import Records, read_at_once, read_document, read_each
from hcfmt.reader.wire_types import REFUSED

Value = TypeVar("Value")

_NOT_AN_EXPORT = "HC012"

Make = Callable[[Sequence[Any], int], list[Value]]
"""Makes values of wrapped records, of which None stands for one that could not be read, and the index of the first.

It raises one of ``REFUSED`` where a value of a record cannot be read."""

Choose = Callable[[DataFile], Make[Value] | None]
"""Returns what makes values of the records of a data file, None for a file that is not read."""


Watch = Callable[[Archive], Progress]
"""Called with the archive of a pass once it is open; returns a function that is called with the path of each member."""


class Settings(Struct, frozen=True):
    """What all passes over an archive share."""

    budget: Budget
    context: CheckContext
    watch: Watch | None = None

    def events(self, archive: Archive) -> Iterator[Event]:
        """Yield what is read of an archive. Raises Fault where it cannot be read on, and UsageError."""
        progress = self.watch(archive) if self.watch else no_progress
        return Reader(archive, self.budget, self.context.redaction, progress).events()


class RecordPass(Generic[Value]):
    """One pass over the data files of an archive that ``choose`` chooses: iterate over ``values`` once.

    Problems go to ``problems``, also the fault after which the archive cannot be read on: all whole records before it
    are read. So do data files that are links or repeat a path, in the extra directory ``directory`` or, where that is
    None, in any. The pass ends early once the files of the paths ``enough`` were read. ``directories`` are the extra
    directories of all data files, ``members`` the paths of all members called as a required file, and ``unchecked`` the
    dialects of chosen files that hcfmt does not check, by path.
    """

    def __init__(
        self,
        settings: Settings,
        problems: Problems,
        choose: Choose[Value],
        *,
        directory: str | None = None,
        enough: Collection[str] = (),
    ) -> None:
        """Take what is chosen, and where problems go."""
        self.directories: set[str] = set()
        self.members: set[str] = set()
        self.unchecked: dict[str, str] = {}
        self._awaited = set(enough)
        self._ends_early = bool(enough)
        self._settings = settings
        self._problems = problems
        self._choose = choose
        self._directory = directory
        self._make: Make[Value] | None = None
        self._count = 0  # of records that were read of the current file

    def values(self, archive: Archive) -> Iterator[tuple[DataFile, list[Value]]]:
        """Yield the values of each slice, with their file. Raises ProblemError and Fault in a strict reading."""
        try:
            for event in self._settings.events(archive):
                match event:
                    case MemberHeader(path=path) if path.endswith(REQUIRED):
                        self.members.add(path)
                    case UnreadFile(path=path) if self._directory in {None, extra_directory(path)}:
                        self._problems.add_unread_file(path, event.obstacles)
                    case DataFile():
                        self._begin(event)
                    case FileSlice(file, slice_) if self._make:
                        yield file, self._read(file, slice_)
                    case FileEnd(file) if self._make:
                        if (rest := file.slicer.remainder()) and rest.listed:
                            yield file, self._read(file, rest, is_last=True)
                        self._end(file)
                        if self._ends_early and not self._awaited:
                            return
            self._problems.add_losses(archive.defects)
        except Fault as fault:
            self._problems.add_fault(fault.defect)

    def _begin(self, file: DataFile) -> None:
        self.directories.add(file.extra)
        self._make, self._count = self._choose(file), 0
        if self._make is None:
            file.end(None)
        else:
            self._problems.begin(file.path)

    def _end(self, file: DataFile) -> None:
        """Add what ended the reading of this file alone."""
        self._awaited.discard(file.path)
        origin = file.slicer.origin
        if origin.dialect and not origin.is_checked:
            self.unchecked[file.path] = origin.dialect
            sentence = f"{TITLES[origin.dialect]} wrote this file, which hcfmt does not check, and it was not read."
            self._problems.add_flaw(_NOT_AN_EXPORT, Flaw(sentence[0].upper() + sentence[1:]), file.path)
        if file.error:
            flaw = Flaw("Reading this member raised {exception}.", {"exception": file.error})
            self._problems.add_flaw(RULE_FAILED, flaw, file.path)
        elif defect := file.own_defect:
            self._problems.add_defect(defect, file.path)

    def _read(self, file: DataFile, slice_: Slice, *, is_last: bool = False) -> list[Value]:
        """Return the values of a slice; what is left of it is read with the next one, if there is one."""
        records, values = self._decoded(file, slice_)
        if records.rest is not None and not is_last:
            file.slicer.unread(slice_, records.rest, [])
        if records.stopped:
            file.end(None)
        found = [
            problem
            if problem.location.index is None
            else replace(problem, location=replace(problem.location, index=problem.location.index + self._count))
            for problem in records.problems
        ]
        self._problems.add(found, file.path)
        self._count += len(records.wrappers)
        return values

    def _decoded(self, file: DataFile, slice_: Slice) -> tuple[Records, list[Value]]:
        make, context = self._make, self._settings.context
        assert make  # noqa: S101 - of a file that is read
        if not slice_.listed:
            records = read_document(slice_, file.row, context)
            return records, make(records.wrappers, 0)
        if at_once := read_at_once(slice_, file.row, context.max_values):
            with suppress(*REFUSED):
                return at_once, make(at_once.wrappers, self._count)
        records = read_each(slice_, file.row, context)
        return records, make(records.wrappers, self._count)
