"""Writes a directory so that it appears complete or not at all."""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from hcfmt.container.atomic_write import require_file_name
from hcfmt.container.distinct_files import FileName, require_not_input
from hcfmt.container.private_files import temporary_directory
from hcfmt.container.source import reason
from hcfmt.errors import UsageError


@contextmanager
def atomic_directory(
    path: str, *, force: bool, is_result: Callable[[Path], bool], inputs: Iterable[FileName] = ()
) -> Iterator[Path]:
    """Yield an empty private directory that is renamed to ``path`` when the block ends normally, else deleted.

    An empty directory at the path is replaced. One with files is replaced only with ``force``, and only if
    ``is_result`` says that it is an earlier result and holds nothing else. A symbolic link stays, and its target is
    written. None of the ``inputs`` is ever replaced. Raises UsageError where the directory cannot be written.
    """
    target = require_free_directory(path, force=force, is_result=is_result, inputs=inputs)
    with _explained(path), temporary_directory(target.parent) as new:
        yield new
        require_free_directory(path, force=force, is_result=is_result, inputs=inputs)
        _move(new, target)


def require_free_directory(
    path: str, *, force: bool, is_result: Callable[[Path], bool], inputs: Iterable[FileName] = ()
) -> Path:
    """Return the real path that ``atomic_directory`` would write, before long work begins. Raises UsageError."""
    require_file_name(path)
    require_not_input(path, inputs)
    target = Path(os.path.realpath(path))
    with _explained(path):
        if target.is_dir():
            is_empty = not any(target.iterdir())
            if not is_empty and not is_result(target):
                raise UsageError(f"{path}: holds other files; name a new or an empty directory.")
            if not is_empty and not force:
                raise UsageError(f"{path}: exists; --force overwrites it.")
        elif target.exists():
            raise UsageError(f"{path}: is no directory; name a new or an empty directory.")
    return target


def _move(new: Path, target: Path) -> None:
    """Rename the new directory; the old one is aside meanwhile, and comes back if that fails."""
    aside = target.with_name(f"{target.name}.old-{os.urandom(4).hex()}")
    is_old = target.is_dir()
    if is_old:
        target.rename(aside)
    try:
        new.rename(target)
    except BaseException:
        if is_old:
            aside.rename(target)
        raise
    if is_old:
        shutil.rmtree(aside)


@contextmanager
def _explained(path: str) -> Iterator[None]:
    """Turn an OSError of the block into a UsageError about the path that is written."""
    try:
        yield
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {reason(error)}.") from None
