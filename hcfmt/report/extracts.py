"""What several formats take from a report: places, counts, and what was not checked."""

from collections import Counter
from collections.abc import Mapping, Sequence

from hcfmt.findings import Location, Severity
from hcfmt.report.text_style import count_of
from hcfmt.report.visible_text import visible
from hcfmt.verdict import Report


def place_text(location: Location) -> str:
    """Return a place as visible text, "" for a whole archive; with its byte if that is one of a layer or a header."""
    byte = "" if location.byte is None or location.pointer is not None else f"byte {location.byte}"
    return visible(" ".join(part for part in (str(location), byte) if part))


def sentence_with_place(location: Location, message: str) -> str:
    """Return a message as visible text after its place, as in ``users.json#/0/User/id: It is null.``."""
    return ": ".join(part for part in (place_text(location), visible(message)) if part)


def severities(report: Report) -> Mapping[str, Severity]:
    """Return the severity of each code that a report counts; it holds a finding of each."""
    return {finding.code: finding.severity for finding in report.findings}


def not_listed(report: Report, listed: Counter[str] | None = None) -> Mapping[str, int]:
    """Return how many findings of each code are counted and not listed; by default, those that a report lacks."""
    listed = Counter(finding.code for finding in report.findings) if listed is None else listed
    return {code: total - listed[code] for code, total in report.totals.items() if total > listed[code]}


def not_checked(report: Report) -> Mapping[str, Sequence[str]]:
    """Return the codes of the rules that did not examine everything, by the reason."""
    codes: dict[str, list[str]] = {}
    for entry in report.ledger:
        if entry.reason:
            codes.setdefault(entry.reason, []).append(entry.code)
    return codes


def verdict_sentence(report: Report) -> str:
    """Return the verdict on an archive and why, as visible text."""
    return visible(f"{report.verdict}: {report.why}" if report.why else report.verdict)


def not_listed_sentence(code: str, count: int) -> str:
    """Return the sentence for findings of a rule that are counted and not listed, as visible text."""
    return (
        f"{count_of(count, 'more finding')} of {visible(code)} {'is' if count == 1 else 'are'} counted and not listed."
    )
