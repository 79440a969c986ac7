"""Reads files beside the archive, such as a configuration, a baseline or a receipt, which are held in memory."""

from pathlib import Path

from hcfmt.errors import UsageError


def read_small_file(path: str, largest: int) -> bytes:
    """Return the bytes of a file; of one with more than ``largest`` bytes so many and one more, which is refused.

    Raises UsageError where the file cannot be read.
    """
    try:
        with Path(path).open("rb") as file:
            return file.read(largest + 1)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}.") from None
