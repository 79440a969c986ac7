"""Variants of damage to the layers of an archive."""

from collections.abc import Callable
from random import Random
from typing import BinaryIO

from hcfmt.container import compress
from hcfmt.container.layers import AES, GZIP, TAR
from hcfmt.container.tar_header import BLOCK
from hcfmt.damage.damage import Damage, DamageFunction
from hcfmt.damage.layers import LEFT_OVER, edit_layer, require_layer
from hcfmt.export.editing import Change, EditableExport, LayerEdit
from hcfmt.export.layer_edits import (
    CIPHER_BLOCK,
    append_to_layer,
    cut_layer,
    file_size,
    flip_byte,
    patch_header,
    replace_layer,
    resized,
    tar_headers,
)
from hcfmt.export.writer import Entry, tar_chunks

_DENIED = b'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code></Error>'
_EMPTY_ZIP = b"PK\x05\x06" + bytes(18)
_GZIP_HEADER, _GZIP_TRAILER = 10, 8  # bytes
_SIZE = 124  # byte of a tar header
_OTHER_EXPORT = b"".join(tar_chunks([Entry("users.json", 2, [b"[]"])]))


def _edited(layer: str, edit: LayerEdit) -> DamageFunction:
    return lambda export, _, __: edit_layer(export, layer, edit)


def _cut(layer: str, size_after: Callable[[int], int]) -> DamageFunction:
    return _edited(layer, cut_layer(layer, size_after))


def _flipped(layer: str, find_offset: Callable[[BinaryIO], int]) -> DamageFunction:
    return _edited(layer, flip_byte(layer, find_offset))


def _replaced(data: bytes) -> DamageFunction:
    """Return a damage that writes other bytes in place of the file."""

    def apply(export: EditableExport, _: Random, __: int) -> None:
        require_layer(export, TAR)
        outermost = export.form.layers[0]
        edit_layer(export, outermost, replace_layer(outermost, data))

    return apply


def _appended(layer: str, data: bytes) -> DamageFunction:
    return _edited(layer, append_to_layer(layer, data))


def _cut_in_a_header(export: EditableExport, random: Random, _: int) -> None:
    """Cut the tar inside the header of a member."""

    def edit(file: BinaryIO) -> Change:
        offset = random.choice([offset for offset, _ in tar_headers(file)][1:])
        before, after = file_size(file), offset + random.randrange(1, BLOCK)
        file.truncate(after)
        return resized(TAR, before, after)

    edit_layer(export, TAR, edit)


def _unreadable_size(export: EditableExport, random: Random, _: int) -> None:
    """Write words in place of the size in a tar header, whose checksum holds."""

    def edit(file: BinaryIO) -> Change:
        offset = random.choice([offset for offset, _ in tar_headers(file)])
        patch_header(file, offset, _SIZE, b"size unknown")
        return Change(None, None, {"layer": TAR, "byte": offset}, {"layer": TAR, "byte": offset, "size": "unknown"})

    edit_layer(export, TAR, edit)


def _derived(digest: str) -> DamageFunction:
    """Return a damage that derives the key by a digest."""

    def apply(export: EditableExport, _: Random, __: int) -> None:
        require_layer(export, AES)
        export.log.append(Change(None, None, {"digest": export.digest}, {"digest": digest}))
        export.digest = digest

    return apply


def _row(code: str, variant: str, about: str, apply: DamageFunction) -> Damage:
    return Damage(code, apply, once=True, variant=variant, about=about)


ROWS = (
    _row("HC002", "first-block", "Change a byte of the first encrypted block.", _flipped(AES, lambda _: CIPHER_BLOCK)),
    _row("HC003", "salt-cut", "Cut the encrypted file inside its salt.", _cut(AES, lambda _: CIPHER_BLOCK - 4)),
    _row("HC003", "nothing-encrypted", "Leave only the salt of the encrypted file.",
         _cut(AES, lambda _: CIPHER_BLOCK)),
    _row("HC005", "storage-error", "Write the answer of a file store that denies access in place of the archive.",
         _replaced(_DENIED)),
    _row("HC005", "zip", "Write an empty ZIP file in place of the archive.", _replaced(_EMPTY_ZIP)),
    _row("HC005", "json", "Write an empty list of JSON in place of the archive.", _replaced(b"[]")),
    _row("HC006", "middle", "Change a byte in the middle of the gzip stream.",
         _flipped(GZIP, lambda file: file_size(file) // 2)),
    _row("HC006", "length", "Change the length at the end of the gzip stream.",
         _flipped(GZIP, lambda file: file_size(file) - 2)),
    _row("HC007", "header-alone", "Leave only the header of the gzip stream.", _cut(GZIP, lambda _: _GZIP_HEADER)),
    _row("HC007", "half", "Leave the first half of the gzip stream.", _cut(GZIP, lambda size: size // 2)),
    _row("HC007", "no-trailer", "Cut off the checksum and the length at the end of the gzip stream.",
         _cut(GZIP, lambda size: size - _GZIP_TRAILER)),
    _row("HC008", "after-gzip", "Append bytes of another file to the gzip stream.", _appended(GZIP, LEFT_OVER)),
    _row("HC008", "after-tar", "Append bytes of another file to the tar.", _appended(TAR, LEFT_OVER)),
    _row("HC009", "size", "", _unreadable_size),
    _row("HC010", "header", "", _cut_in_a_header),
    _row("HC011", "one-block", "Cut off one of the two blocks of zeros that end the tar.",
         _cut(TAR, lambda size: size - BLOCK)),
    _row("HC012", "empty", "Write an empty file in place of the archive.", _replaced(b"")),
    _row("HC013", "sha256", "Derive the key as OpenSSL 1.1.0 does by default.", _derived("sha256")),
    _row("HC013", "pbkdf2", "Derive the key as OpenSSL does with -pbkdf2.", _derived("pbkdf2")),
    _row("HC015", "gzip", "Append the gzip stream of a second tar, as cat joins two archives.",
         _appended(GZIP, b"".join(compress(iter([_OTHER_EXPORT]))))),
    _row("HC018", "zeros-after-gzip", "Append a block of zeros to the gzip stream.", _appended(GZIP, bytes(BLOCK))),
    _row("HC018", "zeros-after-aes", "Append a block of zeros to the encrypted file.", _appended(AES, bytes(BLOCK))),
    _row("HC018", "line-end", "Append a line end to the encrypted file.", _appended(AES, b"\n")),
)  # fmt: skip
"""The rows of this subject: code, variant, what it does, and the function."""
