"""A line of progress: what is being done, and how far it is."""

from typing import Protocol


class Readable(Protocol):
    """An input with its size in bytes, if known, and the number of bytes read so far."""

    @property
    def size(self) -> int | None:
        """The size in bytes; None if unknown."""

    @property
    def bytes_read(self) -> int:
        """The number of bytes read so far."""


class Line:
    """What a line shows: a text, and a bar while ``is_busy``, with the bytes read of ``readable`` if they are known."""

    def __init__(self, text: str = "", readable: Readable | None = None, *, is_busy: bool = True) -> None:
        """Take what the line shows at first."""
        self.text = text
        self.readable = readable
        self.is_busy = is_busy

    def show(self, text: str) -> None:
        """Change the text, which may be that of an archive."""
        self.text = text


def end_of(text: str, most: int) -> str:
    """Return a text, or as much of its end as fits ``most`` characters."""
    return text if len(text) <= most else f"...{text[3 - most :]}"
