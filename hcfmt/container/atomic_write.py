"""A file that appears whole or not at all."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from hcfmt.container.private_files import PRIVATE, private_file, temporary_file
from hcfmt.container.source import STDIN
from hcfmt.errors import UsageError

_LINKS = 40  # that lead from one to the next; what Linux follows


@contextmanager
def atomic_file(path: str, *, force: bool) -> Iterator[BinaryIO]:
    """Give a binary file that takes its place at ``path`` when the block ends well, and vanishes when it does not.

    It is written beside its place under a name of its own, and is its owner's alone, as whatever hcfmt writes may hold
    what was secret. What stands at ``path`` already is only replaced with ``force``, even if it came while the block
    ran, and only if it is a file; its owner's permissions stay, those of others do not. Where ``path`` is a symbolic
    link it is the file that this leads to. Raises UsageError where it cannot be written; an OSError of the block, a
    full disk most likely, counts as that.
    """
    require_file_name(path)
    if is_directory_name(path):
        raise UsageError(f"{path}: is the name of a directory, and this is a file: leave the last slash out.")
    try:
        target, mode = _check(Path(path), force=force)
        with temporary_file(target.parent, mode) as (part, file):
            yield file
            file.flush()
            os.fsync(file.fileno())
            if os.name == "nt":  # where nothing can be renamed that is open; elsewhere that would end its lock
                file.close()
            _place(part, target, force=force)
    except FileExistsError:
        raise UsageError(f"{path}: exists; --force overwrites it.") from None
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror or type(error).__name__}.") from None


def require_file_name(path: str) -> None:
    """Raise UsageError for a path that does not name what is to be written, such as ``.``, ``/`` or ``-``."""
    if Path(path).name in {"", ".."}:
        raise UsageError(f"{path or 'An empty path'}: has no name that something could be written under.")
    if path == STDIN:
        raise UsageError(f"{path}: is no file to write; for one of this name write ./{path}.")


def is_directory_name(path: str) -> bool:
    """Whether a path ends as only that of a directory does: in a slash."""
    return path.endswith(("/", "/.", os.sep, f"{os.sep}."))


def _check(path: Path, *, force: bool) -> tuple[Path, int]:
    """Look before the work is done: devices and directories are never replaced, files only by force.

    Return the path to replace and the permissions that what replaces it has.
    """
    target = path
    with suppress(FileNotFoundError):
        for _ in range(_LINKS):
            mode = target.lstat().st_mode
            if not stat.S_ISLNK(mode):
                break
            if not force:
                raise FileExistsError
            target = target.parent / target.readlink()
        if not stat.S_ISREG(mode):
            raise UsageError(f"{path}: is no file, and is not replaced by one.")
        if not force:
            raise FileExistsError
        return target, mode & PRIVATE
    if target != path:
        raise UsageError(f"{path}: is a link that leads to no file.")
    return path, PRIVATE


def _place(part: Path, target: Path, *, force: bool) -> None:
    if force:
        part.replace(target)
        return
    try:
        target.hardlink_to(part)  # fails where the name is taken, which a renaming does not
    except FileExistsError:
        raise
    except OSError:  # a file system without links: take the name first, then fill it
        private_file(target).close()
        try:
            part.replace(target)
        except BaseException:
            target.unlink()
            raise
