"""What is written of a damaged archive: the saved members, with what is made up in them and behind them."""

from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

from hcfmt.check.catalogue import CODES
from hcfmt.check.export_view import ROOMS, USERS, ExportView
from hcfmt.container import Budget, Member, MemberKind
from hcfmt.export.dialects import HC_MIGRATE
from hcfmt.export.layout import canonical, hidden_path
from hcfmt.export.references import owner_of
from hcfmt.export.writer import Entry, spooled
from hcfmt.salvaging.additions import Additions, room_records, user_records
from hcfmt.salvaging.copies import Copies
from hcfmt.salvaging.result import Placeholders, Restored, Salvaged
from hcfmt.salvaging.saved_members import SavedMembers
from hcfmt.salvaging.survey import Survey, row_of
from hcfmt.salvaging.whole_records import WholeRecords
from hcfmt.verdict import Report


class Plan(Struct, frozen=True, dict=True):
    """What is written: the ``saved`` members, copies of private messages, and ``additions``."""

    survey: Survey
    saved: SavedMembers
    export: ExportView
    additions: Additions
    copies: Copies

    def entries(self, members: Iterator[Member], budget: Budget) -> Iterator[Entry]:
        """Yield all that is written, in the order of the archive; what is made up comes last."""
        extended = set[str]()
        for number, member in enumerate(members):
            path = canonical(member.path)
            if member.kind is MemberKind.DIRECTORY:
                yield Entry(member.path.rstrip("/") + "/", 0)
            elif member.kind is not MemberKind.FILE or number in self.saved.lost:
                continue
            elif number in self.saved.partly and (row := row_of(path)):
                extended.add(path)
                strict = self.survey.is_strict(number)
                records = WholeRecords(path, row, member.chunks, budget, strict=strict)
                yield from spooled(member.path, records.text(self._records_behind(path)))
            else:
                yield Entry(member.path, member.size, member.chunks)
        yield from self._new_entries(extended)

    def result(self, report: Report) -> Salvaged:
        """Return the result, with the report on what was written."""
        extra, new = self.export.layout.extra, self.additions
        made_up = [
            *([Placeholders("user", hidden_path(f"{extra}users.json"), len(new.users))] if new.users else []),
            *([Placeholders("room", hidden_path(f"{extra}rooms.json"), len(new.rooms))] if new.rooms else []),
            *(Placeholders("list", hidden_path(path)) for path in self._empty_lists()),
            *(Placeholders("history", hidden_path(path)) for path in new.histories if path not in self._restored),
            *(Placeholders("file", hidden_path(path)) for path in new.files),
        ]
        return Salvaged(
            report,
            damages=[(CODES[damage.kind], damage.message) for damage in self.survey.damages],
            whole=self.saved.whole,
            altered=self.survey.altered,
            partly=list(self.saved.partly.values()),
            lost=list(self.saved.lost.values()),
            skipped=self.survey.skipped,
            restored=[Restored(hidden_path(path), count) for path, count in self._restored.items()],
            made_up=made_up,
            left_out=self.saved.left_out,
        )

    def _empty_lists(self) -> Iterator[str]:
        """Yield the paths of lists of users and rooms that are lost, and of which no record is known."""
        for name, ids in ((USERS, self.additions.users), (ROOMS, self.additions.rooms)):
            path = f"{self.export.layout.extra}{name}.json"
            if not ids and path not in self.export.layout.members:
                yield path

    def _new_entries(self, written: set[str]) -> Iterator[Entry]:
        """Yield the members that are made up, but for those whose records were written behind saved ones."""
        extra = self.export.layout.extra
        for name, ids in ((USERS, self.additions.users), (ROOMS, self.additions.rooms)):
            path = f"{extra}{name}.json"
            if path not in written and (ids or path not in self.export.layout.members):
                yield from spooled(path, _array(self._records_behind(path)))
        for path in self._restored:
            if path not in written:
                yield from spooled(path, _array(self._records_behind(path)))
        for path in self.additions.histories:
            if path not in written and path not in self._restored:
                yield Entry(path, 2, [b"[]"])
        for path in self.additions.files:
            yield Entry(path, 0)

    def _records_behind(self, path: str) -> Iterator[bytes]:
        """Yield the texts of the records that are added to a data file."""
        dialect = self.export.layout.dialect.name
        if path == f"{self.export.layout.extra}users.json":
            yield from user_records(self.additions.users, self.saved.people.names, dialect)
        elif path == f"{self.export.layout.extra}rooms.json":
            yield from room_records(self.additions.rooms, dialect)
        elif path in self._restored and (user := owner_of(path)) is not None:
            yield from self.copies.of(user, newest_first=dialect != HC_MIGRATE)

    @cached_property
    def _restored(self) -> dict[str, int]:
        """The number of copies for each history of a user that gets some, by its path.

        The history of a deleted user, which exporters leave out, is not made up.
        """
        restored = {}
        added = frozenset(self.additions.users)
        for user, count in self.copies.users():
            path = self.export.history_of(USERS, user)
            is_known = user in self.export.names["user"] or user in added
            is_missing = path not in self.export.layout.members and not self.export.index.users.get(user)
            if is_known and (is_missing or path in self.saved.paths):
                restored[path] = count
        return restored


def _array(records: Iterator[bytes]) -> Iterator[bytes]:
    opening = b"["
    for record in records:
        yield opening + record
        opening = b","
    yield b"]" if opening == b"," else b"[]"
