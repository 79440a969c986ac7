"""Tests of ``hcfmt salvage``: exit statuses, what it prints, and what it refuses."""

import json
from pathlib import Path

import pytest

from tests.support.canary import CANARY, full
from tests.support.command import PASSWORD, UNCHANGED, Result, archive, run
from tests.support.recipes import cook

WITH_PASSWORD = ("--password", PASSWORD)
CUT = "gzip cut 9000"
STAYS = "users.json#/0/User/timezone = 5"  # an error of a member that is whole


def salvage(directory: Path, recipe: str, *args: str | Path) -> Result:
    return run("salvage", archive(directory, recipe), "-o", directory / "saved.tar", *WITH_PASSWORD, *args)


def test_a_cut_archive_becomes_a_valid_one(tmp_path: Path) -> None:
    result = salvage(tmp_path, CUT)
    assert result.exit == 0
    assert result.err == f"{tmp_path / 'saved.tar'} written: valid.\n"
    assert "  saved as they are: " in result.out
    assert "    HC007 The gzip stream stops" in result.out
    assert run("validate", tmp_path / "saved.tar").exit == 0


@pytest.mark.parametrize(
    ("recipe", "status", "said"),
    [
        (UNCHANGED, 0, "written: valid."),
        (f"{STAYS}\ngzip cut -20", 1, "written: invalid. 'hcfmt validate' says why."),
        ("gzip cut 40", 3, "hcfmt: gzip-cut: Nothing whole is left of the archive"),
        ("password wrong", 3, "hcfmt: cannot-decrypt: The password is most likely wrong"),
        ("layers zip", 3, "hcfmt: not-an-archive: "),
    ],
)
def test_the_exit_status_says_what_became_of_the_archive(tmp_path: Path, recipe: str, status: int, said: str) -> None:
    result = salvage(tmp_path, recipe)
    assert result.exit == status
    assert said in result.err
    assert (tmp_path / "saved.tar").exists() == (status < 2)


def test_the_list_is_json_on_request_and_in_a_file(tmp_path: Path) -> None:
    result = salvage(tmp_path, CUT, "--format", "json", "--report", tmp_path / "lost.json")
    document = json.loads(result.out)
    assert document == json.loads((tmp_path / "lost.json").read_text())
    assert document["verdict"] == "valid"
    assert {"damages", "whole_members", "partly", "lost", "restored", "made_up", "left_out"} <= document.keys()


def test_no_text_of_the_archive_is_in_the_list(tmp_path: Path) -> None:
    for number, cut in enumerate((1500, 3000, 5000)):
        directory = tmp_path / str(number)
        directory.mkdir()
        recipe = f"users/files/{CANARY}/{CANARY}.pdf = {CANARY}\n{full()}\ngzip cut {cut}"
        for output in ("text", "json"):
            result = salvage(directory, recipe, "--format", output, "--force")
            assert CANARY not in result.out + result.err


def test_standard_input_is_salvaged_as_a_file_is(tmp_path: Path) -> None:
    salvage(tmp_path, CUT)
    result = run("salvage", "-", "-o", tmp_path / "other.tar", *WITH_PASSWORD, stdin=cook(CUT).data)
    assert result.exit == 0
    assert (tmp_path / "other.tar").read_bytes() == (tmp_path / "saved.tar").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []


def test_a_directory_is_written_for_a_slash(tmp_path: Path) -> None:
    result = run("salvage", archive(tmp_path, CUT), "-o", f"{tmp_path / 'saved'}/", *WITH_PASSWORD)
    assert result.exit == 0
    assert (tmp_path / "saved" / "users.json").stat().st_mode & 0o777 == 0o600


def test_no_existing_file_and_no_input_is_overwritten(tmp_path: Path) -> None:
    source = archive(tmp_path, CUT)
    before = source.read_bytes()
    assert run("salvage", source, "-o", source, "--force", *WITH_PASSWORD).exit == 2
    assert source.read_bytes() == before
    (tmp_path / "saved.tar").write_bytes(b"kept")
    result = salvage(tmp_path, CUT)
    assert result.exit == 2
    assert "exists; --force overwrites it" in result.err
    assert (tmp_path / "saved.tar").read_bytes() == b"kept"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    result = run("salvage", tmp_path / "none.tar", "-o", tmp_path / "saved.tar")
    assert result.exit == 2
    assert "none.tar: cannot be read: No such file or directory." in result.err
