"""Packs an anonymised archive in layers that end as those of the original do, whole or damaged.

Where the original cannot be read on, the tar ends at the same byte. What follows the end of a layer is replaced by
other bytes of its kind.
"""

import io
import zlib
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from hcfmt.anonymisation.members import AnonymisedMember
from hcfmt.container import Archive, compress
from hcfmt.container.layers import AES, GZIP, TAR
from hcfmt.errors import Defect, Fault
from hcfmt.export.layer_edits import CIPHER_BLOCK, patch_header
from hcfmt.export.writer import BLOCK, END, Encryption, Entry, encrypt_chunks, tar_chunks

_PREFIX, _OLD = 345, b"old"  # byte of a tar header where GNU's format has no prefix, and one that it then has
_HEADER = next(tar_chunks([Entry("x", 0)]))
_BROKEN_HEADER = _HEADER.replace(b"x", b"y", 1)  # its checksum does not hold
_GZIP = 31  # of zlib: a gzip header, and the largest window
_EMPTY_BLOCK = b"\0\0\0\xff\xff"  # of deflate: it holds nothing
_BLOCKS = 40_000  # more bytes of empty blocks than readers take at a time, so that they yield all that comes before
_BROKEN_BLOCK = b"\xff" * 8  # of deflate: its type does not exist
_CUT = 5  # bytes that are cut from an encrypted file
_LEFT_OVER = b"left over from another file\n"
_SECOND = b"".join(tar_chunks([Entry("users.json", 2, [b"[]"])]))
_BEHIND = {
    ("joined-archives", TAR): _SECOND,
    ("joined-archives", GZIP): _SECOND,
    ("joined-archives", AES): b"Salted__" + bytes(range(5 * CIPHER_BLOCK - 8)),
    ("trailing-data", TAR): _LEFT_OVER,
    ("trailing-data", GZIP): _LEFT_OVER,
    ("trailing-data", AES): b"x" * CIPHER_BLOCK,
    ("trailing-padding", GZIP): bytes(BLOCK),
    ("trailing-padding", AES): b"\n",
}
"""What follows the end of a layer, by the kind of the defect and the layer."""


class Packing(Struct, frozen=True):
    """How an archive is packed: its layers, the outermost first, and the defects at their ends.

    ``fault`` is what ends the reading of the original, None if it is read to its end.
    """

    layers: Sequence[str]
    defects: Sequence[Defect]
    fault: Defect | None
    encryption: Encryption | None

    def chunks(self, archive: Archive, members: Iterable[AnonymisedMember]) -> Iterator[bytes]:
        """Yield the bytes of the file; ``members`` are made of those of the archive while it is read."""
        chunks = self._tar(archive, members) if TAR in self.layers else iter(())
        layers = [layer for layer in reversed(self.layers) if layer != TAR]
        for index, layer in enumerate(layers):
            if layer == GZIP:
                chunks = self._gzip(chunks) if layer not in layers[:index] else compress(chunks)
            elif self.encryption:
                chunks = self._encrypted(chunks, self.encryption, is_last=layer not in layers[index + 1 :])
        return chunks

    def _tar(self, archive: Archive, members: Iterable[AnonymisedMember]) -> Iterator[bytes]:
        try:
            for member in members:
                yield from _member(member)
        except Fault:  # inside a payload
            return
        if archive.fault:  # between two members
            yield {"tar-cut": _HEADER[:-1], "tar-corrupt": _BROKEN_HEADER}.get(archive.fault.kind, b"")
            return
        behind = self._behind(TAR)
        if not self._has("tar-unterminated"):
            yield bytes(END)
        elif behind:
            yield bytes(BLOCK)  # readers stop at a lone block of zeros
        yield behind

    def _gzip(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        kind = self.fault.kind if self.fault else ""
        if kind == "gzip-corrupt":
            yield from _unfinished(chunks, _EMPTY_BLOCK * _BLOCKS + _BROKEN_BLOCK)
        elif kind in {"gzip-cut", "ciphertext-cut"}:
            yield from _unfinished(chunks, _EMPTY_BLOCK * CIPHER_BLOCK)
        elif self._has("ciphertext-cut"):  # behind all that is inside
            yield from _aligned(chunks)
        else:
            yield from compress(chunks)
            yield self._behind(GZIP)

    def _encrypted(self, chunks: Iterator[bytes], encryption: Encryption, *, is_last: bool) -> Iterator[bytes]:
        if not is_last:
            yield from encrypt_chunks(chunks, encryption)
        elif self._has("bad-padding"):  # the block of padding is missing
            yield from _without_last(encrypt_chunks(_filled(chunks), encryption), CIPHER_BLOCK)
        elif self._has("ciphertext-cut") or (self.fault and self.fault.kind == "ciphertext-cut"):
            yield from _without_last(encrypt_chunks(chunks, encryption), _CUT)
        else:
            yield from encrypt_chunks(chunks, encryption)
            yield self._behind(AES)

    def _has(self, kind: str) -> bool:
        return any(defect.kind == kind for defect in self.defects)

    def _behind(self, layer: str) -> bytes:
        """Return what follows the end of a layer."""
        kinds = (defect.kind for defect in self.defects if defect.values.get("layer") == layer)
        return next((_BEHIND[kind, layer] for kind in kinds if (kind, layer) in _BEHIND), b"")


def _member(member: AnonymisedMember) -> Iterator[bytes]:
    """Yield a member of a tar. A Fault of its content is raised behind all that came before it."""
    chunks = tar_chunks([member.entry])
    held = next(chunks)
    if member.is_ambiguous:
        file = io.BytesIO(held)
        patch_header(file, len(held) - BLOCK, _PREFIX, _OLD)  # behind the headers of a long name
        held = file.getvalue()
    try:
        for chunk in chunks:  # the last one is the end of the tar
            yield held
            held = chunk
    except Fault:
        yield held
        raise


def _unfinished(chunks: Iterable[bytes], end: bytes) -> Iterator[bytes]:
    """Yield a gzip stream that goes on, with ``end``, where it should end; its content can be read to the last byte."""
    packer = zlib.compressobj(wbits=_GZIP)
    yield from map(packer.compress, chunks)
    yield packer.flush(zlib.Z_SYNC_FLUSH)
    yield end


def _aligned(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield a gzip stream that ends with a block of the cipher, so that the next one is padding alone."""
    packer, size = zlib.compressobj(wbits=_GZIP), 0
    for chunk in chunks:
        part = packer.compress(chunk)
        size += len(part)
        yield part
    last, end = packer.flush(zlib.Z_SYNC_FLUSH), packer.flush()
    missing = -(size + len(last) + len(end)) % CIPHER_BLOCK
    # A block of 5 bytes, so many times that the remainder is what is missing.
    yield last + _EMPTY_BLOCK * (missing * pow(len(_EMPTY_BLOCK), -1, CIPHER_BLOCK) % CIPHER_BLOCK) + end


def _filled(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield chunks, and zeros up to the end of a block of the cipher, at least one."""
    size = 0
    for chunk in chunks:
        size += len(chunk)
        yield chunk
    yield bytes(CIPHER_BLOCK - size % CIPHER_BLOCK)


def _without_last(chunks: Iterable[bytes], count: int) -> Iterator[bytes]:
    """Yield chunks without their last bytes."""
    held = b""
    for chunk in chunks:
        held += chunk
        yield held[:-count]
        held = held[-count:]
