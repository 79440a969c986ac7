"""Tests of ``hcfmt messages``."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.support.command import PASSWORD, SAMPLE, archive, run
from tests.support.store_exports import members, participant, private_message, room, room_message, user, write_tar

WITH_PASSWORD = ("--password", PASSWORD)


@pytest.fixture
def export(tmp_path: Path) -> str:
    texts = ["=1+1", "two\nlines", "\x1b[2J\u202e", "an Invoice", "-"]
    sent = [("UserMessage", room_message(at, message=text, sender=participant(2))) for at, text in enumerate(texts)]
    times = [f"2018-01-0{1 + at}T00:00:00Z 000001" for at in range(len(texts))]
    history = [(kind, record | {"timestamp": time}) for (kind, record), time in zip(sent, times, strict=True)]
    private = [("PrivateUserMessage", private_message(9, 1, 2))]
    files = members(
        [user(1), user(2, name="@Anna")],
        [room(7), room(8, name="Ops & Co", canonical_name="ops_co")],
        {"rooms/7": history, "rooms/8": history[:1], "users/1": private, "users/2": private},
    )
    return write_tar(tmp_path / "a.tar", files)


def ids(*arguments: str | Path) -> list[str]:
    result = run("messages", *arguments)
    assert (result.exit, result.err) == (0, "")
    return [json.loads(line)["id"][-1] for line in result.out.splitlines()]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((), "012340"),
        (("--room", "7"), "01234"),
        (("--room", "OPS & co"), "0"),
        (("--user", "User2", "--since", "2018-01-03"), "234"),
        (("--user", "1"), ""),
        (("--until", "2018-01-02T01:00:00+01:00"), "00"),
        (("--grep", "INVOICE"), "3"),
        (("--regex", r"^\w+\s\w+$"), "13"),
        (("--private",), "99"),
        (("--private", "--user", "2"), "9"),
    ],
)
def test_messages_are_chosen(export: str, options: tuple[str, ...], expected: str) -> None:
    assert "".join(ids(export, *options)) == expected


def test_a_line_of_json_has_names_and_times_and_is_ascii(export: str) -> None:
    line = run("messages", export, "--grep", "\u202e").out
    assert line.isascii()
    message = json.loads(line)
    assert message["message"] == "\x1b[2J\u202e"
    assert message["timestamp"] == "2018-01-03T00:00:00.000001Z"
    assert (message["kind"], message["room"]) == ("UserMessage", {"id": 7, "name": "Room 7"})
    assert message["sender"] == {"id": 2, "name": "@Anna"}


def test_a_row_of_csv_is_text_for_a_spreadsheet_and_a_terminal(export: str) -> None:
    rows = list(csv.DictReader(io.StringIO(run("messages", export, "-f", "csv", "--room", "7").out)))
    assert [row["message"] for row in rows] == ["'=1+1", "two\nlines", "\\u001b[2J\\u202e", "an Invoice", "'-"]
    assert {row["sender"] for row in rows} == {"'@Anna"}
    assert rows[0]["timestamp"] == "2018-01-01T00:00:00.000001Z"


def test_a_file_is_written_once(export: str, tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    assert run("messages", export, "-o", output).out == ""
    assert output.read_text() == run("messages", export).out
    assert output.stat().st_mode & 0o077 == 0
    assert "exists; --force overwrites it" in run("messages", export, "-o", output).err
    assert run("messages", export, "-o", output, "--force").exit == 0
    before = Path(export).read_bytes()
    assert run("messages", export, "-o", export, "--force").exit == 2
    assert Path(export).read_bytes() == before


WRONG = [
    (("--room", "Ops & Ca"), "There is no room 'Ops & Ca'; did you mean 'Ops & Co'?"),
    (("--user", "nobody"), "There is no user 'nobody'; the export has 2 users."),
    (("--regex", "(a)\\1"), "--regex is invalid, too long, or has a backreference"),
    (("--regex", "("), "--regex is invalid"),
    (("--private", "--room", "7"), "Private messages are in no room"),
    (("--since", "yesterday"), "'yesterday' is not a date or a time in ISO 8601"),
    (("--format", "xml"), "There is no format 'xml'"),
]


@pytest.mark.parametrize(("options", "sentence"), WRONG)
def test_a_wrong_option_is_explained(export: str, options: tuple[str, ...], sentence: str) -> None:
    result = run("messages", export, *options)
    assert (result.exit, result.out) == (2, "")
    assert sentence in " ".join(result.err.replace("│", " ").split())


def test_a_pattern_that_backtracks_for_ever_does_not_hang(tmp_path: Path) -> None:
    messages = [("UserMessage", room_message(1, message="a" * 9_000 + "b"))]
    path = write_tar(tmp_path / "a.tar", members([user(1)], [room(7)], {"rooms/7": messages}))
    assert ids(path, "--regex", "^(a+)+$") == []


def test_standard_input_is_read(export: str) -> None:
    result = run("messages", "-", "--room", "8", stdin=Path(export).read_bytes())
    assert (result.exit, len(result.out.splitlines())) == (0, 1)


def test_a_cut_archive_yields_what_comes_before_and_ends_with_status_3(tmp_path: Path) -> None:
    result = run("messages", archive(tmp_path, "gzip cut 2500"), *WITH_PASSWORD)
    assert result.exit == 3
    assert "hcfmt: skipped what cannot be read: HC007 (1)" in result.err


def test_a_skipped_record_is_named_without_its_text(tmp_path: Path) -> None:
    files = members([user(1)], [room(7)], {"rooms/7": [("UserMessage", room_message(1, message=5, sender="Secret"))]})
    result = run("messages", write_tar(tmp_path / "a.tar", files))
    assert (result.exit, result.out) == (1, "")
    assert "hcfmt: rooms/7/history.json#/0/UserMessage/message: " in result.err
    assert "Secret" not in result.err


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (("missing.tar",), 2, "cannot be read"),
        ((SAMPLE, "--password", "wrong"), 3, "hcfmt: cannot-decrypt"),
        ((__file__,), 3, "hcfmt: not-an-archive"),
    ],
)
def test_what_is_no_export_is_refused(arguments: tuple[str, ...], status: int, sentence: str) -> None:
    result = run("messages", *arguments)
    assert (result.exit, result.out) == (status, "")
    assert sentence in result.err


def test_a_directory_without_an_export_is_refused(tmp_path: Path) -> None:
    result = run("messages", tmp_path)
    assert (result.exit, result.err) == (
        2,
        f"hcfmt: {tmp_path}: holds no export: no member is a data file, such as users.json.\n",
    )
