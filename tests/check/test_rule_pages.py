"""Every rule has a page; its bad example breaks that rule alone, its good example breaks none."""

import re
from pathlib import Path
from typing import NoReturn

import pytest
from msgspec.structs import replace

from hcfmt.check import catalogue
from hcfmt.check.catalogue import RULE_FAILED, RULES, Rule, rules_of
from hcfmt.check.engine import Options, validate
from hcfmt.check.rules import CHECKS
from hcfmt.container import Budget
from hcfmt.damage import EXCUSED
from hcfmt.exits import Exit
from hcfmt.findings import Severity
from hcfmt.verdict import Report, Verdict
from tests.support.recipes import PASSWORD, UNCHANGED
from tests.support.rule_pages import NO_RECIPE, example, sections

TITLES = ("Why it matters", "Bad", "Good", "Common causes", "What to do", "Evidence")
OPTIONAL = "Common causes"
LONGEST_LINE = 108  # characters
EVERY_RULE_OF_AN_ARCHIVE = pytest.mark.parametrize(
    "rule", [rule for rule in RULES.values() if dict(sections(rule))["Bad"] != NO_RECIPE], ids=lambda rule: rule.code
)

PAGES = Path(catalogue.__file__).with_name("pages")
EVERY_RULE = pytest.mark.parametrize("rule", RULES.values(), ids=RULES)


def checked(recipe: str, directory: Path) -> Report:
    cooked = example(recipe)
    path = directory / cooked.name
    path.write_bytes(cooked.data)
    return validate(str(path), Options(password=PASSWORD.encode, budget=replace(Budget(), **cooked.limits)))


def codes_above_info(report: Report) -> set[str]:
    """Return the codes of the findings whose severity is not INFO."""
    return {code for code, count in report.totals.items() if count and RULES[code].severity is not Severity.INFO}


@EVERY_RULE
def test_a_page_has_all_sections_in_order(rule: Rule) -> None:
    titles = [title for title, _ in sections(rule)]
    assert titles == [title for title in TITLES if title != OPTIONAL or title in titles]


@EVERY_RULE
def test_no_section_of_a_page_is_empty(rule: Rule) -> None:
    assert all(text for _, text in sections(rule))


@EVERY_RULE
def test_a_page_is_titled_by_its_code_and_name(rule: Rule) -> None:
    assert rule.page.startswith(f"# {rule.code} {rule.name}\n\n")
    assert rule.page.endswith(".\n")


def test_every_page_belongs_to_a_rule() -> None:
    assert {path.name for path in PAGES.iterdir()} == {f"{code}.md" for code in RULES}


@EVERY_RULE
def test_a_page_reads_well_in_an_editor(rule: Rule) -> None:
    assert [line for line in rule.page.splitlines() if len(line) > LONGEST_LINE or line != line.rstrip()] == []


@EVERY_RULE
def test_a_page_says_what_to_do_while_the_old_server_is_running_and_afterwards(rule: Rule) -> None:
    advice = " ".join(dict(sections(rule))["What to do"].split())
    assert re.fullmatch(r"- While the old server is running: .+\. - Afterwards: .+", advice)


@EVERY_RULE
def test_a_page_names_its_evidence_or_says_that_there_is_none(rule: Rule) -> None:
    evidence = dict(sections(rule))["Evidence"]
    assert "](../../../docs/format.md#" in evidence or evidence.startswith("none")
    assert evidence.endswith(".")


@EVERY_RULE_OF_AN_ARCHIVE
def test_the_bad_example_breaks_its_rule_and_no_other(rule: Rule, tmp_path: Path) -> None:
    report = checked(dict(sections(rule))["Bad"], tmp_path)
    assert report.totals.get(rule.code, 0) >= 1, "neither a function in CHECKS nor a schema's keyword reports it"
    assert codes_above_info(report) - {rule.code} == set()


@EVERY_RULE
def test_the_good_example_breaks_no_rule(rule: Rule, tmp_path: Path) -> None:
    report = checked(dict(sections(rule))["Good"], tmp_path)
    assert report.totals.get(rule.code, 0) == 0
    assert codes_above_info(report) == set()
    assert report.verdict is Verdict.VALID


@EVERY_RULE_OF_AN_ARCHIVE
def test_the_bad_example_is_as_bad_as_the_catalogue_says(rule: Rule, tmp_path: Path) -> None:
    verdict = checked(dict(sections(rule))["Bad"], tmp_path).verdict
    if rule.unchecked:
        assert verdict is Verdict.INCOMPLETE
    elif rule.severity is Severity.ERROR:
        assert verdict is not Verdict.VALID
    else:
        assert verdict is Verdict.VALID


def test_the_bad_example_is_never_the_sample_itself() -> None:
    bad = {rule.code: dict(sections(rule))["Bad"] for rule in RULES.values()}
    assert [code for code, recipe in bad.items() if recipe == UNCHANGED] == []
    assert [code for code, recipe in bad.items() if recipe == NO_RECIPE] == [*EXCUSED]


@pytest.mark.parametrize("subject", ["export", "layout", "member", "User"])
def test_a_rule_that_raises_is_reported_as_a_fault_of_hcfmt(
    subject: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def raises(_: object) -> NoReturn:
        raise ZeroDivisionError

    broken = rules_of(subject)[0]
    monkeypatch.setitem(CHECKS, broken.code, raises)
    report = checked(UNCHANGED, tmp_path)
    assert codes_above_info(report) == {RULE_FAILED}
    assert (report.verdict, report.exit) == (Verdict.INCOMPLETE, Exit.INTERNAL)
    assert "ZeroDivisionError" in report.findings[0].message
    assert broken.code in report.findings[0].message
