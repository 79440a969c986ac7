"""Reads a directory as an archive: its entries are the members, in the order of their names; links are not followed."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import BinaryIO

from hcfmt.container.budget import Budget
from hcfmt.container.byte_stream import CHUNK
from hcfmt.container.member import Member, MemberKind, path_parts
from hcfmt.container.source import reason
from hcfmt.errors import UnreadableError

# Windows lacks both; there each entry is opened by its whole path, which a concurrent change may redirect.
BY_DESCRIPTOR = os.open in os.supports_dir_fd and os.scandir in os.supports_fd and hasattr(os, "O_NOFOLLOW")
_SAFE = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_DIRECTORY = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)
_REPARSE_POINT = 0x400  # FILE_ATTRIBUTE_REPARSE_POINT: junctions, which Windows reports as directories

Parts = tuple[str, ...]


class Directory:
    """The members of a directory.

    Paths are relative, with ``/`` between their parts and after directories, as in a tar. A member's size is that of
    its file when it is opened: a file that grows is read to that size, one that shrinks raises UsageError. Each entry
    is opened relative to its open directory, so a link created meanwhile is never followed.
    """

    __slots__ = ("_budget", "_parent", "_parent_parts", "_root")

    def __init__(self, path: str, budget: Budget) -> None:
        """Take the path of a directory; a link in this path itself is followed."""
        self._root = path
        self._budget = budget
        self._parent: int | None = None
        self._parent_parts: Parts = ()

    def members(self) -> Iterator[Member]:
        """Yield each entry, a directory before its content. Raises Fault (budget-exceeded), UsageError."""
        try:
            count, pending = 0, self._entries((), 0)
            while pending:
                self._budget.spend_time()
                parts = pending.pop()
                count += 1
                with self._opened(parts) as member:
                    if member.kind is MemberKind.DIRECTORY:
                        pending += self._entries(parts, count + len(pending))
                    yield member
        except OSError as error:
            raise self._unreadable(error) from None
        finally:
            self._leave()

    def file(self, path: str) -> Iterator[Member]:
        """Yield the file of a path, none where there is no file, or a link on the way to it. Raises UsageError."""
        parts = tuple(path_parts(path))
        if not parts or not all(map(_is_name, parts)):
            return
        try:
            if all(self._is_directory(parts[:length]) for length in range(1, len(parts))):
                with self._opened(parts) as member:
                    if member.kind is MemberKind.FILE:
                        yield member
        except FileNotFoundError:
            return
        except OSError as error:
            raise self._unreadable(error) from None
        finally:
            self._leave()

    def _is_directory(self, parts: Parts) -> bool:
        return _kind(Path(self._root, *parts).lstat()) is MemberKind.DIRECTORY

    def _entries(self, parts: Parts, count: int) -> list[Parts]:
        """Return the paths of a directory's entries, the first name last; ``count`` members were found before."""
        self._enter(parts)
        paths = []
        with os.scandir(Path(self._root, *parts) if self._parent is None else self._parent) as entries:
            for entry in entries:
                paths.append((*parts, entry.name))
                if count + len(paths) > self._budget.members:
                    raise self._budget.exceeded("members", "members")
        return sorted(paths, reverse=True)

    @contextmanager
    def _opened(self, parts: Parts) -> Iterator[Member]:
        """Open one entry as a member, whose payload can be read inside the context."""
        self._enter(parts[:-1])
        name = os.fspath(Path(self._root, *parts)) if self._parent is None else parts[-1]
        raw = os.fsencode("/".join(parts))
        if len(raw) > self._budget.path:
            raise self._budget.exceeded("path", "bytes in a member's name")
        path = raw.decode("utf-8", "surrogateescape")
        kind = _kind(os.stat(name, dir_fd=self._parent, follow_symlinks=False))
        if kind is not MemberKind.FILE:
            yield Member(path + "/" * (kind is MemberKind.DIRECTORY), 0, kind, iter(()))
            return
        with os.fdopen(os.open(name, os.O_RDONLY | _SAFE, dir_fd=self._parent), "rb", buffering=0) as file:
            status = os.fstat(file.fileno())
            yield Member(path, status.st_size, _kind(status), self._payload(file, status.st_size))

    def _payload(self, file: BinaryIO, size: int) -> Iterator[bytes]:
        while size:
            try:
                chunk = file.read(min(size, CHUNK))
            except OSError as error:
                raise self._unreadable(error) from None
            if not chunk:
                raise UnreadableError(self._root, "a file in this directory became shorter while it was read.")
            size -= len(chunk)
            yield chunk

    def _unreadable(self, error: OSError) -> UnreadableError:
        return UnreadableError(self._root, f"an entry of this directory cannot be read: {reason(error)}.")

    def _enter(self, parts: Parts) -> None:
        """Open a directory below the root, step by step; only one is open at a time, however deep the tree."""
        if not BY_DESCRIPTOR or (self._parent is not None and parts == self._parent_parts):
            return
        self._leave()
        self._parent = os.open(self._root, _DIRECTORY)
        for part in parts:
            inner = os.open(part, _DIRECTORY | _SAFE, dir_fd=self._parent)
            os.close(self._parent)
            self._parent = inner
        self._parent_parts = parts

    def _leave(self) -> None:
        if self._parent is not None:
            os.close(self._parent)
            self._parent = None


def _is_name(part: str) -> bool:
    """Whether a part of a path is the name of an entry, on Windows without a drive or a backslash."""
    return part != ".." and "\0" not in part and PurePath(part).name == part


def _kind(status: os.stat_result) -> MemberKind:
    """Return the kind of an entry; a reparse point of Windows is a link."""
    if stat.S_ISLNK(status.st_mode) or getattr(status, "st_file_attributes", 0) & _REPARSE_POINT:
        return MemberKind.LINK
    if stat.S_ISDIR(status.st_mode):
        return MemberKind.DIRECTORY
    return MemberKind.FILE if stat.S_ISREG(status.st_mode) else MemberKind.SPECIAL
