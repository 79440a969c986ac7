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
    assert "importer.js:208" in run("importer", "rocketchat", "R01").out
    result = run("importer", "rocketchat", "R600")
    assert (result.exit, "did you mean 'R60'" in result.err) == (2, True)


def test_a_verdict_follows_the_findings_and_is_in_the_summary(tmp_path: Path) -> None:
    result = run("validate", archive(tmp_path, UNCHANGED), *WITH_PASSWORD, "--for", "rocketchat")
    assert result.exit == 0
    assert "\n\nrocketchat: imports, but loses 1 of 11 messages and 2 files\n  R02" in result.out
    told = run("validate", archive(tmp_path, UNCHANGED), *WITH_PASSWORD, "--for", "rocketchat", "--format", "json")
    assert "for rocketchat: imports, but loses" in told.err


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
    document = json.loads(result.out.splitlines()[-1] if output == "jsonl" else result.out)
    report = document if output == "jsonl" else document["reports"][0]
    assert [verdict["importer"] for verdict in report["importers"]] == list(builtin_names())


def test_a_profile_is_checked(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text('name = "ours"\ntitle = "Ours"\nsource = "x"\ncondition = []\n', "utf-8")
    assert run("validate", "--profile-check", str(path)).exit == 0
    path.write_text('name = "ours"\n', "utf-8")
    result = run("validate", "--profile-check", str(path))
    assert (result.exit, "missing required field" in result.err) == (2, True)


def test_a_profile_that_is_not_there_is_an_error_of_usage(tmp_path: Path) -> None:
    result = run("validate", archive(tmp_path, UNCHANGED), *WITH_PASSWORD, "--for", str(tmp_path / "no.toml"))
    assert (result.exit, "cannot be read: No such file" in result.err) == (2, True)


def test_an_importer_that_does_not_exist_is_named_before_an_input_is_looked_at(tmp_path: Path) -> None:
    result = run("validate", str(tmp_path / "missing"), "--for", "zulp")
    assert (result.exit, result.out) == (2, "")
    assert "There is no importer 'zulp'; did you mean 'zulip'?" in result.err
