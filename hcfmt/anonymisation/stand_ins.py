"""Makes stand-ins for stored files: noise of the same size, which begins as files of the same kind do.

Of an emoticon also the size in pixels stays. Nothing is copied: the first bytes are written from what formats define.
"""

import struct
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import PurePosixPath
from random import Random

from hcfmt.anonymisation.blocks import blocks
from hcfmt.errors import Fault
from hcfmt.export.file_signatures import TEXT_EXTENSIONS, beginnings, extension_mismatch
from hcfmt.export.image_sizes import IMAGE_HEAD, image_size

_LARGEST = 1 << 13  # pixels of an image whose size stays; a larger number may be text that looks like one
_TRIES = 8
_ANY = b"."
_BINARY = bytes(range(256))
_TEXT = bytes((b"abcdefghijklmnopqrstuvwxyz" + b" " * 6 + b"\n")[byte % 33] for byte in range(256))


def stand_in(path: str, size: int, chunks: Iterable[bytes], key: bytes, *, is_emoticon: bool) -> Iterator[bytes]:
    """Yield the stand-in of a file; ``path`` is the one that the file has afterwards.

    Files of equal size and beginning have equal stand-ins. A Fault that ends ``chunks`` is raised behind as many bytes.
    """
    faults = list[Fault]()
    parts = (block for block, _ in blocks(chunks, IMAGE_HEAD, faults))
    head = next(parts)
    random = Random(blake2b(head + size.to_bytes(8, "big"), key=key).digest())  # noqa: S311 - shows nothing of the file
    table = _TEXT if PurePosixPath(path).suffix[1:].lower() in TEXT_EXTENSIONS else _BINARY
    yield _beginning(path, head, random, table, image_size(head) if is_emoticon else None)
    for part in parts:
        yield random.randbytes(len(part)).translate(table)
    if faults:
        raise faults[0]


def _beginning(path: str, head: bytes, random: Random, table: bytes, pixels: tuple[int, int] | None) -> bytes:
    """Return bytes in place of the first ones that have the same kind, and the same size in pixels."""
    kind = extension_mismatch(path, head)
    image = _image_header(head, *pixels) if pixels and max(pixels) <= _LARGEST else b""
    noise = random.randbytes(len(head)).translate(table)
    for opening in (image, *beginnings(path, head)) if head else ():
        replaced = opening if opening == image else _filled(opening, noise)
        replaced = (replaced + noise[len(replaced) :])[: len(head)]
        if extension_mismatch(path, replaced) == kind:
            return replaced
    for _ in range(_TRIES):
        if extension_mismatch(path, noise) == kind:
            break
        noise = random.randbytes(len(head)).translate(table)
    return noise


def _filled(opening: bytes, noise: bytes) -> bytes:
    """Return a signature with noise in place of what may be any byte."""
    return bytes(
        other if byte == ord(_ANY) else byte for byte, other in zip(opening, noise.ljust(len(opening)), strict=False)
    )


def _image_header(head: bytes, width: int, height: int) -> bytes:
    """Return the beginning of an image of the kind of ``head`` and of a size in pixels."""
    if head.startswith(b"\x89PNG"):
        return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height)
    if head.startswith(b"GIF"):
        return b"GIF89a" + struct.pack("<HH", width, height)
    if head.startswith(b"BM"):
        return b"BM" + bytes(12) + struct.pack("<Iii", 40, width, height)
    if head.startswith(b"RIFF"):
        sizes = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
        return b"RIFF" + bytes(4) + b"WEBPVP8X" + bytes(8) + sizes
    return b"\xff\xd8\xff\xc0" + struct.pack(">HBHH", 17, 8, height, width)  # the frame of a JPEG image
