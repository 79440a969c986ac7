"""Records that are explained one by one: what is not proven to match its schema takes part in nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest

from hcfmt import Options, Report, Verdict, validate
from hcfmt.export.shape import MOST_FLAWS
from hcfmt.export.slices import SLICE
from tests.synthetic import room, user

MANY = {f"k{number}": 0 for number in range(MOST_FLAWS + 1)}
EMOTICON = {"id": 1, "shortcut": "a", "path": "a.png", "user_id": 1, "height": 1, "width": 1}
EXPORT: dict[str, Any] = {
    "users": [{"User": user(number)} for number in (1, 2)],
    "rooms": [{"Room": room(1)}],
    "rooms/1/history": [],
    "users/1/history": [],
    "metadata": {},
    "preferences": {},
    "emoticons": {"Emoticons": []},
    "autojoins": {"AutoJoins": [{"id": "pref:autoJoin:1", "data": "[]"}]},
}


def check(directory: Path, **files: str) -> Report:
    """Check an export in which some files have another text."""
    for name, content in EXPORT.items():
        path = directory / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(files.get(name, json.dumps(content)), encoding="utf-8")
    return validate(str(directory), Options(keep=2))


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
    ("autojoins", {"AutoJoins": [{"id": "pref:autoJoin:1", "data": json.dumps([MANY])}]}),
    ("rooms", [{"Room": {**room(1), "members": ["x"] * (MOST_FLAWS + 1)}}]),
]


@pytest.mark.parametrize(("name", "content"), BROKEN_OFF)
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


def test_a_list_behind_more_white_space_than_a_slice_holds_is_judged_record_by_record(tmp_path: Path) -> None:
    users = json.dumps([{"User": {**user(number), "odd": 1}} for number in (1, 2)])
    report = check(tmp_path, users=" " * (2 * SLICE) + users)
    assert report.verdict is Verdict.VALID
    assert [str(one.location) for one in report.findings if one.code == "HC303"] == [
        "users.json#/0/User/odd",
        "users.json#/1/User/odd",
    ]
    broken = check(tmp_path, users=" " * (2 * SLICE) + users.replace('"id": 2', '"id": "2"', 1))
    assert [str(one.location) for one in broken.findings if one.code == "HC301"] == ["users.json#/1/User/id"]
