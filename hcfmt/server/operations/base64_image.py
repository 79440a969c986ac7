"""Pictures that clients send in JSON: in base64, of one of three kinds."""

import binascii
from base64 import b64decode
from collections.abc import Mapping

from hcfmt.server.errors import ApiError

_KINDS: Mapping[bytes, str] = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg", b"GIF8": "gif"}


def decode_image(text: str, field: str) -> tuple[str, bytes]:
    """Return a picture's extension, without a dot, and its bytes; raises ApiError(400) for what is no PNG, JPEG or GIF.

    ``text`` is base64, perhaps as a data URL; ``field`` is the name of what holds it.
    """
    try:
        data = b64decode("".join(text.rpartition("base64,")[2].split()), validate=True)
    except (binascii.Error, ValueError):
        data = b""
    for opening, extension in _KINDS.items():
        if data.startswith(opening):
            return extension, data
    raise ApiError(400, f"Field '{field}' is no PNG, JPEG or GIF image in base64.", field=field, validation="format")
