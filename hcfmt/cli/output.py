"""Writing to standard output and error, whatever they are connected to."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TextIO

from hcfmt.errors import UsageError
from hcfmt.report import PLAIN, TextStyle


def style_of(stream: TextIO) -> TextStyle:
    """Return the text style of a stream: a terminal's width and colours; a fixed width without colours elsewhere.

    NO_COLOR, then FORCE_COLOR override the colours (no-color.org, force-color.org).
    """
    terminal = on_terminal(stream)
    colour = not os.environ.get("NO_COLOR") and (terminal or bool(os.environ.get("FORCE_COLOR")))
    return TextStyle(_width(stream) if terminal else PLAIN.width, colour=colour)


def _width(terminal: TextIO) -> int:
    """Return a terminal's width in characters; COLUMNS overrides it."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns):
        return int(columns)
    try:
        return os.get_terminal_size(terminal.fileno()).columns or PLAIN.width
    except OSError:
        return PLAIN.width


def on_terminal(stream: TextIO) -> bool:
    """Return whether a stream is a terminal that understands escape sequences."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


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
