"""Baselines: accepted findings do not count, new ones do, and those that are gone are told."""

import io
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from hcfmt import (
    Baseline,
    Choices,
    Options,
    Report,
    UsageError,
    Verdict,
    baseline_of,
    read_baseline,
    validate,
    validate_all,
    write_baseline,
)
from hcfmt.check import facts
from hcfmt.check.baseline_files import baseline_lines, parse_baseline
from hcfmt.findings import BaselineEntry
from tests.support.checking import processes
from tests.support.recipes import PASSWORD, cook
from tests.support.report_checks import conforms
from tests.support.slice_records import PRIVATE, RECORDS
from tests.support.small_export import check

SENDER = "rooms/1/history.json#/0/UserMessage/sender/id = 99"
SENDERS = [f"rooms/1/history.json#/{index}/UserMessage/sender/id = 99" for index in range(3)]
NAME = "users.json#/0/User/name = 5"
NOTE = "note.txt = x"


def checked(*lines: str, **options: object) -> Report:
    return validate(io.BytesIO(cook("\n".join(lines)).data), Options(password=PASSWORD.encode(), **options))  # type: ignore[arg-type]  # fields


def accepting(*lines: str) -> Baseline:
    return baseline_of([checked(*lines, accept_all=True)])


def test_accepted_findings_do_not_count() -> None:
    report = checked(SENDER, NAME, NOTE, baseline=accepting(SENDER, NAME, NOTE))
    assert (report.verdict, report.totals, report.findings) == (Verdict.VALID, {}, ())
    assert report.suppressed == {"baseline": {"HC106": 1, "HC301": 1, "HC401": 1}}


def test_a_new_finding_counts() -> None:
    report = checked(SENDER, NAME, NOTE, baseline=accepting(SENDER, NOTE))
    assert (report.verdict, report.totals) == (Verdict.INVALID, {"HC301": 1})


def test_what_matches_nothing_any_more_is_told_and_removed() -> None:
    baseline = accepting(SENDER, NAME, NOTE)
    reports = [checked(NOTE, baseline=baseline)]
    assert [entry.code for entry in sorted(baseline.unmatched(reports))] == ["HC301", "HC401"]
    assert baseline.matched(reports) == accepting(NOTE)


def test_a_baseline_accepts_the_same_findings_in_every_input_and_is_stale_where_none_has_them() -> None:
    baseline = accepting(SENDER, NOTE)
    reports = [checked(SENDER, baseline=baseline), checked(NOTE, baseline=baseline)]
    assert [report.verdict for report in reports] == [Verdict.VALID, Verdict.VALID]
    assert baseline.unmatched(reports) == {}
    assert baseline_of([checked(SENDER, accept_all=True), checked(NOTE, accept_all=True)]) == baseline


def test_more_findings_of_one_fingerprint_than_accepted_count() -> None:
    five, six = ("rooms.json#/0/Room/members = " + json.dumps(["x"] * count) for count in (5, 6))
    baseline = accepting(five)
    assert set(baseline.entries.values()) == {5}
    report = checked(six, baseline=baseline)
    assert (report.verdict, report.totals, report.suppressed) == (
        Verdict.INVALID,
        {"HC301": 1},
        {"baseline": {"HC301": 5}},
    )
    assert report.findings[0].message == "6 findings have this fingerprint, of which the baseline accepts 5."
    assert list(baseline.unmatched([checked('rooms.json#/0/Room/members = ["x"]', baseline=baseline)]).values()) == [4]


def test_more_places_of_one_finding_than_accepted_count() -> None:
    one, two, three = ("\n".join(SENDERS[:count]) for count in (1, 2, 3))
    baseline = accepting(two)
    assert list(baseline.entries.values()) == [2]
    assert checked(two, baseline=baseline).suppressed == {"baseline": {"HC401": 1}}
    report = checked(three, baseline=baseline)
    assert (report.verdict, report.totals, report.suppressed) == (Verdict.INVALID, {"HC401": 1}, {})
    (found,) = report.findings
    assert found.message == "3 places have findings of this fingerprint, of which the baseline accepts 2."
    assert found.values == {"found": 3, "accepted": 2}
    fewer = checked(one, baseline=baseline)
    assert fewer.verdict is Verdict.VALID
    assert list(baseline.unmatched([fewer]).values()) == [1]
    assert baseline.matched([fewer]) == accepting(one)


def test_a_finding_that_a_baseline_accepts_is_not_gone_when_its_rule_is_ignored() -> None:
    baseline = accepting(SENDER)
    report = checked(SENDER, baseline=baseline, choices=Choices(ignore=["HC4"], select=["HC1"]))
    assert report.suppressed == {"baseline": {"HC401": 1}}
    assert baseline.unmatched([report]) == {}


def test_what_other_choices_suppress_is_not_accepted() -> None:
    report = checked(SENDER, NAME, NOTE, accept_all=True, choices=Choices(ignore=["HC4"]))
    assert report.suppressed == {"baseline": {"HC106": 1, "HC301": 1}, "ignore": {"HC401": 1}}
    assert [entry.code for entry in baseline_of([report]).entries] == ["HC106", "HC301"]


@pytest.mark.parametrize("line", ["gzip cut -900", "password wrong", "users.json = [{", "rooms/1/history.json = [{"])
def test_a_baseline_never_accepts_that_something_was_not_checked(line: str) -> None:
    report = checked(line, accept_all=True)
    assert report.verdict is Verdict.INCOMPLETE
    assert checked(line, baseline=baseline_of([report])).verdict is Verdict.INCOMPLETE


@settings(max_examples=40)
@given(
    records=st.lists(st.sampled_from(RECORDS), max_size=8),
    more=st.lists(st.sampled_from(RECORDS), max_size=4),
    data=st.data(),
)
def test_a_baseline_is_silent_on_old_findings_and_tells_new_and_gone_ones(
    records: list[str], more: list[str], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    def of(texts: list[str], **options: object) -> Report:
        directory = tmp_path_factory.mktemp("export")
        check(directory, **{"rooms/1/history": f"[{','.join(texts)}]"})
        return validate(str(directory), Options(**options))  # type: ignore[arg-type]  # fields

    def entries(report: Report) -> dict[str, int]:
        return {entry.fingerprint: count for entry, count in baseline_of([report]).entries.items()}

    changed = data.draw(st.permutations([*records, *more]))
    old, new = of(records, accept_all=True), of(changed, accept_all=True)
    baseline = baseline_of([old])
    assert parse_baseline("\n".join(baseline_lines(baseline)).encode()) == baseline
    again, later = of(records, baseline=baseline), of(changed, baseline=baseline)
    assert again.totals == {}
    assert baseline.unmatched([again]) == {}
    before, after = entries(old), entries(new)
    added = sum(max(0, count - before.get(key, 0)) for key, count in after.items())
    gone = sum(max(0, count - after.get(key, 0)) for key, count in before.items())
    assert sum(found.places for found in later.findings) == added
    assert sum(baseline.unmatched([later]).values()) == gone


@pytest.mark.slow
def test_processes_make_and_use_the_same_baseline(tmp_path: Path) -> None:
    paths = []
    for number, records in enumerate((RECORDS, RECORDS[::-1], [*RECORDS, *PRIVATE])):
        directory = tmp_path / str(number)
        directory.mkdir()
        check(directory, **{"rooms/1/history": f"[{','.join(records)}]"})
        paths.append(str(directory))
    alone = [validate(path, Options(accept_all=True)) for path in paths]
    with processes(2) as executor:
        together = [*validate_all(paths, Options(accept_all=True, executor=executor))]
        assert together == alone
        assert validate(paths[0], Options(accept_all=True, executor=executor)) == alone[0]
        baseline = baseline_of(alone[:2])
        used = [*validate_all(paths, Options(baseline=baseline, executor=executor))]
    assert used == [validate(path, Options(baseline=baseline)) for path in paths]
    assert [report.totals for report in used[:2]] == [{}, {}]
    assert used[2].totals


def test_an_entry_under_the_code_of_another_rule_accepts_nothing() -> None:
    (entry,) = accepting(SENDER).entries
    renamed = Baseline({replace(entry, code="HC303"): 1})
    report = checked(SENDER, baseline=renamed)
    assert (report.totals, report.suppressed) == ({"HC401": 1}, {})
    assert list(renamed.unmatched([report])) == [replace(entry, code="HC303")]


def test_a_baseline_of_too_many_findings_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "MOST_ENTRIES", 2)
    with pytest.raises(UsageError, match="more than 2 findings"):
        checked(SENDER, NAME, NOTE, accept_all=True)
    with pytest.raises(UsageError, match="more than 2 findings"):
        checked(*(line.replace("99", f"9{number}") for number, line in enumerate(SENDERS)), accept_all=True)
    assert checked(SENDER, NOTE, accept_all=True).verdict is Verdict.VALID
    several = baseline_of([checked(SENDER, NOTE, accept_all=True), checked(NAME, accept_all=True)])
    with pytest.raises(UsageError, match="more than 2 findings"):
        write_baseline("never-written.json", several)


def test_a_baseline_file_is_sorted_conforms_to_its_schema_and_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    baseline = accepting(SENDER, NAME, NOTE, "password hipchat")
    write_baseline(str(path), baseline)
    text = path.read_text()
    conforms("baseline.json", json.loads(text))
    assert read_baseline(str(path)) == baseline
    assert (
        text
        == """{
  "format_version": 1,
  "findings": [
    {"code":"HC106","member":"[4 characters].txt","fingerprint":"ff62b8ec11d5d5e9f9d42cc93b252083","count":1},
    {"code":"HC301","member":"users.json","fingerprint":"655897618a7ea20fe398df08308d8b75","count":1},
    {"code":"HC401","member":"rooms/1/history.json","fingerprint":"95eaae8789f2b9b709090a85ddce69e5","count":1}
  ]
}
"""
    )


def test_an_empty_baseline_conforms_to_its_schema() -> None:
    text = "\n".join(baseline_lines(Baseline()))
    conforms("baseline.json", json.loads(text))
    assert parse_baseline(text.encode()) == Baseline()


def test_what_is_shown_makes_no_difference_to_a_baseline() -> None:
    assert baseline_of([checked(NOTE, accept_all=True, show_values=True)]) == accepting(NOTE)


ROW = {"code": "HC401", "member": None, "fingerprint": "0" * 32, "count": 1}


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("", "It is no baseline: Input data was truncated"),
        ("[]", "Expected `object`, got `array`"),
        ("{}", "missing required field `format_version`"),
        ({"format_version": 2, "findings": []}, "at `$.format_version`"),
        ({"format_version": 1, "findings": [], "more": 1}, "unknown field `more`"),
        ({"format_version": 1, "findings": [ROW | {"count": 0}]}, ">= 1"),
        ({"format_version": 1, "findings": [ROW | {"fingerprint": "x"}]}, "fingerprint"),
        ({"format_version": 1, "findings": [ROW | {"code": "X"}]}, "code"),
        ({"format_version": 1, "findings": [ROW, ROW | {"code": "HC402"}]}, "A fingerprint is there twice"),
        ({"format_version": 1, "findings": [ROW, ROW]}, "A fingerprint is there twice"),
        (b'{"format_version": 1, "findings": [], "\xff": 1}', "It is no baseline"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_wrong_baseline_says_what_is_wrong(document: object, message: str, tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    path.write_bytes(
        document
        if isinstance(document, bytes)
        else (document if isinstance(document, str) else json.dumps(document)).encode()
    )
    with pytest.raises(UsageError) as caught:
        read_baseline(str(path))
    assert str(caught.value).startswith(f"{path}: ")
    assert message in str(caught.value)


def test_a_missing_baseline_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read: No such file or directory"):
        read_baseline(str(tmp_path / "none.json"))


def test_entries_are_in_the_order_of_code_member_and_fingerprint() -> None:
    entries = [BaselineEntry("HC401", "b", "1"), BaselineEntry("HC401", "", "2"), BaselineEntry("HC101", "z", "0")]
    lines = baseline_lines(Baseline(dict.fromkeys(entries, 1)))
    assert [json.loads(line.rstrip(","))["fingerprint"] for line in lines[3:-2]] == ["0", "2", "1"]
