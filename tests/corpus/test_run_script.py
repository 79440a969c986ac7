"""run.sh of the suite: in any shell it judges a command by its exit status and its counts."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import xmlschema

from hcfmt.check.comparison import COUNTS, parse_counts
from hcfmt.corpus.suite import write_suite
from hcfmt.errors import UsageError
from tests.support.counterparts import counterpart

ROOT = Path(__file__).parents[2]
EXPECTATIONS = ("must-accept", "must-reject", "must-not-crash")
NOTHING: Mapping[str, str] = {}
COLUMNS = ["result", "expected", "outcome", "status", "case"]
HELD = '{"users":3,"rooms":2,"UserMessage":40}'
WRITE = 'printf %s "$TEXT" >"$HCFMT_RESULT"'
TOOLS = ("sh", "dirname", "mkdir", "rm", "dd", "tr", "cat")
JUNIT = ROOT / "tests" / "report" / "standards" / "jenkins-junit.xsd"


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """Give a suite of a case for each expectation, without archives, in a directory with an awkward name."""
    directory = tmp_path / "a suite's $HOME; *"
    directory.mkdir()
    shutil.copyfile(ROOT / "hcfmt" / "corpus" / "run.sh", directory / "run.sh")
    held = (HELD, "", "")
    rows = [
        f"{expect}\tpbkdf2\thip chat\tcases/{expect}.tar\t{counts}\n"
        for expect, counts in zip(EXPECTATIONS, held, strict=True)
    ]
    (directory / "cases.tsv").write_text("".join(rows), encoding="utf-8")
    return directory


def tried(
    suite: Path, *command: str, by: Sequence[str] = ("sh",), env: Mapping[str, str] = NOTHING
) -> subprocess.CompletedProcess[str]:
    """Run the script on an importer, and see that it leaves no temporary file."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HCFMT_")}
    words = [*by, str(suite / "run.sh"), *command]
    (suite / "tmp").mkdir(exist_ok=True)
    all_variables = {**environment, "TMPDIR": str(suite / "tmp"), **env}
    result = subprocess.run(
        words, capture_output=True, text=True, check=False, env=all_variables, input="not for the importer\n"
    )
    assert list((suite / "tmp").iterdir()) == []
    return result


def rows(result: subprocess.CompletedProcess[str]) -> list[list[str]]:
    """Return the head and the row of each case, without the reasons below some and the sentences at the end."""
    lines = [line for line in result.stdout.splitlines()[:-1] if not line.startswith((" ", "Compared:"))]
    return [line.split(None, 4) for line in lines]


@pytest.mark.parametrize("shell", [("sh",), ("dash",), ("bash", "--posix"), ("bash",)], ids=" ".join)
@pytest.mark.parametrize(
    ("script", "outcome", "status", "results"),
    [
        (f"{WRITE}; exit 0", "accepted", "0", ["ok", "FAIL", "ok"]),
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
    result = tried(suite, "sh", "-c", f"ulimit -c 0; {script}", by=shell, env={"TEXT": HELD})
    expected = [[row, expect, outcome, status] for row, expect in zip(results, EXPECTATIONS, strict=True)]
    paths = [f"cases/{expect}.tar" for expect in EXPECTATIONS]
    assert rows(result) == [COLUMNS, *([*row, path] for row, path in zip(expected, paths, strict=True))]
    assert result.stdout.splitlines()[-1] == f"3 cases, {results.count('FAIL')} not as expected."
    assert (result.returncode, result.stderr) == (1, "")


def test_exit_status_0_means_that_every_case_is_as_expected(suite: Path) -> None:
    result = tried(suite, "sh", "-c", f"case $0 in *must-reject*) exit 3;; esac; {WRITE}", env={"TEXT": HELD})
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
    result = tried(suite, "sh", "-c", f"{WRITE}; exit {status}", env={"HCFMT_REJECTS": rejects, "TEXT": HELD})
    assert [row[2] for row in rows(result)[1:]] == [outcome] * 3


def test_an_uncaught_exception_is_a_crash_and_no_rejection(suite: Path) -> None:
    result = tried(suite, sys.executable, "-c", "raise ValueError", env={"HCFMT_REJECTS": "65"})
    assert [row[2:4] for row in rows(result)[1:]] == [["crashed", "1"]] * 3


@pytest.mark.slow
def test_a_command_that_takes_too_long_counts_as_a_crash(suite: Path) -> None:
    counterpart("timeout")
    result = tried(suite, "tail", "-n", "0", "-f", "/dev/null", env={"HCFMT_TIMEOUT": "1"})
    assert [row[:4] for row in rows(result)[1:]] == [["FAIL", expect, "late", "124"] for expect in EXPECTATIONS]


def _tools(suite: Path, *more: str) -> str:
    """Return the path of a directory with the commands that the script needs, which timeout is not among."""
    tools = suite / "tools"
    tools.mkdir()
    for name in (*TOOLS, *more):
        (tools / name).symlink_to(counterpart(name))
    return str(tools)


def test_without_a_timeout_command_there_is_no_limit_and_124_is_a_status_like_others(suite: Path) -> None:
    result = tried(suite, "sh", "-c", "exit 124", by=[counterpart("sh")], env={"PATH": _tools(suite)})
    assert [row[0] + row[2] for row in rows(result)[1:]] == ["FAILrejected", "okrejected", "okrejected"]


@pytest.mark.parametrize(
    ("command", "env", "says"),
    [
        ((), {}, "usage: sh run.sh [--jobs N]"),
        (("no-such-importer",), {}, "there is no command no-such-importer"),
        (("true",), {"HCFMT_TIMEOUT": "soon"}, "HCFMT_TIMEOUT is not a number of seconds"),
        (("true",), {"TMPDIR": "/no/such/directory"}, "TMPDIR names no directory that can be written to"),
        (("--jobs", "2"), {}, "usage: sh run.sh"),
        (("--jobs",), {}, "--jobs needs a value"),
        (("--jobs=0", "true"), {}, "--jobs is not a number of processes"),
        (("--jobs", "many", "true"), {}, "--jobs is not a number of processes"),
        (("--format", "html", "true"), {}, "--format is none of table, tap and junit"),
        (("--fast", "true"), {}, "there is no option --fast"),
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
    (tmp_path / "importer").write_text(f"#!/bin/sh\necho '{HELD}' >$HCFMT_RESULT\n", encoding="utf-8")
    (tmp_path / "importer").chmod(0o755)
    words = ["sh", f"{suite.name}/run.sh", "./importer"]
    result = subprocess.run(words, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert rows(result)[1] == ["ok", "must-accept", "accepted", "0", "cases/must-accept.tar"]


def test_an_importer_that_says_nothing_has_imported_nothing(suite: Path) -> None:
    result = tried(suite, "true")
    assert result.returncode == 1
    assert rows(result)[1] == ["FAIL", "must-accept", "silent", "0", "cases/must-accept.tar"]
    assert result.stdout.splitlines()[2].strip() == "no counts were written to HCFMT_RESULT"


UNREADABLE = "HCFMT_RESULT is not a JSON object of counts"
RESULTS = [
    (HELD, "accepted", ""),
    ('{"users": 3}', "accepted", ""),
    ('\n{\r\n\t"rooms" : 2 ,\n "users":3\n}\n', "accepted", ""),
    ('{"users": 2}', "different", "imported 2 and not 3 users"),
    (
        '{"rooms": 1, "users": 3, "UserMessage": 41}',
        "different",
        "imported 1 and not 2 rooms, 41 and not 40 UserMessage",
    ),
    ('{"users": 30}', "different", "imported 30 and not 3 users"),
    ('{"users": 0}', "different", "imported 0 and not 3 users"),
    ("", "silent", "no counts were written to HCFMT_RESULT"),
    ("\n", "silent", "no counts were written to HCFMT_RESULT"),
    ("{ }", "silent", "no counts were written to HCFMT_RESULT"),
    ('{"user": 3}', "unreadable", "HCFMT_RESULT has an unknown count, user"),
    *(
        (text, "unreadable", UNREADABLE)
        for text in (
            "users 3",
            "[3]",
            "3",
            '"users"',
            '{"users": "3"}',
            '{"users": 3.0}',
            '{"users": -3}',
            '{"users": 1e3}',
            '{"users": true}',
            '{"users": null}',
            '{"users": {"total": 3}}',
            '{"users": 3',
            '{"users": 3,}',
            '{,"users": 3}',
            '{"users": 3,,"rooms": 2}',
            "{users: 3}",
            '{"users" 3}',
            '{"users": 3} {"rooms": 2}',
            '{"": 3}',
            '{"a\\"b": 3}',
            '{"*": 3}',
            '{"users": *}',
            '{"users": 99999999999999999999}',
            f'{{"users": 3{" " * 70_000}, "rooms": 2}}',
        )
    ),
]


@pytest.mark.parametrize(("text", "outcome", "reason"), RESULTS)
def test_the_counts_of_a_result_are_compared(suite: Path, text: str, outcome: str, reason: str) -> None:
    (suite / "text").write_text(text, encoding="utf-8")
    result = tried(suite, "sh", "-c", 'cat "$TEXT" >"$HCFMT_RESULT"', env={"TEXT": str(suite / "text")})
    expected = "ok" if outcome == "accepted" else "FAIL"
    assert rows(result)[1] == [expected, "must-accept", outcome, "0", "cases/must-accept.tar"]
    assert [line.strip() for line in result.stdout.splitlines() if line.startswith(" ")] == [reason] * bool(reason)


@pytest.mark.parametrize(("text", "outcome"), [row[:2] for row in RESULTS])
def test_hcfmt_compare_takes_a_result_as_the_script_does(text: str, outcome: str) -> None:
    try:
        imported = parse_counts(text.encode())
    except UsageError:
        assert outcome in {"silent", "unreadable"}
    else:
        held = json.loads(HELD)
        assert outcome == ("accepted" if all(held[name] == count for name, count in imported.items()) else "different")


def test_only_what_must_be_accepted_is_compared(suite: Path) -> None:
    result = tried(suite, "sh", "-c", WRITE, env={"TEXT": '{"users":1000}'})
    assert [row[2] for row in rows(result)[1:]] == ["different", "accepted", "accepted"]


def test_the_table_ends_with_the_counts_that_were_compared(suite: Path) -> None:
    result = tried(suite, "sh", "-c", WRITE, env={"TEXT": '{"rooms":2,"users":3}'})
    assert result.stdout.splitlines()[-2:] == ["Compared: rooms users.", "3 cases, 1 not as expected."]


# In other formats, and in several processes.


@pytest.fixture
def long_suite(suite: Path) -> Path:
    """Give a suite of twelve cases, of which an importer that accepts everything fails some."""
    rows_ = [f"{EXPECTATIONS[n % 3]}\tmd5\tx\tcases/{n}.tar\t{HELD * (n % 3 == 0)}\n" for n in range(12)]
    (suite / "cases.tsv").write_text("".join(rows_), encoding="utf-8")
    return suite


@pytest.mark.parametrize("shell", ["sh", "dash", "bash"])
@pytest.mark.parametrize("format_", ["table", "tap", "junit"])
def test_several_processes_write_the_same_report(long_suite: Path, format_: str, shell: str) -> None:
    importer = ("sh", "-c", f"case $0 in *[02468].tar) exit 3;; esac; {WRITE}")
    reports = [
        tried(long_suite, f"--jobs={jobs}", "--format", format_, *importer, env={"TEXT": HELD}, by=[counterpart(shell)])
        for jobs in (1, 2, 5, 40)
    ]
    assert {report.returncode for report in reports} == {1}
    assert len({report.stdout for report in reports}) == 1


def test_processes_run_at_the_same_time(long_suite: Path) -> None:
    """Each importer waits for the other to begin, so that one after the other would never end."""
    (long_suite / "meeting").mkdir()
    script = ': >"$MEETING/${0##*/}"; until [ "$(ls "$MEETING" | wc -l)" -ge 2 ]; do :; done'
    env = {"MEETING": str(long_suite / "meeting"), "HCFMT_TIMEOUT": "20"}
    result = tried(long_suite, "--jobs", "2", "sh", "-c", script, env=env)
    assert "late" not in result.stdout


def test_tap_numbers_every_case_and_says_why_one_failed(suite: Path) -> None:
    result = tried(suite, "--format", "tap", "sh", "-c", WRITE, env={"TEXT": '{"users":2}'})
    version, plan, *lines = result.stdout.splitlines()
    assert (version, plan) == ("TAP version 13", "1..3")
    points = [re.fullmatch(r"(ok|not ok) ([0-9]+) - (\S+)", line) for line in lines if re.match("ok|not ok", line)]
    assert [point.groups() for point in points if point] == [
        ("not ok", "1", "cases/must-accept.tar"),
        ("not ok", "2", "cases/must-reject.tar"),
        ("ok", "3", "cases/must-not-crash.tar"),
    ]
    assert '  reason: "imported 2 and not 3 users"' in lines
    blocks = re.findall(r"^  ---\n((?:  \w+: .*\n)+)  \.\.\.$", result.stdout, re.MULTILINE)
    assert [block.splitlines()[1] for block in blocks] == ["  outcome: different", "  outcome: accepted"]


def test_junit_matches_its_schema(suite: Path) -> None:
    result = tried(suite, "--format", "junit", "sh", "-c", WRITE, env={"TEXT": '{"users":2}'})
    xmlschema.XMLSchema(JUNIT).validate(result.stdout)
    root = ET.fromstring(result.stdout)  # noqa: S314 - our own report
    assert (root.attrib["tests"], root.attrib["failures"]) == ("3", "2")
    assert [(case.attrib["name"], len(case)) for case in root] == [
        ("cases/must-accept.tar", 1),
        ("cases/must-reject.tar", 1),
        ("cases/must-not-crash.tar", 0),
    ]
    assert root[0][0].text == "imported 2 and not 3 users"


@pytest.mark.parametrize("jobs", ["1", "3"])
def test_an_interrupt_ends_the_importers_and_leaves_nothing(long_suite: Path, jobs: str) -> None:
    script = 'echo $$ >>"$PIDS"; exec tail -n 0 -f /dev/null'
    pids, temporary = long_suite / "pids", long_suite / "tmp"
    temporary.mkdir()
    os.mkfifo(pids)
    words = ["sh", str(long_suite / "run.sh"), "--jobs", jobs, "sh", "-c", script]
    # timeout itself leaves its command running if it is killed while it starts it.
    environment = {"PATH": _tools(long_suite, "tail"), "PIDS": str(pids), "TMPDIR": str(temporary)}
    with subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL) as process:
        started: list[int] = []
        while len(started) < int(jobs):
            started += map(int, pids.read_text(encoding="utf-8").split())
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 130
    assert list(temporary.iterdir()) == []
    while any(_runs(pid) for pid in started):
        pass


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


# On the suite itself.


@pytest.mark.slow
def test_a_small_importer_passes_all_cases_that_must_be_imported(tmp_path: Path) -> None:
    counterpart("openssl")
    suite = tmp_path / "suite"
    cases = {case.path: case for case in write_suite(str(suite), only=("valid/*", "warning/*"))}
    importer = str(ROOT / "tests" / "support" / "counting_importer.py")
    result = tried(suite, "--jobs", "2", sys.executable, importer)
    failed = [row for row in rows(result)[1:] if row[0] == "FAIL"]
    assert (failed, result.returncode) == ([], 0)
    assert {row[4] for row in rows(result)[1:]} == cases.keys()
    assert set(result.stdout.splitlines()[-2].removeprefix("Compared:").strip(" .").split()) == set(COUNTS)


@pytest.mark.slow
def test_an_importer_that_loses_a_message_fails(tmp_path: Path) -> None:
    suite = tmp_path / "suite"
    write_suite(str(suite), only=("valid/t*", "valid/n*"))
    importer = str(ROOT / "tests" / "support" / "counting_importer.py")
    result = tried(suite, sys.executable, importer, env={"LOSE": "1"})
    outcomes = [row[2] for row in rows(result)[1:]]
    assert set(outcomes) == {"different"}
    assert re.search(r"imported [0-9]+ and not [0-9]+ messages", result.stdout)


@pytest.mark.parametrize("shell", ["sh", "dash", "bash"])
def test_the_script_is_valid_in_every_shell(suite: Path, shell: str) -> None:
    result = subprocess.run([counterpart(shell), "-n", str(suite / "run.sh")], capture_output=True, check=False)
    assert (result.returncode, result.stderr) == (0, b"")


def test_a_suite_has_the_script_ready_to_run(tmp_path: Path) -> None:
    write_suite(str(tmp_path / "suite"), only=("valid/tiny.*",))
    harness = tmp_path / "suite" / "run.sh"
    assert harness.read_bytes() == (ROOT / "hcfmt" / "corpus" / "run.sh").read_bytes()
    result = subprocess.run([str(harness), "true"], capture_output=True, text=True, check=False)
    assert rows(result)[1] == ["FAIL", "must-accept", "silent", "0", "valid/tiny.tar.gz.aes"]
