"""Drawn screenshots and small animations: charts, dashboards, editors, boards and diagrams; needs Pillow."""

import math
from collections.abc import Sequence
from itertools import pairwise
from random import Random

from PIL import Image, ImageDraw, ImageFont

from hcfmt.generation.files.colours import Colour, colours, gradient, likely, mixed

FRAMES = 12  # of an animation

_INK, _GREY, _LINE, _WHITE = (38, 44, 56), (122, 130, 144), (224, 228, 234), (255, 255, 255)
_THEMES = (
    colours("2d6cdf ff9933 2eaa78"),
    colours("6e56cf eb5778 28aabe"),
    colours("168676 f4b43c d65446"),
    colours("34496e e67e5c 78b260"),
)
_MEASURES = ("Sign-ups", "Revenue", "Open tickets", "Response time (ms)", "Deployments", "Page views", "Build minutes")
_NAMES = ("Website", "Mobile", "Partners", "North", "South", "Plan", "Actual", "2017", "2018")
_TASKS = (
    "Fix time zones", "Update price list", "New login page", "Order toner", "Write release notes", "Move search",
    "Clean up logs", "Call the printer", "Test the export", "Survey results", "Rename columns", "Book a room",
)  # fmt: skip
_STEPS = ("Browser", "Gateway", "Login", "Orders", "Search", "Queue", "Worker", "Database", "Mailer", "Archive")
_CODE = (
    "def totals(orders):", "    result = {}", "    for order in orders:", "        key = order.region",
    "        result[key] += order.price", "    return result", "", "class Importer:", "    def __init__(self, path):",
    "        self.path = path", "        self.rows = []", "    def run(self):",
    "        with open(self.path) as file:", "            for line in file:",
    "                self.rows.append(line)", "        # the first row names the columns",
    "        return self.rows[1:]", "", "if __name__ == '__main__':", "    print(totals(Importer('orders.csv').run()))",
)  # fmt: skip
_CODE_COLOURS = colours("c678dd 61afef 98c379 e5c07b abb2bf")


def screen(random: Random, number: int) -> Image.Image:
    """Return a picture of 1200 by 750 pixels that looks like a screen; consecutive numbers show different ones."""
    image = Image.new("RGB", (1200, 750), (246, 247, 250))
    theme = random.choice(_THEMES)
    (_chart, _dashboard, _editor, _chart, _board, _diagram)[number % 6](random, image, theme)
    return image


def animation(random: Random, number: int) -> list[Image.Image]:
    """Return the frames of a short animation of 480 by 300 pixels in few colours, which begins where it ends."""
    theme = random.choice(_THEMES)
    motion = (_ball, _growing, _orbit)[number % 3]
    heights = [0.3 + 0.7 * random.random() for _ in range(7)]
    return [motion(theme, heights, frame / FRAMES) for frame in range(FRAMES)]


def text(
    draw: ImageDraw.ImageDraw, at: tuple[float, float], words: str, size: int, fill: Colour, anchor: str = "la"
) -> None:
    """Write words in Pillow's own typeface, ``size`` in pixels; the anchor is Pillow's."""
    draw.text(at, words, fill=fill, font=ImageFont.load_default(size), anchor=anchor)


def _card(draw: ImageDraw.ImageDraw, box: tuple[float, float, float, float]) -> None:
    draw.rounded_rectangle(box, 12, fill=_WHITE, outline=_LINE, width=2)


def _walk(random: Random, count: int) -> list[float]:
    """Return numbers from 0 to 1 of which each is near the one before."""
    value, values = 0.3 + 0.3 * random.random(), []
    for _ in range(count):
        value = min(1.0, max(0.05, value + 0.3 * (random.random() - 0.45)))
        values.append(value)
    return values


def _chart(random: Random, image: Image.Image, theme: Sequence[Colour]) -> None:
    draw = ImageDraw.Draw(image)
    _card(draw, (30, 30, 1170, 720))
    text(draw, (70, 60), random.choice(_MEASURES), 36, _INK)
    text(draw, (70, 108), f"by month, {random.choice((2016, 2017, 2018))}", 22, _GREY)
    top = random.choice((100, 250, 800, 5000))
    for line in range(6):
        y = 620.0 - 88 * line
        draw.line((140, y, 1120, y), fill=_LINE, width=2)
        text(draw, (124, y), f"{top * line // 5:,}", 20, _GREY, "rm")
    series = [_walk(random, 12) for _ in range(random.choice((1, 2, 3)))]
    bars, names = likely(random, 0.5), random.sample(_NAMES, 3)
    for number, (values, colour) in enumerate(zip(series, theme, strict=False)):
        points = [(182 + 80 * month, 620 - 440 * value) for month, value in enumerate(values)]
        wide = 60 // len(series)
        if bars:
            for x, y in points:
                left = x - 30 + wide * number
                draw.rectangle((left, y, left + wide - 4, 620), fill=colour)
        else:
            draw.line(points, fill=colour, width=6, joint="curve")
            for x, y in points:
                draw.ellipse((x - 8, y - 8, x + 8, y + 8), fill=colour, outline=_WHITE, width=3)
        draw.rounded_rectangle((1130 - 170 * (number + 1), 72, 1152 - 170 * (number + 1), 94), 5, fill=colour)
        text(draw, (1162 - 170 * (number + 1), 83), names[number], 20, _INK, "lm")
    for month, name in enumerate("JFMAMJJASOND"):
        text(draw, (182 + 80 * month, 648), name, 22, _GREY, "mm")


def _dashboard(random: Random, image: Image.Image, theme: Sequence[Colour]) -> None:
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 1200, 64), fill=mixed(theme[0], _INK, 0.35))
    text(draw, (30, 32), random.choice(("Operations", "Sales", "Support", "Releases")), 28, _WHITE, "lm")
    text(draw, (1170, 32), "Last 30 days", 20, _LINE, "rm")
    for number, name in enumerate(random.sample(_MEASURES, 4)):
        x = 24 + 292 * number
        _card(draw, (x, 88, x + 276, 268))
        text(draw, (x + 22, 108), name, 21, _GREY)
        text(draw, (x + 22, 140), f"{random.randrange(40, 99_999):,}", 42, _INK)
        change = random.randrange(-19, 40)
        text(draw, (x + 22, 218), f"{change:+} %", 22, (38, 150, 96) if change >= 0 else (214, 69, 65))
        line = [(x + 120 + 13 * step, 250 - 60 * value) for step, value in enumerate(_walk(random, 11))]
        draw.line(line, fill=theme[number % 3], width=4, joint="curve")
    _card(draw, (24, 292, 768, 726))
    text(draw, (48, 312), "Traffic", 24, _INK)
    for values, colour in ((_walk(random, 24), mixed(theme[0], _WHITE, 0.25)), (_walk(random, 24), theme[1])):
        points = [
            (50 + 30 * hour, 690 - 300 * value * (0.8 if colour == theme[1] else 1))
            for hour, value in enumerate(values)
        ]
        draw.polygon([(50, 700), *points, (740, 700)], fill=mixed(colour, _WHITE, 0.55))
        draw.line(points, fill=colour, width=4)
    _card(draw, (792, 292, 1176, 726))
    text(draw, (816, 312), "Share", 24, _INK)
    angle, parts = -90.0, [0.3 + random.random() for _ in range(4)]
    for part, colour, name in zip(parts, (*theme, (190, 198, 210)), random.sample(_NAMES, 4), strict=True):
        turn = 360 * part / sum(parts)
        draw.pieslice((864, 350, 1104, 590), angle, angle + turn, fill=colour)
        row = parts.index(part)
        draw.ellipse((830 + row % 2 * 170, 628 + row // 2 * 42, 848 + row % 2 * 170, 646 + row // 2 * 42), fill=colour)
        text(draw, (858 + row % 2 * 170, 637 + row // 2 * 42), name, 20, _INK, "lm")
        angle += turn
    draw.ellipse((924, 410, 1044, 530), fill=_WHITE)


def _editor(random: Random, image: Image.Image, theme: Sequence[Colour]) -> None:
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 1200, 750), fill=(40, 44, 52))
    draw.rectangle((0, 0, 1200, 48), fill=(30, 33, 40))
    for number, colour in enumerate(((255, 95, 86), (255, 189, 46), (39, 201, 63))):
        draw.ellipse((20 + 32 * number, 14, 40 + 32 * number, 34), fill=colour)
    draw.rectangle((0, 48, 230, 750), fill=(33, 37, 43))
    for row, name in enumerate(
        random.sample(("orders.py", "search.py", "main.py", "README", "tests", "mail.py", "jobs.py"), 6)
    ):
        if row == 1:
            draw.rectangle((0, 72 + 38 * row, 230, 108 + 38 * row), fill=mixed(theme[0], (40, 44, 52), 0.6))
        text(draw, (34, 90 + 38 * row), name, 20, (171, 178, 191), "lm")
    first = random.randrange(len(_CODE))
    for row in range(20):
        line = _CODE[(first + row) % len(_CODE)]
        y = 80 + 33 * row
        text(draw, (270, y), str(row + 1 + first), 19, (92, 99, 112), "rm")
        x = 296.0 + 12 * (len(line) - len(line.lstrip()))
        for number, word in enumerate(line.split()):
            colour = (92, 99, 112) if line.lstrip().startswith("#") else _CODE_COLOURS[(len(word) + number) % 5]
            text(draw, (x, y), word, 21, colour, "lm")
            x += draw.textlength(word + " ", font=ImageFont.load_default(21))


def _board(random: Random, image: Image.Image, theme: Sequence[Colour]) -> None:
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 1200, 70), fill=theme[0])
    text(draw, (30, 35), f"Sprint {random.randrange(3, 60)}", 30, _WHITE, "lm")
    tasks = iter(random.sample(_TASKS, len(_TASKS)))
    for column, name in enumerate(("To do", "In progress", "Review", "Done")):
        x = 24 + 292 * column
        draw.rounded_rectangle((x, 92, x + 276, 730), 12, fill=(232, 236, 242))
        text(draw, (x + 18, 108), name, 23, _INK)
        for row in range(random.choice((1, 2, 3, 3))):
            y = 150 + 138 * row
            _card(draw, (x + 12, y, x + 264, y + 124))
            text(draw, (x + 28, y + 18), next(tasks), 20, _INK)
            colour = random.choice(theme)
            draw.rounded_rectangle(
                (x + 28, y + 78, x + 28 + random.choice((60, 90)), y + 98), 10, fill=mixed(colour, _WHITE, 0.4)
            )
            draw.ellipse((x + 212, y + 72, x + 246, y + 106), fill=random.choice(theme))


def _diagram(random: Random, image: Image.Image, theme: Sequence[Colour]) -> None:
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 1200, 750), fill=_WHITE)
    for x in range(0, 1200, 30):
        for y in range(0, 750, 30):
            draw.point((x, y), fill=(200, 206, 214))
    names, places = iter(random.sample(_STEPS, 9)), []
    for column in range(4):
        rows = random.choice((1, 2, 2)) if 0 < column < 3 else 1  # noqa: PLR2004 - the first column and the last
        places.append([(150 + 300 * column, 750 * (row + 1) // (rows + 1)) for row in range(rows)])
    for here, there in pairwise(places):
        for x, y in here:
            for to_x, to_y in there:
                draw.line(
                    [(x, y), (x + 150, y), (x + 150, to_y), (to_x - 96, to_y)], fill=_GREY, width=4, joint="curve"
                )
                draw.polygon([(to_x - 84, to_y), (to_x - 104, to_y - 11), (to_x - 104, to_y + 11)], fill=_GREY)
    for column, boxes in enumerate(places):
        for x, y in boxes:
            colour = theme[column % 3]
            draw.rounded_rectangle(
                (x - 84, y - 46, x + 84, y + 46), 14, fill=mixed(colour, _WHITE, 0.8), outline=colour, width=4
            )
            text(draw, (x, y), next(names), 24, _INK, "mm")


def _ball(theme: Sequence[Colour], _: Sequence[float], time: float) -> Image.Image:
    image = gradient(480, 300, mixed(theme[2], _WHITE, 0.8)).convert("RGB")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 240, 480, 300), fill=theme[0])
    high = 4 * time * (1 - time)
    flat = max(0, 10 - round(60 * high))
    y, x = 212 - 160 * high, 240
    draw.ellipse((x - 34 - flat + 22 * high, 246, x + 34 + flat - 22 * high, 262), fill=mixed(theme[0], _INK, 0.4))
    draw.ellipse((x - 36 - flat, y - 36 + 2 * flat, x + 36 + flat, y + 36), fill=theme[1])
    draw.ellipse((x - 18, y - 24 + 2 * flat, x - 4, y - 10 + 2 * flat), fill=mixed(theme[1], _WHITE, 0.6))
    return image


def _growing(theme: Sequence[Colour], heights: Sequence[float], time: float) -> Image.Image:
    image = Image.new("RGB", (480, 300), _WHITE)
    draw = ImageDraw.Draw(image)
    draw.line((30, 262, 450, 262), fill=_GREY, width=3)
    for number, height in enumerate(heights):
        grown = min(1.0, max(0.0, 1.6 * abs(math.cos(math.pi * time)) - 0.08 * number))
        left = 44 + 58 * number
        draw.rectangle((left, 260 - 220 * height * grown, left + 42, 260), fill=theme[number % 3])
    return image


def _orbit(theme: Sequence[Colour], heights: Sequence[float], time: float) -> Image.Image:
    image = Image.new("RGB", (480, 300), mixed(theme[0], (10, 12, 24), 0.75))
    draw = ImageDraw.Draw(image)
    for number, height in enumerate(heights[:3]):
        wide, high = 90 + 60 * number, 36 + 34 * number
        draw.ellipse((240 - wide, 150 - high, 240 + wide, 150 + high), outline=mixed(theme[0], _INK, 0.2), width=2)
        angle = 2 * math.pi * (time * (3 - number) + height)
        x, y, radius = 240 + wide * math.cos(angle), 150 + high * math.sin(angle), 9 + 4 * number
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=theme[number])
    draw.ellipse((212, 122, 268, 178), fill=(255, 206, 92))
    return image
