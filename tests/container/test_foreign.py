"""A file that is no archive is named for what it is, with what to do."""

import io
import subprocess
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.container import open_archive
from hcfmt.container.foreign import WINDOW, foreign_fault
from tests.support.builders import encrypted, kinds, opened, zipped
from tests.support.layers import ENCRYPTED, GZIP, read

S3 = b'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>Expired</Message></Error>'


def zip_of(*names: str, method: int = zipfile.ZIP_DEFLATED, content: bytes = b"[]") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as packed:
        for name in names:
            packed.writestr(name, content)
    return stream.getvalue()


EXPORT = ("users/1/history.json", "files/x.png", "users.json")
# The bytes, the kind of content, and what the message says.
FILES: dict[str, tuple[bytes, str, str]] = {
    "S3's error": (S3, "error message", "the download failed, perhaps because its link had expired. Get a new link"),
    "an error of another service": (b"<Error>\n<Code>x</Code>", "error message", "the download failed"),
    "a web page": (b"<!DOCTYPE html>\n<html>", "web page", "the download failed. Log in, and download it again"),
    "a web page in capitals": (b"\n  <HTML><HEAD>", "web page", "the download failed"),
    "a web page with a mark": (b"\xef\xbb\xbf<!doctype HTML>", "web page", "the download failed"),
    "XHTML": (b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "x">', "web page", "the download failed"),
    "XML": (b'<?xml version="1.0"?><ListBucketResult/>', "XML", "Download it again"),
    "users.json": (b'[{"User": {"id": 1}}]', "JSON", "Give the archive, or the directory that holds users.json"),
    "an answer of the API": (b'{\n "error": {}}', "JSON", "Give the archive"),
    "an old Cloud export": (
        zip_of("hipchat_export/", "hipchat_export/rooms/Lobby/2014-03-26.json", "hipchat_export/rooms/list.json"),
        "ZIP",
        "which has another format: hcfmt does not read it. Look for an importer that was made for it.",
    ),
    "a zipped export": (zip_of(*EXPORT), "ZIP", "the files of an export. Importers do not read it: unpack it"),
    "a zipped export below a directory": (zip_of("export/rooms/17/history.json"), "ZIP", "the files of an export"),
    "a zipped export that begins with a large file": (
        zip_of(
            "rooms/1/files/BcudLU14VxUEeUK/a.mp4", "users.json", method=zipfile.ZIP_STORED, content=bytes(2 * WINDOW)
        ),
        "ZIP",
        "holds the files of an export",
    ),
    "a zipped archive": (
        zip_of("export.tar.gz.aes"),
        "ZIP",
        "holds an archive: unpack it, and check that. 'unzip -p FILE",
    ),
    "a stored archive": (zip_of("x/EXPORT.TGZ", method=zipfile.ZIP_STORED, content=GZIP), "ZIP", "holds an archive"),
    "another ZIP": (zip_of("letter.txt"), "ZIP", "may hold an old export of HipChat Cloud"),
    "an empty ZIP": (zip_of(), "ZIP", "may hold an old export of HipChat Cloud"),
    "a ZIP in several volumes": (b"PK\7\x08PK\3\4" + bytes(600), "ZIP", "may hold an old export of HipChat Cloud"),
    "7-Zip": (b"7z\xbc\xaf\x27\x1c" + bytes(40), "OTHER_PACKER", "unpack it, and check what it holds"),
}


@pytest.mark.parametrize(("data", "content", "says"), FILES.values(), ids=FILES)
def test_a_file_is_named_with_what_to_do(data: bytes, content: str, says: str) -> None:
    archive, _ = read(data)
    assert archive.fault is not None
    assert (archive.fault.kind, archive.fault.values) == ("not-an-archive", {"content": content})
    assert archive.fault.message.startswith("This file is ")
    assert says in archive.fault.message


@pytest.mark.parametrize("wrapped", [zipped, encrypted], ids=["gzip", "aes"])
@pytest.mark.parametrize("name", ["a zipped export", "an old Cloud export", "7-Zip"])
def test_the_content_of_a_layer_is_named_too(name: str, wrapped: object) -> None:
    assert callable(wrapped)
    data, _, says = FILES[name]
    archive, _ = read(wrapped(data))
    assert archive.fault is not None
    assert archive.fault.message.startswith("The content is ")
    assert says in archive.fault.message


LAYERED = {
    "a third compression": (zipped(zipped(GZIP)), "compressed once more. Decompress it once"),
    "a third compression, encrypted": (encrypted(zipped(zipped(GZIP))), "compressed once more"),
    "an encrypted file in two compressions": (zipped(zipped(ENCRYPTED)), "an encrypted file inside other layers"),
    "a third encryption": (encrypted(encrypted(ENCRYPTED)), "an encrypted file inside other layers. Take it out"),
}


@pytest.mark.parametrize(("data", "says"), LAYERED.values(), ids=LAYERED)
def test_a_layer_too_many_is_named(data: bytes, says: str) -> None:
    archive, _ = read(data)
    assert archive.fault is not None
    assert says in archive.fault.message


@pytest.mark.parametrize("data", [b"text", b"", bytes(3), b"<", b"PK", b"\x1f"])
def test_other_bytes_are_named_by_what_they_are_not(data: bytes) -> None:
    fault = foreign_fault(data, inside=False).defect
    assert fault.message.startswith("The file is neither encrypted by OpenSSL, nor gzip, nor tar.")
    assert fault.values == {}


@given(head=st.binary(max_size=300), prefix=st.sampled_from([b"", b"PK\3\4", b"<?xml", b"<!DOCTYPE html", b"[", b"7z"]))
def test_any_bytes_get_a_message_in_whole_sentences_without_their_text(head: bytes, prefix: bytes) -> None:
    for inside in (False, True):
        fault = foreign_fault(prefix + head, inside=inside).defect
        assert fault.kind == "not-an-archive"
        assert fault.message.endswith(".")
        assert fault.message.isascii()


def test_no_more_than_the_beginning_is_read() -> None:
    with open_archive("-", password=None, stdin=io.BytesIO(b"<html>" + bytes(40 * WINDOW))) as archive:
        assert kinds(archive) == ["not-an-archive"]


def test_the_parts_of_a_split_archive_are_to_be_joined_and_give_the_archive(tmp_path: Path) -> None:
    (tmp_path / "x.tar.gz.aes").write_bytes(ENCRYPTED)
    subprocess.run(["split", "-b", "100", "x.tar.gz.aes", "x.tar.gz.aes."], cwd=tmp_path, check=True)  # noqa: S607 - POSIX
    parts = sorted(tmp_path.glob("x.tar.gz.aes.*"))
    assert len(parts) > 1
    for part in parts:
        archive, _ = opened(part)
        assert archive.fault is not None
        assert "join them all in their order (cat NAME.* > NAME)" in archive.fault.message
    subprocess.run(["sh", "-c", "cat x.tar.gz.aes.* > joined.tar.gz.aes"], cwd=tmp_path, check=True)  # noqa: S607 - POSIX
    assert kinds(opened(tmp_path / "joined.tar.gz.aes")[0]) == []
