"""A receipt is read as it was written, and what is no receipt is refused in a sentence."""

import json
import os
import stat
from pathlib import Path

import pytest

from hcfmt.check.receipts.files import parse_receipt, read_receipt, receipt_lines, write_receipt
from hcfmt.errors import UsageError
from hcfmt.receipts import Receipt
from tests.support.receipts import PATHS, packed, receipt_of
from tests.support.recipes import SAMPLE, cook
from tests.support.report_checks import conforms

RECEIPTS = {
    "sample": receipt_of(SAMPLE.read_bytes()),
    "no export": receipt_of(packed(tuple((path, b"x") for path in PATHS), "tar.gz")),
    "no member": receipt_of(packed((), "tar")),
    "cut short": receipt_of(SAMPLE.read_bytes()[:30_000]),
    "large ids": receipt_of(cook(f"users.json#/0/User/id = {10**30}\nrooms/{10**19 - 1}/files/a/b = x").data),
    "odd times": receipt_of(cook('rooms/1/history.json#/0/UserMessage/timestamp = "2018-04-02T15:40:44Z 9"').data),
}


@pytest.mark.parametrize("receipt", RECEIPTS.values(), ids=RECEIPTS)
def test_a_receipt_is_read_as_it_was_written(receipt: Receipt, tmp_path: Path) -> None:
    path = str(tmp_path / "receipt.json")
    write_receipt(path, receipt)
    again = read_receipt(path)
    assert list(receipt_lines(again)) == list(receipt_lines(receipt))
    conforms("receipt.json", json.loads(Path(path).read_text()))
    assert again.members == list(receipt.members)
    if os.name == "posix":
        assert stat.S_IMODE(Path(path).stat().st_mode) == 0o600


def test_keys_are_sorted_and_each_member_has_a_line() -> None:
    lines = list(receipt_lines(RECEIPTS["sample"]))
    document = json.loads("\n".join(lines))
    assert list(document) == sorted(document)
    assert all(list(row) == sorted(row) for row in document["members"])
    assert sum('"path_sha256"' in line for line in lines) == len(document["members"]) == 20
    assert "\n".join(lines).isascii()


def test_a_receipt_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "receipt.json"
    path.write_text("old")
    with pytest.raises(UsageError, match="a receipt is never overwritten"):
        write_receipt(str(path), RECEIPTS["sample"])
    assert path.read_text() == "old"


TEXT = "\n".join(receipt_lines(RECEIPTS["sample"]))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "It is no receipt: Input data was truncated"),
        ("[]", "It is no receipt: Expected `object`"),
        ("[" * 100_000, "It is no receipt"),
        ("\xff", "It is no receipt"),
        ("{}", "It is no receipt: Object missing required field `format_version`"),
        ('{"format_version": 1}', "It is no receipt: Object missing required field"),
        ('{"format_version": 2}', "Its format_version is 2, of a later hcfmt: this one reads 1."),
        (TEXT.replace('"kind":"file"', '"kind":"pipe"', 1), "Invalid enum value 'pipe'"),
        (TEXT.replace('"path_sha256":"', '"path_sha256":"g', 1), "Expected `str` matching regex"),
    ],
)
def test_what_is_no_receipt_is_refused(text: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "receipt.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(UsageError) as raised:
        read_receipt(str(path))
    assert str(raised.value).startswith(f"{path}: ")
    assert says in str(raised.value)


def test_a_receipt_of_a_later_version_with_the_same_format_is_read() -> None:
    values = json.loads(TEXT)
    values["tool"]["version"] = "99"
    values["news"] = [1]
    assert parse_receipt(json.dumps(values).encode()).contents == RECEIPTS["sample"].contents


def test_a_receipt_that_is_missing_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        read_receipt(str(tmp_path / "missing.json"))
