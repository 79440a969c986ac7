"""Writing to standard output and error, whatever they are connected to."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TextIO

from hcfmt.errors import UsageError
from hcfmt.report import PLAIN, TextStyle


def style_of(stream: TextIO) -> TextStyle:
    """Return how text looks on a stream: on a terminal its width and colours, elsewhere the same text everywhere.

    NO_COLOR and FORCE_COLOR decide on colours before that, in this order (no-color.org, force-color.org).
    """
    terminal = on_terminal(stream)
    colour = not os.environ.get("NO_COLOR") and (terminal or bool(os.environ.get("FORCE_COLOR")))
    return TextStyle(_width(stream) if terminal else PLAIN.width, colour=colour)


def _width(terminal: TextIO) -> int:
    """Return a terminal's width in characters; COLUMNS overrules it."""
    told = os.environ.get("COLUMNS", "")
    if told.isdecimal() and int(told):
        return int(told)
    try:
        return os.get_terminal_size(terminal.fileno()).columns or PLAIN.width
    except OSError:
        return PLAIN.width


def on_terminal(stream: TextIO) -> bool:
    """Whether a stream is a terminal that understands escape sequences."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


@contextmanager
def standard_output() -> Iterator[TextIO]:
    """Give standard output, and flush it.

    A reader that went away is no error of ours, and what it would have read is dropped. Raises UsageError where it
    cannot be written, as on a full disk.
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
    """Write lines to standard output; raises UsageError where that fails."""
    with standard_output() as stream:
        stream.writelines(f"{line}\n" for line in lines)


def write_err(lines: Iterable[str]) -> None:
    """Write lines to standard error; where that fails there is nobody left to tell."""
    try:
        sys.stderr.writelines(f"{line}\n" for line in lines)
        sys.stderr.flush()
    except OSError:
        _drop(sys.stderr)


def _drop(stream: TextIO) -> None:
    """Send to nowhere what Python would flush at exit (Python documentation, "Note on SIGPIPE")."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
