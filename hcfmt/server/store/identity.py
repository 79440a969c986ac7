"""Which archive a kept store was filled from, told without reading all of it where its last bytes tell enough."""

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
_CHAINED = (b"Salted__", b"\x1f\x8b")  # what files begin with whose last bytes depend on all others


def identity(path: str) -> str:
    """Return what tells an archive from another one.

    Of a sealed or packed file that is its size and a digest of 64 probes of 4 KiB, the first and the last of them at
    its ends: if it differs anywhere it differs in its last bytes as well. Of another file it is its size and a digest
    of the whole, of a directory a digest of the names, sizes and times of change of all that is in it. Raises
    UsageError where it cannot be read, or only once.
    """
    try:
        if Path(path).is_dir():
            return f"directory {_digest(_listing(path))}"
        with Path(path).open("rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise UsageError(f"{path}: what comes through a pipe is not kept: name the archive's file.")
            chained = _probe(file, 0).startswith(_CHAINED)
            chunks = (_probe(file, at) for at in _places(status.st_size)) if chained else _whole(file)
            return f"file {status.st_size} {_digest(chunks)}"
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or type(error).__name__}.") from None


def _places(size: int) -> Iterator[int]:
    last = max(0, size - _PROBE)
    return (last * number // (_PROBES - 1) for number in range(_PROBES))


def _probe(file: BinaryIO, at: int) -> bytes:
    file.seek(at)
    return file.read(_PROBE)


def _whole(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(_CHUNK):
        yield chunk


def _listing(path: str) -> Iterator[bytes]:
    for directory, names, files in os.walk(path):
        names.sort()
        for name in sorted(files):
            status = os.lstat(os.path.join(directory, name))  # noqa: PTH118 - os.walk's own form
            place = os.path.relpath(os.path.join(directory, name), path)  # noqa: PTH118 - the same
            yield f"{place}\0{status.st_size}\0{status.st_mtime_ns}\0".encode("utf-8", "surrogateescape")


def _digest(chunks: Iterator[bytes]) -> str:
    digest = sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()
