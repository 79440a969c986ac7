"""Reports as JSON Lines (schemas/report/line.json): a finding a line, and each input's summary after its findings."""

from collections.abc import Iterator, Sequence

from hcfmt.report.document import FORMAT_VERSION, TOOL, finding_json, summary_json
from hcfmt.report.text_style import TextStyle, json_text, well_formed
from hcfmt.verdict import Report


def render(reports: Sequence[Report], _: TextStyle) -> Iterator[str]:
    """Yield one JSON object a line."""
    for report in reports:
        name = well_formed(report.input)
        for finding in report.findings:
            yield json_text({"type": "finding", "input": name, **finding_json(finding)})
        summary = {"type": "summary", "format_version": FORMAT_VERSION, "tool": TOOL, "input": name}
        yield json_text({**summary, "verdict": report.verdict, **summary_json(report)})
