"""Writes a file so that it appears complete or not at all."""

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from hcfmt.container.distinct_files import FileName, require_not_input
from hcfmt.container.private_files import PRIVATE, private_file, temporary_file
from hcfmt.container.source import STDIN
from hcfmt.errors import UsageError

_MOST_LINKS = 40  # symbolic links in a chain, as on Linux


@contextmanager
def atomic_file(path: str, *, force: bool, inputs: Iterable[FileName] = ()) -> Iterator[BinaryIO]:
    """Open a binary file that is moved to ``path`` when the block ends normally, and deleted when it raises.

    It is written in the same directory under a temporary name, readable by its owner alone: an archive may hold
    secrets. An existing file is replaced only with ``force``, even if it appeared during the block, and only if it is
    regular; it keeps its owner's permissions and loses those of others. A symbolic link stays, and its target is
    written. None of the ``inputs`` is ever replaced. Raises UsageError where the file cannot be written, also for an
    OSError of the block, such as a full disk.
    """
    with _atomic(path, force=force, inputs=inputs) as (_, file):
        yield file


@contextmanager
def atomic_path(path: str, *, force: bool, inputs: Iterable[FileName] = ()) -> Iterator[Path]:
    """Yield the path of an empty file that is moved to ``path`` at the end, as that of ``atomic_file`` is.

    It is for what opens its files itself, and closes them inside the block.
    """
    with _atomic(path, force=force, inputs=inputs) as (part, _):
        yield part


@contextmanager
def _atomic(path: str, *, force: bool, inputs: Iterable[FileName]) -> Iterator[tuple[Path, BinaryIO]]:
    require_file_name(path)
    require_not_input(path, inputs)
    if is_directory_name(path):
        raise UsageError(f"{path}: names a directory, but a file is written: remove the slash at the end.")
    with _explained(path):
        target, mode = _check(Path(path), force=force)
        with temporary_file(target.parent, mode) as (part, file):
            yield part, file
            file.flush()
            os.fsync(file.fileno())
            if os.name == "nt":  # Windows cannot rename an open file; elsewhere, closing it would end its lock
                file.close()
            _move(part, target, force=force)


def require_replaceable(path: str, *, force: bool) -> None:
    """Raise UsageError, before long work begins, if ``atomic_file`` would not replace what exists at a path."""
    with _explained(path):
        _check(Path(path), force=force)


@contextmanager
def _explained(path: str) -> Iterator[None]:
    """Turn an OSError of the block into a UsageError about the path that is written."""
    try:
        yield
    except FileExistsError:
        raise UsageError(f"{path}: exists; --force overwrites it.") from None
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror or type(error).__name__}.") from None


def require_file_name(path: str) -> None:
    """Raise UsageError for a path that cannot be written to, such as ``.``, ``/`` or ``-``."""
    if not path:
        raise UsageError("The path to write is empty.")
    if Path(path).name in {"", ".."}:
        raise UsageError(f"{path}: is not the name of a file or directory to write.")
    if path == STDIN:
        raise UsageError(f"{path}: standard output is not supported; for a file of this name, give ./{path}.")


def is_directory_name(path: str) -> bool:
    """Whether a path ends in a slash, or in a slash and a dot, as only a directory's can."""
    return path.endswith(("/", "/.", os.sep, f"{os.sep}."))


def _check(path: Path, *, force: bool) -> tuple[Path, int]:
    """Return the path to write and the permissions of the new file.

    Raises FileExistsError for an existing file without ``force``, UsageError for a device or a directory.
    """
    target = path
    with suppress(FileNotFoundError):
        for _ in range(_MOST_LINKS):
            mode = target.lstat().st_mode
            if not stat.S_ISLNK(mode):
                break
            if not force:
                raise FileExistsError
            target = target.parent / target.readlink()
        if not stat.S_ISREG(mode):
            raise UsageError(f"{path}: is not a regular file, so it is not overwritten.")
        if not force:
            raise FileExistsError
        return target, mode & PRIVATE
    if target != path:
        raise UsageError(f"{path}: is a symbolic link to a missing file.")
    return path, PRIVATE


def _move(part: Path, target: Path, *, force: bool) -> None:
    if force:
        part.replace(target)
        return
    try:
        target.hardlink_to(part)  # unlike rename, fails where the name is taken
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links: reserve the name first
        private_file(target).close()
        try:
            part.replace(target)
        except BaseException:
            target.unlink()
            raise
