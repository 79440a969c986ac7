"""Tests of ``hcfmt validate``: every exit status and every option."""

import importlib.util
import inspect
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import pytest

from hcfmt.check.catalogue import rules_of
from hcfmt.check.engine import validate as check
from hcfmt.check.rules import CHECKS
from hcfmt.cli.validate import validate
from hcfmt.container import LIMITS
from hcfmt.report.formats import FORMATS
from tests.support.command import PASSWORD, SAMPLE, UNCHANGED, Result, archive, run

WITH_PASSWORD = ("--password", PASSWORD)
WARNING = "digest sha256"
INFO = 'users.json#/1/User/nickname = "Otto"'
ERROR = "metadata.json = nothing"
CUT = "gzip cut 9000"
LONG_NAME = "rooms/1/files/BcudLU14VxUEeUK/" + "n" * 200 + " = x"
LONG_MESSAGE = f'rooms/1/history.json#/0/UserMessage/message = "m" * {3 << 20}'
DEEP = 'metadata.json = {"include_emoticons": ' + "[" * 40 + "]" * 40 + "}"


def validated(directory: Path, recipe: str, *args: str) -> Result:
    return run("validate", archive(directory, recipe), *WITH_PASSWORD, *args)


def reports(result: Result) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(result.out)["reports"]
    return found


@pytest.mark.parametrize(
    ("recipe", "verdict", "status"),
    [
        (UNCHANGED, "valid", 0),
        (WARNING, "valid", 0),
        (ERROR, "invalid", 1),
        ("users.json -", "invalid", 1),
        (CUT, "incomplete", 3),
        ("password wrong", "incomplete", 3),
        ("option --max-members 5", "valid", 0),
    ],
)
def test_the_exit_status_follows_from_the_verdict(tmp_path: Path, recipe: str, verdict: str, status: int) -> None:
    for output in FORMATS:
        result = validated(tmp_path, recipe, "--format", output)
        assert result.exit == status
        assert verdict in (result.out if output == "text" else result.err)
    assert reports(validated(tmp_path, recipe, "--format", "json"))[0]["verdict"] == verdict


@pytest.mark.parametrize("content", [b"", b"\0" * 1024, b"no archive at all"])
def test_nothing_to_check_is_incomplete(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "export.tar"
    path.write_bytes(content)
    assert run("validate", path).exit == 3


def test_nothing_is_said_of_the_dialect_where_no_file_tells_it(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<html>")
    assert "dialect" not in run("validate", str(tmp_path / "page.html")).out
    assert "  dialect: hc-migrate (certain)\n" in run("validate", archive(tmp_path, UNCHANGED), *WITH_PASSWORD).out


def test_an_empty_directory_is_incomplete(tmp_path: Path) -> None:
    assert run("validate", tmp_path).exit == 3


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ((), "Missing argument"),
        (("--no-such-option", "x"), "No such option"),
        (("x", "--fail-on", "fatal"), "fatal"),
        (("x", "--format", "xml"), "xml"),
        (("x", "--digest", "sha1"), "sha1"),
        (("x", "--max-findings", "0"), "--max-findings"),
        (("x", "--max-findings", "many"), "many"),
        (("x", "--jobs", "0"), "--jobs"),
        (("x", "--jobs", "62"), "--jobs"),
        (("x", "--max-depth", "15"), "--max-depth"),
        (("x", "--max-path", "4x"), "is not a size"),
        (("x", "--max-path", "-4"), "is not a size"),
        (("x", "--max-path", "9" * 5000), "is not a size"),
        (("x", "--max-seconds", "-1"), "is not a number of"),
        (("x", "--max-seconds", "nan"), "is not a number of"),
        (("x", "--max-seconds", "inf"), "is not a number of"),
        (("x", "--max-seconds", "soon"), "is not a number of"),
        (("-", "-"), "once"),
    ],
)
def test_wrong_usage_exits_2_and_says_what_is_wrong(args: Sequence[str], says: str) -> None:
    result = run("validate", *args)
    assert (result.exit, result.out) == (2, "")
    assert says in " ".join(result.err.replace("│", " ").split())


def test_a_rule_that_crashes_exits_4_with_a_finding_and_no_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crashes(_: object) -> NoReturn:
        raise ZeroDivisionError("a word of the archive")

    monkeypatch.setitem(CHECKS, rules_of("layout")[0].code, crashes)
    result = validated(tmp_path, UNCHANGED)
    assert result.exit == 4
    assert "HCX02" in result.out
    assert "Traceback" not in result.out + result.err
    assert "a word of the archive" not in result.out + result.err


def test_any_other_crash_exits_4_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def crashes(*_: object, **__: object) -> NoReturn:
        raise KeyError("a word of the archive")

    monkeypatch.setattr("hcfmt.check.archive_queue.validate", crashes)
    result = run("validate", SAMPLE)
    assert (result.exit, result.out) == (4, "")
    assert result.err == "hcfmt: internal error (KeyError). This is a bug in hcfmt; please report it.\n"


def test_ctrl_c_exits_130_and_finished_reports_are_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(path: str, *args: Any, **options: Any) -> object:  # noqa: ANN401 - handed on
        if path.endswith(".tar"):
            raise KeyboardInterrupt
        return check(path, *args, **options)

    monkeypatch.setattr("hcfmt.check.archive_queue.validate", interrupted)
    result = run("validate", archive(tmp_path, ERROR), archive(tmp_path, "layers tar"), *WITH_PASSWORD)
    assert result.exit == 130
    assert "HC201" in result.out
    assert "Traceback" not in result.err


@pytest.mark.parametrize(
    ("recipes", "status"),
    [
        ((UNCHANGED, UNCHANGED), 0),
        ((UNCHANGED, ERROR), 1),
        ((ERROR, UNCHANGED), 1),
        ((CUT, ERROR, UNCHANGED), 3),
        ((ERROR, CUT), 3),
    ],
)
def test_the_most_severe_of_several_inputs_decides(tmp_path: Path, recipes: Sequence[str], status: int) -> None:
    paths = []
    for number, recipe in enumerate(recipes):
        (tmp_path / str(number)).mkdir()
        paths.append(archive(tmp_path / str(number), recipe))
    result = run("validate", *paths, *WITH_PASSWORD, "--format", "json")
    assert result.exit == status
    assert len(reports(result)) == len(recipes)


def test_an_internal_error_outweighs_every_verdict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crashes(_: object) -> NoReturn:
        raise ZeroDivisionError

    for rule in rules_of("layout"):
        monkeypatch.setitem(CHECKS, rule.code, crashes)
    assert run("validate", archive(tmp_path, CUT), archive(tmp_path, "layers tar"), *WITH_PASSWORD).exit == 4


@pytest.mark.parametrize(("recipe", "weight"), [(INFO, 3), (WARNING, 1), (ERROR, 0)])
@pytest.mark.parametrize("fail_on", ["error", "warning", "suspect", "info"])
def test_fail_on_is_the_lowest_severity_that_makes_an_archive_invalid(
    tmp_path: Path, recipe: str, weight: int, fail_on: str
) -> None:
    invalid = weight <= ["error", "warning", "suspect", "info"].index(fail_on)
    assert validated(tmp_path, recipe, "--fail-on", fail_on).exit == int(invalid)


@pytest.mark.parametrize(("recipe", "status"), [(UNCHANGED, 0), (ERROR, 0), (CUT, 3)])
def test_exit_zero_changes_only_the_status_of_invalid_archives(tmp_path: Path, recipe: str, status: int) -> None:
    assert validated(tmp_path, recipe, "--exit-zero").exit == status


def test_exit_zero_does_not_change_wrong_usage() -> None:
    assert run("validate", "there/is/no/such/file", "--exit-zero").exit == 2


@pytest.mark.parametrize(
    ("option", "value", "recipe"),
    [
        ("--max-expanded", "1K", UNCHANGED),
        ("--max-members", "5", UNCHANGED),
        ("--max-header", "100", LONG_NAME),
        ("--max-path", "10", UNCHANGED),
        ("--max-names", "10", UNCHANGED),
        ("--max-record", "1M", LONG_MESSAGE),
        ("--max-depth", "16", DEEP),
        ("--max-seconds", "0", UNCHANGED),
    ],
)
def test_a_reached_limit_is_incomplete_and_names_its_option(
    tmp_path: Path, option: str, value: str, recipe: str
) -> None:
    result = validated(tmp_path, recipe, option, value, "--format", "json")
    assert result.exit == 3
    found = [finding for finding in reports(result)[0]["findings"] if finding["code"] == "HCX01"]
    assert found
    assert all(f"{option} raises" in finding["message"] for finding in found)
    assert "HCX01" not in validated(tmp_path, recipe).out


def test_every_limit_has_an_option() -> None:
    assert {f"max_{limit}" for limit in LIMITS} < set(inspect.signature(validate).parameters)


@pytest.mark.parametrize(("value", "status"), [("60K", 3), ("1m", 0), ("1048576", 0), ("1G", 0), ("2t", 0)])
def test_a_size_may_have_a_unit(value: str, status: int) -> None:
    assert run("validate", SAMPLE, *WITH_PASSWORD, "--max-expanded", value).exit == status


def test_max_findings_limits_what_is_shown_not_what_is_counted(tmp_path: Path) -> None:
    recipe = "\n".join(f"rooms/1/history.json#/{number} = {{}}" for number in range(5))
    few = reports(validated(tmp_path, recipe, "--format", "json", "--max-findings", "2"))[0]
    all_of_them = reports(validated(tmp_path, recipe, "--format", "json"))[0]
    assert len(few["findings"]) == 2
    assert len(all_of_them["findings"]) == 5
    assert few["totals"] == all_of_them["totals"] == {"HC302": 5}
    result = validated(tmp_path, recipe, "--max-findings", "2")
    assert "HC302 unknown-record-kind: 5 findings" in result.out
    assert result.out.count("rooms/1/history.json#/") == 2
    assert "and 3 more places" in result.out
    assert "(5 errors)" in result.out


@pytest.mark.slow
def test_jobs_change_nothing_in_the_report(tmp_path: Path) -> None:
    recipe = "rooms/1/history.json#/3 = {}\nusers.json#/0/User/id = null\nmetadata.json = nothing"
    for name in FORMATS:
        first, second = (validated(tmp_path, recipe, "--jobs", jobs, "--format", name) for jobs in ("1", "2"))
        assert first == second
    assert len(reports(validated(tmp_path, recipe, "--format", "json"))[0]["findings"]) == 3


@pytest.mark.parametrize("recipe", ["layers aes gzip tar", "layers gzip tar", "layers tar"])
def test_standard_input_is_an_input_like_any_other(tmp_path: Path, recipe: str) -> None:
    result = run("validate", "-", *WITH_PASSWORD, stdin=archive(tmp_path, recipe).read_bytes())
    assert (result.exit, result.err) == (0, "")
    assert result.out.startswith("-: valid (no finding)\n")


@pytest.mark.parametrize("output", FORMATS)
def test_an_absolute_path_is_shortened_but_for_programs(tmp_path: Path, output: str) -> None:
    path = archive(tmp_path, WARNING)
    result = run("validate", path, *WITH_PASSWORD, "--format", output)
    assert str(tmp_path) not in result.err
    assert (str(tmp_path) in result.out) == (output in {"json", "jsonl"})


@pytest.mark.parametrize("output", FORMATS)
def test_a_path_below_the_current_directory_is_named_from_there(
    tmp_path: Path, output: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("validate", archive(tmp_path, WARNING), *WITH_PASSWORD, "--format", output)
    assert str(tmp_path) not in result.out + result.err


def test_an_input_that_cannot_be_read_is_one_report_and_the_others_are_checked(tmp_path: Path) -> None:
    good, bad = archive(tmp_path, UNCHANGED), archive(tmp_path, f"layers tar\n{ERROR}")
    missing = ("there/is/no/such/file", str(tmp_path / "*.zip"))
    result = run("validate", missing[0], good, missing[1], bad, *WITH_PASSWORD, "--format", "json")
    rows = [(report["verdict"], list(report["totals"])) for report in reports(result)]
    unread = ("incomplete", ["HCX03"])
    assert (result.exit, rows) == (2, [unread, ("valid", []), unread, ("invalid", ["HC201"])])
    said = [report["findings"][0]["message"] for report in reports(result) if report["totals"].get("HCX03")]
    assert said == ["Cannot be read: No such file or directory.", "Cannot be read: no file matches this wildcard."]
    assert run("validate", missing[0], archive(tmp_path, CUT), *WITH_PASSWORD).exit == 3


def test_inputs_that_an_interrupted_run_did_not_reach_are_reported_as_not_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(path: str, *args: Any, **options: Any) -> object:  # noqa: ANN401 - handed on
        if path == str(SAMPLE):
            raise KeyboardInterrupt
        return check(path, *args, **options)

    monkeypatch.setattr("hcfmt.check.archive_queue.validate", interrupted)
    good = archive(tmp_path, "layers tar")
    result = run("validate", "-q", good, SAMPLE, "other.tar", *WITH_PASSWORD)
    unchecked = "incomplete (the run ended before this input was checked)"
    assert (result.exit, result.out.splitlines()[1:]) == (
        130,
        [
            f"{SAMPLE.relative_to(Path.cwd())}: {unchecked}",
            f"other.tar: {unchecked}",
            "3 inputs: 1 valid, 2 incomplete (no finding)",
        ],
    )


def test_a_missing_file_alone_exits_2() -> None:
    result = run("validate", "missing.tar")
    assert (result.exit, result.err) == (2, "")
    assert result.out.splitlines()[0] == "missing.tar: incomplete (HCX03 unreadable-input)"


def test_a_directory_of_archives_says_so_and_recursive_checks_them(tmp_path: Path) -> None:
    archive(tmp_path, UNCHANGED)
    archive(tmp_path, f"layers tar\n{ERROR}")
    alone = run("validate", tmp_path)
    assert alone.exit == 3
    assert "It holds 2 archives" in " ".join(alone.out.split())
    assert "'hcfmt validate --recursive DIRECTORY' checks" in " ".join(alone.out.split())
    every = run("validate", tmp_path, "--recursive", "-q", *WITH_PASSWORD)
    assert (every.exit, len(every.out.splitlines())) == (1, 3)


def test_text_is_all_on_standard_output(tmp_path: Path) -> None:
    result = validated(tmp_path, ERROR)
    assert result.err == ""
    assert result.out.splitlines()[0] == "archive.tar.gz.aes: invalid (1 error)"
    assert "error    HC201 invalid-json  metadata.json" in result.out.splitlines()
    assert result.out.splitlines()[-1] == "'hcfmt rule HC201' explains a finding and says what to do."


@pytest.mark.parametrize("output", [name for name in FORMATS if name != "text"])
def test_of_a_format_for_programs_the_verdict_goes_to_standard_error(tmp_path: Path, output: str) -> None:
    verdict = "archive.tar.gz.aes: invalid (1 error)"
    assert validated(tmp_path, ERROR, "--format", output).err.splitlines()[0] == verdict
    assert validated(tmp_path, ERROR, "--format", output, "--quiet").err == f"{verdict}\n"


def test_quiet_prints_the_verdicts_alone(tmp_path: Path) -> None:
    result = validated(tmp_path, ERROR, "-q")
    assert (result.exit, result.out, result.err) == (1, "archive.tar.gz.aes: invalid (1 error)\n", "")


def test_verbose_prints_each_finding_and_what_it_tells_the_dialect_by(tmp_path: Path) -> None:
    recipe = "\n".join(f"rooms/1/history.json#/{number} = {{}}" for number in range(5))
    brief, whole = validated(tmp_path, recipe), validated(tmp_path, recipe, "--verbose")
    assert [result.out.count("rooms/1/history.json#/") for result in (brief, whole)] == [3, 5]
    assert ["users.json" in result.out for result in (brief, whole)] == [False, True]


def test_quiet_and_verbose_exclude_each_other() -> None:
    result = run("validate", SAMPLE, "-q", "-v")
    assert (result.exit, result.err) == (2, "hcfmt: Give --quiet or --verbose, not both.\n")


def test_a_named_digest_is_the_only_one_tried(tmp_path: Path) -> None:
    assert validated(tmp_path, "digest sha256", "--digest", "sha256").exit == 0
    assert validated(tmp_path, "digest sha256", "--digest", "md5").exit == 3


def test_colours_need_a_terminal_or_force_color_and_yield_to_no_color(tmp_path: Path) -> None:
    path = archive(tmp_path, ERROR)

    def coloured(terminals: Sequence[str] = (), **env: str) -> tuple[bool, bool]:
        args = (path, *WITH_PASSWORD)
        text = run("validate", *args, env=env, terminals=frozenset(terminals))
        other = run("validate", *args, "--format", "json", env=env, terminals=frozenset(terminals))
        return "\x1b[" in text.out, "\x1b[" in other.err

    assert coloured() == (False, False)
    assert coloured(["stdout"]) == (True, False)
    assert coloured(["stderr"]) == (False, True)
    assert coloured(["stdout"], NO_COLOR="1") == (False, False)
    assert coloured(["stdout"], NO_COLOR="") == (True, False)
    assert coloured(["stdout"], TERM="dumb") == (False, False)
    assert coloured(FORCE_COLOR="1") == (True, True)
    assert coloured(FORCE_COLOR="1", NO_COLOR="1") == (False, False)


def test_text_fills_a_terminals_width_and_has_a_fixed_width_in_a_file(tmp_path: Path) -> None:
    path = archive(tmp_path, CUT)
    narrow = run("validate", path, *WITH_PASSWORD, env={"COLUMNS": "50"}, terminals=frozenset({"stdout"}))
    assert max(map(len, narrow.out.splitlines()[2:])) <= 50
    plain = run("validate", path, *WITH_PASSWORD, env={"COLUMNS": "50"})
    assert plain == run("validate", path, *WITH_PASSWORD)
    assert 50 < max(map(len, plain.out.splitlines())) <= 100


@pytest.mark.parametrize("options", [("--format", "html"), ("--output", "html:report.html")])
def test_without_its_extra_the_page_says_what_to_install_before_anything_is_read(
    options: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    result = run("validate", "missing.tar", *options)
    assert (result.exit, result.out) == (2, "")
    assert result.err == "hcfmt: The extra 'html' is not installed: pip install 'hcfmt[html]'.\n"
