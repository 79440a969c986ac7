"""Identifies the archive of a kept store: by its last bytes where they depend on all others, else by all its bytes."""

import os
import stat
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from hcfmt.errors import UsageError

_PROBES = 64
_PROBE = 4096  # bytes
_CHUNK = 1 << 20  # bytes
_CHAINED = (b"Salted__", b"\x1f\x8b")  # the first bytes of formats whose last bytes depend on all others


def archive_identity(path: str) -> str:
    """Return a text that differs between any two archives.

    For an encrypted or gzipped file the text has the size and a digest of 64 probes of 4 KiB, the first and the last at
    the ends: any change changes the last bytes too. For another file it has the size and a digest of all bytes, for a
    directory a digest of the names, sizes and modification times of its files. Raises UsageError for an archive that
    cannot be read, or only once.
    """
    try:
        if Path(path).is_dir():
            return f"directory {_digest(_listing(path))}"
        with Path(path).open("rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise UsageError(f"{path}: a pipe can be read only once: --store needs a file or a directory.")
            is_chained = _probe(file, 0).startswith(_CHAINED)
            chunks = (_probe(file, at) for at in _offsets(status.st_size)) if is_chained else _chunks(file)
            return f"file {status.st_size} {_digest(chunks)}"
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or type(error).__name__}.") from None


def _offsets(size: int) -> Iterator[int]:
    """Return the offsets of the probes in a file."""
    last = max(0, size - _PROBE)
    return (last * number // (_PROBES - 1) for number in range(_PROBES))


def _probe(file: BinaryIO, offset: int) -> bytes:
    file.seek(offset)
    return file.read(_PROBE)


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    """Yield all bytes of a file."""
    file.seek(0)
    while chunk := file.read(_CHUNK):
        yield chunk


def _listing(path: str) -> Iterator[bytes]:
    """Yield the path, size and modification time of every file in a directory, in a fixed order."""
    for directory, names, files in os.walk(path):
        names.sort()
        for name in sorted(files):
            status = os.lstat(os.path.join(directory, name))  # noqa: PTH118 - os.walk's own form
            relative = os.path.relpath(os.path.join(directory, name), path)  # noqa: PTH118 - the same
            yield f"{relative}\0{status.st_size}\0{status.st_mtime_ns}\0".encode("utf-8", "surrogateescape")


def _digest(chunks: Iterator[bytes]) -> str:
    digest = sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()
