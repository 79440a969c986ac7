"""Edits of one packed layer of an export: cut it, append to it, flip a byte, patch tar headers.

A function that returns a ``LayerEdit`` returns one for ``EditableExport.edits``, which changes the open file of the
layer and returns the change.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO

from hcfmt.container.tar_header import BLOCK, ZEROS, Header, parse
from hcfmt.export.editing import Change, LayerEdit

CIPHER_BLOCK = 16  # bytes
CHECKSUM = slice(148, 156)  # bytes of a tar header
_LONG_NAMES = (b"L", b"K")  # types of GNU's headers that hold a long name for the next one


def file_size(file: BinaryIO) -> int:
    """Return the size of a file in bytes, and go to its end."""
    return file.seek(0, os.SEEK_END)


def cut_layer(layer: str, size_after: Callable[[int], int]) -> LayerEdit:
    """Cut a layer; ``size_after`` maps its size in bytes to the number of bytes that stay."""

    def edit(file: BinaryIO) -> Change:
        before = file_size(file)
        after = size_after(before)
        file.truncate(after)
        return resized(layer, before, after)

    return edit


def append_to_layer(layer: str, data: bytes) -> LayerEdit:
    """Append bytes to a layer."""

    def edit(file: BinaryIO) -> Change:
        before = file_size(file)
        file.write(data)
        return resized(layer, before, before + len(data))

    return edit


def fill_cipher_block(layer: str, byte: bytes) -> LayerEdit:
    """Append a byte to a layer until it is a whole number of AES blocks, at least once."""

    def edit(file: BinaryIO) -> Change:
        before = file_size(file)
        filling = CIPHER_BLOCK - before % CIPHER_BLOCK
        file.write(byte * filling)
        return resized(layer, before, before + filling)

    return edit


def replace_layer(layer: str, data: bytes) -> LayerEdit:
    """Write other bytes in place of a layer."""

    def edit(file: BinaryIO) -> Change:
        before = file_size(file)
        file.truncate(0)
        file.seek(0)
        file.write(data)
        return resized(layer, before, len(data))

    return edit


def flip_byte(layer: str, find_offset: Callable[[BinaryIO], int]) -> LayerEdit:
    """Flip all bits of one byte; ``find_offset`` returns its offset in the layer's file."""

    def edit(file: BinaryIO) -> Change:
        offset = find_offset(file)
        file.seek(offset)
        (value,) = file.read(1)
        file.seek(offset)
        file.write(bytes([value ^ 0xFF]))
        location = {"layer": layer, "byte": offset}
        return Change(None, None, {**location, "value": value}, {**location, "value": value ^ 0xFF})

    return edit


def patch_headers(patches: Sequence[tuple[int, int, bytes]]) -> LayerEdit:
    """Write bytes into tar headers: of the member at an index, from an offset in its header on.

    The checksums of the headers hold afterwards.
    """

    def edit(file: BinaryIO) -> Change:
        offsets = [offset for offset, header in tar_headers(file) if header.flag not in _LONG_NAMES]
        for index, at, data in patches:
            patch_header(file, offsets[index], at, data)
        headers = [{"byte": offsets[index], "from": at, "bytes": len(data)} for index, at, data in patches]
        return Change(None, None, {"layer": "tar"}, {"layer": "tar", "headers": headers})

    return edit


def patch_header(file: BinaryIO, offset: int, at: int, data: bytes) -> None:
    """Write bytes into the tar header at an offset, from ``at`` bytes in it on, and correct its checksum."""
    file.seek(offset)
    block = bytearray(file.read(BLOCK))
    block[at : at + len(data)] = data
    block[CHECKSUM] = b" " * 8
    block[CHECKSUM] = b"%06o\0 " % sum(block)
    file.seek(offset)
    file.write(block)


def tar_headers(file: BinaryIO) -> Iterator[tuple[int, Header]]:
    """Yield every header of a tar that ``writer`` packed, with its offset in bytes."""
    offset = 0
    while True:
        file.seek(offset)
        block = file.read(BLOCK)
        if block == ZEROS:
            return
        header = parse(block, offset)
        yield offset, header
        offset += BLOCK + header.size + -header.size % BLOCK


def resized(layer: str, before: int, after: int) -> Change:
    """Return the change of a layer's size in bytes."""
    return Change(None, None, {"layer": layer, "bytes": before}, {"layer": layer, "bytes": after})
