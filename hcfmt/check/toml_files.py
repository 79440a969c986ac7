"""Reads files in TOML that somebody wrote by hand: every mistake becomes a sentence."""

from collections.abc import Mapping
from typing import Any

from hcfmt.check.small_files import read_small_file
from hcfmt.errors import UsageError

_LARGEST = 1 << 20  # bytes of a file


def read_bytes(path: str) -> bytes:
    """Return the bytes of a file, of a large one the first mebibyte and one more; raises UsageError."""
    return read_small_file(path, _LARGEST)


def parse_toml(text: bytes) -> Mapping[str, Any]:
    """Return the values of a file's text; raises UsageError, without the file's name."""
    import tomllib  # noqa: PLC0415 - most runs read no such file

    if len(text) > _LARGEST:
        raise UsageError(f"It has more than {_LARGEST:,} bytes.")
    try:
        return tomllib.loads(text.decode())
    except UnicodeDecodeError:
        raise UsageError("It is not UTF-8.") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(f"It is not TOML: {str(error).rstrip('.')}.") from None
