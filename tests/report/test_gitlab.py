"""Reports as GitLab's Code Quality reads them: of its documented shape, each issue with a fingerprint of its own."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from msgspec.structs import replace

from hcfmt.check.catalogue import RULES
from hcfmt.findings import BaselineEntry, Location, Severity
from hcfmt.report.gitlab import render
from hcfmt.report.run import Run
from hcfmt.verdict import Report
from tests.support.report_samples import CUT, FOR, NOTHING, REPORTS, RUNS, finding, many

# GitLab's documentation of Code Quality, "Import Code Quality results from a CI/CD job".
SHAPE = Draft202012Validator(
    {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["description", "check_name", "fingerprint", "severity", "location"],
            "properties": {
                "description": {"type": "string", "minLength": 1},
                "check_name": {"type": "string", "minLength": 1},
                "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
                "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
                "location": {
                    "type": "object",
                    "required": ["path", "lines"],
                    "properties": {
                        "path": {"type": "string", "minLength": 1},
                        "lines": {"required": ["begin"], "properties": {"begin": {"type": "integer"}}},
                    },
                },
            },
        },
    }
)


def issues(reports: Sequence[Report], *, fail_on_loss: bool = False) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads("\n".join(render(reports, Run(RULES, fail_on_loss=fail_on_loss))))
    return found


@pytest.mark.parametrize("reports", [*RUNS.values(), (), REPORTS * 2, [many(2000)]])
def test_every_report_has_the_documented_shape_and_unique_fingerprints(reports: Sequence[Report]) -> None:
    found = issues(reports)
    SHAPE.validate(found)
    assert len({issue["fingerprint"] for issue in found}) == len(found)


def test_each_severity_has_its_own() -> None:
    severities = {issue["check_name"]: issue["severity"] for issue in issues(REPORTS[1:2])}
    assert severities == {
        "verdict": "blocker",
        "suppressed": "info",
        "HC006 gzip-corrupt": "blocker",
        "HC013 modern-key-derivation": "major",
        "HC106 unexpected-file": "major",
        "HC201 invalid-json": "critical",
        "HC301 schema-violation": "critical",
        "HC301": "critical",
        "HC303 undocumented-property": "info",
        "HC404 made-up": "minor",
    }


def test_a_finding_keeps_its_fingerprint_when_others_come_and_go() -> None:
    found = [
        finding("HC301", "schema-violation", Severity.ERROR, text, Location("users.json", index, ("User",)))
        for index, text in enumerate(("It is a string.", "It is null.", "It is null."))
    ]
    few, more = (issues([replace(CUT, findings=kept, totals={"HC301": len(kept)})]) for kept in (found[1:], found))
    assert [issue["fingerprint"] for issue in few[1:]] == [issue["fingerprint"] for issue in more[2:]]


def test_an_archive_that_was_not_checked_is_a_blocker_even_without_a_finding() -> None:
    (issue,) = issues([NOTHING])
    assert (issue["severity"], issue["description"]) == ("blocker", "incomplete: no data file found.")


def test_findings_that_are_only_counted_are_an_issue_of_their_rule() -> None:
    (issue,) = [issue for issue in issues(REPORTS[1:2]) if issue["check_name"] == "HC301"]
    assert issue["description"] == "12,343 more findings of HC301 are counted and not listed."


@pytest.mark.parametrize(("fail_on_loss", "severity"), [(False, "major"), (True, "critical")])
def test_a_loss_is_as_severe_as_an_error_where_it_fails_the_run(fail_on_loss: bool, severity: str) -> None:  # noqa: FBT001 - a case
    found = [(issue["check_name"], issue["severity"]) for issue in issues([FOR], fail_on_loss=fail_on_loss)]
    assert found == [("for zulip", severity), ("for hipmost", severity), ("for lombiq", "info")]


def test_accepted_findings_that_are_gone_are_critical() -> None:
    run = Run(RULES, gone={BaselineEntry("HC501", "users.json", "ab"): 2})
    found = json.loads("\n".join(render(REPORTS[:1], run)))
    SHAPE.validate(found)
    assert [(issue["check_name"], issue["severity"]) for issue in found] == [("baseline", "critical")]
