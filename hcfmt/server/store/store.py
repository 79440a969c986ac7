"""The store of one served archive: the class whose methods read and write its records, messages and files."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Self

from hcfmt.export.writer import Entry
from hcfmt.server.store import avatars, documents, exporter, files, message_writer, messages, snapshot, tables
from hcfmt.server.store.chat_reader import ChatReader
from hcfmt.server.store.database import Database
from hcfmt.server.store.file_addresses import file_at
from hcfmt.server.store.message_finder import MessageFinder
from hcfmt.server.store.participants import last_written, of_room
from hcfmt.server.store.values import Chat, Message, Record, StoredFile, Upload


class Store:
    """The data of a served archive, opened by ``open_store``. Any thread may use it.

    A reading method sees everything that was written before its call. A writing method is one transaction: after it
    returns, all of its changes are written; after it raises, none is. ``transaction`` joins several calls.

    Records are those of the export (``hcfmt.server.store.values.Record``), as new dicts that callers may change. Ids
    are integers, times microseconds since 1970 UTC. Names match in any letter case (``str.casefold``), the exact name
    first. All methods raise UsageError once the store is closed, and for a damaged file.
    """

    def __init__(self, database: Database, omissions: Mapping[str, int], release: Callable[[], None]) -> None:
        """Take the open database, the omissions, and the function that releases the file after ``close``."""
        self.omissions = omissions
        """The numbers of things in the archive that the store omits, by description; empty for a valid archive."""
        self.chats = ChatReader(database.reading)
        """Reads chats as a page shows them."""
        self.finder = MessageFinder(database.reading)
        """Finds messages by their words."""
        self._database = database
        self._release = release
        self._reading = database.reading
        self._writing = database.writing

    def close(self) -> None:
        """Close the store, and delete a temporary one. A second call does nothing."""
        self._database.close()
        self._release()

    def __enter__(self) -> Self:
        """Return the store itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the store."""
        self.close()

    def transaction(self) -> AbstractContextManager[object]:
        """Join the reads and writes of a block in one transaction, which an exception undoes.

        Writes of other threads wait meanwhile, reads do not. A nested block is committed with the outermost one.
        """
        return self._writing()

    # Users.

    def user(self, user_id: int) -> Record | None:
        """Return a user's record by id; deleted users too."""
        with self._reading() as db:
            return tables.by_id(db, "user", user_id)

    def find_user(self, key: str) -> Record | None:
        """Return a user's record by id in digits, else e-mail address, else mention name; deleted users last."""
        with self._reading() as db:
            return tables.find(db, "user", key, *tables.user_name(key))

    def users(self, *, start: int = 0, size: int = 100, guests: bool = False, deleted: bool = False) -> list[Record]:
        """Return a page of users by ascending id; without guests and deleted users unless included."""
        with self._reading() as db:
            return tables.page(db, "user", start, size, guest=guests, deleted=deleted)

    def add_user(self, record: Record) -> Record:
        """Write a new user, and return the record with its new ``id``, which is above all others."""
        with self._writing() as db:
            return tables.add(db, "user", record)

    def put_user(self, record: Record) -> None:
        """Write a user's record in place of the record of its ``id``; raises KeyError for an unknown id."""
        with self._writing() as db:
            tables.update(db, "user", record)

    def put_avatar(self, user_id: int, extension: str, data: bytes) -> None:
        """Replace a user's photo, in all sizes that an export has; raises KeyError for an unknown user."""
        with self._writing() as db:
            avatars.put(db, user_id, extension, data)

    def delete_avatar(self, user_id: int) -> None:
        """Delete a user's photo, in all sizes; raises KeyError for an unknown user."""
        with self._writing() as db:
            avatars.delete(db, user_id)

    # Rooms.

    def room(self, room_id: int) -> Record | None:
        """Return a room's record by id; archived and deleted rooms too."""
        with self._reading() as db:
            return tables.by_id(db, "room", room_id)

    def find_room(self, key: str) -> Record | None:
        """Return a room's record by id in digits, else by name; a deleted room only if no other matches."""
        with self._reading() as db:
            return tables.find(db, "room", key, ("name",), key)

    def has_room_named(self, name: str, *, besides: int | None = None) -> bool:
        """Whether a room that is not deleted has a name, other than the room of the id ``besides``."""
        with self._reading() as db:
            return tables.has_name(db, "room", "name", name, besides)

    def rooms(
        self, *, start: int = 0, size: int = 100, private: bool = True, archived: bool = False, deleted: bool = False
    ) -> list[Record]:
        """Return a page of rooms by ascending id, without private, archived and deleted rooms unless included."""
        with self._reading() as db:
            return tables.page(db, "room", start, size, private=private, archived=archived, deleted=deleted)

    def room_members(self, room_id: int) -> list[Record]:
        """Return the users of a room's ``members``, in that order, without unknown ids."""
        with self._reading() as db:
            room = tables.by_id(db, "room", room_id)
            return tables.users_of(db, room.get("members")) if room else []

    def participants(self, room_id: int) -> list[int]:
        """Return the ids of those who open a room at start or wrote in it, in order and without deleted users."""
        with self._reading() as db:
            return of_room(db, room_id)

    def add_room(self, record: Record) -> Record:
        """Write a new room, and return the record with its new ``id``, which is above all others."""
        with self._writing() as db:
            return tables.add(db, "room", record)

    def put_room(self, record: Record) -> None:
        """Write a room's record in place of the record of its ``id``; raises KeyError for an unknown id."""
        with self._writing() as db:
            tables.update(db, "room", record)

    def room_avatar(self, room_id: int | None) -> str | None:
        """Return the path of a room's picture, or of the group's for None; no archive has any, and None is none."""
        with self._reading() as db:
            return avatars.of_room(db, room_id)

    def put_room_avatar(self, room_id: int | None, extension: str, data: bytes) -> None:
        """Replace the picture of a room, or of the group for None; raises KeyError for an unknown room."""
        with self._writing() as db:
            avatars.put_of_room(db, room_id, extension, data)

    def delete_room_avatar(self, room_id: int | None) -> None:
        """Delete the picture of a room, or of the group for None."""
        with self._writing() as db:
            avatars.delete_of_room(db, room_id)

    # Emoticons and autojoins.

    def emoticons(self, *, start: int = 0, size: int = 100) -> list[Record]:
        """Return a page of emoticons by ascending ``ID``."""
        with self._reading() as db:
            return tables.page(db, "emoticon", start, size)

    def find_emoticon(self, key: str) -> Record | None:
        """Return an emoticon by its ``ID`` in digits, else by its shortcut."""
        with self._reading() as db:
            return tables.find(db, "emoticon", key, ("shortcut",), key)

    def autojoins(self, user_id: int) -> list[Any] | None:
        """Return the chats that a user's client opens at start (schemas/embedded/autojoin-data); None if unknown."""
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
        """Return a page of a chat's messages, newest first: ``size`` messages after the ``start`` newest ones.

        The messages are those of ``oldest <= time < newest``, in microseconds since 1970 UTC, with deleted messages
        unless ``deleted`` is false. The cost is the same at any depth. An unknown chat has no messages.
        """
        with self._reading() as db:
            return messages.history(db, chat, newest=newest, oldest=oldest, start=start, size=size, deleted=deleted)

    def count_history(
        self, chat: Chat, *, newest: int | None = None, oldest: int | None = None, deleted: bool = True
    ) -> int:
        """Return the number of messages in all pages of ``history``, at no more than the cost of one page."""
        with self._reading() as db:
            return messages.count(db, chat, newest=newest, oldest=oldest, deleted=deleted)

    def latest(
        self, chat: Chat, *, size: int = 75, not_before: str | None = None, deleted: bool = True
    ) -> list[Message] | None:
        """Return a chat's newest messages, newest first, none older than ``not_before``; None for an unknown id."""
        with self._reading() as db:
            return messages.latest(db, chat, size=size, not_before=not_before, deleted=deleted)

    def message(self, chat: Chat, message_id: str) -> Message | None:
        """Return a message of a chat by its id, in any letter case."""
        with self._reading() as db:
            return messages.message(db, chat, message_id)

    def last_time(self, chat: Chat) -> int | None:
        """Return the time of a chat's newest message, None for a chat without messages."""
        with self._reading() as db:
            return messages.last_time(db, messages.find_chat(db, chat))

    def last_written(self, user_id: int) -> int | None:
        """Return the time of the newest message that a user wrote, in a room or to another user; None for none."""
        with self._reading() as db:
            return last_written(db, user_id)

    def append(
        self, chat: Chat | Sequence[Chat], kind: str, record: Record, *, time: int, upload: Upload | None = None
    ) -> Message:
        """Write a message at the end of one chat, or of the two chats of a private message, and return it.

        ``kind`` is the wrapper key. ``time`` is the time of sending; if a chat has a message of that time or later, the
        message gets the microsecond after it. ``record`` is complete but for ``timestamp``, which this method sets.

        An upload is stored below the first chat's directory in the export, under a safe name, and the record gets
        ``attachment`` (and ``attachment_path`` in a private chat).

        Raises KeyError for an unknown room or user; ValueError for an id that is no UUID or that a chat already has, a
        kind that the history does not have, a time outside the calendar, and text that JSON cannot hold (a lone
        surrogate).
        """
        with self._writing() as db:
            chats = [chat] if isinstance(chat, Chat) else chat
            return message_writer.append(db, chats, kind, record, time=time, upload=upload)

    # Files.

    def file(self, path: str) -> StoredFile | None:
        """Return a stored file by its path below the export's directory, which is a key, or HipChat's address of it."""
        with self._reading() as db:
            return file_at(db, path)

    def file_by_id(self, file_id: int) -> StoredFile | None:
        """Return a stored file by its ``id``."""
        with self._reading() as db:
            return files.find(db, "id", file_id)

    def read_file(self, file: StoredFile, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Yield the bytes of a file from offset ``start`` to ``stop`` (default: its end), at most 1 MiB at a time.

        Each part is read in a transaction of its own. Raises LookupError if a reset or a write deleted the file.
        """
        yield from files.read(self._reading, file, start, stop)

    # The server's own JSON documents (tokens, webhooks, add-ons, sessions), each of a kind and under a key.

    def document(self, kind: str, key: str) -> Any:  # noqa: ANN401 - any JSON value
        """Return a document's value, None for an unknown key."""
        with self._reading() as db:
            return documents.document(db, kind, key)

    def documents(self, kind: str) -> dict[str, Any]:
        """Return all documents of a kind by key, in the order of their first writing."""
        with self._reading() as db:
            return documents.documents(db, kind)

    def put_document(self, kind: str, key: str, value: Any) -> None:  # noqa: ANN401 - any JSON value
        """Write a document under a new key, or in place of the key's document."""
        with self._writing() as db:
            documents.put(db, kind, key, value)

    def add_document(self, kind: str, value: Any) -> int:  # noqa: ANN401 - any JSON value
        """Write a document under a new number, from 1 in each kind, and return the number; a reset starts again."""
        with self._writing() as db:
            return documents.add(db, kind, value)

    def delete_document(self, kind: str, key: str) -> bool:
        """Delete a document; return whether it existed."""
        with self._writing() as db:
            return documents.delete(db, kind, key)

    # The whole store.

    def reset(self) -> None:
        """Restore the state of the archive: delete everything that was written since, the server's documents too."""
        with self._writing() as db:
            snapshot.restore(db)

    def export(self) -> Iterator[Entry]:
        """Yield the members of an export of the present state, for ``hcfmt.export.writer`` to write in any form.

        All members show the state at the beginning, whatever is written meanwhile. Records and messages have the order
        of the archive, new ones follow; files keep their paths. The export of a valid archive is valid.
        """
        with self._reading() as db:
            yield from exporter.entries(db, self._database.directory)
