"""How a report for people looks: width, colours, and text that no terminal can be tricked by."""

import json
import re
from dataclasses import dataclass

from hcfmt.findings import Severity

_COLOURS = {
    Severity.ERROR: "31;1",
    Severity.WARNING: "33",
    Severity.SUSPECT: "35",
    Severity.INFO: "36",
}
_LAST_OF_FOUR_DIGITS = "\uffff"
# What CI runners take for commands in a log: "::error::" at the beginning of a line, where wrapping may put any word;
# "##vso[", "##[" and "##teamcity[" anywhere. A text's first colon is escaped too, as another may be written behind it.
_COMMAND = re.compile(r"\A *:|(?<=:):|(?<=#)#")


@dataclass(frozen=True, slots=True)
class TextStyle:
    """``width`` is in characters; with ``colour`` unset no escape sequence is written."""

    width: int = 100
    colour: bool = False

    def severity(self, severity: Severity, text: str) -> str:
        """Colour a text by severity (ECMA-48, select graphic rendition)."""
        return f"\x1b[{_COLOURS[severity]}m{text}\x1b[0m" if self.colour else text

    def strong(self, text: str) -> str:
        """Make a text bold."""
        return f"\x1b[1m{text}\x1b[0m" if self.colour else text


PLAIN = TextStyle()


def visible(text: str) -> str:
    r"""Return a text with all that could move a cursor, reorder a line or stay unseen as escapes, such as ``\u202e``.

    Those are what Unicode files under control, format, surrogate, private use, unassigned and separator, except space.
    Colons and number signs that a CI runner could take for the beginning of a command (``::error::``) are escaped too.
    """
    shown = text if text.isprintable() else "".join(one if one.isprintable() else _escape(one) for one in text)
    return _COMMAND.sub(lambda match: match[0][:-1] + _escape(match[0][-1]), shown)


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if character <= _LAST_OF_FOUR_DIGITS else f"\\U{code:08x}"


def json_text(value: object, indent: int | None = None) -> str:
    r"""Return a value as JSON in ASCII without what CI runners take for commands anywhere in a line (``##vso[``).

    Of two number signs the second is written as JSON's own escape, so a reader of JSON gets the same value.
    """
    return json.dumps(value, indent=indent).replace("##", "#\\u0023")
