"""Draws photographs: hills under the sky, at five times of the day."""

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
_RIDGES, _STEPS = 5, 40


def photo(random: Random) -> Image.Image:
    """Return a photograph whose longer side has 1000 pixels."""
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
