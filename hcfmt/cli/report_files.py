"""The option ``--output FORMAT:FILE`` of ``hcfmt validate``: reports written to files besides the printed one."""

import os
from collections.abc import Iterable, Sequence
from itertools import combinations
from pathlib import Path

from hcfmt.cli.output_paths import is_same_file, require_distinct
from hcfmt.container.atomic_write import atomic_file, is_directory_name, require_file_name
from hcfmt.errors import UsageError


def report_files(values: Sequence[str], inputs: Iterable[str]) -> Sequence[tuple[str, str]]:
    """Return the formats and paths of values ``FORMAT:FILE``.

    Raises UsageError, before hours are spent on a check, for a path that is an input or inside one, that is named
    twice, or whose directory is missing.
    """
    files = [(name, path) for name, _, path in (value.partition(":") for value in values)]
    for _, path in files:
        require_writable("--output", path, inputs)
    for (_, first), (_, second) in combinations(files, 2):
        if is_same_file(first, second):
            raise UsageError(f"{second}: --output names this file twice; choose another name.")
    return files


def require_writable(option: str, path: str, inputs: Iterable[str]) -> None:
    """Raise UsageError for a path that is an input or inside one, or whose directory is missing.

    ``option`` is the one that names the path.
    """
    require_file_name(path)
    if is_directory_name(path) or Path(path).is_dir():
        raise UsageError(f"{path}: {option} names a directory; give a file.")
    if not os.access(Path(path).parent, os.W_OK):
        raise UsageError(f"{path}: cannot be written: its directory is missing or protected.")
    for archive in inputs:
        require_distinct(option, path, archive)
        _require_outside(option, path, archive)


def _require_outside(option: str, path: str, archive: str) -> None:
    """Raise UsageError for a path inside an archive that is a directory: the file would become part of it."""
    if Path(archive).is_dir() and Path(path).resolve().is_relative_to(Path(archive).resolve()):
        raise UsageError(f"{path}: {option} would write into the archive; choose a file outside its directory.")


def write_report(path: str, lines: Iterable[str]) -> None:
    """Write the lines of a report to a file, for its owner alone; raise UsageError if that fails."""
    with atomic_file(path, force=True) as file:
        file.writelines(f"{line}\n".encode() for line in lines)
