"""Tests of ``hcfmt plan``: sizes with units, text and JSON."""

import json

import pytest
import typer

from hcfmt.cli.plan import byte_count
from tests.support.command import run


def test_the_memory_is_told_for_messages_for_files_and_together() -> None:
    result = run("plan", "--messages", "12000000", "--file-store", "80GB")
    assert (result.exit, result.err) == (0, "")
    assert "12,000,000 messages  31.2 GB\n" in result.out
    assert "80.0 GB of files     40.0 MB\n" in result.out


def test_json_holds_bytes() -> None:
    result = run("plan", "--messages", "1000", "--file-store", "1GiB", "--format", "json")
    assert json.loads(result.out) == {
        "messages": 1_000,
        "file_store": 1 << 30,
        "for_messages": 2_600_000,
        "for_files": 536_871,
        "total": 3_136_871,
    }


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("0", 0),
        ("1023B", 1023),
        ("80GB", 80 * 10**9),
        ("80 gb", 80 * 10**9),
        ("75GiB", 75 << 30),
        ("75G", 75 << 30),
        ("1.5T", 3 << 39),
        ("1.5", 2),
    ],
)
def test_sizes_have_units(text: str, count: int) -> None:
    assert byte_count(text) == count


@pytest.mark.parametrize("text", ["", "x", "-1", "3iB", "1.GB", "12 boxes", "1e9"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="is not a size"):
        byte_count(text)
