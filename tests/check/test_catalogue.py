"""The catalogue is a contract with everybody who gates on it: codes, names and severities are never repurposed."""

import re

import pytest

from hcfmt.check.rule import Rule
from hcfmt.check.rules import RULES
from hcfmt.findings import Severity

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
FAULT = True

CONTRACT = (
    ("HC001", "misnamed-container", WARNING, not FAULT),
    ("HC002", "cannot-decrypt", ERROR, FAULT),
    ("HC003", "ciphertext-cut", ERROR, FAULT),
    ("HC004", "bad-padding", ERROR, not FAULT),
    ("HC005", "not-an-archive", ERROR, FAULT),
    ("HC006", "gzip-corrupt", ERROR, FAULT),
    ("HC007", "gzip-cut", ERROR, FAULT),
    ("HC008", "trailing-data", WARNING, not FAULT),
    ("HC009", "tar-corrupt", ERROR, FAULT),
    ("HC010", "tar-cut", ERROR, FAULT),
    ("HC011", "tar-unterminated", WARNING, not FAULT),
    ("HC012", "not-an-export", ERROR, FAULT),
    ("HC013", "modern-key-derivation", WARNING, not FAULT),
    ("HC101", "unsafe-path", ERROR, not FAULT),
    ("HC102", "special-member", ERROR, not FAULT),
    ("HC103", "duplicate-member", ERROR, not FAULT),
    ("HC104", "missing-file", ERROR, not FAULT),
    ("HC105", "absent-optional-file", WARNING, not FAULT),
    ("HC106", "unexpected-file", WARNING, not FAULT),
    ("HC107", "prefixed-members", WARNING, not FAULT),
    ("HC108", "reserved-file-name", WARNING, not FAULT),
    ("HC109", "case-collision", WARNING, not FAULT),
    ("HC110", "undecodable-name", ERROR, not FAULT),
    ("HC201", "invalid-json", ERROR, not FAULT),
    ("HC202", "byte-order-mark", ERROR, not FAULT),
    ("HC203", "invalid-utf8", ERROR, not FAULT),
    ("HC204", "non-finite-number", ERROR, not FAULT),
    ("HC205", "duplicate-key", ERROR, not FAULT),
    ("HC206", "unstorable-text", WARNING, not FAULT),
    ("HC207", "unsafe-integer", WARNING, not FAULT),
    ("HC301", "schema-violation", ERROR, not FAULT),
    ("HC302", "unknown-record-kind", ERROR, not FAULT),
    ("HC303", "undocumented-property", INFO, not FAULT),
    ("HC304", "embedded-not-json", WARNING, not FAULT),
    ("HC305", "embedded-schema-violation", WARNING, not FAULT),
    ("HC306", "legacy-field-used", WARNING, not FAULT),
    ("HC307", "members-as-objects", WARNING, not FAULT),
    ("HCX01", "budget-exceeded", ERROR, FAULT),
    ("HCX02", "rule-failed", ERROR, FAULT),
)


def test_the_catalogue_is_the_contract_in_the_order_of_codes() -> None:
    assert tuple((code, rule.name, rule.severity, rule.fault) for code, rule in RULES.items()) == CONTRACT


def test_every_rule_stands_below_its_own_code() -> None:
    assert all(code == rule.code for code, rule in RULES.items())


def test_codes_are_sorted_and_unique() -> None:
    codes = [code for code, *_ in CONTRACT]
    assert codes == sorted(set(codes))


def test_names_are_unique() -> None:
    names = [rule.name for rule in RULES.values()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_code_names_its_area_and_a_name_is_kebab_case(rule: Rule) -> None:
    assert re.fullmatch(r"HC[0-8X][0-9]{2}", rule.code)
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)+", rule.name)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_the_first_paragraph_of_a_page_is_one_line_of_whole_sentences(rule: Rule) -> None:
    assert re.fullmatch(r"\S.*\.", rule.means)
