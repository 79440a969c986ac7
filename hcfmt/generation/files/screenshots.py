"""Draws screenshots and screen recordings: a window with a bar chart, still or with a pointer that moves over it."""

from random import Random

from PIL import Image, ImageDraw, ImageFont

_COLOURS = ("#2d6cdf", "#6e56cf", "#168676", "#34496e", "#d65446", "#b06a10")
_TITLES = ("Sign-ups", "Revenue", "Open tickets", "Response time (ms)", "Deployments", "Page views", "Build minutes")
_LEFT, _RIGHT, _TOP, _BOTTOM = 80, 944, 110, 560  # of the chart, in pixels
_BAR, _FRAMES = 72, 12  # pixels from bar to bar; frames of a recording


def screenshot(random: Random) -> Image.Image:
    """Return a window of 1000 by 625 pixels."""
    image = Image.new("RGB", (1000, 625), "#f6f7fa")
    draw, font, colour = ImageDraw.Draw(image), ImageFont.load_default(26), random.choice(_COLOURS)
    draw.rectangle((0, 0, 1000, 60), fill=colour)
    draw.text((_LEFT, 14), random.choice(_TITLES), fill="white", font=font)
    for y in range(_TOP, _BOTTOM, 90):
        draw.line((_LEFT, y, _RIGHT, y), fill="#d8dce4", width=2)
    for left in range(_LEFT, _RIGHT, _BAR):
        draw.rectangle((left + 10, _BOTTOM - random.randrange(60, 430), left + 60, _BOTTOM), fill=colour)
    return image


def recording(random: Random) -> list[Image.Image]:
    """Return the frames of a recording."""
    image = screenshot(random)
    frames = [image.copy() for _ in range(_FRAMES)]
    for number, frame in enumerate(frames):
        ImageDraw.Draw(frame).circle((_LEFT + number * _BAR, 400 - 20 * number), 30, fill="#ffb43c", outline="#38404e")
    return frames
