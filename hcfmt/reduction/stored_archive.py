"""Holds an archive in a temporary file, with the places of its members and of the records of its data files."""

from array import array
from collections.abc import Iterator
from typing import BinaryIO

from msgspec import Struct, field
from msgspec.structs import replace

from hcfmt.container import Archive, Budget, Member, MemberKind
from hcfmt.errors import Fault, UsageError
from hcfmt.export.layout import MemberLayout, canonical, extra_directory, layout_of
from hcfmt.export.records import LISTS
from hcfmt.export.slices import Slice, Slicer

CHUNK = 1 << 18  # bytes


class Records(Struct):
    """The records of a data file: where each begins and ends in the temporary file, without the commas between them.

    What comes before the first and after the last, such as brackets, is kept as it is.
    """

    starts: "array[int]" = field(default_factory=lambda: array("Q"))
    ends: "array[int]" = field(default_factory=lambda: array("Q"))

    def __len__(self) -> int:
        """Return the number of records."""
        return len(self.starts)


class StoredMember(Struct):
    """A member: its path as written, where it stands below the export, its kind, and its bytes in the temporary file.

    ``schema`` is that of a data file, as the exporter that wrote it has it. ``records`` are those of a data file that
    holds a list, None for any other content.
    """

    path: str
    place: str
    kind: MemberKind
    start: int
    end: int
    row: MemberLayout | None = None
    schema: str | None = None
    records: Records | None = None

    @property
    def is_stored_file(self) -> bool:
        """Whether it is an attachment, an avatar or an emoticon."""
        return self.row is not None and self.row.schema is None and self.kind is MemberKind.FILE


class StoredArchive:
    """The members of an archive, whose bytes are in a temporary file; memory holds two numbers for each record."""

    def __init__(self, archive: Archive, file: BinaryIO, budget: Budget) -> None:
        """Read an archive to its end, or as far as it can be read.

        Raises UsageError where the temporary file cannot be written.
        """
        self._file = file
        self._budget = budget
        self.members: list[StoredMember] = []
        try:
            for member in archive.members():
                self.members.append(self._stored(member))
        except Fault:
            pass  # the members before are whole
        except OSError as error:
            raise UsageError(f"The temporary directory cannot hold the archive: {error.strerror}.") from None

    def read(self, start: int, end: int) -> bytes:
        """Return bytes of the temporary file."""
        self._file.seek(start)
        return self._file.read(end - start)

    def chunks(self, start: int, end: int) -> Iterator[bytes]:
        """Yield bytes of the temporary file."""
        while start < end:
            chunk = self.read(start, min(end, start + CHUNK))
            start += len(chunk)
            yield chunk

    def record(self, member: int, index: int) -> bytes:
        """Return the text of a record with its wrapper; the member must have records."""
        records = self.members[member].records
        assert records is not None  # noqa: S101 - for the types
        return self.read(records.starts[index], records.ends[index])

    def _stored(self, member: Member) -> StoredMember:
        path = canonical(member.path)
        place = path.removeprefix(extra_directory(path))
        start = self._file.seek(0, 2)
        self._file.writelines(member.chunks)
        row = layout_of(place)
        stored = StoredMember(member.path, place, member.kind, start, self._file.tell(), row)
        if row and row.schema and member.kind is MemberKind.FILE:
            self._find_records(stored, row)
        return stored

    def _find_records(self, member: StoredMember, row: MemberLayout) -> None:
        """Find the schema and the records of a data file; one that cannot be cut has no records."""
        slicer = Slicer(member.place, row, self.chunks(member.start, member.end), self._budget)
        records = Records()
        try:
            while slice_ := slicer.next_slice():
                member.schema = slice_.schema
                if slice_.schema in LISTS:
                    slice_ = _inner_list(slice_)
                if not slice_.listed:
                    return
                _add_records(records, member, slice_, slicer)
        except Fault:  # a record is larger than the budget allows
            return
        member.records = records if member.schema else None


def _add_records(records: Records, member: StoredMember, slice_: Slice, slicer: Slicer) -> None:
    """Add the records of a slice; a last one without an end reaches to the end of the file."""
    offset = member.start + slice_.byte
    for start, end in slice_.records():
        if end < 0 and not slice_.ended:
            slicer.unread(slice_, start, [])
            return
        if slice_.text[start : None if end < 0 else end].strip():
            records.starts.append(offset + start)
            records.ends.append(member.end if end < 0 else offset + end)


def _inner_list(slice_: Slice) -> Slice:
    """Return the slice of the list in a document that is an object around it; as it is where it has another form."""
    before = slice_.text.find(b"[") + 1
    if not slice_.ended or not before or slice_.text[:before].count(b'"') != 2:  # noqa: PLR2004 - of one key
        return slice_
    return replace(slice_, text=slice_.text[before:], byte=slice_.byte + before, listed=True)
