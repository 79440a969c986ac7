"""Where a command writes: every file to a place of its own."""

import os
from pathlib import Path

from hcfmt.errors import UsageError


def need_apart(option: str, path: str | None, *others: str) -> None:
    """Raise UsageError where the file that an option names is another one that the command reads or writes."""
    for other in others:
        if path is not None and _same(path, other):
            raise UsageError(f"{path}: {option} would overwrite the archive: give it another name.")


def _same(one: str, other: str) -> bool:
    try:
        # Of what exists this also knows names that differ in letter case alone, where that makes no difference.
        return Path(one).samefile(other)
    except OSError:
        return os.path.realpath(one) == os.path.realpath(other)
