"""The table of output formats of reports: one module renders each."""

from collections.abc import Callable, Iterator, Sequence

from hcfmt.report import document, lines, text
from hcfmt.report.rules import Rules
from hcfmt.report.text_style import TextStyle
from hcfmt.verdict import Report

Format = Callable[[Sequence[Report], TextStyle, Rules], Iterator[str]]
"""Yields the lines, without line ends, of all reports of a run."""

FORMATS: dict[str, Format] = {
    "text": text.render,
    "json": document.render,
    "jsonl": lines.render,
}
