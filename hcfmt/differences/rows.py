"""Makes rows of records: what identifies a record, and a hash of each of its properties.

A hash is Python's own of a text: 64 bits with a key that is new in each process, unless PYTHONHASHSEED sets it, so that
nobody can prepare two texts that pass for equal. Rows of both exports are therefore made in one process.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from hashlib import sha256
from itertools import chain, repeat, starmap
from struct import Struct as Layout
from typing import Any, Final

import orjson

from hcfmt.differences.record_kinds import (
    FILE_KINDS,
    FILE_PLACES,
    KINDS,
    OTHER_PROPERTIES,
    SECTIONS,
    RecordKind,
    Section,
    kind_numbers,
)
from hcfmt.export.layout import layout_of

Row = tuple[int, str, str, int, str, str, bytes, int, bytes]
"""The index of a section; the place (a room's id, the ids of two people, else ""); the id; the index of a kind; the
data file whose copy this is; the time of a message, else ""; 8 bytes for each property; the number of the slice that
holds the record, or ``NO_SLICE``; values as JSON, or nothing."""

SECTION: Final = 0
PLACE: Final = 1
ID: Final = 2
KIND: Final = 3
FILE: Final = 4
TIME: Final = 5
MARKS: Final = 6
SLICE: Final = 7
VALUES: Final = 8
NO_SLICE = -1
MARK = 8  # bytes
NO_KIND = -1
_HASHABLE = {str, type(None)}
_SMALLEST, _LARGEST = -(1 << 63), (1 << 63) - 1  # of the integers that marks hold
_FILES = "/files"
LONGEST_ID = 4 << 10  # characters, as of the path of a file
_LONGEST_TIME = 64  # characters
_LONGEST = 300  # bytes of a value, as JSON, that is kept to be shown
_MESSAGES = frozenset({Section.ROOM_MESSAGES, Section.PRIVATE_MESSAGES})


class UnreadableRecordError(ValueError):
    """A record that has no id, or no place, or nests too deep."""


class RowMaker:
    """Makes the rows of one data file."""

    def __init__(self, path: str, owner: int | None, *, keep_values: bool) -> None:
        """Take the file's path in the export, and the id of the room or user whose history it is."""
        self.path = path
        self._owner = owner
        self._keep_values = keep_values
        self.slice = NO_SLICE  # the number of the slice whose records become rows

    def rows(self, name: str, records: Sequence[dict[str, Any]]) -> list[Row]:
        """Return the rows of records of the kind ``name``; raises UnreadableRecordError if one of them has no row."""
        number = kind_numbers()[name]
        kind = KINDS[number]
        try:
            marks, values = _marks(kind, records), self._values(kind, records)
        except (TypeError, RecursionError, orjson.JSONEncodeError):
            raise UnreadableRecordError from None
        ids, times, places = _ids(kind, records), _times(kind, records), self._places(kind, records)
        section, file = repeat(SECTIONS.index(kind.section)), repeat(self.path)
        numbers = repeat(number), repeat(self.slice)
        return list(zip(section, places, ids, numbers[0], file, times, marks, numbers[1], values, strict=False))

    def file(self, size: int | None, content: Any) -> Row:  # noqa: ANN401 - any JSON value
        """Return the row of the file itself, by a digest of its content or the JSON that it holds."""
        layout = layout_of(self.path)
        name = FILE_KINDS.get(layout.kind, "File") if layout else "File"
        (row,) = self.rows(name, [{"path": self.path, "size": size, "content": content}])
        return row

    def unreadable(self, text: bytes) -> Row:
        """Return the row of a record that cannot be read: the hash of its text stands for it."""
        section = SECTIONS.index(Section.UNREADABLE)
        return section, self.path, sha256(text).hexdigest(), NO_KIND, self.path, "", b"", self.slice, b""

    def _places(self, kind: RecordKind, records: Sequence[dict[str, Any]]) -> Iterator[str]:
        if kind.section is Section.ROOM_MESSAGES:
            return repeat(str(self._owner), len(records))
        if kind.section is Section.PRIVATE_MESSAGES:
            return map(_pair, records)
        if kind.section is Section.FILES:
            return repeat(_file_place(self.path), len(records))
        return repeat("", len(records))

    def _values(self, kind: RecordKind, records: Sequence[dict[str, Any]]) -> Iterator[bytes]:
        """Return the values of each record, cut to what a report shows."""
        if not self._keep_values:
            return repeat(b"", len(records))
        columns = [compared.read(records) for compared in kind.properties]
        return map(_shown, zip(*columns, strict=True))


def differing(kind: int, marks: bytes, others: bytes) -> Iterator[str]:
    """Yield the names of the properties in which two records of one kind differ."""
    names = (*(compared.name for compared in KINDS[kind].properties), OTHER_PROPERTIES)
    for number, name in enumerate(names):
        at = number * MARK
        if marks[at : at + MARK] != others[at : at + MARK]:
            yield name


def comparable_marks(marks: bytes, comparable: Sequence[bool]) -> bytes:
    """Return marks in which those of properties that cannot be compared are blank."""
    return b"".join(
        marks[number * MARK : (number + 1) * MARK] if is_comparable else bytes(MARK)
        for number, is_comparable in enumerate(comparable)
    )


def _marks(kind: RecordKind, records: Sequence[dict[str, Any]]) -> list[bytes]:
    """Return the hashes of the properties of each record, one after the other."""
    names = set(chain.from_iterable(records))
    absent = _hashes([None] * len(records))
    columns = [
        absent if names.isdisjoint(compared.sources) else _hashes(compared.read(records))
        for compared in kind.properties
    ]
    others = names - _sources(kind)
    if others:
        undocumented = [{name: record[name] for name in record.keys() & others} or None for record in records]
        columns.append(_hashes(undocumented))
    else:
        columns.append(absent)
    pack = Layout(f"{len(columns)}q").pack
    return list(starmap(pack, zip(*columns, strict=True)))


@cache
def _sources(kind: RecordKind) -> frozenset[str]:
    return kind.sources


def _hashes(column: list[Any]) -> list[int]:
    """Return a number for each value: an integer itself, of any other value its hash."""
    types = set(map(type, column))
    if types <= _HASHABLE:
        return list(map(hash, column))
    if types == {int} and min(column) >= _SMALLEST and max(column) <= _LARGEST:
        return column
    return list(map(_hash, column))


def _hash(value: Any) -> int:  # noqa: ANN401 - any JSON value
    if type(value) in _HASHABLE:
        return hash(value)
    if type(value) is int and _SMALLEST <= value <= _LARGEST:
        return value
    return hash((orjson.dumps(value, option=orjson.OPT_SORT_KEYS),))  # in a tuple: bytes hash as the same text does


def _ids(kind: RecordKind, records: Sequence[dict[str, Any]]) -> list[str]:
    """Return the id of each record as text."""
    first, other = kind.ids[0], kind.ids[-1]
    ids: list[Any] = [record[first] if first in record else record.get(other) for record in records]
    expected = str if kind.section in {*_MESSAGES, Section.AUTOJOINS, Section.FILES} else int
    if set(map(type, ids)) - {expected}:
        raise UnreadableRecordError
    texts = ids if expected is str else list(map(str, ids))
    return [_short(text) for text in texts] if max(map(len, texts), default=0) > LONGEST_ID else texts


def _short(text: str) -> str:
    """Return an id that is too long to be held for each record by its SHA-256."""
    return text if len(text) <= LONGEST_ID else sha256(text.encode()).hexdigest()


def _times(kind: RecordKind, records: Sequence[dict[str, Any]]) -> Iterable[str]:
    """Return the time of each message as text, "" for one without."""
    if kind.section not in _MESSAGES:
        return repeat("", len(records))
    times: list[Any] = [record.get("timestamp") for record in records]
    if set(map(type, times)) == {str} and max(map(len, times)) <= _LONGEST_TIME:
        return times
    return [time[:_LONGEST_TIME] if isinstance(time, str) else "" for time in times]


def _file_place(path: str) -> str:
    """Return the place of a file: the directory of a room's files, or what the file is."""
    layout = layout_of(path)
    if layout is None:
        return "other members"
    return FILE_PLACES[layout.kind] or path[: path.index(_FILES) + len(_FILES)]


def _pair(record: dict[str, Any]) -> str:
    """Return the ids of the two people of a private message, the smaller one first."""
    sender, receiver = record.get("sender"), record.get("receiver")
    if isinstance(sender, dict) and isinstance(receiver, dict):
        one, other = sender.get("id"), receiver.get("id")
        if type(one) is int is type(other):
            return f"{one}-{other}" if one < other else f"{other}-{one}"
    raise UnreadableRecordError


def _shown(row: tuple[Any, ...]) -> bytes:
    """Return values as a JSON array, each of them as JSON text that is cut to what a report shows."""
    return orjson.dumps([orjson.dumps(value)[:_LONGEST].decode("utf-8", "replace") for value in row])
