"""Avatars of people and custom emoticons, drawn anew for everyone from simple shapes; needs Pillow."""

import io
import math
from functools import cache
from random import Random

from PIL import Image, ImageDraw, ImageFont

from hcfmt.generation.files.colours import Colour, colours, gradient, likely, mixed
from hcfmt.rng import random_for

AVATAR_SIZES = {"": 200, "_125": 125, "_36": 36}  # the larger first: each is made of the one before
"""How a stored avatar's name goes on before its extension, and its width and height in pixels."""

SCALES = {"@4x": 4, "@3x": 3, "@2x": 2, "": 1}  # likewise
"""How a stored emoticon's name goes on before its extension, and what its size is multiplied with."""

_SKINS = colours("ffe0c4 f1c2a0 e0ac82 be825c 8d5a3e 603e2e")
_HAIRS = colours("261e1c 543828 8e5c34 d2a462 b04c2c a0a0a4")
_CLOTHES = colours("345482 c44e46 4a8268 ecece8 3c3e48 dea642")
_GROUNDS = colours("f4a261 2a9d8f e9c46a e76f51 6495d0 957dbe 78b478 d682a0")
_DARK, _WHITE, _BLUSH = (48, 40, 42), (255, 255, 255), (232, 96, 96)
_YELLOW, _RED, _GREEN, _BLUE = (255, 204, 51), (226, 60, 68), (60, 174, 92), (58, 124, 220)
_BADGES = ("+1", "LGTM", "WIN", "FYI", "WAT", "BRB", "OMG", "TIL", "DONE", "NOPE", "YAY", "404", "WIP")
_HEIGHTS = (20, 22, 24, 25, 26, 28, 30)


def avatar(seed: int, person: int) -> dict[str, bytes]:
    """Return a person's picture as JPEG files, by the suffixes of ``AVATAR_SIZES``."""
    random = random_for(seed, "avatar", person)
    ground = random.choice(_GROUNDS)
    image = _ground(ground).copy()
    random.choice((_portrait, _portrait, _portrait, _portrait, _pattern, _view))(random, ImageDraw.Draw(image), ground)
    files = {}
    for suffix, size in AVATAR_SIZES.items():
        file, image = io.BytesIO(), image.resize((size, size), Image.Resampling.HAMMING)
        image.save(file, "JPEG", quality=85)
        files[suffix] = file.getvalue()
    return files


@cache
def _ground(colour: Colour) -> Image.Image:
    return gradient(300, 300, mixed(colour, _WHITE, 0.35), colour)


def emoticon(seed: int, number: int, ext: str) -> tuple[int, int, dict[str, bytes]]:
    """Return an emoticon's width and height in pixels, and its "png" or "gif" files by the suffixes of ``SCALES``.

    The files have that size times their scale.
    """
    width, height, image = _emoticon(seed, number)
    files = {}
    for suffix, scale in SCALES.items():
        file, image = io.BytesIO(), image.resize((width * scale, height * scale), Image.Resampling.HAMMING)
        _solid(image, ext).save(file, ext.upper())
        files[suffix] = file.getvalue()
    return width, height, files


def emoticon_size(seed: int, number: int) -> tuple[int, int]:
    """Return an emoticon's width and height in pixels."""
    return _emoticon(seed, number)[:2]


def _emoticon(seed: int, number: int) -> tuple[int, int, Image.Image]:
    """Return an emoticon's width and height, and what is drawn, much larger."""
    random = random_for(seed, "emoticon", number)
    height = random.choice(_HEIGHTS)
    image = random.choice((_smiley, _smiley, _smiley, _smiley, _sign, _badge, _badge))(random)
    return round(height * image.width / image.height), height, image


def _solid(image: Image.Image, ext: str) -> Image.Image:
    """Return an image as a format can show it: where a GIF image is seen through, it is so altogether."""
    if ext == "png":
        return image
    solid = image.copy()
    solid.putalpha(image.getchannel("A").point([0] * 128 + [255] * 128))
    return solid


def _around(x: float, y: float, wide: float, high: float = 0) -> tuple[float, float, float, float]:
    return x - wide, y - (high or wide), x + wide, y + (high or wide)


def _portrait(random: Random, draw: ImageDraw.ImageDraw, _: Colour) -> None:
    """Draw a head and shoulders on 300 by 300 pixels."""
    skin, hair, cloth = random.choice(_SKINS), random.choice(_HAIRS), random.choice(_CLOTHES)
    shade, long, wide = mixed(skin, (120, 60, 40), 0.22), likely(random, 0.4), random.randrange(56, 66)
    if long:
        draw.rounded_rectangle(
            (150 - wide - 18, 84, 150 + wide + 18, 236 + random.randrange(24)), 60, fill=mixed(hair, _DARK, 0.3)
        )
    draw.ellipse(_around(150, 318, 112, 98), fill=cloth)
    draw.rounded_rectangle((126, 180, 174, 246), 22, fill=shade)
    draw.polygon([(118, 226), (182, 226), (150, 262)], fill=random.choice((shade, mixed(cloth, _WHITE, 0.7))))
    draw.ellipse(_around(150 - wide, 148, 12, 16), fill=shade)
    draw.ellipse(_around(150 + wide, 148, 12, 16), fill=shade)
    draw.ellipse(_around(150, 142, wide, 72), fill=skin)
    _hair(random, draw, hair, wide, long=long)
    eye = random.choice(((70, 50, 40), (60, 90, 120), (60, 84, 60)))
    for x, side in ((126, -1), (174, 1)):
        draw.ellipse(_around(x, 142, 7, 8), fill=eye)
        draw.ellipse(_around(x + 2, 139, 2), fill=_WHITE)
        draw.line((x - 12, 124, x + 12, 124 - 2 * side), fill=mixed(hair, _DARK, 0.4), width=5)
        draw.ellipse(_around(x + 14 * side, 168, 10, 7), fill=mixed(skin, _BLUSH, 0.18))
    draw.arc(_around(150, 152, 8, 14), 20, 120, fill=shade, width=4)
    _mouth_and_more(random, draw, skin, hair)


def _hair(random: Random, draw: ImageDraw.ImageDraw, hair: Colour, wide: int, *, long: bool) -> None:
    style = random.randrange(5)
    box = _around(150, 136, wide + 6, 78)
    if style == 0 and not long:
        return
    if style == 1:  # a bun
        draw.ellipse(_around(150, 52, 26), fill=hair)
    if style == 2:  # noqa: PLR2004 - curls
        for step in range(9):
            angle = math.pi * (1 + step / 8)
            draw.ellipse(_around(150 + (wide + 2) * math.cos(angle), 116 + 54 * math.sin(angle), 22), fill=hair)
    draw.chord(box, 196 + random.randrange(8), 338 + random.randrange(8), fill=hair)
    draw.pieslice((150 - wide - 6, 56, 150 + wide + 6, 176), 180, 180 + random.choice((60, 80, 120)), fill=hair)


def _mouth_and_more(random: Random, draw: ImageDraw.ImageDraw, skin: Colour, hair: Colour) -> None:
    lips = mixed(skin, (170, 50, 60), 0.6)
    if likely(random, 0.2):
        draw.chord(_around(150, 172, 44, 44), 20, 160, fill=mixed(hair, _DARK, 0.15))
    if likely(random, 0.5):
        draw.chord(_around(150, 176, 22, 17), 0, 180, fill=_WHITE, outline=lips, width=3)
    else:
        draw.arc(_around(150, 168, 24, 20), 25, 155, fill=lips, width=5)
    if likely(random, 0.3):
        frame = random.choice((_DARK, (120, 60, 40), (70, 90, 130)))
        for x in (126, 174):
            draw.ellipse(_around(x, 142, 20, 18), outline=frame, width=4)
        draw.line((146, 140, 154, 140), fill=frame, width=4)


def _pattern(random: Random, draw: ImageDraw.ImageDraw, ground: Colour) -> None:
    """Draw the mirrored squares of somebody who never chose a picture."""
    draw.rectangle((0, 0, 300, 300), fill=(240, 240, 242))
    for row in range(5):
        for column in range(3):
            if likely(random, 0.55):
                for side in (column, 4 - column):
                    draw.rectangle((30 + 48 * side, 30 + 48 * row, 77 + 48 * side, 77 + 48 * row), fill=ground)


def _view(random: Random, draw: ImageDraw.ImageDraw, ground: Colour) -> None:
    """Draw the sun over the mountains of somebody who would rather show a holiday."""
    x = random.randrange(60, 240)
    draw.ellipse(_around(x, 96, 34), fill=(255, 246, 214))
    for layer in range(3):
        colour, level = mixed(mixed(ground, _WHITE, 0.1), (24, 32, 56), 0.3 + 0.25 * layer), 170 + 42 * layer
        peaks = [(edge * 60 - 30 * (layer % 2), level - random.randrange(12, 64) * (edge % 2)) for edge in range(7)]
        draw.polygon([(-30, 300), (-30, level), *peaks, (330, level), (330, 300)], fill=colour)


def _smiley(random: Random) -> Image.Image:
    image = Image.new("RGBA", (240, 240))
    draw = ImageDraw.Draw(image)
    skin = random.choice((_YELLOW, _YELLOW, _YELLOW, (255, 180, 60), (140, 208, 110), (120, 190, 240)))
    draw.ellipse(_around(120, 120, 116), fill=skin, outline=mixed(skin, (120, 60, 0), 0.45), width=8)
    random.choice((_dots, _arches, _shades, _hearts, _wink))(draw)
    mouth = random.randrange(5)
    if mouth == 0:
        draw.chord(_around(120, 132, 66, 66), 8, 172, fill=(120, 40, 30))
        draw.chord(_around(120, 184, 34, 20), 180, 360, fill=_RED)
    elif mouth == 1:
        draw.arc(_around(120, 126, 62, 58), 20, 160, fill=_DARK, width=13)
    elif mouth == 2:  # noqa: PLR2004 - sad
        draw.arc(_around(120, 206, 54, 46), 205, 335, fill=_DARK, width=13)
    elif mouth == 3:  # noqa: PLR2004 - surprised
        draw.ellipse(_around(120, 176, 24, 30), fill=(120, 40, 30))
    else:
        draw.line((76, 172, 164, 160), fill=_DARK, width=13)
    return image


def _dots(draw: ImageDraw.ImageDraw) -> None:
    for x in (82, 158):
        draw.ellipse(_around(x, 94, 15, 22), fill=_DARK)


def _arches(draw: ImageDraw.ImageDraw) -> None:
    for x in (80, 160):
        draw.arc(_around(x, 104, 26, 28), 190, 350, fill=_DARK, width=13)


def _shades(draw: ImageDraw.ImageDraw) -> None:
    draw.line((20, 78, 220, 78), fill=_DARK, width=12)
    for x in (76, 164):
        draw.chord(_around(x, 76, 42, 44), 0, 180, fill=_DARK)


def _hearts(draw: ImageDraw.ImageDraw) -> None:
    for x in (78, 162):
        _heart(draw, x, 94, 30)


def _wink(draw: ImageDraw.ImageDraw) -> None:
    draw.ellipse(_around(82, 94, 15, 22), fill=_DARK)
    draw.line((136, 96, 186, 90), fill=_DARK, width=13)


def _heart(draw: ImageDraw.ImageDraw, x: float, y: float, size: float) -> None:
    turns = (math.tau * step / 60 for step in range(60))
    draw.polygon(
        [(x + size * math.sin(turn) ** 3,
          y - size * (13 * math.cos(turn) - 5 * math.cos(2 * turn) - 2 * math.cos(3 * turn) - math.cos(4 * turn)) / 16)
         for turn in turns],
        fill=_RED,
    )  # fmt: skip


def _sign(random: Random) -> Image.Image:
    """Draw a heart, a star, a tick, a cross, a cup or a flame."""
    image = Image.new("RGBA", (240, 240))
    draw = ImageDraw.Draw(image)
    random.choice((_big_heart, _star, _tick, _cross, _cup, _flame))(draw)
    return image


def _big_heart(draw: ImageDraw.ImageDraw) -> None:
    _heart(draw, 120, 112, 114)


def _star(draw: ImageDraw.ImageDraw) -> None:
    turns = ((math.pi * step / 5, 118 if step % 2 == 0 else 50) for step in range(10))
    draw.polygon([(120 + far * math.sin(turn), 126 - far * math.cos(turn)) for turn, far in turns], fill=_YELLOW)


def _tick(draw: ImageDraw.ImageDraw) -> None:
    draw.rounded_rectangle((6, 6, 234, 234), 48, fill=_GREEN)
    draw.line([(58, 126), (104, 174), (184, 72)], fill=_WHITE, width=32, joint="curve")


def _cross(draw: ImageDraw.ImageDraw) -> None:
    draw.ellipse((4, 4, 236, 236), fill=_RED)
    draw.line((76, 76, 164, 164), fill=_WHITE, width=32)
    draw.line((164, 76, 76, 164), fill=_WHITE, width=32)


def _cup(draw: ImageDraw.ImageDraw) -> None:
    draw.arc(_around(172, 140, 48, 42), 270, 90, fill=_BLUE, width=20)
    draw.rounded_rectangle((28, 84, 176, 220), 36, fill=_BLUE)
    draw.rectangle((28, 84, 176, 120), fill=_BLUE)
    draw.ellipse(_around(102, 88, 74, 20), fill=(90, 56, 36))
    for x in (74, 102, 130):
        draw.arc(_around(x, 34, 13, 26), 90, 270, fill=(160, 168, 180), width=10)


def _flame(draw: ImageDraw.ImageDraw) -> None:
    for size, colour in ((1.0, (240, 90, 40)), (0.66, (255, 160, 40)), (0.36, (255, 226, 110))):
        draw.ellipse(_around(120, 236 - 72 * size, 78 * size, 72 * size), fill=colour)
        draw.polygon(
            [(120 - 76 * size, 222 - 72 * size), (132, 236 - 230 * size), (120 + 76 * size, 222 - 72 * size)],
            fill=colour,
        )


def _badge(random: Random) -> Image.Image:
    words, colour = random.choice(_BADGES), random.choice((_RED, _GREEN, _BLUE, (130, 84, 190), (240, 140, 40)))
    font = ImageFont.load_default(150)
    width = int(font.getlength(words)) + 90
    image = Image.new("RGBA", (width, 220))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((0, 0, width - 1, 219), 56, fill=colour)
    draw.text((width / 2, 108), words, fill=_WHITE, font=font, anchor="mm", stroke_width=4)
    return image
