"""Every form of an archive is read back by hcfmt, GNU tar and openssl, and is always the same."""

import gzip
import hashlib
import io
import os
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from hcfmt.container import MemberKind, compress, open_archive
from hcfmt.errors import UsageError
from hcfmt.export.writer import (
    END,
    MTIME,
    ArchiveForm,
    Encryption,
    Entry,
    archive_chunks,
    form_of,
    output_form,
    spooled,
    tar_chunks,
    write_archive,
)
from tests.support.counterparts import counterpart

LONG = f"rooms/1/files/BcudLU14VxUEeUK/{'é' * 90}.txt"
CONTENTS = {
    "users.json": b"[]",
    "rooms/": b"",
    "rooms/1/files/a/b.bin": bytes(range(256)) * 3,
    LONG: b"long",
    "empty": b"",
}
SHA256 = "5f12ebe3a3566b964b56d22d763aee8f4918a8e13f70342982544248a08f5497"
ENCRYPTION = Encryption(lambda: b"hipchat", b"somesalt")


def entries() -> Iterator[Entry]:
    return (Entry(path, len(content), iter([content[:1], content[1:]])) for path, content in CONTENTS.items())


def packed(form: ArchiveForm) -> bytes:
    return b"".join(archive_chunks(entries(), form, encryption=ENCRYPTION))


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("a.tar.gz.aes", ArchiveForm.ENCRYPTED),
        ("A.TAR.GZ.AES", ArchiveForm.ENCRYPTED),
        ("a.tar.gz", ArchiveForm.GZIP),
        ("a.tgz", ArchiveForm.GZIP),
        ("a.tar", ArchiveForm.TAR),
        ("a", None),
        ("tar", None),
        ("a.zip", None),
    ],
)
def test_the_last_suffix_decides_the_form(path: str, form: ArchiveForm | None) -> None:
    assert form_of(path) is form


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("a.tar", ArchiveForm.TAR),
        ("a.tar/", ArchiveForm.DIRECTORY),
        ("a.zip/.", ArchiveForm.DIRECTORY),
        ("a", None),
        ("2018.12", None),
    ],
)
def test_a_slash_asks_for_a_directory(path: str, form: ArchiveForm | None) -> None:
    assert output_form(path) is form


@pytest.mark.parametrize("path", ["a.zip", "a.TAR.GZ.ASE", "a.tar.bz2", "a.enc", "a.7z", "a.rar", "-", ".", ""])
def test_the_suffix_of_another_kind_of_file_is_refused(path: str) -> None:
    with pytest.raises(UsageError):
        output_form(path)


@pytest.mark.skipif(os.name == "nt", reason="Windows writes it")
def test_a_name_that_the_locale_cannot_encode_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="set a UTF-8 locale"):
        write_archive(str(tmp_path / "out"), ArchiveForm.DIRECTORY, [Entry("a", 0), Entry("\ud800", 0)])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", ArchiveForm)
def test_a_written_archive_is_read_back(tmp_path: Path, form: ArchiveForm) -> None:
    path = tmp_path / f"out{form}"
    write_archive(str(path), form, entries(), encryption=ENCRYPTION)
    with open_archive(str(path), password=lambda: b"hipchat") as archive:
        read = {member.path: b"".join(member.chunks) for member in archive.members() if member.kind is MemberKind.FILE}
        assert (archive.layers, archive.fault, archive.defects) == (form.layers, None, [])
    assert read == {path: content for path, content in CONTENTS.items() if not path.endswith("/")}
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_gnu_tar_and_openssl_read_an_encrypted_archive() -> None:
    command = [counterpart("openssl"), "aes-256-cbc", "-d", "-md", "md5", "-k", "hipchat"]
    opened = subprocess.run(command, input=packed(ArchiveForm.ENCRYPTED), capture_output=True, check=True).stdout
    tar = counterpart("tar", version="GNU tar")
    listed = subprocess.run([tar, "tz", "--quoting-style=literal"], input=opened, capture_output=True, check=True)
    assert (listed.stdout.decode().splitlines(), listed.stderr) == (list(CONTENTS), b"")


@pytest.mark.parametrize("form", [ArchiveForm.TAR, ArchiveForm.GZIP, ArchiveForm.ENCRYPTED])
def test_the_same_members_are_the_same_bytes(form: ArchiveForm) -> None:
    assert packed(form) == packed(form)


def test_a_tar_has_exactly_these_bytes() -> None:
    assert hashlib.sha256(packed(ArchiveForm.TAR)).hexdigest() == SHA256
    with tarfile.open(fileobj=io.BytesIO(packed(ArchiveForm.TAR))) as tar:
        assert {(info.mtime, info.uid, info.gid, info.uname, info.gname) for info in tar} == {(MTIME, 0, 0, "", "")}
        assert {info.mode for info in tar} == {0o644, 0o755}
    assert packed(ArchiveForm.TAR).endswith(bytes(END))
    assert gzip.decompress(packed(ArchiveForm.GZIP)) == packed(ArchiveForm.TAR)


def test_gzip_holds_neither_name_nor_time() -> None:
    assert b"".join(compress(iter([b"x"])))[:9] == b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00"


def test_a_link_and_a_path_that_is_not_utf_8_survive() -> None:
    data = b"".join(tar_chunks([Entry("link", 0, target="/etc/passwd"), Entry("caf\udce9", 1, [b"x"])]))
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        assert [(info.name, info.issym(), info.linkname) for info in tar] == [
            ("link", True, "/etc/passwd"),
            ("caf\udce9", False, ""),
        ]


@pytest.mark.parametrize("chunks", [[b"ab"], [b"abc", b"d"], []])
@pytest.mark.parametrize("form", ArchiveForm)
def test_a_member_of_another_size_is_refused_and_leaves_nothing(
    tmp_path: Path, form: ArchiveForm, chunks: list[bytes]
) -> None:
    with pytest.raises(UsageError, match="the 3 bytes of its size"):
        write_archive(str(tmp_path / "out"), form, [Entry("a", 3, chunks)], encryption=ENCRYPTION)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", ["/a", "../a", "a/../../b", "C:a", "a\\b", "a\x00b", "a\nb", ".", ""])
def test_a_path_out_of_the_directory_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(UsageError, match="cannot hold a link or an unsafe path"):
        write_archive(str(tmp_path / "out"), ArchiveForm.DIRECTORY, [Entry(path, 1, [b"x"])])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "members", [[Entry("a", 0), Entry("a", 0)], [Entry("a", 0), Entry("a/b", 0)], [Entry("a", 0), Entry("a/", 0)]]
)
def test_two_members_of_the_same_path_are_refused_for_a_directory(tmp_path: Path, members: list[Entry]) -> None:
    with pytest.raises(UsageError, match="two members of the same path"):
        write_archive(str(tmp_path / "out"), ArchiveForm.DIRECTORY, members)
    assert list(tmp_path.iterdir()) == []


def test_a_link_is_refused_for_a_directory(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot hold a link or an unsafe path"):
        write_archive(str(tmp_path / "out"), ArchiveForm.DIRECTORY, [Entry("a", 0, target="b")])


def test_an_existing_path_is_kept_and_force_replaces_only_a_file(tmp_path: Path) -> None:
    file, directory = tmp_path / "out.tar", tmp_path / "out"
    file.write_bytes(b"precious")
    directory.mkdir()
    for path, form in (
        (file, ArchiveForm.TAR),
        (directory, ArchiveForm.DIRECTORY),
        (file, ArchiveForm.DIRECTORY),
        (directory, ArchiveForm.TAR),
    ):
        with pytest.raises(UsageError, match=r"exists|not a regular file"):
            write_archive(str(path), form, entries())
    assert file.read_bytes() == b"precious"
    write_archive(str(file), ArchiveForm.TAR, entries(), force=True)
    assert file.read_bytes() == packed(ArchiveForm.TAR)
    with pytest.raises(UsageError, match="exists"):
        write_archive(str(directory), ArchiveForm.DIRECTORY, entries(), force=True)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["out", "out.tar"]


def test_impossible_forms_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="needs a password"):
        archive_chunks(entries(), ArchiveForm.ENCRYPTED)
    with pytest.raises(UsageError, match="as a stream of bytes"):
        archive_chunks(entries(), ArchiveForm.DIRECTORY)
    with pytest.raises(UsageError, match="must have 8"):
        Encryption(lambda: b"x", b"short")
    for form in (ArchiveForm.TAR, ArchiveForm.DIRECTORY):
        with pytest.raises(UsageError, match="cannot be written: No such file"):
            write_archive(str(tmp_path / "no" / "out"), form, entries())


def test_at_most_a_chunk_is_in_memory() -> None:
    chunk = bytes(1 << 20)
    members = [Entry("large", 64 << 20, (chunk for _ in range(64)))]
    assert max(len(chunk) for chunk in archive_chunks(members, ArchiveForm.ENCRYPTED, encryption=ENCRYPTION)) <= len(
        chunk
    )


def test_a_data_file_that_no_directory_can_hold_is_reported(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot hold a data file: No such file or directory"):
        list(spooled("users.json", [b"x" * (1 << 20)] * 2, tmp_path / "missing"))


@pytest.mark.parametrize("length", [0, 1, 99, 100, 101, 300])
@pytest.mark.parametrize("size", [0, 1, 511, 8**11 - 1, 8**11])
@pytest.mark.parametrize("letter", ["a", "é"])
def test_headers_are_those_of_tarfile(length: int, size: int, letter: str) -> None:
    info = tarfile.TarInfo(letter * length)
    info.size, info.mtime = size, MTIME
    expected = info.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape")
    assert next(tar_chunks([Entry(letter * length, size)])) == expected
