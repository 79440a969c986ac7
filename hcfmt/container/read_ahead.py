"""Reads an iterator of chunks ahead of its consumer, in a thread of its own."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import Generic, Self, TypeVar

from msgspec import Struct

from hcfmt.container.budget import MIB

INLINE = 8 * MIB  # bytes that are never read ahead: a small input starts no thread, which takes 64 MiB of addresses
BATCH = MIB  # bytes handed over at once: a hand-over costs about as much as inflating 20 KiB
BATCHES = 8  # ordered in advance: reading does not wait while a task of 4 MiB is checked
_ENTRY = 128  # bytes of memory that a chunk takes besides its own
_MORE, _STOP = True, False  # orders: another batch; the end of the thread

Note = TypeVar("Note")


class _Batch(Struct, Generic[Note]):
    """Chunks, each with its note; and where they ended, the exception that ended them, with its note."""

    chunks: list[tuple[bytes, Note]]
    error: BaseException | None
    note: Note


class ReadAhead(Generic[Note]):
    """Iterates over chunks in order, then raises the exception that ended them, whatever it is.

    A thread reads about 8 MiB ahead of a consumer that computes. For one that only skips chunks (``skipping``) they are
    read without the thread: handing them over would cost more than it gains. Thread and consumer never read at the same
    time: the consumer reads only while no batch is ordered.

    ``observe`` describes the state of what is read, and ``note`` is what it returned just after the reading of the
    chunk that was iterated last: the same as without a thread. After ``close`` no chunk may be read.
    """

    __slots__ = (
        "_batches",
        "_chunks",
        "_end",
        "_inline",
        "_observe",
        "_ordered",
        "_orders",
        "_ready",
        "_thread",
        "note",
        "skipping",
    )

    def __init__(self, chunks: Iterator[bytes], observe: Callable[[], Note]) -> None:
        """Take the chunks; nothing is read yet. Neither argument may refer to this object, or it is never deleted."""
        self._orders = SimpleQueue[bool]()
        self._batches = SimpleQueue[_Batch[Note]]()
        self._ready = deque[tuple[bytes, Note]]()
        self._end: _Batch[Note] | None = None
        self._ordered = 0  # batches that the thread was told to read, and that did not arrive yet
        self._inline: float = INLINE
        self._chunks = chunks
        self._observe = observe
        self._thread: Thread | None = None
        self.note = observe()
        self.skipping = False

    def __iter__(self) -> Self:
        """Return the iterator itself."""
        return self

    def __next__(self) -> bytes:
        """Return the next chunk."""
        while not self._ready:
            if self._end:
                self.note = self._end.note
                error, self._end.error = self._end.error, None
                raise error or StopIteration
            if self._inline <= 0 and not self.skipping:
                self._order()
            if not self._ordered:
                return self._read()
            self._receive()
        chunk, self.note = self._ready.popleft()
        return chunk

    def close(self) -> None:
        """End the thread and wait for it: for as long as reading the batches ordered takes."""
        self._orders.put(_STOP)
        if self._thread:
            self._thread.join()

    def __del__(self) -> None:
        """End the thread of an iterator that was left. Waiting here could wait for itself."""
        with suppress(AttributeError):  # an interrupt came before the first order could be given
            self._orders.put(_STOP)

    def _read(self) -> bytes:
        """Read a chunk without the thread, which is waiting for an order."""
        try:
            chunk = next(self._chunks)
        finally:
            self.note = self._observe()
        self._inline -= len(chunk)
        return chunk

    def _order(self) -> None:
        """Order as many batches as may be read ahead, and start the thread for the first."""
        if self._thread is None:
            # A daemon: an archive that nobody closed must not keep the program from its end.
            thread = Thread(
                target=_read_batches, args=(self._chunks, self._observe, self._orders, self._batches), daemon=True
            )
            try:
                thread.start()
            except RuntimeError:  # the system allows no more threads
                self._inline = float("inf")
                return
            self._thread = thread
        while self._ordered < BATCHES:
            self._ordered += 1
            self._orders.put(_MORE)

    def _receive(self) -> None:
        """Wait for the next batch."""
        batch = self._batches.get()
        self._ordered -= 1
        self._ready.extend(batch.chunks)
        if batch.error:
            self._end = batch


def _read_batches(
    chunks: Iterator[bytes],
    observe: Callable[[], Note],
    orders: SimpleQueue[bool],
    batches: SimpleQueue[_Batch[Note]],
) -> None:
    """Read the chunks, a batch for each order, up to their end; this function is the thread."""
    batch = _Batch[Note]([], None, observe())
    try:
        while orders.get():
            size = 0
            while size < BATCH:
                chunk = next(chunks)
                batch.chunks.append((chunk, observe()))
                size += len(chunk) + _ENTRY
            full, batch = batch, _Batch([], None, batch.note)
            batches.put(full)
        batch.error = ValueError("The reading was closed.")
    except BaseException as error:  # noqa: BLE001 - it is raised again where the chunks are used
        batch.error = error
    batch.note = observe()
    batches.put(batch)
