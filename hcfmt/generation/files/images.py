"""Pictures of an exact size in bytes, and their previews: encoded in as many pixels as fit, then filled up.

What fills them up is data that readers must skip: application data (JPEG, GIF) or a private chunk (PNG).
"""

import io
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from random import Random
from typing import NamedTuple

from PIL import Image, ImageOps

from hcfmt.generation.files.filler import CHUNK, even_lengths, filler
from hcfmt.generation.files.subjects import SUBJECTS
from hcfmt.rng import random_for

LEAST = 4096  # bytes of the smallest file; every drawing at the smallest edge is shorter

_EDGES = {  # pixels of the longer side that a drawing is encoded in
    "jpg": (1000, 600, 300, 200, 100, 48),
    "png": (1000, 600, 300, 200, 100, 48),
    "gif": (400, 200, 100, 48),
}
KINDS = tuple(_EDGES)

_DRAWINGS = 16  # of a subject, for each seed; files share them
_PREVIEW = 200  # pixels
_SPARE = 32  # bytes left to be filled: no filler is shorter than its own frame
_FRAME_TIME = 90  # milliseconds


class Drawing(NamedTuple):
    """An encoded picture, and its width and height in pixels."""

    data: bytes
    width: int
    height: int


def picture(seed: int, name: Sequence[str | int], kind: str, size: int, subject: str) -> Iterator[bytes]:
    """Yield a file of one of ``KINDS`` and exactly ``size`` bytes (``LEAST`` at least), in chunks of ``CHUNK`` at most.

    It shows a subject, one of ``SUBJECTS``. The filler stands behind the width and height, where readers of the first
    bytes find them.
    """
    data = drawing(seed, name, kind, size, subject).data
    position, longest, fill = _FILLERS[kind]
    end, random = position(data), random_for(seed, *name, "filling")
    yield data[:end]
    for length in even_lengths(size - len(data), longest):
        yield fill(random, length)
    yield data[end:]


def thumbnail(seed: int, name: Sequence[str | int], kind: str, size: int, subject: str) -> bytes:
    """Return the preview of ``picture``: of the same kind, at most 200 by 200 pixels."""
    return drawing(seed, name, kind, size, subject, _PREVIEW).data


def drawing(seed: int, name: Sequence[str | int], kind: str, size: int, subject: str, largest: int = 1000) -> Drawing:
    """Return the drawing of ``picture`` without filler, at most ``largest`` pixels wide and high."""
    number = random_for(seed, *name, "drawing").randrange(_DRAWINGS)
    drawings = (_drawing(seed, subject, kind, number, edge) for edge in _EDGES[kind] if edge <= largest)
    return next(drawing for drawing in drawings if len(drawing.data) + _SPARE <= size)


@lru_cache(maxsize=1_024)  # more than all drawings of a seed, in all sizes: they would be made again and again
def _drawing(seed: int, subject: str, kind: str, number: int, edge: int) -> Drawing:
    """Encode a drawing; a GIF at the smallest edge stands still, so that it always fits."""
    frames = [
        ImageOps.contain(frame, (edge, edge), Image.Resampling.HAMMING) for frame in _frames(seed, subject, number)
    ]
    first, file = frames[0], io.BytesIO()
    if kind == "jpg":
        first.save(file, "JPEG", quality=84)
    elif kind == "png":
        first.quantize(64, Image.Quantize.FASTOCTREE).save(file, "PNG")
    else:
        palette = first.quantize(32)
        later = frames[1:] if edge > _EDGES["gif"][-1] else []
        later = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in later]
        palette.save(file, "GIF", save_all=True, append_images=later, duration=_FRAME_TIME, loop=0)
    return Drawing(file.getvalue(), *first.size)


@lru_cache(maxsize=8)
def _frames(seed: int, subject: str, number: int) -> Sequence[Image.Image]:
    return SUBJECTS[subject].draw(random_for(seed, "drawing", subject, number))


def _jpeg_filler(random: Random, length: int) -> bytes:
    """Return application data (ITU-T T.81, B.2.4.6) under a name of its own."""
    return b"\xff\xef" + (length - 2).to_bytes(2, "big") + b"fill\0" + filler(random, length - 9)


def _png_filler(random: Random, length: int) -> bytes:
    """Return a chunk that is ancillary, private and safe to copy (RFC 2083, 3.3)."""
    body = b"fiLl" + filler(random, length - 12)
    return (length - 12).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")


def _gif_filler(random: Random, length: int) -> bytes:
    """Return an application extension (GIF89a, 26): blocks of 255 bytes at most, each after its length."""
    blocks, position = bytearray(filler(random, length - 15)), 0
    for part in even_lengths(len(blocks), 256):
        blocks[position] = part - 1
        position += part
    return b"\x21\xff\x0bFILLING 1.0" + blocks + b"\0"


# Where the filler goes, its longest part in bytes, and the function that makes a part.
_FILLERS: Mapping[str, tuple[Callable[[bytes], int], int, Callable[[Random, int], bytes]]] = {
    "jpg": (lambda data: data.index(b"\xff\xda"), 65_537, _jpeg_filler),  # no table holds 0xFF at this quality
    "png": (lambda data: len(data) - 12, CHUNK, _png_filler),
    "gif": (lambda data: len(data) - 1, CHUNK, _gif_filler),
}
