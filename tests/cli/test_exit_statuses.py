"""Each exit status of ``hcfmt validate`` in each format: the same status, and a whole report that says it."""

import json
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn
from xml.etree import ElementTree as ET

import pytest

from hcfmt.check.catalogue import rules_of
from hcfmt.check.rules import CHECKS
from hcfmt.exits import Exit
from hcfmt.report.formats import FORMATS
from tests.support.command import PASSWORD, SAMPLE, UNCHANGED, archive, child, run

UNCHECKED = {*Exit} - {Exit.VALID, Exit.INVALID}
WITH_PASSWORD = ("--password", PASSWORD)
ERROR = "metadata.json = nothing"
WARNING = "digest sha256"
CUT = "gzip cut 9000"

# Recipes of the archives, options, and the status.
ROWS: Sequence[tuple[Sequence[str], Sequence[str], Exit]] = [
    ([UNCHANGED], (), Exit.VALID),
    ([WARNING], (), Exit.VALID),
    ([ERROR], ("--exit-zero",), Exit.VALID),
    ([ERROR], (), Exit.INVALID),
    ([WARNING], ("--fail-on", "warning"), Exit.INVALID),
    ([UNCHANGED, ERROR], (), Exit.INVALID),
    ([UNCHANGED], ("--for", "zulip", "--fail-on-loss"), Exit.INVALID),
    ([CUT], (), Exit.INCOMPLETE),
    ([CUT], ("--exit-zero",), Exit.INCOMPLETE),
    (["password wrong"], (), Exit.INCOMPLETE),
    ([UNCHANGED], ("--max-members", "3"), Exit.INCOMPLETE),
    ([ERROR, CUT, UNCHANGED], (), Exit.INCOMPLETE),
]


def archives(directory: Path, recipes: Sequence[str]) -> list[Path]:
    for number, _ in enumerate(recipes):
        (directory / str(number)).mkdir()
    return [archive(directory / str(number), recipe) for number, recipe in enumerate(recipes)]


def _sarif(out: str, status: Exit) -> None:
    assert json.loads(out)["runs"][0]["invocations"][0]["exitCode"] == status


def _junit(out: str, status: Exit) -> None:
    suites = ET.fromstring(out)  # noqa: S314 - our own report
    if status is Exit.INVALID:
        assert [*suites.iter("failure")]
    assert bool([*suites.iter("error")]) == (status in UNCHECKED)


def _github(out: str, status: Exit) -> None:
    if status is not Exit.VALID:
        assert "::error " in out


def _gitlab(out: str, status: Exit) -> None:
    severities = {issue["severity"] for issue in json.loads(out)}
    assert ("blocker" in severities) == (status in UNCHECKED)


def _json(out: str, status: Exit) -> None:
    assert json.loads(out)["exit_status"] == status


def _jsonl(out: str, status: Exit) -> None:
    assert json.loads(out.splitlines()[-1]) == {"type": "end", "exit_status": status}


def _markdown(out: str, status: Exit) -> None:
    head = out.splitlines()[0]
    assert head.startswith("## hcfmt: ")
    if status is not Exit.INTERNAL:
        assert ("incomplete" in head) == (status in UNCHECKED)


def _html(out: str, status: Exit) -> None:
    assert out.endswith("</body>\n</html>\n")
    if status is not Exit.INTERNAL:  # which says so of any verdict
        assert ('class="verdict incomplete"' in out) == (status in UNCHECKED)


SAYS: Mapping[str, Callable[[str, Exit], None]] = {
    "json": _json,
    "jsonl": _jsonl,
    "sarif": _sarif,
    "github": _github,
    "gitlab": _gitlab,
    "junit": _junit,
    "markdown": _markdown,
    "html": _html,
}
"""Functions that fail for a report that is cut short, or that contradicts the exit status."""


def says(name: str, out: str, status: Exit) -> None:
    if name in SAYS:
        SAYS[name](out, status)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(("recipes", "options", "status"), ROWS)
def test_every_format_has_the_exit_status_of_the_verdict(
    tmp_path: Path, name: str, recipes: Sequence[str], options: Sequence[str], status: Exit
) -> None:
    result = run("validate", *archives(tmp_path, recipes), *WITH_PASSWORD, *options, "--format", name)
    assert result.exit == status
    says(name, result.out, status)


@pytest.mark.parametrize("name", FORMATS)
def test_an_input_that_cannot_be_read_exits_2_with_a_report(name: str) -> None:
    result = run("validate", "missing.tar", SAMPLE, *WITH_PASSWORD, "--format", name)
    assert result.exit == Exit.USAGE
    assert "Cannot be read: No such file or directory." in result.out
    says(name, result.out, Exit.USAGE)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_input_without_a_password_exits_2_and_the_others_are_checked(tmp_path: Path, name: str, jobs: str) -> None:
    good, bad = archives(tmp_path, ["layers tar", f"layers tar\n{ERROR}"])
    result = run("validate", good, SAMPLE, bad, "--jobs", jobs, "--format", name)
    assert result.exit == Exit.USAGE
    assert "The archive needs a password: set HCFMT_PASSWORD" in " ".join(result.out.split())
    assert "HC201" in result.out
    says(name, result.out, Exit.USAGE)


@pytest.mark.parametrize("name", FORMATS)
def test_accepted_findings_that_are_gone_exit_1_with_a_report_that_says_so(tmp_path: Path, name: str) -> None:
    good, bad = archives(tmp_path, [UNCHANGED, "users.json#/1/User/name = 5"])
    baseline = tmp_path / "baseline.json"
    assert run("validate", bad, *WITH_PASSWORD, "--write-baseline", baseline).exit == Exit.VALID
    result = run("validate", good, *WITH_PASSWORD, "--baseline", baseline, "--format", name)
    assert result.exit == Exit.INVALID
    if name in {"json", "jsonl"}:
        assert '"gone"' in result.out
    else:
        assert "ccepted findings that are gone: 1 (1 HC301)" in result.out.replace("\\", "")
    says(name, result.out, Exit.INVALID)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("args", [(), (SAMPLE, "--fail-on", "fatal"), (SAMPLE, "--output", "xml:x")])
def test_wrong_usage_exits_2_without_a_report(name: str, args: Sequence[str | Path]) -> None:
    result = run("validate", *args, *WITH_PASSWORD, "--format", name)
    assert (result.exit, result.out) == (Exit.USAGE, "")
    assert result.err


@pytest.mark.parametrize("name", FORMATS)
def test_a_rule_that_crashes_exits_4_with_a_report(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def crashes(_: object) -> NoReturn:
        raise ZeroDivisionError

    monkeypatch.setitem(CHECKS, rules_of("layout")[0].code, crashes)
    result = run("validate", archive(tmp_path, UNCHANGED), *WITH_PASSWORD, "--format", name)
    assert result.exit == Exit.INTERNAL
    assert "HCX02" in result.out
    says(name, result.out, Exit.INTERNAL)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.slow
def test_an_interrupted_run_exits_130_with_the_reports_that_are_finished(tmp_path: Path, name: str) -> None:
    first, fifo = archive(tmp_path, f"layers tar\n{ERROR}"), tmp_path / "endless.tar"
    os.mkfifo(fifo)
    with child("validate", first, fifo, "--jobs", "1", "--format", name) as process:
        with fifo.open("wb", buffering=0) as feed:  # returns when the first archive has been checked
            feed.write(archive(tmp_path, "layers tar").read_bytes()[:40_960])
            process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    assert process.returncode == Exit.INTERRUPTED
    assert b"hcfmt: interrupted\n" in err
    assert b"HC201" in out
    says(name, out.decode(), Exit.INTERRUPTED)


def test_no_row_is_missing() -> None:
    """0, 1 and 3 are rows of the table; 2, 4 and 130 have a test of their own."""
    statuses: set[Any] = {status for _, _, status in ROWS}
    assert statuses == {*Exit} - {Exit.USAGE, Exit.INTERNAL, Exit.INTERRUPTED}
