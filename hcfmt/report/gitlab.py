"""Reports as GitLab's Code Quality reads them: an array of issues, each with a fingerprint that no other has."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b

from hcfmt.findings import Severity
from hcfmt.report.extracts import not_listed, not_listed_sentence, sentence_with_place, severities, verdict_sentence
from hcfmt.report.importers import importer_sentence
from hcfmt.report.run import Run
from hcfmt.report.suppressed import gone_sentence, suppressed_sentence
from hcfmt.report.text_style import json_text
from hcfmt.report.visible_text import visible
from hcfmt.verdict import Report, Verdict

_SEVERITIES = {
    Severity.ERROR: "critical",
    Severity.WARNING: "major",
    Severity.SUSPECT: "minor",
    Severity.INFO: "info",
}
_UNCHECKED = "blocker"


def render(reports: Sequence[Report], run: Run) -> Iterator[str]:
    """Yield the lines of the array, in ASCII, an issue a line."""
    yield "["
    before, used = "", Counter[str]()
    for path, key, issue in _issues(reports, run):
        known = f"{path}\n{key}"
        used[known] += 1
        digest = blake2b(f"{known}\n{used[known]}".encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
        if before:
            yield f"{before},"
        location = {"path": visible(path), "lines": {"begin": 1}}
        before = json_text({**issue, "fingerprint": digest, "location": location})
    if before:
        yield before
    yield "]"


def _issues(reports: Sequence[Report], run: Run) -> Iterator[tuple[str, str, Mapping[str, object]]]:
    """Yield the path of each issue, what tells it from others of this path, and the issue without both."""
    for report in reports:
        for key, issue in _issues_of(report, run):
            yield report.input, key, issue
    if gone := gone_sentence(run):
        yield "baseline", "gone", _issue("baseline", "critical", gone)


def _issues_of(report: Report, run: Run) -> Iterator[tuple[str, Mapping[str, object]]]:
    if report.verdict is Verdict.INCOMPLETE or report.failed:
        yield "verdict", _issue("verdict", _UNCHECKED, verdict_sentence(report))
    for finding in report.findings:
        unchecked = report.verdict is Verdict.INCOMPLETE and finding.code == report.decided_by
        severity = _UNCHECKED if unchecked else _SEVERITIES[finding.severity]
        text = sentence_with_place(finding.location, finding.message)
        yield finding.fingerprint, _issue(f"{finding.code} {finding.name}", severity, text)
    levels = severities(report)
    for code, more in not_listed(report).items():
        yield f"more of {code}", _issue(code, _SEVERITIES[levels[code]], not_listed_sentence(code, more))
    if suppressed := suppressed_sentence(report):
        yield "suppressed", _issue("suppressed", "info", visible(suppressed))
    for verdict in report.importers:
        severity = ("critical" if run.fail_on_loss else "major") if verdict.loses else "info"
        yield f"for {verdict.importer}", _issue(f"for {verdict.importer}", severity, importer_sentence(verdict))


def _issue(check: str, severity: str, description: str) -> Mapping[str, object]:
    return {"description": description, "check_name": visible(check), "severity": severity}
