"""Tests of ``hcfmt compare``: its exit statuses and its table."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from hcfmt.check.comparison import COUNTS, compare
from hcfmt.check.engine import Options
from tests.support.command import PASSWORD, SAMPLE, Result, archive, run

WITH_PASSWORD = ("--password", PASSWORD)


@pytest.fixture(scope="module")
def held() -> Mapping[str, int]:
    """Return all counts of the sample."""
    return compare(str(SAMPLE), dict.fromkeys(COUNTS, 0), Options(password=PASSWORD)).expected


def compared(path: Path, counts: Mapping[str, int], *options: str) -> Result:
    return run("compare", path, "-", *WITH_PASSWORD, *options, stdin=json.dumps(counts).encode())


def test_equal_counts_exit_0(held: Mapping[str, int]) -> None:
    result = compared(SAMPLE, held)
    assert (result.exit, result.err) == (0, "")
    assert result.out.splitlines()[-1] == f"Counts that are equal: {len(COUNTS)}."


def test_different_counts_exit_1_and_are_marked(held: Mapping[str, int]) -> None:
    result = compared(SAMPLE, {"users": held["users"], "messages": held["messages"] + 1000})
    assert (result.exit, result.err) == (1, "")
    head, users, messages, total = [line.split() for line in result.out.splitlines()]
    assert head == ["Count", "expected", "imported"]
    assert users == ["users", str(held["users"]), str(held["users"])]
    assert messages == ["messages", str(held["messages"]), f"{held['messages'] + 1000:,}", "differs"]
    assert total == ["1", "of", "2", "counts", "differ."]


def test_a_result_may_be_a_file(tmp_path: Path, held: Mapping[str, int]) -> None:
    (tmp_path / "result.json").write_text(json.dumps({"rooms": held["rooms"]}))
    assert run("compare", SAMPLE, tmp_path / "result.json", *WITH_PASSWORD).exit == 0


@pytest.mark.parametrize(
    ("args", "stdin", "says"),
    [
        ((SAMPLE, "-"), b"{}", "hcfmt: The result has no count, so that nothing can be compared."),
        ((SAMPLE, "-"), b"", "hcfmt: It is no result of an importer"),
        ((SAMPLE, "-"), b'{"user": 1}', "hcfmt: There is no count 'user'; did you mean 'users'?"),
        ((SAMPLE, "missing"), b"", "hcfmt: missing: the result cannot be read: No such file or directory."),
        (("missing", "-"), b'{"users": 1}', "hcfmt: missing: cannot be read: No such file or directory."),
        (("-", "-"), b"", "hcfmt: The archive and the result cannot both be standard input"),
    ],
)
def test_wrong_usage_exits_2(args: tuple[str | Path, ...], stdin: bytes, says: str) -> None:
    result = run("compare", *args, *WITH_PASSWORD, stdin=stdin)
    assert (result.exit, result.out) == (2, "")
    assert result.err.startswith(says)


@pytest.mark.parametrize("recipe", ["gzip cut 9000", "password wrong"])
def test_nothing_is_compared_with_an_incomplete_archive(tmp_path: Path, recipe: str) -> None:
    result = compared(archive(tmp_path, recipe), {"users": 0})
    assert (result.exit, result.out) == (3, "")
    assert result.err.startswith("Nothing is compared: the archive could not be read to its end. HC0")


def test_an_invalid_archive_is_compared(tmp_path: Path) -> None:
    assert compared(archive(tmp_path, "layers tar\nmetadata.json = nothing"), {"users": 1000}).exit == 1
