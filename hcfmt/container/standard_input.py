"""Copies standard input to a private file, for what reads an archive several times."""

from pathlib import Path
from typing import BinaryIO

from hcfmt.container.private_files import private_file
from hcfmt.errors import UsageError

_CHUNK = 1 << 20  # bytes


def copy_of_standard_input(stdin: BinaryIO | None, directory: Path) -> str:
    """Return the path of a copy of standard input in a private directory. Raises UsageError if there is none."""
    if stdin is None:
        raise UsageError("There is no standard input to read; name a file.")
    path = directory / "input"
    with private_file(path) as file:
        while chunk := stdin.read(_CHUNK):
            file.write(chunk)
    return str(path)
