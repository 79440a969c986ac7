"""Style of text for people, width and colours; and JSON that a log can show."""

import textwrap
from collections.abc import Iterator
from enum import Enum

from msgspec import Struct

from hcfmt.findings import Severity
from hcfmt.report.visible_text import visible

INDENT = " " * 9  # of what stands below a finding's severity
SENTENCES = 10  # of each rule, unless all are asked for
_NARROWEST = 40  # characters; narrower text breaks too many words

_COLOURS = {
    Severity.ERROR: "31;1",
    Severity.WARNING: "33",
    Severity.SUSPECT: "35",
    Severity.INFO: "36",
}


class Detail(Enum):
    """How much text is written: verdicts alone, the first findings of each rule, or all that are kept."""

    QUIET = "quiet"
    NORMAL = "normal"
    VERBOSE = "verbose"


class TextStyle(Struct, frozen=True):
    """Style of a stream: ``width`` in characters; without ``colour`` no escape sequence is written.

    ``sentences`` is the number of different sentences that are written of each rule unless ``detail`` is verbose.
    """

    width: int = 100
    colour: bool = False
    detail: Detail = Detail.NORMAL
    sentences: int = SENTENCES

    def severity(self, severity: Severity, text: str) -> str:
        """Colour a text by severity (ECMA-48, select graphic rendition)."""
        return f"\x1b[{_COLOURS[severity]}m{text}\x1b[0m" if self.colour else text

    def strong(self, text: str) -> str:
        """Make a text bold."""
        return f"\x1b[1m{text}\x1b[0m" if self.colour else text

    def wrapped(self, text: str, indent: str) -> Iterator[str]:
        """Yield a text in lines of the width, escaped; the first one begins with ``indent``, the others further in."""
        yield from textwrap.wrap(
            visible(text),
            max(self.width, _NARROWEST),
            initial_indent=indent,
            subsequent_indent=INDENT,
            break_on_hyphens=False,
        )


PLAIN = TextStyle()


def count_of(count: int, noun: str) -> str:
    """Return a number with its noun: ``1 place``, ``2,000 places``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def json_text(value: object, indent: int | None = None) -> str:
    r"""Return a value as JSON in ASCII, without commands to CI runners (``##vso[``).

    The second of two number signs is written as a JSON escape, so that a reader of JSON gets the same value.
    """
    import json  # noqa: PLC0415 - slow to import, and not needed for text

    return json.dumps(value, indent=indent).replace("##", "#\\u0023")
