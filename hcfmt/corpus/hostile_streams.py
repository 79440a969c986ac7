"""Hostile cases whose bytes are broken or misleading: cut, corrupt and repeated layers, and other kinds of files."""

import gzip
import io
import zipfile
from collections.abc import Iterator, Mapping

from hcfmt.corpus.case import Files, pack
from hcfmt.corpus.mutations import Mutation, edit_file, edit_gzip, edit_tar, flip_byte
from hcfmt.export.writer import Encryption
from hcfmt.rng import random_for

_SALTED = b"Salted__"


def _zip(data: bytes) -> bytes:
    """Return a ZIP that holds some bytes, as HipChat's old exports were."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("export.tar", (2018, 12, 10, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _noise(encryption: Encryption) -> bytes:
    """Return random bytes: a whole number of cipher blocks, to follow the magic bytes and the salt."""
    return random_for(int.from_bytes(encryption.salt, "big"), "noise").randbytes(48_008)


def _other_password(files: Files, encryption: Encryption) -> Iterator[bytes]:
    return pack(files.tar(), Encryption(lambda: b"another", encryption.salt))


def _empty_tar(_: Files, encryption: Encryption) -> Iterator[bytes]:
    return pack([bytes(1024)], encryption)


STREAMS: Mapping[str, tuple[str, Mutation]] = {
    "empty-file": ("The file has no bytes.", lambda _, __: []),
    "one-byte": ("The file has one byte.", edit_file(lambda data: data[:1])),
    "salt-alone": ("The file ends after the salt.", edit_file(lambda data: data[:16])),
    "noise": ("Random bytes.", lambda _, encryption: [_noise(encryption)]),
    "sealed-noise": (
        "Random bytes after the magic bytes of an encrypted file.",
        lambda _, encryption: [_SALTED, _noise(encryption)],
    ),
    "other-password": ("The file is encrypted with another password than the manifest has.", _other_password),
    "sealed-cut-at-a-block": (
        "The second half of the encrypted file is missing, from the end of a block on.",
        edit_file(lambda data: data[: len(data) // 32 * 16]),
    ),
    "sealed-cut-in-a-block": (
        "The second half of the encrypted file is missing, from the middle of a block on.",
        edit_file(lambda data: data[: len(data) // 32 * 16 + 7]),
    ),
    "sealed-corrupt": (
        "One byte in the middle of the encrypted file is changed.",
        edit_file(lambda data: flip_byte(data, len(data) // 2)),
    ),
    "sealed-twice-over": ("The encrypted file is repeated.", edit_file(lambda data: data * 2)),
    "gzip-corrupt-inside": (
        "One byte in the middle of the gzip stream is changed.",
        edit_gzip(lambda data: flip_byte(data, len(data) // 2)),
    ),
    "gzip-wrong-length": (
        "The gzip stream ends with a wrong length.",
        edit_gzip(lambda data: flip_byte(data, len(data) - 1)),
    ),
    "gzip-header-alone": ("The gzip stream ends after its header.", edit_gzip(lambda data: data[:10])),
    "gzip-in-gzip": ("The gzip stream is compressed again.", edit_gzip(lambda data: gzip.compress(data, mtime=0))),
    "zip": ("A ZIP is in the place of the tar.", edit_tar(_zip)),
    "tar-corrupt-header": ("One byte of a tar header is changed.", edit_tar(lambda data: flip_byte(data, 100))),
    "tar-cut-in-a-header": ("The tar ends within a header.", edit_tar(lambda data: data[:200])),
    "tar-cut-between-members": (
        "The tar ends before the first history, without an end marker.",
        edit_tar(lambda data: data[: data.index(b"/history.json\0") // 512 * 512]),
    ),
    "blocks-behind-the-end": (
        "More encrypted blocks follow the padding that ends the encrypted stream.",
        edit_gzip(lambda data: data + bytes([16 - len(data) % 16]) * (16 - len(data) % 16) + b"appended" * 3),
    ),
    "empty-tar": ("The tar has no members.", _empty_tar),
}
"""The cases by name: a sentence about each, and its mutation."""
