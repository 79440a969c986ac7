"""Tests of ``hcfmt diff``: its exit statuses, its text, its JSON, and how it is used wrongly."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.support.command import COMMAND, PASSWORD, SAMPLE, Result, archive, environment, run
from tests.support.report_checks import conforms

WITH_PASSWORD = ("--password", PASSWORD)
SECRET = "Quince"
CHANGED = f'rooms/1/history.json#/0/UserMessage/message = "{SECRET}"\nrooms/1/files/{SECRET}.txt = x'


def compared(a: str | Path, b: str | Path, *options: str, stdin: bytes = b"") -> Result:
    return run("diff", a, b, *WITH_PASSWORD, *options, stdin=stdin)


def test_equal_exports_exit_0() -> None:
    result = compared(SAMPLE, SAMPLE)
    assert (result.exit, result.err) == (0, "")
    assert result.out.splitlines()[-1] == "The exports are equal."


def test_different_exports_exit_1(tmp_path: Path) -> None:
    result = compared(SAMPLE, archive(tmp_path, CHANGED))
    assert (result.exit, result.err) == (1, "")
    assert "  rooms/1: 1 changed" in result.out.splitlines()
    assert result.out.splitlines()[-1] == "The exports differ: 2 records differ."


@pytest.mark.parametrize("recipe", ["gzip cut 9000", "password wrong", "layers tar\nmetadata.json = nothing"])
def test_what_could_not_be_compared_exits_2_even_where_nothing_differs(tmp_path: Path, recipe: str) -> None:
    damaged = archive(tmp_path, recipe)
    status = 1 if "metadata" in recipe else 2
    for a, b in ((SAMPLE, damaged), (damaged, SAMPLE)):
        result = compared(a, b)
        assert (result.exit, result.err) == (status, "")
        assert ("Not everything could be compared." in result.out) == (status == 2)


def test_quiet_says_one_sentence() -> None:
    assert compared(SAMPLE, SAMPLE, "-q").out == "The exports are equal.\n"


@pytest.mark.parametrize("options", [(), ("-v",), ("--format", "json")])
def test_text_of_the_archives_is_shown_only_on_request(tmp_path: Path, options: tuple[str, ...]) -> None:
    other = archive(tmp_path, CHANGED)
    assert SECRET not in compared(SAMPLE, other, *options).out
    assert not options or SECRET in compared(SAMPLE, other, *options, "--show-values").out


def test_json_conforms_to_its_schema(tmp_path: Path) -> None:
    for other in (SAMPLE, archive(tmp_path, CHANGED)):
        result = compared(SAMPLE, other, "--format", "json", "--show-values")
        document = json.loads(result.out)
        conforms("diff.json", document)
        assert document["exit_status"] == result.exit


def test_long_lists_are_cut_and_counted(tmp_path: Path) -> None:
    other = archive(tmp_path, "\n".join(f"rooms/1/files/{number}/a.txt = {number}" for number in range(5)))
    lines = compared(SAMPLE, other, "-v", "--limit", "2", "--show-values").out.splitlines()
    assert [line for line in lines if line.startswith("    +")] == [
        "    + rooms/1/files/0/a.txt",
        "    + rooms/1/files/1/a.txt",
        "    + and 3 more added",
    ]


def test_each_archive_is_opened_with_the_password_that_fits(tmp_path: Path) -> None:
    other = archive(tmp_path, "password tarragon")
    (tmp_path / "passwords").write_text(f"{PASSWORD}\ntarragon\n")
    for a, b in ((SAMPLE, other), (other, SAMPLE)):
        assert run("diff", a, b, "--password-file", tmp_path / "passwords").exit == 0


def test_one_archive_may_be_standard_input() -> None:
    assert compared("-", SAMPLE, stdin=SAMPLE.read_bytes()).exit == 0
    assert compared(SAMPLE, "-", stdin=SAMPLE.read_bytes()).exit == 0


def test_the_output_does_not_depend_on_the_hashes_of_the_process(tmp_path: Path) -> None:
    texts = ["one", "two", "three", "four"]
    for name in ("a", "b"):
        (tmp_path / name / "rooms" / "1").mkdir(parents=True)
        sender = {"id": 1, "name": name, "mention_name": "", "version": ""}
        records = [{"UserMessage": {"id": "x", "message": f"{name} {text}", "sender": sender}} for text in texts]
        records += [{"UserMessage": {"id": f"{number}", "message": name}} for number in range(40)]
        (tmp_path / name / "rooms" / "1" / "history.json").write_text(json.dumps(records))
        texts = texts[1:]
    outputs = {
        subprocess.run(
            [*COMMAND, "diff", "a", "b", "-v", "--show-values"],
            cwd=tmp_path,
            env=environment({"PYTHONHASHSEED": seed}),
            capture_output=True,
            check=False,
        ).stdout
        for seed in ("1", "2", "3")
    }
    (output,) = outputs
    assert b"40 changed" not in output
    assert b"41 changed" in output


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("-", "-"), "hcfmt: A and B cannot both be standard input"),
        (("missing", SAMPLE), "hcfmt: missing: cannot be read: No such file or directory."),
        ((SAMPLE, "missing"), "hcfmt: missing: cannot be read: No such file or directory."),
        ((SAMPLE, SAMPLE, "-q", "-v"), "hcfmt: Give --verbose or --quiet, not both."),
        ((SAMPLE,), ""),
    ],
)
def test_wrong_usage_exits_2(args: tuple[str | Path, ...], says: str) -> None:
    result = run("diff", *args, *WITH_PASSWORD)
    assert (result.exit, result.out) == (2, "")
    assert result.err.startswith(says)


def test_a_directory_without_an_export_cannot_be_compared(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    result = compared(SAMPLE, tmp_path / "empty")
    assert result.exit == 2
    assert "It holds no export: it has no data file, such as users.json." in result.out
