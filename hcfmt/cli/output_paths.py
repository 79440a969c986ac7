"""Checks that a command's output files differ from its input files."""

import os
from pathlib import Path

from hcfmt.errors import UsageError


def require_distinct(option: str, path: str | None, *inputs: str) -> None:
    """Raise UsageError if the file that ``option`` names is also one of the command's ``inputs``."""
    for other in inputs:
        if path is not None and is_same_file(path, other):
            raise UsageError(f"{path}: {option} would overwrite the archive; choose another name.")


def is_same_file(first: str, second: str) -> bool:
    """Whether two paths lead to one file, whether it exists or not."""
    try:
        # For existing files this also finds names that differ only in letter case on a case-insensitive disk.
        return Path(first).samefile(second)
    except OSError:
        return os.path.realpath(first) == os.path.realpath(second)
