"""A stream of bytes with lookahead, the input of every layer."""

from collections.abc import Iterator
from typing import Protocol

CHUNK = 256 * 1024  # bytes that a layer yields at once


class Skippable(Protocol):
    """What reads chunks ahead, unless they are only skipped."""

    skipping: bool


class ByteStream:
    """Reads an iterator of chunks as a stream of bytes.

    ``position`` is the number of bytes read so far. Chunks may have any size; empty ones are skipped. Exceptions of the
    iterator pass.
    """

    __slots__ = ("_ahead", "_at", "_chunks", "_head", "position")

    def __init__(self, chunks: Iterator[bytes], ahead: Skippable | None = None) -> None:
        """Take the chunks, and what reads them ahead; nothing is read yet."""
        self.position = 0
        self._ahead = ahead
        self._chunks = chunks
        self._head = b""
        self._at = 0

    def peek(self, count: int) -> bytes:
        """Return the next ``count`` bytes without reading past them; fewer only at the end of the stream."""
        self._gather(count)
        return self._head[self._at : self._at + count]

    def read(self, count: int) -> bytes:
        """Read the next ``count`` bytes into memory; fewer only at the end of the stream."""
        data = self.peek(count)
        self._at += len(data)
        self.position += len(data)
        return data

    def read_some(self, limit: int) -> bytes:
        """Read the rest of the current chunk, at most ``limit`` bytes; b"" only at the end. Copies no whole chunk."""
        if self._at == len(self._head):
            self._next_chunk()
        data = self._head[self._at : self._at + limit]
        self._at += len(data)
        self.position += len(data)
        return data

    def skip(self, limit: int) -> int:
        """Pass over the rest of the current chunk, at most ``limit`` bytes, and return its length; 0 only at the end.

        Nothing is copied.
        """
        if self._at == len(self._head):
            if self._ahead:
                self._ahead.skipping = True
            self._next_chunk()
            if self._ahead:
                self._ahead.skipping = False
        count = min(limit, len(self._head) - self._at)
        self._at += count
        self.position += count
        return count

    def unread(self, count: int) -> None:
        """Go back over the last ``count`` bytes of the last ``read_some`` or ``read``."""
        self._at -= count
        self.position -= count

    def _next_chunk(self) -> None:
        self._head, self._at = next(filter(None, self._chunks), b""), 0

    def _gather(self, count: int) -> None:
        """Collect ``count`` bytes, joined once: joining chunk by chunk would copy a square number of bytes."""
        missing = count - (len(self._head) - self._at)
        if missing <= 0:
            return
        parts = [self._head[self._at :]]
        for chunk in self._chunks:
            parts.append(chunk)
            missing -= len(chunk)
            if missing <= 0:
                break
        self._head, self._at = b"".join(parts), 0
