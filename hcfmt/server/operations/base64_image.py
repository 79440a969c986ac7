"""Images in JSON bodies: base64 of PNG, JPEG or GIF."""

import binascii
from base64 import b64decode

from hcfmt.server.errors import ApiError
from hcfmt.server.store.file_names import image_extension


def decode_image(text: str, field: str) -> tuple[str, bytes]:
    """Decode an image from base64 or a data URL; return its extension, without a dot, and its bytes.

    Raises ApiError(400) for anything but a PNG, JPEG or GIF; ``field`` is the name of the body's property.
    """
    try:
        data = b64decode("".join(text.rpartition("base64,")[2].split()), validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if extension := image_extension(data):
        return extension, data
    message = f"Field '{field}' must be a PNG, JPEG or GIF image in base64"
    raise ApiError(400, message, field=field, validation="format")
