"""Stand-ins of stored files: of the same size and kind, and with nothing of the file."""

import io
from collections.abc import Iterator

import pytest
from PIL import Image

from hcfmt.anonymisation.stand_ins import stand_in
from hcfmt.container.tar import cut_fault
from hcfmt.errors import Fault
from hcfmt.export import file_signatures
from hcfmt.export.file_signatures import EXTENSIONS, extension_mismatch
from hcfmt.export.image_sizes import image_size

SECRET = b"Zaphod Beeblebrox"
BEGINNINGS = {
    "nothing": b"",
    "a byte": b"x",
    "text": b"a text\n",
    "HTML": b"<!DOCTYPE html>\n<html>",
    "zeros": bytes(100),
    "a rare signature": b"Obj\x01",
    "Java": b"\xca\xfe\xba\xbe",
    **{
        f"{name} {number}": opening.replace(b".", b"a")
        for name, _, openings in file_signatures._KINDS  # noqa: SLF001 - the table
        for number, opening in enumerate(openings)
    },
}


def made(path: str, data: bytes, *, is_emoticon: bool = False, size: int = 1 << 20) -> bytes:
    chunks = [data[start : start + size] for start in range(0, len(data), size)]
    return b"".join(stand_in(path, len(data), chunks, b"a key", is_emoticon=is_emoticon))


@pytest.mark.parametrize("beginning", BEGINNINGS.values(), ids=BEGINNINGS)
def test_a_stand_in_is_of_the_same_kind_under_any_extension(beginning: bytes) -> None:
    data = beginning + SECRET * 10 if len(beginning) > 1 else beginning
    for extension in [*sorted(EXTENSIONS), "customer"]:
        path = f"rooms/1/files/x/a.{extension}"
        found = made(path, data)
        assert len(found) == len(data)
        assert extension_mismatch(path, found) == extension_mismatch(path, data), extension
        assert SECRET not in found


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "WEBP"])
def test_an_emoticon_keeps_its_size_in_pixels(kind: str) -> None:
    file = io.BytesIO()
    Image.new("RGB", (30, 20), "red").save(file, kind)
    found = made(f"emoticons/a.{kind.lower()}", file.getvalue(), is_emoticon=True)
    assert image_size(found) == (30, 20)
    assert len(found) == len(file.getvalue())


def test_text_that_looks_like_an_image_is_not_kept() -> None:
    assert SECRET[:8] not in made("emoticons/a.bmp", b"BM" + SECRET * 5, is_emoticon=True)


def test_equal_files_have_equal_stand_ins() -> None:
    data = SECRET * 1_000
    assert made("a/x.pdf", data) == made("b/y.pdf", data, size=100)
    assert made("a/x.pdf", data) != made("a/x.pdf", data[:-1] + b"!!")


def test_a_text_file_becomes_a_text_file() -> None:
    assert made("a/x.txt", SECRET * 1_000).isascii()


def test_a_fault_comes_behind_as_many_bytes() -> None:
    def chunks() -> Iterator[bytes]:
        yield SECRET
        raise cut_fault("a payload", 5)

    found: list[bytes] = []
    with pytest.raises(Fault):
        found.extend(stand_in("a.txt", 100, chunks(), b"a key", is_emoticon=False))
    assert len(b"".join(found)) == len(SECRET)
