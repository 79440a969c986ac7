"""The first bytes of a file agree with the extensions of its kind and contradict others."""

import builtins
import bz2
import gzip
import io
import lzma
import struct
import sys
import tarfile
import wave
import zipfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hcfmt.container import open_archive
from hcfmt.export import file_signatures
from hcfmt.export.file_signatures import HEAD, OTHER, extension_mismatch
from hcfmt.export.image_sizes import IMAGE_HEAD
from tests.support.image_heads import a_jpeg, a_png, a_riff

SAMPLE = Path(__file__).parents[2] / "generated" / "samples" / "documented.tar.gz.aes"


def a_zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "text")
    return file.getvalue()


def an_empty_zip() -> bytes:
    file = io.BytesIO()
    zipfile.ZipFile(file, "w").close()
    return file.getvalue()


def a_tar(dialect: int) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=dialect) as archive:
        archive.addfile(tarfile.TarInfo("a"))
    return file.getvalue()


def a_wav() -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        sound.writeframes(bytes(8))
    return file.getvalue()


def a_bmp() -> bytes:
    return (
        b"BM" + struct.pack("<IHHI", 58, 0, 0, 54) + struct.pack("<IiiHHIIiiII", 40, 1, 1, 1, 24, *[0] * 6) + bytes(4)
    )


OFFICE = "docx docm dotx xlsx xlsm xltx pptx pptm potx ppsx"
OFFICE_97 = "doc dot msg pps ppt xls"
ZIP = f"zip {OFFICE} odt ods odp odg jar war apk epub {OFFICE_97}"
VIDEO = "3gp m4a m4v mov mp4 qt"
TEXT = (
    "bat c cfg conf cpp cs css csv diff eml go h htm html ics ini java js log markdown md patch php ps1 py rb sh sql"
    " tex toml tsv txt vcf xhtml xml yaml yml"
)
HTML = f"{TEXT} {OFFICE_97}"
JPEG, TIFF, EBML = "jpg jpeg jpe jfif", "tif tiff", "mkv mka webm"
ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")

# What the bytes look like, the extensions that they do not contradict, the bytes.
HEADS: list[tuple[str, str, bytes]] = [
    ("PNG image", "png apng ico", a_png()),
    ("JPEG image", JPEG, a_jpeg(2, 3, (0xE0, 16))),
    ("GIF image", "gif", b"GIF89a" + struct.pack("<HH", 1, 1) + b"\x80\0\0\0\0\0\xff\xff\xff\x2c" + bytes(8)),
    ("GIF image", "gif", b"GIF87a" + struct.pack("<HH", 1, 1) + bytes(3)),
    ("BMP image", "bmp", a_bmp()),
    ("TIFF image", TIFF, b"II*\0\x08\0\0\0" + bytes(8)),
    ("TIFF image", TIFF, b"MM\0*\0\0\0\x08" + bytes(8)),
    ("TIFF image", TIFF, b"II+\0\x08\0\0\0\x10" + bytes(8)),
    ("TIFF image", TIFF, b"MM\0+\0\x08\0\0" + bytes(8)),
    ("WebP image", "webp", a_riff(b"WEBPVP8L") + bytes(20)),
    ("icon", "ico cur", b"\0\0\1\0\1\0\x10\x10\0\0\1\0\x20\0" + bytes(8)),
    ("icon", "ico cur", b"\0\0\2\0\1\0\x20\x20\0\0\1\0\1\0" + bytes(8)),
    ("Photoshop image", "psd psb", b"8BPS\0\1" + bytes(6) + b"\0\3\0\0\0\1\0\0\0\1\0\x08\0\3"),
    ("Photoshop image", "psd psb", b"8BPS\0\2" + bytes(6) + b"\0\3\0\0\0\1\0\0\0\1\0\x08\0\3"),
    ("HEIF image", "heic heif avif", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"),
    ("HEIF image", "heic heif avif", b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic"),
    ("HEIF image", "heic heif avif", b"\0\0\0\x18ftypavif\0\0\0\0avifmif1"),
    ("PDF document", "pdf", b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"),
    ("PDF document", "pdf", b"%PDF-2.0\n"),
    ("RTF document", f"rtf {HTML}", b"{\\rtf1\\ansi\\deff0 Hello}"),
    ("ZIP archive", ZIP, a_zip()),
    ("ZIP archive", ZIP, an_empty_zip()),
    ("ZIP archive", ZIP, b"PK\7\x08PK\3\4" + bytes(20)),
    ("gzip data", "gz tgz svgz", gzip.compress(b"hello", mtime=0)),
    ("bzip2 data", "bz2 tbz2", bz2.compress(b"hello")),
    ("bzip2 data", "bz2 tbz2", bz2.compress(b"")),
    ("xz data", "xz txz", lzma.compress(b"hello")),
    ("7-Zip archive", "7z", b"7z\xbc\xaf\x27\x1c\0\4" + bytes(24)),
    ("RAR archive", "rar", b"Rar!\x1a\7\0\xcf\x90\x73"),
    ("RAR archive", "rar", b"Rar!\x1a\7\1\0\x33\x92"),
    ("tar archive", "tar", a_tar(tarfile.GNU_FORMAT)),
    ("tar archive", "tar", a_tar(tarfile.PAX_FORMAT)),
    ("WAV sound", "wav mp3", a_wav()),
    ("FLAC sound", "flac", b"fLaC\0\0\0\x22\x10\0\x10\0" + bytes(30)),
    ("MP3 sound", "mp3 flac", b"ID3\3\0\0\0\0\0\x0aTIT2" + bytes(6)),
    ("Ogg sound or video", "ogg oga ogv opus", b"OggS\0\2" + bytes(20) + b"\1\x13OpusHead"),
    ("AVI video", "avi", a_riff(b"AVI LIST") + bytes(8)),
    ("MP4 or QuickTime video", f"{VIDEO} avif heic heif", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"),
    ("MP4 or QuickTime video", f"{VIDEO} avif heic heif", b"\0\0\0\x20ftypM4A \0\0\0\0M4A mp42"),
    ("MP4 or QuickTime video", f"{VIDEO} avif heic heif", b"\0\0\0\x14ftypqt  \x20\5\3\0qt  "),
    ("MP4 or QuickTime video", VIDEO, b"\0\0\3\0moov\0\0\0\x6cmvhd"),
    ("MP4 or QuickTime video", VIDEO, b"\0\0\0\x08wide\0\0\3\0mdat"),
    ("Matroska video", EBML, b"\x1aE\xdf\xa3\x9fB\x86\x81\1B\xf7\x81\1B\xf2\x81\4B\xf3\x81\x08B\x82\x84webm"),
    ("Windows Media", "asf wma wmv", ASF + bytes(14)),
    (
        "OLE document",
        f"msi {OFFICE_97} {OFFICE}",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + b"\x3e\0\3\0\xfe\xff",
    ),
    ("Windows program", "exe dll", b"MZ\x90\0\3" + bytes(55) + b"\x80\0\0\0PE\0\0"),
    ("ELF program", "", b"\x7fELF\2\1\1" + bytes(9) + b"\2\0\x3e\0"),
    ("HTML", HTML, b"<!DOCTYPE html>\n<title>Not found</title>"),
]
ENDINGS = sorted({ending for _, endings, _ in HEADS for ending in endings.split()} | {"json", "svg"})
NAMED = [pytest.param(*row, id=f"{number}-{row[0]}") for number, row in enumerate(HEADS)]
UNKNOWN = bytes(range(200, 232))
WORDS = {word for word, _, _ in HEADS} | {OTHER} | {f"another kind of {what}" for what in ("image", "sound", "video")}


def test_every_extension_has_a_head_of_its_kind() -> None:
    assert set(ENDINGS) == set(file_signatures._SIGNATURES) | set(file_signatures._LOOSE)  # noqa: SLF001 - parity of two tables


def test_every_kind_has_a_head() -> None:
    assert {word for word, _, _ in HEADS} == {word for word, _, _ in file_signatures._KINDS} | {"HTML"}  # noqa: SLF001 - the same


@pytest.mark.parametrize(("word", "endings", "head"), NAMED)
def test_bytes_contradict_every_extension_but_those_of_their_kind(word: str, endings: str, head: bytes) -> None:
    expected = {ending: None if ending in endings.split() else word for ending in ENDINGS}
    assert {ending: extension_mismatch(f"rooms/1/files/a.b.{ending}", head) for ending in ENDINGS} == expected


@pytest.mark.parametrize(("_word", "endings", "head"), NAMED)
def test_a_signature_cut_by_the_end_is_no_contradiction(_word: str, endings: str, head: bytes) -> None:
    cut = [head[:size] for size in range(len(head[:300]))]
    assert {extension_mismatch(f"a.{ending}", some) for ending in endings.split() for some in cut} <= {None}


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_empty_file_contradicts_nothing(ending: str) -> None:
    assert extension_mismatch(f"a.{ending}", b"") is None


@pytest.mark.parametrize("path", ["a.PNG", "rooms/1/files/x/a.Png", "a.jpg.png", "\udcff/ä.pnG"])
def test_letter_case_and_the_rest_of_the_name_do_not_matter(path: str) -> None:
    assert extension_mismatch(path, a_png()) is None
    assert extension_mismatch(path, b"GIF89a") == "GIF image"


@pytest.mark.parametrize(
    "path", ["", "/", ".", "..", "a", ".png", "a.", "a.png/b", "x.png/.", "a.zzz", "a.p\0ng", "._a.png", "b/._a.png"]
)
def test_an_unknown_extension_is_no_contradiction(path: str) -> None:
    promising = path == "x.png/."
    assert (extension_mismatch(path, b"GIF89a") == "GIF image") == promising


@pytest.mark.parametrize(
    "page",
    [
        b"<html>",
        b"<HTML lang='en'>",
        b"<!doctype html>",
        b"<!DOCTYPE\nHTML PUBLIC '-//W3C//DTD HTML 4.01//EN'>",
        b"\xef\xbb\xbf<!DOCTYPE html>",
        b" \r\n\t <html>",
        b"\xef\xbb\xbf\n<!-- made by a server --> <!----> <html>",
        b"<?xml version='1.0'?>\n<!DOCTYPE html PUBLIC 'x'>",
        b"<head><title>",
        b"<!--" + b"x" * (HEAD - 20) + b"--><html>",
    ],
)
@pytest.mark.parametrize("ending", ["png", "jpg", "gif", "webp", "svg", "json", "pdf", "docx", "mp4", "mp3"])
def test_a_page_saved_as_something_else_is_found(page: bytes, ending: str) -> None:
    assert extension_mismatch(f"a.{ending}", page) == "HTML"


@pytest.mark.parametrize("ending", TEXT.split())
@pytest.mark.parametrize(
    "text",
    [
        b"GIF images and PNG images",
        b"BM is short for benchmark",
        b"MZ",
        b"PK",
        b"%PDF- is how a PDF begins",
        b"ID3 tags",
        b"The moov atom and the ftyp atom",
        b"if, X-, P1, 8BPS, FORM, RIFF: signatures",
        b"\xff\xfeh\0e\0l\0l\0o\0",
        b"h\0e\0l\0l\0o\0",
        bytes(100) + b"2018-12-10 a log that was cut while it was written",
        b"gr\xfc\xdfe",
        b"<!-- <html> --> hello",
        UNKNOWN,
    ],
)
def test_text_is_contradicted_only_by_a_binary_signature(ending: str, text: bytes) -> None:
    assert extension_mismatch(f"a.{ending}", text) is None


@pytest.mark.parametrize("ending", ["svg", "json"])
@pytest.mark.parametrize(
    "text", [b"", b"{}", b"<svg>", b"<!DOCTYPE svg>", b"<?xml version='1.0'?><!-- a --><svg>", b"<htmlish>"]
)
def test_text_of_another_language_is_not_html(ending: str, text: bytes) -> None:
    assert extension_mismatch(f"a.{ending}", text) is None


@pytest.mark.parametrize(
    ("ending", "head"),
    [
        ("bmp", b"BM" + bytes(range(1, 30))),
        ("bmp", b"BA" + bytes(range(1, 30))),
        ("bz2", b"BZh9"),
        ("dll", b"MZ" + bytes(range(1, 30))),
        ("exe", b"MZ" + bytes(range(1, 30))),
        ("flac", b"ID3\4\0" + bytes(10)),
        ("jar", b"#!/bin/sh\n"),
        ("jpg", b"\xff\xd8\xff\xfe\0\4hi"),
        ("mov", b"\0\0\0\x08pnot" + bytes(20)),
        ("mp3", b"\xff\xfb\x90\x64" + bytes(20)),
        ("mp3", bytes(100)),
        ("pdf", b"\r\n" * 400 + b"%PDF-1.3\n"),
        ("pdf", b"%!PS-Adobe-3.0 PDF-1.2\n"),
        ("rar", b"RE~^\7\0\1\0"),
        ("tar", b"a" + bytes(511)),
        ("tgz", b"\x1f\x9d\x90" + bytes(20)),
        ("tgz", b"\x1f\xa0" + bytes(20)),
        ("war", b"#!/bin/sh\n"),
        ("msg", b"::msgcat::mcset de Yes Ja"),
        ("xls", b"name\tcount\r\n"),
        ("doc", b"<?xml version='1.0'?><w:wordDocument>"),
    ],
)
def test_a_rare_signature_of_a_kind_is_no_contradiction(ending: str, head: bytes) -> None:
    assert extension_mismatch(f"a.{ending}", head) is None


@pytest.mark.parametrize(
    ("path", "head", "word"),
    [
        ("a.png", b"Not found", OTHER),
        ("a.png", bytes(100), OTHER),
        ("a.pdf", UNKNOWN, OTHER),
        ("a.pdf", b"x" * 1100 + b"%PDF-1.3\n", OTHER),
        ("a.png", b"\0\0\0\x0cjP  \r\n\x87\n", "another kind of image"),
        ("a.gif", b"MThd\0\0\0\6\0\1", "another kind of sound"),
        ("a.webp", b"\0\0\1\xba\x44\0\4\0", "another kind of video"),
        ("a.png", b"if only", OTHER),
        ("a.png", UNKNOWN + b"TRUEVISION-XFILE.\0", OTHER),
        ("a.png", b"<!--" + b"x" * HEAD + b"--><html>", OTHER),
        ("a.jar", b"JARCS\0" + bytes(20), None),
    ],
)
def test_bytes_of_no_common_kind_are_named_broadly_or_not_at_all(path: str, head: bytes, word: str | None) -> None:
    assert extension_mismatch(path, head) == word


def test_only_bytes_of_no_common_kind_cost_the_import_of_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "puremagic", None)
    for _, _, head in HEADS:
        for ending in ENDINGS:
            extension_mismatch(f"a.{ending}", head)
    with pytest.raises(ImportError):
        extension_mismatch("a.png", UNKNOWN)


def test_no_file_is_opened_to_detect_a_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    assert extension_mismatch("a.png", UNKNOWN) == OTHER  # the library is imported, which opens its table

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("opened")

    monkeypatch.setattr(builtins, "open", refuse)
    monkeypatch.setattr(io, "open", refuse)
    for head in (UNKNOWN, b"/etc/passwd", b"PKPKPK", b"import os\n"):
        assert extension_mismatch("a.png", head) == OTHER


OPENINGS = st.sampled_from([head[:12] for _, _, head in HEADS] + [b"RIFF", b"FORM", b"\xef\xbb\xbf<!--", b"ID3"])
HOSTILE = st.binary(max_size=600) | st.builds(lambda *parts: b"".join(parts), OPENINGS, st.binary(max_size=200))
PATHS = st.sampled_from([f"a.{ending}" for ending in ENDINGS]) | st.text(max_size=20)


@settings(max_examples=100)
@given(path=PATHS, head=HOSTILE)
@example(path="a.png", head=b"<!--" * HEAD)
@example(path="a.png", head=b"<?xml" * HEAD)
@example(path="a.png", head=b" " * IMAGE_HEAD)
def test_any_bytes_give_none_or_a_fixed_word(path: str, head: bytes) -> None:
    word = extension_mismatch(path, head)
    assert word is None or word in WORDS
    assert word == extension_mismatch(path, head[:HEAD])


def test_the_files_of_the_documented_sample_agree() -> None:
    with open_archive(str(SAMPLE), password=b"hipchat") as archive:
        files = {member.path: b"".join(member.chunks) for member in archive.members()}
    assert {path for path, data in files.items() if extension_mismatch(path, data[:HEAD])} == set()
