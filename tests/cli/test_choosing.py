"""Options and configuration that choose which findings of ``hcfmt validate`` count."""

import json
import os
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from hcfmt.check.configuration import parse_settings
from hcfmt.report.formats import FORMATS
from tests.support.command import PASSWORD, SAMPLE, UNCHANGED, Result, archive, run
from tests.support.report_checks import conforms

WITH_PASSWORD = ("--password", PASSWORD)
SENDER = "rooms/1/history.json#/0/UserMessage/sender/id = 99"
NAME = "users.json#/0/User/name = 5"
NOTE = "note.txt = x"
FAULTY = f"{SENDER}\n{NAME}\n{NOTE}"
CUT = "gzip cut 9000"


@pytest.fixture(autouse=True)
def _in_a_directory_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def validated(recipe: str, *args: str | Path, name: str = "archive") -> Result:
    directory = Path(name)
    directory.mkdir(exist_ok=True)
    return run("validate", archive(directory, recipe), *WITH_PASSWORD, *args)


def totals(result: Result) -> dict[str, int]:
    (report,) = json.loads(result.out)["reports"]
    return dict(report["totals"])


def suppressed(result: Result) -> Any:  # noqa: ANN401 - a JSON value
    (report,) = json.loads(result.out)["reports"]
    return report["suppressed"]


@pytest.mark.parametrize(
    ("args", "status", "left", "reasons"),
    [
        ((), 1, {"HC106": 1, "HC301": 1, "HC401": 1}, {}),
        (("--select", "HC4"), 1, {"HC401": 1}, {"select": {"HC106": 1, "HC301": 1}}),
        (("--select", "HC4,HC1", "--ignore", "HC401"), 0, {"HC106": 1},
         {"ignore": {"HC401": 1}, "select": {"HC301": 1}}),
        (("--ignore", "HC401", "--ignore", "schema-violation"), 0, {"HC106": 1}, {"ignore": {"HC301": 1, "HC401": 1}}),
        (("--ignore", "ALL", "--fail-on", "info"), 0, {}, {"ignore": {"HC106": 1, "HC301": 1, "HC401": 1}}),
        (
            ("--per-path-ignores", "users.json:HC3", "--per-path-ignores", "rooms/**:HC4,HC5"),
            0,
            {"HC106": 1},
            {"per-path-ignores": {"HC301": 1, "HC401": 1}},
        ),
        (("--severity", "HC401=info,HC301=warning"), 0, {"HC106": 1, "HC301": 1, "HC401": 1}, {}),
        (("--severity", "HC401=info", "--severity", "HC301=info", "--fail-on", "warning"), 1,
         {"HC106": 1, "HC301": 1, "HC401": 1}, {}),
        (("--tolerate", "HC401=1", "--tolerate", "HC301=10%"), 0, {"HC106": 1},
         {"tolerate": {"HC301": 1, "HC401": 1}}),
        (("--tolerate", "HC401=0,HC301=0.1%"), 1, {"HC106": 1, "HC301": 1, "HC401": 1}, {}),
    ],
)  # fmt: skip
def test_an_option_chooses_which_findings_count(
    args: tuple[str, ...], status: int, left: dict[str, int], reasons: dict[str, dict[str, int]]
) -> None:
    result = validated(FAULTY, "--format", "json", *args)
    assert (result.exit, totals(result), suppressed(result)) == (status, left, reasons)
    conforms("report.json", json.loads(result.out))


@pytest.mark.parametrize("output", FORMATS)
def test_every_format_says_what_is_suppressed_and_exits_alike(output: str) -> None:
    result = validated(FAULTY, "--format", output, "--ignore", "HC401,HC301")
    assert result.exit == 0
    assert "ignore" in result.out
    assert "HC301" in result.out


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("--ignore", "HC4O1"), "ignore: There is no rule 'HC4O1'; did you mean"),
        (("--select", "unknown-sendr"), "select: There is no rule 'unknown-sendr'; did you mean 'unknown-sender'?"),
        (("--ignore", "HC007"), "ignore cannot name HC007 gzip-cut: its findings mean that"),
        (("--per-path-ignores", "HC401"), "--per-path-ignores: 'HC401' is not of the form GLOB:CODE."),
        (("--severity", "HC401"), "--severity: 'HC401' is not of the form CODE=SEVERITY."),
        (("--severity", "HC401=fatal"), "severity of HC401: There is no severity 'fatal'"),
        (("--tolerate", "HC401=few"), "tolerate HC401: 'few' is neither a number"),
        (("--baseline", "none.json"), "none.json: cannot be read: No such file or directory."),
        (("--baseline", "b.json", "--write-baseline", "b.json"), "Give --write-baseline alone"),
        (("--prune-baseline",), "--prune-baseline needs a baseline"),
        (("--config", "none.toml"), "none.toml: cannot be read"),
        (("--config", "none.toml", "--isolated"), "Give --config or --isolated, not both."),
        (("--write-baseline", "missing/b.json"), "missing/b.json: cannot be written"),
        (("--write-baseline", "-"), "-: standard output is not supported"),
    ],
)
def test_a_wrong_choice_exits_2_before_anything_is_read(args: tuple[str, ...], says: str) -> None:
    result = validated(UNCHANGED, *args)
    assert (result.exit, result.out) == (2, "")
    assert says in result.err


def test_the_nearest_configuration_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "hcfmt.toml").write_text("ignore = ['HC301']")
    (tmp_path / "pyproject.toml").write_text("[tool.hcfmt]\nignore = ['HC106']")
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)

    def ignored(*args: str) -> Any:  # noqa: ANN401 - a JSON value
        return suppressed(validated(FAULTY, "--format", "json", *args)).get("ignore")

    assert ignored() == {"HC301": 1}
    assert ignored("--ignore", "HC106") == {"HC106": 1}
    assert ignored("--isolated") is None
    assert ignored("--config", str(tmp_path / "pyproject.toml")) == {"HC106": 1}
    (below.parent / "pyproject.toml").write_text("[project]\nname = 'hcfmt-user'")
    assert ignored() == {"HC301": 1}
    (below.parent / "pyproject.toml").write_text("[tool.hcfmt]\nignore = ['HC401']")
    assert ignored() == {"HC401": 1}


def test_a_run_without_options_uses_the_configuration_too() -> None:
    path = archive(Path(), f"{FAULTY}\nlayers tar")
    assert run("validate", path).exit == 1
    Path("hcfmt.toml").write_text("ignore = ['HC301', 'HC401']\nfail-on = 'error'")
    assert run("validate", path).exit == 0
    Path("hcfmt.toml").write_text("ignore = ['HC301', 'HC401']\nfail-on = 'warning'")
    assert run("validate", path).exit == 1
    Path("hcfmt.toml").write_text("dialect = 'cloud'\nignore = ['HC301', 'HC401']")
    assert "HC020" in run("validate", path).out
    Path("hcfmt.toml").write_text("ignor = []")
    wrong = run("validate", path)
    assert (wrong.exit, wrong.out) == (2, "")
    assert "hcfmt.toml: There is no setting 'ignor'; did you mean 'ignore'?" in wrong.err


def test_options_and_a_run_without_options_read_the_same_settings() -> None:
    path = archive(Path(), f"{FAULTY}\nlayers tar")
    Path("hcfmt.toml").write_text("ignore = ['HC301']\nmax-findings = 1\nseverity = {HC106 = 'suspect'}")
    assert run("validate", path) == run("validate", "--format", "text", path)


def test_a_configuration_without_its_table_is_an_error_if_it_is_named() -> None:
    Path("pyproject.toml").write_text("[project]\nname = 'x'")
    result = validated(UNCHANGED, "--config", "pyproject.toml")
    assert result.exit == 2
    assert "pyproject.toml: has no table [tool.hcfmt]." in result.err


def test_settings_in_effect_are_shown_as_a_configuration(tmp_path: Path) -> None:
    Path("hcfmt.toml").write_text("ignore = ['HC301']\nbaseline = 'b.json'\ntolerate = {HC501 = 1}")
    result = run("validate", "--show-settings", "--tolerate", "HC502=0.1%", "--fail-on", "info", "--select", "ALL")
    assert (result.exit, result.err) == (0, "")
    first, _, rest = result.out.partition("\n")
    assert first == f"# {tmp_path / 'hcfmt.toml'}"
    assert parse_settings(tomllib.loads(rest)) == parse_settings(
        {
            "select": ["ALL"],
            "ignore": ["HC301"],
            "baseline": str(tmp_path / "b.json"),
            "fail-on": "info",
            "tolerate": {"HC501": 1, "HC502": "0.1%"},
            "max-findings": 100,
            "dialect": "auto",
        }
    )
    isolated = run("validate", "--isolated", "--show-settings")
    assert isolated.out.splitlines() == [
        "# no configuration file",
        'fail-on = "error"',
        "max-findings = 100",
        'dialect = "auto"',
        "# no baseline",
    ]


def test_no_choice_makes_an_incomplete_archive_valid() -> None:
    Path("hcfmt.toml").write_text("ignore = ['ALL']\nper-path-ignores = {'**' = ['ALL']}")
    assert validated(CUT).exit == 3
    assert validated(CUT, "--select", "HC4", "--exit-zero").exit == 3
    assert validated("users.json = [{").exit == 3


def test_a_baseline_accepts_findings_and_tells_new_and_gone_ones() -> None:
    written = validated(FAULTY, "--write-baseline", "b.json")
    assert (written.exit, written.err) == (0, "b.json: written; accepted findings: 3\n")
    assert "3 suppressed" in written.out
    assert validated(FAULTY, "--baseline", "b.json").exit == 0
    new = validated(f"{FAULTY}\nusers.json#/1/User/name = 5", "--baseline", "b.json", "--format", "json")
    assert (new.exit, totals(new)) == (1, {"HC301": 1})
    gone = validated(SENDER, "--baseline", "b.json")
    assert gone.exit == 1
    assert gone.err.splitlines() == [
        "b.json: accepted findings that are gone: 2. --prune-baseline removes them:",
        "  HC106  ff62b8ec11d5d5e9f9d42cc93b252083  [4 characters].txt",
        "  HC301  655897618a7ea20fe398df08308d8b75  users.json",
    ]
    assert validated(SENDER, "--baseline", "b.json", "--exit-zero").exit == 0
    pruned = validated(SENDER, "--baseline", "b.json", "--prune-baseline")
    assert (pruned.exit, pruned.err) == (0, "b.json: removed findings: 2; accepted ones: 1\n")
    assert validated(SENDER, "--baseline", "b.json").exit == 0
    assert json.loads(Path("b.json").read_text())["findings"] == [
        {
            "code": "HC401",
            "member": "rooms/1/history.json",
            "fingerprint": "95eaae8789f2b9b709090a85ddce69e5",
            "count": 1,
        }
    ]


@pytest.mark.parametrize("output", FORMATS)
def test_a_gone_finding_fails_the_run_in_every_format(output: str) -> None:
    validated(FAULTY, "--write-baseline", "b.json")
    result = validated(SENDER, "--baseline", "b.json", "--format", output)
    assert result.exit == 1
    assert "--prune-baseline removes them" in result.err


def test_json_lists_what_is_gone() -> None:
    validated(FAULTY, "--write-baseline", "b.json")
    accepted = json.loads(Path("b.json").read_text())["findings"]
    document = json.loads(validated(SENDER, "--baseline", "b.json", "--format", "json").out)
    conforms("report.json", document)
    assert document["gone"] == accepted[:2]
    lines = [
        json.loads(line) for line in validated(SENDER, "--baseline", "b.json", "--format", "jsonl").out.splitlines()
    ]
    for line in lines:
        conforms("line.json", line)
    assert lines[-3:-1] == [{"type": "gone", **row} for row in accepted[:2]]
    assert lines[-1] == {"type": "end", "exit_status": document["exit_status"]} == {"type": "end", "exit_status": 1}
    assert "gone" not in json.loads(validated(FAULTY, "--baseline", "b.json", "--format", "json").out)


def test_several_inputs_share_a_baseline() -> None:
    paths = [archive(Path(), UNCHANGED)]
    for number, recipe in enumerate((SENDER, NAME, UNCHANGED)):
        Path(str(number)).mkdir()
        paths.append(archive(Path(str(number)), recipe))
    assert run("validate", *paths, *WITH_PASSWORD, "--write-baseline", "b.json").exit == 0
    assert len(json.loads(Path("b.json").read_text())["findings"]) == 2
    assert run("validate", *paths, *WITH_PASSWORD, "--baseline", "b.json").exit == 0
    assert run("validate", *paths, *WITH_PASSWORD, "--baseline", "b.json", "--jobs", "2").exit == 0
    assert run("validate", paths[1], *WITH_PASSWORD, "--baseline", "b.json").exit == 1


def test_a_baseline_of_an_incomplete_run_is_not_written() -> None:
    result = validated(CUT, "--write-baseline", "b.json")
    assert result.exit == 3
    assert "b.json: not written, as not every archive could be checked completely." in result.err
    assert not Path("b.json").exists()


def test_nothing_is_gone_or_removed_where_an_archive_is_incomplete() -> None:
    validated(FAULTY, "--write-baseline", "b.json")
    before = Path("b.json").read_bytes()
    incomplete = validated(CUT, "--baseline", "b.json")
    assert (incomplete.exit, "gone" in incomplete.err) == (3, False)
    pruned = validated(CUT, "--baseline", "b.json", "--prune-baseline")
    assert pruned.exit == 3
    assert "b.json: not written" in pruned.err
    assert Path("b.json").read_bytes() == before


def test_a_configured_baseline_is_used_from_any_directory_below(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("hcfmt.toml").write_text("baseline = 'b.json'")
    assert validated(FAULTY, "--write-baseline", "b.json").exit == 0
    below = tmp_path / "below"
    below.mkdir()
    monkeypatch.chdir(below)
    assert validated(FAULTY).exit == 0
    assert run("validate", archive(Path(), "layers tar")).exit == 1
    assert "accepted findings that are gone: 3" in run("validate", archive(Path(), "layers tar")).err
    assert validated(SENDER, "--prune-baseline").exit == 0
    assert validated(SENDER).exit == 0


def test_no_archive_and_no_other_file_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "archive.tar.gz.aes"
    shutil.copy(SAMPLE, path)
    os.link(path, tmp_path / "link")
    for name in ("archive.tar.gz.aes", "link"):
        result = run("validate", path, *WITH_PASSWORD, "--write-baseline", name)
        assert result.exit == 2
        assert "would overwrite an input" in result.err
    Path("notes.json").write_text('{"notes": 1}')
    result = run("validate", path, *WITH_PASSWORD, "--write-baseline", "notes.json")
    assert result.exit == 2
    assert "notes.json: It is no baseline" in result.err
    assert path.read_bytes() == SAMPLE.read_bytes()
    assert Path("notes.json").read_text() == '{"notes": 1}'
    directory = tmp_path / "export"
    directory.mkdir()
    inside = run("validate", directory, "--write-baseline", directory / "b.json")
    assert inside.exit == 2


def test_a_baseline_is_written_anew() -> None:
    validated(FAULTY, "--write-baseline", "b.json")
    assert validated(NOTE, "--write-baseline", "b.json").exit == 0
    assert len(json.loads(Path("b.json").read_text())["findings"]) == 1


def test_ignored_findings_are_not_accepted() -> None:
    validated(FAULTY, "--write-baseline", "b.json", "--ignore", "HC4,HC1")
    assert [entry["code"] for entry in json.loads(Path("b.json").read_text())["findings"]] == ["HC301"]
