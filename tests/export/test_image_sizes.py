"""The size of an image is read from its first bytes, or None."""

import struct
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hcfmt.container import open_archive
from hcfmt.export.image_sizes import IMAGE_HEAD, image_size
from tests.support.image_heads import a_jpeg, a_png, a_riff

SAMPLE = Path(__file__).parents[2] / "generated" / "samples" / "documented.tar.gz.aes"
EXIF = (0xE1, 0xFFFF)

# Heads that end with the last byte of the size, and the size.
IMAGES: dict[str, tuple[bytes, tuple[int, int]]] = {
    "png": (a_png(28, 27)[:24], (28, 27)),
    "gif": (b"GIF89a" + struct.pack("<HH", 40000, 27), (40000, 27)),
    "gif of 1987": (b"GIF87a" + struct.pack("<HH", 28, 27), (28, 27)),
    "bmp": (b"BM" + bytes(12) + struct.pack("<Iii", 40, 28, 27), (28, 27)),
    "bmp from the top down": (b"BM" + bytes(12) + struct.pack("<Iii", 124, 28, -27), (28, 27)),
    "bmp of OS/2": (b"BM" + bytes(12) + struct.pack("<IHH", 12, 40000, 27), (40000, 27)),
    "webp": (a_riff(b"WEBPVP8 ") + bytes(7) + b"\x9d\1\x2a" + struct.pack("<HH", 28, 27), (28, 27)),
    "webp to be scaled": (
        a_riff(b"WEBPVP8 ") + bytes(7) + b"\x9d\1\x2a" + struct.pack("<HH", 0x401C, 0xC01B),
        (28, 27),
    ),
    "webp without loss": (
        a_riff(b"WEBPVP8L") + bytes(4) + b"\x2f" + struct.pack("<I", 1 << 28 | 26 << 14 | 27),
        (28, 27),
    ),
    "webp extended": (a_riff(b"WEBPVP8X") + bytes(8) + b"\x9f\x86\x01\x1a\0\0", (100_000, 27)),
    "jpeg": (a_jpeg(28, 27), (28, 27)),
    "jpeg of a file": (a_jpeg(28, 27, (0xE0, 16), (0xDB, 67), (0xC4, 31)), (28, 27)),
    "jpeg progressive": (a_jpeg(28, 27, (0xE0, 16), frame=0xC2), (28, 27)),
    "jpeg arithmetic": (a_jpeg(28, 27, (0xCC, 4), frame=0xC9), (28, 27)),
    "jpeg with filling": (a_jpeg(28, 27, (0xE0, 16)).replace(b"\xff\xc0", b"\xff\xff\xff\xc0"), (28, 27)),
    "jpeg with much before": (a_jpeg(28, 27, EXIF, *[(0xE2, 0xFFFF)] * 2, (0xFE, 2)), (28, 27)),
}


@pytest.mark.parametrize(("head", "size"), IMAGES.values(), ids=IMAGES)
def test_the_size_of_an_image_is_read_from_its_head(head: bytes, size: tuple[int, int]) -> None:
    assert len(head) <= IMAGE_HEAD
    assert image_size(head) == size
    assert image_size(head + bytes(100)) == size


@pytest.mark.parametrize(("head", "_size"), IMAGES.values(), ids=IMAGES)
def test_a_head_that_is_cut_before_the_size_gives_none(head: bytes, _size: tuple[int, int]) -> None:
    cuts = {*range(min(len(head), 100)), *range(max(0, len(head) - 100), len(head))}
    assert {image_size(head[:cut]) for cut in cuts} == {None}


@pytest.mark.parametrize(
    "head",
    [
        a_png(0, 5)[:24],
        a_jpeg(28, 0),
        b"GIF89a" + bytes(4),
        b"BM" + bytes(12) + struct.pack("<Iii", 40, -28, 27),
        b"\x89PNG\r\n\x1a\n\0\0\0\rIDAT" + bytes(8),
        a_jpeg(28, 27, frame=0xDA),
        b"\xff\xd8\xff\xd9" + a_jpeg(28, 27)[2:],
        a_riff(b"WEBPVP8 ") + b"." * 20,
        a_riff(b"WEBPVP8L") + bytes(20),
        a_riff(b"WEBPALPH") + b"." * 20,
        a_riff(b"WAVEVP8X") + b"." * 20,
        b"P6 28 27 255\n" + bytes(20),
        b"<svg width='28' height='27'>",
        b"II*\0" + bytes(20),
    ],
)
def test_bytes_without_a_known_size_give_none(head: bytes) -> None:
    assert image_size(head) is None


OPENINGS = st.sampled_from([head[:12] for head, _ in IMAGES.values()] + [b"RIFF", b"FORM", b"BM", b"ID3"])
HOSTILE = st.binary(max_size=600) | st.builds(lambda *parts: b"".join(parts), OPENINGS, st.binary(max_size=200))


@settings(max_examples=100)
@given(
    head=HOSTILE
    | st.builds(
        lambda image, rest: image[0][:20] + rest, st.sampled_from(list(IMAGES.values())), st.binary(max_size=60)
    )
)
@example(head=b"\xff\xd8\xff" + b"\xff" * IMAGE_HEAD)
@example(head=b"\xff\xd8" + b"\xff\xe0\0\2" * (IMAGE_HEAD >> 2))
@example(head=b"\xff\xd8" + b"\xff\xe0\0\0" * (IMAGE_HEAD >> 2))
@example(head=b"\xff\xd8" + b"\xff\xd0" * (IMAGE_HEAD >> 1))
def test_any_bytes_give_a_size_or_none(head: bytes) -> None:
    size = image_size(head)
    assert size is None or all(0 < side < 1 << 32 for side in size)


def test_the_images_of_the_documented_sample_have_the_documented_sizes() -> None:
    with open_archive(str(SAMPLE), password=b"hipchat") as archive:
        files = {member.path: b"".join(member.chunks) for member in archive.members()}
    sizes = {
        PurePosixPath(path).stem: image_size(data[:IMAGE_HEAD]) for path, data in files.items() if image_size(data)
    }
    emoticon = {
        f"hcdc-1522683674{name}": (side, side) for name, side in (("", 28), ("@2x", 56), ("@3x", 84), ("@4x", 112))
    }
    avatar = {f"PrypXtu4rN8sEFL{name}": (side, side) for name, side in (("_36", 36), ("_125", 125))}
    assert emoticon.items() | avatar.items() <= sizes.items()
    assert len(sizes) == 9
