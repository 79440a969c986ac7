"""Images in JSON bodies: base64 of PNG, JPEG or GIF."""

import binascii
from base64 import b64decode
from collections.abc import Mapping

from hcfmt.server.errors import ApiError

_EXTENSIONS: Mapping[bytes, str] = {
    b"\x89PNG\r\n\x1a\n": "png",
    b"\xff\xd8\xff": "jpg",
    b"GIF8": "gif",
}  # by magic bytes


def decode_image(text: str, field: str) -> tuple[str, bytes]:
    """Decode an image from base64 or a data URL; return its extension, without a dot, and its bytes.

    Raises ApiError(400) for anything but a PNG, JPEG or GIF; ``field`` is the name of the body's property.
    """
    try:
        data = b64decode("".join(text.rpartition("base64,")[2].split()), validate=True)
    except (binascii.Error, ValueError):
        data = b""
    for magic, extension in _EXTENSIONS.items():
        if data.startswith(magic):
            return extension, data
    message = f"Field '{field}' must be a PNG, JPEG or GIF image in base64"
    raise ApiError(400, message, field=field, validation="format")
