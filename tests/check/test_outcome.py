"""The verdict, and the rule to which it is due."""

from collections import Counter

import pytest

from hcfmt.check.catalogue import RULES
from hcfmt.check.facts import Facts, Tally
from hcfmt.check.outcome import verdict
from hcfmt.findings import Severity
from hcfmt.verdict import Entry, Status, Verdict


@pytest.mark.parametrize(
    ("found", "judged", "decided_by"),
    [
        ((), Verdict.VALID, None),
        (("HC403",), Verdict.VALID, None),
        (("HC403", "HC401", "HC402"), Verdict.INVALID, "HC401"),
        (("HC004", "HC006", "HC201"), Verdict.INCOMPLETE, "HC006"),
        (("HC401", "HC004"), Verdict.INCOMPLETE, "HC004"),
    ],
    ids=lambda value: " ".join(value) or "nothing" if isinstance(value, tuple) else "",
)
def test_what_was_not_read_decides_before_damage_and_damage_before_errors(
    found: tuple[str, ...], judged: Verdict, decided_by: str | None
) -> None:
    facts = Facts(Tally(1, Counter(dict.fromkeys(found, 1))))
    examined = [Entry(code, Status.PASSED, 1) for code in RULES]
    assert verdict(facts, examined, Severity.ERROR) == (judged, decided_by)


def test_a_rule_that_must_examine_something_and_did_not_makes_an_archive_incomplete() -> None:
    code = next(rule.code for rule in RULES.values() if rule.must_exist)
    entries = [Entry(code, Status.SKIPPED, 0, "no record found, although an export should have some")]
    assert verdict(Facts(Tally(1)), entries, Severity.ERROR) == (Verdict.INCOMPLETE, code)
