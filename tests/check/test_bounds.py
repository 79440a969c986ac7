"""Small files that expand to much: each gets its exit status under a limit of 400 MB of address space."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hcfmt import Budget, Options, validate
from hcfmt.corpus.suite import write_suite
from tests.support.recipes import PASSWORD, sample_files
from tests.support.small_export import check
from tests.support.tar_members import MAIN, member, packed

if sys.platform == "win32":
    pytest.skip("Windows has no limit of address space.", allow_module_level=True)

LIMITED = f"import resource; resource.setrlimit(resource.RLIMIT_AS, (400 * 10**6,) * 2); {MAIN}"
MAX_VALUES = Budget().values


def replaced(path: str, content: bytes) -> bytes:
    """Return the sample with another content of one file."""
    return packed(*(member(name, data) for name, data in {**sample_files(), path: content}.items()))


def changed(path: str, kind: str, **properties: object) -> bytes:
    """Return the sample with other properties of the first record of one file."""
    records: list[dict[str, Any]] = json.loads(sample_files()[path])
    next(record[kind] for record in records if kind in record).update(properties)
    return replaced(path, json.dumps(records, ensure_ascii=False).encode())


def many(count: int, item: str) -> bytes:
    """Return an array of so many equal items, or of items that a number is filled into."""
    items = (item % number for number in range(count)) if "%" in item else [item] * count
    return f"[{','.join(items)}]".encode()


OBJECT = '{"a":0}'
HISTORY = "rooms/1/history.json"
CASES: dict[str, tuple[Callable[[], bytes], int]] = {
    "empty arrays beyond the limit": (lambda: replaced("metadata.json", many(2_500_000, "[]")), 3),
    "empty arrays up to the limit": (lambda: replaced("metadata.json", many(MAX_VALUES - 2, "[]")), 0),
    "objects up to the limit": (lambda: replaced("metadata.json", many(MAX_VALUES // 2 - 1, '{"%x":0}')), 0),
    "floats up to the limit": (lambda: replaced("metadata.json", many(MAX_VALUES - 2, "0.5")), 0),
    "objects of a message beyond the limit": (lambda: changed(HISTORY, "UserMessage", metadata=[{}] * MAX_VALUES), 3),
    "objects of a message up to the limit": (
        lambda: changed(HISTORY, "UserMessage", metadata=[{"a": 0}] * (MAX_VALUES // 2 - 50)), 0,
    ),
    "values inside a string": (
        lambda: changed("users.json", "User", metadata=many(2_500_000, "[]").decode()), 3,
    ),
    "values inside a string up to the limit": (
        lambda: changed("users.json", "User", metadata=f'{{"a":{many(149_000, OBJECT).decode()}}}'), 0,
    ),
    "a text of 12 MB with an emoji": (
        lambda: changed(HISTORY, "UserMessage", message="x" * 12_500_000 + "\U0001f600"), 0,
    ),
    "different ids up to the limit": (
        lambda: changed("rooms.json", "Room", participants=list(range(10**12, 10**12 + MAX_VALUES - 100))), 0,
    ),
}  # fmt: skip


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("case", CASES)
@pytest.mark.slow
def test_the_expansion_of_a_small_file_fits_into_400_mb(case: str, jobs: str, tmp_path: Path) -> None:
    make, status = CASES[case]
    path = tmp_path / "a.tar.gz"
    path.write_bytes(make())
    environment = {**os.environ, "HCFMT_PASSWORD": PASSWORD, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", LIMITED, "validate", str(path), "-j", jobs, "--max-findings", "1"]
    done = subprocess.run(command, capture_output=True, env=environment, check=False)
    assert done.returncode == status, done.stderr.decode()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("metadata", [1, [2], {"a": 3}]),
        ("emoticons", {"Emoticons": [], "a": [1, 2]}),
        ("users", [{"User": {"a": [1, 2, 3]}}]),
        ("rooms/1/history", [{"UserMessage": {"a": [[], []]}}]),
    ],
)
def test_values_are_counted_in_each_record_and_in_each_document(name: str, content: object, tmp_path: Path) -> None:
    check(tmp_path, **{name: json.dumps(content)})
    findings = validate(str(tmp_path), Options(budget=Budget(values=4))).findings
    of_file = [finding for finding in findings if finding.location.member == f"{name}.json"]
    assert ["--max-values" in finding.message for finding in of_file if finding.code == "HCX01"] == [True]


def test_commas_of_many_messages_and_of_their_texts_are_not_values_of_one_record(tmp_path: Path) -> None:
    users = json.dumps([{"User": {"a": ",[{" * 50}}] * 50)
    check(tmp_path, users=users)
    report = validate(str(tmp_path), Options(budget=Budget(values=4)))
    assert "users.json" not in {finding.location.member for finding in report.findings if finding.code == "HCX01"}
    assert report.totals["HC301"] >= 50


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """Write the hostile cases of the suite; return their directory, and the verdict of each by its path."""
    directory = tmp_path_factory.mktemp("suite") / "corpus"
    cases = write_suite(str(directory), only=("hostile/*",))
    return directory, {case.path: case.verdict for case in cases}


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.slow
def test_the_hostile_part_of_the_suite_gets_its_verdicts_within_400_mb(
    hostile: tuple[Path, dict[str, str]], jobs: str
) -> None:
    directory, verdicts = hostile
    environment = {**os.environ, "HCFMT_PASSWORD": PASSWORD, "PYTHONPATH": os.pathsep.join(sys.path)}
    options = ["-j", jobs, "--format", "json", "--max-findings", "1"]
    command = [sys.executable, "-c", LIMITED, "validate", *options, *verdicts]
    done = subprocess.run(command, capture_output=True, env=environment, cwd=directory, check=False)
    assert done.returncode == 3, done.stderr.decode()
    reports = json.loads(done.stdout)["reports"]
    assert {report["input"]: report["verdict"] for report in reports} == verdicts


@pytest.mark.parametrize("function", ["hcfmt.check.slice_check.check_slice", "hcfmt.export.schema_errors.explain"])
def test_exhausted_memory_is_a_limit_and_not_an_internal_error(
    function: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run_out(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(function, run_out)
    report = check(tmp_path, users=json.dumps([{"User": {"a": 1}}]))
    assert (report.exit, "HCX02" in report.totals, report.totals["HCX01"]) == (3, False, 1)
    assert "memory" in next(finding.message for finding in report.findings if finding.code == "HCX01")
