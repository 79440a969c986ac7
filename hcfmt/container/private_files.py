"""Private files and directories, and temporary ones that are gone at their end or, after a kill, at the next start.

What is secret in an archive stays so outside of it: all that this module creates is its owner's alone from the moment
it exists. A temporary file or directory has a name that says it is hcfmt's, and a lock that ends with its process,
however that ends. So whoever makes the next one beside it can tell that it was left, and deletes it.
"""

import os
import re
import secrets
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

try:
    import fcntl
except ImportError:  # Windows: nothing is locked there, and so nothing is taken for left
    _HAS_LOCKS = False
else:
    _HAS_LOCKS = True

PRIVATE = 0o600
_DIRECTORY = 0o700
_OTHERS = 0o077
_LEFT = re.compile(r"\.?hcfmt-[0-9a-f]{16}\.part")
_READING = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def private_file(path: Path, mode: int = PRIVATE) -> BinaryIO:
    """Create a file that its owner alone can use, and open it to be written and read; FileExistsError where one is."""
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode), "w+b")


def private_directory(path: Path) -> None:
    """Create a directory that its owner alone can use, and those above it, where there is none."""
    if not path.is_dir():
        private_directory(path.parent)
        path.mkdir(_DIRECTORY, exist_ok=True)


@contextmanager
def temporary_file(directory: Path, mode: int = PRIVATE) -> Iterator[tuple[Path, BinaryIO]]:
    """Give a private file below a directory, open to be written, and its path; it is gone at the end of the block."""
    with _temporary(directory, ".", Path.unlink) as new, private_file(new, mode) as file:
        yield _claimed(new, file.fileno()), file


@contextmanager
def temporary_directory(parent: Path | None = None) -> Iterator[Path]:
    """Give a private directory, below the machine's own one for that unless told; it is gone at the end of the block.

    What takes another name before that stays.
    """
    place, dot = (Path(tempfile.gettempdir()), "") if parent is None else (parent, ".")
    with _temporary(place, dot, shutil.rmtree) as new:
        new.mkdir(_DIRECTORY)
        if not _HAS_LOCKS:
            yield new
            return
        descriptor = os.open(new, _READING)
        try:
            yield _claimed(new, descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def _temporary(parent: Path, dot: str, delete: Callable[[Path], object]) -> Iterator[Path]:
    """Give the name of something new; at the end of the block there is nothing of this name or of the one it claims."""
    _sweep(parent)
    new = parent / f"{dot}hcfmt-{secrets.token_hex(8)}.new"
    try:
        yield new
    finally:
        try:
            _forget(new, delete)
        except KeyboardInterrupt:  # the command hears only the first one
            _forget(new, delete)
            raise


def _forget(new: Path, delete: Callable[[Path], object]) -> None:
    for path in (new, _claim(new)):
        with suppress(OSError):
            delete(path)


def _claim(new: Path) -> Path:
    return new.with_suffix(".part")


def _claimed(new: Path, descriptor: int) -> Path:
    """Lock something new, and return its name from now on: only what is locked has one that may be taken for left."""
    if not _HAS_LOCKS:
        return new
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # a file system without locks
        return new
    return new.rename(_claim(new))


def _sweep(parent: Path) -> None:
    """Delete what killed processes of this user left in a directory; what is not certain to be that stays."""
    if not _HAS_LOCKS:
        return
    with suppress(OSError), os.scandir(parent) as entries:
        for left in [Path(entry.path) for entry in entries if _LEFT.fullmatch(entry.name)]:
            with suppress(OSError):
                _delete_left(left)


def _delete_left(path: Path) -> None:
    """Delete a file or directory, if it is this user's alone and nobody holds its lock; raises OSError if not."""
    found = path.lstat()
    is_ours = found.st_uid == os.geteuid() and not found.st_mode & _OTHERS
    if not is_ours or not (stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)):
        return
    descriptor = os.open(path, _READING)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not os.path.samestat(found, os.fstat(descriptor)):
            return
        if stat.S_ISDIR(found.st_mode):
            shutil.rmtree(path)
        else:
            path.unlink()
    finally:
        os.close(descriptor)
