"""All reports of a run as one JSON document (schemas/report/report.json)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

from hcfmt.findings import Finding
from hcfmt.report.text_style import TextStyle, json_text, well_formed, well_formed_value
from hcfmt.verdict import Report
from hcfmt.version import __version__

FORMAT_VERSION = 2
TOOL = {"name": "hcfmt", "version": __version__}


def render(reports: Sequence[Report], _: TextStyle) -> Iterator[str]:
    """Yield the document, indented, in ASCII: what else a text holds is written as JSON's own escapes."""
    document = {
        "format_version": FORMAT_VERSION,
        "tool": TOOL,
        "reports": [
            {
                "input": well_formed(report.input),
                "verdict": report.verdict,
                "findings": [finding_json(finding) for finding in report.findings],
                **summary_json(report),
            }
            for report in reports
        ],
    }
    yield from json_text(document, 2).split("\n")


def finding_json(finding: Finding) -> Mapping[str, object]:
    """Return a finding as a JSON object; what is not known is null."""
    place = finding.location
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity,
        "message": well_formed(finding.message),
        "values": well_formed_value(finding.values),
        "location": {
            "member": None if place.member is None else well_formed(place.member),
            "pointer": None if place.pointer is None else well_formed(place.pointer),
            "line": place.line,
            "byte": place.byte,
        },
        "subcode": finding.subcode,
    }


def summary_json(report: Report) -> Mapping[str, object]:
    """Return what a report says beside its findings."""
    return {
        "totals": report.totals,
        "ledger": [asdict(entry) for entry in report.ledger],
        "inventory": report.inventory,
    }
