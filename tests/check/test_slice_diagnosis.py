"""Slow path: records that are diagnosed one by one; an unproven record takes part in no other check."""

import json
import pickle
from pathlib import Path
from typing import Any

import pytest

from hcfmt import Budget, Options, Verdict, validate
from hcfmt.check.context import CheckContext
from hcfmt.check.slice_check import check_slice
from hcfmt.cli.deadline import deadline
from hcfmt.export import jsonscan
from hcfmt.export.schema_errors import MOST_FLAWS
from hcfmt.export.slices import SLICE, Slice
from tests.support.checking import processes
from tests.support.small_export import check
from tests.support.synthetic import room, user

MANY = {f"k{number}": 0 for number in range(MOST_FLAWS + 1)}
EMOTICON = {"id": 1, "shortcut": "a", "path": "a.png", "user_id": 1, "height": 1, "width": 1}


BROKEN_OFF: list[tuple[str, Any]] = [
    ("users", [{"User": MANY}]),
    ("rooms", [{"Room": MANY}]),
    ("rooms/1/history", [{"UserMessage": MANY}]),
    ("rooms/1/history", [{"TopicRoomMessage": MANY}]),
    ("rooms/1/history", [{"UserMessage": {"message": "a", "sender": MANY}}]),
    ("users/1/history", [{"PrivateUserMessage": MANY}]),
    ("users/1/history", [{"PrivateUserMessage": {"message": "a", "deleted": MANY}}]),
    ("emoticons", MANY),
    ("emoticons", {"Emoticons": [MANY]}),
    ("emoticons", {"Emoticons": [EMOTICON], **MANY}),
    ("autojoins", {"AutoJoins": [MANY]}),
    ("autojoins", {"AutoJoins": [{"id": "pref:autoJoin:1", "data": json.dumps([[]] * len(MANY))}]}),
    ("rooms", [{"Room": {**room(1), "members": ["x"] * (MOST_FLAWS + 1)}}]),
]


@pytest.mark.parametrize(("name", "content"), BROKEN_OFF)
@pytest.mark.slow
def test_a_record_whose_explanation_is_broken_off_takes_part_in_nothing_else(
    name: str,
    content: Any,  # noqa: ANN401 - any JSON value
    tmp_path: Path,
) -> None:
    report = check(tmp_path, **{name: json.dumps(content)})
    assert "HCX02" not in report.totals
    assert report.exit in {1, 3}
    assert report.verdict is (Verdict.INCOMPLETE if "HCX01" in report.totals else Verdict.INVALID)


def test_a_message_with_ten_thousand_strange_properties_and_no_text_makes_the_verdict_incomplete(
    tmp_path: Path,
) -> None:
    report = check(tmp_path, **{"rooms/1/history": json.dumps([{"UserMessage": MANY}])})
    assert (report.verdict, report.exit, report.totals["HCX01"]) == (Verdict.INCOMPLETE, 3, 1)
    assert [finding.location.pointer for finding in report.findings if finding.code == "HCX01"] == [None]


def test_a_list_behind_more_white_space_than_a_slice_holds_is_checked_record_by_record(tmp_path: Path) -> None:
    users = json.dumps([{"User": {**user(number), "odd": 1}} for number in (1, 2)])
    report = check(tmp_path, users=" " * (2 * SLICE) + users)
    assert report.verdict is Verdict.VALID
    assert [str(finding.location) for finding in report.findings if finding.code == "HC303"] == [
        "users.json#/0/User/odd",
        "users.json#/1/User/odd",
    ]
    broken = check(tmp_path, users=" " * (2 * SLICE) + users.replace('"id": 2', '"id": "2"', 1))
    assert [str(finding.location) for finding in broken.findings if finding.code == "HC301"] == [
        "users.json#/1/User/id"
    ]


class Clock:
    """A fake clock: the time is up after so many questions; counts those that come."""

    def __init__(self, questions: int) -> None:
        """Take the number of calls that return False."""
        self.remaining, self.calls = questions, 0

    def __call__(self) -> bool:
        self.calls += 1
        self.remaining -= 1
        return self.remaining < 0


def test_the_time_limit_is_checked_before_each_record_and_findings_are_kept() -> None:
    clock = Clock(5)
    slice_ = Slice("users.json", "export/users", b"{}," * 1000 + b"{}]", listed=True, ended=True)
    facts, rest = check_slice(slice_, CheckContext(expired=clock))
    assert (facts.records, facts.stopped, rest) == (6, True, None)
    assert facts.tally.totals == {"HC302": 5, "HCX01": 1}
    assert clock.calls == 6


@pytest.mark.parametrize(("schema", "text"), [("emoticons", b'{"Emoticons":[%b]}'), ("users", b"[%b]")])
def test_the_time_is_checked_inside_a_long_document(schema: str, text: bytes) -> None:
    slice_ = Slice(f"{schema}.json", f"export/{schema}", text % b",".join([b"{}"] * 1000), ended=True)
    facts, _ = check_slice(slice_, CheckContext(expired=Clock(5)))
    assert facts.stopped
    assert facts.tally.totals["HCX01"] == 1
    assert facts.tally.totals.total() < 100


def test_the_time_is_checked_inside_a_long_text() -> None:
    text = b"[" + b"0," * 100_000 + b"0.5]"
    (defect,) = jsonscan.find_defects(text, depth=9, expired=Clock(5))
    assert (defect.kind, "--max-seconds" in defect.message) == ("budget-exceeded", True)
    assert defect.byte is not None
    assert defect.byte < len(text) // 10


def test_a_deadline_travels_to_other_processes() -> None:
    assert pickle.loads(pickle.dumps(deadline(1000)))() is False  # noqa: S301 - our own
    assert pickle.loads(pickle.dumps(deadline(-1)))() is True  # noqa: S301 - our own


@pytest.mark.parametrize("jobs", [1, 2])
def test_time_that_is_up_ends_the_explanation_in_every_process(jobs: int, tmp_path: Path) -> None:
    check(tmp_path, users=json.dumps([{}] * 100))
    with processes(2) as pool:
        executor = pool if jobs == 2 else None
        late = CheckContext(expired=deadline(-1))
        slice_ = Slice("users.json", "export/users", b"{}," * 9 + b"{}]", listed=True, ended=True)
        facts, _ = executor.submit(check_slice, slice_, late).result() if executor else check_slice(slice_, late)
    assert facts.tally.totals == {"HCX01": 1}


def test_a_time_limit_reached_after_the_scan_keeps_findings_and_is_incomplete(
    tmp_path: Path,
) -> None:
    check(tmp_path, users=json.dumps([{"User": user(1)}, {"User": {**user(2), "odd": 1}}]))
    clock = Clock(10**9)
    complete = validate(str(tmp_path), Options(budget=Budget(expired=clock)))
    assert (complete.verdict, complete.totals["HC303"]) == (Verdict.VALID, 1)
    calls, found = clock.calls, 0
    for questions in range(calls):
        report = validate(str(tmp_path), Options(budget=Budget(expired=Clock(questions))))
        assert (report.verdict, report.exit) == (Verdict.INCOMPLETE, 3)
        assert 1 <= report.totals["HCX01"] <= 2  # of the file that was read, and of the archive
        found += report.totals.get("HC303", 0)
    assert found > calls // 4
