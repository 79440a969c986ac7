"""Reports as JSON Lines (schemas/report/line.json): a finding a line, and each input's summary after its findings.

Then come the accepted findings of a baseline that are gone, an entry a line, and last the exit status of the run.
"""

from collections.abc import Iterator, Sequence

from hcfmt.json_values import plain
from hcfmt.report.run import Run
from hcfmt.report.text_style import json_text
from hcfmt.verdict import FORMAT_VERSION, TOOL, Report, gone_rows


def render(reports: Sequence[Report], run: Run) -> Iterator[str]:
    """Yield one JSON object a line, in ASCII."""
    for report in reports:
        for finding in report.findings:
            yield json_text(plain({"type": "finding", "input": report.input, **finding.to_dict()}))
        summary = {"type": "summary", "format_version": FORMAT_VERSION, "tool": TOOL, "input": report.input}
        yield json_text(plain({**summary, "verdict": report.verdict, **report.summary()}))
    for row in gone_rows(run.gone):
        yield json_text(plain({"type": "gone", **row}))
    yield json_text({"type": "end", "exit_status": int(run.status)})
