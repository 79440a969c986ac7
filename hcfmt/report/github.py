"""Reports as workflow commands of GitHub, which its runner turns into annotations of errors, warnings and notices.

The runner takes ten annotations of a kind from a step and drops the others, so that what is above is summed up in one.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct

from hcfmt.findings import Severity
from hcfmt.report.extracts import sentence_with_place, severities, verdict_sentence
from hcfmt.report.importers import importer_sentence
from hcfmt.report.run import Run
from hcfmt.report.suppressed import gone_sentence, suppressed_sentence
from hcfmt.report.text_style import count_of
from hcfmt.report.visible_text import visible
from hcfmt.verdict import Report, Verdict

MOST = 10  # annotations of a kind
_KINDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.SUSPECT: "notice", Severity.INFO: "notice"}
_FIRST = -1  # rank of what is no finding


class _Annotation(Struct, frozen=True):
    """An annotation; of lower ``rank``, the number of those of its rule before it, it is shown rather than others."""

    kind: str
    rank: int
    input: str
    code: str
    title: str
    message: str


def render(reports: Sequence[Report], run: Run) -> Iterator[str]:
    """Yield a command a line: at most ten of a kind, each rule's first finding rather than another's second."""
    annotations = [annotation for report in reports for annotation in _annotations(report, run)]
    if gone := gone_sentence(run):
        annotations.append(_Annotation("error", _FIRST, "", "hcfmt", "hcfmt", visible(gone)))
    counts = _counts(reports, annotations, run)
    for kind in dict.fromkeys(_KINDS.values()):
        total = sum(counts[kind].values())
        own = [annotation for annotation in annotations if annotation.kind == kind]
        shown = MOST if total <= MOST else MOST - 1
        chosen = sorted(sorted(range(len(own)), key=lambda number: own[number].rank)[:shown])
        for number in chosen:
            yield _command(own[number])
        rest = counts[kind] - Counter(own[number].code for number in chosen)
        if total > len(chosen):
            codes = ", ".join(f"{code} ({count:,})" for code, count in sorted(rest.items())[:MOST])
            more = f"{count_of(total - len(chosen), f'more {kind}')}, not shown here: {codes}"
            yield f"::{kind} title=hcfmt::{_escaped(visible(more))}"


def _annotations(report: Report, run: Run) -> Iterator[_Annotation]:
    """Yield the annotations of a report, of each rule as many as could be shown."""
    if report.verdict is Verdict.INCOMPLETE or report.failed:
        yield _Annotation("error", _FIRST, report.input, "hcfmt", "hcfmt", verdict_sentence(report))
    ranks = Counter[str]()
    for finding in report.findings:
        if ranks[finding.code] < MOST:
            title = " ".join(filter(None, (finding.code, finding.name, finding.subcode)))
            message = sentence_with_place(finding.location, finding.message)
            rank, kind = ranks[finding.code], _kind(finding.severity, run)
            yield _Annotation(kind, rank, report.input, finding.code, title, message)
            ranks[finding.code] += 1
    if suppressed := suppressed_sentence(report):
        yield _Annotation("notice", _FIRST, report.input, "hcfmt", "hcfmt", visible(suppressed))
    for verdict in report.importers:
        lost = "error" if run.fail_on_loss else "warning"
        kind = lost if verdict.loses else "notice"
        yield _Annotation(kind, _FIRST, report.input, "hcfmt", "hcfmt", importer_sentence(verdict))


def _kind(severity: Severity, run: Run) -> str:
    """Return the kind of a finding's annotation: what fails the run is an error."""
    return "error" if severity.at_least(run.fail_on) else _KINDS[severity]


def _counts(reports: Sequence[Report], annotations: Sequence[_Annotation], run: Run) -> dict[str, Counter[str]]:
    """Return how many annotations of each kind there would be without a limit, by code."""
    counts = {kind: Counter[str]() for kind in _KINDS.values()}
    for annotation in annotations:
        if annotation.rank == _FIRST:
            counts[annotation.kind][annotation.code] += 1
    for report in reports:
        levels = severities(report)
        for code, total in report.totals.items():
            counts[_kind(levels[code], run)][code] += total
    return counts


def _command(annotation: _Annotation) -> str:
    file = "" if annotation.input in {"", "-"} else f"file={_property(annotation.input)},"
    return f"::{annotation.kind} {file}title={_property(annotation.title)}::{_escaped(annotation.message)}"


def _property(text: str) -> str:
    """Return any text as the value of a property of a command."""
    return re.sub("[:,]", lambda match: f"%{ord(match[0]):02X}", _escaped(visible(text)))


def _escaped(text: str) -> str:
    """Return visible text, which has no line ends, as the data of a command."""
    return text.replace("%", "%25")
