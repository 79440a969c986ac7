"""Choices among rules: which findings count, and what may never be left out."""

import io
import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt import RULES, Choices, Options, Report, Severity, Status, UsageError, Verdict, validate
from hcfmt.check.compiled_choices import compiled, matching, tolerance
from tests.support.recipes import PASSWORD, cook
from tests.support.records import message
from tests.support.small_export import check

FAULTY = """
rooms/1/history.json#/0/UserMessage/sender/id = 99
rooms/1/history.json#/1/UserMessage/sender/id = 98
users.json#/0/User/name = 5
users.json#/1/User/new = 5
note.txt = x
"""
FOUND = {"HC106": 1, "HC301": 1, "HC303": 1, "HC401": 2}
PROTECTED = [code for code in RULES if RULES[code].always_counts]


def checked(choices: Choices, recipe: str = FAULTY, fail_on: Severity = Severity.ERROR) -> Report:
    options = Options(password=PASSWORD.encode(), choices=choices, fail_on=fail_on)
    return validate(io.BytesIO(cook(recipe).data), options)


@pytest.mark.parametrize(
    ("choices", "suppressed"),
    [
        (Choices(), {}),
        (Choices(select=["HC4", "HC301"]), {"select": {"HC106": 1, "HC303": 1}}),
        (Choices(select=["unknown-sender"]), {"select": {"HC106": 1, "HC301": 1, "HC303": 1}}),
        (Choices(ignore=["hc401", "Undocumented-Property"]), {"ignore": {"HC303": 1, "HC401": 2}}),
        (Choices(select=["HC4", "HC3"], ignore=["HC301"]), {"select": {"HC106": 1}, "ignore": {"HC301": 1}}),
        (Choices(select=["HC401"], ignore=["HC4"]), {"select": {"HC106": 1, "HC301": 1, "HC303": 1}}),
        (Choices(select=["ALL"], ignore=["HC"]), {"ignore": FOUND}),
        (Choices(ignore=["ALL"]), {"ignore": FOUND}),
        (Choices(per_path_ignores={"users.json": ["HC301"]}), {"per-path-ignores": {"HC301": 1}}),
        (Choices(per_path_ignores={"rooms/**": ["ALL"]}), {"per-path-ignores": {"HC401": 2}}),
        (Choices(per_path_ignores={"rooms/*/history.json": ["HC3"]}), {}),
        (Choices(per_path_ignores={"*.txt": ["HC1"]}), {"per-path-ignores": {"HC106": 1}}),
        (Choices(ignore=["HC301"], per_path_ignores={"users.json": ["HC301"]}), {"ignore": {"HC301": 1}}),
        (Choices(tolerate={"HC401": 2}), {"tolerate": {"HC401": 2}}),
        (Choices(tolerate={"HC401": 1}), {}),
        (Choices(tolerate={"unknown-sender": "15.39%"}), {"tolerate": {"HC401": 2}}),
        (Choices(tolerate={"HC401": "15.38%"}), {}),  # of 13 senders
    ],
    ids=str,
)
def test_suppressed_findings_are_counted_by_the_setting(
    choices: Choices, suppressed: Mapping[str, Mapping[str, int]]
) -> None:
    report = checked(choices)
    assert report.suppressed == suppressed
    left = {code: count - sum(codes.get(code, 0) for codes in suppressed.values()) for code, count in FOUND.items()}
    assert report.totals == {code: count for code, count in left.items() if count}
    assert {finding.code for finding in report.findings} == set(report.totals)
    failing = {"HC301", "HC401"} & report.totals.keys()
    assert (report.verdict, report.decided_by) == (
        (Verdict.INVALID, min(failing)) if failing else (Verdict.VALID, None)
    )


def test_a_rule_is_suppressed_if_nothing_that_it_finds_counts() -> None:
    statuses = {entry.code: entry.status for entry in checked(Choices(ignore=["HC401"])).ledger}
    assert (statuses["HC401"], statuses["HC301"]) == (Status.SUPPRESSED, Status.FAILED)


@pytest.mark.parametrize(
    ("severity", "fail_on", "verdict", "decided_by"),
    [
        ({"HC401": "warning", "HC301": "info"}, "error", Verdict.VALID, None),
        ({"HC4": "warning", "HC301": "info"}, "warning", Verdict.INVALID, "HC106"),
        ({"HC": "info", "unexpected-file": "error"}, "error", Verdict.INVALID, "HC106"),
        ({"HC106": "error"}, "error", Verdict.INVALID, "HC106"),
    ],
)
def test_another_severity_decides_the_verdict(
    severity: Mapping[str, str], fail_on: str, verdict: Verdict, decided_by: str | None
) -> None:
    report = checked(Choices(severity=severity), fail_on=Severity(fail_on))
    assert (report.verdict, report.decided_by, report.suppressed) == (verdict, decided_by, {})
    assert report.totals == FOUND
    chosen = {finding.code: finding.severity for finding in report.findings}
    assert chosen["HC106"] == severity.get("HC106", severity.get("unexpected-file", severity.get("HC", "warning")))


@pytest.mark.parametrize(
    ("recipe", "choices"),
    [
        ("gzip cut -900", Choices(ignore=["ALL"])),
        ("gzip cut -900", Choices(select=["HC4"])),
        ("password wrong", Choices(ignore=["HC0"])),
        ("users.json = [{", Choices(ignore=["HC201"])),
        ("rooms/1/history.json = [{", Choices(ignore=["HC201"])),
        ("rooms/1/history.json = [{", Choices(tolerate={"HC201": 1})),
        ("rooms/1/history.json = [{", Choices(severity={"HC201": "info"})),
        ("rooms/1/history.json = [{", Choices(per_path_ignores={"**": ["ALL"]})),
        ("rooms/1/history.json = [{", Choices(select=["HC4"])),
        ("users.json -", Choices(ignore=["HC104"])),
        ("rooms.json -", Choices(ignore=["HC104"])),
        ("users.json = [7]", Choices(ignore=["HC301"])),
    ],
)
def test_what_was_not_checked_is_never_a_pass(recipe: str, choices: Choices) -> None:
    report = checked(choices, recipe)
    assert report.verdict is Verdict.INCOMPLETE
    assert report.decided_by
    assert report.why


@pytest.mark.parametrize("code", PROTECTED)
@pytest.mark.parametrize(
    "choices",
    [
        lambda code: Choices(ignore=[code]),
        lambda code: Choices(ignore=[RULES[code].name]),
        lambda code: Choices(per_path_ignores={"*": [code]}),
        lambda code: Choices(severity={code: "info"}),
        lambda code: Choices(tolerate={code: 1}),
    ],
)
def test_a_rule_that_makes_the_verdict_incomplete_cannot_be_named(code: str, choices: Callable[[str], Choices]) -> None:
    with pytest.raises(UsageError, match=f"cannot name {code} {RULES[code].name}: its findings mean that"):
        compiled(choices(code))


@given(
    select=st.lists(st.sampled_from(["ALL", "HC", "HC0", "HC00", *RULES])),
    ignore=st.lists(st.sampled_from(["ALL", "HC", "HC0", "HC00", *sorted(RULES.keys() - PROTECTED)])),
)
def test_no_choice_leaves_out_a_rule_that_makes_the_verdict_incomplete(select: list[str], ignore: list[str]) -> None:
    judgement = compiled(
        Choices(select=select, ignore=ignore), dict.fromkeys(((code, "0" * 32) for code in RULES), 1), accepts_all=True
    )
    for code in PROTECTED:
        assert judgement.why_suppressed(code, "users.json", "0" * 32, elsewhere=False) == ""


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        (Choices(select=["HC49"]), "There is no rule 'HC49'"),
        (Choices(ignore=["unknown-sendr"]), "did you mean 'unknown-sender'?"),
        (Choices(per_path_ignores={"a": ["HC9"]}), "There is no rule 'HC9'"),
        (Choices(severity={"HC401": "eror"}), "severity of HC401: There is no severity 'eror'; did you mean 'error'?"),
        (Choices(severity={"X": "error"}), "There is no rule 'X'"),
        (Choices(tolerate={"HC5": 1}), "tolerate names one rule at a time, by its code or name; HC5 are several."),
        (Choices(tolerate={"HC501": "many"}), "'many' is neither a number, such as 14, nor a share"),
        (Choices(tolerate={"HC501": "100.1%"}), "'100.1%' is neither a number, such as 14, nor a share of up to 100%"),
        (Choices(tolerate={"HC501": "120%"}), "'120%' is neither"),
        (Choices(tolerate={"HC501": -1}), "'-1' is neither"),
        (Choices(tolerate={"HC501": True}), "'True' is neither"),
    ],
)
def test_a_wrong_choice_says_what_is_wrong(choices: Choices, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        compiled(choices)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("selector", "exactness", "codes"),
    [
        ("HC401", 5, ["HC401"]),
        ("unknown-sender", 5, ["HC401"]),
        ("hc71", 4, ["HC710", "HC711", "HC712", "HC713", "HC714", "HC715", "HC716", "HC717", "HC718"]),
        ("HCX", 3, ["HCX01", "HCX02", "HCX03"]),
        ("HC", 2, [*RULES]),
        ("all", 0, [*RULES]),
    ],
)
def test_rules_are_chosen_by_code_name_or_prefix(selector: str, exactness: int, codes: Sequence[str]) -> None:
    assert matching(selector) == (exactness, tuple(codes)) or matching(selector) == (exactness, codes)


def test_a_path_is_matched_below_the_directory_of_the_export() -> None:
    recipe = f"{FAULTY}\nprefix data/"
    choices = Choices(per_path_ignores={"rooms/1/history.json": ["HC401"]})
    assert checked(choices, recipe).suppressed == {"per-path-ignores": {"HC401": 2}}


def test_a_finding_on_places_in_several_files_is_not_ignored_by_the_path_of_the_first() -> None:
    recipe = "rooms.json#/0/Room/room_admins = [98]\nrooms.json#/0/Room/members = [98]\n"
    twice = "rooms/1/history.json#/0/UserMessage/sender/id = 99\nrooms/1/history.json#/1/UserMessage/sender/id = 99"
    ignored = Choices(per_path_ignores={"**": ["HC4"]})
    assert checked(ignored, twice).totals == {"HC401": 1}
    assert checked(ignored, recipe).suppressed == {"per-path-ignores": {"HC403": 1, "HC405": 1}}


@given(senders=st.lists(st.integers(90, 99), min_size=1, max_size=30), keep=st.integers(1, 3), by_path=st.booleans())
@settings(max_examples=30)
def test_a_tolerance_counts_the_places_that_findings_stand_for(
    senders: list[int], keep: int, tmp_path_factory: pytest.TempPathFactory, *, by_path: bool
) -> None:
    directory = tmp_path_factory.mktemp("export")
    sender = {"mention_name": "", "name": "", "version": ""}
    history = [message(number, sender={"id": user} | sender) for number, user in enumerate(senders)]
    check(directory, **{"rooms/1/history": json.dumps(history)})

    def found(allowed: int | str) -> int:
        paths = {"users.json": ["HC401"]} if by_path else {}
        choices = Choices(per_path_ignores=paths, tolerate={"HC401": allowed})
        return validate(str(directory), Options(keep=keep, choices=choices)).totals.get("HC401", 0)

    assert found(len(senders)) == found("100%") == 0
    assert found(len(senders) - 1) == found("96%") == len(set(senders))


@given(found=st.integers(0, 10_000), examined=st.integers(0, 10_000), percent=st.decimals(0, 100, places=3))
def test_a_share_is_exact(found: int, examined: int, percent: Decimal) -> None:
    allowed = tolerance("HC501", f"{percent}%").allows(found, examined)
    assert allowed is (found * 100 <= percent * examined)
