"""An archive that was packed, and then packed again, is read through both packings and named."""

import gzip
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt.container import Budget
from tests.support.builders import encrypted, kinds, opened, zipped
from tests.support.counterparts import counterpart
from tests.support.layers import ENCRYPTED, GZIP, PATHS, TAR, read

TWICE = zipped(GZIP)
EMPTY_MEMBERS = gzip.compress(gzip.compress(b"", mtime=0) * 200_000, mtime=0)  # 4 MB of members without a byte
ERRORS = {"ciphertext-cut", "cannot-decrypt", "gzip-cut", "gzip-corrupt", "bad-padding", "not-an-archive"}

PACKINGS = {
    "gzip of gzip": (TWICE, ("gzip", "gzip", "tar"), "(gzip -dc OLD > NEW)"),
    "gzip of an encrypted file": (zipped(ENCRYPTED), ("gzip", "aes", "gzip", "tar"), "(gzip -dc OLD > NEW)"),
    "gzip of an encrypted tar": (zipped(encrypted(TAR)), ("gzip", "aes", "tar"), "(gzip -dc OLD > NEW)"),
    "gzip of gzip, encrypted": (encrypted(TWICE), ("aes", "gzip", "gzip", "tar"), "(hcfmt decrypt, then gzip -dc"),
    "all twice": (encrypted(zipped(ENCRYPTED)), ("aes", "gzip", "aes", "gzip", "tar"), "(hcfmt decrypt, then gzip"),
}


@pytest.mark.parametrize(("data", "layers", "says"), PACKINGS.values(), ids=PACKINGS)
def test_an_archive_that_was_packed_twice_is_read_and_named(data: bytes, layers: tuple[str, ...], says: str) -> None:
    archive, paths = read(data)
    assert (kinds(archive), paths, archive.layers) == (["packed-twice"], PATHS, layers)
    assert f"its layers are {', '.join(layers)}" in archive.defects[0].message
    assert says in archive.defects[0].message
    assert archive.digest == ("md5" if "aes" in layers else None)


@pytest.mark.parametrize(
    ("data", "sizes"),
    [
        (TWICE, {"gzip": len(TWICE), "tar": len(TAR)}),
        (zipped(ENCRYPTED), {"gzip": len(zipped(ENCRYPTED)), "tar": len(TAR)}),
        (encrypted(TWICE), {"aes": len(encrypted(TWICE)), "gzip": len(TWICE), "tar": len(TAR)}),
    ],
    ids=["gzip of gzip", "gzip of an encrypted file", "gzip of gzip, encrypted"],
)
def test_the_sizes_are_those_of_the_outer_packing_and_of_the_tar(data: bytes, sizes: dict[str, int]) -> None:
    assert read(data)[0].sizes == sizes


@pytest.mark.parametrize("name", ["x.tar.gz.gz", "x.tgz.gz", "x.gz", "x.tar.gz"])
def test_a_name_may_promise_once_what_is_there_twice(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(TWICE)
    assert kinds(opened(tmp_path / name)[0]) == ["packed-twice"]


def test_the_command_for_two_compressions_gives_the_archive() -> None:
    run = subprocess.run([counterpart("gzip"), "-dc"], input=TWICE, capture_output=True, check=True)
    assert kinds(read(run.stdout)[0]) == []


@settings(max_examples=100)
@given(at=st.integers(0, len(TWICE) - 1), bits=st.integers(1, 255))
def test_an_altered_byte_is_an_error_or_alters_no_member(at: int, bits: int) -> None:
    archive, paths = read(TWICE[:at] + bytes([TWICE[at] ^ bits]) + TWICE[at + 1 :])
    assert set(kinds(archive)) & ERRORS or (kinds(archive), paths) == (["packed-twice"], PATHS)


@settings(max_examples=60)
@given(length=st.integers(20, len(TWICE) - 1))
def test_a_cut_anywhere_is_an_error(length: int) -> None:
    assert set(kinds(read(TWICE[:length])[0])) & ERRORS


ENDS = {
    "bytes behind the outer stream": (TWICE + b"left over", "trailing-data"),
    "bytes behind the inner stream": (zipped(GZIP + b"left over"), "trailing-data"),
    "zeros behind the outer stream": (TWICE + bytes(512), "trailing-padding"),
    "an archive behind the inner stream": (zipped(GZIP + ENCRYPTED), "joined-archives"),
    "bytes behind the inner encryption": (zipped(ENCRYPTED + b"\n"), "trailing-padding"),
}


@pytest.mark.parametrize(("data", "kind"), ENDS.values(), ids=ENDS)
def test_the_ends_of_both_packings_are_judged(data: bytes, kind: str) -> None:
    assert kinds(read(data)[0]) == ["packed-twice", kind]


def test_the_bytes_between_the_packings_count_as_expanded(tmp_path: Path) -> None:
    (tmp_path / "x.gz").write_bytes(EMPTY_MEMBERS)
    archive, _ = opened(tmp_path / "x.gz", Budget(expanded=1_000_000))
    assert kinds(archive) == ["budget-exceeded"]
