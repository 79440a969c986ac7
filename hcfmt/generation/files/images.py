"""Pictures of an exact size, and their previews: drawn once for a seed, then filled up with what readers pass over."""

import io
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING

from hcfmt.generation.files.filler import CHUNK, noise, pieces
from hcfmt.rng import random_for

if TYPE_CHECKING:
    from PIL import Image

LEAST = 4096  # bytes of the smallest; any drawing at the smallest edge takes less

_DRAWINGS = {"jpg": 16, "png": 16, "gif": 6}  # of one seed; files share them, but for what fills them up
_EDGES = {  # pixels of the longer side that a drawing is kept in
    "jpg": (1000, 600, 300, 200, 100, 48),
    "png": (1000, 600, 300, 200, 100, 48),
    "gif": (400, 200, 100, 48),
}
KINDS = tuple(_EDGES)
_PREVIEW = 200  # pixels
_SPARE = 32  # bytes that must be left to be filled: no filling is shorter than its own frame
_FRAME_TIME = 90  # milliseconds


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture as it is encoded: its file, and its size in pixels."""

    data: bytes
    width: int
    height: int


def picture(seed: int, name: Sequence[str | int], kind: str, size: int) -> Iterator[bytes]:
    """Yield a "jpg", "png" or "gif" of exactly so many bytes (``LEAST`` at least), in chunks of ``CHUNK`` at most.

    It is the largest of a drawing that fits. The rest is application data (JPEG: APP15, GIF: an application extension)
    or a private chunk (PNG), which readers must pass over; it stands behind the size in pixels.
    """
    data = drawing(seed, name, kind, size).data
    at, most, fill = _FILLINGS[kind]
    end = at(data)
    random = random_for(seed, *name, "filling")
    yield data[:end]
    for length in pieces(size - len(data), most):
        yield fill(random, length)
    yield data[end:]


def thumbnail(seed: int, name: Sequence[str | int], kind: str, size: int) -> bytes:
    """Return a preview of what ``picture`` makes of the same: of the same kind, at most 200 by 200 pixels."""
    drawings = _fitting(seed, name, kind, size)
    return next(one.data for one in drawings if max(one.width, one.height) <= _PREVIEW)


def avatar(seed: int, person: int) -> dict[str, bytes]:
    """Return a person's picture as JPEG files by the suffix of their names: "" (200 pixels square), "_125", "_36"."""
    from hcfmt.generation.files import avatars  # noqa: PLC0415 - Pillow is an extra, and slow to import

    return avatars.avatar(seed, person)


def emoticon(seed: int, number: int, ext: str) -> tuple[int, int, dict[str, bytes]]:
    """Return an emoticon's width and height in pixels and its "png" or "gif" files: "", "@2x", "@3x", "@4x"."""
    from hcfmt.generation.files import avatars  # noqa: PLC0415 - as above

    return avatars.emoticon(seed, number, ext)


def emoticon_size(seed: int, number: int) -> tuple[int, int]:
    """Return the width and height that ``emoticon`` gives an emoticon."""
    from hcfmt.generation.files import avatars  # noqa: PLC0415 - as above

    return avatars.emoticon_size(seed, number)


def drawing(seed: int, name: Sequence[str | int], kind: str, size: int) -> Drawing:
    """Return what ``picture`` makes of the same, before it is filled up."""
    return _fitting(seed, name, kind, size)[0]


def _fitting(seed: int, name: Sequence[str | int], kind: str, size: int) -> list[Drawing]:
    """Return a file's drawing in all edges that leave room to be filled, the largest first."""
    drawings = _drawings(seed, kind, random_for(seed, *name, "drawing").randrange(_DRAWINGS[kind]))
    return [one for one in drawings if len(one.data) + _SPARE <= size]


@lru_cache(maxsize=sum(_DRAWINGS.values()))
def _drawings(seed: int, kind: str, number: int) -> tuple[Drawing, ...]:
    """Draw a picture and encode it for every edge."""
    from hcfmt.generation.files import photos, screenshots  # noqa: PLC0415 - as above

    random = random_for(seed, "drawing", kind, number)
    if kind == "gif":
        frames = screenshots.animation(random, number)
    else:
        frames = [photos.photo(random, number) if kind == "jpg" else screenshots.screen(random, number)]
    drawings = []
    for edge in _EDGES[kind]:
        frames = [_resized(frame, edge) for frame in frames]
        drawings.append(_encoded(frames, kind, smallest=edge == _EDGES[kind][-1]))
    return tuple(drawings)


def _encoded(frames: Sequence["Image.Image"], kind: str, *, smallest: bool) -> Drawing:
    """Encode a picture or an animation; the smallest stands still and has few colours, so that it always fits."""
    from PIL import Image  # noqa: PLC0415 - as above

    first, file = frames[0], io.BytesIO()
    if kind == "jpg":
        first.save(file, "JPEG", quality=84)
    elif kind == "png":
        (first.quantize(16) if smallest else first).save(file, "PNG")
    else:
        palette = first.quantize(64)  # an animation begins with all its colours
        shown = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
        shown = [palette] if smallest else shown
        shown[0].save(file, "GIF", save_all=True, append_images=shown[1:], duration=_FRAME_TIME, loop=0)
    return Drawing(file.getvalue(), *first.size)


def _resized(image: "Image.Image", edge: int) -> "Image.Image":
    from PIL import Image  # noqa: PLC0415 - as above

    longer = max(image.size)
    size = image.width * edge // longer, image.height * edge // longer
    return image.resize(size, Image.Resampling.HAMMING)


def _jpeg_filling(random: Random, length: int) -> bytes:
    """Return application data (ITU-T T.81, B.2.4.6) of a name of their own."""
    return b"\xff\xef" + (length - 2).to_bytes(2, "big") + b"fill\0" + noise(random, length - 9)


def _png_filling(random: Random, length: int) -> bytes:
    """Return a chunk that is ancillary, private and safe to copy (RFC 2083, 3.3)."""
    body = b"fiLl" + noise(random, length - 12)
    return (length - 12).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")


def _gif_filling(random: Random, length: int) -> bytes:
    """Return an application extension (GIF89a, 26): blocks of 255 bytes at most, each after its length."""
    blocks = bytearray(noise(random, length - 15))
    last = (len(blocks) - 1) // 256 * 256
    blocks[::256] = b"\xff" * (last // 256 + 1)
    blocks[last] = len(blocks) - last - 1
    if not blocks[last]:  # an empty block would end the extension, so the last two share their bytes
        blocks[last - 256], blocks[last - 2] = 253, 2
    return b"\x21\xff\x0bFILLING 1.0" + blocks + b"\0"


def _before_scan(data: bytes) -> int:
    return data.index(b"\xff\xda")  # tables hold no 0xFF at this quality, so this is the marker


_Filling = tuple[Callable[[bytes], int], int, Callable[[Random, int], bytes]]
_FILLINGS: Mapping[str, _Filling] = {  # where it goes, its longest piece in bytes, how it is made
    "jpg": (_before_scan, 65_537, _jpeg_filling),
    "png": (lambda data: len(data) - 12, CHUNK, _png_filling),
    "gif": (lambda data: len(data) - 1, CHUNK, _gif_filling),
}
