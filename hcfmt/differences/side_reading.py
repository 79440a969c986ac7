"""Reads one of two archives that are compared."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from hashlib import sha256
from typing import BinaryIO

from msgspec import Struct

from hcfmt.check.catalogue import LOSSES
from hcfmt.check.context import Redaction
from hcfmt.check.export_dialect import ASSUMED
from hcfmt.check.export_directory import choose_directory, several_exports
from hcfmt.check.reading import DataFile, FileEnd, FileSlice, MemberHeader, Progress, Reader, UnreadFile, no_progress
from hcfmt.container import DIGESTS, Archive, ArchiveInput, Budget, MemberKind, Password, input_name, open_archive
from hcfmt.differences.partitions import Partitions
from hcfmt.differences.problems import Problems
from hcfmt.differences.rows import NO_SLICE, RowMaker
from hcfmt.differences.side import Contents, Side
from hcfmt.differences.slice_rows import slice_rows
from hcfmt.errors import Defect, Fault, NoPasswordError
from hcfmt.export.dialects import CHECKED, TITLES
from hcfmt.export.layout import extra_directory, layout_of
from hcfmt.export.references import owner_of
from hcfmt.export.slices import Slice

_NOT_READ = "was not read: it is a link, has an unsafe name or repeats a path"
LONG = 4 << 10  # bytes of a slice that is worth a digest


class DiffOptions(Struct, frozen=True):
    """Options of a comparison of two exports.

    ``password`` is that of ``Options``: of several, each archive is opened with the first that fits. ``digests`` are
    the key derivations that are tried, in order. ``budget`` limits the reading of each archive. ``keep`` is the number
    of records of each place and each change that the result names; all are counted. With ``show_values`` the result
    has the values that differ, and paths and ids as they are. ``watch`` is called with each archive once it is open,
    and returns a function that is called with the path of each member.
    """

    password: Password | None = None
    digests: Sequence[str] = DIGESTS
    budget: Budget = Budget()
    keep: int = 10
    show_values: bool = False
    watch: Callable[[Archive], Progress] | None = None


def read_side(
    archive: ArchiveInput, options: DiffOptions, stack: ExitStack, stdin: BinaryIO | None, other: Side | None = None
) -> Side:
    """Read an archive as far as it can be read; ``stack`` closes the temporary files that hold its rows.

    Slices that ``other`` has too, which was read before, are only noted.

    Raises UsageError where it cannot be opened, and NoPasswordError.
    """
    with _opened(archive, options, stdin) as opened:
        reading = _Reading(opened, options, stack, other.contents.slices if other else {})
        reading.run()
        return reading.side()


def _opened(archive: ArchiveInput, options: DiffOptions, stdin: BinaryIO | None) -> Archive:
    """Open an archive; an error says which of the two needs a password."""
    try:
        return open_archive(
            archive, password=options.password, digests=options.digests, budget=options.budget, stdin=stdin
        )
    except NoPasswordError as error:
        raise NoPasswordError(f"{input_name(archive)}: {error}") from None


class _Reading:
    """One pass over an archive: call ``run``, then ``side``, each once."""

    def __init__(
        self, archive: Archive, options: DiffOptions, stack: ExitStack, known_slices: Mapping[bytes, int]
    ) -> None:
        self._archive = archive
        self._options = options
        self._stack = stack
        self._known_slices = known_slices
        self._problems = Problems(Redaction(options.show_values))
        self._is_whole = True  # all that the archive holds was read
        self._contents: dict[str, Contents] = {}  # by extra directory
        self._seen: set[str] = set()  # canonical paths of files
        self._files: list[tuple[str, int, str]] = []  # path, size and digest of each stored file
        self._slices = 0
        self._file_problem = ""  # of the data file that is read
        self._maker = RowMaker("", None, keep_values=options.show_values)

    def run(self) -> None:
        """Read the archive to its end, or to a fault."""
        watch = self._options.watch
        progress = watch(self._archive) if watch else no_progress
        reader = Reader(self._archive, self._options.budget, self._problems.redaction, progress)
        try:
            for event in reader.events():
                match event:
                    case MemberHeader():
                        self._read_header(event)
                    case UnreadFile():
                        self._begin(event.path)
                        self._problems.add_data_file(event.path, _NOT_READ)
                    case DataFile():
                        self._begin(event.path)
                    case FileSlice():
                        self._read_slice(event)
                    case FileEnd():
                        self._end(event.file)
                    case _:
                        pass
        except Fault as fault:
            self._end_early(fault.defect)
        else:
            self._add_losses()

    def side(self) -> Side:
        """Return what was read."""
        extra = choose_directory(self._contents, self._seen)
        directory = extra or ""
        if extra is None:
            self._problems.add(several_exports(self._contents))
        elif self._contents:
            others = [contents for other, contents in self._contents.items() if other != directory]
            self._problems.other_data_files = sum(len(contents.begun) for contents in others)
        elif self._is_whole:
            self._problems.add_no_export()
        contents = self._contents_of(directory)
        self._add_files(contents, directory)
        dialect = contents.origins.dialect(self._seen)
        complete = self._is_whole and bool(contents.begun) and extra is not None
        known = dialect.name if dialect.name in CHECKED and dialect.confidence != ASSUMED else None
        return Side(self._archive.name, known, contents, self._problems.sentences(), complete)

    def _end_early(self, defect: Defect) -> None:
        """End the reading with a fault."""
        self._is_whole = False
        self._problems.add_fault(defect)

    def _add_losses(self) -> None:
        """Add what of an archive that was read to its end is damaged or was not read."""
        for defect in self._archive.defects:
            if defect.kind in LOSSES:
                self._is_whole = False
                self._problems.add(defect)

    def _add_files(self, contents: Contents, directory: str) -> None:
        """Add the rows of the stored files; of an archive that is not whole, no other file is known to be missing."""
        added = []
        try:
            for path, size, digest in self._files:
                inside = path.removeprefix(directory)
                maker = RowMaker(inside, None, keep_values=self._options.show_values)
                contents.add([maker.file(size, digest)], len(path))
                added.append(inside)
        except Fault as fault:
            self._end_early(fault.defect)
        if not self._is_whole:
            contents.whole.update(added)

    def _contents_of(self, directory: str) -> Contents:
        if directory not in self._contents:
            rows = Partitions(self._options.budget.references // 4)
            self._stack.callback(rows.close)
            self._contents[directory] = Contents(rows)
        return self._contents[directory]

    def _read_header(self, header: MemberHeader) -> None:
        """Read the whole of a stored file: its size and a digest of its content."""
        if header.member.kind is MemberKind.DIRECTORY:
            return
        layout = layout_of(header.path.removeprefix(extra_directory(header.path)))
        is_repeated = header.path in self._seen
        self._seen.add(header.path)
        if layout is not None and layout.schema is not None:
            return
        if is_repeated or not header.readable:
            self._problems.other_members += 1
            return
        digest = sha256()
        for chunk in header.member.chunks:
            digest.update(chunk)
        self._files.append((header.path, header.member.size, digest.hexdigest()))

    def _begin(self, path: str) -> None:
        """Begin a data file."""
        directory = extra_directory(path)
        inside = path.removeprefix(directory)
        self._contents_of(directory).begun.add(inside)
        self._maker = RowMaker(inside, owner_of(inside), keep_values=self._options.show_values)
        self._file_problem = ""

    def _read_slice(self, event: FileSlice) -> None:
        """Add the rows of a slice, or note that the other export has the same slice."""
        slice_, contents = event.slice_, self._contents_of(event.file.extra)
        digest = _digest(slice_, self._maker.path) if len(slice_.text) >= LONG else b""
        known = self._known_slices.get(digest)
        if known is not None and known not in contents.shared:
            contents.shared.add(known)
            return
        self._slices += 1
        self._maker.slice = self._slices if digest else NO_SLICE
        rows, rest, stopped = slice_rows(slice_, self._maker, self._options.budget.values)
        if stopped:
            self._file_problem = "its text is not valid JSON to its end"
            event.file.end(None)
        elif rest is not None:
            event.file.slicer.unread(slice_, rest, [])
        elif digest:
            contents.slices.setdefault(digest, self._maker.slice)
        contents.add(rows, len(slice_.text))
        if len(contents.spans) > self._options.budget.references:
            raise self._options.budget.exceeded("references", "different ids and file names in all records")

    def _end(self, file: DataFile) -> None:
        """End a data file; note why it was not read to its end."""
        contents, inside = self._contents_of(file.extra), file.path.removeprefix(file.extra)
        origin, layout = file.slicer.origin, layout_of(inside)
        if layout:
            contents.origins.add(inside, layout.kind, origin)
        problem = self._file_problem
        if file.own_defect:
            problem = file.own_defect.message
        elif file.error:
            problem = f"reading it raised {file.error}"
        elif not origin.is_checked and origin.dialect:
            problem = f"it was written by {TITLES[origin.dialect]}"
        if problem:
            self._problems.add_data_file(file.path, f"was not read to its end: {problem}")
        elif file.fault is None:
            contents.whole.add(inside)


def _digest(slice_: Slice, path: str) -> bytes:
    """Return a digest of a slice with all that its records and their places depend on."""
    context = (path, slice_.schema, slice_.listed, slice_.due, slice_.cut, slice_.ended)
    digest = sha256(f"{context!r}\n".encode())
    digest.update(slice_.text)
    return digest.digest()
