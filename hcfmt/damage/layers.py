"""Damage to the layers of an archive: its name, encryption, gzip and tar."""

from random import Random
from typing import BinaryIO

from hcfmt.container.layers import AES, GZIP, TAR
from hcfmt.container.tar_header import BLOCK, GNU
from hcfmt.errors import UsageError
from hcfmt.export.editing import Change, EditableExport, LayerEdit
from hcfmt.export.layer_edits import (
    CIPHER_BLOCK,
    append_to_layer,
    cut_layer,
    file_size,
    fill_cipher_block,
    flip_byte,
    patch_header,
    replace_layer,
    resized,
    tar_headers,
)
from hcfmt.export.writer import END, ArchiveForm, Entry, form_of, tar_chunks

_SALT = range(8, 16)  # bytes of an encrypted file
_PREFIX = 345  # byte of a tar header
_OLD = b"old"
_PAGE = b"<!DOCTYPE html>\n<title>Sign in</title>\n<p>Your session has ended.\n"
LEFT_OVER = b"left over from another file\n"
_NOBODY = b"[]"
_PADDING = {AES: b"\n", GZIP: bytes(BLOCK)}
_WRONG = {ArchiveForm.ENCRYPTED: ArchiveForm.GZIP, ArchiveForm.GZIP: ArchiveForm.TAR, ArchiveForm.TAR: ArchiveForm.GZIP}
_SUFFIXES = {AES: ArchiveForm.ENCRYPTED, GZIP: ArchiveForm.GZIP, TAR: ArchiveForm.TAR}


def require_layer(export: EditableExport, layer: str) -> None:
    """Raise UsageError if the export is written without a layer."""
    if layer not in export.form.layers:
        raise UsageError(
            f"The damage needs the {layer} layer, which the output does not have: name it *{_SUFFIXES[layer]}."
        )


def edit_layer(export: EditableExport, layer: str, edit: LayerEdit) -> None:
    """Have a layer edited when it is written; raise UsageError if the export is written without it."""
    require_layer(export, layer)
    export.edits[layer].append(edit)


def misnamed_container(export: EditableExport, _: Random, __: int) -> None:
    """Write a file with one layer less than its name promises; of a bare tar with one more."""
    if form_of(export.name) is None or export.form is ArchiveForm.DIRECTORY:
        raise UsageError("The output's name has no suffix for a layer that can be left out: name it *.tar.gz.aes.")
    wrong = _WRONG[export.form]
    export.log.append(Change(None, None, {"layers": [*export.form.layers]}, {"layers": [*wrong.layers]}))
    export.form = wrong


def cannot_decrypt(export: EditableExport, random: Random, _: int) -> None:
    """Change one byte of the salt, so that the password does not open the file."""
    require_layer(export, AES)
    offset = random.choice(_SALT)
    edit_layer(export, AES, flip_byte(AES, lambda _: offset))


def ciphertext_cut(export: EditableExport, random: Random, _: int) -> None:
    """Cut off the last bytes of the encrypted file, fewer than a block."""
    edit_layer(export, AES, cut_layer(AES, lambda size: size - random.randrange(1, CIPHER_BLOCK)))


def bad_padding(export: EditableExport, _: Random, __: int) -> None:
    """Fill the cipher's last block with zeros in place of padding."""
    require_layer(export, AES)
    edit_layer(export, GZIP, fill_cipher_block(GZIP, b"\0"))
    # The cipher pads whole blocks with one more block.
    edit_layer(export, AES, cut_layer(AES, lambda size: size - CIPHER_BLOCK))


def not_an_archive(export: EditableExport, _: Random, __: int) -> None:
    """Write an error page in place of the archive."""
    require_layer(export, TAR)
    outermost = export.form.layers[0]
    edit_layer(export, outermost, replace_layer(outermost, _PAGE))


def gzip_corrupt(export: EditableExport, random: Random, _: int) -> None:
    """Change one byte of the gzip stream's checksum."""
    require_layer(export, GZIP)
    back = random.randrange(5, 9)  # the first four of the last eight bytes are the checksum
    edit_layer(export, GZIP, flip_byte(GZIP, lambda file: file_size(file) - back))


def gzip_cut(export: EditableExport, random: Random, _: int) -> None:
    """Cut the gzip stream somewhere in its second half."""
    edit_layer(export, GZIP, cut_layer(GZIP, lambda size: random.randrange(size // 2, size)))


def trailing_data(export: EditableExport, random: Random, _: int) -> None:
    """Append bytes of another file to the gzip stream or the tar."""
    require_layer(export, TAR)
    layer = random.choice([layer for layer in export.form.layers if layer != AES])
    edit_layer(export, layer, append_to_layer(layer, LEFT_OVER))


def joined_archives(export: EditableExport, _: Random, __: int) -> None:
    """Append a second tar to the tar, as joining two exports does."""
    second = b"".join(tar_chunks([Entry("users.json", len(_NOBODY), [_NOBODY])]))
    edit_layer(export, TAR, append_to_layer(TAR, second))


def encrypted_twice(export: EditableExport, _: Random, __: int) -> None:
    """Encrypt the encrypted file again, with the same password."""
    require_layer(export, AES)
    export.log.append(Change(None, None, {"encryptions": 1}, {"encryptions": 2}))
    export.repeats = {AES: 2}


def packed_twice(export: EditableExport, _: Random, __: int) -> None:
    """Compress the gzip stream again."""
    require_layer(export, GZIP)
    export.log.append(Change(None, None, {"compressions": 1}, {"compressions": 2}))
    export.repeats = {GZIP: 2}


def trailing_padding(export: EditableExport, random: Random, _: int) -> None:
    """Append zeros to the gzip stream, or a line end to the encrypted file."""
    require_layer(export, GZIP)
    layer = random.choice([layer for layer in export.form.layers if layer != TAR])
    edit_layer(export, layer, append_to_layer(layer, _PADDING[layer]))


def tar_corrupt(export: EditableExport, random: Random, _: int) -> None:
    """Change one digit of the checksum of a tar header."""

    def digit(file: BinaryIO) -> int:
        offset, _ = random.choice(list(tar_headers(file)))
        return offset + 148 + random.randrange(6)  # the checksum's six digits

    edit_layer(export, TAR, flip_byte(TAR, digit))


def tar_cut(export: EditableExport, random: Random, _: int) -> None:
    """Cut the tar inside a member."""

    def edit(file: BinaryIO) -> Change:
        offset, header = random.choice([(offset, header) for offset, header in tar_headers(file) if header.size])
        before, after = file_size(file), offset + BLOCK + random.randrange(header.size)
        file.truncate(after)
        return resized(TAR, before, after)

    edit_layer(export, TAR, edit)


def tar_unterminated(export: EditableExport, _: Random, __: int) -> None:
    """Cut off the two blocks of zeros that end the tar."""
    edit_layer(export, TAR, cut_layer(TAR, lambda size: size - END))


def modern_key_derivation(export: EditableExport, random: Random, _: int) -> None:
    """Derive the key as newer versions of OpenSSL do."""
    require_layer(export, AES)
    modern = random.choice(["sha256", "pbkdf2"])
    export.log.append(Change(None, None, {"digest": export.digest}, {"digest": modern}))
    export.digest = modern


def ambiguous_header(export: EditableExport, random: Random, count: int) -> None:
    """Write a prefix into tar headers of GNU's format, which has none: Python and Go read another name."""

    def edit(file: BinaryIO) -> Change:
        offset = random.choice([offset for offset, _ in tar_headers(file) if _is_plain_file(file, offset)])
        patch_header(file, offset, _PREFIX, _OLD)
        position = {"layer": TAR, "byte": offset}
        return Change(None, None, {**position, "prefix": ""}, {**position, "prefix": _OLD.decode()})

    require_layer(export, TAR)
    export.edits[TAR] += [edit] * count


def _is_plain_file(file: BinaryIO, offset: int) -> bool:
    """Return whether the header at an offset is a regular file's, in GNU's format and without a prefix."""
    file.seek(offset)
    block = file.read(BLOCK)
    return block[156:157] == b"0" and block[257:265] == GNU and not block[_PREFIX]
