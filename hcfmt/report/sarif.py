"""Reports as SARIF 2.1.0 (OASIS), for code scanning: rules with their help, findings, and what was not checked.

All inputs are artifacts of one run. A finding is at its archive; its member and pointer are a logical location. Code
scanning of GitHub takes 25,000 results and 10 MB, compressed by gzip: what is above is summed up in a result a rule.
"""

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import asdict

from hcfmt.exits import Exit
from hcfmt.findings import Finding, Location, Severity
from hcfmt.json_values import plain, well_formed
from hcfmt.report.extracts import not_checked, not_listed, not_listed_sentence, place_text, severities, verdict_sentence
from hcfmt.report.importers import importer_sentence
from hcfmt.report.pages import page_markdown, page_text
from hcfmt.report.rules import Rules
from hcfmt.report.run import Run
from hcfmt.report.suppressed import gone_sentence, suppressed_sentence
from hcfmt.report.text_style import PLAIN, json_text
from hcfmt.report.visible_text import visible
from hcfmt.verdict import TOOL, Report, Verdict

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MOST_RESULTS = 25_000
MOST_BYTES = 8 << 20  # of results, compressed; a rest is for what precedes them
_SCHEMES = {"http", "https", "s3"}  # of inputs
_HOME = "https://github.com/hcfmt/hcfmt"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.SUSPECT: "note", Severity.INFO: "note"}
_NOTIFICATIONS = {
    "verdict": "The verdict on an archive, and why.",
    "not-checked": "Rules that did not examine everything.",
    "suppressed": "Findings that do not count.",
    "importer": "What an importer does with an archive.",
    "baseline": "Accepted findings that are gone.",
}
# Of the text of a message: the end of what a viewer would take for a link, and braces, which begin a placeholder
# (SARIF 2.1.0, sections 3.11.5 and 3.11.6).
_SYNTAX = re.compile(r"\](?=\()|[{}]")


class _Target(Struct, frozen=True):
    """An archive as an artifact of the run: its URI reference, and its index among the artifacts."""

    uri: str
    index: int

    @property
    def location(self) -> Mapping[str, object]:
        """The place of a finding or a notification that is about the archive."""
        return {"artifactLocation": {"uri": self.uri, "index": self.index}}


def render(reports: Sequence[Report], run: Run) -> Iterator[str]:
    """Yield the lines of the document, in ASCII, one for each rule, archive, notification and result."""
    codes = sorted({code for report in reports for code in report.totals})
    targets = [_Target(_uri(report.input), index) for index, report in enumerate(reports)]
    yield f'{{"$schema": "{SCHEMA}", "version": "2.1.0", "runs": [{{"tool": {{"driver": {{'
    yield f'"name": "{TOOL["name"]}", "version": "{TOOL["version"]}", "informationUri": "{_HOME}",'
    yield from _array('"notifications"', map(_descriptor, _NOTIFICATIONS.items()), ",")
    yield from _array('"rules"', (_rule(code, run.rules) for code in codes), "}},")
    yield f'"invocations": [{{"executionSuccessful": {json_text(run.status <= Exit.INVALID)},'
    yield f'"exitCode": {run.status:d}, "exitCodeDescription": "{run.status.name.lower()}",'
    yield from _array('"toolExecutionNotifications"', _notifications(reports, targets, run), "}],")
    yield from _array('"artifacts"', map(_artifact, reports, targets), ",")
    yield from _array('"results"', _results(reports, targets, {code: index for index, code in enumerate(codes)}), "}]}")


def _array(name: str, values: Iterable[object], rest: str) -> Iterator[str]:
    """Yield the lines of an array, an item a line; ``rest`` follows it."""
    yield f"{name}: ["
    before = None
    for value in values:
        if before is not None:
            yield f"{before},"
        before = value if isinstance(value, str) else json_text(value)
    if before is not None:
        yield before
    yield f"]{rest}"


def _descriptor(notification: tuple[str, str]) -> Mapping[str, object]:
    name, text = notification
    return {"id": name, "shortDescription": {"text": text}}


def _rule(code: str, rules: Rules) -> Mapping[str, object]:
    rule = rules.get(code)
    if rule is None:
        return {"id": visible(code)}
    page = rule.page
    return {
        "id": code,
        "name": rule.name,
        "shortDescription": {"text": f"{code} {rule.name}"},
        "fullDescription": {"text": rule.summary},
        "helpUri": f"{_HOME}/blob/main/hcfmt/check/pages/{code}.md",
        "help": {"text": "\n".join(page_text(page, PLAIN)), "markdown": page_markdown(page)},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _notifications(reports: Sequence[Report], targets: Sequence[_Target], run: Run) -> Iterator[Mapping[str, object]]:
    for report, target in zip(reports, targets, strict=True):
        level = "error" if report.verdict is Verdict.INCOMPLETE or report.failed else "note"
        yield _notification("verdict", level, verdict_sentence(report), target)
        for reason, codes in not_checked(report).items():
            text = f"Not fully checked ({reason}): {', '.join(codes)}."
            yield _notification("not-checked", "warning", text, target)
        if suppressed := suppressed_sentence(report):
            yield _notification("suppressed", "note", suppressed, target)
        for verdict in report.importers:
            level = "warning" if verdict.loses else "note"
            yield _notification("importer", level, importer_sentence(verdict), target)
    if gone := gone_sentence(run):
        yield _note("baseline", "error", gone)


def _notification(kind: str, level: str, text: str, target: _Target) -> Mapping[str, object]:
    return {**_note(kind, level, text), "locations": [{"physicalLocation": target.location}]}


def _note(kind: str, level: str, text: str) -> Mapping[str, object]:
    """Return a notification that is about no archive."""
    descriptor = {"id": kind, "index": list(_NOTIFICATIONS).index(kind)}
    return {"descriptor": descriptor, "level": level, "message": _message(text)}


def _artifact(report: Report, target: _Target) -> Mapping[str, object]:
    importers = {"importers": [verdict.to_dict() for verdict in report.importers]} if report.importers else {}
    properties = plain(
        {
            "position": target.index,  # no two artifacts may be equal, and an input may be given twice
            "verdict": report.verdict,
            "totals": report.totals,
            "suppressed": report.suppressed,
            "ledger": [asdict(entry) for entry in report.ledger],
            **importers,
        }
    )
    hashes = {"hashes": {"sha-256": report.sha256}} if report.sha256 else {}
    return {"location": {"uri": target.uri}, "roles": ["analysisTarget"], **hashes, "properties": properties}


def _results(reports: Sequence[Report], targets: Sequence[_Target], indices: Mapping[str, int]) -> Iterator[str]:
    """Yield the results of all reports as JSON texts: findings, and after those of a report what is not listed."""
    room = MOST_RESULTS - sum(len(report.totals) for report in reports)
    shares = Counter((number, finding.code) for number, report in enumerate(reports) for finding in report.findings)
    share = _share(shares.values(), room)
    sums, size, packer = 0, 0, zlib.compressobj()
    for report, target in zip(reports, targets, strict=True):
        listed = Counter[str]()
        for finding in report.findings:
            if listed[finding.code] < share and size < MOST_BYTES:
                listed[finding.code] += 1
                text = json_text(_result(finding, target, indices))
                size += len(packer.compress(text.encode()))
                yield text
        levels = severities(report)
        for code, more in not_listed(report, listed).items():
            if (sums := sums + 1) <= MOST_RESULTS:
                yield json_text(_sum(code, more, levels[code], target, indices))


def _share(counts: Iterable[int], room: int) -> int:
    """Return how many of each of several kinds are listed so that all kinds together fit into a room."""
    ascending = sorted(counts)
    for position, count in enumerate(ascending):
        share = max(0, room) // (len(ascending) - position)
        if count > share:
            return share
        room -= count
    return ascending[-1] if ascending else 0


def _result(finding: Finding, target: _Target, indices: Mapping[str, int]) -> Mapping[str, object]:
    properties = {"severity": finding.severity, "subcode": finding.subcode, "line": finding.location.line}
    return {
        **_head(finding.code, finding.severity, finding.location, target, indices),
        "message": _message(finding.message),
        # The first is the one that GitHub compares.
        "partialFingerprints": dict.fromkeys(("primaryLocationLineHash", "hcfmt/v1"), finding.fingerprint),
        "properties": {name: plain(value) for name, value in properties.items() if value is not None},
    }


def _sum(code: str, more: int, severity: Severity, target: _Target, indices: Mapping[str, int]) -> Mapping[str, object]:
    return {
        **_head(code, severity, Location(), target, indices),
        "message": _message(not_listed_sentence(code, more)),
        "occurrenceCount": more,
        "partialFingerprints": {"hcfmt/v1": f"more of {visible(code)}"},
    }


def _head(
    code: str, severity: Severity, location: Location, target: _Target, indices: Mapping[str, int]
) -> Mapping[str, object]:
    """Return rule, level and place of a result."""
    # Code scanning demands a line, which an archive has not.
    where: dict[str, object] = {"physicalLocation": {**target.location, "region": {"startLine": 1}}}
    if location.member is not None:
        kind = "resource" if location.path is None else "value"
        where["logicalLocations"] = [{"fullyQualifiedName": place_text(location), "kind": kind}]
    return {"ruleId": visible(code), "ruleIndex": indices[code], "level": _LEVELS[severity], "locations": [where]}


def _uri(name: str) -> str:
    """Return the name of an input as a URI reference: a URL as one, anything else as a relative path."""
    scheme, _, rest = name.partition("://")
    if rest and scheme in _SCHEMES:
        return f"{scheme}://{quote(well_formed(rest), safe='/:@')}"
    return quote(well_formed(name), safe="/") or "."


def _message(text: str) -> Mapping[str, str]:
    return {"text": _SYNTAX.sub(lambda match: "\\]" if match[0] == "]" else match[0] * 2, visible(text))}
