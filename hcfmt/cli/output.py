"""Writing to standard output and error, whatever they are connected to."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TextIO

from hcfmt.errors import UsageError


@contextmanager
def standard_output() -> Iterator[TextIO]:
    """Yield standard output and flush it at the end.

    A closed pipe is not an error: the rest of the output is dropped. Raises UsageError if writing fails otherwise, as
    on a full disk.
    """
    try:
        yield sys.stdout
        sys.stdout.flush()
    except BrokenPipeError:
        _drop(sys.stdout)
    except OSError as error:
        _drop(sys.stdout)
        raise UsageError(f"Standard output cannot be written: {error.strerror}.") from None


def write_out(lines: Iterable[str]) -> None:
    """Write lines to standard output; raises UsageError if that fails."""
    with standard_output() as stream:
        stream.writelines(f"{line}\n" for line in lines)


def write_err(lines: Iterable[str]) -> None:
    """Write lines to standard error; a failure is ignored, as null is left to report it."""
    try:
        sys.stderr.writelines(f"{line}\n" for line in lines)
        sys.stderr.flush()
    except OSError:
        _drop(sys.stderr)


def _drop(stream: TextIO) -> None:
    """Redirect a stream to the null device, which Python flushes at exit (Python documentation, "Note on SIGPIPE")."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, stream.fileno())
    os.close(null)
