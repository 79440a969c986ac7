"""The values that the store takes and returns: records, chats, messages, files. They outlive a transaction."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

_PAGE = 1_000  # records that ``all_records`` reads at once

Record = dict[str, Any]
"""The object below a wrapper key of the export ("User", "Room", "UserMessage", ...); see schemas/export and messages.

The archive may be invalid, so only a record's ``id`` (``ID`` of an emoticon) and a message's ``timestamp`` are certain;
any other property may be missing or of another type.
"""


@dataclass(frozen=True, slots=True)
class Chat:
    """Names a chat: a room's history (``room``), or one user's messages with another (``owner``, ``peer``).

    A private message is in two chats, or in one chat if a user writes to themselves.
    """

    room: int | None = None
    owner: int | None = None
    peer: int | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a history: its wrapper key, its time in microseconds since 1970 UTC, its record's JSON text."""

    kind: str
    time: int
    text: bytes

    @property
    def record(self) -> Record:
        """The record, decoded anew at each access."""
        record: Record = orjson.loads(self.text)
        return record


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of the export: its path below the export's directory, which is only a key, its size in bytes, its type.

    ``name`` is the last part of the path. ``type`` is a media type, by the name's extension or from the uploader.
    ``first_chunk`` is the id of the first row of its bytes.
    """

    id: int
    path: str
    name: str
    size: int
    type: str
    first_chunk: int


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a request: its name, which is never a path, its media type, its bytes, the request's JSON metadata."""

    name: str
    type: str
    data: bytes
    metadata: Mapping[str, Any]


def all_records(read_page: Callable[..., list[Record]], **included: bool) -> Iterator[Record]:
    """Yield the records of all pages of a method of the store: ``all_records(store.rooms, archived=True)``."""
    start = 0
    while page := read_page(start=start, size=_PAGE, **included):
        yield from page
        start += _PAGE
