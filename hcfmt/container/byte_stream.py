"""A stream of bytes that can be looked at before it is taken; what every layer reads from."""

from collections.abc import Iterator

CHUNK = 256 * 1024  # bytes, what layers hand on at once


class ByteStream:
    """The bytes of an iterator of chunks, in the sizes that the reader wants.

    ``position`` is the number of bytes taken so far. Chunks may have any size; empty ones are passed over. Whatever the
    chunks raise passes through.
    """

    __slots__ = ("_at", "_chunks", "_head", "position")

    def __init__(self, chunks: Iterator[bytes]) -> None:
        """Take the chunks; nothing is read before it is asked for."""
        self.position = 0
        self._chunks = chunks
        self._head = b""
        self._at = 0

    def peek(self, count: int) -> bytes:
        """Return the next ``count`` bytes without taking them; fewer only where the stream ends before."""
        self._gather(count)
        return self._head[self._at : self._at + count]

    def read(self, count: int) -> bytes:
        """Take the next ``count`` bytes; fewer only where the stream ends before. Held in memory all at once."""
        taken = self.peek(count)
        self._at += len(taken)
        self.position += len(taken)
        return taken

    def read_some(self, limit: int) -> bytes:
        """Take what is at hand, at most ``limit`` bytes; b"" only at the end. A whole chunk is handed on uncopied."""
        if self._at == len(self._head):
            self._head, self._at = next(filter(None, self._chunks), b""), 0
        taken = self._head[self._at : self._at + limit]
        self._at += len(taken)
        self.position += len(taken)
        return taken

    def unread(self, count: int) -> None:
        """Undo the taking of the last ``count`` bytes of the last ``some`` or ``take``."""
        self._at -= count
        self.position -= count

    def _gather(self, count: int) -> None:
        """Have ``count`` bytes at hand, joined once: byte by byte the copying would grow with the square."""
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
