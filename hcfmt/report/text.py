"""Reports as text for people: findings with their places, and a summary of what was checked."""

import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hcfmt.findings import Finding, Location, Severity
from hcfmt.report.importers import importer_lines, importer_sentence
from hcfmt.report.run import Run
from hcfmt.report.text_style import TextStyle
from hcfmt.report.visible_text import visible
from hcfmt.verdict import Report, Status

_INDENT = " " * 9
_NARROWEST = 40  # characters; narrower text breaks too many words
_MOST_CODES = 8  # in a list of codes


def render(reports: Sequence[Report], run: Run) -> Iterator[str]:
    """Yield the findings of every input, below its name if there are several inputs."""
    style = run.style
    for report in reports:
        if len(reports) > 1 and report.findings:
            yield style.strong(visible(report.input))
        listed = Counter(finding.code for finding in report.findings)
        for finding in report.findings:
            yield from _finding(finding, style)
        for code, total in report.totals.items():
            if total > listed[code]:
                more = (
                    f"{total - listed[code]:,} more of {visible(code)} are counted and not shown: see --max-findings."
                )
                yield from _wrapped(more, style, _INDENT)
        for verdict in report.importers:
            yield from importer_lines(verdict, style)


def _finding(finding: Finding, style: TextStyle) -> Iterator[str]:
    """Yield rule, place and message of a finding; a place is never broken, so that it can be copied."""
    kind = f"{finding.name} ({finding.subcode})" if finding.subcode else finding.name
    head = visible(f"{finding.severity:<8} {finding.code} {kind}")
    location = _location_text(finding.location)
    fits = len(head) + len(location) + 2 <= style.width
    yield style.severity(finding.severity, head) + (f"  {location}" if location and fits else "")
    if not fits:
        yield f"{_INDENT}{location}"
    yield from _wrapped(finding.message, style, _INDENT)


def _location_text(location: Location) -> str:
    """Return a location as text; the byte only of a layer or a header, as messages on JSON text name theirs."""
    byte = "" if location.byte is None or location.pointer is not None else f"byte {location.byte}"
    return visible(" ".join(part for part in (str(location), byte) if part))


def _wrapped(text: str, style: TextStyle, first: str) -> Iterator[str]:
    width = max(style.width, _NARROWEST)
    yield from textwrap.wrap(
        visible(text), width, initial_indent=first, subsequent_indent=_INDENT, break_on_hyphens=False
    )


def summary(report: Report, style: TextStyle) -> Iterator[str]:
    """Yield the summary of one input for standard error: the verdict, its content, and what was not checked."""
    severities = {finding.code: finding.severity for finding in report.findings}
    counts = Counter[Severity]()
    for code, total in report.totals.items():
        counts[severities[code]] += total
    found = ", ".join(_count_of(counts[severity], severity) for severity in Severity if counts[severity])
    yield f"{style.strong(f'{visible(report.input)}: {report.verdict}')} ({found or 'no finding'})"
    inventory: Mapping[str, Any] = report.inventory
    if inventory["dialect"]["confidence"] != "assumed":  # as where nothing was read
        yield f"  dialect: {inventory['dialect']['name']} ({inventory['dialect']['confidence']})"
    yield from _wrapped(f"holds: {one_line(inventory)}", style, "  ")
    statuses = Counter(entry.status for entry in report.ledger)
    rules = ", ".join(f"{statuses[status]} {status}" for status in Status if statuses[status])
    yield from _wrapped(f"rules: {rules}", style, "  ")
    reasons: dict[str, list[str]] = {}
    for entry in report.ledger:
        if entry.reason:
            reasons.setdefault(entry.reason, []).append(entry.code)
    for reason, codes in reasons.items():
        yield from _wrapped(f"not fully checked ({reason}): {_first_codes(codes)}", style, "  ")
    for verdict in report.importers:
        yield from _wrapped(f"for {importer_sentence(verdict)}", style, "  ")
    for code in sorted(severities, key=lambda code: list(Severity).index(severities[code]))[:1]:
        yield f"  'hcfmt rule {visible(code)}' explains a finding and says what to do."


def one_line(inventory: Mapping[str, Any]) -> str:
    """Return the inventory of a report as one line."""
    counts = {
        "users": inventory["users"]["total"],
        "rooms": inventory["rooms"]["total"],
        "emoticons": inventory["emoticons"],
        "autojoins": inventory["autojoins"],
        "messages": inventory["messages"]["distinct"],
        "stored files": sum(kind["count"] for kind in inventory["files"].values()),
    }
    return ", ".join(f"{count:,} {name.removesuffix('s') if count == 1 else name}" for name, count in counts.items())


def _count_of(count: int, severity: Severity) -> str:
    many = "s" if count > 1 and severity in {Severity.ERROR, Severity.WARNING} else ""
    return f"{count:,} {severity}{many}"


def _first_codes(codes: Sequence[str]) -> str:
    """Return the first codes of a list, and the number of the others."""
    first = ", ".join(codes[:_MOST_CODES])
    return first if len(codes) <= _MOST_CODES else f"{first} and {len(codes) - _MOST_CODES} more"
