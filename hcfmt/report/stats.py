"""Inventory of a report as text, as Markdown and as JSON."""

import textwrap
from collections.abc import Iterator
from typing import Any

from hcfmt.findings import Severity
from hcfmt.json_values import plain
from hcfmt.report.inventory_tables import tables
from hcfmt.report.pages import escaped
from hcfmt.report.summary import holds_anything
from hcfmt.report.tables import aligned, as_markdown, code
from hcfmt.report.text_style import TextStyle
from hcfmt.report.visible_text import visible
from hcfmt.verdict import TOOL, Report, Verdict

FORMAT_VERSION = 1  # of the JSON of ``hcfmt stats``


def text(report: Report, top: int, style: TextStyle, blocks: str) -> Iterator[str]:
    """Yield lines for people; ``top`` is the number of rooms in the table, ``blocks`` are the characters of bars."""
    yield style.strong(visible(f"{report.input}: {report.verdict}"))
    severity = Severity.ERROR if report.verdict is Verdict.INCOMPLETE else Severity.WARNING
    for sentence in caveat(report):
        for line in textwrap.wrap(sentence, style.width, break_on_hyphens=False):
            yield style.severity(severity, line)
    for table in tables(report.inventory, top).values():
        yield ""
        yield from aligned(table, style, blocks)


def markdown(report: Report, top: int) -> Iterator[str]:
    """Yield the lines of ``text`` as Markdown, without bars."""
    yield f"## {code(report.input)}: {report.verdict}"
    for sentence in caveat(report):
        # A backquote begins code in Markdown but not for ``escaped``.
        yield from ("", escaped(sentence.replace("`", "\\u0060")))
    for table in tables(report.inventory, top).values():
        yield ""
        yield from as_markdown(table)


def document(report: Report) -> dict[str, Any]:
    """Return the numbers as plain JSON values (schemas/report/stats.json)."""
    stats = {
        "format_version": FORMAT_VERSION,
        "tool": TOOL,
        "input": report.input,
        "verdict": report.verdict,
        "inventory": report.inventory,
    }
    return {name: plain(value) for name, value in stats.items()}


def caveat(report: Report) -> Iterator[str]:
    """Yield a line about content that the numbers do not cover, if any; unprintable characters are escaped."""
    if report.verdict is Verdict.INCOMPLETE:
        read = (
            "The numbers cover only what could be read."
            if holds_anything(report.inventory)
            else "No content could be read."
        )
        yield visible(f"{read} {report.why}").rstrip()
    elif report.verdict is Verdict.INVALID:
        found = sum(report.totals.values())
        counted, they = ("is 1 finding", "it concerns") if found == 1 else (f"are {found:,} findings", "they concern")
        yield f"There {counted}; what {they} may be missing in the numbers. 'hcfmt validate' lists what was found."
