"""Stored files open as their kind at any size, are the same in every process, and take little memory."""

import csv
import io
import json
import os
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from hcfmt.export.file_signatures import HEAD, extension_mismatch
from hcfmt.generation.files.contents import LEAST, content
from hcfmt.generation.files.filler import CHUNK, even_lengths, filler
from hcfmt.generation.files.subjects import SUBJECTS
from hcfmt.rng import random_for
from tests.support.memory import traced

ROOT = Path(__file__).parents[2]
DIGESTS = """
from hashlib import sha256
from hcfmt.generation.files.avatars import appearance, avatar
from hcfmt.generation.files.contents import LEAST, content
from hcfmt.generation.files.emoticons import emoticon
from hcfmt.generation.files.images import thumbnail
for kind in LEAST:
    print(kind, sha256(b"".join(content(3, ("room", 7), kind, 400_000, "report", 1_520_251_231))).hexdigest())
print(sha256(thumbnail(3, ("room", 7), "jpg", 400_000, "photo_pet")).hexdigest())
looks = appearance("en_US", is_woman=True)
print(sha256(repr([avatar(3, 4, looks), emoticon(3, 4, "gif", 25), emoticon(3, 5, "png", 30)]).encode()).hexdigest())
"""


NOON = 1_520_251_231  # 2018-03-05T12:00:31Z
SUBJECT = {kind: name for name, subject in SUBJECTS.items() for kind in subject.kinds}  # of each kind, one


def file_bytes(kind: str, size: int, *name: int, seed: int = 1) -> bytes:
    return b"".join(content(seed, name, kind, size, SUBJECT[kind], NOON))


def check_image(data: bytes) -> None:
    with Image.open(io.BytesIO(data)) as image:
        image.load()


def check_pdf(data: bytes) -> None:
    """Follow a document's end to its table, and the table to every object."""
    assert data.startswith(b"%PDF-1.4\n")
    end = re.search(rb"startxref\n(\d+)\n%%EOF\n$", data)
    assert end
    table = re.match(rb"xref\n0 (\d+)\n((?:.{19}\n)+)trailer\n", data[int(end[1]) :])
    assert table
    entries = table[2].splitlines()
    assert len(entries) == int(table[1]) == 7
    for number, entry in enumerate(entries[1:], 1):
        assert data.startswith(b"%d 0 obj\n" % number, int(entry[:10]))
    objects = data.partition(b"/Subtype /Image")[0]
    assert {int(number) for number in re.findall(rb"(\d+) 0 R", objects)} < {*range(1, len(entries))}
    for stream in re.finditer(rb"/Length (\d+) *>>\nstream\n", data):
        assert data.startswith(b"\nendstream\nendobj", stream.end() + int(stream[1]))


def check_zip(data: bytes) -> zipfile.ZipFile:
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    for name in archive.namelist():
        CHECKS.get(name.rpartition(".")[2], len)(archive.read(name))
    return archive


def check_docx(data: bytes) -> None:
    archive = check_zip(data)
    assert archive.namelist()[0] == "[Content_Types].xml"
    for name in archive.namelist():
        if name.endswith((".xml", ".rels")):
            ET.fromstring(archive.read(name))  # noqa: S314 - made here
    document = ET.fromstring(archive.read("word/document.xml"))  # noqa: S314 - made here
    (extent,) = document.iter("{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}extent")
    with Image.open(io.BytesIO(archive.read("word/media/image1.jpg"))) as image:
        ratio = int(extent.attrib["cy"]) / int(extent.attrib["cx"])
        assert abs(ratio - image.height / image.width) < 0.03


def check_text(data: bytes) -> None:
    assert data.decode("ascii").endswith("\n")


def check_csv(data: bytes) -> None:
    check_text(data)
    rows = list(csv.reader(io.StringIO(data.decode()), strict=True))
    assert rows[0] == ["time", "city", "goods", "pieces", "price"]
    assert {len(row) for row in rows} == {5}
    assert all(int(row[3]) >= 0 <= float(row[4]) for row in rows[1:])


def check_log(data: bytes) -> None:
    check_text(data)
    stamps = [line.split()[0] for line in data.decode().splitlines()]
    assert all(re.fullmatch(r"201\d-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z", stamp) for stamp in stamps)
    assert stamps == sorted(set(stamps))
    assert stamps[-1] == "2018-03-05T12:00:59.000Z"  # the minute of the message


def check_json(data: bytes) -> None:
    check_text(data)
    events = json.loads(data)
    assert events[-1]["event"] == "end"


CHECKS: Mapping[str, Callable[[bytes], object]] = {
    **dict.fromkeys(["jpg", "png", "gif"], check_image),
    "pdf": check_pdf,
    "docx": check_docx,
    "zip": check_zip,
    "txt": check_text,
    "csv": check_csv,
    "log": check_log,
    "json": check_json,
    "bin": len,
}


def test_every_kind_has_a_check() -> None:
    assert set(CHECKS) == set(LEAST)


@settings(max_examples=80)
@given(st.sampled_from([*LEAST]), st.one_of(st.integers(0, 3_000), st.integers(0, 700_000)), st.integers(0, 5))
def test_a_file_of_any_size_opens_as_its_kind(kind: str, more: int, name: int) -> None:
    size = LEAST[kind] + more
    chunks = list(content(1, (name,), kind, size, SUBJECT[kind], NOON))
    assert max(map(len, chunks)) <= CHUNK
    data = b"".join(chunks)
    assert len(data) == size
    assert extension_mismatch(f"a.{kind}", data[:HEAD]) is None
    CHECKS[kind](data)


@pytest.mark.parametrize("kind", LEAST)
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.slow
def test_every_file_of_the_smallest_size_opens(kind: str, seed: int) -> None:
    for name in range(5):
        data = file_bytes(kind, LEAST[kind], name, seed=seed)
        assert len(data) == LEAST[kind]
        CHECKS[kind](data)


@pytest.mark.parametrize("kind", LEAST)
def test_a_file_follows_from_its_seed_and_name(kind: str) -> None:
    size = LEAST[kind] + 5_000
    assert file_bytes(kind, size, 1) == file_bytes(kind, size, 1)
    assert len({file_bytes(kind, size, 1), file_bytes(kind, size, 2), file_bytes(kind, size, 1, seed=2)}) == 3


@pytest.mark.slow
def test_another_process_writes_the_same_bytes() -> None:
    def printed(**changes: str) -> str:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **changes}
        command = [sys.executable, "-c", DIGESTS]
        return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    output = printed(PYTHONHASHSEED="1", TZ="UTC")
    assert len(output.splitlines()) == len(LEAST) + 2
    assert output == printed(PYTHONHASHSEED="99", TZ="Pacific/Kiritimati", LC_ALL="C")


def test_pillow_is_imported_only_when_an_export_is_generated() -> None:
    code = "import sys, hcfmt, hcfmt.cli, hcfmt.generation.plan; sys.exit('PIL' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    assert subprocess.run([sys.executable, "-c", code], env=environment, cwd=ROOT, check=False).returncode == 0


@pytest.mark.parametrize(
    ("kind", "size"),
    [*((kind, 300_000_000) for kind in ("jpg", "png", "gif", "pdf", "zip", "bin")), ("docx", 50_000_000)]
    + [(kind, 20_000_000) for kind in ("txt", "csv", "log", "json")],
)
@pytest.mark.slow
def test_memory_does_not_grow_with_the_size_of_a_file(kind: str, size: int) -> None:
    file_bytes(kind, 1_000_000, 1)  # draws what is drawn once for all
    with traced() as peak:
        assert sum(map(len, content(1, (1,), kind, size, SUBJECT[kind], NOON))) == size
        assert peak() < 4_000_000


def test_filler_cannot_be_compressed() -> None:
    data = b"".join(filler(random_for(1, "filler", number), CHUNK) for number in range(4))
    assert len(zlib.compress(data)) > len(data)


@given(st.integers(0, 10**4), st.integers(1, 10**3))
def test_lengths_are_even_and_add_up_to_the_total(total: int, longest: int) -> None:
    lengths = list(even_lengths(total, longest))
    assert sum(lengths) == total
    assert not lengths or max(lengths) <= longest
    assert not lengths or max(lengths) - min(lengths) <= 1
