"""Draws screenshots: a chart, an error message, the design of a page; and recordings, in which a pointer moves."""

from random import Random

from PIL import Image, ImageDraw, ImageFont

_COLOURS = ("#2d6cdf", "#6e56cf", "#168676", "#34496e", "#d65446", "#b06a10")
_TITLES = ("Sign-ups", "Revenue", "Open tickets", "Response time (ms)", "Deployments", "Page views", "Build minutes")
_ERRORS = (
    "Something went wrong",
    "502 Bad Gateway",
    "Connection timed out",
    "You do not have access",
    "The import has failed",
    "Your session has expired",
    "Page not found",
    "Disk full",
)
_PAGES = ("Sign in", "Your orders", "Settings", "Welcome back", "Choose a plan", "Invite your team")
_SIZE = (1000, 625)  # pixels
_LEFT, _RIGHT, _TOP, _BOTTOM = 80, 944, 110, 560  # of the chart, in pixels
_BAR, _FRAMES = 72, 12  # pixels from bar to bar; frames of a recording
_GREY, _PALE = "#d8dce4", "#f6f7fa"


def _window(title: str, colour: str) -> Image.Image:
    image = Image.new("RGB", _SIZE, _PALE)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 1000, 60), fill=colour)
    draw.text((_LEFT, 14), title, fill="white", font=ImageFont.load_default(26))
    return image


def chart(random: Random) -> Image.Image:
    """Return a window of 1000 by 625 pixels with a bar chart."""
    colour = random.choice(_COLOURS)
    image = _window(random.choice(_TITLES), colour)
    draw = ImageDraw.Draw(image)
    for y in range(_TOP, _BOTTOM, 90):
        draw.line((_LEFT, y, _RIGHT, y), fill=_GREY, width=2)
    for left in range(_LEFT, _RIGHT, _BAR):
        draw.rectangle((left + 10, _BOTTOM - random.randrange(60, 430), left + 60, _BOTTOM), fill=colour)
    return image


def error(random: Random) -> Image.Image:
    """Return a window of 1000 by 625 pixels with an error message over a page."""
    image = _window(random.choice(_PAGES), random.choice(_COLOURS))
    draw = ImageDraw.Draw(image)
    for row in range(6):
        draw.rectangle((_LEFT, 110 + 80 * row, _LEFT + random.randrange(300, 840), 140 + 80 * row), fill=_GREY)
    draw.rounded_rectangle((226, 196, 790, 446), 14, fill="#9aa0ac")
    draw.rounded_rectangle((220, 190, 780, 440), 14, fill="white", outline="#c0c4cc", width=2)
    draw.circle((290, 270), 34, fill="#d03c34")
    for side in (-1, 1):
        draw.line((290 - 14 * side, 256, 290 + 14 * side, 284), fill="white", width=8)
    draw.text((350, 244), random.choice(_ERRORS), fill="#26282e", font=ImageFont.load_default(32))
    draw.text((350, 296), f"Code {random.randrange(1000, 9999)}", fill="#6c707a", font=ImageFont.load_default(22))
    draw.rounded_rectangle((620, 372, 740, 416), 8, fill="#2d6cdf")
    draw.text((664, 380), "OK", fill="white", font=ImageFont.load_default(24))
    return image


def design(random: Random) -> Image.Image:
    """Return a draft of a page of 1000 by 625 pixels: a heading, a picture, columns of text, a button."""
    colour = random.choice(_COLOURS)
    image = _window(random.choice(_PAGES), colour)
    draw = ImageDraw.Draw(image)
    is_left = random.random() < 0.5  # noqa: PLR2004 - as often as right
    picture, text = (80, 520) if is_left else (520, 80)
    draw.rectangle((picture, 100, picture + 400, 360), fill=_GREY)
    draw.line((picture, 100, picture + 400, 360), fill="#b4bac4", width=2)
    draw.line((picture, 360, picture + 400, 100), fill="#b4bac4", width=2)
    draw.rectangle((text, 110, text + random.randrange(240, 380), 150), fill="#4c525e")
    for row in range(5):
        draw.rectangle((text, 180 + 26 * row, text + random.randrange(260, 400), 190 + 26 * row), fill="#aeb4be")
    draw.rounded_rectangle((text, 322, text + 150, 366), 20, fill=colour)
    columns = random.randrange(2, 5)
    width = 840 // columns
    for column in range(columns):
        left = 80 + column * width
        draw.rounded_rectangle((left, 400, left + width - 20, 580), 10, fill="white", outline=_GREY, width=2)
        draw.circle((left + 40, 440), 20, fill=colour)
        for row in range(3):
            right = left + random.randrange(width // 2, width - 40)
            draw.rectangle((left + 20, 480 + 28 * row, right, 490 + 28 * row), fill=_GREY)
    return image


def recording(random: Random) -> list[Image.Image]:
    """Return the frames of a recording, in which a pointer moves over a chart."""
    image = chart(random)
    frames = [image.copy() for _ in range(_FRAMES)]
    for number, frame in enumerate(frames):
        ImageDraw.Draw(frame).circle((_LEFT + number * _BAR, 400 - 20 * number), 30, fill="#ffb43c", outline="#38404e")
    return frames
