"""Damage to the layers of an archive: the name, the seal, gzip and tar."""

import os
from collections.abc import Callable, Iterator
from random import Random
from typing import BinaryIO

from hcfmt.container.tar_header import BLOCK, GNU, ZEROS, parse
from hcfmt.damage.kind import damage
from hcfmt.errors import UsageError
from hcfmt.export.editing import Change, EditableExport
from hcfmt.export.writer import END, ArchiveForm, form_of

_AES, _GZIP, _TAR = "aes", "gzip", "tar"
_SALT = range(8, 16)  # bytes of a sealed file
_AES_BLOCK = 16
_PREFIX, _CHECKSUM = 345, slice(148, 156)  # of a tar header
_OLD = b"old"
_PAGE = b"<!DOCTYPE html>\n<title>Sign in</title>\n<p>Your session has ended.\n"
_LEFT_OVER = b"left over from another file\n"
_WRONG = {ArchiveForm.ENCRYPTED: ArchiveForm.GZIP, ArchiveForm.GZIP: ArchiveForm.TAR, ArchiveForm.TAR: ArchiveForm.GZIP}


def _needs(export: EditableExport, layer: str) -> None:
    if layer not in export.form.layers:
        suffix = ArchiveForm.ENCRYPTED if layer == _AES else ArchiveForm.GZIP if layer == _GZIP else ArchiveForm.TAR
        raise UsageError(f"That is done to the {layer} layer, which the output does not have: name it *{suffix}.")


def _size(file: BinaryIO) -> int:
    return file.seek(0, os.SEEK_END)


def _told(layer: str, before: int, after: int) -> Change:
    return Change(None, None, {"layer": layer, "bytes": before}, {"layer": layer, "bytes": after})


def _cut(export: EditableExport, layer: str, keep: Callable[[int], int]) -> None:
    """Let a layer end early; ``keep`` says, of its size in bytes, how many of them stay."""

    def edit(file: BinaryIO) -> Change:
        size = _size(file)
        kept = keep(size)
        file.truncate(kept)
        return _told(layer, size, kept)

    _needs(export, layer)
    export.edits[layer].append(edit)


def _add(export: EditableExport, layer: str, data: bytes) -> None:
    def edit(file: BinaryIO) -> Change:
        size = _size(file)
        file.write(data)
        return _told(layer, size, size + len(data))

    _needs(export, layer)
    export.edits[layer].append(edit)


def _flip(layer: str, file: BinaryIO, at: int) -> Change:
    """Turn all bits of one byte."""
    file.seek(at)
    (value,) = file.read(1)
    file.seek(at)
    file.write(bytes([value ^ 0xFF]))
    place = {"layer": layer, "byte": at}
    return Change(None, None, {**place, "value": value}, {**place, "value": value ^ 0xFF})


@damage("HC001", once=True)
def misnamed_container(export: EditableExport, _: Random, __: int) -> None:
    """Write a file with one layer less than its name promises; of a bare tar with one more."""
    if form_of(export.name) is None or export.form is ArchiveForm.DIRECTORY:
        raise UsageError("The output's name promises nothing that its bytes could lack: name it *.tar.gz.aes.")
    wrong = _WRONG[export.form]
    export.log.append(Change(None, None, {"layers": [*export.form.layers]}, {"layers": [*wrong.layers]}))
    export.form = wrong


@damage("HC002", once=True)
def cannot_decrypt(export: EditableExport, random: Random, _: int) -> None:
    """Change one byte of the salt, so that the password does not open the file."""
    _needs(export, _AES)
    at = random.choice(_SALT)
    export.edits[_AES].append(lambda file: _flip(_AES, file, at))


@damage("HC003", once=True)
def ciphertext_cut(export: EditableExport, random: Random, _: int) -> None:
    """Cut off the last bytes of the sealed file, fewer than a block."""
    _cut(export, _AES, lambda size: size - random.randrange(1, _AES_BLOCK))


@damage("HC004", once=True)
def bad_padding(export: EditableExport, _: Random, __: int) -> None:
    """Fill up the cipher's last block with zeros."""

    def fill(file: BinaryIO) -> Change:
        size = _size(file)
        filling = _AES_BLOCK - size % _AES_BLOCK
        file.write(bytes(filling))
        return _told(_GZIP, size, size + filling)

    _needs(export, _AES)
    export.edits[_GZIP].append(fill)
    # What is a whole number of blocks was padded with a block of its own.
    _cut(export, _AES, lambda size: size - _AES_BLOCK)


@damage("HC005", once=True)
def not_an_archive(export: EditableExport, _: Random, __: int) -> None:
    """Put an error page in the archive's place."""

    def replace(file: BinaryIO) -> Change:
        size = _size(file)
        file.truncate(0)
        file.seek(0)
        file.write(_PAGE)
        return _told(export.form.layers[0], size, len(_PAGE))

    _needs(export, _TAR)
    export.edits[export.form.layers[0]].append(replace)


@damage("HC006", once=True)
def gzip_corrupt(export: EditableExport, random: Random, _: int) -> None:
    """Change one byte of the gzip stream's checksum."""
    _needs(export, _GZIP)
    back = random.randrange(5, 9)  # of the eight bytes at the end the first four are the checksum
    export.edits[_GZIP].append(lambda file: _flip(_GZIP, file, _size(file) - back))


@damage("HC007", once=True)
def gzip_cut(export: EditableExport, random: Random, _: int) -> None:
    """Cut the gzip stream somewhere in its second half."""
    _cut(export, _GZIP, lambda size: random.randrange(size // 2, size))


@damage("HC008", once=True)
def trailing_data(export: EditableExport, random: Random, _: int) -> None:
    """Let bytes of something else follow the gzip stream or the tar."""
    _needs(export, _TAR)
    _add(export, random.choice([one for one in export.form.layers if one != _AES]), _LEFT_OVER)


@damage("HC009", once=True)
def tar_corrupt(export: EditableExport, random: Random, _: int) -> None:
    """Change one digit of the checksum of a tar header."""

    def edit(file: BinaryIO) -> Change:
        at, _ = random.choice(list(_headers(file)))
        return _flip(_TAR, file, at + 148 + random.randrange(6))  # the checksum's six digits

    _needs(export, _TAR)
    export.edits[_TAR].append(edit)


@damage("HC010", once=True)
def tar_cut(export: EditableExport, random: Random, _: int) -> None:
    """Cut the tar inside a member."""

    def edit(file: BinaryIO) -> Change:
        at, size = random.choice([one for one in _headers(file) if one[1]])
        whole, kept = _size(file), at + BLOCK + random.randrange(size)
        file.truncate(kept)
        return _told(_TAR, whole, kept)

    _needs(export, _TAR)
    export.edits[_TAR].append(edit)


@damage("HC011", once=True)
def tar_unterminated(export: EditableExport, _: Random, __: int) -> None:
    """Cut off the two blocks of zeros that end the tar."""
    _cut(export, _TAR, lambda size: size - END)


@damage("HC013", once=True)
def modern_key_derivation(export: EditableExport, random: Random, _: int) -> None:
    """Derive the key as newer versions of OpenSSL do."""
    _needs(export, _AES)
    modern = random.choice(["sha256", "pbkdf2"])
    export.log.append(Change(None, None, {"digest": export.digest}, {"digest": modern}))
    export.digest = modern


@damage("HC014")
def ambiguous_header(export: EditableExport, random: Random, count: int) -> None:
    """Write a prefix into tar headers of GNU's format, which has none: Python and Go read another name."""

    def edit(file: BinaryIO) -> Change:
        at, _ = random.choice([(at, size) for at, size in _headers(file) if _is_plain_file(file, at)])
        file.seek(at)
        block = bytearray(file.read(BLOCK))
        block[_PREFIX : _PREFIX + len(_OLD)] = _OLD
        block[_CHECKSUM] = b" " * 8
        block[_CHECKSUM] = b"%06o\0 " % sum(block)
        file.seek(at)
        file.write(block)
        return Change(
            None, None, {"layer": _TAR, "byte": at, "prefix": ""}, {"layer": _TAR, "byte": at, "prefix": "old"}
        )

    _needs(export, _TAR)
    export.edits[_TAR] += [edit] * count


def _is_plain_file(file: BinaryIO, at: int) -> bool:
    """Whether the header at a byte is a regular file's, in GNU's format and without a prefix."""
    file.seek(at)
    block = file.read(BLOCK)
    return block[156:157] == b"0" and block[257:265] == GNU and not block[_PREFIX]


def _headers(file: BinaryIO) -> Iterator[tuple[int, int]]:
    """Yield the place of every header of a tar that the packer wrote, and the size of what follows, both in bytes."""
    at = 0
    while True:
        file.seek(at)
        block = file.read(BLOCK)
        if block == ZEROS:
            return
        size = parse(block, at).size
        yield at, size
        at += BLOCK + size + -size % BLOCK
