"""The conformance suite: reproducible, complete, and truthfully described by its manifest."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hcfmt.check.catalogue import RULES
from hcfmt.check.comparison import compare
from hcfmt.check.engine import Options, validate
from hcfmt.container import open_archive
from hcfmt.corpus.suite import write_suite
from hcfmt.damage import DAMAGES
from hcfmt.errors import UsageError
from hcfmt.findings import Severity
from tests.support.report_checks import conforms

ROOT = Path(__file__).parents[2]
BESIDE = {"README.md", "cases.tsv", "manifest.json", "run.sh"}
MAKE = "import sys; from hcfmt.corpus.suite import write_suite; write_suite(sys.argv[1], only=(sys.argv[2],))"
MODERN = {f"hc013-modern-key-derivation-{digest}": "HC013" for digest in ("sha256", "pbkdf2")}


def secret() -> bytes:
    return b"hipchat"


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the whole suite once."""
    directory = tmp_path_factory.mktemp("suites") / "suite"
    write_suite(str(directory))
    return directory


def manifest(directory: Path) -> dict[str, Any]:
    listed: dict[str, Any] = json.loads((directory / "manifest.json").read_bytes())
    return listed


def cases(directory: Path, folder: str = "") -> list[dict[str, Any]]:
    return [case for case in manifest(directory)["cases"] if case["path"].startswith(folder)]


def contents(directory: Path) -> dict[str, bytes]:
    return {
        path.relative_to(directory).as_posix(): path.read_bytes() for path in directory.rglob("*") if path.is_file()
    }


# What is in it.


@pytest.mark.slow
def test_the_manifest_matches_its_schema_and_lists_every_archive_once(suite: Path) -> None:
    conforms("corpus.json", manifest(suite))
    paths = [case["path"] for case in cases(suite)]
    assert sorted([*paths, *BESIDE]) == sorted(contents(suite))
    assert len({case["id"] for case in cases(suite)}) == len(paths)


@pytest.mark.slow
def test_the_manifest_has_the_size_and_hash_of_every_archive(suite: Path) -> None:
    for case in cases(suite):
        data = (suite / case["path"]).read_bytes()
        assert (case["sha256"], case["bytes"]) == (hashlib.sha256(data).hexdigest(), len(data))
        sealed = data.startswith(b"Salted__")
        assert (case["form"] == "tar.gz.aes", case["password"] == "hipchat", case["digest"] is not None) == (
            sealed,
        ) * 3


@pytest.mark.slow
def test_the_manifest_has_the_verdict_and_codes_of_the_validator(suite: Path) -> None:
    for case in cases(suite, "valid/") + cases(suite, "invalid/")[::5]:
        report = validate(str(suite / case["path"]), Options(password=secret))
        assert (case["verdict"], case["codes"]) == (report.verdict, report.totals)


@pytest.mark.slow
def test_valid_cases_have_no_findings_but_of_names_that_are_hard(suite: Path) -> None:
    found = {case["id"]: set(case["codes"]) for case in cases(suite, "valid/") if case["codes"]}
    assert {case["verdict"] for case in cases(suite, "valid/")} == {"valid"}
    assert found.keys() == {"nasty-text"}
    assert found["nasty-text"] <= {"HC436", "HC437", "HC717"}


@pytest.mark.slow
def test_there_is_a_case_for_every_damage_in_the_folder_of_its_severity(suite: Path) -> None:
    damaged = {f"{code.lower()}-{RULES[code].name}": code for code in DAMAGES if code != "HC013"} | MODERN
    listed = {case["id"]: case for case in cases(suite, "warning/") + cases(suite, "invalid/")}
    assert listed.keys() == damaged.keys()
    for name, code in damaged.items():
        folder = "invalid" if RULES[code].severity is Severity.ERROR else "warning"
        assert listed[name]["path"].startswith(f"{folder}/")
        assert listed[name]["codes"][code] == 1
        assert listed[name]["codes"].keys() <= {code, *DAMAGES[code].companions}


@pytest.mark.parametrize("digest", ["md5", "sha256", "pbkdf2"])
@pytest.mark.slow
def test_an_encrypted_case_opens_with_its_password_and_its_digest_alone(suite: Path, digest: str) -> None:
    listed = [case for case in cases(suite) if case["digest"] == digest and case["expect"] == "must-accept"]
    assert listed
    for case in listed[:5]:
        with open_archive(str(suite / case["path"]), password=secret, digests=[digest]) as archive:
            assert archive.digest == digest


@pytest.mark.slow
def test_the_suite_has_every_form(suite: Path) -> None:
    assert {case["form"] for case in cases(suite, "valid/")} == {"tar.gz.aes", "tar.gz", "tar"}


@pytest.mark.slow
def test_the_manifest_counts_the_records_of_readable_archives(suite: Path) -> None:
    for case in cases(suite):
        readable = case["verdict"] != "incomplete" and case["expect"] != "must-reject"
        assert (case["holds"] is not None) == readable, case["path"]
    tiny = next(case for case in cases(suite) if case["id"] == "tiny")["holds"]
    assert (tiny["users"], tiny["rooms"], tiny["emoticons"], tiny["messages"]["distinct"]) == (4, 2, 1, 60)
    kinds = ("UserMessage", "NotificationMessage", "PrivateUserMessage")
    empty = {
        kind: [case["id"] for case in cases(suite, "valid/") if not case["holds"]["messages"][kind]] for kind in kinds
    }
    assert {name for names in empty.values() for name in names} >= {"only-notifications", "no-notifications"}
    assert "nobody-talks-in-private" in empty["PrivateUserMessage"]


@pytest.mark.slow
def test_cases_that_must_be_accepted_have_the_counts_that_are_compared(suite: Path) -> None:
    rows = [line.split("\t") for line in (suite / "cases.tsv").read_text(encoding="utf-8").splitlines()]
    assert [row[0] for row in rows] == [case["expect"] for case in cases(suite)]
    for case, row in zip(cases(suite), rows, strict=True):
        assert (case["counts"] is not None) == (case["expect"] == "must-accept")
        assert row[4] == (json.dumps(case["counts"], separators=(",", ":")) if case["counts"] else "")
    tiny = next(case for case in cases(suite) if case["id"] == "tiny")
    assert compare(str(suite / tiny["path"]), tiny["counts"], Options(password=secret)).differing == ()


# What is expected.


@pytest.mark.slow
def test_valid_archives_and_warnings_must_be_accepted_unless_other_tools_do_not_unpack_them(suite: Path) -> None:
    for case in cases(suite):
        accept = case["path"].startswith(("valid/", "warning/")) and not {"HC016", "HC018"} & set(case["codes"])
        assert (case["expect"] == "must-accept") == accept, case["path"]
        assert case["verdict"] == "valid" or not accept


@pytest.mark.slow
def test_unreadable_and_climbing_archives_must_be_rejected(suite: Path) -> None:
    for case in cases(suite):
        unreadable = case["verdict"] == "incomplete" and not {"HCX01", "HC008", "HC011", "HC015"} & set(case["codes"])
        unsafe = bool({"HC101", "HC102", "HC514"} & set(case["codes"]))
        assert (case["expect"] == "must-reject") == (unreadable or unsafe), case["path"]
        assert (case["should"] is not None) == (case["expect"] == "must-not-crash")


EXPECTED = {
    "must-reject": {
        *("absolute-name", "climbing-name", "backslash-name", "symbolic-link", "through-a-link", "hard-link", "device"),
        *("pipe", "climbing-attachment", "climbing-avatar", "climbing-emoticon", "endless-member", "empty-file"),
        *("sealed-corrupt", "sealed-cut-at-a-block", "sealed-cut-in-a-block", "gzip-corrupt-inside", "other-password"),
    },
    "must-not-crash": {
        *("second-users", "deep-arrays", "deep-objects", "deep-text", "huge-integer", "huge-exponent", "many-members"),
        *("two-names", "directory-over-users", "lookalike-users", "tar-cut-between-members", "blocks-behind-the-end"),
        *("zeros-as-history", "zeros-as-file", "pax-bomb", "endless-string", "many-same-users", "no-json"),
    },
}


@pytest.mark.parametrize("expect", EXPECTED)
@pytest.mark.slow
def test_hostile_cases_have_the_right_expectation(suite: Path, expect: str) -> None:
    assert {case["id"] for case in cases(suite, "hostile/") if case["expect"] == expect} >= EXPECTED[expect]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        *(("second-users", "HC103"), ("many-same-users", "HC420"), ("sealed-twice-over", "HC015"), ("device", "HC102")),
        *(("climbing-avatar", "HC514"), ("deep-text", "HC304"), ("huge-id", "HC207"), ("escaped-message", "HC701")),
        *(("long-message", "HCX01"), ("tar-corrupt-header", "HC009"), ("gzip-wrong-length", "HC006"), ("zip", "HC005")),
        *(("two-names", "HC014"), ("directory-with-a-size", "HC014"), ("directory-over-users", "HC103")),
        *(("lookalike-users", "HC116"), ("name-beyond-a-disk", "HC117"), ("tar-cut-between-members", "HC011")),
        ("blocks-behind-the-end", "HC008"),
        *(("many-empty-arrays", "HCX01"), ("many-empty-arrays-in-a-text", "HCX01"), ("strange-message", "HCX01")),
        *(("many-objects-in-a-message", "HCX01"), ("other-letter-case", "HC308"), ("float-id", "HC309")),
    ],
)
@pytest.mark.slow
def test_hostile_cases_have_the_finding_of_their_name(suite: Path, name: str, code: str) -> None:
    assert code in next(case for case in cases(suite, "hostile/") if case["id"] == name)["codes"]


@pytest.mark.slow
def test_bombs_are_small_until_they_are_opened(suite: Path) -> None:
    assert sum(case["bytes"] for case in cases(suite)) < 64 << 20
    for case in cases(suite, "hostile/"):
        assert case["bytes"] < 2 << 20, case["path"]


# How it is made.


@pytest.mark.parametrize(
    "only", ["valid/[st]*", "valid/n*", "warning/hc[04]0*", "invalid/hc[05]0*", "hostile/[a-hn-r]*-*t*"]
)
@pytest.mark.slow
def test_the_same_seed_gives_the_same_bytes_in_another_process(suite: Path, tmp_path: Path, only: str) -> None:
    again = tmp_path / "again"
    environment = {**os.environ, "PYTHONHASHSEED": "77", "TZ": "Asia/Kolkata", "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", MAKE, str(again), only], check=True, env=environment)
    archives = contents(again).keys() - BESIDE
    assert len(archives) > 1
    assert {path: contents(again)[path] for path in archives} == {path: contents(suite)[path] for path in archives}
    assert [case for case in cases(suite) if case["path"] in archives] == cases(again)


def test_another_seed_gives_other_bytes_of_the_same_cases(tmp_path: Path) -> None:
    first, other = (write_suite(str(tmp_path / str(seed)), seed=seed, only=("*/*tiny*",)) for seed in (1, 2))
    assert [(case.id, case.about, case.codes) for case in first] == [
        (case.id, case.about, case.codes) for case in other
    ]
    assert first[0].sha256 != other[0].sha256


def test_progress_is_reported_before_each_case(tmp_path: Path) -> None:
    steps: list[tuple[int, int, str]] = []
    listed = write_suite(str(tmp_path / "suite"), only=("valid/not-*",), progress=lambda *step: steps.append(step))
    assert steps == [(number, len(listed), case.path) for number, case in enumerate(listed)]


def test_existing_files_are_kept_or_with_force_replaced(tmp_path: Path) -> None:
    directory = tmp_path / "suite"
    directory.mkdir()
    write_suite(str(directory), only=("valid/tiny.*",))  # an empty directory is as good as none
    written = contents(directory)
    (directory / "valid" / "mine.txt").write_bytes(b"precious")
    (directory / "README.md").write_bytes(b"mine")
    with pytest.raises(UsageError, match="is not empty; --force writes to it"):
        write_suite(str(directory), only=("valid/tiny.*",))
    assert contents(directory) == written | {"valid/mine.txt": b"precious", "README.md": b"mine"}
    write_suite(str(directory), only=("valid/tiny.*",), force=True)
    assert contents(directory) == written | {"valid/mine.txt": b"precious"}
    assert [path.name for path in tmp_path.iterdir()] == ["suite"]


@pytest.mark.parametrize("name", ["", "-", "..", "/"])
def test_a_suite_needs_a_directory_name(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=r"name|The path to write is empty"):
        write_suite(name, seed=1)
    assert not [*tmp_path.iterdir()]


def test_a_refused_suite_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for directory, only, says in (
        ("suite", "nothing/*", r"No case has a path that matches 'nothing/\*'"),
        ("no/suite", "valid/tiny.*", "cannot be written: No such file"),
        ("file", "valid/tiny.*", "cannot be written: Not a directory"),
    ):
        with pytest.raises(UsageError, match=says):
            write_suite(str(tmp_path / directory), only=(only,))
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
