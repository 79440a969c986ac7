"""What the store takes and gives: records, chats, messages, files, as values that outlive a transaction."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

LEAST = -(1 << 63)  # the least integer of SQLite
_PAGE = 1_000  # records that are looked through at once

Record = dict[str, Any]
"""What stands below a wrapper key of the export ("User", "Room", "UserMessage", ...); see schemas/export and messages.

Serving demands no validity: an object with a readable ``id`` (``ID`` of an emoticon), of a message also a readable
``timestamp``, is all that is sure of a record; any other property may be missing or of another type.
"""


@dataclass(frozen=True, slots=True)
class Chat:
    """Whose history a message stands in: a room's (``room``), or one user's with another (``owner``, ``peer``).

    A private message stands in two chats, or in one if somebody writes to themselves.
    """

    room: int | None = None
    owner: int | None = None
    peer: int | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One record of a history: its wrapper key, its moment in microseconds since 1970 UTC, its JSON text."""

    kind: str
    time: int
    text: bytes

    @property
    def record(self) -> Record:
        """The record, decoded anew each time that it is asked for."""
        record: Record = orjson.loads(self.text)
        return record


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of the export: its path below the export's directory, which is only a key, its size in bytes, its type.

    ``name`` is the last part of the path. ``type`` is a media type, told by the name's extension or by the uploader.
    ``piece`` is where the store has its bytes.
    """

    id: int
    path: str
    name: str
    size: int
    type: str
    piece: int


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a request: its name, which is never a path, its media type, its bytes, its metadata."""

    name: str
    type: str
    data: bytes
    told: Mapping[str, Any]


def every(pages: Callable[..., list[Record]], **marks: bool) -> Iterator[Record]:
    """Yield the records of all pages that a method of the store gives: ``every(store.rooms, archived=True)``."""
    start = 0
    while page := pages(start=start, size=_PAGE, **marks):
        yield from page
        start += _PAGE
