"""Builds the first bytes of images, with any size in pixels."""

import struct
import zlib


def a_png(width: int = 2, height: int = 3) -> bytes:
    rows = zlib.compress(bytes((width + 1) * height))
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
        (b"IDAT", rows),
        (b"IEND", b""),
    ]
    framed = (struct.pack(">I", len(data)) + kind + data + bytes(4) for kind, data in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(framed)


def a_jpeg(width: int, height: int, *segments: tuple[int, int], frame: int = 0xC0) -> bytes:
    """Return a JPEG's head up to its size, with segments (marker, length) before the frame."""
    before = b"".join(b"\xff%c" % marker + struct.pack(">H", length) + bytes(length - 2) for marker, length in segments)
    return b"\xff\xd8" + before + b"\xff%c" % frame + struct.pack(">HBHH", 11, 8, height, width)


def a_riff(kind: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", 100) + kind
