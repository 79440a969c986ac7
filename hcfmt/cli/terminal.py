"""What standard output and error can show, whatever they are connected to."""

import os
from typing import TextIO

from hcfmt.report.text_style import PLAIN, TextStyle


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
