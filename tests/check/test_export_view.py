"""Rules of the whole export: a broken export has exactly the findings of its defect."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt import Exit, Options, Report, Status, Verdict, validate
from tests.support.recipes import PASSWORD, cook
from tests.support.rule_cases import DEFECTS, HISTORY, OMITTED
from tests.support.synthetic import room, user


def check(recipe: str, directory: Path) -> Report:
    cooked = cook(recipe or "(the documented sample as it is)")
    path = directory / cooked.name
    path.write_bytes(cooked.data)
    return validate(str(path), Options(password=PASSWORD.encode))


@pytest.mark.parametrize(("case", "recipe", "totals"), DEFECTS, ids=[case for case, _, _ in DEFECTS])
def test_one_defect_is_reported_once(case: str, recipe: str, totals: dict[str, int], tmp_path: Path) -> None:
    assert check(recipe, tmp_path).totals == totals, case


@pytest.mark.parametrize(("recipe", "code", "reason"), OMITTED)
def test_a_rule_that_examined_nothing_has_a_reason(recipe: str, code: str, reason: str, tmp_path: Path) -> None:
    entry = next(entry for entry in check(recipe, tmp_path).ledger if entry.code == code)
    assert (entry.status, entry.reason) == (Status.SKIPPED, reason)


def test_a_broken_record_of_one_file_leaves_the_rules_of_others_alone(tmp_path: Path) -> None:
    report = check(f"{HISTORY}#/0/UserMessage/message = 5", tmp_path)
    passed = {entry.code for entry in report.ledger if entry.status is Status.PASSED}
    assert {"HC404", "HC407", "HC410", "HC420", "HC421", "HC503", "HC505", "HC704"} <= passed


def test_no_directory_that_people_named_is_in_a_sentence(tmp_path: Path) -> None:
    report = check('rooms.json#/0/Room/topic = "zz"\nprefix AcmeSecret/', tmp_path)
    assert report.totals == {"HC107": 1, "HC434": 1}
    assert "Acme" not in repr(report)


def test_an_exception_in_the_cross_reference_check_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def raises(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("hcfmt.check.final_check.check_references", raises)
    report = check("", tmp_path)
    assert (report.totals, report.exit) == ({"HCX02": 1}, Exit.INTERNAL)
    statuses = {entry.code: entry.status for entry in report.ledger}
    assert (statuses["HC401"], statuses["HC430"]) == (Status.SKIPPED, Status.PASSED)


def test_a_prefix_like_a_directory_of_the_export_changes_no_numbers(tmp_path: Path) -> None:
    assert check("prefix rooms/", tmp_path).inventory["busiest_rooms"] == [{"room": 1, "name": None, "messages": 9}]


def write(directory: Path, files: dict[str, Any]) -> Path:
    for path, content in files.items():
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / path).write_text(json.dumps(content))
    return directory


def test_users_without_messages_are_valid_and_suspect(tmp_path: Path) -> None:
    files = {"users.json": [{"User": user(1)}], "rooms.json": [{"Room": room(1)}], "rooms/1/history.json": []}
    report = validate(str(write(tmp_path, files)), Options())
    assert (report.verdict, report.totals["HC801"]) == (Verdict.VALID, 1)


def test_a_skipped_rule_counts_no_findings(tmp_path: Path) -> None:
    files = {"rooms.json": [{"Room": room(1) | {"members": list(range(100))}}], "rooms/1/history.json": []}
    report = validate(str(write(tmp_path, files)), Options(keep=1))
    assert set(report.totals) == {"HC104", "HC105"}


@settings(max_examples=30)
@given(count=st.integers(1, 40), keep=st.integers(1, 5))
def test_findings_of_references_are_counted_all_and_kept_the_first_ones(
    count: int, keep: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    lonely = room(1) | {"members": list(range(2, 2 + count)), "privacy": "private"}
    files = {"users.json": [{"User": user(1)}], "rooms.json": [{"Room": lonely}], "rooms/1/history.json": []}
    report = validate(str(write(tmp_path_factory.mktemp("export"), files)), Options(keep=keep))
    assert report.totals["HC403"] == count
    pointers = [finding.location.pointer for finding in report.findings if finding.code == "HC403"]
    assert pointers == [f"/0/Room/members/{index}" for index in range(min(count, keep))]
