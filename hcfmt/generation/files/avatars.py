"""Draws the avatars of people: heads of simple shapes."""

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import NamedTuple

from PIL import Image

from hcfmt.generation.files.shapes import SMILING, UNITS, Shape, drawing, encoded, face
from hcfmt.rng import random_for

AVATAR_SIZES = {"": 200, "_125": 125, "_36": 36}
"""The width and height in pixels of a stored avatar, by the end of its name before the extension."""

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
_EYES, _MOUTH = "#30282a", "#78281e"
_LARGE = AVATAR_SIZES[""]
_PERSON = (60, 72, 340, UNITS)  # the part of the square in which a person is
# Pixels of the drawing of smaller avatars: seven for each of the smallest; two for each of the others, in a part of it.
_SMALL, _INSIDE = 252, (1, 1, 251, 251)


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
    ground, shapes = _person(seed, person, looks)
    small = _small(ground, shapes)
    pictures = {"": _large(ground, shapes), "_125": small.reduce(2, _INSIDE), "_36": small.reduce(7)}
    return {suffix: encoded(picture, "JPEG") for suffix, picture in pictures.items()}


def portrait(seed: int, person: int, looks: Appearance) -> bytes:
    """Return a person's avatar as a PNG file, as Server and Cloud hold it (docs/format.md#dialect-avatar)."""
    return encoded(_small(*_person(seed, person, looks)).reduce(2, _INSIDE), "PNG")


def _large(ground: str, shapes: Sequence[Shape]) -> Image.Image:
    """Return the largest picture of a person, of which only the part that is more than ground is drawn large."""
    image = Image.new("RGB", (_LARGE, _LARGE), ground)
    drawn = drawing("RGB", 2 * _LARGE, ground, shapes, _PERSON).reduce(2)
    image.paste(drawn, (_PERSON[0] * _LARGE // UNITS, _PERSON[1] * _LARGE // UNITS))
    return image


def _small(ground: str, shapes: Sequence[Shape]) -> Image.Image:
    """Return the drawing of the smaller pictures of a person."""
    return drawing("RGB", _SMALL, ground, shapes)


def _person(seed: int, person: int, looks: Appearance) -> tuple[str, list[Shape]]:
    """Return the colour of the ground behind a person, and the person's shapes."""
    random = random_for(seed, "avatar", person)
    ground, skin, width = random.choice(_GROUNDS), random.choice(looks.skins), random.randrange(70, 96)
    hair = random.choice(looks.hairs if skin in _SKINS[:_FAIR] else _DARK_HAIRS)
    left, right = 200 - width, 200 + width
    shapes = [*_long_hair(random, left - 12, right + 12, hair)] if looks.is_woman else []
    shapes += [
        Shape("ellipse", (60, 300, 340, 560), random.choice(_CLOTHES)),
        Shape("rectangle", (165, 240, 235, 320), skin),
        Shape("ellipse", (left, 100, right, 290), skin),
    ]
    is_bald = not looks.is_woman and random.random() < _BALD
    if not looks.is_woman and random.random() < _BEARDED:
        shapes.append(Shape("chord", (left, 120, right, 296), hair, (15, 165)))
    if not is_bald:
        shapes.append(Shape("chord", (left - 6, 76, right + 6, 250), hair, (190, 350)))
    return ground, [*shapes, *face(random, 40, SMILING, _EYES, _MOUTH)]


def _long_hair(random: Random, left: int, right: int, hair: str) -> Iterator[Shape]:
    """Yield the shapes of hair behind a head, short or long: it is round above and below."""
    if random.random() < _SHORT_HAIRED:
        yield Shape("ellipse", (left, 72, right, random.randrange(230, 265)), hair)
        return
    lowest = random.randrange(270, 350)
    yield Shape("ellipse", (left, 72, right, 252), hair)
    yield Shape("rectangle", (left, 162, right, lowest - 70), hair)
    yield Shape("ellipse", (left, lowest - 140, right, lowest), hair)
