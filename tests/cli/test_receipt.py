"""Tests of ``hcfmt validate --receipt`` and ``hcfmt receipt``."""

import json
import os
import shutil
from pathlib import Path

import pytest

from hcfmt import Receipt, read_receipt
from tests.support.command import PASSWORD, SAMPLE, Result, archive, run
from tests.support.report_checks import conforms

SECRET = ("--password", PASSWORD)
RECEIPT = "receipt.json"


@pytest.fixture(autouse=True)
def _in_a_directory_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def made(path: str | Path = SAMPLE, *args: str) -> Receipt:
    """Write a receipt, whatever the verdict, and return it."""
    run("validate", path, "--receipt", RECEIPT, *SECRET, *args)
    conforms("receipt.json", json.loads(Path(RECEIPT).read_text()))
    return read_receipt(RECEIPT)


def verified(path: str | Path, *args: str) -> Result:
    return run("receipt", "verify", RECEIPT, path, *SECRET, *args)


def said(result: Result) -> str:
    return " ".join(result.err.split())


def test_a_receipt_is_written_beside_an_unchanged_report() -> None:
    plain = run("validate", SAMPLE, *SECRET)
    result = run("validate", SAMPLE, "--receipt", RECEIPT, *SECRET)
    assert result == plain
    assert read_receipt(RECEIPT).verdict == "valid"


@pytest.mark.parametrize("args", [(), ("-j", "1"), ("-j", "3"), ("--show-values",), ("--max-findings", "1"), ("-q",)])
def test_options_that_decide_nothing_change_no_byte(args: tuple[str, ...]) -> None:
    made()
    run("validate", SAMPLE, "--receipt", "again.json", *SECRET, *args)
    assert Path("again.json").read_bytes() == Path(RECEIPT).read_bytes()


def test_an_invalid_archive_and_one_that_is_cut_have_receipts(tmp_path: Path) -> None:
    assert made(archive(tmp_path, "layers tar\nmetadata.json = nothing")).verdict == "invalid"
    Path(RECEIPT).unlink()
    Path("cut.tar.gz.aes").write_bytes(SAMPLE.read_bytes()[:30_000])
    receipt = made("cut.tar.gz.aes")
    assert (receipt.verdict, receipt.complete, receipt.tar) == ("incomplete", False, None)


def test_a_missing_archive_has_no_receipt() -> None:
    assert run("validate", "missing.tar", "--receipt", RECEIPT).exit == 2
    assert not Path(RECEIPT).exists()


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ((SAMPLE, SAMPLE, "--receipt", RECEIPT), "--receipt is that of one archive, but 2 are given"),
        ((SAMPLE, "--receipt", "old.json"), "old.json: exists, and a receipt is never overwritten"),
        ((SAMPLE, "--receipt", "missing/r.json"), "missing/r.json: cannot be written: its directory is missing"),
        ((SAMPLE, "--receipt", "."), "."),
        ((SAMPLE, "--receipt", "-"), "-: standard output is not supported"),
        ((SAMPLE, "--receipt", ""), "The path to write is empty."),
        ((SAMPLE, "--receipt", "r.json", "-o", "json:r.json"), "r.json: is named twice as a file to write"),
        (("export", "--receipt", "export/r.json"), "export/r.json: would write into an input"),
    ],
)
def test_a_receipt_that_would_not_be_written_is_refused_before_the_check(args: tuple[str, ...], says: str) -> None:
    Path("old.json").write_text("old")
    Path("export").mkdir()
    result = run("validate", *args, *SECRET)
    assert (result.exit, result.out) == (2, "")
    assert says in said(result)
    assert sorted(path.name for path in Path().iterdir()) == ["export", "old.json"]
    assert Path("old.json").read_text() == "old"


def test_no_receipt_takes_the_place_of_its_archive() -> None:
    shutil.copy(SAMPLE, "a.tar.gz.aes")
    assert run("validate", "a.tar.gz.aes", "--receipt", "a.tar.gz.aes", *SECRET).exit == 2
    assert Path("a.tar.gz.aes").read_bytes() == SAMPLE.read_bytes()


def test_the_same_file_needs_no_password() -> None:
    made()
    result = run("receipt", "verify", RECEIPT, SAMPLE)
    assert (result.exit, result.err) == (0, "")
    assert "The file is that of the receipt, byte for byte." in result.out


def test_an_archive_that_was_decrypted_is_the_same_unless_the_file_is_demanded() -> None:
    made()
    run("decrypt", SAMPLE, "-o", "a.tar.gz", *SECRET)
    result = verified("a.tar.gz")
    assert result.exit == 0
    assert "the tar inside is that of the receipt, byte for byte" in " ".join(result.out.split())
    assert verified("a.tar.gz", "--exact").exit == 1
    assert verified(SAMPLE, "--exact").exit == 0


def test_the_file_cannot_be_demanded_of_a_receipt_of_a_directory() -> None:
    Path("export").mkdir()
    made("export")
    result = verified("export", "--exact")
    assert (result.exit, said(result)) == (
        2,
        "hcfmt: receipt.json: has no digest of a file, as of a directory: leave out --exact.",
    )


def test_changes_are_named_and_paths_are_hidden(tmp_path: Path) -> None:
    made()
    other = archive(tmp_path, "rooms.json = []\nautojoins.json -\nnotes/Zaphod.txt = x")
    result = verified(other)
    assert result.exit == 1
    assert result.out.splitlines()[2:] == [
        "  changed  rooms.json  457 bytes, now 2 bytes",
        "  removed  autojoins.json  213 bytes",
        "  added    [5 characters]/[6 characters].txt  1 byte",
        "  Members: changed 1, removed 1, added 1, unchanged 18.",
    ]
    assert "notes/Zaphod.txt" in verified(other, "--show-values").out


@pytest.mark.parametrize("args", [(), ("--show-values",)])
def test_json_conforms_to_its_schema(args: tuple[str, ...], tmp_path: Path) -> None:
    made()
    result = verified(archive(tmp_path, "rooms.json = []\na\\xff\\x1b = x"), "--format", "json", *args)
    document = json.loads(result.out)
    conforms("verification.json", document)
    assert (document["exit_status"], document["same"], document["unchanged"]) == (1, "changed", 19)
    assert (result.exit, result.raw.isascii()) == (1, True)


def test_a_name_with_controls_reaches_no_terminal(tmp_path: Path) -> None:
    made()
    result = verified(archive(tmp_path, "a\\x1b[2J\\x0a::error::x = x"), "--show-values")
    assert "\x1b" not in result.out
    assert "\n::" not in result.out


def test_a_path_of_a_forged_receipt_reaches_no_terminal() -> None:
    made()
    document = json.loads(Path(RECEIPT).read_text())
    document["members"][0] |= {"path": "\x1b[2J\n::error::x", "path_sha256": "1" * 64}
    Path(RECEIPT).write_text(json.dumps(document | {"file": None, "tar": None}))
    for form in ("text", "json"):
        result = verified(SAMPLE, "--format", form)
        assert (result.exit, "\x1b" in result.out, "\n::" in result.out) == (1, False, False)
        assert "renamed" in result.out


def test_an_archive_that_is_cut_is_incomplete() -> None:
    made()
    Path("cut.tar.gz.aes").write_bytes(SAMPLE.read_bytes()[:30_000])
    result = verified("cut.tar.gz.aes")
    assert result.exit == 3
    assert result.out.startswith("cut.tar.gz.aes: incomplete\n")
    assert "was cut short" in result.out


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("missing.json", SAMPLE), "missing.json: cannot be read: No such file or directory."),
        ((RECEIPT, "missing.tar"), "missing.tar: cannot be read: No such file or directory."),
        ((SAMPLE, SAMPLE), "It is no receipt: JSON is malformed"),
        ((".", SAMPLE), ".: cannot be read: Is a directory."),
        ((RECEIPT, "other.aes"), "The archive needs a password: set HCFMT_PASSWORD"),
    ],
)
def test_what_cannot_be_compared_is_wrong_usage(args: tuple[str, ...], says: str) -> None:
    made()
    Path("other.aes").write_bytes(SAMPLE.read_bytes() + b"x" * 16)
    result = run("receipt", "verify", *args)
    assert (result.exit, result.out) == (2, "")
    assert says in said(result)


def test_standard_input_is_compared() -> None:
    made()
    result = run("receipt", "verify", RECEIPT, "-", *SECRET, stdin=SAMPLE.read_bytes())
    assert (result.exit, result.out.splitlines()[0]) == (0, "-: unchanged")


@pytest.mark.skipif(os.name != "posix", reason="needs permissions")
def test_a_receipt_is_for_its_owner_alone() -> None:
    made()
    assert Path(RECEIPT).stat().st_mode & 0o777 == 0o600


def test_a_bag_is_written_beside_its_payload() -> None:
    run("extract", SAMPLE, "bag/data", *SECRET)
    result = run("receipt", "bag", SAMPLE, "bag", *SECRET)
    assert (result.exit, result.out, result.err) == (0, "", "bag: manifest of 20 files (99,688 bytes) written.\n")
    assert run("receipt", "bag", SAMPLE, "bag", *SECRET).exit == 2
    assert run("receipt", "bag", SAMPLE, "bag", "--force", *SECRET).exit == 0


def test_a_bag_without_links_says_so(tmp_path: Path) -> None:
    result = run("receipt", "bag", archive(tmp_path, "layers tar\nlink -> users.json"), "bag")
    assert result.exit == 1
    assert "left out: 1 link or special member" in result.err


@pytest.mark.parametrize(
    ("args", "status", "says"),
    [
        (("missing.tar", "bag"), 2, "missing.tar: cannot be read: No such file or directory."),
        ((SAMPLE, "bag"), 2, "The archive needs a password"),
        ((SAMPLE, "bag", "--password", "wrong"), 3, "cannot-decrypt: The password is most likely wrong"),
        (("cut.tar", "bag"), 3, "tar-cut: The tar ends inside"),
        (("export", "export/bag"), 2, "export/bag/manifest-sha256.txt: would write into an input"),
        ((SAMPLE, "secret", "--password-file", "secret/bagit.txt", "--force"), 2, "would overwrite an input"),
    ],
)
def test_a_bag_that_cannot_be_made_is_not_written(
    args: tuple[str, ...], status: int, says: str, tmp_path: Path
) -> None:
    Path("cut.tar").write_bytes(archive(tmp_path, "layers tar").read_bytes()[:3000])
    Path("export").mkdir()
    Path("secret").mkdir()
    Path("secret/bagit.txt").write_text(PASSWORD)
    result = run("receipt", "bag", *args)
    assert result.exit == status
    assert says in said(result)
    assert not Path("bag").exists()
    assert Path("secret/bagit.txt").read_text() == PASSWORD
