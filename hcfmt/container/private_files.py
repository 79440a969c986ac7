"""Creates private files and directories, and temporary ones that are deleted even if their process is killed.

An archive may hold secrets, so everything is readable by its owner alone from the moment it exists. A temporary file
has a recognisable name and a lock that ends with its process. The next one in the same directory finds those without
a lock, and deletes them.
"""

import os
import re
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

try:
    import fcntl
except ImportError:  # Windows: without locks, no leftovers are recognised
    _HAS_LOCKS = False
else:
    _HAS_LOCKS = True

PRIVATE = 0o600
_DIRECTORY = 0o700
_GROUP_AND_OTHERS = 0o077
_LEFTOVER = re.compile(r"\.?hcfmt-[0-9a-f]{16}\.part")
_READING = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def private_file(path: Path, mode: int = PRIVATE) -> BinaryIO:
    """Create a file for its owner alone and open it to write and read. Raises FileExistsError."""
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode), "w+b")


def private_directory(path: Path) -> None:
    """Create a directory for its owner alone, and missing parents; an existing one stays as it is."""
    if not path.is_dir():
        private_directory(path.parent)
        path.mkdir(_DIRECTORY, exist_ok=True)


@contextmanager
def temporary_file(directory: Path, mode: int = PRIVATE) -> Iterator[tuple[Path, BinaryIO]]:
    """Open a private file in a directory, and delete it at the end of the block; yields its path and the file."""
    with _temporary(directory, ".", Path.unlink) as new, private_file(new, mode) as file:
        yield _claim(new, file.fileno()), file


@contextmanager
def temporary_directory(parent: Path | None = None) -> Iterator[Path]:
    """Create a private directory in ``parent`` (by default the machine's), and delete it at the end of the block.

    If it was renamed before, it stays.
    """
    directory, dot = (_temporary_files(), "") if parent is None else (parent, ".")
    with _temporary(directory, dot, shutil.rmtree) as new:
        new.mkdir(_DIRECTORY)
        if not _HAS_LOCKS:
            yield new
            return
        descriptor = os.open(new, _READING)
        try:
            yield _claim(new, descriptor)
        finally:
            os.close(descriptor)


def delete_leftovers() -> None:
    """Delete what killed processes of this user left in the machine's directory of temporary files."""
    _sweep(_temporary_files())


def _temporary_files() -> Path:
    """Return the machine's directory of temporary files."""
    import tempfile  # noqa: PLC0415 - only writing needs it, and it brings much with it

    return Path(tempfile.gettempdir())


@contextmanager
def _temporary(parent: Path, dot: str, delete: Callable[[Path], object]) -> Iterator[Path]:
    """Yield a new name; at the end of the block, delete that file and the one under its claimed name."""
    _sweep(parent)
    new = parent / f"{dot}hcfmt-{os.urandom(8).hex()}.new"
    try:
        yield new
    finally:
        try:
            _delete_both(new, delete)
        except KeyboardInterrupt:  # the command ignores any further one
            _delete_both(new, delete)
            raise


def _delete_both(new: Path, delete: Callable[[Path], object]) -> None:
    for path in (new, _claimed_name(new)):
        with suppress(OSError):
            delete(path)


def _claimed_name(new: Path) -> Path:
    return new.with_suffix(".part")


def _claim(new: Path, descriptor: int) -> Path:
    """Lock a new file and rename it; a file with the final name and without a lock is a leftover."""
    if not _HAS_LOCKS:
        return new
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # a file system without locks
        return new
    return new.rename(_claimed_name(new))


def _sweep(parent: Path) -> None:
    """Delete the leftovers of this user's killed processes in a directory; anything doubtful stays."""
    if not _HAS_LOCKS:
        return
    with suppress(OSError), os.scandir(parent) as entries:
        for leftover in [Path(entry.path) for entry in entries if _LEFTOVER.fullmatch(entry.name)]:
            with suppress(OSError):
                _delete_leftover(leftover)


def _delete_leftover(path: Path) -> None:
    """Delete a file or directory if it is private to this user and not locked; OSError if it is locked."""
    status = path.lstat()
    is_private = status.st_uid == os.geteuid() and not status.st_mode & _GROUP_AND_OTHERS
    if not is_private or not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
        return
    descriptor = os.open(path, _READING)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not os.path.samestat(status, os.fstat(descriptor)):
            return
        if stat.S_ISDIR(status.st_mode):
            shutil.rmtree(path)
        else:
            path.unlink()
    finally:
        os.close(descriptor)
