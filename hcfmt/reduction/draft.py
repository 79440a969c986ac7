"""A draft of the reduced archive: the members and records that it keeps, and the texts that it changes."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from msgspec import Struct

from hcfmt.container import MemberKind
from hcfmt.export.layout import Kind
from hcfmt.export.writer import Entry
from hcfmt.reduction.archive_links import ArchiveLinks, RecordPlace
from hcfmt.reduction.stored_archive import StoredArchive, StoredMember

WHOLE = -1
"""In place of the index of a record: the whole content of a member."""

_Piece = bytes | tuple[int, int]  # text, or a range of the temporary file


class Draft(Struct, frozen=True):
    """What is kept of a stored archive.

    ``members`` are the numbers of the members, ``records`` the indices of the records of each that has some. ``texts``
    replace the texts of records, or the content of members. Of the stored files that records name, only those are
    written that a kept record still names.
    """

    stored: StoredArchive
    links: ArchiveLinks
    members: AbstractSet[int]
    records: Mapping[int, Sequence[int]]
    texts: Mapping[RecordPlace, bytes] = {}

    def places(self) -> Iterator[RecordPlace]:
        """Yield the place of every record."""
        for member in sorted(self.records.keys() & self.members):
            yield from ((member, index) for index in self.records[member])

    def text(self, place: RecordPlace) -> bytes:
        """Return the text of a record, with its wrapper, or the content of a member."""
        text = self.texts.get(place)
        if text is not None:
            return text
        number, index = place
        if index == WHOLE:
            member = self.stored.members[number]
            return self.stored.read(member.start, member.end)
        return self.stored.record(number, index)

    @property
    def messages(self) -> int:
        """The number of messages; the copies of a private message count as one."""
        in_rooms, private = 0, set[int]()
        for number in self.links.keys.keys() & self.members:
            row = self.stored.members[number].row
            if row is not None and row.kind is Kind.ROOM_HISTORY:
                in_rooms += len(self.records[number])
            else:
                private.update(map(self.links.keys[number].__getitem__, self.records[number]))
        return in_rooms + len(private)

    @property
    def size(self) -> int:
        """The bytes of all members that are written."""
        return sum(entry.size for entry in self.entries())

    def written(self) -> Iterator[int]:
        """Yield the numbers of the members that are written, in order."""
        named = self._named()
        for number in sorted(self.members):
            if number not in self.links.named or number in named:
                yield number

    def entries(self) -> Iterator[Entry]:
        """Yield the members to write, in the order of the archive."""
        replaced = {member for member, _ in self.texts}
        for number in self.written():
            member = self.stored.members[number]
            if member.kind is MemberKind.DIRECTORY:
                yield Entry(member.path.rstrip("/") + "/", 0)
            elif member.kind is not MemberKind.FILE:
                yield Entry(member.path, 0, target=".")
            else:
                yield self._file(number, member, is_replaced=number in replaced)

    def _named(self) -> AbstractSet[int]:
        """Return the numbers of the stored files that kept records name."""
        kept = {member: frozenset(indices) for member, indices in self.records.items() if member in self.members}
        named = {
            file
            for (member, index), files in self.links.files.items()
            if index in kept.get(member, ()) and (member, index) not in self.texts
            for file in files
        }
        for (member, index), text in self.texts.items():
            schema = self.stored.members[member].schema
            if schema and index in kept.get(member, ()):
                named.update(self.links.files_of(schema, self.stored.members[member].place, text))
        return named

    def _file(self, number: int, member: StoredMember, *, is_replaced: bool) -> Entry:
        if (number, WHOLE) in self.texts:
            text = self.texts[number, WHOLE]
            return Entry(member.path, len(text), [text])
        kept, records = self.records.get(number), member.records
        if records is None or kept is None or (len(kept) == len(records) and not is_replaced):
            return Entry(member.path, member.end - member.start, self.stored.chunks(member.start, member.end))
        pieces = self._pieces(number, member, kept)
        size = sum(len(piece) if isinstance(piece, bytes) else piece[1] - piece[0] for piece in pieces)
        return Entry(member.path, size, self._chunks(pieces))

    def _pieces(self, number: int, member: StoredMember, kept: Sequence[int]) -> list[_Piece]:
        """Return what a data file is put together of; records that follow each other are one range."""
        records = member.records
        assert records is not None  # noqa: S101 - for the types
        if not records:
            return [(member.start, member.end)]
        pieces: list[_Piece] = [(member.start, records.starts[0])]
        before = None
        for index in kept:
            piece: _Piece = self.texts.get((number, index)) or (records.starts[index], records.ends[index])
            last = pieces[-1]
            if before == index - 1 and isinstance(piece, tuple) and isinstance(last, tuple):
                pieces[-1] = (last[0], piece[1])
            else:
                pieces += [piece] if before is None else [b",", piece]
            before = index
        return [*pieces, (records.ends[-1], member.end)]

    def _chunks(self, pieces: Sequence[_Piece]) -> Iterator[bytes]:
        for piece in pieces:
            yield from [piece] if isinstance(piece, bytes) else self.stored.chunks(*piece)
