"""What two exports are to a comparison: containers, directories, broken records, archives that are cut."""

import io
import json
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt.container import Budget
from hcfmt.differences import collection, partitions
from hcfmt.differences.engine import diff
from hcfmt.differences.problems import NO_EXPORT
from hcfmt.differences.side_reading import DiffOptions
from hcfmt.exits import Exit
from hcfmt.export.writer import ArchiveForm, Encryption, Entry, write_archive, write_directory
from tests.support.builders import zipped
from tests.support.dialects import packed
from tests.support.export_changes import INVERSE, MOVABLE, base, compared, found
from tests.support.export_mutations import random_export

BASE = packed(base().items())
HISTORY = "rooms/100/history.json"
"""The path of a room's history in the export."""


def with_files(files: Mapping[str, bytes | None]) -> bytes:
    """Return a tar of the export with other files; None stands for a file that is left out."""
    return packed([(path, content) for path, content in {**base(), **files}.items() if content is not None])


def test_containers_make_no_difference(tmp_path: Path) -> None:
    entries = [Entry(path, len(content), [content]) for path, content in base().items()]
    for form in (ArchiveForm.ENCRYPTED, ArchiveForm.GZIP):
        write_archive(f"{tmp_path}/a{form}", form, entries, encryption=Encryption("x", b"saltsalt"))
    (tmp_path / "directory").mkdir()
    write_directory(tmp_path / "directory", entries)
    for name in ("a.tar.gz.aes", "a.tar.gz", "directory"):
        result = diff(f"{tmp_path}/{name}", io.BytesIO(BASE), DiffOptions(password="x"))
        assert (result.exit, result.differing) == (Exit.VALID, 0)


def test_the_export_may_be_below_a_directory() -> None:
    below = packed([(f"data/{path}", content) for path, content in base().items()])
    assert compared(BASE, below).exit is Exit.VALID


def test_several_exports_in_one_archive_cannot_be_compared() -> None:
    several = packed([(f"{top}/{path}", content) for path, content in base().items() for top in ("a", "b")])
    result = compared(BASE, several)
    assert (result.exit, result.differing) == (Exit.USAGE, 0)
    assert result.b.problems[0].startswith("Several directories hold what could be the export, a/, b/")


def test_an_archive_with_another_one_behind_it_is_not_known_whole() -> None:
    result = compared(BASE, BASE + BASE)
    assert (result.exit, result.differing) == (Exit.USAGE, 0)
    assert "two archives were joined" in result.b.problems[0]


def test_rows_of_short_records_do_not_wait_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partitions, "IN_MEMORY", 100_000)
    text = b"[" + b"{}," * 5000 + b"{}]"  # 15,000 bytes, whose rows take a hundred times as much
    result = compared(BASE, with_files({HISTORY: text}), DiffOptions(budget=Budget(references=4000)))
    assert result.exit is Exit.USAGE
    assert "limit of 1,000 records" in result.b.problems[0]


def test_too_many_rows_of_stored_files_end_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partitions, "IN_MEMORY", 1000)
    files = with_files({f"users/files/{'x' * 50}{number}/a.txt": b"" for number in range(2000)})
    result = compared(files, files, DiffOptions(budget=Budget(references=16)))
    assert result.exit is Exit.USAGE
    assert "limit of 4 records" in result.a.problems[0]


def test_an_archive_without_data_files_holds_no_export() -> None:
    result = compared(BASE, packed([("readme.txt", b"x")]))
    assert (result.exit, result.b.problems) == (Exit.USAGE, (NO_EXPORT,))


@settings(max_examples=25, deadline=None)
@given(cut=st.floats(0.001, 0.999))
def test_nothing_is_said_to_be_missing_in_what_a_cut_archive_lost(cut: float) -> None:
    whole = zipped(BASE)
    part = whole[: int(len(whole) * cut)]
    for a, b in ((whole, part), (part, whole)):
        result = compared(a, b)
        assert (result.exit, found(result)) == (Exit.USAGE, set())


@settings(max_examples=15, deadline=None)
@given(one=st.integers(0, 2**64), other=st.integers(0, 2**64))
def test_whatever_exports_hold_none_differs_from_itself_and_two_differ_both_ways(one: int, other: int) -> None:
    a, b = (random_export(Random(number)) for number in (one, other))  # noqa: S311 - a test
    assert compared(a, a).differing == 0
    there, back = found(compared(a, b)), found(compared(b, a))
    moved = {change for change in there | back if change[2] == "moved"}
    assert {(section, INVERSE[change], id_) for section, _, change, id_ in there - moved} == {
        (section, change, id_) for section, _, change, id_ in back - moved
    }


BROKEN: list[tuple[str, bytes, int]] = [
    (HISTORY, b'[{"UserMessage": {"id": 7}}, {"Other": {}}, 5, {"UserMessage": null}, {}]', 5),
    (HISTORY, b'[{"UserMessage": {"message": "\xff"}}]', 1),
    (HISTORY, b'[{"UserMessage": {"id": "a", "message": ' + b"[" * 300 + b"]" * 300 + b"}}]", 1),
    (HISTORY, b'"a text"', 1),
    ("users/1/history.json", b'[{"PrivateUserMessage": {"id": "a", "sender": {"id": 1}}}]', 1),
    ("users.json", b'[{"User": {"id": "text"}}, {"User": {"id": true}}]', 2),
    ("emoticons.json", b'{"Emoticons": [{"ID": null}, 3]}', 2),
    ("emoticons.json", b'{"Emoticons": 3}', 1),
    ("autojoins.json", b"[", 1),
    ("metadata.json", b"{", 1),
]
"""A data file with another content, and the number of its records that cannot be read."""


@pytest.mark.parametrize(("path", "content", "unreadable"), BROKEN)
def test_a_record_that_cannot_be_read_is_counted_and_compared_by_its_text(
    path: str, content: bytes, unreadable: int
) -> None:
    broken = with_files({path: content})
    (counted,) = (one for one in compared(broken, broken).sections if one.section == "unreadable records")
    assert (counted.records_a, counted.records_b) == (unreadable, unreadable)
    assert compared(broken, broken).exit is Exit.VALID
    (added,) = (one for one in compared(BASE, broken).sections if one.section == "unreadable records")
    assert (added.records_a, added.added) == (0, unreadable)


@pytest.mark.parametrize("content", [b'[{"UserMessage": {"id": "a"}}, ', b'[{"UserMessage": {"id": "a"}}] more', b"[}"])
def test_a_history_that_is_no_json_to_its_end_is_not_compared(content: bytes) -> None:
    for files in ((BASE, with_files({HISTORY: content})), (with_files({HISTORY: content}), BASE)):
        result = compared(*files)
        assert (result.exit, found(result)) == (Exit.USAGE, set())
        assert "Data files that were not read to their end in both exports: room-history (1)." in result.not_compared


@pytest.mark.parametrize("content", [b"null", b"[]", b" [ ] "])
def test_a_history_without_messages_is_read(content: bytes) -> None:
    result = compared(BASE, with_files({HISTORY: content}))
    (messages,) = (one for one in result.sections if one.section == "room messages")
    assert (result.exit, messages.added, messages.changed) == (Exit.INVALID, 0, 0)
    assert [place.place for place in messages.places] == ["rooms/100"]


def test_an_archive_in_which_a_limit_is_reached_is_not_called_equal() -> None:
    result = compared(BASE, BASE, DiffOptions(budget=Budget(members=3)))
    assert (result.exit, result.differing) == (Exit.USAGE, 0)
    assert "--max-members raises it" in result.a.problems[0]


def test_files_of_an_exporter_that_is_not_checked_are_not_compared() -> None:
    stride = with_files({"users.json": b'[{"User": {"id": "557058:abc", "name": "A"}}]'})
    result = compared(stride, stride)
    assert (result.exit, result.differing) == (Exit.USAGE, 0)
    assert result.a.problems == ("users.json was not read to its end: it was written by Stride.",)


def test_repeated_files_are_not_compared_and_the_first_ones_are_named() -> None:
    twice = packed([*base().items(), *[("users.json", b"[]")] * 12, *[(MOVABLE, b"other")] * 2])
    result = compared(BASE, twice)
    assert (result.exit, result.differing) == (Exit.USAGE, 0)
    assert [problem.partition(" was")[0] for problem in result.b.problems] == [
        *["users.json"] * 10,
        "More data files that were not read to their end: 2.",
        "Members that are links, have unsafe names or repeat a path, which were not compared: 2.",
    ]


def message(number: int) -> dict[str, Any]:
    """Return a message of a number, later than those of smaller numbers."""
    stamp = f"2019-01-{1 + number // 1000:02}T00:00:00Z {number:06}"
    return {"UserMessage": {"id": f"{number:032x}", "message": "", "timestamp": stamp, "sender": {"id": 1}}}


def test_so_many_equal_ids_that_memory_would_not_hold_them_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partitions, "IN_MEMORY", 1000)
    text = json.dumps([message(1)] * 2000).encode()
    result = compared(BASE, with_files({HISTORY: text}), DiffOptions(budget=Budget(references=4000)))
    assert result.exit is Exit.USAGE
    assert "The limit of 1,000 records with equal ids was reached" in result.b.problems[0]


def test_ids_and_times_of_any_length_are_compared() -> None:
    long = message(1)
    long["UserMessage"] |= {"id": "x" * 100_000, "timestamp": "y" * 100_000}
    other = message(1)
    other["UserMessage"] |= {"id": "x" * 100_000, "timestamp": "y" * 100_001}
    a, b = (with_files({HISTORY: json.dumps([each]).encode()}) for each in (long, other))
    assert compared(a, a).exit is Exit.VALID
    (messages,) = (one for one in compared(a, b).sections if one.section == "room messages")
    assert messages.properties == {"timestamp": 1}


def test_the_first_records_by_time_are_kept_and_all_are_counted() -> None:
    text = json.dumps([message(number) for number in reversed(range(500))]).encode()
    result = compared(with_files({HISTORY: b"[]"}), with_files({HISTORY: text}), DiffOptions(keep=3, show_values=True))
    (messages,) = (one for one in result.sections if one.section == "room messages")
    assert [record.id for record in messages.places[0].records] == [f"{number:032x}" for number in range(3)]
    assert messages.added == 500


def test_messages_after_the_last_one_of_a_place_are_counted() -> None:
    first = json.dumps([message(number) for number in range(0, 20, 2)]).encode()
    second = json.dumps([message(number) for number in range(30)]).encode()
    result = compared(with_files({HISTORY: first}), with_files({HISTORY: second}))
    (messages,) = (one for one in result.sections if one.section == "room messages")
    assert (messages.added, messages.later) == (20, 11)


def test_records_are_kept_of_the_first_places_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collection, "LISTED_PLACES", 2)
    rooms = {f"rooms/{room}/history.json": json.dumps([message(room)]).encode() for room in (9, 100_000, 11, 10)}
    result = compared(BASE, with_files(rooms))
    (messages,) = (one for one in result.sections if one.section == "room messages")
    assert [(place.place, len(place.records)) for place in messages.places] == [
        ("rooms/9", 1),
        ("rooms/10", 1),
        ("rooms/11", 0),
        ("rooms/100000", 0),
    ]
