"""Writes files below a new directory: private, never through a link, each complete or not at all."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from hcfmt.container.directory import BY_DESCRIPTOR
from hcfmt.container.private_files import PRIVATE, private_directory
from hcfmt.container.source import reason
from hcfmt.errors import UsageError

# Windows lacks descriptors of directories; there each file is opened by its whole path.
_BY_DESCRIPTOR = BY_DESCRIPTOR and {os.mkdir, os.link, os.rename, os.unlink} <= os.supports_dir_fd
_PRIVATE_DIRECTORY = 0o700
_DIRECTORY = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | _NO_LINK

Parts = tuple[str, ...]


class NewTree:
    """A directory that is created, or was empty, and the files and directories written below it.

    Only their owner can read them. Each directory is opened relative to the open one above it, so that a link that
    another program puts there is never followed. A file is written under a temporary name, and gets its own when it is
    whole, which replaces nothing. Every method raises UsageError where the system refuses.
    """

    def __init__(self, root: str, name: str | None = None) -> None:
        """Take the path of the root, and the name that errors have for it.

        Raises UsageError unless the path is free or an empty directory.
        """
        self._root = root
        self._name_in_errors = name or root
        self._is_open = False
        self._descriptor: int | None = None
        self._parent: int | None = None
        self._parent_parts: Parts | None = None
        self._part = f".hcfmt-{os.urandom(8).hex()}.part"
        if not root:
            raise UsageError("The path of the directory to write is empty.")
        try:
            with os.scandir(root) as entries:
                if next(entries, None):
                    raise UsageError(f"{root}: is not empty; name a new or an empty directory.")
        except FileNotFoundError:
            if Path(root).is_symlink():
                raise UsageError(f"{root}: is a symbolic link to a missing directory.") from None
        except OSError as error:
            raise self._refused(error) from None

    def open(self) -> None:
        """Create the root if it is missing."""
        if self._is_open:
            return
        try:
            private_directory(Path(self._root))
            if _BY_DESCRIPTOR:
                self._descriptor = os.open(self._root, _DIRECTORY)
        except OSError as error:
            raise self._refused(error) from None
        self._is_open = True

    def close(self) -> None:
        """Close the open directories."""
        self._leave()
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def make_directory(self, parts: Parts) -> None:
        """Create a directory below the root, and those above it; it may exist."""
        self.open()
        try:
            self._enter(parts)
        except OSError as error:
            raise self._refused(error) from None

    def write_file(self, parts: Parts, chunks: Iterable[bytes]) -> int:
        """Write a file below the root, and return its size. If the chunks raise an exception, it leaves no file."""
        self.open()
        part = self._name((), self._part)
        try:
            try:
                with self._new_file(part, self._descriptor) as file:
                    file.writelines(chunks)
                    size = file.tell()
                self._enter(parts[:-1])
                self._move(part, self._name(parts[:-1], parts[-1]))
            finally:
                with suppress(FileNotFoundError):
                    os.unlink(part, dir_fd=self._descriptor)
        except FileExistsError:
            raise UsageError(
                f"{self._name_in_errors}: another program writes to this directory; choose another one."
            ) from None
        except OSError as error:
            raise self._refused(error) from None
        return size

    def _new_file(self, name: str | bytes, directory: int | None) -> BinaryIO:
        return os.fdopen(os.open(name, _NEW, PRIVATE, dir_fd=directory), "wb")

    def _move(self, part: str | bytes, name: str | bytes) -> None:
        """Give the temporary file its name. Raises FileExistsError."""
        try:
            os.link(part, name, src_dir_fd=self._descriptor, dst_dir_fd=self._parent)
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links: reserve the name first
            self._new_file(name, self._parent).close()
            os.replace(part, name, src_dir_fd=self._descriptor, dst_dir_fd=self._parent)

    def _enter(self, parts: Parts) -> None:
        """Open a directory below the root step by step, and create what is missing."""
        if parts == self._parent_parts:
            return
        if not _BY_DESCRIPTOR:
            private_directory(Path(self._root, *parts))
            self._parent_parts = parts
            return
        self._leave()
        self._parent = os.open(b".", _DIRECTORY, dir_fd=self._descriptor)
        for part in parts:
            inner = self._opened(part.encode())
            os.close(self._parent)
            self._parent = inner
        self._parent_parts = parts

    def _opened(self, name: bytes) -> int:
        """Open a directory in the open one, or create it."""
        try:
            return os.open(name, _DIRECTORY | _NO_LINK, dir_fd=self._parent)
        except FileNotFoundError:
            os.mkdir(name, _PRIVATE_DIRECTORY, dir_fd=self._parent)
            return os.open(name, _DIRECTORY | _NO_LINK, dir_fd=self._parent)

    def _leave(self) -> None:
        if self._parent is not None:
            os.close(self._parent)
        self._parent = self._parent_parts = None

    def _name(self, above: Parts, name: str) -> str | bytes:
        """Return the name of a file in its open directory, in UTF-8 whatever the locale; on Windows its path."""
        return name.encode() if _BY_DESCRIPTOR else os.fspath(Path(self._root, *above, name))

    def _refused(self, error: OSError) -> UsageError:
        return UsageError(f"{self._name_in_errors}: cannot be written: {reason(error)}.")
