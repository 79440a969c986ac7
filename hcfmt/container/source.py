"""Reads the bytes of an archive from a path, a URL, standard input or a binary file object."""

import io
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, Protocol, TypeGuard

from hcfmt.container.budget import Budget
from hcfmt.container.byte_stream import CHUNK
from hcfmt.errors import UnreadableError, UsageError

if TYPE_CHECKING:
    import hashlib

    from hcfmt.container.urls import Url

STDIN = "-"

WILDCARD = re.compile(r"[*?[]")

ArchiveInput = str | os.PathLike[str] | IO[bytes]
"""A path (``-`` for standard input), a URL (``file``, ``http``, ``https`` or ``s3``), or a binary file object, which is
read from its current position and left open."""


class _File(Protocol):
    def read(self, count: int, /) -> bytes: ...

    def close(self) -> None: ...


class Source:
    """An open stream of bytes.

    ``name`` is for messages and reports; with ``is_file_name``, its suffixes promise the layers. ``size`` is the number
    of bytes to come, None where that is unknown beforehand, ``bytes_read`` the number read so far. ``sha256`` is the
    digest of all bytes in hexadecimal, once they were read, if ``hash_bytes`` was called before.
    """

    __slots__ = (
        "_budget",
        "_closed",
        "_file",
        "_hash",
        "_owned",
        "bytes_read",
        "is_file_name",
        "name",
        "sha256",
        "size",
    )

    def __init__(
        self, file: _File, name: str, budget: Budget, *, owned: bool, is_file_name: bool, size: int | None
    ) -> None:
        """Take an open file; ``owned``: ``close`` closes it."""
        self._file = file
        self._owned = owned
        self._closed = False
        self._budget = budget
        self.name = name
        self.is_file_name = is_file_name
        self.size = size
        self.bytes_read = 0
        self.sha256: str | None = None
        self._hash: hashlib._Hash | None = None

    def hash_bytes(self) -> None:
        """Hash the bytes as they are read, which takes a second or two for a gigabyte."""
        from hashlib import sha256  # noqa: PLC0415 - most runs need no hash, and it takes time to import

        self._hash = sha256()

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes in chunks of at most 256 KiB.

        Raises Fault (budget-exceeded) when the time is up, UsageError where the file cannot be read, ValueError after
        ``close``. It may run in a thread of its own, and so may the budget's ``expired``.
        """
        # Of a pipe, read1 returns the bytes that are there; read waits for a whole chunk.
        read_some = getattr(self._file, "read1", self._file.read)
        while chunk := self._read(read_some):
            self.bytes_read += len(chunk)
            self._budget.spend_time()
            if self._hash:
                self._hash.update(chunk)
            yield chunk
        if self._hash:
            self.sha256 = self._hash.hexdigest()

    def hash_rest(self) -> None:
        """Hash the bytes that are left, where the reading ended early and goes on nowhere else.

        Of more bytes than may be expanded there is no digest: an input may have no end. Raises Fault.
        """
        for _ in self.chunks():
            if self.bytes_read > self._budget.expanded:
                return

    @property
    def is_regular(self) -> bool:
        """Whether this is a regular file, whose bytes never have to be waited for."""
        return _size(self._file) is not None

    def close(self) -> None:
        """End the reading, and close the file; standard input and the caller's file objects stay open."""
        self._closed = True
        if self._owned:
            self._file.close()

    def _read(self, read_some: object) -> bytes:
        if self._closed:
            raise ValueError("The archive is closed.")
        try:
            chunk: object = read_some(CHUNK)  # type: ignore[operator]  # the caller's object may have any method
        except OSError as error:
            raise _unreadable(self.name, error) from None
        if isinstance(chunk, bytes):
            return chunk
        if chunk is None:
            raise UsageError(f"{self.name}: the file object does not block and has no bytes yet: pass one that blocks.")
        raise UsageError(f"{self.name}: the file object returns {type(chunk).__name__}, not bytes: {_BINARY}.")


_BINARY = 'open it in binary mode, as open(path, "rb") does'


def open_source(archive: ArchiveInput, budget: Budget, stdin: BinaryIO | None = None) -> Source | None:
    """Return the bytes of a file, of a file object or, for ``-``, of ``stdin``; None for a directory.

    Raises UsageError for a path or a URL that cannot be read, and for a file object that is closed, not open for
    reading, or open in text mode.
    """
    if not isinstance(archive, str | os.PathLike):
        return _source_of(archive, budget)
    path = _parse(os.fspath(archive))
    if not isinstance(path, str):
        return _remote_source(path, budget)
    if path == STDIN:
        if stdin is None:
            raise UsageError("There is no standard input to read; name a file.")
        return Source(stdin, path, budget, owned=False, is_file_name=False, size=_size(stdin))
    try:
        if not Path(path).is_dir():
            file = Path(path).open("rb")  # noqa: SIM115 - the source closes it
            return Source(file, path, budget, owned=True, is_file_name=True, size=_size(file))
        with os.scandir(path):  # an unreadable directory raises here
            return None
    except OSError as error:
        raise _unreadable(path, error) from None


def input_name(archive: ArchiveInput) -> str:
    """Return the name of an input for messages and reports.

    That is its path, its URL without credentials and query, or of a file object the path that it was opened by, or
    else its type in angle brackets. Raises UsageError for a URL that is not accepted.
    """
    if isinstance(archive, str | os.PathLike):
        parsed = _parse(os.fspath(archive))
        return parsed if isinstance(parsed, str) else parsed.name
    name = getattr(archive, "name", None) if _is_opened_file(archive) else None
    return name if isinstance(name, str) else f"<{type(archive).__name__}>"


def is_url(archive: ArchiveInput) -> bool:
    """Return whether an input is a URL that any machine can read, which ``file://`` is not."""
    return isinstance(archive, str) and not isinstance(_parse(archive), str)


def _source_of(file: IO[bytes], budget: Budget) -> Source:
    name = input_name(file)
    _require_binary(file, name)
    is_file_name = _is_opened_file(file) and isinstance(getattr(file, "name", None), str)
    return Source(file, name, budget, owned=False, is_file_name=is_file_name, size=_size(file))


def _parse(text: str) -> "Url | str":
    """Return the URL that an input is, or its path."""
    if "://" not in text:
        return text
    from hcfmt.container.urls import parse_input  # noqa: PLC0415 - most runs name no URL

    return parse_input(text)


def _remote_source(url: "Url", budget: Budget) -> Source:
    from hcfmt.container.remote import open_url  # noqa: PLC0415 - as above

    file = open_url(url)
    return Source(file, url.name, budget, owned=True, is_file_name=True, size=file.size)


def _require_binary(file: object, name: str) -> None:
    if not hasattr(file, "read"):
        raise UsageError(f"An archive is a path or a binary file object, not {type(file).__name__}.")
    if isinstance(file, io.TextIOBase):
        raise UsageError(f"{name}: the file object is open in text mode: {_BINARY}.")
    if getattr(file, "closed", False):
        raise UsageError(f"{name}: the file object is closed: pass an open one.")
    readable = getattr(file, "readable", None)
    if readable is not None and not readable():
        raise UsageError(f"{name}: the file object is not open for reading: {_BINARY}.")


def _is_opened_file(file: object) -> TypeGuard[IO[bytes]]:
    """Whether a file object is one that ``open`` returns, whose name is that of its own bytes, unlike GzipFile's."""
    raw = file.raw if isinstance(file, io.BufferedReader | io.BufferedRandom | io.BufferedWriter) else file
    return isinstance(raw, io.FileIO) or (isinstance(file, io.TextIOWrapper) and _is_opened_file(file.buffer))


def reason(error: OSError) -> str:
    """Return the operating system's message for an error, without the path that it may contain."""
    return error.strerror or type(error).__name__


def _unreadable(path: str, error: OSError) -> UnreadableError:
    why = reason(error)
    if isinstance(error, FileNotFoundError) and WILDCARD.search(path):
        why = "no file matches this wildcard"
    return UnreadableError(path, f"cannot be read: {why}.")


def _size(file: object) -> int | None:
    """Return the number of bytes left in a regular file, None for anything else."""
    try:
        if not _is_opened_file(file):
            return None
        status = os.fstat(file.fileno())
        return max(0, status.st_size - file.tell()) if stat.S_ISREG(status.st_mode) else None
    except OSError:  # no file at all, or a device that has no position
        return None
