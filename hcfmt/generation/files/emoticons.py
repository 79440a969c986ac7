"""Draws custom emoticons: round faces.

They are drawn in levels of grey, which take a quarter of the time of colours, and which a palette colours: the ground,
the line around the face, the face, its eyes and mouth. Only neighbours of these touch, so that a level between two of
them is a smooth edge.
"""

from functools import cache

from PIL import Image, ImageColor

from hcfmt.generation.files.shapes import SAD, SMILING, Shape, drawing, encoded, face
from hcfmt.rng import random_for

SCALES = {"@4x": 4, "@3x": 3, "@2x": 2, "": 1}
"""The scale of a stored emoticon, by the end of its name before the extension."""

_FACES = ("#ffcc33", "#ffcc33", "#ffb43c", "#8cd06e", "#78bef0", "#e86a6a")
_LINE, _EYES_AND_MOUTH = "#8a5a20", "#30282a"
_STEP = 21  # levels from each of the four to the next
_ON_GROUND, _ON_LINE, _ON_FACE, _ON_TOP = range(0, 4 * _STEP, _STEP)
_DRAWN = 12  # pixels of a drawing for a pixel at scale 1; a multiple of all scales
_COMPRESSION = 3  # of zlib; takes half the time of the default, for an eighth more bytes
# The levels of a GIF, in which a pixel is seen through or not.
_OF_GIF = [*[_ON_GROUND] * -(-_STEP // 2), *[_ON_LINE] * (_STEP // 2), *range(_ON_LINE, 256)]


def emoticon(seed: int, number: int, extension: str, edge: int) -> dict[str, bytes]:
    """Return an emoticon's "png" or "gif" files, by the keys of ``SCALES``; at scale 1 it is ``edge`` pixels square."""
    random = random_for(seed, "emoticon", number)
    colour = random.choice(_FACES)
    shapes = [
        Shape("ellipse", (4, 4, 396, 396), _ON_LINE),
        Shape("ellipse", (18, 18, 382, 382), _ON_FACE),
        *face(random, 80, random.choice((SMILING, SMILING, SAD)), _ON_TOP, _ON_TOP),
    ]
    drawn = drawing("L", _DRAWN * edge, _ON_GROUND, shapes)
    return {suffix: _file(drawn.reduce(_DRAWN // scale), colour, extension) for suffix, scale in SCALES.items()}


def _file(levels: Image.Image, colour: str, extension: str) -> bytes:
    """Return the file of a picture in levels of grey, of a face with a colour."""
    palette, opacities = _palette(colour)
    if extension == "gif":
        levels = levels.point(_OF_GIF)
        levels.putpalette(palette)
        return encoded(levels, "GIF", transparency=_ON_GROUND, optimize=False)
    levels.putpalette(palette)
    return encoded(levels, "PNG", transparency=opacities, compress_level=_COMPRESSION)


@cache
def _palette(colour: str) -> tuple[bytes, bytes]:
    """Return the colours of the levels of grey, three bytes each, and their opacities."""
    line, middle, top = (ImageColor.getrgb(name) for name in (_LINE, colour, _EYES_AND_MOUTH))
    parts = [*line * _STEP]
    for low, high in ((line, middle), (middle, top)):
        for level in range(_STEP):
            parts += [(a * (_STEP - level) + b * level) // _STEP for a, b in zip(low, high, strict=True)]
    return bytes([*parts, *top]), bytes(min(255, 255 * level // _STEP) for level in range(_ON_TOP + 1))
