"""Opens one input as often as it is read: a stream that comes once is kept in a temporary file."""

import io
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import IO, BinaryIO, cast

from hcfmt.container import STDIN, Archive, ArchiveInput, Budget, Password, input_name, is_url, open_archive
from hcfmt.container.source import Source, open_source, reason
from hcfmt.errors import UsageError


class Input:
    """An input that ``archive`` opens from its beginning, again and again; ``close`` ends all readings.

    A path and a URL are opened anew. A binary file object that can seek is read from the position that it has now, each
    reading with a position of its own. Standard input, a pipe and a file object that cannot seek are copied to a
    temporary file without a name, as they are: encrypted if they are encrypted.
    """

    def __init__(
        self,
        archive: ArchiveInput,
        *,
        password: Password | None,
        digests: Sequence[str],
        budget: Budget,
        stdin: BinaryIO | None,
    ) -> None:
        """Take an input and what opens it. Raises UsageError where it cannot be read."""
        self._name = input_name(archive)
        self._password = password
        self._digests = digests
        self._budget = budget
        self._open: list[Archive] = []
        self._copy: IO[bytes] | None = None
        self._closed = False
        self._next = self._reopening(archive, stdin)

    def close(self) -> None:
        """Close every archive that is open, and delete the copy."""
        self._closed = True
        for archive in self._open:
            archive.__exit__(None, None, None)
        if self._copy:
            self._copy.close()

    @contextmanager
    def archive(self) -> Iterator[Archive]:
        """Open the archive for one reading. Raises UsageError as ``open_archive`` does, and after ``close``."""
        if self._closed:
            raise UsageError("The export is closed: read it inside the with block of open_export.")
        archive = open_archive(self._next(), password=self._password, digests=self._digests, budget=self._budget)
        archive.name = self._name  # what is read may be a copy
        # A function is called once, and of several passwords the right one is tried first from now on.
        self._password = archive.password or self._password
        self._digests = (archive.digest,) if archive.digest else self._digests
        self._open.append(archive)
        try:
            with archive:
                yield archive
        finally:
            self._open.remove(archive)

    def _reopening(self, archive: ArchiveInput, stdin: BinaryIO | None) -> Callable[[], ArchiveInput]:
        """Return a function that returns the input for its next reading."""
        is_path = isinstance(archive, str | os.PathLike) and os.fspath(archive) != STDIN
        if is_path and is_url(archive):
            return lambda: archive
        source = open_source(archive, self._budget, stdin)
        if source is None:  # a directory
            return lambda: archive
        if is_path and source.is_regular:
            source.close()
            return lambda: archive
        file = stdin if isinstance(archive, str | os.PathLike) else archive
        start = None if is_path else _position(file)
        if file is None or start is None:
            file, start = self._copied(source), 0
        return partial(_view, file, start)

    def _copied(self, source: Source) -> IO[bytes]:
        """Return a temporary file with the bytes of a source."""
        self._copy = copy = tempfile.TemporaryFile()  # noqa: SIM115 - ``close`` closes it
        try:
            for chunk in source.chunks():
                copy.write(chunk)
            copy.flush()
        except OSError as error:
            raise UsageError(f"{source.name}: cannot be copied to a temporary file: {reason(error)}.") from None
        finally:
            source.close()
        return copy


class _View(io.RawIOBase):
    """The bytes of a file from a position on, read with a position of its own."""

    def __init__(self, file: IO[bytes], start: int) -> None:
        self._file = file
        self._at = start

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        self._file.seek(self._at)
        data = self._file.read(size)
        self._at += len(data or b"")
        return data


def _view(file: IO[bytes], start: int) -> IO[bytes]:
    return cast("IO[bytes]", _View(file, start))


def _position(file: object) -> int | None:
    """Return the position of a file object that can seek, None of any other."""
    try:
        return file.tell() if file.seekable() else None  # type: ignore[attr-defined]  # may have any method
    except (AttributeError, OSError):
        return None
