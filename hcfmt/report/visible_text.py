"""Escapes for characters that could trick a terminal or a log."""

import re

_LAST_OF_FOUR_DIGITS = "\uffff"
# Commands to CI runners in a log: "::error::" at the beginning of a line, where wrapping may put any word; "##vso[",
# "##[" and "##teamcity[" anywhere. The first colon of a text is escaped too, as it may follow another colon.
_COMMAND = re.compile(r"\A *:|(?<=:):|(?<=#)#")


def visible(text: str) -> str:
    r"""Return a text with escapes, such as ``\u202e``, for characters that move a cursor, reorder a line or are unseen.

    Those are Unicode's control, format, surrogate, private use, unassigned and separator characters, except space. The
    colons and number signs with which commands to a CI runner begin (``::error::``) are escaped too.
    """
    escaped = text if text.isprintable() else "".join(char if char.isprintable() else _escape(char) for char in text)
    return _COMMAND.sub(lambda match: match[0][:-1] + _escape(match[0][-1]), escaped)


def visible_lines(text: str) -> str:
    """Return a part of a text for a terminal, as ``visible`` does, but with its line ends, tabs and colons."""
    return "".join(char if char.isprintable() or char in "\n\t" else _escape(char) for char in text)


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if character <= _LAST_OF_FOUR_DIGITS else f"\\U{code:08x}"
