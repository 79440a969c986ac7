"""Tests of ``hcfmt validate --for``, ``hcfmt importers`` and ``hcfmt importer``."""

import json
from pathlib import Path

import pytest

from hcfmt.profiles.loading import builtin_names
from tests.support.command import PASSWORD, UNCHANGED, archive, run

WITH_PASSWORD = ("--password", PASSWORD)


def test_every_importer_is_listed_and_explained() -> None:
    listed = [line.split()[0] for line in run("importers").out.splitlines()]
    assert listed == list(builtin_names())
    for name in listed:
        assert run("importer", name).out.startswith(f"{name}: ")


def test_a_condition_is_explained_and_an_unknown_one_corrected() -> None:
    page = run("importer", "rocketchat", "R01").out
    assert ("importer.js:208" in page, "Source: Rocket.Chat" in page, "3.16 (2021-06)" in page) == (True, True, True)
    result = run("importer", "rocketchat", "R600")
    assert (result.exit, "did you mean 'R60'" in result.err) == (2, True)


def test_a_verdict_follows_the_findings_and_is_in_the_summary(tmp_path: Path) -> None:
    result = run("validate", archive(tmp_path, UNCHANGED), *WITH_PASSWORD, "--for", "rocketchat")
    assert result.exit == 0
    assert "\n\nrocketchat: imports, but loses 1 of 11 messages and 2 files\n  R02" in result.out
    told = run("validate", archive(tmp_path, UNCHANGED), *WITH_PASSWORD, "--for", "rocketchat", "--format", "json")
    assert "for rocketchat: imports, but loses" in told.err


def test_a_verdict_ends_with_the_command_that_explains_its_conditions(tmp_path: Path) -> None:
    result = run("validate", archive(tmp_path, UNCHANGED), *WITH_PASSWORD, "--for", "zulip")
    assert result.out.splitlines()[-1] == "  'hcfmt importer zulip Z01' explains a condition and names its evidence."


def test_the_verdicts_of_importers_are_printed_by_a_quiet_run_too(tmp_path: Path) -> None:
    result = run("validate", archive(tmp_path, UNCHANGED), *WITH_PASSWORD, "-q", "--for", "zulip", "--fail-on-loss")
    assert (result.exit, result.out.splitlines()[1:]) == (1, ["  for zulip: dies at emoticons.json#/Emoticons/0"])


def test_losses_are_no_exit_status_without_an_importer(tmp_path: Path) -> None:
    result = run("validate", archive(tmp_path, UNCHANGED), *WITH_PASSWORD, "--fail-on-loss")
    assert (result.exit, result.out, "add --for" in result.err) == (2, "", True)


@pytest.mark.parametrize(
    ("options", "status"), [((), 0), (("--fail-on-loss",), 1), (("--fail-on-loss", "--exit-zero"), 1)]
)
def test_a_loss_is_an_exit_status_only_if_it_is_asked_for(
    options: tuple[str, ...], status: int, tmp_path: Path
) -> None:
    result = run("validate", archive(tmp_path, UNCHANGED), *WITH_PASSWORD, "--for", "rocketchat", *options)
    assert result.exit == status


@pytest.mark.parametrize("output", ["json", "jsonl"])
def test_verdicts_are_in_json_too(output: str, tmp_path: Path) -> None:
    result = run("validate", archive(tmp_path, UNCHANGED), *WITH_PASSWORD, "--for", "all", "--format", output)
    document = json.loads(result.out.splitlines()[-2] if output == "jsonl" else result.out)
    report = document if output == "jsonl" else document["reports"][0]
    assert [verdict["importer"] for verdict in report["importers"]] == list(builtin_names())


def test_a_profile_is_checked(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text('name = "ours"\ntitle = "Ours"\nsource = "x"\ncondition = []\n', "utf-8")
    assert run("validate", "--profile-check", str(path)).exit == 0
    path.write_text('name = "ours"\n', "utf-8")
    result = run("validate", "--profile-check", str(path))
    assert (result.exit, "missing required field" in result.err) == (2, True)
    assert f"{path}: A profile is wrong" in " ".join(result.err.split())


def test_an_error_in_a_condition_names_the_file_and_the_condition(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(
        'name = "ours"\ntitle = "Ours"\nsource = "x"\ncondition = [{ id = "1", where = ["archive"], effect = "dies", '
        'happens = "It dies.", source = "x", evidence = "run", when = [{ fact = "nothing" }] }]\n',
        "utf-8",
    )
    result = run("validate", "--profile-check", str(path))
    assert (result.exit, f"{path}: Condition 1: There is no fact" in " ".join(result.err.split())) == (2, True)


def test_a_profile_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text('name = "ours"\ntitle = "Ours"\nsource = "x"\ncondition = []\n', "utf-8-sig")
    assert run("validate", "--profile-check", str(path)).exit == 0


def test_a_profile_that_is_not_there_is_an_error_of_usage(tmp_path: Path) -> None:
    result = run("validate", archive(tmp_path, UNCHANGED), *WITH_PASSWORD, "--for", str(tmp_path / "no.toml"))
    assert (result.exit, "cannot be read: No such file" in result.err) == (2, True)


def test_an_importer_that_does_not_exist_is_named_before_an_input_is_looked_at(tmp_path: Path) -> None:
    result = run("validate", str(tmp_path / "missing"), "--for", "zulp")
    assert (result.exit, result.out) == (2, "")
    assert "There is no importer 'zulp'; did you mean 'zulip'?" in result.err


OURS = """
name = "ours"
title = "Ours"
source = "x"

[[condition]]
id = "1"
where = ["User"]
when = [{ field = "/mention_name", longer_than = 20 }]
effect = "drops"
loses = ["messages of the user"]
happens = "The user is dropped."
source = "users.py:120"
evidence = "run"
bad = 'users.json#/1/User/mention_name = "a" * 21'
"""
WRONG = {
    "a kind that does not exist": ('["User"]', '["Usr"]', "There is no place 'Usr'; did you mean 'User'?"),
    "no place": ('["User"]', "[]", "'where' is empty"),
    "the archive beside a kind": ('["User"]', '["User", "archive"]', "'archive' stands alone"),
    "evidence that is none": ('"run"', '"maybe"', "Invalid enum value 'maybe'"),
    "a loss that is none": ('"messages of the user"', '"mesage"', "There is no loss 'mesage'; did you mean 'message'?"),
    "a bad example that is no recipe": ('"a" * 21', "complete nonsense", "the bad example is no recipe"),
    "a bad example that is harmless": ('"a" * 21', '"a" * 20', "the bad example does not meet the condition"),
    "a sample that meets it": (
        "longer_than = 20",
        "longer_than = 2",
        "the documented sample as it is meets the condition",
    ),
    "a good example that meets it": (
        '"a" * 21\'',
        '"a" * 21\'\ngood = \'users.json#/1/User/mention_name = "a" * 22\'',
        "the good example meets the condition",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_profile_is_refused_with_what_is_wrong(case: str, tmp_path: Path) -> None:
    right, wrong, expected = WRONG[case]
    path = tmp_path / "ours.toml"
    path.write_text(OURS, "utf-8")
    assert run("validate", "--profile-check", str(path)).exit == 0
    path.write_text(OURS.replace(right, wrong), "utf-8")
    result = run("validate", "--profile-check", str(path))
    assert (result.exit, expected in result.out + result.err) == (2, True)


def test_a_property_that_no_schema_has_is_named_and_may_be_right(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(OURS.replace("/mention_name", "/mention_nmae").replace("bad =", "remedy ="), "utf-8")
    result = run("validate", "--profile-check", str(path))
    assert result.exit == 0
    assert "no schema has the property 'mention_nmae' of '/mention_nmae'; did you mean 'mention_name'?" in result.out
