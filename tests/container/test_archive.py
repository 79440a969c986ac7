"""Archives are detected by their bytes and read to their last byte."""

import hashlib
import io
import os
import subprocess
import tarfile
from pathlib import Path

import pytest

from hcfmt.container import Budget, MemberKind, open_archive
from hcfmt.errors import Fault, UsageError
from tests.support.builders import (
    END,
    PASSWORD,
    SAMPLE,
    encrypted,
    entry,
    kinds,
    opened,
    pax,
    record,
    walk,
    zipped,
)
from tests.support.counterparts import counterpart
from tests.support.layers import BIG, ENCRYPTED, GZIP, PATHS, TAR, filled, read, unpadded


def test_the_published_sample_is_read_as_python_reads_it() -> None:
    command = [
        counterpart("openssl"),
        "enc",
        "-d",
        "-aes-256-cbc",
        "-md",
        "md5",
        "-pass",
        "pass:hipchat",
        "-in",
        str(SAMPLE),
    ]
    packed = subprocess.run(command, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz") as expected:
        files = {info.name: file.read() for info in expected if (file := expected.extractfile(info))}
    archive, rows = opened(SAMPLE)
    assert {path: payload for path, _, kind, payload in rows if kind is MemberKind.FILE} == files
    assert "users.json" in files
    assert kinds(archive) == []
    assert (archive.layers, archive.digest) == (("aes", "gzip", "tar"), "md5")
    assert (archive.size, archive.bytes_read, archive.expanded) == (57_920, 57_920, 133_120)
    assert archive.name == str(SAMPLE)


LAYERS = {
    "tar": (TAR, ("tar",)),
    "tar.gz": (GZIP, ("gzip", "tar")),
    "tar.gz.aes": (ENCRYPTED, ("aes", "gzip", "tar")),
    "a tar of several gzip members": (zipped(TAR[:700]) + zipped(TAR[700:]), ("gzip", "tar")),
}


@pytest.mark.parametrize(("data", "layers"), LAYERS.values(), ids=LAYERS)
def test_the_layers_are_detected_by_their_bytes(data: bytes, layers: tuple[str, ...]) -> None:
    archive, paths = read(data)
    assert archive.layers == layers
    assert archive.digest == ("md5" if "aes" in layers else None)
    assert paths == PATHS
    assert kinds(archive) == []
    assert archive.size is None
    assert (archive.bytes_read, archive.expanded) == (len(data), len(TAR))


@pytest.mark.parametrize("data", [data for data, _ in LAYERS.values()], ids=LAYERS)
def test_an_input_that_is_read_to_its_end_has_a_hash_if_that_was_asked_for(data: bytes) -> None:
    for asked in (True, False):
        archive = open_archive("-", password=PASSWORD, stdin=io.BytesIO(data), sha256=asked)
        walk(archive)
        assert archive.sha256 == (hashlib.sha256(data).hexdigest() if asked else None)


def test_an_input_that_is_damaged_has_no_hash_and_nor_has_a_directory(tmp_path: Path) -> None:
    (tmp_path / "users.json").write_bytes(b"[]")
    damaged = GZIP[:100] + bytes(300_000)
    for archive in (
        open_archive("-", password=None, stdin=io.BytesIO(damaged), sha256=True),
        open_archive(str(tmp_path), password=None, sha256=True),
    ):
        walk(archive)
        assert archive.sha256 is None


EMPTY: dict[str, tuple[bytes, tuple[str, ...], list[str]]] = {
    "no bytes at all": (b"", (), []),
    "gzip of nothing": (zipped(b""), ("gzip",), []),
    "gzip of nothing, and bytes after it": (zipped(b"") + b"x", ("gzip",), ["trailing-data"]),
    "gzip of nothing, encrypted": (encrypted(zipped(b"")), ("aes", "gzip"), []),
    "gzip of nothing, encrypted without padding": (
        unpadded(filled(zipped(b""), 0)),
        ("aes", "gzip"),
        ["bad-padding"],
    ),
    "a tar of two zero blocks": (END, ("tar",), []),
    "a few zeros": (bytes(100), ("tar",), ["tar-unterminated"]),
    "a encrypted tar.gz of zero blocks": (encrypted(zipped(bytes(10_240))), ("aes", "gzip", "tar"), []),
}


@pytest.mark.parametrize(("data", "layers", "found"), EMPTY.values(), ids=EMPTY)
def test_an_input_without_members_has_no_fault(data: bytes, layers: tuple[str, ...], found: list[str]) -> None:
    archive, paths = read(data)
    assert paths == []
    assert archive.layers == layers
    assert kinds(archive) == found


@pytest.mark.parametrize("data", [BIG[:-100_000], encrypted(BIG[:-100_000]), encrypted(BIG)[:-100_007]])
def test_a_cut_payload_raises_and_the_archive_keeps_the_fault(data: bytes) -> None:
    archive = open_archive("-", password=lambda: PASSWORD, stdin=io.BytesIO(data))
    members = archive.members()
    assert b"".join(next(members).chunks) == b"x"
    chunks = next(members).chunks
    with pytest.raises(Fault) as caught:
        list(chunks)
    assert archive.fault == caught.value.defect
    assert archive.fault.kind in {"gzip-cut", "ciphertext-cut"}
    assert list(members) == []


def test_a_fault_in_an_unread_payload_ends_the_iteration() -> None:
    archive = open_archive("-", password=None, stdin=io.BytesIO(BIG[:-100_000]))
    assert [member.path for member in archive.members()] == ["a", "noise"]
    assert archive.fault is not None
    assert archive.fault.kind == "gzip-cut"


def test_damage_after_the_last_member_is_found_without_reading_payloads() -> None:
    archive = open_archive("-", password=None, stdin=io.BytesIO(BIG[:-8] + bytes(8)))
    assert [member.path for member in archive.members()][:2] == ["a", "noise"]
    assert archive.fault is not None
    assert archive.fault.kind == "gzip-corrupt"


def test_the_first_fault_is_kept() -> None:
    archive, paths = read(entry(b"a", b"x") + pax(record(b"size", b"x")) + entry(b"b") + entry(b"c", b"x" * 600)[:700])
    assert paths == ["a"]
    assert kinds(archive) == ["tar-corrupt"]


def test_an_exception_of_the_consumer_is_no_fault() -> None:
    with open_archive("-", password=None, stdin=io.BytesIO(BIG)) as archive:
        for _ in archive.members():
            break
    assert archive.fault is None


def test_an_archive_is_read_once() -> None:
    archive, _ = read(TAR)
    with pytest.raises(UsageError, match="read before"):
        next(archive.members())


def test_a_password_is_used_only_for_encrypted_archives() -> None:
    def unasked() -> bytes:
        raise AssertionError

    for data in (TAR, GZIP, b"", b"text", b"PK\3\4"):
        assert read(data, unasked)[0].layers != ("aes",)


def test_the_error_without_a_password_lists_the_ways_to_give_one(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        open_archive(str(SAMPLE), password=None)
    for option in ("HCFMT_PASSWORD", "--password-file", "--password", "prompt"):
        assert option in str(caught.value)
    assert str(tmp_path) not in str(caught.value)


def test_an_error_of_the_password_function_passes() -> None:
    def unanswered() -> bytes:
        raise UsageError("nobody at the terminal")

    with pytest.raises(UsageError, match="nobody at the terminal"):
        open_archive(str(SAMPLE), password=unanswered)


def test_only_the_given_derivations_are_tried() -> None:
    with open_archive(str(SAMPLE), password=lambda: PASSWORD, digests=("sha256", "pbkdf2")) as archive:
        assert kinds(archive) == ["cannot-decrypt"]
        assert archive.layers == ("aes",)
        assert archive.digest is None
        assert list(archive.members()) == []


@pytest.mark.parametrize("digest", ["sha256", "pbkdf2"])
def test_a_modern_derivation_is_a_defect_with_the_command_to_encrypt_again(tmp_path: Path, digest: str) -> None:
    (tmp_path / "old.tar.gz.aes").write_bytes(encrypted(GZIP, digest))
    archive, rows = opened(tmp_path / "old.tar.gz.aes")
    assert len(rows) == 2
    assert archive.digest == digest
    assert kinds(archive) == ["modern-key-derivation"]
    counterpart("openssl")
    command = archive.defects[0].message.partition(": ")[2]
    environment = {**os.environ, "HCFMT_PASSWORD": PASSWORD.decode()}
    subprocess.run([counterpart("sh"), "-c", command], cwd=tmp_path, env=environment, capture_output=True, check=True)
    again, rows_again = opened(tmp_path / "new.tar.gz.aes")
    assert rows_again == rows
    assert again.digest == "md5"
    assert kinds(again) == []


@pytest.mark.parametrize(
    ("name", "data", "found"),
    [
        ("x.tar.gz.aes", ENCRYPTED, []),
        ("x.tar.gz.aes", GZIP, ["misnamed-container"]),
        ("x.tar.gz", ENCRYPTED, ["misnamed-container"]),
        ("x.tar.gz", TAR, ["misnamed-container"]),
        ("x.tar", GZIP, ["misnamed-container"]),
        ("x.gz", ENCRYPTED[:20], ["ciphertext-cut", "misnamed-container"]),
        ("x.tar.gz.aes", b"", []),
        ("x.tar.gz.aes", b"text", ["not-an-archive"]),
        ("x.export", TAR, []),
    ],
)
def test_a_file_name_is_compared_with_the_layers(tmp_path: Path, name: str, data: bytes, found: list[str]) -> None:
    (tmp_path / name).write_bytes(data)
    assert kinds(opened(tmp_path / name)[0]) == found


def test_the_name_of_a_directory_is_not_compared(tmp_path: Path) -> None:
    (tmp_path / "x.tar.gz.aes").mkdir()
    assert kinds(opened(tmp_path / "x.tar.gz.aes")[0]) == []


def test_a_missing_file_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        open_archive(str(tmp_path / "missing.tar"), password=None)


@pytest.mark.parametrize("data", [TAR, GZIP, ENCRYPTED], ids=["tar", "tar.gz", "tar.gz.aes"])
def test_expanded_bytes_are_limited_whatever_the_layers(data: bytes) -> None:
    for limit, found in ((len(TAR), []), (len(TAR) - 1, ["budget-exceeded"])):
        budget = Budget(expanded=limit)
        archive = open_archive("-", password=lambda: PASSWORD, budget=budget, stdin=io.BytesIO(data))
        assert len(walk(archive)) == (2 if limit == len(TAR) else 0)
        assert kinds(archive) == found


@pytest.mark.parametrize("calls", range(6))
def test_the_time_limit_is_checked_with_every_chunk(calls: int) -> None:
    answers = iter([False] * calls)
    budget = Budget(expired=lambda: next(answers, True))
    archive = open_archive("-", password=None, budget=budget, stdin=io.BytesIO(BIG))
    walk(archive)
    assert kinds(archive) == ["budget-exceeded"]


def test_the_time_limit_is_checked_for_empty_members() -> None:
    # No piece comes out of empty gzip members, so the time must be looked at where the bytes come in.
    answers = iter([False] * 3)
    budget = Budget(expired=lambda: next(answers, True))
    data = zipped(b"") * 60_000
    archive = open_archive("-", password=None, budget=budget, stdin=io.BytesIO(data))
    assert kinds(archive) == ["budget-exceeded"]
    assert archive.bytes_read < len(data)


def test_a_file_is_closed_when_it_cannot_be_opened_as_an_archive(tmp_path: Path) -> None:
    before = sum(1 for _ in Path("/dev/fd").iterdir())
    (tmp_path / "x").write_bytes(ENCRYPTED)
    with pytest.raises(UsageError):
        open_archive(str(tmp_path / "x"), password=None)
    assert sum(1 for _ in Path("/dev/fd").iterdir()) == before
