"""The store as the operations see it: records by id, by name and by page; writes; files; the present state."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, Self

from hcfmt.export.writer import Entry
from hcfmt.server.store import avatars, files, keeping, messages, tables
from hcfmt.server.store.appending import append
from hcfmt.server.store.database import Database
from hcfmt.server.store.exporting import entries
from hcfmt.server.store.resetting import reset
from hcfmt.server.store.values import Chat, Message, Record, StoredFile, Upload


class Store:
    """What is served; made by ``open_store``, closed by ``close`` or its ``with`` block. Any thread may use it.

    Every reading method sees what was written before it was called. Every writing method is one transaction: when it
    has returned, all of it is written; when it raises, nothing is. ``transaction`` makes several calls one.
    Records are the export's own (``hcfmt.server.store.values.Record``), given as fresh dicts that callers may change.
    Ids are integers, times microseconds since 1970 UTC. The letter case of names is ignored as ``str.casefold`` ignores
    it, unless somebody has the very name. All methods raise UsageError once the store is closed, and where its file
    turns out to be damaged.
    """

    def __init__(self, database: Database, left_out: Mapping[str, int], release: Callable[[], None]) -> None:
        """Take what was opened, and what lets go of its file after it was closed; ``left_out`` as it was counted."""
        self.left_out = left_out
        """What the archive held that cannot be served, by what it is, with counts; empty for a sound archive."""
        self._database = database
        self._release = release
        self._reading = database.reading
        self._writing = database.writing

    def close(self) -> None:
        """Close the store; a temporary one is removed. It may not be used afterwards; closing twice is harmless."""
        self._database.close()
        self._release()

    def __enter__(self) -> Self:
        """Return the store itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def transaction(self) -> AbstractContextManager[object]:
        """Make what is read and written in the block one transaction; an exception undoes it all.

        Blocks may be nested; the outermost one counts. Other threads' writes wait meanwhile, reads do not.
        """
        return self._writing()

    # People.

    def user(self, user_id: int) -> Record | None:
        """Return a user's record by id, deleted ones too."""
        with self._reading() as db:
            return tables.by_id(db, "person", user_id)

    def find_user(self, key: str) -> Record | None:
        """Return a user's record by id in digits, e-mail address, or mention name with or without @, in this order.

        A user who was deleted is found only where nobody else goes by that id, address or name.
        """
        with self._reading() as db:
            return tables.find(db, "person", key, *tables.person_name(key))

    def users(self, *, start: int = 0, size: int = 100, guests: bool = False, deleted: bool = False) -> list[Record]:
        """Return a page of users by ascending id; guests and deleted users only where asked for."""
        with self._reading() as db:
            return tables.page(db, "person", start, size, guest=guests, deleted=deleted)

    def add_user(self, record: Record) -> Record:
        """Write a new user and return the record with its ``id`` set, which is above all that were ever used here."""
        with self._writing() as db:
            return tables.add(db, "person", record)

    def put_user(self, record: Record) -> None:
        """Write a user's record in place of the one with its ``id``; KeyError where there is none."""
        with self._writing() as db:
            tables.update(db, "person", record)

    def put_avatar(self, user_id: int, extension: str, data: bytes) -> None:
        """Give a user another photo, in all sizes that an export has; KeyError where there is no such user."""
        with self._writing() as db:
            avatars.put(db, user_id, extension, data)

    def drop_avatar(self, user_id: int) -> None:
        """Take a user's photo away, in all its sizes; KeyError where there is no such user."""
        with self._writing() as db:
            avatars.drop(db, user_id)

    # Rooms.

    def room(self, room_id: int) -> Record | None:
        """Return a room's record by id, archived and deleted ones too."""
        with self._reading() as db:
            return tables.by_id(db, "room", room_id)

    def find_room(self, key: str) -> Record | None:
        """Return a room's record by id in digits, or by name; an id wins. Deleted ones too, but others before them."""
        with self._reading() as db:
            return tables.find(db, "room", key, ("name",), key)

    def has_room_named(self, name: str, *, besides: int | None = None) -> bool:
        """Whether a room that is not deleted has a name, besides the one with an id."""
        with self._reading() as db:
            return tables.is_named(db, "room", "name", name, besides)

    def rooms(
        self, *, start: int = 0, size: int = 100, private: bool = True, archived: bool = False, deleted: bool = False
    ) -> list[Record]:
        """Return a page of rooms by ascending id; private, archived and deleted ones only where asked for."""
        with self._reading() as db:
            return tables.page(db, "room", start, size, private=private, archived=archived, deleted=deleted)

    def room_members(self, room_id: int) -> list[Record]:
        """Return the users whom a room's ``members`` name, in that order; unknown ids are left out."""
        with self._reading() as db:
            room = tables.by_id(db, "room", room_id)
            return tables.people(db, room.get("members")) if room else []

    def add_room(self, record: Record) -> Record:
        """Write a new room and return the record with its ``id`` set, which is above all that were ever used here."""
        with self._writing() as db:
            return tables.add(db, "room", record)

    def put_room(self, record: Record) -> None:
        """Write a room's record in place of the one with its ``id``; KeyError where there is none."""
        with self._writing() as db:
            tables.update(db, "room", record)

    def room_avatar(self, room_id: int) -> str | None:
        """Return the path of the picture that somebody gave a room here, None for none: no archive has one."""
        with self._reading() as db:
            return avatars.of_room(db, room_id)

    def put_room_avatar(self, room_id: int, extension: str, data: bytes) -> None:
        """Give a room another picture, which no export holds; KeyError where there is no such room."""
        with self._writing() as db:
            avatars.put_of_room(db, room_id, extension, data)

    def drop_room_avatar(self, room_id: int) -> None:
        """Take a room's picture away."""
        with self._writing() as db:
            avatars.drop_of_room(db, room_id)

    # Emoticons, and what clients open.

    def emoticons(self, *, start: int = 0, size: int = 100) -> list[Record]:
        """Return a page of emoticons by ascending ``ID``."""
        with self._reading() as db:
            return tables.page(db, "emoticon", start, size)

    def find_emoticon(self, key: str) -> Record | None:
        """Return an emoticon by its ``ID`` in digits, or by its shortcut; an id wins."""
        with self._reading() as db:
            return tables.find(db, "emoticon", key, ("shortcut",), key)

    def autojoins(self, user_id: int) -> list[Any] | None:
        """Return what a user's client opens at its start (schemas/embedded/autojoin-data); None where not told."""
        with self._reading() as db:
            return tables.autojoins(db, user_id)

    # Messages.

    def history(
        self,
        chat: Chat,
        *,
        newest: int | None = None,
        oldest: int | None = None,
        start: int = 0,
        size: int = 100,
        deleted: bool = True,
    ) -> list[Message]:
        """Return a page of a chat's messages, the newest first; ``start`` counts from the newest backwards.

        Only messages with ``oldest <= time < newest`` count, both in microseconds since 1970 UTC; without ``deleted``
        those that were deleted do not. It costs the same at any depth. A chat that nobody wrote in is empty.
        """
        with self._reading() as db:
            return messages.history(db, chat, newest=newest, oldest=oldest, start=start, size=size, deleted=deleted)

    def count_history(
        self, chat: Chat, *, newest: int | None = None, oldest: int | None = None, deleted: bool = True
    ) -> int:
        """Return how many messages the pages of ``history`` hold together; it costs no more than one of them."""
        with self._reading() as db:
            return messages.count(db, chat, newest=newest, oldest=oldest, deleted=deleted)

    def latest(
        self, chat: Chat, *, size: int = 75, not_before: str | None = None, deleted: bool = True
    ) -> list[Message] | None:
        """Return the last messages of a chat, the newest first, none older than the one whose id is ``not_before``.

        None where the chat has no message of that id.
        """
        with self._reading() as db:
            return messages.latest(db, chat, size=size, not_before=not_before, deleted=deleted)

    def message(self, chat: Chat, message_id: str) -> Message | None:
        """Return a message of a chat by its id, in any letter case."""
        with self._reading() as db:
            return messages.message(db, chat, message_id)

    def last_time(self, chat: Chat) -> int | None:
        """Return the moment of a chat's newest message in microseconds since 1970 UTC, None where there is none."""
        with self._reading() as db:
            number = messages.chat_id(db, chat)
            return None if number is None else messages.last_time(db, number)

    def last_private(self, user_id: int) -> int | None:
        """Return the moment of the newest private message in a user's history; None where there is none."""
        with self._reading() as db:
            return messages.last_private(db, user_id)

    def append(
        self, chat: Chat | Sequence[Chat], kind: str, record: Record, *, time: int, upload: Upload | None = None
    ) -> Message:
        """Write a message at the end of one chat, or of the two chats that a private message stands in.

        ``kind`` is its wrapper key. ``time`` is when it was sent; where a chat has a message of that moment or later,
        it is moved to a microsecond after that one. The record is complete but for ``timestamp``, which is set here,
        and for what an upload adds: the file is stored below the chat's place in the export under a safe name, and
        ``attachment`` (in private also ``attachment_path``) is set. Raises KeyError for a room or user unknown,
        ValueError for an id that is no UUID or that a chat has already, a kind that its history does not have, a time
        that no calendar has, and text that no JSON can hold (a lone surrogate).
        """
        with self._writing() as db:
            several = [chat] if isinstance(chat, Chat) else chat
            return append(db, several, kind, record, time=time, upload=upload)

    # Files.

    def file(self, path: str) -> StoredFile | None:
        """Return a stored file by its path below the export's directory ("rooms/7/files/..."); the path is a key."""
        with self._reading() as db:
            return files.find(db, "path", path)

    def file_by_id(self, file_id: int) -> StoredFile | None:
        """Return a stored file by its ``id``."""
        with self._reading() as db:
            return files.find(db, "id", file_id)

    def pieces(self, file: StoredFile, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Yield the bytes of a file from offset ``start`` to ``stop`` (default: its end), at most 1 MiB at a time.

        No transaction is open between two pieces. Raises LookupError where a reset or a write took the file away.
        """
        yield from files.pieces(self._reading, file, start, stop)

    # What the server itself keeps: tokens, webhooks, add-ons, sessions; JSON documents of a kind, each under a key.

    def document(self, kind: str, key: str) -> Any:  # noqa: ANN401 - any JSON value
        """Return a document, decoded; None where there is none."""
        with self._reading() as db:
            return keeping.document(db, kind, key)

    def documents(self, kind: str) -> dict[str, Any]:
        """Return all documents of a kind by key, in the order in which their keys were first written."""
        with self._reading() as db:
            return keeping.documents(db, kind)

    def put_document(self, kind: str, key: str, value: Any) -> None:  # noqa: ANN401 - any JSON value
        """Write a document under a key, in place of one that has it."""
        with self._writing() as db:
            keeping.put(db, kind, key, value)

    def add_document(self, kind: str, value: Any) -> int:  # noqa: ANN401 - any JSON value
        """Write a document under a number that its kind never had before, from 1; the key is its digits."""
        with self._writing() as db:
            return keeping.add(db, kind, value)

    def delete_document(self, kind: str, key: str) -> bool:
        """Delete a document; return whether there was one."""
        with self._writing() as db:
            return keeping.delete(db, kind, key)

    # The whole.

    def reset(self) -> None:
        """Go back to what the archive had: whatever was written is gone, the server's own documents too."""
        with self._writing() as db:
            reset(db)

    def export(self) -> Iterator[Entry]:
        """Yield the members of an export of the present state, for ``hcfmt.export.writer`` to write in any form.

        All of it is of one moment, however long it takes and whoever writes meanwhile. Records are those of the
        archive, in its order, with what was written since; files have the paths they had. Valid where the archive was.
        """
        with self._reading() as db:
            yield from entries(db)
