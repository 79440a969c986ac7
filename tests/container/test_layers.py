"""An archive is judged the same whether its layers are read ahead in a thread or in place."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt.container import Archive, Budget, open_archive, read_ahead
from hcfmt.errors import Fault
from tests.support.builders import END, PASSWORD, encrypted, entry, zipped
from tests.support.layers import BIG, NOISE
from tests.support.threads import reading_threads

TEXT = b"".join(b"%d of many lines that compress\n" % number for number in range(60_000))
MANY = b"".join(entry(b"file %d" % number, NOISE[: 997 * number]) for number in range(30))
ARCHIVES = [
    BIG,
    encrypted(BIG),
    encrypted(zipped(MANY + entry(b"text", TEXT) + MANY + END)),
    zipped(MANY) + zipped(entry(b"text", TEXT) + END),
    zipped(b"") * 3000 + BIG,
]


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    before = reading_threads()
    yield
    assert reading_threads() <= before


@contextmanager
def reading(*, ahead: bool, batch: int = 1) -> Iterator[None]:
    """Read ahead from the first byte on, or not at all."""
    with patch.multiple(read_ahead, INLINE=0 if ahead else 1 << 40, BATCH=batch):
        yield


def _state(archive: Archive) -> tuple[object, ...]:
    return archive.bytes_read, archive.expanded, archive.sizes, archive.fault


def _judged(data: bytes, budget: Budget, members: int) -> list[object]:
    """Return all that a reader sees: after each chunk the counts, and in the end faults and defects."""
    seen: list[object] = []
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        with open_archive(file, password=PASSWORD, budget=budget) as archive:
            for number, member in enumerate(archive.members()):
                seen.append((member.path, member.size, _state(archive)))
                if number == members:
                    break
                if number % 3:
                    continue  # its payload is skipped
                try:
                    seen += [(chunk, _state(archive)) for chunk in member.chunks]
                except Fault as fault:
                    seen.append((fault.defect, _state(archive)))
        return [*seen, archive.layers, archive.defects, _state(archive)]


def _damaged(data: bytes, how: str, place: float) -> bytes:
    at = int(place * len(data))
    match how:
        case "cut":
            return data[:at]
        case "altered":
            return data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]
        case "extended":
            return data + data[:at]
    return data


@settings(max_examples=150)
@given(
    data=st.sampled_from(ARCHIVES),
    how=st.sampled_from(["sound", "cut", "altered", "extended"]),
    place=st.floats(0, 1, exclude_max=True),
    budget=st.builds(
        Budget, expanded=st.just(1 << 40) | st.integers(0, 8_000_000), members=st.just(99) | st.integers(1, 40)
    ),
    members=st.just(99) | st.integers(0, 40),
    batch=st.sampled_from([1, 1000, 256 * 1024]),
)
def test_nothing_that_is_seen_depends_on_reading_ahead(
    *, data: bytes, how: str, place: float, budget: Budget, members: int, batch: int
) -> None:
    altered = _damaged(data, how, place)
    with reading(ahead=False):
        expected = _judged(altered, budget, members)
    with reading(ahead=True, batch=batch):
        assert _judged(altered, budget, members) == expected


@pytest.mark.parametrize("calls", [0, 1, 2, 5, 9])
def test_the_time_limit_ends_the_reading_ahead_too(calls: int) -> None:
    answers = iter([False] * calls)
    with reading(ahead=True):
        seen = _judged(ARCHIVES[2], Budget(expired=lambda: next(answers, True)), 99)
    assert "The time limit was reached" in str(seen[-1])


def test_an_archive_that_is_left_early_leaves_no_thread() -> None:
    with reading(ahead=True), tempfile.TemporaryFile() as file:
        file.write(ARCHIVES[2])
        file.seek(0)
        with suppress(ZeroDivisionError), open_archive(file, password=PASSWORD) as archive:
            next(next(archive.members()).chunks, None)
            assert reading_threads()
            raise ZeroDivisionError


def test_members_without_content_do_not_delay_the_end_of_the_thread() -> None:
    # The thread yields nothing for them, so that it must be ended where the bytes come in.
    data = zipped(MANY) + zipped(b"") * 200_000
    with reading(ahead=True), tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        with open_archive(file, password=PASSWORD) as archive:
            assert next(archive.members()).path == "file 0"


def test_a_pipe_is_not_read_ahead() -> None:
    # A thread that waits for a pipe could not be ended.
    reader, writer = os.pipe()
    with os.fdopen(reader, "rb") as stdin, os.fdopen(writer, "wb") as stdout, reading(ahead=True):
        stdout.write(zipped(entry(b"a", b"x") + END))
        stdout.close()
        with (
            patch.object(read_ahead, "Thread", side_effect=AssertionError),
            open_archive("-", password=None, stdin=stdin) as archive,
        ):
            assert [member.path for member in archive.members()] == ["a"]
