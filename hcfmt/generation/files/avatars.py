"""Draws the avatars of people and custom emoticons: heads and faces of simple shapes."""

import io
from collections.abc import Mapping
from random import Random
from typing import NamedTuple

from PIL import Image, ImageDraw

from hcfmt.rng import random_for

AVATAR_SIZES = {"": 200, "_125": 125, "_36": 36}
"""The width and height in pixels of a stored avatar, by the end of its name before the extension."""

SCALES = {"@4x": 4, "@3x": 3, "@2x": 2, "": 1}
"""The scale of a stored emoticon, by the end of its name before the extension."""

_SKINS = ("#ffe0c4", "#f1c2a0", "#e0ac82", "#be825c", "#8d5a3e", "#603e2e")
_HAIRS = ("#261e1c", "#543828", "#8e5c34", "#d2a462", "#b04c2c", "#a0a0a4")
_DARK_HAIRS = ("#261e1c", "#261e1c", "#382822", "#a0a0a4")
# Skins and hair of most people with the names of a locale or a language; others have any.
_LOOKS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    **dict.fromkeys(("ja", "ko", "th", "vi", "zh"), (_SKINS[:3], _DARK_HAIRS)),
    **dict.fromkeys(("ar", "az", "fa", "he", "tr"), (_SKINS[1:4], _DARK_HAIRS)),
    **dict.fromkeys(
        ("bn", "en_BD", "en_IN", "en_PK", "gu", "hi", "mr", "ne", "or", "si", "ta"), (_SKINS[2:5], _DARK_HAIRS)
    ),
    **dict.fromkeys(("am", "en_KE", "en_NG", "ha", "ig", "sw", "tw", "yo", "zu"), (_SKINS[4:], _DARK_HAIRS)),
    **dict.fromkeys(
        ("cs", "da", "de", "et", "fi", "is", "lt", "lv", "no", "pl", "ru", "sk", "sv", "uk"), (_SKINS[:3], _HAIRS)
    ),
}
_FAIR = 3  # skins, of whose people the hair may have any colour
_BEARDED, _BALD, _SHORT_HAIRED = 0.3, 0.12, 0.25  # shares of men, of men, of women
_CLOTHES = ("#345482", "#c44e46", "#4a8268", "#ecece8", "#3c3e48", "#dea642")
_GROUNDS = ("#f4a261", "#2a9d8f", "#e9c46a", "#e76f51", "#6495d0", "#957dbe", "#78b478", "#d682a0")
_FACES = ("#ffcc33", "#ffcc33", "#ffb43c", "#8cd06e", "#78bef0", "#e86a6a")
_SMILING, _SAD = 0, 180  # degrees by which a mouth is turned
_EDGE = 400  # pixels of a drawing
_RESAMPLING = Image.Resampling.HAMMING


class Appearance(NamedTuple):
    """What a picture shows of a person: a woman or a man, with one of some skins, and one of some hairs."""

    is_woman: bool
    skins: tuple[str, ...]
    hairs: tuple[str, ...]


def appearance(locale: str, *, is_woman: bool) -> Appearance:
    """Return an appearance that fits the names of a locale, such as "de_DE"."""
    skins, hairs = _LOOKS.get(locale) or _LOOKS.get(locale.partition("_")[0], (_SKINS, _HAIRS))
    return Appearance(is_woman, skins, hairs)


def avatar(seed: int, person: int, looks: Appearance) -> dict[str, bytes]:
    """Return a person's avatar as JPEG files, by the keys of ``AVATAR_SIZES``."""
    pictures = _sizes(_drawn(seed, person, looks), AVATAR_SIZES)
    return {suffix: _encoded(picture, "JPEG") for suffix, picture in pictures.items()}


def portrait(seed: int, person: int, looks: Appearance) -> bytes:
    """Return a person's avatar as a PNG file, as Server and Cloud hold it (docs/format.md#dialect-avatar)."""
    return _encoded(_sizes(_drawn(seed, person, looks), AVATAR_SIZES)["_125"], "PNG")


def _drawn(seed: int, person: int, looks: Appearance) -> Image.Image:
    """Return the drawing of a person."""
    random = random_for(seed, "avatar", person)
    ground, skin, width = random.choice(_GROUNDS), random.choice(looks.skins), random.randrange(70, 96)
    hair = random.choice(looks.hairs if skin in _SKINS[:_FAIR] else _DARK_HAIRS)
    image = Image.new("RGB", (_EDGE, _EDGE), ground)
    draw = ImageDraw.Draw(image)
    if looks.is_woman:
        lowest = random.randrange(180, 215) if random.random() < _SHORT_HAIRED else random.randrange(270, 350)
        draw.rounded_rectangle((188 - width, 72, 212 + width, lowest), 90, fill=hair)
    draw.ellipse((60, 300, 340, 560), fill=random.choice(_CLOTHES))
    draw.rectangle((165, 240, 235, 320), fill=skin)
    draw.ellipse((200 - width, 100, 200 + width, 290), fill=skin)
    is_bald = not looks.is_woman and random.random() < _BALD
    if not looks.is_woman and random.random() < _BEARDED:
        draw.chord((200 - width, 120, 200 + width, 296), 15, 165, fill=hair)
    if not is_bald:
        draw.chord((194 - width, 76, 206 + width, 250), 190, 350, fill=hair)
    _face(random, draw, 40, _SMILING)
    return image


def emoticon(seed: int, number: int, extension: str, edge: int) -> dict[str, bytes]:
    """Return an emoticon's "png" or "gif" files, by the keys of ``SCALES``; at scale 1 it is ``edge`` pixels square."""
    random = random_for(seed, "emoticon", number)
    image = Image.new("RGBA", (_EDGE, _EDGE))
    draw = ImageDraw.Draw(image)
    draw.ellipse((4, 4, 396, 396), fill=random.choice(_FACES), outline="#8a5a20", width=14)
    _face(random, draw, 80, random.choice((_SMILING, _SMILING, _SAD)))
    weighted = image.convert("RGBa")  # as resize would do each time: colours weighted by their opacity
    pictures = _sizes(weighted, {suffix: edge * scale for suffix, scale in SCALES.items()})
    return {suffix: _encoded(picture.convert("RGBA"), extension.upper()) for suffix, picture in pictures.items()}


def _face(random: Random, draw: ImageDraw.ImageDraw, unit: int, turn: int) -> None:
    """Draw two eyes and a mouth in the middle, which is turned by so many degrees."""
    tall, mouth = random.randrange(unit // 5, unit // 2), random.randrange(unit)
    for eye in (200 - unit, 200 + unit):
        draw.ellipse((eye - unit // 4, 190 - tall, eye + unit // 4, 190 + tall), fill="#30282a")
    draw.arc((200 - unit, 200 + unit // 3, 200 + unit, 200 + unit + mouth), turn + 15, turn + 165, "#78281e", unit // 6)


def _sizes(drawing: Image.Image, edges: Mapping[str, int]) -> dict[str, Image.Image]:
    """Return a drawing in several sizes, by the keys of ``edges``.

    These are in pixels, half the drawing's at most, and the largest comes first. Each picture is made of the one
    before: to make all of them of the drawing takes twice as long.
    """
    image, sizes = drawing.reduce(2), dict[str, Image.Image]()
    for suffix, edge in edges.items():
        image = image.resize((edge, edge), _RESAMPLING) if edge != image.width else image
        sizes[suffix] = image
    return sizes


def _encoded(image: Image.Image, file_format: str) -> bytes:
    file = io.BytesIO()
    image.save(file, file_format)
    return file.getvalue()
