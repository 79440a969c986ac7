"""Where an archive's bytes come from: a file, standard input, or a directory that is its own archive."""

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from hcfmt.container.budget import Budget
from hcfmt.container.byte_stream import CHUNK
from hcfmt.errors import UsageError

STDIN = "-"


class Source:
    """An open stream of bytes; ``size`` is its length where known, ``bytes_read`` how far it was read."""

    __slots__ = ("_budget", "_file", "_name", "_read_some", "bytes_read", "size")

    def __init__(self, file: BinaryIO, name: str, budget: Budget) -> None:
        """Take an open file; ``name`` is for messages."""
        self._file = file
        # Of a pipe what is there, not only when all of a chunk is.
        self._read_some: Callable[[int], bytes] = getattr(file, "read1", file.read)
        self._name = name
        self._budget = budget
        self.size = _size(file)
        self.bytes_read = 0

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes in chunks of 256 KiB. Raises Fault (budget-exceeded) when the time is up, UsageError."""
        while chunk := self._read():
            self.bytes_read += len(chunk)
            self._budget.spend_time()
            yield chunk

    def close(self) -> None:
        """Close the file; standard input belongs to the caller and stays open."""
        if self._name != STDIN:
            self._file.close()

    def _read(self) -> bytes:
        try:
            return self._read_some(CHUNK)
        except OSError as error:
            raise _unreadable(self._name, error) from None


def open_source(path: str, budget: Budget, stdin: BinaryIO | None = None) -> Source | None:
    """Return the bytes of a file, or for ``-`` those of ``stdin``; None for a directory. Raises UsageError."""
    if path == STDIN:
        if stdin is None:
            raise UsageError("There is no standard input to read; name a file.")
        return Source(stdin, path, budget)
    try:
        if not Path(path).is_dir():
            return Source(Path(path).open("rb"), path, budget)
        with os.scandir(path):  # to know now whether it can be read
            return None
    except OSError as error:
        raise _unreadable(path, error) from None


def reason(error: OSError) -> str:
    """Return the system's own words for an error, without the path that it may hold."""
    return error.strerror or type(error).__name__


def _unreadable(path: str, error: OSError) -> UsageError:
    return UsageError(f"{path}: cannot be read: {reason(error)}.")


def _size(file: BinaryIO) -> int | None:
    """Return the length in bytes of a regular file, None of anything else."""
    try:
        status = os.fstat(file.fileno())
    except OSError:  # no file at all, as a stream in memory has it
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None
