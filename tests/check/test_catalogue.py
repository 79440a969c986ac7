"""The catalogue is a contract with everybody who gates on it: codes, names and severities are never repurposed."""

import re
import subprocess
import sys

import pytest

from hcfmt.check.catalogue import CODES, RULES, Rule, by_code
from hcfmt.check.rules import CHECKS
from hcfmt.export.records import WRAPPERS
from hcfmt.findings import Severity

ERROR, WARNING, SUSPECT, INFO = Severity
FAULT = True

REPORTED_BELOW = {"archive", "text", "record", "reference"}
DECIDED_HERE = {
    *("member", "layout", "export", "User", "Room"),
    *WRAPPERS["export/room-history"],
    *WRAPPERS["export/user-history"],
}

CONTRACT = (
    ("HC001", "misnamed-container", WARNING, not FAULT),
    ("HC002", "cannot-decrypt", ERROR, FAULT),
    ("HC003", "ciphertext-cut", ERROR, FAULT),
    ("HC004", "bad-padding", ERROR, not FAULT),
    ("HC005", "not-an-archive", ERROR, FAULT),
    ("HC006", "gzip-corrupt", ERROR, FAULT),
    ("HC007", "gzip-cut", ERROR, FAULT),
    ("HC008", "trailing-data", ERROR, not FAULT),
    ("HC009", "tar-corrupt", ERROR, FAULT),
    ("HC010", "tar-cut", ERROR, FAULT),
    ("HC011", "tar-unterminated", ERROR, not FAULT),
    ("HC012", "not-an-export", ERROR, FAULT),
    ("HC013", "modern-key-derivation", WARNING, not FAULT),
    ("HC014", "ambiguous-header", ERROR, not FAULT),
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
    ("HC111", "history-of-unknown-room", ERROR, not FAULT),
    ("HC112", "history-of-unknown-user", ERROR, not FAULT),
    ("HC113", "room-without-history", WARNING, not FAULT),
    ("HC114", "user-without-history", INFO, not FAULT),
    ("HC116", "lookalike-data-file", ERROR, not FAULT),
    ("HC117", "name-too-long", ERROR, not FAULT),
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
    ("HC308", "key-letter-case", ERROR, not FAULT),
    ("HC309", "integer-as-float", ERROR, not FAULT),
    ("HC401", "unknown-sender", ERROR, not FAULT),
    ("HC402", "unknown-receiver", ERROR, not FAULT),
    ("HC403", "unknown-room-member", ERROR, not FAULT),
    ("HC404", "unknown-owner", ERROR, not FAULT),
    ("HC405", "unknown-room-admin", ERROR, not FAULT),
    ("HC406", "unknown-participant", WARNING, not FAULT),
    ("HC407", "unknown-emoticon-owner", WARNING, not FAULT),
    ("HC408", "unknown-uploader", ERROR, not FAULT),
    ("HC409", "unknown-deleter", WARNING, not FAULT),
    ("HC410", "unknown-autojoin-user", WARNING, not FAULT),
    ("HC411", "unknown-autojoin-target", WARNING, not FAULT),
    ("HC420", "duplicate-user-id", ERROR, not FAULT),
    ("HC421", "duplicate-room-id", ERROR, not FAULT),
    ("HC422", "duplicate-emoticon", ERROR, not FAULT),
    ("HC423", "duplicate-message-id", ERROR, not FAULT),
    ("HC424", "mention-name-clash", WARNING, not FAULT),
    ("HC425", "email-clash", WARNING, not FAULT),
    ("HC426", "room-name-clash", WARNING, not FAULT),
    ("HC430", "unmirrored-private-messages", WARNING, not FAULT),
    ("HC431", "foreign-private-message", ERROR, not FAULT),
    ("HC432", "archived-state-disagrees", SUSPECT, not FAULT),
    ("HC433", "guest-access-disagrees", SUSPECT, not FAULT),
    ("HC434", "topic-disagrees", SUSPECT, not FAULT),
    ("HC501", "missing-attachment", ERROR, not FAULT),
    ("HC502", "missing-thumbnail", WARNING, not FAULT),
    ("HC503", "missing-avatar", ERROR, not FAULT),
    ("HC504", "missing-avatar-size", WARNING, not FAULT),
    ("HC505", "missing-emoticon", ERROR, not FAULT),
    ("HC506", "missing-emoticon-scale", WARNING, not FAULT),
    ("HC507", "attachment-size-disagrees", WARNING, not FAULT),
    ("HC508", "empty-file", SUSPECT, not FAULT),
    ("HC509", "content-type-disagrees", SUSPECT, not FAULT),
    ("HC510", "orphan-file", WARNING, not FAULT),
    ("HC511", "attachment-path-disagrees", WARNING, not FAULT),
    ("HC512", "misplaced-attachment", WARNING, not FAULT),
    ("HC513", "odd-attachment-path", WARNING, not FAULT),
    ("HC514", "unsafe-reference", ERROR, not FAULT),
    ("HC515", "foreign-avatar", ERROR, not FAULT),
    ("HC516", "emoticon-size-disagrees", WARNING, not FAULT),
    ("HC601", "impossible-date", ERROR, not FAULT),
    ("HC602", "no-microseconds", WARNING, not FAULT),
    ("HC603", "before-creation", SUSPECT, not FAULT),
    ("HC604", "deleted-before-sent", SUSPECT, not FAULT),
    ("HC701", "long-message", WARNING, not FAULT),
    ("HC702", "empty-message", SUSPECT, not FAULT),
    ("HC703", "deleted-not-empty", ERROR, not FAULT),
    ("HC704", "odd-mention-name", WARNING, not FAULT),
    ("HC705", "missing-email", WARNING, not FAULT),
    ("HC706", "roles-without-user", ERROR, not FAULT),
    ("HC707", "account-type-disagrees", SUSPECT, not FAULT),
    ("HC708", "foreign-group", WARNING, not FAULT),
    ("HC709", "long-name", WARNING, not FAULT),
    ("HC710", "odd-canonical-name", INFO, not FAULT),
    ("HC711", "odd-guest-url", WARNING, not FAULT),
    ("HC712", "unknown-timezone", WARNING, not FAULT),
    ("HC713", "secret-in-export", ERROR, not FAULT),
    ("HC801", "no-messages", SUSPECT, not FAULT),
    ("HCX01", "budget-exceeded", ERROR, FAULT),
    ("HCX02", "rule-failed", ERROR, FAULT),
)


def test_the_catalogue_is_the_contract_in_the_order_of_codes() -> None:
    assert tuple((code, rule.name, rule.severity, rule.unchecked) for code, rule in RULES.items()) == CONTRACT


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
    assert re.fullmatch(r"\S.*\.\)?", rule.summary)


def test_two_rows_of_one_code_stop_the_import() -> None:
    again = Rule("HC001", "again", INFO, "archive", "archive")
    with pytest.raises(RuntimeError, match="same code"):
        by_code([*RULES.values(), again])


def test_every_subject_is_one_that_the_check_looks_at() -> None:
    subjects = {subject for rule in RULES.values() for subject in rule.subjects}
    assert subjects == REPORTED_BELOW | DECIDED_HERE


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_has_a_function_if_and_only_if_its_flaws_are_not_reported_by_a_lower_layer(rule: Rule) -> None:
    assert (rule.code in CHECKS) == DECIDED_HERE.issuperset(rule.subjects)
    assert (rule.code in CHECKS) != REPORTED_BELOW.issuperset(rule.subjects)


def test_every_function_has_a_row() -> None:
    assert CHECKS.keys() <= RULES.keys()
    assert [code for code, check in CHECKS.items() if getattr(check, "__name__") != snake_case(code)] == []  # noqa: B009 - any callable


def snake_case(code: str) -> str:
    return RULES[code].name.replace("-", "_")


def test_defects_of_lower_layers_are_found_by_the_name_of_their_rule() -> None:
    assert {RULES[code].name for code in CODES.values()} == set(CODES)
    assert set(CODES.values()) == set(RULES)


def test_loading_the_catalogue_reads_no_page() -> None:
    script = (
        "import sys; opened = []; "
        "sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == 'open' else None); "
        "from hcfmt.check.catalogue import RULES; assert not [path for path in opened if path.endswith('.md')]; "
        "assert 'importlib.resources' not in sys.modules; RULES['HC001'].page; "
        "assert len([path for path in opened if path.endswith('.md')]) == 1"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
