"""How a report for people looks: width, colours, and text that no terminal can be tricked by."""

from dataclasses import dataclass

from hcfmt.findings import Severity

_COLOURS = {
    Severity.ERROR: "31;1",
    Severity.WARNING: "33",
    Severity.SUSPECT: "35",
    Severity.INFO: "36",
}
_LAST_OF_FOUR_DIGITS = "\uffff"


@dataclass(frozen=True, slots=True)
class Look:
    """``width`` is in characters; with ``colour`` unset no escape sequence is written."""

    width: int = 100
    colour: bool = False

    def severity(self, severity: Severity, text: str) -> str:
        """Colour a text by severity (ECMA-48, select graphic rendition)."""
        return f"\x1b[{_COLOURS[severity]}m{text}\x1b[0m" if self.colour else text

    def strong(self, text: str) -> str:
        """Make a text bold."""
        return f"\x1b[1m{text}\x1b[0m" if self.colour else text


PLAIN = Look()


def visible(text: str) -> str:
    r"""Return a text with all that could move a cursor, reorder a line or stay unseen as escapes, such as ``\u202e``.

    Those are what Unicode files under control, format, surrogate, private use, unassigned and separator, except space.
    """
    return "".join(character if character.isprintable() else _escape(character) for character in text)


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if character <= _LAST_OF_FOUR_DIGITS else f"\\U{code:08x}"


def well_formed(text: str) -> str:
    r"""Return a text with its lone surrogates spelt out (``\udcff``): strict readers of JSON refuse them as escapes."""
    return text.encode("utf-8", "backslashreplace").decode()
