"""Judges what follows the ends of the layers of an archive: padding, a second archive, or bytes of anything."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from hcfmt.container import aes
from hcfmt.container.aes import Decryption
from hcfmt.container.content import Content, content_of
from hcfmt.container.gzip import GzipReader
from hcfmt.container.remainder import Remainder
from hcfmt.container.tar import Tar
from hcfmt.errors import Defect

_PROOF = 4  # bytes of padding that a damaged block has once in four billion times

_UNTERMINATED = "The tar ends without its two zero blocks: it may have been cut short exactly between two members."
_BAD_PADDING = (
    "Everything inside was read to its end, but the padding of the last encrypted block is invalid: the end of the "
    "file was altered or cut. Copy or export it again."
)
_JOINED = (
    "{kind} begins at byte {byte:,} of {place}, behind the end of the archive, and was not read: two archives were "
    "joined. {readers} Check the files that were joined, each by itself; page HC015 shows how to split them."
)
_OF_TAR = "tar", "the unpacked tar", "GNU tar, bsdtar and Python read the first one alone, without an error."
_OF_GZIP = "gzip", "the gzip stream", "gzip and GNU tar read the first one alone and exit with status 2."
_OF_CIPHER = "aes", "the encrypted file", "openssl decrypts the second one to noise."


def end_defects(seals: Sequence[Decryption], inflation: GzipReader | None, tar: Tar | None) -> Iterator[Defect]:
    """Yield the defects at the ends of layers that were read to their last byte.

    Only gzip shows where the encryption around it should end. Of any other the padding alone is judged.
    """
    if tar and not tar.terminated:
        yield Defect("tar-unterminated", _UNTERMINATED)
    if tar and tar.rest.filled:
        yield _behind_tar(tar.rest)
    if inflation and seals:
        yield from _behind_sealed_gzip(seals[-1], inflation)
    elif inflation and inflation.rest.size:
        yield _behind_gzip(inflation.rest, inflation.rest.size)
    elif seals and not seals[-1].padding:
        yield Defect("bad-padding", _BAD_PADDING)
    # What a damaged last block leaves of itself follows the encrypted file inside.
    if any(not outer.padding or (outer.padding < _PROOF and inner.extra) for outer, inner in pairwise(seals)):
        yield Defect("bad-padding", _BAD_PADDING)


def _behind_tar(rest: Remainder) -> Defect:
    if content := content_of(rest.head):
        return _joined(content, rest.start, *_OF_TAR)
    message = (
        f"The end of the tar is followed by {_bytes(rest.filled)} other than zero, from byte {rest.start:,} on, which "
        "were not read. GNU tar passes over them without an error. Look at what they are, then unpack and pack again."
    )
    return Defect("trailing-data", message, rest.start, {"layer": "tar"})


def _behind_gzip(rest: Remainder, size: int) -> Defect:
    if not rest.filled:
        message = (
            f"The end of the gzip stream is followed by {_bytes(size)}, all zero: padding, which gzip, GNU tar and "
            "Node.js pass over. The content is not affected."
        )
        return Defect("trailing-padding", message, None, {"layer": "gzip"})
    if content := content_of(rest.head):
        return _joined(content, rest.start, *_OF_GZIP)
    message = (
        f"The end of the gzip stream is followed by {_bytes(size)}, which were not read. gzip and GNU tar exit with an "
        "error on them, and Rocket.Chat fails. Look at what they are; copy or export the file again."
    )
    return Defect("trailing-data", message, rest.start, {"layer": "gzip"})


def _behind_sealed_gzip(decryption: Decryption, inflation: GzipReader) -> Iterator[Defect]:
    """Yield what is wrong behind an encrypted gzip stream, whose end shows where the file should end."""
    rest, padding = inflation.rest, decryption.padding
    own = aes.BLOCK - inflation.size % aes.BLOCK
    end = aes.HEADER + inflation.size + own
    own_padding = (rest.beginning + bytes([padding]) * padding)[:own] == bytes([own]) * own
    if own_padding and decryption.size > end:
        yield _behind_cipher(decryption, end)
    elif decryption.extra:
        yield decryption.cut_fault().defect
    elif not padding or (padding < _PROOF and 0 < rest.size <= aes.BLOCK - padding):
        # A damaged last block has valid padding of one byte once in 256 times; its other bytes follow the gzip stream.
        yield Defect("bad-padding", _BAD_PADDING)
        if rest.size > aes.BLOCK - padding:
            yield _behind_gzip(rest, rest.size - aes.BLOCK + padding)
    elif rest.size:
        yield _behind_gzip(rest, rest.size)


def _behind_cipher(decryption: Decryption, end: int) -> Defect:
    """Return what the bytes are that follow the last block of an encrypted file of ``end`` bytes."""
    if decryption.joined == end:
        return _joined(Content.AES, end, *_OF_CIPHER)
    count = decryption.size - end
    if count < aes.BLOCK or count <= decryption.zeros:
        what = "less than a block" if count < aes.BLOCK else "all zero"
        message = (
            f"The last block of the encrypted file is followed by {_bytes(count)}, {what}. Everything inside was read, "
            "and its checksum is right; but openssl ends with 'bad decrypt' and leaves bytes behind the gzip stream. "
            f"'head -c {end}' keeps the file without them."
        )
        return Defect("trailing-padding", message, end, {"layer": "aes"})
    message = (
        f"The last block of the encrypted file is followed by {_bytes(count)}, from byte {end:,} on, which were not "
        "read. Look at what they are; copy or export the file again."
    )
    return Defect("trailing-data", message, end, {"layer": "aes"})


def _joined(content: Content, byte: int, layer: str, place: str, readers: str) -> Defect:
    kind = content.value[0].upper() + content.value[1:]
    message = _JOINED.format(kind=kind, byte=byte, place=place, readers=readers)
    return Defect("joined-archives", message, byte, {"layer": layer})


def _bytes(count: int) -> str:
    return f"{count:,} {'byte' if count == 1 else 'bytes'}"
