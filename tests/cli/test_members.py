"""Tests of ``hcfmt ls`` and ``hcfmt cat``."""

import json
from pathlib import Path

import pytest

from tests.support.builders import END, entry, header
from tests.support.command import PASSWORD, SAMPLE, archive, run
from tests.support.recipes import sample_files

WITH_PASSWORD = ("--password", PASSWORD)
TERMINAL = frozenset({"stdout"})


@pytest.fixture
def twice(tmp_path: Path) -> Path:
    path = tmp_path / "twice.tar"
    path.write_bytes(entry(b"a", b"first\x1b[2J\n") + entry(b"a", b"second") + header(b"d/", 0, b"5") + END)
    return path


def test_ls_prints_a_path_a_line_in_the_order_of_the_archive() -> None:
    result = run("ls", SAMPLE, *WITH_PASSWORD)
    assert (result.exit, result.err) == (0, "")
    assert set(sample_files()) < set(result.out.splitlines())


def test_ls_long_prints_fields_and_on_a_terminal_a_table() -> None:
    plain = run("ls", "-l", SAMPLE, "users.json", *WITH_PASSWORD)
    table = run("ls", "-l", SAMPLE, "users.json", *WITH_PASSWORD, terminals=TERMINAL, env={"NO_COLOR": "1"})
    size = len(sample_files()["users.json"])
    assert plain.out == f"file\t{size}\tusers.json\n"
    assert [line.split() for line in table.out.splitlines()] == [
        ["Kind", "Bytes", "Path"],
        ["file", str(size), "users.json"],
        ["1", "member,", str(size), "bytes"],
    ]


@pytest.mark.parametrize("output", ["json", "jsonl"])
def test_ls_as_json_holds_every_member_and_the_exit_status(output: str, tmp_path: Path) -> None:
    result = run("ls", "--format", output, archive(tmp_path, "gzip cut 9000"), *WITH_PASSWORD)
    lines = [json.loads(line) for line in result.out.splitlines()] if output == "jsonl" else [json.loads(result.out)]
    assert lines[-1]["exit_status"] == result.exit == 3
    members = lines[:-1] if output == "jsonl" else lines[0]["members"]
    assert {"path", "kind", "size"} <= members[0].keys()


@pytest.mark.parametrize("command", [("ls",), ("cat", "users.json"), ("extract", "out")])
def test_an_archive_that_is_cut_ends_with_status_3_and_says_why(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(command[0], archive(tmp_path, "gzip cut 9000"), *command[1:], *WITH_PASSWORD)
    assert result.exit == 3
    assert "hcfmt: gzip-cut: The gzip stream stops" in result.err


@pytest.mark.parametrize("command", [("ls",), ("extract", "out")])
def test_an_empty_input_is_incomplete(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty.tar").write_bytes(END)
    result = run(command[0], "empty.tar", *command[1:])
    assert (result.exit, result.out) == (3, "")
    assert result.err.endswith("hcfmt: not-an-archive: The input is empty: it holds no members.\n")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", [("ls", "user.json"), ("cat", "user.json"), ("extract", "out", "user.json")])
def test_a_member_that_is_missing_is_an_error_that_suggests_one(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(command[0], SAMPLE, *command[1:], *WITH_PASSWORD)
    assert (result.exit, result.out) == (2, "")
    assert "There is no member 'user.json'; did you mean 'users.json'? 'hcfmt ls ARCHIVE' lists them." in result.err


def test_cat_writes_the_bytes_of_members() -> None:
    picture = "users/1/avatars/PrypXtu4rN8sEFL.jpg"
    result = run("cat", SAMPLE, picture, *WITH_PASSWORD)
    assert (result.exit, result.raw, result.err) == (0, sample_files()[picture], "")


def test_cat_reads_standard_input() -> None:
    result = run("cat", "-", "users.json", *WITH_PASSWORD, stdin=SAMPLE.read_bytes())
    assert result.raw == sample_files()["users.json"]


def test_cat_writes_the_first_of_two_members_and_says_so(twice: Path) -> None:
    result = run("cat", twice, "a")
    assert (result.exit, result.raw) == (0, b"first\x1b[2J\n")
    assert result.err == "a: the archive holds this name more than once; the first file was written.\n"


def test_cat_shows_text_on_a_terminal_with_escapes(twice: Path) -> None:
    assert run("cat", twice, "a", terminals=TERMINAL).out == "first\\u001b[2J\n"


def test_cat_refuses_what_is_not_text_on_a_terminal() -> None:
    result = run("cat", SAMPLE, "users/1/avatars/PrypXtu4rN8sEFL.jpg", *WITH_PASSWORD, terminals=TERMINAL)
    assert (result.exit, result.raw) == (2, b"")
    assert "is not text: redirect standard output to a file" in result.err


def test_cat_keeps_the_characters_that_chunks_divide(tmp_path: Path) -> None:
    path, text = tmp_path / "long.tar", "aé日" * 100_000
    path.write_bytes(entry(b"a", text.encode()) + END)
    assert run("cat", path, "a", terminals=TERMINAL).out == text


@pytest.mark.parametrize("command", [("ls",), ("cat", "d")])
def test_a_directory_is_listed_and_has_no_bytes(command: tuple[str, ...], twice: Path) -> None:
    result = run(command[0], twice, *command[1:])
    assert (result.exit, result.out, result.err) in {
        (0, "a\na\nd/\n", ""),
        (2, "", "hcfmt: d: is no file in the archive, but a directory.\n"),
    }
