"""What the page shows of a report: its findings by rule, the decision, what is to be done, tables and charts."""

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from hcfmt.findings import Severity
from hcfmt.report.extracts import place_text, severities
from hcfmt.report.html.charts import Chart, charts, findings_chart
from hcfmt.report.html.rule_pages import Advice, advice
from hcfmt.report.importers import importer_sentence
from hcfmt.report.inventory_tables import tables
from hcfmt.report.rules import Rule
from hcfmt.report.run import Run
from hcfmt.report.summary import severity_counts
from hcfmt.report.suppressed import suppressed_sentence
from hcfmt.report.tables import Table
from hcfmt.verdict import Entry, ImporterVerdict, Report, Verdict

_MOST_PLACES = 100  # of a rule
_MOST_ROWS = 5_000  # findings on a page
_FEWEST_PLACES = 3
_MOST_IN_DETAIL = 50  # inputs; all are in the table of inputs
_MOST_WITH_CHARTS = 10  # inputs
_LONGEST = 400  # characters of a place or of a sentence
_WHOLE = "the whole archive"
_TOP = 20  # rooms, users and file types in a table
_MOST_PERIODS = 120
_NOT_EXAMINED = "not examined: "
_COUNTED = re.compile(r"(?:^|, )(\S.*?): ([0-9,]*[0-9])(?=, |$)")
_URGENT = (Severity.ERROR, Severity.WARNING)

_READ = {True: "Not everything in the archive was checked", False: "The archive was read to its end"}
_MEANINGS = {
    Verdict.VALID: (
        "{read}, and nothing in it contradicts what hcfmt knows of exports.",
        "hcfmt sees no reason in it to keep the old server; it cannot see what the server never exported.",
    ),
    Verdict.INVALID: (
        "{read}, and parts of it are wrong: an importer may stop at them, or lose content.",
        "While the old server runs, most of it can be put right and exported again; later only a copy can be mended.",
    ),
    Verdict.INCOMPLETE: (
        "Not all of the archive could be checked, so nobody can say yet whether it is sound.",
        "Do not switch off the old server on the strength of this file: do what is said below, and check again.",
    ),
}
_TOLERATED = (
    "{read}, and nothing in it is as severe as this run's limit, {limit}.",
    "Look through the findings while the old server is running: some can be put right only there.",
)
_SUPPRESSED = (
    "{read}, and what was found in it does not count by the settings of this run.",
    "Make sure that what is suppressed was accepted by whoever answers for it: it is counted below.",
)
_FAILED = (
    "A rule of hcfmt failed, so that this verdict is not to be relied on.",
    "Report it as an error of hcfmt, and keep the old server until the archive was checked.",
)


class Group(Struct, frozen=True):
    """The findings of a rule: ``total`` of them, and the places of the first by their sentence.

    ``rule`` is None for a code that is not in the catalogue.
    """

    code: str
    name: str
    severity: Severity
    total: int
    places: dict[str, list[str]]
    rule: Rule | None

    @property
    def listed(self) -> int:
        """Number of findings that are listed."""
        return sum(map(len, self.places.values()))

    @property
    def is_complete(self) -> bool:
        """Whether all findings are listed."""
        return self.listed == self.total

    @property
    def first_place(self) -> str:
        """Place of the first finding."""
        return next(iter(self.places.values()))[0]

    @property
    def advice(self) -> Advice | None:
        """What the rule's page says is to be done."""
        return advice(self.rule.page) if self.rule else None


class Step(Struct, frozen=True):
    """What is to be done because of the findings of a rule."""

    group: Group
    advice: Advice


class Figure(Struct, frozen=True):
    """A table, and its chart."""

    table: Table
    chart: Chart | None


class Importer(Struct, frozen=True):
    """The verdict on an importer, and in a sentence."""

    sentence: str
    verdict: ImporterVerdict


class Row(Struct, frozen=True):
    """Row of the table of inputs; ``has_view`` says whether more of the input follows below."""

    report: Report
    number: int
    counts: str
    has_view: bool


class View(Struct, frozen=True):
    """What the page shows of one report."""

    report: Report
    number: int
    meaning: Sequence[str]
    counts: str
    groups: Sequence[Group]
    findings_chart: Chart | None
    not_checked: Mapping[str, Sequence[Entry]]
    figures: Sequence[Figure]
    importers: Sequence[Importer]
    suppressed: str
    names: Mapping[str, str]

    @property
    def is_masked(self) -> bool:
        """Whether text of the archive is hidden."""
        return any(finding.masked for finding in self.report.findings)

    @property
    def urgent(self) -> Sequence[Step]:
        """What is to be done, while the old server is running, because of errors and warnings."""
        return [step for step in self._steps() if step.advice.before and step.group.severity in _URGENT]

    @property
    def minor(self) -> Sequence[Step]:
        """The same because of other findings."""
        return [step for step in self._steps() if step.advice.before and step.group.severity not in _URGENT]

    @property
    def later(self) -> Sequence[Step]:
        """What is to be done once the old server is gone."""
        return [step for step in self._steps() if step.advice.after]

    def _steps(self) -> Sequence[Step]:
        """Return what the rules that found something say is to be done, first the rule that decided the verdict."""
        steps = [Step(group, group.advice) for group in self.groups if group.advice]
        return sorted(steps, key=lambda step: step.group.code != self.report.decided_by)


def rows_and_views(reports: Sequence[Report], run: Run) -> tuple[Sequence[Row], Sequence[View]]:
    """Return a row for each report of a run, and what the page shows of those that need attention most.

    These are the first of those with the highest exit status, then those with findings; both are in the order given.
    """
    by_need = sorted(range(len(reports)), key=lambda index: _need(reports[index]), reverse=True)
    chosen = sorted(by_need[:_MOST_IN_DETAIL])
    rules = sum(len(reports[index].totals) for index in chosen)
    places = max(_FEWEST_PLACES, min(_MOST_PLACES, _MOST_ROWS // max(rules, 1)))
    views = [
        _view(reports[index], index + 1, run, places, with_charts=position < _MOST_WITH_CHARTS)
        for position, index in enumerate(chosen)
    ]
    shown = frozenset(chosen)
    rows = [Row(report, index + 1, _counts(report), index in shown) for index, report in enumerate(reports)]
    return rows, views


def _need(report: Report) -> tuple[int, int]:
    return report.exit, bool(report.totals or report.suppressed)


def _view(report: Report, number: int, run: Run, places: int, *, with_charts: bool) -> View:
    groups = _groups(report, run, places)
    by_count = sorted(groups, key=lambda group: -group.total)
    drawn = charts(report.inventory) if with_charts else {}
    shown = tables(report.inventory, _TOP, _MOST_PERIODS, part=1)
    bars = [(group.code, group.severity, group.total) for group in by_count]
    return View(
        report,
        number,
        _meaning(report, run),
        _counts(report),
        groups,
        findings_chart(bars) if with_charts and len(bars) > 1 else None,
        _not_checked(report),
        [Figure(table, drawn.get(name)) for name, table in shown.items()],
        [Importer(importer_sentence(verdict), verdict) for verdict in report.importers],
        suppressed_sentence(report),
        {code: rule.name for code, rule in run.rules.items()},
    )


def _meaning(report: Report, run: Run) -> Sequence[str]:
    """Return what a verdict means for the person who decides, in two sentences."""
    meaning = _MEANINGS[report.verdict]
    if report.failed:
        meaning = _FAILED
    elif report.verdict is Verdict.VALID and report.totals:
        meaning = _TOLERATED
    elif report.verdict is Verdict.VALID and report.suppressed:
        meaning = _SUPPRESSED
    read = _READ[any(entry.reason for entry in report.ledger)]
    return [sentence.format(read=read, limit=run.fail_on) for sentence in meaning]


def _groups(report: Report, run: Run, places: int) -> Sequence[Group]:
    """Return the findings by rule, the most severe first."""
    by_code: dict[str, Group] = {}
    for finding in report.findings:
        group = by_code.get(finding.code)
        if group is None:
            total, rule = report.totals[finding.code], run.rules.get(finding.code)
            group = by_code[finding.code] = Group(finding.code, finding.name, finding.severity, total, {}, rule)
        if group.listed < places:
            message = f"{finding.subcode}: {finding.message}" if finding.subcode else finding.message
            group.places.setdefault(_cut(message), []).append(_cut(place_text(finding.location) or _WHOLE))
    return sorted(by_code.values(), key=lambda group: (group.severity.rank, group.code))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def _counts(report: Report) -> str:
    return severity_counts(severities(report), report.totals) or "no finding"


def _not_checked(report: Report) -> Mapping[str, Sequence[Entry]]:
    """Return the rules that did not examine everything, by the reason; those that concern most rules first.

    A reason of the ledger that counts is ``not examined: data files of ...: 2, records that ...: 9``; the numbers of
    rules differ, and the largest is taken.
    """
    entries: dict[str, list[Entry]] = {}
    most: dict[str, int] = {}
    for entry in report.ledger:
        counted = _COUNTED.findall((entry.reason or "").removeprefix(_NOT_EXAMINED))
        for what, count in counted or ([(entry.reason, "0")] if entry.reason else ()):
            entries.setdefault(what, []).append(entry)
            most[what] = max(most.get(what, 0), int(count.replace(",", "")))
    by_rules = sorted(entries.items(), key=lambda item: -len(item[1]))
    return {
        f"{what[:1].upper()}{what[1:]}{f' ({most[what]:,})' if most[what] else ''}": rules for what, rules in by_rules
    }
