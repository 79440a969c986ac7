"""Tests of ``hcfmt extract``."""

import json
from pathlib import Path

import pytest

from tests.support.builders import END, entry, header, pax, record
from tests.support.command import PASSWORD, SAMPLE, run
from tests.support.recipes import sample_files

WITH_PASSWORD = ("--password", PASSWORD)
ODD = b"".join(
    [
        entry(b"users.json", b"[]"),
        entry(b"USERS.JSON", b"[]"),
        pax(record(b"path", b"../\x1b[2Jevil\xff")) + entry(b"a"),
        header(b"link", 0, b"2"),
        pax(record(b"path", b"b")) + pax(record(b"path", b"c")) + entry(b"d"),
        END,
    ]
)


@pytest.fixture
def odd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "odd.tar").write_bytes(ODD)
    return "odd.tar"


def test_a_sound_archive_is_extracted_without_a_word_on_standard_output(tmp_path: Path) -> None:
    result = run("extract", SAMPLE, tmp_path / "out", *WITH_PASSWORD)
    assert (result.exit, result.out) == (0, "")
    assert result.err == f"{tmp_path / 'out'}: 20 files (99,688 bytes) written.\n"
    assert {path: (tmp_path / "out" / path).read_bytes() for path in sample_files()} == sample_files()


def test_members_that_were_renamed_or_left_out_are_listed(odd: str) -> None:
    result = run("extract", odd, "out")
    assert result.exit == 1
    assert result.out.splitlines() == [
        "renamed: USERS.JSON -> USERS-2.JSON",
        "renamed: ../\\u001b[2Jevil\\udcff -> __/_[2Jevil%FF",
        "left out (link): link",
        "read differently by other programs (HC014): c",
    ]


def test_renames_are_written_as_json(odd: str, tmp_path: Path) -> None:
    assert run("extract", odd, "out", "--renames", "renames.json").exit == 1
    document = json.loads((tmp_path / "renames.json").read_text())
    assert document["renamed"][0] == {"path": "USERS.JSON", "written": "USERS-2.JSON"}
    assert document["left_out"] == [{"path": "link", "kind": "link"}]
    assert document["ambiguous"] == ["c"]


def test_the_file_of_renames_is_overwritten_with_force_alone(odd: str, tmp_path: Path) -> None:
    (tmp_path / "renames.json").write_text("mine")
    result = run("extract", odd, "out", "--renames", "renames.json")
    assert (result.exit, (tmp_path / "renames.json").read_text()) == (2, "mine")
    assert not (tmp_path / "out").exists()
    assert run("extract", odd, "out", "--renames", "renames.json", "--force").exit == 1


@pytest.mark.parametrize("renames", ["odd.tar", "./odd.tar"])
def test_renames_never_replace_the_archive(odd: str, renames: str, tmp_path: Path) -> None:
    result = run("extract", odd, "out", "--renames", renames, "--force")
    assert (result.exit, result.err) == (2, f"hcfmt: {renames}: would overwrite an input; choose another name.\n")
    assert (tmp_path / odd).read_bytes() == ODD


def test_a_directory_that_is_not_empty_is_refused(odd: str, tmp_path: Path) -> None:
    result = run("extract", odd, tmp_path)
    assert (result.exit, result.out) == (2, "")
    assert result.err == f"hcfmt: {tmp_path}: is not empty; name a new or an empty directory.\n"
