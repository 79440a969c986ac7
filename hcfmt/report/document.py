"""All reports of a run as one JSON document (schemas/report/report.json)."""

from collections.abc import Iterator, Sequence

from hcfmt.report.run import Run
from hcfmt.report.text_style import json_text
from hcfmt.verdict import Report, document


def render(reports: Sequence[Report], run: Run) -> Iterator[str]:
    """Yield the lines of the document, indented, in ASCII; other characters are JSON escapes."""
    yield from json_text(document(reports, run.status, run.gone), 2).split("\n")
