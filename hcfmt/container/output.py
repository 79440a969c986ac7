"""A file that appears whole or not at all."""

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from hcfmt.errors import UsageError


@contextmanager
def whole_file(path: str, *, force: bool) -> Iterator[BinaryIO]:
    """Give a binary file that takes its place at ``path`` when the block ends well, and vanishes when it does not.

    It is written beside its place under a name of its own. What stands at ``path`` already is only replaced with
    ``force``, even if it came while the block ran, and only if it is a file. Raises UsageError where it cannot be
    written; an OSError of the block, a full disk most likely, counts as that.
    """
    target = Path(path)
    try:
        _check(target, force=force)
        part = target.with_name(f".{secrets.token_hex(8)}.part")
        try:
            with part.open("xb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            _place(part, target, force=force)
        finally:
            part.unlink(missing_ok=True)
    except FileExistsError:
        raise UsageError(f"{path}: exists; --force overwrites it.") from None
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror or type(error).__name__}.") from None


def _check(target: Path, *, force: bool) -> None:
    """Look before the work is done: devices and directories are never replaced, files only by force."""
    with suppress(FileNotFoundError):
        mode = target.lstat().st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISLNK(mode)):
            raise UsageError(f"{target}: is no file, and is not replaced by one.")
        if not force:
            raise FileExistsError


def _place(part: Path, target: Path, *, force: bool) -> None:
    if force:
        part.replace(target)
        return
    try:
        target.hardlink_to(part)  # fails where the name is taken, which a renaming does not
    except FileExistsError:
        raise
    except OSError:  # a file system without links: take the name first, then fill it
        target.open("xb").close()
        try:
            part.replace(target)
        except BaseException:
            target.unlink()
            raise
