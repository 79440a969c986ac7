"""Places of messages: order in the history, later slices, records behind each other."""

import json
from pathlib import Path
from typing import Any

import pytest

from hcfmt import Budget, Options, Report, validate
from hcfmt.export import slices
from tests.support.records import message
from tests.support.synthetic import room, user

EARLY, LATE = "2018-04-02T15:40:44Z 000001", "2018-04-02T15:40:44Z 000002"


def check(directory: Path, history: list[Any], budget: Budget | None = None, **room_says: object) -> Report:
    """Check an export of one user and one room, which has this history and says so much of itself."""
    files: dict[str, object] = {
        "users.json": [{"User": user(1)}],
        "rooms.json": [{"Room": room(1) | room_says}],
        "rooms/1/history.json": history,
    }
    for path, content in files.items():
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / path).write_text(json.dumps(content))
    return validate(str(directory), Options(budget=budget or Budget()))


def found(report: Report, code: str) -> list[tuple[str | None, str]]:
    return [(finding.location.pointer, finding.message) for finding in report.findings if finding.code == code]


def topics(*stamped: tuple[str, str]) -> list[dict[str, Any]]:
    """Return messages that set a topic, each at its time."""
    return [
        message(number, "TopicRoomMessage", type="muc_topic", topic=topic, timestamp=stamp)
        for number, (stamp, topic) in enumerate(stamped)
    ]


DICTATED: list[tuple[str, list[tuple[str, str]], int | None]] = [
    ("the last one agrees", [(EARLY, "old"), (LATE, "mine")], None),
    ("the last one disagrees", [(EARLY, "mine"), (LATE, "new")], 1),
    ("the last one comes first", [(LATE, "new"), (EARLY, "mine")], 0),
    ("of two equally late ones the first agrees", [(LATE, "mine"), (LATE, "new")], None),
    ("of two equally late ones the second agrees", [(LATE, "new"), (LATE, "mine")], None),
    ("of two equally late ones none agrees", [(EARLY, "mine"), (LATE, "new"), (LATE, "newer")], 1),
]


@pytest.mark.parametrize(("case", "stamped", "index"), DICTATED, ids=[case for case, *_ in DICTATED])
def test_the_last_message_of_a_kind_dictates_the_state(
    case: str, stamped: list[tuple[str, str]], index: int | None, tmp_path: Path
) -> None:
    sentence = f"The last TopicRoomMessage, rooms/1/history.json#/{index}, contradicts it."
    expected = [] if index is None else [("/0/Room/topic", sentence)]
    assert found(check(tmp_path, topics(*stamped), topic="mine"), "HC434") == expected, case


@pytest.mark.parametrize("goal", [100, 500, 1 << 20])
def test_a_record_rules_finding_has_the_place_of_its_record_in_any_slice(
    goal: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hcfmt.container.directory.CHUNK", 16)  # no slice is smaller than what comes at once
    monkeypatch.setattr(slices, "SLICE", goal)
    monkeypatch.setattr(slices, "_TAIL", max(16, goal // 4))
    deleted = {"user_id": 1, "date": "2018-04-02T15:40:43Z", "reason": None}
    history = [message(number, **{"message": "", "deleted": deleted} if number % 3 else {}) for number in range(9)]
    pointers = [pointer for pointer, _ in found(check(tmp_path, history), "HC604")]
    assert pointers == [f"/{number}/UserMessage/deleted/date" for number in range(9) if number % 3]


@pytest.mark.parametrize(("levels", "code"), [(14, "HC303"), (15, "HCX01")])
def test_the_depth_limit_counts_the_array_around_a_record(levels: int, code: str, tmp_path: Path) -> None:
    nested: Any = 1
    for _ in range(levels - 1):
        nested = [nested]
    # The array, the wrapper, and so many levels in the record.
    report = check(tmp_path, [message(1, strange=nested)], Budget(depth=16))
    assert [pointer for pointer, _ in found(report, code)]
    assert ("HCX01" in report.totals) == (code == "HCX01")
