"""The option ``--output FORMAT:FILE`` of ``hcfmt validate``: reports written to files besides the printed one."""

import os
from collections.abc import Iterable, Sequence
from itertools import combinations
from pathlib import Path

from hcfmt.container.atomic_write import atomic_file, is_directory_name, require_file_name
from hcfmt.container.distinct_files import FileName, require_different, require_not_input
from hcfmt.errors import UsageError


def report_files(
    values: Sequence[str], inputs: Iterable[FileName], others: Iterable[str] = ()
) -> Sequence[tuple[str, str]]:
    """Return the formats and paths of values ``FORMAT:FILE``.

    Raises UsageError, before hours are spent on a check, for a path that is an input or inside one, that is named
    twice or as one of the ``others`` that are written too, or whose directory is missing.
    """
    files = [(name, path) for name, _, path in (value.partition(":") for value in values)]
    for _, path in files:
        require_writable("--output", path, inputs)
    written = [*(path for _, path in files), *others]
    for path, other in combinations(written, 2):
        require_different(other, path)
    return files


def require_writable(option: str, path: str, inputs: Iterable[FileName]) -> None:
    """Raise UsageError for a path that is an input or inside one, or whose directory is missing.

    ``option`` is the one that names the path.
    """
    require_file_name(path)
    if is_directory_name(path) or Path(path).is_dir():
        raise UsageError(f"{path}: {option} names a directory; give a file.")
    if not os.access(Path(path).parent, os.W_OK):
        raise UsageError(f"{path}: cannot be written: its directory is missing or protected.")
    require_not_input(path, inputs)


def write_report(path: str, lines: Iterable[str]) -> None:
    """Write the lines of a report to a file, for its owner alone; raise UsageError if that fails."""
    with atomic_file(path, force=True) as file:
        file.writelines(f"{line}\n".encode() for line in lines)
