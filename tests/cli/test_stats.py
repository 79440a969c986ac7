"""Tests of ``hcfmt stats``: exit statuses, options, and what it shows of an archive."""

import json
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

import hcfmt.cli.progress
from hcfmt.check.catalogue import RULES
from hcfmt.report.tables import BLOCKS
from hcfmt.verdict import Entry, Report, Status, Verdict
from tests.support.canary import CANARY, DEFECTS
from tests.support.command import COMMAND, PASSWORD, SAMPLE, UNCHANGED, Result, archive, environment, run
from tests.support.recipes import cook
from tests.support.report_checks import conforms
from tests.support.report_samples import EMPTY, INVENTORY, company

WITH_PASSWORD = ("--password", PASSWORD)
ERROR = "users.json#/0/User/id = null"
CUT = "gzip cut 9000"
NAMED = f'rooms.json#/0/Room/name = "{CANARY}\\u001b[2J"'
FORMATS = ("text", "markdown", "json")

EVERY_FORMAT = pytest.mark.parametrize("output", FORMATS)


def stats(directory: Path, recipe: str, *args: str) -> Result:
    return run("stats", archive(directory, recipe), *WITH_PASSWORD, *args)


@pytest.fixture
def reported(monkeypatch: pytest.MonkeyPatch) -> Callable[[Report], None]:
    """Return a function that decides what the check of an archive comes to."""

    def comes_to(report: Report) -> None:
        monkeypatch.setattr("hcfmt.cli.stats.check", lambda *_, **__: report)

    return comes_to


@EVERY_FORMAT
@pytest.mark.parametrize(
    ("recipe", "says", "status"),
    [
        (UNCHANGED, "valid", 0),
        ("digest sha256", "valid", 0),
        (ERROR, "'hcfmt validate' lists what was found", 0),
        (CUT, "could be read. HC00", 3),
        ("password wrong", "could be read. HC00", 3),
    ],
)
def test_only_unreadable_archives_fail_and_the_reason_is_named(
    tmp_path: Path, recipe: str, says: str, status: int, output: str
) -> None:
    result = stats(tmp_path, recipe, "--format", output)
    assert result.exit == status
    assert says in " ".join((result.out + result.err).split())
    assert "Traceback" not in result.err
    assert bool(result.err) == (output == "json" and recipe in {ERROR, CUT, "password wrong"})


def test_an_archive_without_required_content_is_incomplete(reported: Callable[[Report], None]) -> None:
    ought = next(rule.code for rule in RULES.values() if rule.must_exist)
    ledger = (Entry("HC001", Status.PASSED, 1), Entry(ought, Status.SKIPPED, 0, "User: there was none"))
    reported(Report("x.tar", Verdict.INCOMPLETE, (), {}, ledger, EMPTY, decided_by=ought))
    result = run("stats", SAMPLE)
    assert (result.exit, result.out) == (3, "x.tar: incomplete\nNo content could be read. User: there was none.\n")


def test_an_internal_error_exits_4(reported: Callable[[Report], None]) -> None:
    reported(Report("x.tar", Verdict.INCOMPLETE, (), {"HCX02": 1}, (), INVENTORY, failed=True))
    assert run("stats", SAMPLE).exit == 4


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ((), "Missing argument"),
        ((str(SAMPLE), str(SAMPLE)), "unexpected extra argument"),
        (("x", "--no-such-option"), "No such option"),
        (("x", "--format", "html"), "html"),
        (("x", "--top", "0"), "--top"),
        (("x", "--top", "101"), "--top"),
        (("x", "--top", "many"), "many"),
        (("x", "--max-path", "4x"), "is not a size"),
        (("x", "--max-depth", "15"), "--max-depth"),
        (("there/is/no/such/file",), "there/is/no/such/file"),
        ((str(SAMPLE),), "The archive needs a password"),
    ],
)
def test_wrong_usage_exits_2_and_says_what_is_wrong(args: Sequence[str], says: str) -> None:
    result = run("stats", *args)
    assert (result.exit, result.out) == (2, "")
    assert says in " ".join(result.err.replace("│", " ").split())


def test_help_has_every_limit_that_validate_has() -> None:
    def limits(command: str) -> list[str]:
        lines = run(command, "--help").out.splitlines()
        return [line for line in lines if "--max-" in line and "--max-findings" not in line]

    assert len(limits("stats")) >= 8
    assert limits("stats") == limits("validate")


@pytest.mark.parametrize(
    ("option", "value"), [("--max-expanded", "60K"), ("--max-members", "5"), ("--max-seconds", "0")]
)
def test_a_reached_limit_is_incomplete_and_names_its_option(tmp_path: Path, option: str, value: str) -> None:
    result = stats(tmp_path, UNCHANGED, option, value)
    assert result.exit == 3
    assert "could be read. HCX01 budget-exceeded: The " in result.out
    assert f"{option} raises" in " ".join(result.out.split())


def test_json_is_the_inventory_as_published(tmp_path: Path) -> None:
    document: dict[str, Any] = json.loads(stats(tmp_path, UNCHANGED, "--format", "json").out)
    conforms("stats.json", document)
    inventory = document["inventory"]
    assert (inventory["users"]["total"], inventory["rooms"]["total"]) == (2, 1)
    messages = inventory["messages"]
    assert messages["distinct"] == messages["total"] - messages["PrivateUserMessage"] // 2 > 0
    assert sum(month["room"] + month["private"] for month in inventory["months"]) == messages["distinct"]
    assert [room["messages"] for room in inventory["busiest_rooms"]] == [
        messages["total"] - messages["PrivateUserMessage"]
    ]
    assert list(inventory["layers"]) == ["aes", "gzip", "tar"]
    assert inventory["layers"]["aes"] == len(cook(UNCHANGED).data)


def test_text_shows_the_numbers_of_the_sample(tmp_path: Path) -> None:
    out = stats(tmp_path, UNCHANGED).out
    assert out.startswith("archive.tar.gz.aes: valid\n\nAt a glance\n  dialect ")
    for title in ("Users ", "Rooms ", "Messages ", "Month ", "Busiest rooms, by id ", "Stored files ", "Layers, "):
        assert f"\n\n{title}" in out


@pytest.mark.parametrize("recipe", ["layers aes gzip tar", "layers gzip tar", "layers tar"])
def test_standard_input_is_an_input_like_any_other(tmp_path: Path, recipe: str) -> None:
    result = run("stats", "-", *WITH_PASSWORD, stdin=archive(tmp_path, recipe).read_bytes())
    assert result.exit == 0
    assert result.out.startswith("-: valid\n")


def test_an_input_is_named_without_its_directory(tmp_path: Path) -> None:
    for output in FORMATS:
        assert str(tmp_path) not in stats(tmp_path, UNCHANGED, "--format", output).out


@EVERY_FORMAT
def test_room_names_are_shown_only_on_request_and_escaped(tmp_path: Path, output: str) -> None:
    assert CANARY not in stats(tmp_path, NAMED, "--format", output).out
    out = stats(tmp_path, NAMED, "--format", output, "--show-values").out
    assert CANARY in out
    assert out.replace("\n", "").isprintable()


@pytest.mark.parametrize("defect", DEFECTS)
@pytest.mark.slow
def test_the_canary_is_in_no_output_and_escaped_if_shown(tmp_path: Path, defect: str) -> None:
    limits = [f"--max-{limit}={value}" for limit, value in cook(DEFECTS[defect]).limits.items()]
    for output in FORMATS:
        hidden = stats(tmp_path, DEFECTS[defect], "--format", output, *limits)
        assert CANARY.lower() not in (hidden.out + hidden.err).lower()
        result = stats(tmp_path, DEFECTS[defect], "--format", output, "--show-values", *limits)
        assert (result.out + result.err).replace("\n", "").isprintable()


def test_top_limits_the_rooms_and_users_shown(reported: Callable[[Report], None]) -> None:
    reported(Report("x.tar", Verdict.VALID, (), {}, (), company()))
    for args, count in (((), 10), (("--top", "3"), 3), (("--top", "100"), 40)):
        for output in ("text", "markdown"):
            out = run("stats", SAMPLE, "--format", output, *args).out
            rooms, _, users = out.partition("Busiest rooms")[2].partition("Stored files")[0].partition("Busiest users")
            for listed in (rooms, users):
                assert sum(line.strip("| ")[:1].isdigit() for line in listed.splitlines()) == count
    everything = json.loads(run("stats", SAMPLE, "--format", "json", "--top", "3").out)
    assert len(everything["inventory"]["busiest_rooms"]) == 40


def test_a_terminal_has_colours_and_a_width(reported: Callable[[Report], None]) -> None:
    reported(Report("x.tar", Verdict.INCOMPLETE, (), {}, (), company()))
    plain = run("stats", SAMPLE, env={"COLUMNS": "80"})
    wide = run("stats", SAMPLE, env={"COLUMNS": "120"}, terminals=frozenset({"stdout"}))
    assert "\x1b[" not in plain.out
    assert {"\x1b[1m", "\x1b[31;1m", "\x1b[0m"} <= {
        f"\x1b[{part.partition('m')[0]}m" for part in wide.out.split("\x1b[")
    }
    assert max(map(len, wide.out.splitlines())) > max(map(len, plain.out.splitlines())) > 80


@pytest.mark.parametrize(
    ("encoding", "bars"), [("utf-8", BLOCKS[0]), ("cp437", BLOCKS[0]), ("latin-1", "#"), ("ascii", "#")]
)
@pytest.mark.slow
def test_bars_use_characters_of_the_encoding(encoding: str, bars: str) -> None:
    result = subprocess.run(
        [*COMMAND, "stats", str(SAMPLE), *WITH_PASSWORD],
        env=environment({"PYTHONIOENCODING": encoding}),
        capture_output=True,
        check=True,
    )
    assert bars * 20 in result.stdout.decode(encoding)


@EVERY_FORMAT
def test_progress_is_shown_on_a_terminal_and_disappears(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, output: str
) -> None:
    monkeypatch.setattr(hcfmt.cli.progress, "DELAY", 0)
    result = run("stats", archive(tmp_path), *WITH_PASSWORD, "--format", output, terminals=frozenset({"stderr"}))
    assert result.exit == 0
    assert result.out == run("stats", archive(tmp_path), *WITH_PASSWORD, "--format", output).out
