"""Tests of ``hcfmt fix``: the result and its report, the diff, the answers, and what is refused."""

import json
from pathlib import Path

import pytest

from tests.support.command import PASSWORD, SAMPLE, archive, run

WITH_PASSWORD = ("--password", PASSWORD)
EMPTY_LIST, STRANGER = "rooms.json#/0/Room/participants = null", "rooms.json#/0/Room/owner = 7"
SECRET = "canary of a title"


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


@pytest.fixture
def flawed(tmp_path: Path) -> Path:
    """Give an archive with a flaw that has a safe fix, and one that has an unsafe fix."""
    place = tmp_path / "in"
    place.mkdir()
    return archive(place, f"{EMPTY_LIST}\n{STRANGER}")


def test_the_report_shows_what_is_left(tmp_path: Path, flawed: Path) -> None:
    output = tmp_path / "fixed.tar.gz.aes"
    result = run("fix", flawed, "-o", output, *WITH_PASSWORD)
    assert result.exit == 0
    assert "HC404 unknown-owner" in result.out
    assert "HC310" not in result.out
    assert result.err.splitlines() == [
        f"{output} written. Changes made: HC310 null-for-empty (1).",
        "Not fixed without --unsafe: HC404 unknown-owner.",
    ]


def test_unsafe_fixes_are_made_on_demand(tmp_path: Path, flawed: Path) -> None:
    output = tmp_path / "fixed.tar.gz.aes"
    result = run("fix", flawed, "--unsafe", "-o", output, *WITH_PASSWORD)
    assert result.err == f"{output} written. Changes made: HC310 null-for-empty (1), HC404 unknown-owner (1).\n"
    assert run("validate", output, *WITH_PASSWORD).exit == 0


def test_the_diff_writes_nothing_and_hides_text(tmp_path: Path, flawed: Path) -> None:
    del flawed
    titled = archive(tmp_path, f'users.json#/1/User/title = "{SECRET * 10}"')
    before = names(tmp_path)
    result = run("fix", titled, "--diff", "--unsafe", *WITH_PASSWORD)
    assert result.out.splitlines()[:3] == [
        "@@ users.json#/1/User/title @@ HC714 long-account-text",
        "-a string of 170 characters",
        "+a string of 128 characters",
    ]
    assert SECRET not in result.out + result.err
    assert result.err == "Nothing was written. Changes to make: HC714 long-account-text (1).\n"
    shown = run("fix", titled, "--diff", "--unsafe", "--show-values", *WITH_PASSWORD)
    assert SECRET in shown.out
    assert names(tmp_path) == before


def test_long_lists_of_changes_are_cut(tmp_path: Path) -> None:
    members = json.dumps([{"id": 1} for _ in range(25)])
    many = archive(tmp_path, f"rooms.json#/0/Room/members = {members}")
    lines = run("fix", many, "--diff", *WITH_PASSWORD).out.splitlines()
    assert sum(line.startswith("@@ ") for line in lines) == 10
    assert "... 15 more changes for HC307 members-as-objects" in lines


def test_the_answers_say_what_was_changed_where(tmp_path: Path, flawed: Path) -> None:
    output, answers = tmp_path / "fixed.tar", tmp_path / "answers.json"
    run("fix", flawed, "--unsafe", "-o", output, "--answers", answers, *WITH_PASSWORD)
    rows = json.loads(answers.read_bytes())["answers"]
    assert [(row["rule"], row["member"], row["pointer"], row["before"]) for row in rows] == [
        ("HC310", "rooms.json", "/0/Room/participants", None),
        ("HC404", "users.json", "/2", None),
    ]
    assert (rows[0]["after"], rows[1]["after"]["User"]["is_deleted"]) == ([], True)


def test_of_a_sound_archive_nothing_is_written(tmp_path: Path) -> None:
    result = run("fix", SAMPLE, "-o", tmp_path / "fixed.tar", *WITH_PASSWORD)
    assert (result.exit, result.err, names(tmp_path)) == (0, "Nothing to fix; nothing was written.\n", [])


def test_the_exit_status_is_that_of_what_is_left(tmp_path: Path) -> None:
    broken = archive(tmp_path, f"{EMPTY_LIST}\nrooms/1/history.json#/0/UserMessage/sender/id = 7")
    assert run("fix", broken, "-o", tmp_path / "safe.tar", *WITH_PASSWORD).exit == 1
    assert run("fix", broken, "--unsafe", "-o", tmp_path / "unsafe.tar", *WITH_PASSWORD).exit == 0


def test_an_archive_that_is_cut_is_left_to_salvage(tmp_path: Path) -> None:
    cut = archive(tmp_path, "gzip cut 9000")
    result = run("fix", cut, "-o", tmp_path / "fixed.tar", *WITH_PASSWORD)
    assert result.exit == 3
    assert "Nothing is fixed, as the archive was not read to its end." in result.err
    assert "'hcfmt salvage' saves what can be read." in result.err
    assert names(tmp_path) == [cut.name]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Give --output to write the result, or --diff to see what would change."),
        (("--diff", "-o", "fixed.tar"), "Give --output to write the result, or --diff to see what would change."),
        (("-o", "fixed.tar", "--answers", "fixed.tar"), "is named twice as a file to write"),
        (("-o", "fixed.zip"), "an export is not written as .zip"),
        (("-o", "fixed.tar", "--select", "HC999"), "There is no rule 'HC999'"),
        (("-o", "fixed.tar", "--password", "wrong"), ""),
    ],
)
def test_wrong_usage_is_told(
    tmp_path: Path, flawed: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    place = tmp_path / "out"
    place.mkdir()
    monkeypatch.chdir(place)
    result = run("fix", flawed, *arguments, env={} if "--password" in arguments else {"HCFMT_PASSWORD": PASSWORD})
    assert result.exit == (3 if "wrong" in arguments else 2)
    assert said in result.err
    assert names(place) == []


def test_inputs_that_are_no_archives_are_refused(tmp_path: Path) -> None:
    page = tmp_path / "page.tar.gz"
    page.write_text("<!DOCTYPE html>")
    assert run("fix", page, "-o", tmp_path / "fixed.tar").exit == 3
    assert run("fix", tmp_path / "missing.tar", "-o", tmp_path / "fixed.tar").exit == 2
    assert run("fix", "-", "-o", tmp_path / "fixed.tar").exit == 2
    assert names(tmp_path) == ["page.tar.gz"]
