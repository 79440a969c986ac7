"""The verdict on each input and what was checked, in a few lines; the total of several inputs."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hcfmt.findings import Severity
from hcfmt.report.extracts import not_checked, severities
from hcfmt.report.importers import importer_sentence
from hcfmt.report.suppressed import suppressed_sentence
from hcfmt.report.text_style import Detail, TextStyle, count_of
from hcfmt.report.visible_text import visible
from hcfmt.verdict import Report, Status, Verdict

_MOST_CODES = 8  # in a list of codes
_COUNTABLE = {Severity.ERROR, Severity.WARNING}


def summary(reports: Sequence[Report], style: TextStyle) -> Iterator[str]:
    """Yield the verdicts for standard error, while a report for programs goes to standard output."""
    for report in reports:
        yield verdict_line(report, style)
        if style.detail is not Detail.QUIET and holds_anything(report.inventory):
            yield from coverage(report, style)
        for verdict in report.importers:
            yield from style.wrapped(f"for {importer_sentence(verdict)}", "  ")
    if len(reports) > 1:
        yield from total(reports, style)


def verdict_line(report: Report, style: TextStyle) -> str:
    """Return the verdict on one input and why: ``export.tar.gz.aes: invalid (2 errors, 1 warning)``."""
    reason = report.why.partition(":")[0] if report.decided_by in report.totals else report.why.removesuffix(".")
    why = [reason] if report.verdict is Verdict.INCOMPLETE else []
    decided = {report.decided_by} if why else set()
    totals = {code: n for code, n in report.totals.items() if n > 1 or code not in decided}
    counts = severity_counts(severities(report), totals)
    reasons = "; ".join(visible(reason) for reason in (*why, counts, _suppressed([report])) if reason)
    return f"{style.strong(f'{visible(report.input)}: {report.verdict}')} ({reasons or 'no finding'})"


def total(reports: Sequence[Report], style: TextStyle) -> Iterator[str]:
    """Yield what the reports of several inputs amount to: ``12 inputs: 10 valid, 2 invalid (3 errors)``."""
    verdicts = Counter(report.verdict for report in reports)
    judged = ", ".join(f"{verdicts[verdict]:,} {verdict}" for verdict in Verdict if verdicts[verdict])
    totals, levels = Counter[str](), dict[str, Severity]()
    for report in reports:
        totals.update(report.totals)
        levels |= severities(report)
    counts = severity_counts(levels, totals)
    reasons = "; ".join(filter(None, (counts, _suppressed(reports))))
    yield f"{style.strong(f'{len(reports):,} inputs: {judged}')} ({reasons or 'no finding'})"


def holds_anything(inventory: Mapping[str, Any]) -> bool:
    """Whether anything but layers was read: whether an inventory has a number other than zero."""
    return any(_anything(value) for key, value in inventory.items() if key not in {"layers", "dialect"})


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
    return ", ".join(count_of(count, name.removesuffix("s")) for name, count in counts.items())


def coverage(report: Report, style: TextStyle) -> Iterator[str]:
    """Yield what an archive holds, what was checked, and what was not."""
    inventory: Mapping[str, Any] = report.inventory
    dialect = inventory["dialect"]
    told_by = f": {'; '.join(dialect['told_by'])}" if style.detail is Detail.VERBOSE and dialect["told_by"] else ""
    if dialect["confidence"] != "assumed":  # as where nothing was read
        yield from style.wrapped(f"dialect: {dialect['name']} ({dialect['confidence']}{told_by})", "  ")
    yield from style.wrapped(f"holds: {one_line(inventory)}", "  ")
    statuses = Counter(entry.status for entry in report.ledger)
    rules = ", ".join(f"{statuses[status]} {status}" for status in Status if statuses[status])
    yield from style.wrapped(f"rules: {rules}", "  ")
    for reason, codes in not_checked(report).items():
        listed = ", ".join(codes) if style.detail is Detail.VERBOSE else first_codes(codes)
        yield from style.wrapped(f"not fully checked ({reason}): {listed}", "  ")
    if suppressed := suppressed_sentence(report):
        yield from style.wrapped(suppressed, "  ")


def _suppressed(reports: Sequence[Report]) -> str:
    """Return how many findings do not count: ``14 suppressed``; "" for none."""
    count = sum(sum(codes.values()) for report in reports for codes in report.suppressed.values())
    return f"{count:,} suppressed" if count else ""


def severity_counts(levels: Mapping[str, Severity], totals: Mapping[str, int]) -> str:
    """Return the number of findings of each severity, by severity and number of each code: ``2 errors, 1 warning``."""
    counts = Counter[Severity]()
    for code, count in totals.items():
        counts[levels[code]] += count
    return ", ".join(
        count_of(counts[severity], severity) if severity in _COUNTABLE else f"{counts[severity]:,} {severity}"
        for severity in Severity
        if counts[severity]
    )


def _anything(value: object) -> bool:
    """Whether there is a number other than zero in a tree of counts."""
    if isinstance(value, Mapping):
        return any(map(_anything, value.values()))
    return any(map(_anything, value)) if isinstance(value, list) else bool(value)


def first_codes(codes: Sequence[str]) -> str:
    """Return the first codes of a list, and the number of the others."""
    first = ", ".join(codes[:_MOST_CODES])
    return first if len(codes) <= _MOST_CODES else f"{first} and {len(codes) - _MOST_CODES} more"
