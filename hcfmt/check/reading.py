"""Reads an archive into events, in order: members begin, data files begin, slice by slice, and end."""

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from hcfmt.check.catalogue import RULE_FAILED, rules_of
from hcfmt.check.context import Redaction
from hcfmt.check.export_directory import MOST_EXTRAS
from hcfmt.check.facts import NOT_READ_TWICE, NOT_READABLE
from hcfmt.check.layout_view import Header
from hcfmt.check.rules import run_rules
from hcfmt.container import Archive, Budget, Member, MemberKind
from hcfmt.container.budget import name_memory
from hcfmt.errors import Defect, Fault, HcfmtError
from hcfmt.export import file_signatures
from hcfmt.export.file_signatures import HEAD
from hcfmt.export.image_sizes import IMAGE_HEAD, image_size
from hcfmt.export.layout import Kind, MemberLayout, canonical, extra_directory, layout_of
from hcfmt.export.slices import Slice, Slicer
from hcfmt.findings import Flaw

_HARMLESS = frozenset({RULE_FAILED, "HC014", "HC117"})
"""Rules of headers whose findings do not keep a member from being read."""

Progress = Callable[[str], None]
"""Called with the path of each member, as reports show it, when its reading begins."""


def no_progress(_: str) -> None:
    """Show no progress."""


class MemberStart(Struct, frozen=True):
    """A member begins, so the one before was read to its end."""

    member: Member


class MemberHeader(Struct, frozen=True):
    """The checked header of a member.

    ``path`` is canonical, ``flaws`` are (rule code, flaw). ``readable``: it is a file whose content can be read.
    """

    member: Member
    path: str
    readable: bool
    flaws: list[tuple[str, Flaw]]

    @property
    def obstacles(self) -> list[tuple[str, Flaw]]:
        """The flaws for which the content of a file cannot be read."""
        return [(code, flaw) for code, flaw in self.flaws if code not in _HARMLESS]


class OddFile(Struct, frozen=True):
    """The first bytes of a stored file: the extension that they suggest in place of its own, the size of an image."""

    path: str
    looks_like: str | None
    pixels: tuple[int, int] | None


class UnreadFile(Struct, frozen=True):
    """A data file that is not read, and the reason; ``obstacles`` are flaws of its header, none if a path repeats."""

    path: str
    reason: str
    obstacles: Sequence[tuple[str, Flaw]] = ()


class DataFile(Struct, eq=False):
    """A data file begins; its slices follow, then its ``FileEnd``.

    ``extra`` is the extra directory above it, "" for none. ``is_read``: its slices were read to the last. ``fault`` and
    ``error``, the type of an exception, are what ended its reading or its check early.
    """

    path: str
    extra: str
    row: MemberLayout
    slicer: Slicer
    budget: Budget
    is_read: bool = False
    fault: Fault | None = None
    error: str | None = None
    _is_over: bool = False

    @property
    def own_defect(self) -> Defect | None:
        """The defect that ended the reading of this file and not of the whole archive."""
        return self.fault.defect if self.fault and self.fault is not self.slicer.error else None

    def slices(self) -> Iterator[Slice]:
        """Yield the next slices up to the end of the file, of its check, or of what can be read."""
        self.is_read, self.fault = False, None
        try:
            while not self._is_over:
                self.budget.spend_time()
                slice_ = self.slicer.next_slice()
                if slice_ is None:
                    break
                yield slice_
        except Fault as fault:
            self.fault = fault
        except (HcfmtError, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001 - it becomes a finding, never a verdict
            self.error = type(error).__name__
        self.is_read = True

    def end(self, error: str | None) -> None:
        """End the check of the file, with the type of an exception or for what was found; what follows is not read."""
        self._is_over, self.fault, self.error = True, None, error


class FileSlice(Struct, frozen=True):
    """A slice of the data file that began last."""

    file: DataFile
    slice_: Slice


class FileEnd(Struct, frozen=True):
    """All slices of a data file came before."""

    file: DataFile


Event = MemberStart | MemberHeader | OddFile | UnreadFile | DataFile | FileSlice | FileEnd


class Reader(Struct):
    """Reads an archive once: call ``events``."""

    archive: Archive
    budget: Budget
    redaction: Redaction
    progress: Progress = no_progress
    _name_bytes: int = 0
    _read: set[str] = set()  # canonical paths of readable members
    _extras: set[str] = set()  # directories of data files

    def events(self) -> Iterator[Event]:
        """Yield what is read. Raises Fault where the archive cannot be read on, and UsageError."""
        try:
            for member in self.archive.members():
                yield from self._read_member(member)
        except Fault as fault:
            raise Fault.of(self.archive.fault or fault.defect) from None
        if self.archive.fault:
            raise Fault.of(self.archive.fault)

    def _read_member(self, member: Member) -> Iterator[Event]:
        """Read the header of a member, and its content if it is a readable file with a place in the tree."""
        yield MemberStart(member)
        self.budget.spend_time()
        self._name_bytes += name_memory(member.path)
        if self._name_bytes > self.budget.names:
            raise self.budget.names_exceeded()
        header = _header(member)
        yield header
        if self.progress is not no_progress:
            self.progress(self.redaction.member_path(member.path))
        if member.kind is not MemberKind.DIRECTORY:
            yield from self._read_file(header)

    def _read_file(self, header: MemberHeader) -> Iterator[Event]:
        """Read a member that has a place in the tree, if it is the first readable one of its path."""
        path, first = header.path, header.readable and header.path not in self._read
        if first:
            self._read.add(path)
        extra = extra_directory(path)
        row = layout_of(path.removeprefix(extra))
        if row is None:
            return
        if row.schema is None:
            if first:
                yield from _read_stored_file(path, row, header.member)
        elif not header.readable:
            yield UnreadFile(path, NOT_READABLE, header.obstacles)
        elif not first:
            yield UnreadFile(path, NOT_READ_TWICE)
        elif extra in self._extras or not extra or len(self._extras) <= MOST_EXTRAS:
            self._extras.add(extra)
            slicer = Slicer(path, row, header.member.chunks, self.budget)
            file = DataFile(path, extra, row, slicer, self.budget)
            yield file
            for slice_ in file.slices():
                yield FileSlice(file, slice_)
            yield FileEnd(file)


def _header(member: Member) -> MemberHeader:
    """Return the header of a member with its flaws."""
    header = Header(member.path, member.kind, member.decodable, member.ambiguities)
    flaws = list(run_rules(rules_of("member"), header))
    readable = member.kind is MemberKind.FILE and _HARMLESS.issuperset(code for code, _ in flaws)
    return MemberHeader(member, canonical(member.path), readable, flaws)


def _read_stored_file(path: str, row: MemberLayout, member: Member) -> Iterator[OddFile]:
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
        yield OddFile(path, looks_like, pixels)
