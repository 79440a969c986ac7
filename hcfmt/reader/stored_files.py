"""The stored files of an export as streams: attachments, avatars and emoticons."""

import io
from collections.abc import Callable, Iterator
from typing import BinaryIO, cast

from msgspec import Struct

from hcfmt.check.reading import Event, MemberHeader
from hcfmt.container import MemberKind
from hcfmt.export.layout import Kind, layout_of
from hcfmt.reader.problems import Problems


class StoredFile(Struct, frozen=True, eq=False):
    """A stored file: its path below the export's directory, its size in bytes, its kind, and its content in chunks.

    ``path`` is text of the archive and must never name a file of this machine: ``PurePosixPath(path).name`` is not safe
    everywhere either. ``chunks`` is valid until the next file is taken. It raises Fault where the archive ends before
    the file does.
    """

    path: str
    size: int
    kind: Kind
    chunks: Iterator[bytes]

    def open(self) -> BinaryIO:
        """Return the content as a binary file object, once; closing it is not needed."""
        return open_chunks(self.chunks)


def stored_files(events: Iterator[Event], directory: str, problems: Problems) -> Iterator[StoredFile]:
    """Yield the stored files below the export's directory, the first of each path; the others become problems."""
    seen: set[str] = set()
    for event in events:
        if not isinstance(event, MemberHeader) or event.member.kind is MemberKind.DIRECTORY:
            continue
        path = event.path.removeprefix(directory)
        row = layout_of(path) if event.path.startswith(directory) else None
        if row is None or row.schema is not None:
            continue
        if not event.readable or event.path in seen:
            problems.add_unread_file(event.path, event.obstacles)
        else:
            seen.add(event.path)
            yield StoredFile(path, event.member.size, row.kind, event.member.chunks)


def find_file(events: Iterator[Event], path: str) -> Iterator[bytes] | None:
    """Return the content of the first readable file of a canonical path, None for no such file."""
    for event in events:
        if isinstance(event, MemberHeader) and event.readable and event.path == path:
            return _chunks(event.member.chunks, events)
    return None


def _chunks(chunks: Iterator[bytes], _: Iterator[Event]) -> Iterator[bytes]:
    """Yield chunks while holding what they come from, which closes the file of a directory when it is dropped."""
    yield from chunks


def open_chunks(chunks: Iterator[bytes], close: Callable[[], None] | None = None) -> BinaryIO:
    """Return a binary file object of chunks; ``close`` is called once when it is closed."""
    return cast("BinaryIO", io.BufferedReader(_Chunks(chunks, close)))


class _Chunks(io.RawIOBase):
    def __init__(self, chunks: Iterator[bytes], close: Callable[[], None] | None) -> None:
        self._chunks = chunks
        self._rest = b""
        self._close = close

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # what BufferedReader passes
        self._rest = self._rest or next(self._chunks, b"")
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size

    def close(self) -> None:
        super().close()
        self._chunks, self._rest = iter(()), b""
        close, self._close = self._close, None
        if close:
            close()
