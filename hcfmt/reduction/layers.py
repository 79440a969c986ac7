"""Keeps findings about layers: the layers are written again as they were, or the file is cut at an early byte."""

import os
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from io import BytesIO
from pathlib import Path

from hcfmt.check.engine import Options, validate
from hcfmt.container import Archive, compress
from hcfmt.container.atomic_write import atomic_file
from hcfmt.container.layers import AES, GZIP
from hcfmt.export.writer import Encryption, Entry, encrypt_chunks, tar_chunks

OF_LAYERS = frozenset({"HC001", "HC013", "HC016", "HC021"})
"""Rules about which layers there are: a finding stays if the same layers are written again."""

OF_BEGINNINGS = frozenset({"HC002", "HC003", "HC005", "HC007"})
"""Rules of which the beginning of a file may have a finding too."""

_MOST = 1 << 24  # bytes of the beginning of a file
_BLOCK = 16  # bytes of the cipher


def write_in_layers(archive: Archive, path: str, entries: Iterable[Entry], salt: bytes) -> None:
    """Write entries in the layers that an archive has, whatever the name of the new file promises."""
    chunks = tar_chunks(entries)
    for layer in reversed(archive.layers):
        if layer == GZIP:
            chunks = compress(chunks)
        elif layer == AES:
            chunks = encrypt_chunks(chunks, Encryption(archive.password or b"", salt, archive.digest or "md5"))
    with atomic_file(path, force=False) as file:
        file.writelines(chunks)


def beginning_with(path: str | os.PathLike[str], codes: AbstractSet[str], options: Options) -> bytes | None:
    """Return the shortest of some beginnings of a file that has findings of rules and no others; None if none has."""
    found = frozenset(code for code, count in validate(path, options).totals.items() if count)
    for size in _sizes(Path(path).stat().st_size):
        with Path(path).open("rb") as file:
            beginning = file.read(size)
        report = validate(BytesIO(beginning), options)
        if codes <= {code for code, count in report.totals.items() if count} <= found:
            return beginning
    return None


def _sizes(whole: int) -> Iterator[int]:
    """Yield sizes that double; the last block of the cipher is as incomplete as that of the whole file."""
    blocks = 0
    while (size := blocks * _BLOCK + whole % _BLOCK) < min(whole, _MOST):
        yield size
        blocks = 2 * blocks or 1
