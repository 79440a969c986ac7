"""Style of text for people, width and colours; and JSON that a log can show."""

from msgspec import Struct

from hcfmt.findings import Severity

_COLOURS = {
    Severity.ERROR: "31;1",
    Severity.WARNING: "33",
    Severity.SUSPECT: "35",
    Severity.INFO: "36",
}


class TextStyle(Struct, frozen=True):
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


def json_text(value: object, indent: int | None = None) -> str:
    r"""Return a value as JSON in ASCII, without commands to CI runners (``##vso[``).

    The second of two number signs is written as a JSON escape, so that a reader of JSON gets the same value.
    """
    import json  # noqa: PLC0415 - slow to import, and not needed for text

    return json.dumps(value, indent=indent).replace("##", "#\\u0023")
