"""What drawings are made of: colours, mixed, in a row and in a flow; needs Pillow."""

from random import Random

from PIL import Image

Colour = tuple[int, int, int]
"""Red, green and blue, from 0 to 255."""

LINEAR = Image.Resampling.BILINEAR


def colours(text: str) -> tuple[Colour, ...]:
    """Return colours of six hexadecimal digits each, as style sheets write them."""
    return tuple((value >> 16, value >> 8 & 255, value & 255) for value in (int(word, 16) for word in text.split()))


def likely(random: Random, share: float) -> bool:
    """Return True in so many of all cases, from 0 to 1."""
    return random.random() < share


def gradient(width: int, height: int, *colours: Colour) -> Image.Image:
    """Return an area that goes from the first colour at the top to the last one at the bottom."""
    column = Image.new("RGB", (1, len(colours)))
    for y, colour in enumerate(colours):
        column.putpixel((0, y), colour)
    return column.resize((width, height), LINEAR)


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """Return the colour between two others that has so much of the other one, from 0 to 1."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue
