"""An archive into a store: one pass, members in any order; what cannot be served is counted and left out."""

import os
import sqlite3
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

from hcfmt.container import Archive, Budget, Member, MemberKind
from hcfmt.errors import Fault, UsageError
from hcfmt.export.jsontext import SAFE_INTEGER
from hcfmt.export.layout import Kind, MemberLayout, canonical, extra_directory, layout_of
from hcfmt.export.records import LISTS
from hcfmt.export.slices import Slice, Slicer
from hcfmt.server.store import files, tables
from hcfmt.server.store.database import APPLICATION, VERSION, closed_on_failure, connect
from hcfmt.server.store.decoder import HistoryDecoder, record_texts
from hcfmt.server.store.history_loader import HistoryLoader
from hcfmt.server.store.share import Share
from hcfmt.server.store.values import Record

_TABLES = {Kind.USERS: "person", Kind.ROOMS: "room", Kind.EMOTICONS: "emoticon", Kind.AUTOJOINS: "autojoin"}
_IDS = {"person": "id", "room": "id", "emoticon": "ID"}
_TREES = {Kind.ROOM_HISTORY: "rooms", Kind.USER_HISTORY: "users"}
_OWNERS = (("rooms", "room", "room"), ("users", "owner", "person"))
_OF_DATA = ("person", "room", "emoticon", "autojoin", "document", "history", "chat", "message")
_BETWEEN = "/"  # between an extra directory, which ends in one too, and a path: nowhere else do two follow each other


# A file that is being filled is worth nothing yet: no journal, no waiting for the disk.
_PRAGMAS = (
    *("page_size = 8192", "journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE"),
    *("cache_size = -8192", "secure_delete = OFF", "temp_store = FILE"),
    *(f"application_id = {APPLICATION}", f"user_version = {VERSION}"),
)


def emptied(path: Path) -> sqlite3.Connection:
    """Make an empty store where there is no file, and open it to be filled, in a transaction."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    db = connect(path)
    with closed_on_failure(db):
        for pragma in _PRAGMAS:
            db.execute(f"PRAGMA {pragma}").close()
        _run_script(db, "schema.sql")
        db.execute("BEGIN")
    return db


def create_indexes(db: sqlite3.Connection) -> None:
    """Create the indexes of the messages when all of them are written; no transaction may be open."""
    _run_script(db, "indexes.sql")


def _run_script(db: sqlite3.Connection, name: str) -> None:
    db.executescript(Path(__file__).with_name(name).read_text(encoding="utf-8"))


class Filling:
    """What one pass collects: ``read`` once, and of the first share ``settle``. ``left_out`` counts what is not served.

    Other shares than the first take nothing but histories, and count nothing else.
    """

    def __init__(self, db: sqlite3.Connection, budget: Budget, share: Share) -> None:
        """Take an empty store, the limits, and which histories to read."""
        self.left_out: Counter[str] = Counter()
        self._db = db
        self._budget = budget
        self._share = share
        self._extra: str | None = None
        self._others: set[str] = set()
        self._read: set[Kind] = set()

    def read(self, archive: Archive, at: Callable[[str], object] = str) -> None:
        """Read every member, of which ``at`` is told the path. Raises Fault where that cannot be done to the end."""
        try:
            for member in archive.members():
                at(member.path)
                self._member(member)
        except Fault as fault:
            raise _told(archive, fault) from None
        if archive.fault:
            raise _told(archive, None)

    def _member(self, member: Member) -> None:
        if member.kind is MemberKind.DIRECTORY:
            return
        if member.kind is not MemberKind.FILE or files.is_unsafe(member.path):
            self._pass_over("links and unsafe members")
            return
        path = canonical(member.path)
        extra = extra_directory(path)
        path = path.removeprefix(extra)
        place = layout_of(path)
        if place is None:
            self._pass_over("members without a place")
        elif place.schema is None:
            self._stored_file(extra, path, member)
        elif not self._belongs(extra):
            self._pass_over("data files elsewhere")
        elif place.kind in _TREES:
            self._history(path, place, member)
        elif self._share.is_first:
            self._data_file(path, place, member)

    def _pass_over(self, what: str) -> None:
        """Leave out a member that is in no share, so that one counts it."""
        self.left_out[what] += self._share.is_first

    def _belongs(self, extra: str) -> bool:
        """Whether the export stands below an extra directory, "" for none: the first one seen, but the root wins."""
        if self._extra is None or (extra == "" != self._extra):
            self._others |= set() if self._extra is None else {self._extra}
            self._start_over()
            self._extra = extra
        if extra != self._extra:
            self._others.add(extra)
        return extra == self._extra

    def _start_over(self) -> None:
        for table in _OF_DATA:
            self._db.execute(f"DELETE FROM {table}")  # noqa: S608 - fixed names
        self._read.clear()

    def _stored_file(self, extra: str, path: str, member: Member) -> None:
        if not self._share.is_first:
            return
        key = extra + _BETWEEN + path if extra else path
        if files.find(self._db, "path", key):
            self.left_out["files of a path that came before"] += 1
            return
        piece, size = files.add_pieces(self._db, member.chunks)
        files.add_file(self._db, key, files.type_of(path), piece, size)

    def _data_file(self, path: str, place: MemberLayout, member: Member) -> None:
        if place.kind in self._read:
            self.left_out["data files that came before"] += 1
        else:
            self._read.add(place.kind)
            slicer = Slicer(path, place, member.chunks, self._budget)
            self._slices(slicer, place, self._listed(place) if place.wrappers else self._document(place))

    def _slices(self, slicer: Slicer, place: MemberLayout, take: Callable[[Slice], int | None]) -> None:
        """Hand on slice by slice; what is returned says where a record begins that goes on in the next."""
        while piece := slicer.next_slice():
            self._budget.spend_time()
            if place.wrappers and not piece.listed:
                self.left_out["data files that cannot be read"] += 1
                return
            rest = take(piece)
            if rest is not None:
                slicer.unread(piece, rest, [])

    def _history(self, path: str, place: MemberLayout, member: Member) -> None:
        tree, number = _TREES[place.kind], int(path.split("/")[1])
        if not self._share.has(tree, number, member.size):
            return
        query = "INSERT OR IGNORE INTO history (tree, id) VALUES (?, ?)"
        if number > SAFE_INTEGER or not self._db.execute(query, (tree, number)).rowcount:
            self.left_out["data files that came before" if number <= SAFE_INTEGER else "data files elsewhere"] += 1
            return
        owner = number if tree == "users" else None
        decoder = HistoryDecoder(place.wrappers, owner)
        history = HistoryLoader(self._db, self._budget, room=number if owner is None else None, owner=owner)

        def take(piece: Slice) -> int | None:
            batches, rest = decoder.decode(piece)
            for batch in batches:
                if batch is None:
                    self.left_out["messages that cannot be read"] += 1
                else:
                    history.add(batch)
            return rest

        self._slices(Slicer(path, place, member.chunks, self._budget), place, take)
        history.finish()
        self.left_out["messages of an id that came before"] += history.repeated

    def _listed(self, place: MemberLayout) -> Callable[[Slice], int | None]:
        """Return what takes the slices of a list of users or rooms."""
        table, (wrapper,) = _TABLES[place.kind], place.wrappers

        def take(piece: Slice) -> int | None:
            texts, rest = record_texts(piece)
            for text in texts:
                value = _value(text)
                self._record(table, value.get(wrapper) if isinstance(value, dict) else None)
            return rest

        return take

    def _document(self, place: MemberLayout) -> Callable[[Slice], int | None]:
        """Return what takes a data file that is one document."""

        def take(piece: Slice) -> int | None:
            if not piece.ended:
                return 0
            value = _value(piece.text)
            if place.schema in LISTS:
                key = LISTS[place.schema][1]
                records = value.get(key) if isinstance(value, dict) else None
                for record in records if isinstance(records, list) else ():
                    self._record(_TABLES[place.kind], record)
                self.left_out["data files that cannot be read"] += not isinstance(records, list)
            elif isinstance(value, dict | list):
                self._db.execute("INSERT INTO document VALUES (?, ?)", (str(place.kind), orjson.dumps(value)))
            else:
                self.left_out["data files that cannot be read"] += 1
            return None

        return take

    def _record(self, table: str, record: Any) -> None:  # noqa: ANN401 - any JSON value
        if not isinstance(record, dict) or not _has_id(table, record):
            self.left_out[f"{_NAMES[table]} that cannot be read"] += 1
            return
        if not _insert(self._db, table, record):
            self.left_out[f"{_NAMES[table]} of an id that came before"] += 1

    def settle(self) -> None:
        """Keep what belongs to the export, wherever it stood. Raises UsageError where there is none, or several."""
        if self._extra is None:
            raise UsageError("The archive holds no export: none of its members is a data file of one.")
        if self._extra and self._others:
            sentence = (
                "Several directories hold what could be the export; which one is cannot be told. Serve one of them."
            )
            raise UsageError(sentence)
        prefix = self._extra + _BETWEEN if self._extra else ""
        query = "DELETE FROM file WHERE CASE ? WHEN '' THEN instr(path, '//') ELSE substr(path, 1, ?) <> ? END"
        self.left_out["files elsewhere"] += self._db.execute(query, (prefix, len(prefix), prefix)).rowcount
        self._db.execute("UPDATE file SET path = substr(path, ?)", (len(prefix) + 1,))
        for tree, column, table in _OWNERS:
            unknown = _UNKNOWN.format(column=column, table=table)
            deleted = self._db.execute(f"DELETE FROM message WHERE chat IN ({unknown})").rowcount  # noqa: S608 - fixed names
            self.left_out[f"messages of unknown {tree}"] += deleted
            self._db.execute(f"DELETE FROM chat WHERE id IN ({unknown})")  # noqa: S608 - the same
            gone = f"DELETE FROM history WHERE tree = ? AND id NOT IN (SELECT id FROM {table})"  # noqa: S608 - fixed names
            self.left_out[f"histories of unknown {tree}"] += self._db.execute(gone, (tree,)).rowcount
        self.left_out = +self.left_out


_UNKNOWN = "SELECT id FROM chat WHERE {column} IS NOT NULL AND {column} NOT IN (SELECT id FROM {table})"
_NAMES = {"person": "users", "room": "rooms", "emoticon": "emoticons", "autojoin": "autojoins"}


def _told(archive: Archive, fault: Fault | None) -> Fault:
    """Return the fault that is behind one, as the archive tells it."""
    trouble = archive.fault or (fault.defect if fault else None)
    assert trouble  # noqa: S101 - one of both is there
    return Fault(trouble.kind, trouble.message, trouble.byte)


def _value(text: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Decode a text; None for what is none, or could not be written again."""
    try:
        value = orjson.loads(text)
        orjson.dumps(value)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return None
    return value


def _has_id(table: str, record: Record) -> bool:
    if table == "autojoin":
        return isinstance(record.get("id"), str)
    return tables.is_id(record.get(_IDS[table]))


def _insert(db: sqlite3.Connection, table: str, record: Record) -> bool:
    return tables.put_autojoin(db, record) if table == "autojoin" else tables.insert(db, table, record)
