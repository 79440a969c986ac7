"""An open export, whose users, rooms, messages and files are read as typed records."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from functools import cached_property, partial
from types import TracebackType
from typing import Any, BinaryIO, Self, TypeVar, cast

from hcfmt.check.reading import DataFile
from hcfmt.errors import Fault, UsageError
from hcfmt.export.dialects import HC_MIGRATE
from hcfmt.export.layout import Kind, canonical
from hcfmt.export.records import LISTS
from hcfmt.export.references import owner_of
from hcfmt.export.schemas import DIALECTS
from hcfmt.findings import Finding
from hcfmt.reader.choice import Choice, find, id_of
from hcfmt.reader.first_pass import FirstPass
from hcfmt.reader.inputs import Input
from hcfmt.reader.messages import History
from hcfmt.reader.passes import Choose, Make, RecordPass, Settings
from hcfmt.reader.people import make_autojoin, make_emoticon
from hcfmt.reader.problems import Problems
from hcfmt.reader.records import AutoJoin, Emoticon, Message, PrivateUserMessage, Room, RoomMessage, User
from hcfmt.reader.stored_files import StoredFile, find_file, open_chunks, stored_files

Value = TypeVar("Value")


class Export:
    """An open export. Each call of ``messages``, ``private_messages`` and ``files`` is a pass over the archive.

    Passes may overlap, and may be left early. ``name`` is that of the input, ``dialect`` is hc-migrate, server or
    cloud. Records are frozen structs of ``hcfmt.reader.records``.
    """

    def __init__(self, source: Input, settings: Settings, *, strict: bool) -> None:
        """Read users and rooms; ``open_export`` calls it."""
        self._source = source
        self._settings = settings
        self._problems = Problems(settings.context, strict=strict)
        first = FirstPass(settings)
        with source.archive() as archive:
            self.name = archive.name
            first.run(archive)
        self._people = first.people()
        self._directory = first.directory
        self.dialect = first.dialect or HC_MIGRATE
        self._problems.add_all(first.problems)

    def __enter__(self) -> Self:
        """Return the export itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the export."""
        self.close()

    def close(self) -> None:
        """End every pass, and delete the copy of an input that comes only once."""
        self._source.close()

    @property
    def users(self) -> Sequence[User]:
        """All users, in the order of users.json."""
        return tuple(self._people.users.values())

    @property
    def rooms(self) -> Sequence[Room]:
        """All rooms, in the order of rooms.json, archived and deleted ones too."""
        return tuple(self._people.rooms.values())

    @cached_property
    def emoticons(self) -> Sequence[Emoticon]:
        """All custom emoticons, in the order of emoticons.json."""
        return self._listed("emoticons.json", lambda record, other: make_emoticon(record, self._people, is_other=other))

    @cached_property
    def autojoins(self) -> Sequence[AutoJoin]:
        """The rooms that clients of users open at their start, in the order of autojoins.json."""
        return self._listed("autojoins.json", lambda record, _: make_autojoin(record, self._people))

    @property
    def problems(self) -> Sequence[Finding]:
        """What was skipped or not resolved in the members that were read: the first 100 findings of each rule."""
        return self._problems.kept

    @property
    def problem_counts(self) -> Counter[str]:
        """The number of all problems in the members that were read, by the code of their rule."""
        return self._problems.counts

    def find_room(self, key: int | str) -> Room:
        """Return a room by its id, or by its name or canonical name in any letter case. Raises UsageError."""
        return find("room", key, self._people.rooms, lambda room: (room.name, room.canonical_name))

    def find_user(self, key: int | str) -> User:
        """Return a user by id, or by mention name, name or e-mail address in any letter case. Raises UsageError."""
        return find("user", key, self._people.users, lambda user: (user.mention_name, user.name, user.email))

    def messages(
        self,
        *,
        room: Room | int | None = None,
        user: User | int | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Iterator[RoomMessage]:
        """Yield the messages of all rooms, or of one, in the order of the archive.

        ``user`` is their sender, ``since`` their first instant and ``until`` the one after their last; an id may stand
        for a record. Raises UsageError for an instant without a time zone.
        """
        choice = Choice(id_of(user), since, until)
        return cast("Iterator[RoomMessage]", self._messages(Kind.ROOM_HISTORY, "rooms", id_of(room), choice))

    def private_messages(
        self, user: User | int | None = None, *, since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[PrivateUserMessage]:
        """Yield the private messages in the history of one user, or in the histories of all.

        Each is in the histories of both users; its ``owner`` is the user in whose history it is.
        """
        choice = Choice(None, since, until)
        return cast("Iterator[PrivateUserMessage]", self._messages(Kind.USER_HISTORY, "users", id_of(user), choice))

    def files(self) -> Iterator[StoredFile]:
        """Yield the stored files in the order of the archive: attachments, avatars and emoticons."""
        with self._source.archive() as archive:
            try:
                yield from stored_files(self._settings.events(archive), self._directory, self._problems)
                self._problems.add_losses(archive.defects)
            except Fault as fault:
                self._problems.add_fault(fault.defect)

    def open_file(self, path: str) -> BinaryIO:
        """Open a file of the archive by its path below the export's directory, such as ``message.attachment.file``.

        Of a directory nothing else is read; any other archive is read up to the file, so ``files`` is for many files.
        Raises UsageError where there is no such file, and Fault where the archive cannot be read so far; so does
        reading from it.
        """
        with ExitStack() as stack:
            archive = stack.enter_context(self._source.archive())
            full_path = self._directory + canonical(path)
            archive.look_only_at(full_path)
            chunks = find_file(self._settings.events(archive), full_path)
            if chunks is None:
                raise UsageError(f"{self.name}: has no file {path!r}.")
            close = stack.pop_all().close
        return open_chunks(chunks, close)

    def _messages(self, kind: Kind, tree: str, owner: int | None, choice: Choice) -> Iterator[Message]:
        path = None if owner is None else f"{self._directory}{tree}/{owner}/history.json"

        def choose(file: DataFile) -> Make[Message] | None:
            if file.row.kind is not kind or file.extra != self._directory or path not in {None, file.path}:
                return None
            return partial(self._made, file, History(self._people, file.row.wrappers, owner_of(file.path) or 0))

        messages = self._values(choose, path)
        return messages if choice.takes_all else filter(choice.takes, messages)

    def _made(self, file: DataFile, history: History, wrappers: Sequence[Any], first: int) -> list[Message]:
        """Return the messages of a slice, and add the problem of a history of nobody."""
        messages = history.messages(wrappers, first)
        if messages and (unknown := history.unknown_owner()):
            self._problems.add_flaw(*unknown, file.path)
        return messages

    def _listed(self, name: str, make: Callable[[Any, bool], Value]) -> tuple[Value, ...]:
        """Return the records of a data file that is an object around one list, in some dialects a list."""

        def choose(file: DataFile) -> Make[Value] | None:
            return partial(made, file) if file.path == self._directory + name else None

        def made(file: DataFile, wrappers: Sequence[Any], first: int) -> list[Value]:
            kind, key = LISTS[file.row.schema or ""]
            people, is_other, values = self._people, file.slicer.origin.dialect in DIALECTS, []
            for people.index, wrapper in enumerate(wrappers, first):
                if wrapper is not None:
                    values.append(make(getattr(wrapper, kind), is_other))
            if not is_other:
                people.unresolved = [reference.listed_below(key) for reference in people.unresolved]
            return values

        return tuple(self._values(choose, self._directory + name))

    def _values(self, choose: Choose[Value], path: str | None) -> Iterator[Value]:
        """Yield the values of one pass, which ends after the file of a path; unknown users become problems."""
        enough = () if path is None else (path,)
        records = RecordPass(self._settings, self._problems, choose, directory=self._directory, enough=enough)
        people = self._people
        with self._source.archive() as archive:
            for file, values in records.values(archive):
                unresolved, people.unresolved = people.unresolved, []
                self._problems.add_unresolved(unresolved, file.path)
                yield from values
