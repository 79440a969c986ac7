"""Loads an archive into a store in one pass, with its members in any order, and counts what it omits."""

import sqlite3
from collections import Counter
from collections.abc import Callable

from hcfmt.container import Archive, Budget, Member, MemberKind
from hcfmt.errors import Fault, UsageError
from hcfmt.export.dialect_reading import stored_path
from hcfmt.export.jsontext import SAFE_INTEGER, SPACE
from hcfmt.export.layout import Kind, MemberLayout, canonical, extra_directory, layout_of
from hcfmt.export.slices import Slice, Slicer
from hcfmt.server.store import emoticons, files, participants, search_index
from hcfmt.server.store.decoder import HistoryDecoder
from hcfmt.server.store.file_names import is_unsafe, type_of
from hcfmt.server.store.history_loader import HistoryLoader
from hcfmt.server.store.partition import Partition
from hcfmt.server.store.record_loader import RecordLoader

_DIRECTORIES = {Kind.ROOM_HISTORY: "rooms", Kind.USER_HISTORY: "users"}
_HISTORIES = (("rooms", "room", "room"), ("users", "owner", "user"))  # directory, column of chat, table
_ADD_HISTORY = "INSERT OR IGNORE INTO history SELECT ?, ?, coalesce(max(position), 0) FROM message"
_EMPTY_HISTORY = b"null"  # besides a list without a message
_DATA_TABLES = (
    "user",
    "room",
    "emoticon",
    "autojoin",
    "data_file",
    "history",
    "skipped",
    "chat",
    "message",
    "participant",
)
_SEPARATOR = "/"  # after an extra directory, which ends in "/" too: only there a stored file's path has "//"
_UNKNOWN = "{column} IS NOT NULL AND {column} NOT IN (SELECT id FROM {table})"
_DELETE_MESSAGES = f"DELETE FROM message WHERE chat IN (SELECT id FROM chat WHERE {_UNKNOWN})"  # noqa: S608 - constants
_DELETE_CHATS = f"DELETE FROM chat WHERE {_UNKNOWN}"  # noqa: S608 - the same
_DELETE_HISTORIES = "DELETE FROM history WHERE directory = ? AND id NOT IN (SELECT id FROM {table})"
_DELETE_OTHER_FILES = "DELETE FROM file WHERE CASE ? WHEN '' THEN instr(path, '//') ELSE substr(path, 1, ?) <> ? END"


class Loader:
    """Loads one partition of an archive: call ``load``, then for the first partition ``finish``.

    The first partition has all members that are no histories. ``omissions`` counts what is omitted, by description.
    """

    def __init__(self, db: sqlite3.Connection, budget: Budget, partition: Partition) -> None:
        """Take an empty store, the limits, and the partition."""
        self.omissions: Counter[str] = Counter()
        self._db = db
        self._budget = budget
        self._partition = partition
        self._directory: str | None = None  # of the export, below the root of the archive
        self._other_directories: set[str] = set()
        self._loaded: set[Kind] = set()

    def load(self, archive: Archive, watch: Callable[[str], object] = str) -> None:
        """Load every member, after calling ``watch`` with its path. Raises Fault if the archive ends early."""
        try:
            for member in archive.members():
                watch(member.path)
                self._load_member(member)
        except Fault as fault:
            raise _first_fault(archive, fault) from None
        if archive.fault:
            raise _first_fault(archive, None)

    def _load_member(self, member: Member) -> None:
        if member.kind is MemberKind.DIRECTORY:
            return
        if member.kind is not MemberKind.FILE or is_unsafe(member.path):
            self._omit_member("links and unsafe members")
            return
        path = canonical(member.path)
        directory = extra_directory(path)
        path = path.removeprefix(directory)
        layout = layout_of(path)
        if layout is None:
            self._omit_member("members of unknown paths")
        elif layout.schema is None:
            self._load_stored_file(directory, path, member)
        elif not self._is_in_export(directory):
            self._omit_member("data files outside the export")
        elif layout.kind in _DIRECTORIES:
            self._load_history(path, layout, member)
        elif self._partition.is_first:
            self._load_data_file(path, layout, member)

    def _omit_member(self, description: str) -> None:
        """Count a member that belongs to no partition, once for all of them."""
        self.omissions[description] += self._partition.is_first

    def _is_in_export(self, directory: str) -> bool:
        """Whether a directory ("": the root) is the export's: the root if it has data files, else the first one."""
        if self._directory is None or (directory == "" != self._directory):
            self._other_directories |= set() if self._directory is None else {self._directory}
            self._delete_data()
            self._directory = directory
        if directory != self._directory:
            self._other_directories.add(directory)
        return directory == self._directory

    def _delete_data(self) -> None:
        for table in _DATA_TABLES:
            self._db.execute(f"DELETE FROM {table}")  # noqa: S608 - fixed names
        search_index.clear(self._db)
        self._loaded.clear()

    def _load_stored_file(self, directory: str, path: str, member: Member) -> None:
        if not self._partition.is_first:
            return
        key = _prefix(directory) + stored_path(path)
        if files.find(self._db, "path", key):
            self.omissions["files with a repeated path"] += 1
            return
        first_chunk, size = files.add_chunks(self._db, member.chunks)
        files.add_file(self._db, key, type_of(path), first_chunk, size)

    def _load_data_file(self, path: str, layout: MemberLayout, member: Member) -> None:
        if layout.kind in self._loaded:
            self.omissions["repeated data files"] += 1
            return
        self._loaded.add(layout.kind)
        records = RecordLoader(self._db, layout, self.omissions, _prefix(self._directory or ""))
        self._load_slices(path, layout, member, records.add)

    def _load_history(self, path: str, layout: MemberLayout, member: Member) -> None:
        directory, key = _DIRECTORIES[layout.kind], int(path.split("/")[1])
        if not self._partition.contains(directory, key, member.size):
            return
        if key > SAFE_INTEGER:
            self.omissions["data files outside the export"] += 1
            return
        if not self._db.execute(_ADD_HISTORY, (directory, key)).rowcount:
            self.omissions["repeated data files"] += 1
            self._db.execute("UPDATE history SET before = NULL WHERE directory = ? AND id = ?", (directory, key))
            return
        owner, room = (key, None) if directory == "users" else (None, key)
        decoder = HistoryDecoder(layout.wrappers, owner)
        history = HistoryLoader(self._db, self._budget, room=room, owner=owner)

        index = 0

        def add(slice_: Slice) -> int | None:
            nonlocal index
            batches, rest = decoder.decode(slice_)
            for batch in batches:
                if batch is None:
                    self.omissions["unreadable messages"] += 1
                    history.skip(index)
                else:
                    history.add(batch, index)
                index += 1 if batch is None else len(batch.ids)
            return rest

        self._load_slices(path, layout, member, add)
        history.finish()
        self.omissions["messages with a repeated id"] += history.repeated

    def _load_slices(self, path: str, layout: MemberLayout, member: Member, add: Callable[[Slice], int | None]) -> None:
        """Call ``add`` with every slice of a data file; it returns the offset of a record that the slice cuts."""
        slicer = Slicer(path, layout, member.chunks, self._budget)
        while slice_ := slicer.next_slice():
            self._budget.spend_time()
            if layout.kind in _DIRECTORIES and slice_.ended and slice_.text.strip(SPACE) == _EMPTY_HISTORY:
                return
            if layout.wrappers and not slice_.listed:
                self.omissions["unreadable data files"] += 1
                return
            rest = add(slice_)
            if rest is not None:
                slicer.unread(slice_, rest, [])

    def finish(self) -> None:
        """Delete what is not the export's. Raises UsageError for an archive with no export, or with several."""
        if self._directory is None:
            raise UsageError("The archive holds no export: it has no data file, such as users.json.")
        if self._directory and self._other_directories:
            raise UsageError("Several directories of the archive have the data files of an export; serve one of them.")
        prefix = _prefix(self._directory)
        other_files = self._db.execute(_DELETE_OTHER_FILES, (prefix, len(prefix), prefix)).rowcount
        self.omissions["files outside the export"] += other_files
        self._db.execute("UPDATE file SET path = substr(path, ?)", (len(prefix) + 1,))
        emoticons.measure(self._db)
        for directory, column, table in _HISTORIES:
            messages = self._db.execute(_DELETE_MESSAGES.format(column=column, table=table)).rowcount
            self.omissions[f"messages of unknown {directory}"] += messages
            self._db.execute(_DELETE_CHATS.format(column=column, table=table))
            histories = self._db.execute(_DELETE_HISTORIES.format(table=table), (directory,)).rowcount
            self.omissions[f"histories of unknown {directory}"] += histories
        participants.finish(self._db)
        self.omissions = +self.omissions


def _prefix(directory: str) -> str:
    """Return what the paths of stored files below a directory begin with until the loading ends."""
    return directory + _SEPARATOR if directory else ""


def _first_fault(archive: Archive, fault: Fault | None) -> Fault:
    """Return the archive's own fault, the cause of later ones, or else ``fault``."""
    defect = archive.fault or (fault.defect if fault else None)
    assert defect  # noqa: S101 - the caller has one of both
    return Fault(defect.kind, defect.message, defect.byte)
