"""Pictures open, have previews, and are filled up in ways that their formats allow."""

import struct
import zlib
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ImageChops

from hcfmt.export.file_signatures import extension_mismatch
from hcfmt.export.image_sizes import IMAGE_HEAD, image_size
from hcfmt.generation.files.images import KINDS, LEAST, drawing, picture, thumbnail
from hcfmt.generation.files.subjects import SUBJECTS
from tests.support.pictures import colours, opened

FORMATS = {"jpg": "JPEG", "png": "PNG", "gif": "GIF"}
SUBJECT = {"jpg": "photo_landscape", "png": "screenshot_chart", "gif": "recording"}
# Documents hold pictures as JPEG.
PICTURES = [
    (name, kind if kind in KINDS else "jpg") for name, subject in SUBJECTS.items() for kind in sorted({*subject.kinds})
]


def file_bytes(kind: str, size: int, *name: int, seed: int = 1, subject: str | None = None) -> bytes:
    return b"".join(picture(seed, name, kind, size, subject or SUBJECT[kind]))


def after_jpeg_segments(data: bytes) -> int:
    """Return where the scan begins, having gone from segment to segment."""
    at = 2
    while data[at + 1] != 0xDA:
        assert data[at] == 0xFF
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return at


def after_png_chunks(data: bytes) -> int:
    """Return where the file ends, having checked every chunk's sum."""
    at = 8
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        body, crc = data[at + 4 : at + 8 + length], data[at + 8 + length : at + 12 + length]
        assert zlib.crc32(body).to_bytes(4, "big") == crc
        assert kind in (b"IHDR", b"PLTE", b"IDAT", b"fiLl", b"IEND")
        at += 12 + length
    return at


def after_gif_extensions(data: bytes, at: int) -> int:
    """Return where the blocks of all extensions from here on end."""
    while data.startswith(b"\x21\xff\x0bFILLING 1.0", at):
        at += 14
        while data[at]:
            at += 1 + data[at]
        at += 1
    return at


@settings(max_examples=40)
@given(st.sampled_from(KINDS), st.integers(LEAST, 400_000), st.integers(0, 8))
def test_a_picture_of_any_size_opens_and_has_that_size(kind: str, size: int, name: int) -> None:
    data = file_bytes(kind, size, name)
    assert len(data) == size
    image = opened(data)
    assert image.format == FORMATS[kind]
    assert image_size(data[:IMAGE_HEAD]) == image.size
    assert extension_mismatch(f"a.{kind}", data) is None


@pytest.mark.parametrize(("subject", "kind"), PICTURES)
@pytest.mark.slow
def test_every_drawing_fits_the_smallest_size(subject: str, kind: str) -> None:
    assert {len(file_bytes(kind, LEAST, name, subject=subject)) for name in range(60)} == {LEAST}


def test_subjects_differ_in_what_they_show() -> None:
    shown = {subject: drawing(1, (1,), "jpg", 300_000, subject).data for subject in SUBJECTS}
    alike = [names for names in combinations(SUBJECTS, 2) if shown[names[0]] == shown[names[1]]]
    assert alike == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_larger_file_shows_the_same_picture_in_more_pixels(kind: str) -> None:
    small, large = opened(file_bytes(kind, LEAST, 3)), opened(file_bytes(kind, 300_000, 3))
    assert small.size[0] < large.size[0]
    assert max(abs(a - b) for a, b in zip(colours(small), colours(large), strict=True)) < 48


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [LEAST, 12_000, 300_000])
@pytest.mark.parametrize("name", range(4))
def test_a_preview_is_small_and_shows_its_picture(kind: str, size: int, name: int) -> None:
    image, preview = opened(file_bytes(kind, size, name)), opened(thumbnail(1, (name,), kind, size, SUBJECT[kind]))
    assert preview.format == FORMATS[kind]
    assert max(preview.size) == min(200, *([200] if max(image.size) > 200 else [max(image.size)]))
    assert max(abs(a - b) for a, b in zip(colours(image), colours(preview), strict=True)) < 12


def test_pictures_of_one_drawing_differ_in_their_filler() -> None:
    files = {file_bytes("jpg", 30_000, name) for name in range(40)}
    assert len(files) == 40
    pixels = {opened(data).tobytes() for data in files}
    assert 5 < len(pixels) < 40


@pytest.mark.parametrize("kind", KINDS)
def test_another_seed_has_other_drawings(kind: str) -> None:
    first, second = (
        {drawing(seed, (name,), kind, 300_000, SUBJECT[kind]).data for name in range(4)} for seed in (1, 2)
    )
    assert not first & second


@pytest.mark.parametrize("size", [LEAST, 70_000, 65_537 * 3 + 100_000, 400_001])
def test_a_jpeg_file_is_filled_with_segments_before_its_scan(size: int) -> None:
    data = file_bytes("jpg", size, 1)
    plain = drawing(1, (1,), "jpg", size, SUBJECT["jpg"]).data
    assert data[after_jpeg_segments(data) :] == plain[after_jpeg_segments(plain) :]


@pytest.mark.parametrize("size", [LEAST, 90_000, 700_000])
def test_a_png_file_is_filled_with_chunks_of_the_right_sum(size: int) -> None:
    assert after_png_chunks(file_bytes("png", size, 1)) == size


def test_a_gif_file_is_filled_with_blocks_of_any_remainder() -> None:
    for size in [*range(LEAST, LEAST + 300), 300_000, 262_144 + 600_000]:
        data = file_bytes("gif", size, 1)
        at = len(drawing(1, (1,), "gif", size, SUBJECT["gif"]).data) - 1
        assert after_gif_extensions(data, at) == size - 1
        assert data.endswith(b";")


def test_a_gif_file_is_an_endless_animation() -> None:
    for name in range(12):
        image = opened(file_bytes("gif", 100_000, name))
        assert 6 <= getattr(image, "n_frames", 1) <= 12  # frames that are alike are shown as one
        assert image.info["loop"] == 0
        first = image.convert("RGB")
        image.seek(4)
        assert ImageChops.difference(first, image.convert("RGB")).getbbox()


def test_a_picture_follows_from_the_seed_and_the_name() -> None:
    assert file_bytes("png", 50_000, 1, 2) == file_bytes("png", 50_000, 1, 2) != file_bytes("png", 50_000, 12)
