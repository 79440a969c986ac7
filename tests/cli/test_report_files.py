"""Tests of ``hcfmt validate --output FORMAT:FILE``."""

import json
import os
import re
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, NoReturn

import pytest

from hcfmt.check.engine import validate as check
from hcfmt.report.formats import FORMATS
from tests.support.command import PASSWORD, SAMPLE, Result, archive, run

WITH_PASSWORD = ("--password", PASSWORD)
ERROR = "layers tar\nmetadata.json = nothing"


@pytest.fixture(autouse=True)
def _in_a_directory_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def validated(*args: str | Path) -> Result:
    return run("validate", *args, *WITH_PASSWORD)


def names(directory: str = ".") -> list[str]:
    return [path.name for path in Path(directory).iterdir()]


def said(result: Result) -> str:
    return " ".join(re.sub("[│╭╮╰╯─]", " ", result.err).split())


def test_each_format_is_written_as_it_is_printed(tmp_path: Path) -> None:
    path = archive(tmp_path, ERROR)
    outputs = [argument for name in FORMATS for argument in ("--output", f"{name}:report.{name}")]
    assert validated(path, *outputs).exit == 1
    for name in FORMATS:
        assert Path(f"report.{name}").read_bytes() == validated(path, "--format", name).raw


def test_what_is_printed_stays_as_it_is(tmp_path: Path) -> None:
    path = archive(tmp_path, ERROR)
    assert validated(path, "-o", "json:report.json") == validated(path)


@pytest.mark.parametrize(
    "args", [("--format", "sarif"), ("-o", "sarif:out", "--format", "json"), ("--jobs", "2", "-f", "sarif")]
)
def test_sarif_names_the_sha256_of_an_input(args: Sequence[str]) -> None:
    out = validated(SAMPLE, SAMPLE, *args).out
    artifacts = json.loads(Path("out").read_text() if "sarif:out" in args else out)["runs"][0]["artifacts"]
    assert [artifact["hashes"]["sha-256"] for artifact in artifacts] == [sha256(SAMPLE.read_bytes()).hexdigest()] * 2


@pytest.mark.skipif(os.name != "posix", reason="needs permissions")
def test_a_report_is_private_and_replaces_an_older_one() -> None:
    report = Path("report.json")
    report.write_text("an older report")
    report.chmod(0o644)
    assert validated(SAMPLE, "-o", "json:report.json").exit == 0
    assert report.read_text().startswith("{")
    assert report.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("report.json", "'report.json' is not FORMAT:FILE."),
        ("json:", "'json:' is not FORMAT:FILE"),
        ("jsn:report.json", "There is no format 'jsn'; did you mean 'json'?"),
        ("json:-", "-: standard output is not supported"),
        ("json:missing/report.json", "missing/report.json: cannot be written: its directory is missing or protected."),
        ("json:directory", "directory: --output names a directory; give a file."),
        ("json:new/", "new/: --output names a directory"),
        ("json:../{}/text.txt", "text.txt: is named twice as a file to write; choose another name."),
    ],
)
def test_wrong_values_exit_2_before_anything_is_read(tmp_path: Path, value: str, says: str) -> None:
    (tmp_path / "directory").mkdir()
    result = validated("/dev/null", "-o", "text:text.txt", "-o", value.replace("{}", tmp_path.name))
    assert (result.exit, result.out) == (2, "")
    assert says in said(result)
    assert names() == ["directory"]


@pytest.mark.parametrize(
    "output", ["export.tar", "./export.tar", "../{}/export.tar", "link", "hard", "export/users.json"]
)
@pytest.mark.parametrize("inputs", [("export.tar", "export"), ("*.tar", "export")], ids=["named", "wildcard"])
def test_no_report_is_written_over_an_input(tmp_path: Path, output: str, inputs: Sequence[str]) -> None:
    export = archive(tmp_path, "layers tar").rename("export.tar")
    Path("link").symlink_to("export.tar")
    Path("hard").hardlink_to("export.tar")
    Path("export").mkdir()
    Path("export/users.json").write_text("[]")
    before = export.read_bytes()
    result = validated(*inputs, "-o", f"json:{output.replace('{}', tmp_path.name)}")
    assert (result.exit, result.out) == (2, "")
    assert " would " in said(result)
    assert (export.read_bytes(), Path("export/users.json").read_text()) == (before, "[]")


def test_a_report_inside_an_input_directory_would_become_part_of_it() -> None:
    Path("export").mkdir()
    result = validated("export", "-o", "json:export/report.json")
    assert result.exit == 2
    assert "would write into an input; choose a name outside its directory" in said(result)
    assert names("export") == []


def test_finished_reports_are_written_when_ctrl_c_ends_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(path: str, *args: Any, **options: Any) -> object:  # noqa: ANN401 - handed on
        if path == str(SAMPLE):
            raise KeyboardInterrupt
        return check(path, *args, **options)

    monkeypatch.setattr("hcfmt.check.archive_queue.validate", interrupted)
    path = archive(tmp_path, ERROR)
    outputs = [argument for name in FORMATS for argument in ("-o", f"{name}:report.{name}")]
    result = validated(path, SAMPLE, *outputs)
    assert result.exit == 130
    assert "HC201" in result.out
    for name in FORMATS:
        assert "HC201" in Path(f"report.{name}").read_text()


def test_a_run_that_ends_before_its_first_report_writes_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr("hcfmt.check.archive_queue.validate", interrupted)
    result = validated(SAMPLE, "-o", "json:report.json")
    assert (result.exit, result.out) == (130, "")
    assert names() == []
