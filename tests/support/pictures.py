"""Opens pictures for tests."""

import io

from PIL import Image, ImageStat


def opened(data: bytes) -> Image.Image:
    """Return an image after all of it was read."""
    with Image.open(io.BytesIO(data)) as image:
        image.verify()
    image = Image.open(io.BytesIO(data))
    for frame in range(getattr(image, "n_frames", 1)):
        image.seek(frame)
        image.load()
    image.seek(0)
    return image


def colours(image: Image.Image) -> list[float]:
    """Return the mean colours of sixteen equal parts."""
    small = image.convert("RGB").resize((64, 64), Image.Resampling.BOX)
    parts = (small.crop((x, y, x + 16, y + 16)) for y in range(0, 64, 16) for x in range(0, 64, 16))
    return [mean for part in parts for mean in ImageStat.Stat(part).mean]
