"""Reads the size in pixels of an image from its first bytes."""

import re
import struct

IMAGE_HEAD = 1 << 18  # bytes; a JPEG image may hold a preview and a colour profile before its size


def image_size(head: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels of a PNG, JPEG, GIF, BMP or WebP image from its first ``IMAGE_HEAD`` bytes.

    An EXIF rotation is not applied. None where the bytes are of another kind, end before the size, or give 0.
    """
    for start, measure in _MEASURES:
        if re.match(start, head, re.DOTALL):
            try:
                width, height = measure(head)
            except (struct.error, ValueError):
                return None
            return (width, height) if width > 0 < height else None
    return None


def _png(head: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from(">II", head, 16)
    return width, height


def _gif(head: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from("<HH", head, 6)
    return width, height


def _bmp(head: bytes) -> tuple[int, int]:
    """Read the header at byte 14, which begins with its length; rows from the top down have a negative height."""
    (length,) = struct.unpack_from("<I", head, 14)
    width, height = struct.unpack_from("<HH" if length == 12 else "<ii", head, 18)  # noqa: PLR2004 - OS/2's header
    return width, abs(height)


def _webp(head: bytes) -> tuple[int, int]:
    """Read the first chunk of RFC 9649: the extended header, a lossless image, or a key frame of RFC 6386."""
    kind = head[12:16]
    if kind == b"VP8X":
        (sizes,) = struct.unpack_from("6s", head, 24)
        return int.from_bytes(sizes[:3], "little") + 1, int.from_bytes(sizes[3:], "little") + 1
    if kind == b"VP8L" and head[20:21] == b"\x2f":
        (bits,) = struct.unpack_from("<I", head, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and head[23:26] == b"\x9d\1\x2a":
        width, height = struct.unpack_from("<HH", head, 26)
        return width & 0x3FFF, height & 0x3FFF  # the upper two bits are the scaling
    raise ValueError("The image is of an unknown kind.")


_SEGMENT = re.compile(rb"\xff++([\xc0-\xcf\xdb-\xfe])(..)", re.DOTALL)
_NO_FRAME = b"\xc4\xc8\xcc"  # tables among the markers of frames


def _jpeg(head: bytes) -> tuple[int, int]:
    """Walk the segments to the frame's header, whatever its coding (ITU-T T.81, B.2.2)."""
    at = 2
    while segment := _SEGMENT.match(head, at):
        marker, (length,) = segment[1], struct.unpack(">H", segment[2])
        if marker <= b"\xcf" and marker not in _NO_FRAME:
            height, width = struct.unpack_from(">HH", head, segment.end() + 1)
            return width, height
        at = segment.end() - 2 + max(length, 2)  # the length counts its own two bytes
    raise ValueError("The image has no frame.")


_MEASURES = (
    (rb"\x89PNG\r\n\x1a\n....IHDR", _png),
    (rb"\xff\xd8\xff", _jpeg),
    (rb"GIF8.a", _gif),
    (rb"BM", _bmp),
    (rb"RIFF....WEBP", _webp),
)
