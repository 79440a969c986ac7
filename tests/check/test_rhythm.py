"""Busy histories that pause for months, or end long before the rest, are suspected; others are not."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from hcfmt.export.timestamps import EPOCH, SECOND, format_timestamp, instant_of
from tests.support.small_export import check
from tests.support.synthetic import room

START = instant_of(EPOCH.replace(year=2018, month=3, day=1))
DAY = 86_400 * SECOND
GAP, END = "HC805", "HC806"


def history(days: Iterable[int]) -> str:
    """Return the text of a history with a message on each of some days."""
    return json.dumps([{"UserMessage": message(day)} for day in days])


def message(day: int) -> dict[str, Any]:
    return {
        "id": f"00000000-0000-4000-8000-{day:012}",
        "type": "muc_message",
        "sender": {"id": 1, "mention_name": "", "name": "", "version": ""},
        "message": "hello",
        "timestamp": format_timestamp(START + day * DAY),
    }


def found(directory: Path, days: Iterable[int], **properties: object) -> list[str]:
    """Check an export with a room whose messages are of some days, and a private message on the day 400."""
    private = message(400) | {"receiver": {"id": 1}, "attachment": None, "attachment_path": None}
    report = check(
        directory,
        **{
            "rooms": json.dumps([{"Room": room(1) | {"created": "2018-01-01T00:00:00+00:00"} | properties}]),
            "rooms/1/history": history(days),
            "users/1/history": json.dumps([{"PrivateUserMessage": private}]),
        },
    )
    return [f"{finding.code}: {finding.message}" for finding in report.findings if finding.code in {GAP, END}]


@pytest.mark.parametrize(
    "days",
    [
        [],
        [0, 100, 200, 400],
        [*range(28), *range(87, 115), *range(115, 401, 30)],  # 59 days without a message
        [*range(14), *range(100, 128), *range(128, 401, 30)],  # not busy before the gap
        [*range(28), *range(100, 114), *range(130, 401, 30)],  # not busy after it
        [*range(372, 401)],
        [*range(342)],  # 59 days before the end
        [*range(14), *range(300, 314)],  # not busy at its end
    ],
)
def test_what_the_rhythm_of_a_history_explains_is_no_finding(days: list[int], tmp_path: Path) -> None:
    assert found(tmp_path, days) == []


def test_the_longest_gap_of_a_history_that_is_busy_before_and_after_is_suspected(tmp_path: Path) -> None:
    days = [*range(28), *range(88, 116), *range(186, 401)]
    assert found(tmp_path, days) == [
        f"{GAP}: No message is of the 70 days from 2018-06-25 to 2018-09-02. Before and after, the history is busy."
    ]


def test_a_history_that_is_busy_to_its_end_and_ends_early_is_suspected(tmp_path: Path) -> None:
    assert found(tmp_path, range(300, 341)) == [
        f"{END}: The history is busy to its end on 2019-02-04, 60 days before the last message of the export."
    ]


@pytest.mark.parametrize("closed", ["is_archived", "is_deleted"])
def test_a_room_that_is_closed_may_end_early(closed: str, tmp_path: Path) -> None:
    assert found(tmp_path, range(300, 341), **{closed: True}) == []
