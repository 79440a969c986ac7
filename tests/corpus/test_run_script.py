"""run.sh of the suite: in any shell it judges a command by its exit status."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from hcfmt.corpus.suite import write_suite
from tests.support.counterparts import counterpart

ROOT = Path(__file__).parents[2]
EXPECTATIONS = ("must-accept", "must-reject", "must-not-crash")
NOTHING: Mapping[str, str] = {}
COLUMNS = ["result", "expected", "outcome", "status", "case"]


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """Give a suite of a case for each expectation, without archives, in a directory with an awkward name."""
    directory = tmp_path / "a suite's $HOME; *"
    directory.mkdir()
    shutil.copyfile(ROOT / "hcfmt" / "corpus" / "run.sh", directory / "run.sh")
    rows = [f"{expect}\tpbkdf2\thip chat\tcases/{expect}.tar\n" for expect in EXPECTATIONS]
    (directory / "cases.tsv").write_text("".join(rows), encoding="utf-8")
    return directory


def tried(
    suite: Path, *command: str, by: Sequence[str] = ("sh",), env: Mapping[str, str] = NOTHING
) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HCFMT_")}
    words = [*by, str(suite / "run.sh"), *command]
    return subprocess.run(
        words, capture_output=True, text=True, check=False, env={**environment, **env}, input="not for the importer\n"
    )


def rows(result: subprocess.CompletedProcess[str]) -> list[list[str]]:
    return [line.split(None, 4) for line in result.stdout.splitlines()[:-1]]


@pytest.mark.parametrize("shell", [("sh",), ("dash",), ("bash", "--posix"), ("bash",)], ids=" ".join)
@pytest.mark.parametrize(
    ("script", "outcome", "status", "results"),
    [
        ("exit 0", "accepted", "0", ["ok", "FAIL", "ok"]),
        ("exit 1", "rejected", "1", ["FAIL", "ok", "ok"]),
        ("exit 125", "rejected", "125", ["FAIL", "ok", "ok"]),
        ("exec /no-such-program", "crashed", "127", ["FAIL", "FAIL", "FAIL"]),
        ("exit 128", "crashed", "128", ["FAIL", "FAIL", "FAIL"]),
        ("exit 255", "crashed", "255", ["FAIL", "FAIL", "FAIL"]),
        ("kill -SEGV $$", "crashed", "139", ["FAIL", "FAIL", "FAIL"]),
        ("kill -KILL $$", "crashed", "137", ["FAIL", "FAIL", "FAIL"]),
    ],
)
def test_a_command_is_judged_by_its_exit_status(
    suite: Path, shell: Sequence[str], script: str, outcome: str, status: str, results: list[str]
) -> None:
    counterpart(shell[0])
    result = tried(suite, "sh", "-c", f"ulimit -c 0; {script}", by=shell)
    expected = [[row, expect, outcome, status] for row, expect in zip(results, EXPECTATIONS, strict=True)]
    paths = [f"cases/{expect}.tar" for expect in EXPECTATIONS]
    assert rows(result) == [COLUMNS, *([*row, path] for row, path in zip(expected, paths, strict=True))]
    assert result.stdout.splitlines()[-1] == f"3 cases, {results.count('FAIL')} not as expected."
    assert (result.returncode, result.stderr) == (1, "")


def test_exit_status_0_means_that_every_case_is_as_expected(suite: Path) -> None:
    result = tried(suite, "sh", "-c", "case $0 in *must-reject*) exit 3;; esac")
    assert (result.returncode, result.stdout.splitlines()[-1]) == (0, "3 cases, 0 not as expected.")


def test_a_command_gets_its_arguments_the_path_the_password_and_empty_standard_input(suite: Path) -> None:
    log = suite / "log"
    script = 'printf "%s|" "$#" "$@" "$HCFMT_PASSWORD" "$HCFMT_DIGEST" "$(cat)" >>"$LOG"; echo hidden; echo hidden >&2'
    result = tried(suite, "sh", "-c", script, "sh", "an argument", "*", env={"LOG": str(log)})
    paths = [suite / "cases" / f"{expect}.tar" for expect in EXPECTATIONS]
    assert log.read_text(encoding="utf-8") == "".join(f"3|an argument|*|{path}|hip chat|pbkdf2||" for path in paths)
    assert "hidden" not in result.stdout + result.stderr


@pytest.mark.parametrize(
    ("rejects", "status", "outcome"),
    [
        ("65", 65, "rejected"),
        ("65 66", 65, "rejected"),
        ("65 66", 66, "rejected"),
        ("65 66", 1, "crashed"),
        ("65 66", 6, "crashed"),
        ("", 1, "crashed"),
        ("65", 0, "accepted"),
    ],
)
def test_an_importer_may_list_the_only_statuses_that_reject(
    suite: Path, rejects: str, status: int, outcome: str
) -> None:
    result = tried(suite, "sh", "-c", f"exit {status}", env={"HCFMT_REJECTS": rejects})
    assert [row[2] for row in rows(result)[1:]] == [outcome] * 3


def test_an_uncaught_exception_is_a_crash_and_no_rejection(suite: Path) -> None:
    result = tried(suite, sys.executable, "-c", "raise ValueError", env={"HCFMT_REJECTS": "65"})
    assert [row[2:4] for row in rows(result)[1:]] == [["crashed", "1"]] * 3


@pytest.mark.slow
def test_a_command_that_takes_too_long_counts_as_a_crash(suite: Path) -> None:
    counterpart("timeout")
    result = tried(suite, "tail", "-n", "0", "-f", "/dev/null", env={"HCFMT_TIMEOUT": "1"})
    assert [row[:4] for row in rows(result)[1:]] == [["FAIL", expect, "late", "124"] for expect in EXPECTATIONS]


def test_without_a_timeout_command_there_is_no_limit_and_124_is_a_status_like_others(suite: Path) -> None:
    tools = suite / "tools"
    tools.mkdir()
    for name in ("sh", "dirname"):
        (tools / name).symlink_to(counterpart(name))
    result = tried(suite, "sh", "-c", "exit 124", by=[counterpart("sh")], env={"PATH": str(tools)})
    assert [row[0] + row[2] for row in rows(result)[1:]] == ["FAILrejected", "okrejected", "okrejected"]


@pytest.mark.parametrize(
    ("command", "env", "says"),
    [
        ((), {}, "usage: sh run.sh IMPORTER-COMMAND"),
        (("no-such-importer",), {}, "there is no command no-such-importer"),
        (("true",), {"HCFMT_TIMEOUT": "soon"}, "HCFMT_TIMEOUT is not a number of seconds"),
    ],
)
def test_wrong_usage_exits_2(suite: Path, command: Sequence[str], env: Mapping[str, str], says: str) -> None:
    result = tried(suite, *command, env=env)
    assert (result.returncode, result.stdout) == (2, "")
    assert says in result.stderr


def test_a_suite_without_cases_is_wrong_usage(suite: Path) -> None:
    (suite / "cases.tsv").write_bytes(b"")
    result = tried(suite, "true")
    assert (result.returncode, result.stderr) == (2, "run.sh: there is no cases.tsv beside it\n")


def test_a_relative_command_and_a_suite_in_another_directory_are_found(suite: Path, tmp_path: Path) -> None:
    (tmp_path / "importer").write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    (tmp_path / "importer").chmod(0o755)
    words = ["sh", f"{suite.name}/run.sh", "./importer"]
    result = subprocess.run(words, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert rows(result)[1] == ["ok", "must-accept", "accepted", "0", "cases/must-accept.tar"]


@pytest.mark.slow
def test_hcfmt_itself_passes(tmp_path: Path) -> None:
    suite = tmp_path / "suite"
    cases = write_suite(str(suite), only=("*/*[te]-name*",))
    cases += write_suite(str(tmp_path / "more"), only=("*/hc0*cut*",))
    for directory in (suite, tmp_path / "more"):
        environment = {"PYTHONPATH": str(ROOT)}
        result = tried(
            directory, sys.executable, "-c", "from hcfmt.cli import main; main()", "validate", env=environment
        )
        assert result.returncode == 0, result.stdout
    assert {case.expect for case in cases} >= {"must-reject"}


@pytest.mark.parametrize("shell", ["sh", "dash", "bash"])
def test_the_script_is_valid_in_every_shell(suite: Path, shell: str) -> None:
    result = subprocess.run([counterpart(shell), "-n", str(suite / "run.sh")], capture_output=True, check=False)
    assert (result.returncode, result.stderr) == (0, b"")


def test_a_suite_has_the_script_ready_to_run(tmp_path: Path) -> None:
    write_suite(str(tmp_path / "suite"), only=("valid/tiny.*",))
    harness = tmp_path / "suite" / "run.sh"
    assert harness.read_bytes() == (ROOT / "hcfmt" / "corpus" / "run.sh").read_bytes()
    result = subprocess.run([str(harness), "true"], capture_output=True, text=True, check=True)
    assert rows(result)[1] == ["ok", "must-accept", "accepted", "0", "valid/tiny.tar.gz.aes"]
