"""Simple shapes in a square, which are drawn in any size, and faces of them."""

import io
from collections.abc import Iterable, Iterator
from random import Random
from typing import Any, NamedTuple

from PIL import Image, ImageDraw

UNITS = 400
"""The width and height of the square."""

SMILING, SAD = 0, 180
"""Degrees by which a mouth is turned."""

Box = tuple[int, int, int, int]
"""The left, upper, right and lower edge of a part of the square, in units."""


class Shape(NamedTuple):
    """A shape: a method of ImageDraw, the box, the ink, angles in degrees, and the width of an arc in units.

    The ink is a colour, or a level of grey in a drawing of mode "L".
    """

    form: str
    box: Box
    ink: str | int
    angles: tuple[int, ...] = ()
    width: int = 0


def face(random: Random, unit: int, turn: int, eyes: str | int, mouth: str | int) -> Iterator[Shape]:
    """Yield two eyes and a mouth of some inks in the middle; the eyes are twice ``unit`` apart.

    The mouth is turned by ``turn`` degrees.
    """
    tall, open_ = random.randrange(unit // 5, unit // 2), random.randrange(unit)
    for eye in (200 - unit, 200 + unit):
        yield Shape("ellipse", (eye - unit // 4, 190 - tall, eye + unit // 4, 190 + tall), eyes)
    box = (200 - unit, 200 + unit // 3, 200 + unit, 200 + unit + open_)
    yield Shape("arc", box, mouth, (turn + 15, turn + 165), unit // 6)


def drawing(
    mode: str, edge: int, ground: str | int, shapes: Iterable[Shape], part: Box = (0, 0, UNITS, UNITS)
) -> Image.Image:
    """Return a part of a square of ``edge`` pixels that shows shapes, each above those before it.

    A smaller picture that is made of it has smooth edges.
    """
    left, top, right, bottom = (unit * edge // UNITS for unit in part)
    image = Image.new(mode, (right - left, bottom - top), ground)
    draw = ImageDraw.Draw(image)
    for shape in shapes:
        x0, y0, x1, y1 = (unit * edge // UNITS for unit in shape.box)
        box = (x0 - left, y0 - top, x1 - left, y1 - top)
        getattr(draw, shape.form)(box, *shape.angles, fill=shape.ink, width=shape.width * edge // UNITS)
    return image


def encoded(image: Image.Image, file_format: str, **options: Any) -> bytes:  # noqa: ANN401 - those of Pillow's formats
    """Return the file of a picture in one of Pillow's formats."""
    file = io.BytesIO()
    image.save(file, file_format, **options)
    return file.getvalue()
