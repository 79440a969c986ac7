"""A key is right where it yields known content; a file that was encrypted twice is opened twice."""

import gzip
import io
import lzma
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt.container import encrypt, open_archive
from hcfmt.container.aes import DIGESTS
from hcfmt.container.content import proves_key
from tests.support.builders import END, GNU, PASSWORD, USTAR, V7, encrypted, entry, kinds, opened, zipped
from tests.support.layers import ENCRYPTED, GZIP, PATHS, TAR, read, unpadded

TWICE = encrypted(ENCRYPTED)
ZIP = b"PK\3\4" + bytes(600)
ERRORS = {"ciphertext-cut", "cannot-decrypt", "not-an-archive", "gzip-cut", "gzip-corrupt", "bad-padding"}


@pytest.mark.parametrize("inner", DIGESTS)
@pytest.mark.parametrize("outer", DIGESTS)
def test_a_file_that_was_encrypted_twice_is_opened_and_named(outer: str, inner: str) -> None:
    archive, paths = read(encrypted(encrypted(GZIP, inner), outer))
    assert kinds(archive) == ["encrypted-twice"]
    assert f"keys by {outer} and {inner}" in archive.defects[0].message
    assert paths == PATHS
    assert (archive.layers, archive.digest) == (("aes", "aes", "gzip", "tar"), outer)


def test_the_sizes_of_a_file_that_was_encrypted_twice_are_those_of_its_layers() -> None:
    archive, _ = read(TWICE)
    assert archive.sizes == {"aes": len(TWICE), "gzip": len(GZIP), "tar": len(TAR)}


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("x.tar.gz.aes", ["encrypted-twice"]),
        ("x.tar.gz.aes.aes", ["encrypted-twice"]),
        ("x.aes", ["encrypted-twice"]),
        ("x.tar.gz", ["misnamed-container", "encrypted-twice"]),
    ],
)
def test_a_name_may_promise_once_what_is_there_twice(tmp_path: Path, name: str, found: list[str]) -> None:
    (tmp_path / name).write_bytes(TWICE)
    assert kinds(opened(tmp_path / name)[0]) == found


def test_the_password_is_asked_for_once() -> None:
    asked: list[bytes] = []

    def password() -> bytes:
        asked.append(PASSWORD)
        return PASSWORD

    assert read(TWICE, password)[1] == PATHS
    assert asked == [PASSWORD]


def test_another_password_inside_is_not_called_a_wrong_password() -> None:
    inside = b"".join(encrypt(iter([GZIP]), b"another", salt=b"saltsalt"))
    archive, paths = read(encrypted(inside))
    assert archive.fault is not None
    assert (kinds(archive), paths) == (["cannot-decrypt"], [])
    assert "The password opens the file (md5), but inside is another encrypted file" in archive.fault.message
    assert "password is wrong" not in archive.fault.message


@pytest.mark.parametrize("given", [[PASSWORD, b"another"], [b"another", PASSWORD], [b"x", PASSWORD, b"y", b"another"]])
def test_all_passwords_are_tried_on_each_encryption(given: list[bytes]) -> None:
    inside = b"".join(encrypt(iter([GZIP]), b"another", salt=b"saltsalt"))
    archive, paths = read(encrypted(inside), given)
    assert (kinds(archive), paths) == (["encrypted-twice"], PATHS)


def test_a_prompt_is_asked_no_more_often_for_two_encryptions() -> None:
    asked: list[bytes] = []

    def answers() -> Iterator[bytes]:
        for answer in (b"wrong", PASSWORD, b"another"):
            asked.append(answer)
            yield answer

    inside = b"".join(encrypt(iter([GZIP]), b"another", salt=b"saltsalt"))
    assert read(encrypted(inside), answers)[1] == PATHS
    assert asked == [b"wrong", PASSWORD, b"another"]


def test_a_third_encryption_is_not_opened() -> None:
    archive, paths = read(encrypted(TWICE))
    assert archive.fault is not None
    assert (archive.fault.kind, paths) == ("not-an-archive", [])


@pytest.mark.parametrize("magic", [USTAR, GNU, V7], ids=["POSIX", "GNU", "seventh edition"])
@pytest.mark.parametrize("digest", DIGESTS)
def test_an_encrypted_tar_without_gzip_is_opened(magic: bytes, digest: str, tmp_path: Path) -> None:
    data = encrypted(entry(b"users.json", b"[]", magic=magic) + END, digest)
    (tmp_path / "x.tar.gz.aes").write_bytes(data)
    archive, rows = opened(tmp_path / "x.tar.gz.aes")
    assert [row[0] for row in rows] == ["users.json"]
    assert archive.layers == ("aes", "tar")
    assert kinds(archive)[0] == "misnamed-container"
    assert "encrypted, tar. Rename the file" in archive.defects[0].message


CONTENTS = {
    "a ZIP": ZIP,
    "an xz file": lzma.compress(TAR),
    "JSON text": b'[{"User": {"id": 1, "name": "A person"}}]',
    "a web page": b"<!DOCTYPE html>\n<title>Sign in</title>",
}


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS)
def test_known_content_that_is_no_archive_is_not_called_a_wrong_password(content: bytes) -> None:
    assert kinds(read(encrypted(content))[0]) == ["not-an-archive"]


def test_an_encrypted_tar_of_nothing_is_opened() -> None:
    assert kinds(read(encrypted(END))[0]) == []


def test_noise_proves_no_key() -> None:
    random = Random(1)  # noqa: S311 - noise, as of a wrong key
    assert not any(proves_key(random.randbytes(512)) for _ in range(30_000))


@settings(max_examples=100)
@given(noise=st.binary(min_size=16, max_size=512))
def test_a_key_is_proved_by_no_more_than_known_content(noise: bytes) -> None:
    printable = all(0x20 <= byte < 0x7F or byte in b"\t\r\n" for byte in noise[:32])
    assert not proves_key(noise) or (len(noise) >= 32 and printable) or not any(noise)


@settings(max_examples=100)
@given(at=st.integers(16, len(TWICE) - 1), bits=st.integers(1, 255))
def test_an_altered_byte_anywhere_in_a_file_that_was_encrypted_twice_is_an_error(at: int, bits: int) -> None:
    altered = TWICE[:at] + bytes([TWICE[at] ^ bits]) + TWICE[at + 1 :]
    assert set(kinds(read(altered)[0])) & ERRORS


def test_an_altered_last_block_of_the_outer_encryption_is_an_error_even_if_it_ends_like_padding() -> None:
    lucky = 0
    for bits in range(1, 1 << 11):
        end = (int.from_bytes(TWICE[-2:]) ^ bits).to_bytes(2)
        found = kinds(read(TWICE[:-2] + end)[0])
        assert "bad-padding" in found, bits
        lucky += len(found) > 2
    assert lucky, "no block ended like padding"


@settings(max_examples=60)
@given(length=st.integers(20, len(TWICE) - 1))
def test_a_file_that_was_encrypted_twice_and_cut_anywhere_is_an_error(length: int) -> None:
    assert set(kinds(read(TWICE[:length])[0])) & ERRORS


@settings(max_examples=60)
@given(behind=st.binary(min_size=1, max_size=40) | st.just(bytes(512)))
def test_bytes_behind_a_file_that_was_encrypted_twice_are_an_error(behind: bytes) -> None:
    found = kinds(read(TWICE + behind)[0])
    assert set(found) & {*ERRORS, "trailing-data"}


def test_the_inner_padding_and_what_follows_it_are_judged_as_of_a_single_encryption() -> None:
    assert kinds(read(encrypted(ENCRYPTED + b"\n"))[0]) == ["encrypted-twice", "trailing-padding"]
    assert kinds(read(encrypted(ENCRYPTED + ENCRYPTED))[0]) == ["encrypted-twice", "joined-archives"]
    assert kinds(read(unpadded(ENCRYPTED))[0]) == ["encrypted-twice", "bad-padding"]


@pytest.mark.parametrize("limit", [1, 9, 16, 100])
def test_the_pieces_in_which_the_bytes_come_make_no_difference(limit: int) -> None:
    class Trickle(io.BytesIO):
        def read1(self, _: int | None = -1, /) -> bytes:
            return super().read(limit)

    with open_archive("-", password=PASSWORD, stdin=Trickle(TWICE)) as archive:
        assert [member.path for member in archive.members()] == PATHS
    assert kinds(archive) == ["encrypted-twice"]


def test_the_content_of_gzip_does_not_prove_a_key_by_its_magic_alone() -> None:
    assert not proves_key(b"\x1f\x8b\x08\xff" + bytes(Random(2).randbytes(508)))  # noqa: S311 - reserved flags
    assert proves_key(gzip.compress(zipped(b"x"))[:16])
