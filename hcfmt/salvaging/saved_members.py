"""The members of a damaged archive as they are saved: whole ones as they are, and data files with whole records."""

from collections.abc import Iterator
from functools import partial

from msgspec.structs import replace

from hcfmt.container import Budget, Member, MemberKind
from hcfmt.export.layout import Kind, canonical, hidden_path
from hcfmt.salvaging.copies import Copies
from hcfmt.salvaging.people import People
from hcfmt.salvaging.result import Lost, PartlySaved
from hcfmt.salvaging.survey import Survey, row_of
from hcfmt.salvaging.whole_records import WholeRecords


class SavedMembers:
    """Makes the saved members of those of an archive, and notes what becomes of each.

    ``whole`` counts the files that are saved byte by byte. ``partly`` are the data files of which records are saved,
    ``lost`` the members that are not, both by the member's number. ``paths`` are the canonical paths of both.
    ``left_out`` counts links and special members. ``people`` has the names of those whose records are lost.

    Where bytes were altered, a header may have been repeated: of several members of one path the first is saved.
    """

    def __init__(self, survey: Survey, copies: Copies, budget: Budget) -> None:
        """Take what the first reading found, and where copies of private messages go."""
        self.whole = self.left_out = 0
        self.partly: dict[int, PartlySaved] = {}
        self.lost: dict[int, Lost] = {}
        self.paths: set[str] = set()
        self.people = People()
        self._read: set[str] = set()
        self._survey = survey
        self._copies = copies
        self._budget = budget

    def members(self, members: Iterator[Member]) -> Iterator[Member]:
        """Yield what is saved of the members."""
        for number, member in enumerate(members):
            if member.kind is MemberKind.DIRECTORY:
                yield member
            elif member.kind is not MemberKind.FILE:
                self.left_out += 1
            elif self._survey.altered and canonical(member.path) in self._read:
                self.lost[number] = Lost(hidden_path(canonical(member.path)), 0)
            else:
                self._read.add(canonical(member.path))
                yield from self._saved(number, member, canonical(member.path))

    def _saved(self, number: int, member: Member, path: str) -> Iterator[Member]:
        row = row_of(path)
        missing = self._survey.lost.get(number, 0)
        is_doubtful = self._survey.is_doubtful(number)
        if row and row.schema and (is_doubtful or self._is_watched(row.kind)):
            records = WholeRecords(path, row, member.chunks, self._budget, strict=self._survey.is_strict(number))
            text = records.text(watch=partial(self._watch, path, row.kind))
            yield replace(member, chunks=text)
            for _ in text:  # what the check did not read
                pass
            if records.error:  # the check takes it for one of its own
                raise records.error
            if is_doubtful and (missing or records.broken or records.lost):
                self._note(number, path, missing, records)
                return
        elif number in self._survey.lost:
            self._note(number, path, missing, None)
            return
        else:
            yield member
        self.whole += 1

    def _is_watched(self, kind: Kind) -> bool:
        """Whether the records of a whole data file tell something about what is lost."""
        is_private = kind is Kind.USER_HISTORY
        return bool(self._survey.damages) and (is_private or (kind is Kind.ROOM_HISTORY and not self._survey.has_users))

    def _watch(self, path: str, kind: Kind, text: bytes) -> None:
        """Take from whole records what others lack: private messages of lost histories, names of lost people."""
        if kind is Kind.USER_HISTORY:
            self._copies.add(path, text)
        if kind in (Kind.USER_HISTORY, Kind.ROOM_HISTORY) and not self._survey.has_users:
            self.people.add(text)

    def _note(self, number: int, path: str, missing: int, records: WholeRecords | None) -> None:
        self.paths.add(path)
        if records is None or records.lost:
            self.lost[number] = Lost(hidden_path(path), missing)
        else:
            self.partly[number] = PartlySaved(hidden_path(path), records.kept, records.broken, missing)
