"""Draws photographs: hills under the sky, a meal, an office, a pet, a whiteboard."""

from itertools import pairwise
from random import Random

from PIL import Image, ImageDraw, ImageFilter, ImageOps

_LIGHTS = (  # the top of the sky, the horizon, the far hills, the near hills
    ("#4278be", "#d6e5f0", "#a0bacc", "#264a38"),
    ("#2c3268", "#faa878", "#b07a8c", "#241a38"),
    ("#62588c", "#ffd8aa", "#c49ea4", "#3a2c3c"),
    ("#78aabe", "#f6eed8", "#b0c4be", "#40563e"),
    ("#121c42", "#6284a6", "#466080", "#0a1222"),
)
_SIZES = ((1000, 666), (1000, 666), (1000, 750), (750, 1000), (1000, 562))  # pixels
_INDOORS = (1000, 750)  # pixels
_RIDGES, _STEPS = 5, 40
_WOODS = ("#8a5a34", "#a87848", "#5c4030", "#c8a070", "#d8d4cc")
_DISHES = ("#d8502c", "#4c8a3a", "#e8b43c", "#f0e0b0", "#8a4a24", "#b02c3c", "#f4f0e4", "#6e8c34")
_WALLS = ("#e8e4da", "#dce4e8", "#f0ead8", "#d8dcd4")
_FURS = ("#3a302c", "#b8783c", "#d8cab4", "#8c8c90", "#f0e8dc", "#5c4838")
_EYES = ("#d8c040", "#78b048")
_FLOORS = ("#b8906a", "#8c9aa8", "#c8b8a8", "#6a7c5c")
_PENS = ("#24408c", "#b0282c", "#1e6e3c", "#26262a")
_NOTES = ("#fae27a", "#f8b0c0", "#a8dcb4", "#a8cdf0")


def landscape(random: Random) -> Image.Image:
    """Return a photograph of hills under the sky, at one of five times of the day; its longer side has 1000 pixels."""
    width, height = random.choice(_SIZES)
    sky, horizon, far, near = random.choice(_LIGHTS)
    ramp = Image.linear_gradient("L")
    image = ImageOps.colorize(ramp, sky, horizon).resize((width, height))
    draw, distances = ImageDraw.Draw(image), ImageOps.colorize(ramp, far, near)
    draw.circle((random.randrange(width), random.randrange(height // 2)), random.randrange(20, 60), fill="#fff6d6")
    for ridge in range(_RIDGES):
        level, points = height * (4 + ridge) // 9, []
        for step in range(_STEPS + 1):
            level += random.randrange(-20, 21)
            points.append((step * width // _STEPS, level))
        draw.polygon([(0, height), *points, (width, height)], fill=distances.getpixel((0, ridge * 255 // _RIDGES)))
    return image.filter(ImageFilter.SMOOTH_MORE)


def lunch(random: Random) -> Image.Image:
    """Return a photograph of a plate on a table, from above: a meal in pieces, a fork, a glass."""
    image = Image.new("RGB", _INDOORS, random.choice(_WOODS))
    draw = ImageDraw.Draw(image)
    for y in range(0, 750, random.randrange(90, 150)):
        draw.line((0, y, 1000, y), fill="#2c2018", width=3)
    x, y = random.randrange(430, 560), random.randrange(350, 420)
    draw.circle((x + 8, y + 12), 305, fill="#3c2c24")
    draw.circle((x, y), 300, fill="#f8f6f0")
    draw.circle((x, y), 225, fill="#ece8de")
    for _ in range(random.randrange(3, 5)):
        colour, left, top = random.choice(_DISHES), x + random.randrange(-110, 110), y + random.randrange(-110, 110)
        for _ in range(random.randrange(14, 40)):
            at = left + random.randrange(-60, 60), top + random.randrange(-60, 60)
            draw.circle(at, random.randrange(10, 34), fill=colour, outline="#5a4630")
    fork = x - 370
    draw.rectangle((fork, y - 40, fork + 14, y + 260), fill="#c4c8cc")
    for tine in range(4):
        draw.rectangle((fork - 18 + 14 * tine, y - 200, fork - 12 + 14 * tine, y - 70), fill="#c4c8cc")
    draw.rounded_rectangle((fork - 20, y - 90, fork + 34, y - 30), 24, fill="#c4c8cc")
    draw.circle((x + 400, y - 240), 80, fill="#d8ecf4", outline="#8aa4b4", width=6)
    draw.circle((x + 400, y - 240), 58, fill=random.choice(("#d8a43c", "#b8dcec", "#7c2838", "#f09a3c")))
    return image.filter(ImageFilter.SMOOTH_MORE)


def office(random: Random) -> Image.Image:
    """Return a photograph of a desk with a screen and a plant, in front of a window."""
    image = Image.new("RGB", _INDOORS, random.choice(_WALLS))
    draw = ImageDraw.Draw(image)
    left = random.randrange(80, 520)
    view = landscape(random).resize((360, 300))
    image.paste(view, (left, 70))
    draw.rectangle((left - 8, 62, left + 368, 378), outline="#f8f8f6", width=16)
    draw.line((left + 180, 70, left + 180, 370), fill="#f8f8f6", width=12)
    draw.rectangle((0, 560, 1000, 750), fill=random.choice(_WOODS))
    draw.rectangle((0, 548, 1000, 566), fill="#403228")
    screen = random.randrange(120, 560)
    draw.rounded_rectangle((screen, 290, screen + 320, 490), 12, fill="#22262c")
    draw.rectangle((screen + 14, 304, screen + 306, 476), fill="#2c3c50")
    for row in range(8):
        width = random.randrange(40, 240)
        draw.rectangle((screen + 30, 318 + 19 * row, screen + 30 + width, 326 + 19 * row), fill="#8ac4a0")
    draw.polygon([(screen + 130, 490), (screen + 190, 490), (screen + 220, 560), (screen + 100, 560)], fill="#22262c")
    pot = random.choice((60, 820))
    for _ in range(16):
        end = pot + 50 + random.randrange(-80, 80), random.randrange(340, 470)
        draw.line((pot + 50, 500, *end), fill=random.choice(("#2c6e3c", "#4c8c48")), width=14)
    draw.polygon([(pot, 490), (pot + 100, 490), (pot + 84, 570), (pot + 16, 570)], fill="#b0583a")
    draw.rounded_rectangle((470, 510, 520, 572), 8, fill=random.choice(_PENS))
    return image.filter(ImageFilter.SMOOTH)


def pet(random: Random) -> Image.Image:
    """Return a photograph of a cat or a dog."""
    image = Image.new("RGB", _INDOORS, random.choice(_WALLS))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 480, 1000, 750), fill=random.choice(_FLOORS))
    fur, eyes, x = random.choice(_FURS), random.choice(_EYES), random.randrange(400, 600)
    is_cat = random.random() < 0.6  # noqa: PLR2004 - more cats than dogs are photographed
    draw.ellipse((x - 210, 350, x + 210, 800), fill=fur)
    draw.arc((x + 120, 420, x + 380, 700), 260, 90, fill=fur, width=44)
    for side in (-1, 1):
        if is_cat:
            draw.polygon([(x + 40 * side, 160), (x + 150 * side, 60), (x + 160 * side, 250)], fill=fur)
            draw.polygon([(x + 80 * side, 160), (x + 138 * side, 100), (x + 140 * side, 210)], fill="#e0a8a0")
        else:
            ear = sorted((x + 110 * side, x + 200 * side))
            draw.ellipse((ear[0], 150, ear[1], 380), fill="#2c2420")
    draw.ellipse((x - 160, 120, x + 160, 410), fill=fur, outline="#201814", width=3)
    for side in (-1, 1):
        draw.circle((x + 66 * side, 235), 26, fill=eyes if is_cat else "#fafafa")
        draw.ellipse((x + 66 * side - 10, 213, x + 66 * side + 10, 257), fill="#101010")
        for whisker in (-14, 0, 14) if is_cat else ():
            draw.line((x + 40 * side, 322, x + 230 * side, 316 + 2 * whisker), fill="#f8f8f8", width=3)
    draw.polygon([(x - 22, 292), (x + 22, 292), (x, 318)], fill="#c47878" if is_cat else "#181414")
    draw.arc((x - 44, 300, x, 346), 10, 170, fill="#201814", width=5)
    draw.arc((x, 300, x + 44, 346), 10, 170, fill="#201814", width=5)
    return image.filter(ImageFilter.SMOOTH_MORE)


def whiteboard(random: Random) -> Image.Image:
    """Return a photograph of a whiteboard: boxes with arrows between them, lines of writing, notes that stick."""
    image = Image.new("RGB", _INDOORS, "#c4c0b8")
    draw = ImageDraw.Draw(image)
    draw.rectangle((40, 40, 960, 690), fill="#f8faf8", outline="#8c9094", width=12)
    boxes = [(100 + 290 * column, 110 + 200 * row) for row in range(2) for column in range(3)]
    boxes = sorted(random.sample(boxes, random.randrange(3, 6)))
    pen = random.choice(_PENS)
    for (x, y), (next_x, next_y) in pairwise(boxes):
        draw.line((x + 90, y + 50, next_x + 90, next_y + 50), fill=pen, width=5)
        draw.circle((next_x + 10, next_y + 50), 9, fill=pen)
    for x, y in boxes:
        draw.rounded_rectangle((x, y, x + 190, y + 100), 14, fill="#f8faf8", outline=random.choice(_PENS), width=6)
        _writing(random, draw, (x + 24, y + 36), 140, 2)
    _writing(random, draw, (110, 530), 360, 4)
    for number in range(random.randrange(2, 6)):
        x, y = 560 + 90 * (number % 4), 500 + 90 * (number // 4)
        draw.rectangle((x, y, x + 78, y + 78), fill=random.choice(_NOTES))
        _writing(random, draw, (x + 10, y + 22), 56, 2)
    return image.filter(ImageFilter.SMOOTH)


def _writing(random: Random, draw: ImageDraw.ImageDraw, at: tuple[int, int], width: int, lines: int) -> None:
    """Draw lines that look like handwriting from far away."""
    colour = random.choice(_PENS)
    for line in range(lines):
        y = at[1] + 28 * line
        points = [(at[0] + x, y + random.randrange(-5, 6)) for x in range(0, random.randrange(width // 2, width), 7)]
        draw.line(points, fill=colour, width=3)
