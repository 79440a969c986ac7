"""A finished report as text, JSON or JSON Lines: one module a format, one table to choose from."""

from collections.abc import Callable, Iterator, Sequence

from hcfmt.report import document, lines, text
from hcfmt.report.text_style import PLAIN, TextStyle
from hcfmt.verdict import Report

Format = Callable[[Sequence[Report], TextStyle], Iterator[str]]
"""Takes all reports of one run, yields lines without their line ends."""

FORMATS: dict[str, Format] = {
    "text": text.render,
    "json": document.render,
    "jsonl": lines.render,
}

__all__ = ["FORMATS", "PLAIN", "Format", "TextStyle"]
