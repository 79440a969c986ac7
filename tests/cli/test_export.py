"""Tests of ``hcfmt export``."""

from pathlib import Path

import pytest

from tests.support.command import PASSWORD, SAMPLE, archive, run

WITH_PASSWORD = ("--password", PASSWORD)


def test_a_sound_export_becomes_a_database(tmp_path: Path) -> None:
    result = run("export", SAMPLE, tmp_path / "a.sqlite", *WITH_PASSWORD)
    assert (result.exit, result.out) == (0, "")
    assert result.err == f"{tmp_path / 'a.sqlite'} written: 2 users, 1 room, 13 messages, 11 files.\n"


def test_standard_input_is_read(tmp_path: Path) -> None:
    result = run("export", "-", tmp_path / "a.sqlite", *WITH_PASSWORD, stdin=SAMPLE.read_bytes())
    assert result.exit == 0


@pytest.mark.parametrize(
    ("recipe", "status", "problem"),
    [
        ("rooms/1/history.json#/0/UserMessage/sender/id = 99", 1, "HC401 unknown-sender: 1 problem"),
        ("gzip cut 54000", 3, "HC007 gzip-cut: 1 problem"),
    ],
)
def test_what_was_skipped_is_counted_and_decides_the_exit_status(
    recipe: str, status: int, problem: str, tmp_path: Path
) -> None:
    result = run("export", archive(tmp_path, recipe), tmp_path / "a.db", *WITH_PASSWORD)
    assert result.exit == status
    _, first, *_, last = result.err.splitlines()
    assert (first, last) == (problem, 'The table "problems" has them.')


def test_the_archive_is_never_overwritten(tmp_path: Path) -> None:
    path = archive(tmp_path)
    link = tmp_path / "link.db"
    link.symlink_to(path)
    before = path.read_bytes()
    result = run("export", path, link, "--force", *WITH_PASSWORD)
    assert (result.exit, path.read_bytes()) == (2, before)
    assert "would overwrite an input" in result.err


@pytest.mark.parametrize("output", ["a.csv", "-", "", "missing/a.db", "a.db/"])
def test_a_name_that_cannot_be_written_is_an_error(
    output: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("export", SAMPLE, output, *WITH_PASSWORD)
    assert (result.exit, result.out) == (2, "")
    assert result.err.startswith("hcfmt: ")
    assert [*tmp_path.iterdir()] == []
