"""Reports as Markdown, for the summary of a pipeline's step: one table, then what was not checked.

GitHub takes a summary of 1 MiB and drops a larger one.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from hcfmt.findings import Finding
from hcfmt.report.extracts import not_checked, place_text
from hcfmt.report.importers import importer_sentence
from hcfmt.report.run import Run
from hcfmt.report.summary import first_codes, one_line
from hcfmt.report.suppressed import gone_sentence, suppressed_sentence
from hcfmt.report.tables import code
from hcfmt.report.text_style import count_of
from hcfmt.report.visible_text import visible
from hcfmt.verdict import Report, Verdict

MOST_BYTES = 1 << 20
_CUT = "The rest of this report is left out, as a summary has 1 MiB at most."
_LONGEST = 300  # characters of a text in the table
# What GitHub's Markdown takes for its own in a cell, where it makes links of addresses and formulas between dollars.
_SPECIAL = re.compile(r"[\\`*\[\]<>|~&$]|(?<![^\W_])_|_(?![^\W_])|:(?=//)|(?<=www)\.", re.IGNORECASE)


def render(reports: Sequence[Report], run: Run) -> Iterator[str]:
    """Yield the lines of the summary, at most 1 MiB in all."""
    room = MOST_BYTES - len(_CUT) - 3
    for line in _lines(reports, run):
        room -= len(line.encode()) + 1
        if room < 0:
            yield from ("", _CUT)
            return
        yield line


def _lines(reports: Sequence[Report], run: Run) -> Iterator[str]:
    yield f"## hcfmt: {_verdicts(reports)}"
    yield ""
    yield _row(("Archive", "Verdict or rule", "Severity", "Findings", "First place", "What"))
    yield _row(("---", "---", "---", "---:", "---", "---"))
    for report in reports:
        total = sum(report.totals.values())
        why = report.why or f"holds {one_line(report.inventory)}"
        yield _row((_code(report.input), f"**{report.verdict}**", "", f"{total:,}", "", _text(why)))
        first: dict[str, Finding] = {}
        for finding in report.findings:
            first.setdefault(finding.code, finding)
        for name in sorted(first):
            yield _rule(first[name], report.totals[name])
    yield from _section("Not fully checked:", (line for report in reports for line in _gaps(report)))
    yield from _section("Findings that do not count:", (line for report in reports for line in _suppressed(report)))
    yield from _section("Baseline:", filter(None, [_text(gone_sentence(run))]))
    yield from _section("Importers:", (line for report in reports for line in _importers(report)))


def _verdicts(reports: Sequence[Report]) -> str:
    """Return the verdict on one archive, or the numbers of archives by verdict."""
    if len(reports) == 1:
        return reports[0].verdict
    counts = {verdict: sum(report.verdict is verdict for report in reports) for verdict in Verdict}
    listed = ", ".join(f"{count:,} {verdict}" for verdict, count in counts.items() if count)
    return f"{count_of(len(reports), 'archive')}: {listed}" if listed else "no archive"


def _rule(finding: Finding, total: int) -> str:
    rule = _text(f"{finding.code} {finding.name}")
    return _row(("", rule, finding.severity, f"{total:,}", _code(place_text(finding.location)), _text(finding.message)))


def _gaps(report: Report) -> Iterator[str]:
    for reason, codes in not_checked(report).items():
        yield f"{_code(report.input)}: {_text(first_codes(codes))} ({_text(reason)})"


def _suppressed(report: Report) -> Iterator[str]:
    if suppressed := suppressed_sentence(report):
        yield f"{_code(report.input)}: {_text(suppressed)}"


def _importers(report: Report) -> Iterator[str]:
    for verdict in report.importers:
        yield f"{_code(report.input)}: {_text(importer_sentence(verdict))}"


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    """Yield a list below a title, nothing without lines."""
    for number, line in enumerate(lines):
        yield from () if number else ("", title, "")
        yield f"- {line}"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _code(text: str) -> str:
    return code(_short(text))


def _text(text: str) -> str:
    """Return any text as Markdown that looks the same and links to nothing."""
    return _SPECIAL.sub(r"\\\g<0>", visible(_short(text)))


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
