"""Style of text for people: width, colours, and escapes for characters that could trick a terminal."""

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
# Commands to CI runners in a log: "::error::" at the beginning of a line, where wrapping may put any word; "##vso[",
# "##[" and "##teamcity[" anywhere. The first colon of a text is escaped too, as it may follow another colon.
_COMMAND = re.compile(r"\A *:|(?<=:):|(?<=#)#")


@dataclass(frozen=True, slots=True)
class TextStyle:
    """Style of a stream: ``width`` in characters; without ``colour`` no escape sequence is written."""

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
    r"""Return a text with escapes, such as ``\u202e``, for characters that move a cursor, reorder a line or are unseen.

    Those are Unicode's control, format, surrogate, private use, unassigned and separator characters, except space. The
    colons and number signs with which commands to a CI runner begin (``::error::``) are escaped too.
    """
    escaped = text if text.isprintable() else "".join(char if char.isprintable() else _escape(char) for char in text)
    return _COMMAND.sub(lambda match: match[0][:-1] + _escape(match[0][-1]), escaped)


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if character <= _LAST_OF_FOUR_DIGITS else f"\\U{code:08x}"


def json_text(value: object, indent: int | None = None) -> str:
    r"""Return a value as JSON in ASCII, without commands to CI runners (``##vso[``).

    The second of two number signs is written as a JSON escape, so that a reader of JSON gets the same value.
    """
    return json.dumps(value, indent=indent).replace("##", "#\\u0023")
