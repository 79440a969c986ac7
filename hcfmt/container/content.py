"""Recognises what bytes are by their beginning: a layer of an archive, another kind of packed file, a web page."""

import re
from enum import StrEnum

from hcfmt.container import tar_header
from hcfmt.container.gzip import begins_member

AES_MAGIC = b"Salted__"


_TEXT = 32  # bytes of printable ASCII, which noise has once in 10 ** 13 times
_PRINTABLE = bytes({*range(0x20, 0x7F), *b"\t\n\r"})


class Content(StrEnum):
    """A kind of content; the value is its noun in a sentence."""

    AES = "an encrypted file"
    GZIP = "a gzip stream"
    TAR = "a tar"
    ZIP = "a ZIP file"
    OTHER_PACKER = "a packed file of another kind (7-Zip, bzip2, RAR, xz or Zstandard)"


_PACKED = rb"7z\xbc\xaf\x27\x1c|BZh[1-9]1AY&SY|Rar!\x1a\x07|\xfd7zXZ\0|\x28\xb5\x2f\xfd"
_ZIP = rb"PK(?:\x03\x04|\x05\x06|\x07\x08)"


def content_of(head: bytes) -> Content | None:
    """Return what a stream is that begins with ``head``, of which 512 bytes are enough; None for anything else.

    Each kind shows by at least 27 bits, so that what a wrong key decrypts to passes for none of them.
    """
    if head.startswith(AES_MAGIC):
        return Content.AES
    if begins_member(head):
        return Content.GZIP
    if begins_tar(head):
        return Content.TAR
    if re.match(_ZIP, head):
        return Content.ZIP
    return Content.OTHER_PACKER if re.match(_PACKED, head) else None


def proves_key(plain: bytes) -> bool:
    """Whether the beginning of a decrypted stream shows that the key is right: it is known content, zeros or text."""
    if content_of(plain) or plain == bytes(tar_header.BLOCK):
        return True
    return len(plain) >= _TEXT and not plain[:_TEXT].translate(None, _PRINTABLE)


def begins_tar(head: bytes) -> bool:
    """Whether bytes begin like a tar: with the magic of POSIX or GNU tar, or with a whole header that has none."""
    block = head[: tar_header.BLOCK]
    if tar_header.is_ustar(block):
        return True
    return tar_header.checksum_holds(block) and tar_header.has_usual_numbers(block)
