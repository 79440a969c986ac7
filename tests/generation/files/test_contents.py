"""Stored files: each opens as what it is, at any size, from any process, and is never held as a whole."""

import csv
import io
import json
import os
import re
import subprocess
import sys
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from hcfmt.errors import UsageError
from hcfmt.export.file_signatures import HEAD, extension_mismatch
from hcfmt.generation.files import zip_archive
from hcfmt.generation.files.contents import KINDS, content, kind_of, minimum, sizes
from hcfmt.generation.files.filler import CHUNK, noises, pieces
from hcfmt.rng import random_for
from tests.memory import traced

ROOT = Path(__file__).parents[2]
DIGESTS = """
from hashlib import sha256
from hcfmt.generation.files import zip_archive
from hcfmt.generation.files.contents import KINDS, content
from hcfmt.generation.files.images import avatar, emoticon, thumbnail
for kind in KINDS:
    print(kind, sha256(b"".join(content(3, ("room", 7), kind, 400_000))).hexdigest())
print(sha256(thumbnail(3, ("room", 7), "jpg", 400_000)).hexdigest())
print(sha256(repr([avatar(3, 4), emoticon(3, 4, "gif"), emoticon(3, 5, "png")]).encode()).hexdigest())
"""


def made(kind: str, size: int, *name: int, seed: int = 1) -> bytes:
    return b"".join(content(seed, name, kind, size))


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
    assert len(entries) == int(table[1]) == 10
    for number, entry in enumerate(entries[1:], 1):
        assert data.startswith(b"%d 0 obj\n" % number, int(entry[:10]))
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
    shown = ET.fromstring(archive.read("word/document.xml"))  # noqa: S314 - made here
    (extent,) = shown.iter("{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}extent")
    with Image.open(io.BytesIO(archive.read("word/media/image1.jpg"))) as image:
        ratio = int(extent.attrib["cy"]) / int(extent.attrib["cx"])
        assert abs(ratio - image.height / image.width) < 0.03


def check_text(data: bytes) -> None:
    assert data.decode("ascii").endswith("\n")


def check_csv(data: bytes) -> None:
    check_text(data)
    rows = list(csv.reader(io.StringIO(data.decode()), strict=True))
    assert {len(row) for row in rows} == {8}
    for row in rows[1:]:
        assert abs(int(row[4]) * float(row[5]) - float(row[6])) < 0.01


def check_log(data: bytes) -> None:
    check_text(data)
    stamps = [line.split()[0] for line in data.decode().splitlines()]
    assert all(re.fullmatch(r"201\d-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z", stamp) for stamp in stamps)
    assert stamps == sorted(set(stamps))


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


def test_every_kind_is_checked() -> None:
    assert set(CHECKS) == set(KINDS)


@settings(max_examples=80)
@given(st.sampled_from(KINDS), st.one_of(st.integers(0, 3_000), st.integers(0, 700_000)), st.integers(0, 5))
def test_a_file_of_any_size_opens_as_what_it_is(kind: str, more: int, name: int) -> None:
    size = minimum(kind) + more
    chunks = list(content(1, (name,), kind, size))
    assert max(map(len, chunks)) <= CHUNK
    data = b"".join(chunks)
    assert len(data) == size
    assert extension_mismatch(f"a.{kind}", data[:HEAD]) is None
    CHECKS[kind](data)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_file_of_the_least_size_opens(kind: str, seed: int) -> None:
    for name in range(5):
        data = made(kind, minimum(kind), name, seed=seed)
        assert len(data) == minimum(kind)
        CHECKS[kind](data)


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_follows_from_its_seed_and_name(kind: str) -> None:
    size = minimum(kind) + 5_000
    assert made(kind, size, 1) == made(kind, size, 1)
    assert len({made(kind, size, 1), made(kind, size, 2), made(kind, size, 1, seed=2)}) == 3


def test_another_process_makes_the_same_bytes() -> None:
    def printed(**changes: str) -> str:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **changes}
        command = [sys.executable, "-c", DIGESTS]
        return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    one = printed(PYTHONHASHSEED="1", TZ="UTC")
    assert len(one.splitlines()) == len(KINDS) + 2
    assert one == printed(PYTHONHASHSEED="99", TZ="Pacific/Kiritimati", LC_ALL="C")


def test_pillow_is_imported_only_when_something_is_drawn() -> None:
    code = "import sys, hcfmt.generation.files.contents; sys.exit('PIL' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    assert subprocess.run([sys.executable, "-c", code], env=environment, cwd=ROOT, check=False).returncode == 0


@pytest.mark.parametrize(
    ("kind", "size"),
    [*((kind, 300_000_000) for kind in ("jpg", "png", "gif", "pdf", "zip", "bin")), ("docx", 50_000_000)]
    + [(kind, 20_000_000) for kind in ("txt", "csv", "log", "json")],
)
def test_a_large_file_is_never_held(kind: str, size: int) -> None:
    made(kind, 1_000_000, 1)  # draws what is drawn once for all
    with traced() as peak:
        assert sum(map(len, content(1, (1,), kind, size))) == size
        assert peak() < 4_000_000


def test_what_fills_a_file_cannot_be_compressed() -> None:
    data = b"".join(noises(random_for(1, "noise"), 1_000_000))
    assert len(zlib.compress(data)) > len(data)


@given(st.integers(0, 10**4), st.integers(1, 10**3))
def test_pieces_are_even_and_make_up_the_whole(total: int, most: int) -> None:
    lengths = list(pieces(total, most))
    assert sum(lengths) == total
    assert not lengths or max(lengths) <= most
    assert not lengths or max(lengths) - min(lengths) <= 1


@pytest.mark.parametrize("size", [1_024, 65_536, 300_000])
def test_an_archive_that_is_said_to_be_large_has_offsets_of_64_bits(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_archive, "_WIDE_FROM", 1_000)
    data = made("zip", size, 1)
    assert len(data) == size
    assert b"PK\6\6" in data[-200:]
    check_zip(data)


@settings(max_examples=60)
@given(st.lists(st.sampled_from(KINDS), min_size=1, max_size=60), st.integers(0, 10**12), st.integers())
def test_sizes_make_up_the_total_and_none_is_too_small(kinds: list[str], more: int, seed: int) -> None:
    total = sum(map(minimum, kinds)) + more
    drawn = sizes(random_for(seed, "sizes"), kinds, total)
    assert sum(drawn) == total
    assert all(size >= minimum(kind) for kind, size in zip(kinds, drawn, strict=True))
    assert drawn == sizes(random_for(seed, "sizes"), kinds, total)


def test_no_files_have_no_sizes() -> None:
    assert sizes(random_for(1), [], 0) == []
    assert sizes(random_for(1), [], 1_000) == []


def test_a_total_that_is_too_small_is_refused_with_what_is_needed() -> None:
    with pytest.raises(UsageError, match=str(minimum("pdf") + minimum("zip"))):
        sizes(random_for(1), ["pdf", "zip"], minimum("pdf") + minimum("zip") - 1)


def test_a_few_files_hold_most_of_the_bytes_as_in_a_company() -> None:
    random = random_for(1, "company")
    kinds = [kind_of(random) for _ in range(5_000)]
    drawn = sorted(sizes(random, kinds, 1_000_000_000))
    assert sum(drawn[-500:]) > 0.4 * sum(drawn)
    assert 20_000 < drawn[2_500] < 200_000


def test_most_files_are_pictures_and_every_kind_is_sent() -> None:
    random = random_for(1, "kinds")
    counted = Counter(kind_of(random) for _ in range(5_000))
    assert set(counted) == set(KINDS)
    assert counted["jpg"] + counted["png"] + counted["gif"] > 2_500
