"""Reports as JUnit XML, as Jenkins and GitLab read test reports: a test suite an input, a test case a rule.

A rule fails whose findings make an archive invalid; what did not examine everything is skipped, with the reason. The
first test case is the verdict, and an error where not everything was checked: what was not checked is never a pass.
"""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from hcfmt.findings import Finding, Severity
from hcfmt.report.extracts import not_listed, not_listed_sentence, sentence_with_place, verdict_sentence
from hcfmt.report.importers import importer_sentence
from hcfmt.report.rules import Rules
from hcfmt.report.run import Run
from hcfmt.report.suppressed import gone_sentence, suppressed_sentence
from hcfmt.report.text_style import count_of
from hcfmt.report.visible_text import visible
from hcfmt.verdict import Entry, Report, Status, Verdict

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


class _Case(Struct, frozen=True):
    """A test case: its outcome is ``""``, ``failure``, ``error`` or ``skipped``; ``notes`` follow its findings."""

    name: str
    outcome: str = ""
    message: str = ""
    findings: Sequence[Finding] = ()
    notes: Sequence[str] = ()


def render(reports: Sequence[Report], run: Run) -> Iterator[str]:
    """Yield the lines of the document."""
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<testsuites name="hcfmt">'
    for report in reports:
        cases = [*_cases(report, run)]
        counts = {kind: sum(case.outcome == kind for case in cases) for kind in ("failure", "error", "skipped")}
        numbers = f'failures="{counts["failure"]}" errors="{counts["error"]}" skipped="{counts["skipped"]}"'
        yield f'<testsuite name="{_escaped(report.input)}" tests="{len(cases)}" {numbers} time="0">'
        for case in cases:
            yield from _lines(case, report.input)
        yield from _output(report, run)
        yield "</testsuite>"
    if gone := gone_sentence(run):
        case = _Case("baseline", "failure", gone)
        yield '<testsuite name="baseline" tests="1" failures="1" errors="0" skipped="0" time="0">'
        yield from _lines(case, "baseline")
        yield "</testsuite>"
    yield "</testsuites>"


def _cases(report: Report, run: Run) -> Iterator[_Case]:
    yield _Case("verdict", _outcome(report), verdict_sentence(report))
    findings: dict[str, list[Finding]] = {}
    for finding in report.findings:
        findings.setdefault(finding.code, []).append(finding)
    more = not_listed(report)
    for entry in report.ledger:
        found = findings.get(entry.code, ())
        name = f"{entry.code} {found[0].name}" if found else _title(entry.code, run.rules)
        if found and _fails(found[0].severity, run):
            notes = [not_listed_sentence(entry.code, more[entry.code])] if entry.code in more else []
            notes += [f"Not fully checked: {entry.reason}."] if entry.reason else []
            yield _Case(name, "failure", count_of(report.totals[entry.code], "finding"), found, notes)
        else:
            yield _Case(name, *_skipped(entry))
    for verdict in report.importers:
        failed = verdict.loses and run.fail_on_loss
        yield _Case(f"for {verdict.importer}", "failure" if failed else "", importer_sentence(verdict))


def _outcome(report: Report) -> str:
    if report.verdict is Verdict.INCOMPLETE or report.failed:
        return "error"
    return "failure" if report.verdict is Verdict.INVALID else ""


def _skipped(entry: Entry) -> tuple[str, str]:
    """Return outcome and message of a rule that does not fail."""
    if entry.status is Status.SUPPRESSED:
        return "skipped", "Suppressed: what the rule found does not count."
    if entry.reason:
        return "skipped", f"Not fully checked: {entry.reason}."
    if entry.status is Status.NOT_APPLICABLE:
        return "skipped", "Not applicable: the archive holds nothing that the rule examines."
    return "", ""


def _title(code: str, rules: Rules) -> str:
    return f"{code} {rules[code].name}" if code in rules else code


def _fails(severity: Severity, run: Run) -> bool:
    return severity.at_least(run.fail_on)


def _lines(case: _Case, suite: str) -> Iterator[str]:
    """Yield the lines of a test case."""
    head = f'<testcase classname="{_escaped(suite)}" name="{_escaped(case.name)}" time="0"'
    if not case.outcome:
        yield f"{head}/>"
    elif case.outcome == "skipped":
        yield f"{head}><skipped>{_escaped(case.message)}</skipped></testcase>"
    else:
        yield f'{head}><{case.outcome} type="{case.outcome}" message="{_escaped(case.message)}">'
        for finding in case.findings:
            yield _escaped(sentence_with_place(finding.location, finding.message))
        yield from map(_escaped, case.notes)
        yield f"</{case.outcome}></testcase>"


def _output(report: Report, run: Run) -> Iterator[str]:
    """Yield what no test case says: the verdict, the importers, and findings that fail nothing."""
    yield "<system-out>"
    yield _escaped(verdict_sentence(report))
    if suppressed := suppressed_sentence(report):
        yield _escaped(suppressed)
    for verdict in report.importers:
        yield _escaped(importer_sentence(verdict))
    more = not_listed(report)
    for finding in report.findings:
        if not _fails(finding.severity, run):
            place = sentence_with_place(finding.location, finding.message)
            yield _escaped(f"{finding.severity} {finding.code} {finding.name}: {place}")
    passing = {finding.code for finding in report.findings if not _fails(finding.severity, run)}
    for code in more:
        if code in passing:
            yield _escaped(not_listed_sentence(code, more[code]))
    yield "</system-out>"


def _escaped(text: str) -> str:
    """Return any text for an element or an attribute; characters that XML forbids are visible escapes."""
    return visible(text).translate(_ESCAPES)
