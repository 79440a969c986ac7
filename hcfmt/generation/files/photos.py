"""Drawn photographs: hills, cities at night, desks from above and walls of notes; needs Pillow."""

import math
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from hcfmt.generation.files.colours import LINEAR, Colour, colours, gradient, likely, mixed

_SKIES = (  # the top, the horizon, the far hills, the near ones
    colours("4278be d6e5f0 a0bacc 264a38"),
    colours("2c3268 faa878 b07a8c 241a38"),
    colours("62588c ffd8aa c49ea4 3a2c3c"),
    colours("78aabe f6eed8 b0c4be 40563e"),
    colours("121c42 6284a6 466080 0a1222"),
)
_DUSKS = (
    colours("10143a 784678 ff966e"),
    colours("080e28 1e3c6e 7896b4"),
    colours("281846 be5064 ffc482"),
)
_DESKS = (
    colours("b08056 8c603c"),
    colours("e4e0d8 c8c4be"),
    colours("604638 422e26"),
    colours("bcc4c8 96a0a8"),
)
_PAPERS = colours("ffe066 ffa096 96d6f0 b0e296 ffc478 d8b4f0")
_FORMATS = ((1200, 800), (1200, 800), (1200, 900), (900, 1200), (1200, 675))


def photo(random: Random, number: int) -> Image.Image:
    """Return a picture of 1200 pixels at its longer side that looks as if a camera had taken it.

    Consecutive numbers show different things.
    """
    width, height = random.choice(_FORMATS)
    image = (_hills, _city, _hills, _desk, _notes)[number % 5](random, width, height)
    return _developed(random, image)


def _developed(random: Random, image: Image.Image) -> Image.Image:
    """Return an image as a lens and film leave it: darker at the corners, a little soft and grainy."""
    width, height = image.size
    corners = Image.radial_gradient("L").point([255 - level * level // 1100 for level in range(256)])
    image = ImageChops.multiply(image, corners.resize((width, height), LINEAR).convert("RGB"))
    grain = Image.frombytes("L", (width, height), random.randbytes(width * height))
    return Image.blend(image, grain.convert("RGB"), 0.06).filter(ImageFilter.SMOOTH)


def _glow(image: Image.Image, x: int, y: int, radius: int, colour: Colour, strength: int = 255) -> None:
    """Let a soft light shine, strongest in its centre."""
    light = Image.radial_gradient("L").point([max(0, 178 - level) ** 2 * strength // 178**2 for level in range(256)])
    image.paste(colour, (x - radius, y - radius), light.resize((2 * radius, 2 * radius), LINEAR))


def _shadow(image: Image.Image, box: tuple[int, int, int, int], depth: int, strength: int = 110) -> None:
    """Darken what lies under a thing, a little further to the right and down."""
    left, top, right, bottom = box
    width, height = right - left + 6 * depth, bottom - top + 6 * depth
    mask = Image.new("L", (width // 4, height // 4))
    ImageDraw.Draw(mask).rectangle(
        (3 * depth // 4, 3 * depth // 4, width // 4 - 3 * depth // 4, height // 4 - 3 * depth // 4), fill=strength
    )
    mask = mask.filter(ImageFilter.GaussianBlur(depth / 4)).resize((width, height), LINEAR)
    image.paste((20, 16, 14), (left - 2 * depth, top - 2 * depth), mask)


def _hills(random: Random, width: int, height: int) -> Image.Image:
    top, horizon, far, near = random.choice(_SKIES)
    image = gradient(width, height, top, mixed(top, horizon, 0.45), horizon, horizon)
    sun_x, sun_y = random.randrange(width // 5, width * 4 // 5), random.randrange(height // 5, height * 2 // 5)
    warm = mixed(horizon, (255, 246, 216), 0.7)
    _glow(image, sun_x, sun_y, width // 3, warm, 200)
    ImageDraw.Draw(image).ellipse(_around(sun_x, sun_y, width // 36), fill=mixed(warm, (255, 255, 255), 0.5))
    _clouds(random, image, mixed(horizon, (255, 255, 255), 0.5))
    draw = ImageDraw.Draw(image)
    layers, shore = random.choice((4, 5, 6)), height * random.choice((0.72, 0.78, 2.0))
    for layer in range(layers):
        share = layer / (layers - 1)
        level = height * (0.46 + 0.3 * share)
        ridge = _ridge(random, width, level, height * (0.13 - 0.05 * share))
        draw.polygon([*ridge, (width, height), (0, height)], fill=mixed(far, near, share))
    if shore < height:
        _lake(image, int(shore))
        draw = ImageDraw.Draw(image)
    for _ in range(random.choice((0, 12, 30))):
        _fir(
            draw,
            random.randrange(width),
            int(height * (0.93 + 0.09 * random.random())),
            height // 7,
            mixed(near, (0, 0, 0), 0.35),
        )
    return image


def _around(x: int, y: int, radius: int) -> tuple[int, int, int, int]:
    return x - radius, y - radius, x + radius, y + radius


def _ridge(random: Random, width: int, level: float, depth: float) -> list[tuple[float, float]]:
    waves = [(depth / 1.6**wave, 1.8**wave * (0.7 + 0.6 * random.random()), 6.3 * random.random()) for wave in range(9)]
    return [
        (x, level - sum(high * math.sin(often * 6.3 * x / width + phase) for high, often, phase in waves) / 2)
        for x in range(0, width + 5, 5)
    ]


def _clouds(random: Random, image: Image.Image, colour: Colour) -> None:
    width, height = image.width // 4, image.height // 4
    mask = Image.new("L", (width, height))
    draw = ImageDraw.Draw(mask)
    for _ in range(random.choice((0, 3, 6))):
        x, y = random.randrange(width), random.randrange(height // 12, height // 3)
        for _ in range(9):
            left, up = (
                x + random.randrange(-width // 8, width // 8),
                y + random.randrange(-height // 50, height // 50 + 1),
            )
            draw.ellipse((left, up, left + width // 8, up + height // 36), fill=130)
    image.paste(colour, (0, 0), mask.filter(ImageFilter.GaussianBlur(height / 50)).resize(image.size, LINEAR))


def _lake(image: Image.Image, shore: int) -> None:
    """Mirror what stands above the shore in the water below it."""
    depth = image.height - shore
    mirror = ImageOps.flip(image.crop((0, shore - depth, image.width, shore)))
    mirror = mirror.resize((image.width // 8, depth)).resize((image.width, depth)).filter(ImageFilter.GaussianBlur(3))
    water = gradient(image.width, depth, (150, 170, 190), (20, 40, 66))
    image.paste(Image.blend(mirror, water, 0.35), (0, shore))


def _fir(draw: ImageDraw.ImageDraw, x: int, y: int, high: int, colour: Colour) -> None:
    for step in range(4):
        half, top = high * (2 + step) // 18, y - high + high * step // 5
        draw.polygon([(x, top), (x - half, top + high * 2 // 5), (x + half, top + high * 2 // 5)], fill=colour)
    draw.rectangle((x - high // 30, y - high // 6, x + high // 30, y + high), fill=colour)


def _city(random: Random, width: int, height: int) -> Image.Image:
    top, middle, horizon = random.choice(_DUSKS)
    image = gradient(width, height, top, middle, horizon, horizon)
    draw = ImageDraw.Draw(image)
    for _ in range(50):
        draw.point(
            (random.randrange(width), random.randrange(height // 3)), fill=mixed(top, (255, 255, 255), random.random())
        )
    moon_x, moon_y = random.randrange(width // 8, width * 7 // 8), random.randrange(height // 9, height // 4)
    _glow(image, moon_x, moon_y, width // 7, (255, 244, 220), 120)
    draw.ellipse(_around(moon_x, moon_y, width // 45), fill=(255, 250, 234))
    for layer in range(3):
        wall = mixed(mixed(middle, horizon, 0.3), (10, 12, 26), 0.35 + 0.3 * layer)
        x = -random.randrange(60)
        while x < width:
            wide = random.randrange(width // 26, width // 11)
            high = int(height * (0.5 - 0.1 * layer) * (0.45 + 0.75 * random.random()))
            _house(random, draw, (x, int(height * 0.84) - high, x + wide, height), wall, lit=0.12 + 0.12 * layer)
            x += wide + random.choice((0, 0, 4, 18))
    _lake(image, int(height * 0.84))
    return image


def _house(random: Random, draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int], wall: Colour, lit: float) -> None:
    left, top, right, bottom = box
    draw.rectangle(box, fill=wall)
    if likely(random, lit):
        draw.line(((left + right) // 2, top - 38, (left + right) // 2, top), fill=wall, width=3)
    light = mixed((255, 206, 120), (255, 240, 200), random.random())
    for y in range(top + 11, bottom, 19):
        for x in range(left + 7, right - 11, 15):
            if likely(random, lit):
                draw.rectangle((x, y, x + 7, y + 9), fill=mixed(wall, light, 0.5 + 0.5 * random.random()))


def _desk(random: Random, width: int, height: int) -> Image.Image:
    light, dark = random.choice(_DESKS)
    grain = Image.frombytes("L", (6, height // 6), random.randbytes(height // 6 * 6)).resize((width, height))
    image = ImageOps.colorize(grain, mixed(light, dark, 0.6), light)
    unit = min(width, height) // 10
    x, y = width // 2 - 3 * unit + random.randrange(-unit, unit), height // 2 - 2 * unit + random.randrange(-unit, unit)
    _laptop(random, image, x, y, unit)
    _mug(
        random,
        image,
        width - random.randrange(unit * 3 // 2, unit * 2),
        random.randrange(unit * 3 // 2, height // 2),
        unit,
    )
    _notebook(random, image, random.randrange(unit // 2, unit), height - random.randrange(4 * unit, 5 * unit), unit)
    return image


def _laptop(random: Random, image: Image.Image, x: int, y: int, unit: int) -> None:
    box = (x, y, x + 6 * unit, y + 4 * unit)
    _shadow(image, box, unit // 4)
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle(box, unit // 4, fill=(198, 202, 208))
    for row in range(4):
        for key in range(12 - row % 2):
            left, top = x + unit // 2 + key * unit * 5 // 12 + row % 2 * unit // 5, y + unit // 3 + row * unit // 2
            draw.rounded_rectangle((left, top, left + unit // 3, top + unit * 2 // 5), 6, fill=(44, 46, 52))
    draw.rounded_rectangle(
        (x + 2 * unit, y + unit * 5 // 2, x + 4 * unit, y + unit * 15 // 4), 10, fill=(178, 182, 190)
    )
    sticker = random.choice(_PAPERS)
    draw.ellipse(_around(x + unit, y + 3 * unit, unit // 3), fill=sticker)


def _mug(random: Random, image: Image.Image, x: int, y: int, unit: int) -> None:
    colour = random.choice(((240, 240, 236), (70, 110, 150), (190, 70, 60), (60, 66, 70)))
    _shadow(image, _around(x, y, unit * 3 // 4), unit // 4)
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle(
        (x, y - unit // 6, x + unit * 5 // 4, y + unit // 6), unit // 8, fill=mixed(colour, (0, 0, 0), 0.15)
    )
    draw.ellipse(_around(x, y, unit * 7 // 8), fill=colour)
    draw.ellipse(_around(x, y, unit * 3 // 4), fill=mixed(colour, (0, 0, 0), 0.3))
    draw.ellipse(_around(x, y, unit * 2 // 3), fill=(74, 44, 28))
    draw.arc(_around(x, y, unit // 2), 200, 290, fill=(130, 90, 62), width=unit // 14)


def _notebook(random: Random, image: Image.Image, x: int, y: int, unit: int) -> None:
    box = (x, y, x + unit * 5 // 2, y + unit * 7 // 2)
    _shadow(image, box, unit // 5)
    draw = ImageDraw.Draw(image)
    draw.rectangle(box, fill=(250, 248, 240))
    for line in range(11):
        top = y + unit * 2 // 5 + line * unit * 2 // 7
        draw.line((x + 10, top, box[2] - 10, top), fill=(190, 206, 226), width=2)
        if line < random.choice((5, 8, 10)):
            _scribble(random, draw, x + unit // 4, top - unit // 10, unit * (1 + random.random()), unit / 12)
    draw.line(
        (box[2] + unit // 3, y, box[2] + unit // 2, y + 3 * unit),
        fill=random.choice(((40, 60, 120), (30, 30, 34))),
        width=unit // 6,
    )


def _scribble(random: Random, draw: ImageDraw.ImageDraw, x: float, y: float, long: float, high: float) -> None:
    """Draw a line of writing that nobody can read."""
    points = [(x + step, y + high * (random.random() * 2 - 1)) for step in range(0, int(long), max(3, int(high * 0.9)))]
    if len(points) > 1:
        draw.line(points, fill=(52, 54, 84), width=max(2, int(high / 3)), joint="curve")


def _notes(random: Random, width: int, height: int) -> Image.Image:
    image = gradient(width, height, (244, 245, 242), (226, 228, 228), (206, 210, 212))
    unit = min(width, height) // 6
    draw = ImageDraw.Draw(image)
    columns = width // (unit * 5 // 4)
    for column in range(columns):
        x = (width - columns * unit * 5 // 4) // 2 + column * unit * 5 // 4
        draw.line((x, unit * 2 // 3, x + unit * random.random(), unit * 2 // 3), fill=(60, 90, 160), width=7)
        _scribble(random, draw, x, unit * 0.45, unit * 0.9, unit / 12)
        paper = random.choice(_PAPERS)
        for row in range(random.randrange(1, max(2, height // (unit * 9 // 8)))):
            _note(
                random,
                image,
                x,
                unit * 9 // 10 + row * unit * 9 // 8,
                unit,
                paper if likely(random, 0.7) else random.choice(_PAPERS),
            )
    return image


def _note(random: Random, image: Image.Image, x: int, y: int, unit: int, paper: Colour) -> None:
    sheet = gradient(unit, unit, paper, mixed(paper, (120, 90, 60), 0.12))
    draw = ImageDraw.Draw(sheet)
    for line in range(random.choice((2, 3, 4))):
        _scribble(
            random, draw, unit * 0.14, unit * (0.24 + 0.18 * line), unit * (0.4 + 0.35 * random.random()), unit / 16
        )
    mask = Image.new("L", (unit, unit), 255)
    angle = random.randrange(-6, 7)
    turned = sheet.rotate(angle, Image.Resampling.BICUBIC, expand=True)
    _shadow(image, (x, y, x + unit, y + unit), unit // 14, 90)
    image.paste(turned, (x, y), mask.rotate(angle, Image.Resampling.BICUBIC, expand=True))
