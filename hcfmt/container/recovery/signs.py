"""Recognises an archive whose first bytes are damaged by what follows them."""

from hcfmt.container.aes import DAMAGED_HEAD
from hcfmt.container.byte_stream import ByteStream
from hcfmt.container.content import content_of
from hcfmt.container.recovery.deflate_blocks import find_block
from hcfmt.container.tar_header import BLOCK, MAGIC, checksum_holds, has_usual_numbers, is_ustar

_FARTHEST = 4 << 20  # bytes behind which no first header of a tar is looked for
_USTAR = b"ustar"


def is_header(block: bytes) -> bool:
    """Whether a block is a tar header in its place: the checksum alone may hold a few bytes beside one, too."""
    return checksum_holds(block) and (is_ustar(block) or has_usual_numbers(block))


def header_in(window: bytes) -> int | None:
    """Return the offset of the first tar header in some bytes, at any place; None for none."""
    found = window.find(_USTAR, MAGIC.start)
    while found >= 0:
        at = found - MAGIC.start
        if checksum_holds(window[at : at + BLOCK]):
            return at
        found = window.find(_USTAR, found + 1)
    return None


def holds_tar(stream: ByteStream) -> bool:
    """Whether a tar header is among the next bytes of a stream."""
    return header_in(stream.peek(_FARTHEST)) is not None


def is_compressed(head: bytes) -> bool:
    """Whether bytes that begin like nothing known hold a block of a compressed stream, and no header of a tar."""
    return (
        content_of(head) is None
        and header_in(head) is None
        and find_block(head, 0, last=len(head) < DAMAGED_HEAD) is not None
    )


def proves_key(plain: bytes) -> bool:
    """Whether a decrypted stream shows by anything behind its beginning that the key is right."""
    return header_in(plain) is not None or is_compressed(plain)
