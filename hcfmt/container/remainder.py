"""Reads what follows the end of a layer."""

from msgspec import Struct

from hcfmt.container.byte_stream import CHUNK, ByteStream

BEGINNING, HEAD = 16, 512  # bytes


class Remainder(Struct, frozen=True):
    """What follows the end of a layer.

    ``size`` is its length in bytes, ``beginning`` its first 16 bytes. ``filled`` counts the bytes that are not zero;
    ``start`` is the offset of the first of them in the layer, and ``head`` are up to 512 bytes from there on.
    """

    size: int = 0
    beginning: bytes = b""
    filled: int = 0
    start: int = 0
    head: bytes = b""


def read_remainder(stream: ByteStream) -> Remainder:
    """Read a stream to its end."""
    end, beginning = stream.position, stream.peek(BEGINNING)
    skip_zeros(stream)
    start, head, filled = stream.position, stream.peek(HEAD), 0
    while chunk := stream.read_some(CHUNK):
        filled += len(chunk) - chunk.count(0)
    return Remainder(stream.position - end, beginning, filled, start, head)


def skip_zeros(stream: ByteStream) -> None:
    """Read the zeros that come next."""
    while chunk := stream.read_some(CHUNK):
        if filled := len(chunk.lstrip(b"\0")):
            stream.unread(filled)
            return
