"""Tests of ``hcfmt break``: damages by rule and by recipe, the answers file, and what is refused."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
import typer
import typer.core

from hcfmt.cli.choices import complete_variant
from tests.support.breaking import WAYS
from tests.support.command import PASSWORD, SAMPLE, run

WITH_PASSWORD = ("--password", PASSWORD)


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def test_an_archive_is_damaged_and_no_text_of_it_is_printed(tmp_path: Path) -> None:
    output = tmp_path / "broken.tar.gz.aes"
    result = run("break", SAMPLE, "--rule", "HC401", "-o", output, *WITH_PASSWORD)
    assert (result.exit, result.out, result.err) == (0, "", f"{output} written: HC401 unknown-sender, once.\n")
    found = json.loads(run("validate", "--format", "json", output, *WITH_PASSWORD).out)
    assert [answer["code"] for answer in found["reports"][0]["findings"]] == ["HC401"]
    assert names(tmp_path) == ["broken.tar.gz.aes"]


def test_the_answers_say_what_was_changed_where(tmp_path: Path) -> None:
    output, answers = tmp_path / "broken.tar", tmp_path / "answers.json"
    how = ("--rule", "HC705", "--count", "2", "--seed", "7", "-o", output, "--answers", answers)
    result = run("break", SAMPLE, *how, *WITH_PASSWORD)
    assert (result.exit, result.err) == (0, f"{output} written: HC705 missing-email, twice.\n")
    document = json.loads(answers.read_bytes())
    assert (document["rule"], document["seed"]) == ("HC705", 7)
    assert sorted(document["answers"], key=lambda answer: str(answer["pointer"])) == [
        {"rule": "HC705", "member": "users.json", "pointer": f"/{at}/User/email", "before": email, "after": None}
        for at, email in enumerate(["user@example.com", "other@example.com"])
    ]


def test_a_variant_is_named_in_the_message_and_the_answers(tmp_path: Path) -> None:
    output, answers = tmp_path / "broken.tar", tmp_path / "answers.json"
    how = ("--rule", "impossible-date", "--variant", "february-30", "-o", output, "--answers", answers)
    result = run("break", SAMPLE, *how, *WITH_PASSWORD)
    assert (result.exit, result.err) == (0, f"{output} written: HC601 impossible-date (february-30), once.\n")
    document = json.loads(answers.read_bytes())
    assert (document["rule"], document["variant"]) == ("HC601", "february-30")
    (answer,) = document["answers"]
    assert "-02-30T" in answer["after"]


def test_all_ways_to_break_a_rule_are_listed() -> None:
    result = run("break", "--list")
    assert (result.exit, result.err) == (0, "")
    rows = [line.split(maxsplit=2) for line in result.out.splitlines()]
    assert [(code, "" if variant == "-" else variant) for code, variant, _ in rows] == [
        (damage.code, damage.variant) for damage in WAYS.values()
    ]
    assert [about for *_, about in rows] == [damage.summary for damage in WAYS.values()]


@pytest.mark.parametrize(
    ("rule", "incomplete", "variants"),
    [
        ("HC601", "feb", ["february-30"]),
        ("impossible-date", "feb", ["february-30"]),
        ("HC404", "feb", []),
        (None, "february", ["february-30"]),
    ],
)
def test_completion_offers_the_variants_of_the_rule(rule: str | None, incomplete: str, variants: list[str]) -> None:
    context = typer.Context(typer.core.TyperCommand("break"))
    context.params["rule"] = rule
    assert [name for name, _ in complete_variant(context, incomplete)] == variants


def test_answers_about_binary_data_are_json_too(tmp_path: Path) -> None:
    output, answers = tmp_path / "broken.tar", tmp_path / "answers.json"
    assert run("break", SAMPLE, "--rule", "HC110", "-o", output, "--answers", answers, *WITH_PASSWORD).exit == 0
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
        ((), "Give --rule or --recipe, not both."),
        (("--rule", "HC401", "--recipe", "metadata.json -"), "Give --rule or --recipe, not both."),
        (("--rule", "HC601", "--variant", "february30"), "of HC601 'february30'; did you mean 'february-30'?"),
        (("--rule", "HC405", "--variant", "none"), "HC405 is broken in one way only: leave out the variant."),
        (("--rule", "unknown-sendr"), "There is no rule 'unknown-sendr'; did you mean 'unknown-sender'?"),
        (("--recipe", "metadata.json"), "Recipe, line 1, column 14: '=', '+=', '-' or '->' is missing after"),
        (
            ("--recipe", "metadata.json -", "--recipe", "a.json -"),
            "Recipe, line 2: The archive has no member 'a.json'.",
        ),
        (("--recipe", "metadata.json -", "--count", "2"), "A count is for a rule: a recipe is applied once."),
        (("--recipe", "metadata.json -", "--variant", "x"), "A variant is one of a rule"),
        (("--recipe", "@nothing.txt"), "nothing.txt: the recipe cannot be read: No such file or directory."),
        (("--recipe", "@."), ".: the recipe cannot be read: Is a directory."),
        (("--recipe", "name x.tar"), "leave out the line with 'name'."),
        (("--recipe", "gzip cut 3"), "The gzip layer is changed, and the archive does not have one."),
    ],
)
def test_wrong_usage_exits_2_and_leaves_nothing_behind(tmp_path: Path, args: Sequence[str], says: str) -> None:
    outputs = ("-o", tmp_path / "broken.tar", "--answers", tmp_path / "answers.json")
    result = run("break", SAMPLE, *args, *outputs, *WITH_PASSWORD)
    assert (result.exit, result.out) == (2, "")
    assert says in result.err
    assert names(tmp_path) == []


def test_a_recipe_breaks_in_any_way_and_the_verdict_is_printed(tmp_path: Path) -> None:
    output, answers, file = tmp_path / "broken.tar", tmp_path / "answers.json", tmp_path / "recipe.txt"
    line = "rooms/1/history.json#/0/UserMessage/sender/id = 3"
    file.write_text("# two changes\n\npreferences.json -\n", "utf-8")
    how = ("--recipe", f"@{file}", "--recipe", line, "-o", output, "--answers", answers)
    result = run("break", SAMPLE, *how, *WITH_PASSWORD)
    expected = "invalid; findings: HC105 absent-optional-file (1), HC401 unknown-sender (1)"
    assert (result.exit, result.out, result.err) == (0, "", f"{output} written: {expected}.\n")
    document = json.loads(answers.read_bytes())
    assert document["recipe"] == f"# two changes\n\npreferences.json -\n{line}"
    assert [answer["pointer"] for answer in document["answers"]] == [None, "/0/UserMessage/sender/id"]
    assert {answer["rule"] for answer in document["answers"]} == {None}


def test_a_recipe_may_leave_an_archive_valid(tmp_path: Path) -> None:
    result = run("break", SAMPLE, "--recipe", "# nothing", "-o", tmp_path / "same.tar", *WITH_PASSWORD)
    assert (result.exit, result.err) == (0, f"{tmp_path / 'same.tar'} written: valid; findings: none.\n")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"\xff", "the recipe is not UTF-8 at byte 0."), (b"a" * (4 << 20) + b"a", "the file is too large for a recipe.")],
)
def test_a_file_that_is_no_recipe_is_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    file = tmp_path / "recipe.txt"
    file.write_bytes(content)
    result = run("break", SAMPLE, "--recipe", f"@{file}", "-o", tmp_path / "x.tar", *WITH_PASSWORD)
    assert (result.exit, result.err) == (2, f"hcfmt: {file}: {sentence}\n")


def test_existing_files_are_overwritten_only_with_force(tmp_path: Path) -> None:
    output, answers = tmp_path / "broken.tar", tmp_path / "answers.json"
    answers.write_bytes(b"precious")
    how = ("--rule", "HC401", "-o", output, "--answers", answers, *WITH_PASSWORD)
    refused = run("break", SAMPLE, *how)
    assert (refused.exit, refused.err) == (2, f"hcfmt: {answers}: exists; --force overwrites it.\n")
    assert names(tmp_path) == ["answers.json"]
    assert run("break", SAMPLE, *how, "--force").exit == 0
    assert json.loads(answers.read_bytes())["rule"] == "HC401"


def test_the_password_may_be_wrong(tmp_path: Path) -> None:
    result = run("break", SAMPLE, "--rule", "HC401", "-o", tmp_path / "x.tar", "--password", "wrong")
    assert result.exit == 2
    assert f"{SAMPLE}: a rule is broken in a sound archive only, and this one is incomplete: HC002" in result.err
    assert "password is most likely wrong" in result.err
    assert f"See 'hcfmt validate {SAMPLE}'" in result.err


@pytest.mark.parametrize("name", [".", "", "/", "..", "-", "x.zip"])
def test_an_impossible_output_name_is_refused(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("break", SAMPLE, "--rule", "HC401", "-o", name, *WITH_PASSWORD)
    assert result.exit == 2
    assert any(words in result.err for words in ("not the name", "is empty", "./-", "is not written as"))
    assert names(tmp_path) == []


def test_a_trailing_slash_means_a_directory(tmp_path: Path) -> None:
    # The sample holds a name that no directory of every machine can.
    sound = tmp_path / "sound.tar"
    assert run("generate", "--profile", "tiny", "-o", sound).exit == 0
    assert run("break", sound, "--rule", "HC401", "-o", f"{tmp_path / 'x.tar'}/").exit == 0
    assert (tmp_path / "x.tar" / "users.json").is_file()


def test_the_answers_overwrite_neither_archive(tmp_path: Path) -> None:
    sound = tmp_path / "sound.tar.gz.aes"
    sound.write_bytes(SAMPLE.read_bytes())
    for answers, says in (("sound.tar.gz.aes", "would overwrite an input"), ("broken.tar", "is named twice")):
        how = ("--rule", "HC401", "-o", tmp_path / "broken.tar", "--answers", tmp_path / answers, "--force")
        result = run("break", sound, *how, *WITH_PASSWORD)
        assert result.exit == 2
        assert says in result.err
    assert names(tmp_path) == ["sound.tar.gz.aes"]
    assert sound.read_bytes() == SAMPLE.read_bytes()


def test_the_help_warns_that_answers_hold_text_of_the_archive() -> None:
    result = run("break", "--help", env={"COLUMNS": "120"})
    assert result.exit == 0
    assert "text of the archive" in " ".join(result.out.replace("│", " ").split())


def test_the_help_has_examples_and_fits_80_columns() -> None:
    result = run("break", "--help", env={"COLUMNS": "80"})
    assert all(len(line) <= 80 for line in result.out.splitlines())
    assert "hcfmt break export.tar.gz.aes --rule HC401 -o broken.tar.gz.aes" in result.out
