"""Which archive a kept store was filled from, told without reading all of it."""

import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from hcfmt.errors import UsageError

_PROBES = 64
_PROBE = 4096  # bytes


def identity(path: str) -> str:
    """Return what tells an archive from another one.

    Of a file that is its size and a digest of 64 probes of 4 KiB, the first and the last of them at its ends: a sealed
    or packed file that differs anywhere differs in its last bytes as well. Of a directory it is a digest of the names,
    sizes and times of change of all that is in it. Raises UsageError where it cannot be read.
    """
    try:
        if Path(path).is_dir():
            return f"directory {_digest(_listing(path))}"
        with Path(path).open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            return f"file {size} {_digest(_probe(file, at) for at in _places(size))}"
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or type(error).__name__}.") from None


def _places(size: int) -> Iterator[int]:
    last = max(0, size - _PROBE)
    return (last * number // (_PROBES - 1) for number in range(_PROBES))


def _probe(file: BinaryIO, at: int) -> bytes:
    file.seek(at)
    return file.read(_PROBE)


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
