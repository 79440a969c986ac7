"""Decompresses gzip streams in chunks of bounded size, and compresses them (RFC 1952)."""

import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Protocol, cast

from hcfmt.container.byte_stream import ByteStream
from hcfmt.container.remainder import Remainder, read_remainder
from hcfmt.errors import Fault

MAGIC = b"\x1f\x8b"
METHOD_DEFLATE = 8
RESERVED_FLAGS = 0xE0
HEADER = 10  # bytes, without the optional fields
MOST_OUTPUT = 256 * 1024
FIRST_INPUT, MOST_INPUT = 512, 64 * 1024


class Decompressor(Protocol):
    """Object of zlib and zlib-ng that decompresses one member, and returns the input left over."""

    @property
    def eof(self) -> bool:
        """Whether the member's trailer was read and matches."""

    @property
    def unconsumed_tail(self) -> bytes:
        """Input left over because ``max_length`` bytes of output were reached."""

    @property
    def unused_data(self) -> bytes:
        """Input after the member's end."""

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """Return at most ``max_length`` bytes."""


class Inflation(Protocol):
    """Object that decompresses one member, and keeps the input left over."""

    @property
    def eof(self) -> bool:
        """Whether the member's trailer was read and matches."""

    @property
    def needs_input(self) -> bool:
        """Whether no input is left over."""

    @property
    def unused_data(self) -> bytes:
        """Input after the member's end."""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Return at most ``max_length`` bytes, from the input left over and then from ``data``."""


class Compressor(Protocol):
    """Object of zlib and zlib-ng that compresses one member."""

    def compress(self, data: bytes, /) -> bytes:
        """Compress bytes; return the output that is ready."""

    def flush(self) -> bytes:
        """Return the rest of the output, and the trailer."""


class Backend(Protocol):
    """A module that compresses and decompresses: the standard zlib, or zlib_ng, which is about twice as fast.

    Both refuse the same streams, as gzip, GNU tar and importers do. A faster library that accepts more is unsuitable:
    ISA-L reads incomplete Huffman codes.
    """

    @property
    def error(self) -> type[Exception]:
        """The exception for damaged input."""

    def compressobj(self, level: int, method: int, wbits: int) -> Compressor:
        """Return a new compressor; ``wbits`` 31 is gzip."""

    def decompressobj(self, wbits: int) -> Decompressor:
        """Return a new decompressor; ``wbits`` 31 is gzip."""


@cache
def fastest() -> Backend:
    """Return the fastest module of this platform; imported on first use, as not every process decompresses."""
    try:
        from zlib_ng import zlib_ng  # noqa: PLC0415 - see above; some platforms lack it, and zlib has the same interface
    except ImportError:
        return zlib
    return cast("Backend", zlib_ng)


_GZIP = 31  # wbits
_BLOCK, _BLOCKS_AHEAD = 256 * 1024, 4  # bytes that are compressed at a time, and blocks that wait for it
_LEVEL, _LEVEL_NG = 6, 2  # zlib-ng's 2 takes a sixth of the time of zlib's 6, for a quarter more bytes


def compress(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield chunks as one gzip stream without name and time; its bytes depend on the backend.

    A thread compresses while the next chunks are made: both backends release the interpreter's lock.
    """
    from concurrent.futures import Future, ThreadPoolExecutor  # noqa: PLC0415 - readers need none of it

    backend = fastest()
    packer = backend.compressobj(_LEVEL if backend is zlib else _LEVEL_NG, METHOD_DEFLATE, _GZIP)
    with ThreadPoolExecutor(1) as thread:
        waiting: deque[Future[bytes]] = deque()
        for block in _blocks(chunks):
            waiting.append(thread.submit(packer.compress, block))
            if len(waiting) > _BLOCKS_AHEAD:
                yield waiting.popleft().result()
        yield from (future.result() for future in waiting)
    yield packer.flush()


def _blocks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Join small chunks to blocks that are worth a task of a thread."""
    joined: list[bytes] = []
    size = 0
    for chunk in chunks:
        joined.append(chunk)
        size += len(chunk)
        if size >= _BLOCK:
            yield b"".join(joined)
            joined, size = [], 0
    yield b"".join(joined)


def begins_member(head: bytes) -> bool:
    """Whether bytes begin like a gzip member: magic, method 8, and no reserved flag (RFC 1952, 2.3)."""
    return len(head) > 3 and head[:2] == MAGIC and head[2] == METHOD_DEFLATE and not head[3] & RESERVED_FLAGS  # noqa: PLR2004


class _KeptInput:
    """An inflation made of a decompressor that returns the input left over."""

    __slots__ = ("_inner",)

    def __init__(self, inner: Decompressor) -> None:
        self._inner = inner

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)


def _inflation(backend: Backend) -> Inflation:
    """Return an object that decompresses one member: zlib-ng's own, which zlib has from Python 3.12 on.

    It allocates its output at once, so that it takes the interpreter's lock once a call. ``decompressobj`` takes it
    each time that it doubles its output, and each time waits for a thread that computes.
    """
    own = getattr(backend, "_ZlibDecompressor", None)
    inflation: Inflation = own(_GZIP) if own else _KeptInput(backend.decompressobj(wbits=_GZIP))
    return inflation


class GzipReader:
    """Decompresses a gzip stream: all its members, one after the other.

    After the last chunk ``size`` is the number of bytes of all members, and ``rest`` is what follows them; it is not
    yielded.
    """

    __slots__ = ("_backend", "_stream", "rest", "size")

    def __init__(self, stream: ByteStream, backend: Backend | None = None) -> None:
        """Take the compressed bytes; nothing is read yet."""
        self._stream = stream
        self._backend = backend or fastest()
        self.size = 0
        self.rest = Remainder()

    def chunks(self) -> Iterator[bytes]:
        """Yield chunks of at most 256 KiB, whatever the ratio. Raises Fault (gzip-cut, gzip-corrupt).

        A stream is cut if its bytes end before the end of a member, and corrupt if it contradicts itself before that.
        Damage that hides the end looks like a cut, and a cut with bytes appended looks like damage.
        """
        yield from self.members()
        self.rest = read_remainder(self._stream)

    def members(self) -> Iterator[bytes]:
        """Yield the same, and leave what follows the members unread."""
        self._check_header()
        while True:
            yield from self._member()
            if not begins_member(self._stream.peek(4)):
                break
        self.size = self._stream.position

    def _check_header(self) -> None:
        """Refuse a first header with another method, or with reserved flags set (RFC 1952, 2.3.1.2)."""
        head = self._stream.peek(HEADER)
        if len(head) < HEADER:
            raise self._cut(len(head))
        if not begins_member(head):
            raise Fault("gzip-corrupt", "The gzip header is damaged: its method or its flags are undefined.", 0)

    def _member(self) -> Iterator[bytes]:
        # Small inputs at first: bytes after a member's end are copied, which adds up in a stream of tiny members.
        limit = FIRST_INPUT
        inflation = _inflation(self._backend)
        while not inflation.eof:
            start = self._stream.position
            waiting = self._stream.read_some(limit)
            if not waiting:
                raise self._cut(start)
            limit = min(2 * limit, MOST_INPUT)
            try:
                yield from self._inflate(inflation, waiting)
            except self._backend.error:
                message = (
                    f"The gzip stream is damaged at or before the {len(waiting):,} bytes from byte {start:,}: they do "
                    "not match its structure or its checksum. Copy or export the archive again."
                )
                raise Fault("gzip-corrupt", message, start) from None
        self._stream.unread(len(inflation.unused_data))

    def _inflate(self, inflation: Inflation, waiting: bytes) -> Iterator[bytes]:
        """Yield the output of one input.

        After a full chunk more output may be pending, even with all input consumed: neither backend promises to return
        it with the next input.
        """
        chunk = inflation.decompress(waiting, MOST_OUTPUT)
        while chunk:
            yield chunk
            if inflation.eof or (len(chunk) < MOST_OUTPUT and inflation.needs_input):
                return
            chunk = inflation.decompress(b"", MOST_OUTPUT)

    def _cut(self, byte: int) -> Fault:
        message = (
            f"The gzip stream stops at byte {byte:,}, before its end: the archive was cut short, or is damaged so that "
            "its end is not recognised. Copy or export it again."
        )
        return Fault("gzip-cut", message, byte)
