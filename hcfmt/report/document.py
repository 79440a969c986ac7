"""All reports of a run as one JSON document (schemas/report/report.json)."""

from collections.abc import Iterator, Sequence

from hcfmt.report.rules import Rules
from hcfmt.report.text_style import TextStyle, json_text
from hcfmt.verdict import Report, document


def render(reports: Sequence[Report], _style: TextStyle, _rules: Rules) -> Iterator[str]:
    """Yield the lines of the document, indented, in ASCII; other characters are JSON escapes."""
    yield from json_text(document(reports), 2).split("\n")
