"""Reports as workflow commands of GitHub: escaped, and few enough that the runner drops none."""

from collections import Counter
from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from hcfmt.check.catalogue import RULES
from hcfmt.findings import Location, Severity
from hcfmt.report.github import MOST, render
from hcfmt.report.run import Run
from hcfmt.verdict import Report, Verdict
from tests.support.report_samples import CUT, FOR, NOTHING, REPORTS, RUNS, finding, many
from tests.support.report_shapes import workflow_commands


def lines(*reports: Report, fail_on_loss: bool = False) -> list[str]:
    return list(render(reports, Run(RULES, fail_on_loss=fail_on_loss)))


@pytest.mark.parametrize("reports", [*RUNS.values(), [many(20)], [many(2000)], [NOTHING] * 50, [*REPORTS * 20]])
def test_no_kind_has_more_annotations_than_the_runner_shows(reports: Sequence[Report]) -> None:
    kinds = Counter(kind for kind, _, _ in workflow_commands("\n".join(lines(*reports))))
    assert all(count <= MOST for count in kinds.values())


def test_ten_are_shown_and_of_eleven_nine_and_a_sum() -> None:
    for count, last in ((10, "schema-violation"), (11, "2 more errors, not shown here: HC301 (2)")):
        found = [finding("HC301", "schema-violation", Severity.ERROR, "It is.", Location())] * count
        shown = lines(replace(CUT, verdict=Verdict.INVALID, findings=found, totals={"HC301": count}))
        assert len(shown) == 10
        assert last in shown[-1]


def test_findings_that_are_only_counted_are_summed_up() -> None:
    found = [finding("HC301", "schema-violation", Severity.ERROR, "It is.", Location())]
    shown = lines(replace(CUT, verdict=Verdict.INVALID, findings=found, totals={"HC301": 12_345}))
    assert shown == [
        "::error file=cut.tar.gz.aes,title=HC301 schema-violation::It is.",
        "::error title=hcfmt::12,344 more errors, not shown here: HC301 (12,344)",
    ]


def test_each_rule_is_shown_once_before_another_is_shown_twice() -> None:
    found = [finding("HC301", "schema-violation", Severity.ERROR, "It is.", Location())] * 50
    found += [finding("HC401", "unknown-sender", Severity.ERROR, "It is.", Location())]
    shown = lines(replace(CUT, verdict=Verdict.INVALID, findings=found, totals={"HC301": 50, "HC401": 1}))
    assert [title for title in shown if "title=HC401" in title]


def test_an_archive_that_was_not_checked_is_an_error_even_without_a_finding() -> None:
    assert lines(NOTHING) == ["::error file=empty.tar.gz.aes,title=hcfmt::incomplete: no data file found."]


@pytest.mark.parametrize("fail_on", Severity)
def test_what_fails_the_run_is_an_error(fail_on: Severity) -> None:
    report = many(20)
    kinds = Counter(kind for kind, _, _ in workflow_commands("\n".join(render([report], Run(RULES, fail_on=fail_on)))))
    assert kinds["error"] == min(MOST, sum(found.severity.at_least(fail_on) for found in report.findings))


def test_a_sound_archive_has_no_annotation() -> None:
    assert lines(REPORTS[0]) == []


@pytest.mark.parametrize(("fail_on_loss", "kind"), [(False, "warning"), (True, "error")])
def test_a_loss_is_an_error_where_it_fails_the_run(fail_on_loss: bool, kind: str) -> None:  # noqa: FBT001 - a case
    kinds = [kind for kind, _, _ in workflow_commands("\n".join(lines(FOR, fail_on_loss=fail_on_loss)))]
    assert kinds == [kind, kind, "notice"]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("a,b:c%d.tar", "file=a%2Cb%3Ac%25d.tar,"),
        ("a\r\nb.tar", "file=a\\u000d\\u000ab.tar,"),
        ("-", ""),
    ],
)
def test_an_input_is_escaped_and_standard_input_is_no_file(name: str, written: str) -> None:
    assert lines(replace(NOTHING, input=name)) == [f"::error {written}title=hcfmt::incomplete: no data file found."]


def test_a_message_is_escaped() -> None:
    found = finding("HC301", "schema,violation", Severity.ERROR, "100%\r\n: a, b", Location("a:b,c"), "a:b")
    assert lines(replace(CUT, verdict=Verdict.INVALID, findings=[found], totals={"HC301": 1})) == [
        "::error file=cut.tar.gz.aes,title=HC301 schema%2Cviolation a%3Ab::a:b,c: 100%25\\u000d\\u000a: a, b"
    ]
