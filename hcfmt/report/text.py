"""Reports as text for people: the verdict, a table of the rules that found something, and the findings by rule."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from hcfmt.findings import Finding
from hcfmt.report.extracts import place_text
from hcfmt.report.importers import importer_lines, importer_sentence
from hcfmt.report.run import Run
from hcfmt.report.summary import coverage, holds_anything, total, verdict_line
from hcfmt.report.suppressed import gone_sentence
from hcfmt.report.text_style import INDENT, Detail, TextStyle, count_of
from hcfmt.report.visible_text import visible
from hcfmt.verdict import Report

_PLACE = " " * 11
_GAPS = 10  # columns between those of the table, and the indent of its rows
_MOST_PLACES = 3  # of findings that say the same


def render(reports: Sequence[Report], run: Run) -> Iterator[str]:
    """Yield the report of every input, what they amount to if there are several, and why else the run fails."""
    style = run.style
    apart = len(reports) > 1 and style.detail is not Detail.QUIET
    for report in reports:
        yield verdict_line(report, style)
        if style.detail is Detail.QUIET:
            yield from (f"  for {importer_sentence(verdict)}" for verdict in report.importers)
        else:
            yield from _details(report, style)
        if apart:
            yield ""
    if len(reports) > 1:
        yield from total(reports, style)
    if gone := gone_sentence(run):
        yield from style.wrapped(gone, "")
    if style.detail is not Detail.QUIET and any(finding.masked for report in reports for finding in report.findings):
        yield from style.wrapped("Text of the archive is hidden; --show-values shows it.", "")


def _details(report: Report, style: TextStyle) -> Iterator[str]:
    """Yield what was checked, the table of rules, the findings and the verdicts of importers."""
    was_read = holds_anything(report.inventory)
    if was_read:
        yield from coverage(report, style)
    by_code: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        by_code[finding.code].append(finding)
    rules = sorted(by_code.values(), key=lambda found: (found[0].severity.rank, found[0].code))
    has_table = len(rules) > 1
    if has_table:
        yield ""
        yield from _rule_table(rules, report.totals, style)
    for found in rules:
        if was_read or has_table:
            yield ""
        yield from _rule_findings(found, report.totals[found[0].code], style)
    for verdict in report.importers:
        yield ""
        yield from importer_lines(verdict, style)
    if rules and was_read:
        yield ""
        yield from style.wrapped(f"'hcfmt rule {rules[0][0].code}' explains a finding and says what to do.", "")


def _rule_table(rules: Sequence[Sequence[Finding]], totals: Mapping[str, int], style: TextStyle) -> Iterator[str]:
    """Yield a row for each rule that found something, the most severe first, with the place of its first finding."""
    from hcfmt.report.tables import Table, aligned  # noqa: PLC0415 - a sound archive needs no table

    rows = [
        (
            first.severity,
            visible(first.code),
            visible(first.name),
            f"{totals[first.code]:,}",
            place_text(first.location),
        )
        for first, *_ in rules
    ]
    head = ("severity", "rule", "", "findings", "first place")
    room = style.width - sum(max(map(len, column)) for column in [*zip(head, *rows, strict=True)][:-1]) - _GAPS
    shown = len(head) if room >= len(head[-1]) else len(head) - 1  # without the places where they have no room
    table = Table("lllrl"[:shown], head[:shown], [row[:shown] for row in rows], text=4, longest=room)
    yield from aligned(table, style, "")


def _rule_findings(found: Sequence[Finding], in_all: int, style: TextStyle) -> Iterator[str]:
    """Yield the findings of one rule: each sentence once, with the first places of which it is true."""
    by_sentence: defaultdict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in found:
        by_sentence[finding.subcode or "", finding.message].append(finding)
    first = found[0]
    head = visible(f"{first.severity:<8} {first.code} {first.name}")
    if in_all == 1:
        yield from _only_finding(first, head, style)
        return
    yield f"{style.severity(first.severity, head)}: {in_all:,} findings"
    is_brief = style.detail is not Detail.VERBOSE
    shown = list(by_sentence.items())[: style.sentences if is_brief else None]
    more = in_all
    for (subcode, message), equal in shown:
        yield from style.wrapped(f"{subcode}: {message}" if subcode else message, INDENT)
        places = [text for finding in equal if (text := place_text(finding.location))]
        # Where all findings of the rule say the same, those that are not kept do so too.
        count = in_all if len(by_sentence) == 1 else len(equal)
        more -= count
        listed = places[: _MOST_PLACES if is_brief else None]
        yield from (f"{_PLACE}{place}" for place in listed)
        if places and count > len(listed):
            yield f"{_PLACE}and {count_of(count - len(listed), 'more place')}"
    if more:
        how = "-v shows them" if is_brief and len(found) == in_all else "--max-findings shows more"
        yield f"{INDENT}and {count_of(more, 'more finding')}; {how}"


def _only_finding(finding: Finding, head: str, style: TextStyle) -> Iterator[str]:
    """Yield the only finding of a rule; its place is never broken, so that it can be copied."""
    head = f"{head} ({visible(finding.subcode)})" if finding.subcode else head
    place = place_text(finding.location)
    fits = len(head) + len(place) + 2 <= style.width
    yield style.severity(finding.severity, head) + (f"  {place}" if place and fits else "")
    if place and not fits:
        yield f"{INDENT}{place}"
    yield from style.wrapped(finding.message, INDENT)
