"""``hcfmt break``: a sound archive in, a broken one out, and the answers beside it."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.cli import PASSWORD, SAMPLE, run

GIVEN = ("--password", PASSWORD)


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def test_an_archive_is_broken_and_nothing_of_it_is_told(tmp_path: Path) -> None:
    output = tmp_path / "broken.tar.gz.aes"
    result = run("break", SAMPLE, "--rule", "HC401", "-o", output, *GIVEN)
    assert (result.exit, result.out, result.err) == (0, "", f"{output} written: HC401 unknown-sender, once.\n")
    found = json.loads(run("validate", "--format", "json", output, *GIVEN).out)
    assert [one["code"] for one in found["reports"][0]["findings"]] == ["HC401"]
    assert names(tmp_path) == ["broken.tar.gz.aes"]


def test_the_answers_tell_what_was_where(tmp_path: Path) -> None:
    output, answers = tmp_path / "broken.tar", tmp_path / "answers.json"
    how = ("--rule", "HC705", "--count", "2", "--seed", "7", "-o", output, "--answers", answers)
    result = run("break", SAMPLE, *how, *GIVEN)
    assert (result.exit, result.err) == (0, f"{output} written: HC705 missing-email, twice.\n")
    told = json.loads(answers.read_bytes())
    assert (told["rule"], told["seed"]) == ("HC705", 7)
    assert sorted(told["answers"], key=lambda one: str(one["pointer"])) == [
        {"rule": "HC705", "member": "users.json", "pointer": f"/{at}/User/email", "before": email, "after": None}
        for at, email in enumerate(["user@example.com", "other@example.com"])
    ]


def test_answers_to_what_is_no_text_are_json_too(tmp_path: Path) -> None:
    output, answers = tmp_path / "broken.tar", tmp_path / "answers.json"
    assert run("break", SAMPLE, "--rule", "HC110", "-o", output, "--answers", answers, *GIVEN).exit == 0
    (answer,) = json.loads(answers.read_bytes())["answers"]
    assert answer["member"].endswith("caf\udce9.png")
    assert (answer["pointer"], answer["before"], answer["after"]) == (None, None, {"bytes": 8})


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("--rule", "HC999"), "There is no rule 'HC999'; 'hcfmt rules' lists them."),
        (("--rule", "HCX02"), "HCX02 cannot be broken: no archive causes it"),
        (("--rule", "HC012", "--count", "2"), "An archive can break HC012 only once, not 2 times."),
        (("--rule", "HC404", "--count", "3"), "The export has too few rooms: 1, and 3 are needed."),
        (("--rule", "HC401", "--count", "0"), "--count"),
        ((), "--rule"),
    ],
)
def test_wrong_usage_exits_2_and_leaves_nothing_behind(tmp_path: Path, args: Sequence[str], says: str) -> None:
    result = run("break", SAMPLE, *args, "-o", tmp_path / "broken.tar", "--answers", tmp_path / "answers.json", *GIVEN)
    assert (result.exit, result.out) == (2, "")
    assert says in result.err
    assert names(tmp_path) == []


def test_files_that_are_there_are_overwritten_by_force_alone(tmp_path: Path) -> None:
    output, answers = tmp_path / "broken.tar", tmp_path / "answers.json"
    answers.write_bytes(b"precious")
    how = ("--rule", "HC401", "-o", output, "--answers", answers, *GIVEN)
    refused = run("break", SAMPLE, *how)
    assert (refused.exit, refused.err) == (2, f"hcfmt: {answers}: exists; --force overwrites it.\n")
    assert names(tmp_path) == ["answers.json"]
    assert run("break", SAMPLE, *how, "--force").exit == 0
    assert json.loads(answers.read_bytes())["rule"] == "HC401"


def test_the_password_may_be_wrong(tmp_path: Path) -> None:
    result = run("break", SAMPLE, "--rule", "HC401", "-o", tmp_path / "x.tar", "--password", "wrong")
    assert result.exit == 2
    assert f"{SAMPLE}: only a sound archive is broken in one way alone, and this one is incomplete: HC002" in result.err
    assert "most likely the password is wrong" in result.err
    assert f"See 'hcfmt validate {SAMPLE}'" in result.err


@pytest.mark.parametrize("name", [".", "", "/", "..", "-", "x.zip"])
def test_an_output_that_cannot_be_named_so_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("break", SAMPLE, "--rule", "HC401", "-o", name, *GIVEN)
    assert result.exit == 2
    assert any(words in result.err for words in ("no name", "./-", "is not written as"))
    assert names(tmp_path) == []


def test_a_slash_asks_for_a_directory(tmp_path: Path) -> None:
    # The sample holds a name that no directory of every machine can.
    sound = tmp_path / "sound.tar"
    assert run("generate", "--profile", "tiny", "-o", sound).exit == 0
    assert run("break", sound, "--rule", "HC401", "-o", f"{tmp_path / 'x.tar'}/").exit == 0
    assert (tmp_path / "x.tar" / "users.json").is_file()


def test_the_answers_are_written_over_neither_archive(tmp_path: Path) -> None:
    sound = tmp_path / "sound.tar.gz.aes"
    sound.write_bytes(SAMPLE.read_bytes())
    for answers in ("sound.tar.gz.aes", "broken.tar"):
        how = ("--rule", "HC401", "-o", tmp_path / "broken.tar", "--answers", tmp_path / answers, "--force")
        result = run("break", sound, *how, *GIVEN)
        assert result.exit == 2
        assert "--answers would overwrite the archive" in result.err
    assert names(tmp_path) == ["sound.tar.gz.aes"]
    assert sound.read_bytes() == SAMPLE.read_bytes()


def test_the_help_says_that_answers_hold_text_of_the_archive() -> None:
    result = run("break", "--help", env={"COLUMNS": "120"})
    assert result.exit == 0
    assert "text of the archive" in " ".join(result.out.replace("│", " ").split())


def test_the_help_has_examples_and_fits_80_columns() -> None:
    result = run("break", "--help", env={"COLUMNS": "80"})
    assert all(len(line) <= 80 for line in result.out.splitlines())
    assert "hcfmt break export.tar.gz.aes --rule HC401 -o broken.tar.gz.aes" in result.out
