"""A message is found by its id wherever it stands, and as soon among many as among few."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.server.store import marks, opening
from tests.server.store.exports import uuid

NUMBERS = st.integers(0, 40) | st.integers(0, (1 << 128) - 1)


@contextmanager
def tables() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        db.executescript(Path(opening.__file__).with_name("schema.sql").read_text(encoding="utf-8"))
        yield db


def packed(*numbers: int) -> bytes:
    return marks.packed([uuid(number) for number in numbers])


@pytest.mark.parametrize(
    "odd",
    [
        *("", "1", "x" * 36, uuid(1).replace("-", ""), f"{{{uuid(1)}}}", f" {uuid(1)[1:]}", f"{uuid(1)[:-1]}-"),
        *(uuid(1).replace("-", " "), uuid(1).replace("0-", "-0"), f"{uuid(1)[:-2]}  ", f"{uuid(1)[:-1]}\u0661"),
        *(None, 5, uuid(1).encode()),
    ],
)
def test_what_is_no_uuid_is_refused_wherever_it_stands(odd: Any) -> None:  # noqa: ANN401 - any JSON value
    for ids in ([odd], [odd, uuid(2)], [uuid(2), odd]):
        with pytest.raises((ValueError, TypeError)):
            marks.packed(ids)


@given(st.lists(NUMBERS))
def test_ids_are_packed_and_listed_again_whatever_their_case(numbers: list[int]) -> None:
    ids = [uuid(number) for number in numbers]
    assert marks.listed(marks.packed(ids)) == [number.to_bytes(16, "big") for number in numbers]
    assert marks.packed([one.upper() for one in ids]) == marks.packed(ids)


@given(
    runs=st.lists(st.lists(st.tuples(NUMBERS, st.integers(0, 1 << 40)), max_size=12), max_size=4),
    written=st.lists(st.tuples(NUMBERS, st.integers(0, 1 << 40)), max_size=6),
    sought=NUMBERS,
)
def test_an_id_is_found_in_any_run_and_no_other_is(
    runs: list[list[tuple[int, int]]], written: list[tuple[int, int]], sought: int
) -> None:
    known: dict[int, int] = {}
    with tables() as db, pytest.MonkeyPatch.context() as patch:
        patch.setattr(marks, "_ENTRIES", 3)
        for run, told in enumerate(runs):
            fresh = {number: first for number, first in told if number not in known}
            marks.write_run(
                db, 7, run, [one for number in fresh for one in marks.entries([packed(number)], fresh[number])]
            )
            known |= fresh
        for number, first in written:
            if number not in known:
                marks.write(db, 7, packed(number), first)
                known[number] = first
        for number in {*known, sought}:
            assert marks.find(db, 7, packed(number)) == known.get(number)
            assert marks.find(db, 6, packed(number)) is None


def steps(db: sqlite3.Connection, sought: int) -> int:
    """Return how many steps SQLite takes to find an id."""
    count = 0

    def step() -> int:
        nonlocal count
        count += 1
        return 0

    db.set_progress_handler(step, 1)
    marks.find(db, 7, packed(sought))
    db.set_progress_handler(None, 1)
    return count


@pytest.mark.parametrize("sought", [0, 5, 77_777, 1 << 127])
def test_finding_takes_as_many_steps_among_many_as_among_few(sought: int) -> None:
    counts = []
    for size in (10, 20_000):
        with tables() as db:
            marks.write_run(db, 7, 0, marks.entries(list(map(packed, range(0, size * 5, 5))), 0))
            for number in range(1, size * 5, 5):
                marks.write(db, 7, packed(number), 0)
            counts.append(steps(db, sought))
    assert counts[1] <= counts[0] + 10


def test_marks_of_what_was_written_are_dropped_and_no_others() -> None:
    with tables() as db:
        marks.write_run(db, 7, 0, marks.entries([packed(1)], 0))
        marks.write(db, 7, packed(2), 1)
        db.execute(
            "INSERT INTO leaf (id, chat, first, count, shown, visible, begins, ends, gone, times, places, ids, texts) "
            "VALUES (5, 7, 1, 1, 1, 1, 0, 0, '', '', '', '', '')"
        )
        marks.drop_written(db, above=5)
        assert marks.find(db, 7, packed(2)) == 1
        marks.drop_written(db, above=4)
        assert (marks.find(db, 7, packed(2)), marks.find(db, 7, packed(1))) == (None, 0)
