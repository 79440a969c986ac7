"""Keeps the files that a command writes apart from those that it reads."""

import os
import stat
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from hcfmt.container.source import input_name
from hcfmt.errors import UsageError

FileName = str | os.PathLike[str] | int
"""A path or a ``file://`` URL, or the descriptor of an open file."""


def require_not_input(path: str, inputs: Iterable[FileName]) -> None:
    """Raise UsageError if a path to write is one of the inputs, or is inside a directory that is one.

    Inputs are found under any of their names: links, and on a disk that does not tell them apart, other letter case.
    """
    for name in inputs:
        if is_same_file(path, name):
            raise UsageError(f"{path}: would overwrite an input; choose another name.")
        if _is_directory(name) and any(is_same_file(parent, name) for parent in Path(os.path.realpath(path)).parents):
            raise UsageError(f"{path}: would write into an input; choose a name outside its directory.")


def require_different(path: str, other: str) -> None:
    """Raise UsageError if two files to write are one."""
    if is_same_file(path, other):
        raise UsageError(f"{path}: is named twice as a file to write; choose another name.")


def is_same_file(first: FileName, second: FileName) -> bool:
    """Return whether two names are of one file.

    Files that exist are compared by device and number. Of files that do not, the paths are compared without regard to
    letter case and to the composition of characters, because some systems would make one file of both.
    """
    one, other = _status(first), _status(second)
    if one and other:
        return os.path.samestat(one, other)
    return not one and not other and _folded(first) == _folded(second)


def _status(name: FileName) -> os.stat_result | None:
    """Return what the system knows of a file; None for one that does not exist, or cannot be reached."""
    try:
        return os.stat(name if isinstance(name, int) else input_name(name))  # noqa: PTH116 - descriptors too
    except (OSError, ValueError):
        return None


def _is_directory(name: FileName) -> bool:
    status = _status(name)
    return status is not None and stat.S_ISDIR(status.st_mode)


def _folded(name: FileName) -> str:
    path = "" if isinstance(name, int) else os.path.realpath(input_name(name))
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())
