"""Collects the users and rooms of an archive, and chooses the directory that holds the export."""

from collections.abc import Sequence
from typing import Any

import msgspec

from hcfmt.check.export_directory import choose_directory, several_exports
from hcfmt.check.reading import DataFile
from hcfmt.container import Archive
from hcfmt.container.budget import MIB
from hcfmt.errors import Defect, Fault, UsageError
from hcfmt.export.dialects import NEEDED, TITLES
from hcfmt.export.layout import REQUIRED, Kind
from hcfmt.findings import Flaw
from hcfmt.reader.passes import Make, RecordPass, Settings
from hcfmt.reader.people import People, make_room, make_user, read_date
from hcfmt.reader.problems import Problems
from hcfmt.reader.records import User

HELD = 64 * MIB  # bytes of users and rooms, as JSON, that are held in memory
_TOO_MUCH = Defect("budget-exceeded", f"All users and rooms together take more than {HELD >> 20} MiB of JSON.")
_REPEATED = "A record before this one has the same id, and is the one that was read."


class FirstPass:
    """Reads users and rooms once, in whatever order and directory they are: call ``run``, then ``people``.

    ``directory`` is the extra directory that holds the export, with its slash, "" for none. ``dialect`` is that
    of its users or rooms, None where nothing shows it.
    """

    def __init__(self, settings: Settings) -> None:
        """Begin with nothing."""
        self.directory = ""
        self.dialect: str | None = None
        self.problems = Problems(settings.context, strict=False)
        self._settings = settings
        self._users: dict[str, list[User | None]] = {}  # by extra directory
        self._rooms: dict[str, list[Any]] = {}  # as they are written, since users may come later
        self._dialects: dict[str, str] = {}  # by extra directory
        self._held = 0

    def run(self, archive: Archive) -> None:
        """Read an archive up to where users and rooms are known.

        Raises Fault and UsageError for an archive without an export that can be read.
        """
        records = RecordPass[object](self._settings, self.problems, self._choose, enough=frozenset(REQUIRED))
        for file, values in records.values(archive):
            found: dict[str, list[Any]] = self._users if file.row.kind is Kind.USERS else self._rooms
            found.setdefault(file.extra, []).extend(values)
            if dialect := file.slicer.origin.dialect:
                self._dialects.setdefault(file.extra, dialect)
        if not records.directories:
            raise _no_export(archive)
        directory = choose_directory(records.directories, records.members)
        if directory is None:
            defect = several_exports(records.directories)
            text_of = self._settings.context.redaction.text
            raise Fault(defect.kind, Flaw(defect.message, defect.values).sentence(text_of))
        for name in REQUIRED:
            if dialect := records.unchecked.get(directory + name):
                raise UsageError(f"{archive.name}: {TITLES[dialect]} wrote it. {NEEDED.get(dialect, '')}".rstrip())
        self.directory, self.dialect = directory, self._dialects.get(directory)
        self.problems.keep_below(directory)

    def people(self) -> People:
        """Return the users and rooms of the export, and add problems of references between them."""
        people = People()
        for index, user in enumerate(self._users.get(self.directory, ())):
            if user is not None and not people.add_user(user):
                self._add_repeated("HC420", f"{self.directory}users.json", index)
        for people.index, record in enumerate(self._rooms.get(self.directory, ())):
            if record is not None and not people.add_room(make_room(record, people)):
                self._add_repeated("HC421", f"{self.directory}rooms.json", people.index)
        self.problems.add_unresolved(people.unresolved, f"{self.directory}rooms.json")
        people.unresolved.clear()
        return people

    def _choose(self, file: DataFile) -> Make[Any] | None:
        return {Kind.USERS: self._make_users, Kind.ROOMS: self._hold_rooms}.get(file.row.kind)

    def _make_users(self, wrappers: Sequence[Any], _: int) -> list[User | None]:
        users = [make_user(wrapper.User) if wrapper else None for wrapper in wrappers]
        self._hold(wrappers)
        return users

    def _hold_rooms(self, wrappers: Sequence[Any], _: int) -> list[Any]:
        for wrapper in wrappers:
            if wrapper:
                read_date(wrapper.Room.created)
        self._hold(wrappers)
        return [wrapper.Room if wrapper else None for wrapper in wrappers]

    def _hold(self, wrappers: Sequence[Any]) -> None:
        """Count what is held in memory. Raises Fault beyond the limit."""
        self._held += len(msgspec.json.encode(wrappers))
        if self._held > HELD:
            raise Fault(_TOO_MUCH.kind, _TOO_MUCH.message)

    def _add_repeated(self, code: str, member: str, index: int) -> None:
        self.problems.add_flaw(code, Flaw(_REPEATED, path=()), member, index)


def _no_export(archive: Archive) -> Fault | UsageError:
    """Return the error of an archive in which no data file was found."""
    if archive.fault:
        return Fault.of(archive.fault)
    return UsageError(f"{archive.name}: holds no export: no member is a data file, such as users.json.")
