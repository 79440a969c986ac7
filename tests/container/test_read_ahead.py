"""Reading ahead gives the same chunks, notes and exceptions as reading in place, and leaves no thread behind."""

import signal
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, repeat
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt.container import read_ahead
from hcfmt.container.read_ahead import BATCH, BATCHES, INLINE, ReadAhead
from hcfmt.errors import Fault, UsageError
from tests.support.concurrency import frequent_switches
from tests.support.threads import reading_threads

ERRORS = [
    None,
    Fault("gzip-cut", "cut"),
    UsageError("unreadable"),
    MemoryError(),
    ZeroDivisionError(),
    KeyboardInterrupt(),
]


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    before = reading_threads()
    yield
    assert reading_threads() <= before


ALWAYS, NEVER = True, False


class Numbered:
    """Chunks that are counted when they are read, and the error that ends them."""

    def __init__(self, chunks: list[bytes], error: BaseException | None = None) -> None:
        """Take the chunks and the error."""
        self.read = 0
        self._chunks, self._error = chunks, error

    def __iter__(self) -> Iterator[bytes]:
        """Yield the chunks and raise the error."""
        for chunk in self._chunks:
            self.read += 1
            yield chunk
        self.read += 1
        if self._error:
            raise self._error

    def ahead(self) -> ReadAhead[int]:
        """Return the chunks, read ahead, with the number of those read as the note."""
        return ReadAhead(iter(self), lambda: self.read)


@contextmanager
def limits(inline: int = 0, batch: int = 1, batches: int = BATCHES) -> Iterator[None]:
    """Set the sizes."""
    with patch.multiple(read_ahead, INLINE=inline, BATCH=batch, BATCHES=batches):
        yield


def results(reading: ReadAhead[int], skips: Iterable[bool]) -> list[object]:
    """Return each chunk with its note, then the exception with its note; ``skips`` tells which chunks are skipped."""
    rows: list[object] = []
    try:
        for reading.skipping in skips:
            rows.append((next(reading), reading.note))
    except BaseException as error:  # noqa: BLE001 - it is what is compared
        return [*rows, repr(error), reading.note]
    raise AssertionError


@settings(max_examples=200)
@given(
    chunks=st.lists(st.binary(max_size=9), max_size=30),
    error=st.sampled_from(ERRORS),
    inline=st.integers(0, 40),
    batch=st.integers(1, 700),
    batches=st.integers(1, 5),
    skips=st.lists(st.booleans(), max_size=40),
)
def test_chunks_notes_and_exceptions_are_those_of_reading_in_place(
    *, chunks: list[bytes], error: BaseException | None, inline: int, batch: int, batches: int, skips: list[bool]
) -> None:
    expected = results(Numbered(chunks, error).ahead(), repeat(ALWAYS))
    with limits(inline, batch, batches), frequent_switches():
        reading = Numbered(chunks, error).ahead()
        assert results(reading, chain(skips, repeat(NEVER))) == expected
        assert next(reading, None) is None
        reading.close()


@settings(max_examples=100)
@given(count=st.integers(0, 20), batch=st.integers(1, 700), batches=st.integers(1, 5))
def test_closing_early_ends_the_thread_after_a_bounded_number_of_chunks(count: int, batch: int, batches: int) -> None:
    source = Numbered([b"chunk"] * 1000)
    with limits(0, batch, batches):
        reading = source.ahead()
        for _ in range(count):
            assert next(reading) == b"chunk"
        reading.close()
    in_a_batch = 1 + batch // 128
    assert source.read <= count + (batches + 1) * in_a_batch


def test_after_closing_the_chunks_do_not_seem_to_end() -> None:
    with limits():
        reading = Numbered([b"chunk"] * 1000).ahead()
        next(reading)
        reading.close()
        with pytest.raises(ValueError, match="closed"):
            list(reading)


def test_a_small_input_starts_no_thread() -> None:
    with limits(INLINE), patch.object(read_ahead, "Thread", side_effect=AssertionError):
        assert sum(map(len, Numbered([bytes(1000)] * (INLINE // 1000)).ahead())) <= INLINE


def test_a_consumer_that_skips_all_chunks_starts_no_thread() -> None:
    with limits(), patch.object(read_ahead, "Thread", side_effect=AssertionError):
        results(Numbered([bytes(1000)] * 100).ahead(), repeat(ALWAYS))


def test_where_the_system_allows_no_thread_the_chunks_are_read_in_place() -> None:
    expected = results(Numbered([b"chunk"] * 100).ahead(), repeat(ALWAYS))
    with limits(), patch("threading.Thread.start", side_effect=RuntimeError("can't start new thread")):
        assert results(Numbered([b"chunk"] * 100).ahead(), repeat(NEVER)) == expected


def test_the_thread_of_an_iterator_that_was_left_ends() -> None:
    with limits():
        reading = Numbered([b"chunk"] * 1000).ahead()
        next(reading)
        (thread,) = reading_threads()
        del reading
        thread.join(60)
    assert not thread.is_alive()


def test_chunks_of_real_size_are_read_ahead_by_a_bounded_number_of_bytes() -> None:
    source = Numbered([bytes(100_000)] * 200)
    with limits(INLINE, BATCH):
        reading = source.ahead()
        taken = [next(reading) for _ in range(100)]
        reading.close()
    assert (source.read - len(taken)) * 100_000 <= (BATCHES + 1) * (BATCH + 100_000)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no signal to a thread")
def test_an_interrupt_while_the_consumer_waits_ends_the_thread() -> None:
    released = threading.Event()

    def chunks() -> Iterator[bytes]:
        yield b"first"
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        released.wait(60)
        yield b"second"

    with limits(batches=1):  # so that the second chunk is read when it is asked for
        reading = ReadAhead(chunks(), lambda: None)
        assert next(reading) == b"first"
        with pytest.raises(KeyboardInterrupt):
            next(reading)
        released.set()
        reading.close()


def test_one_whose_making_was_interrupted_is_deleted_without_an_error() -> None:
    ReadAhead.__new__(ReadAhead).__del__()
