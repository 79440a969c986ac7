"""Numbers of the inventory, and messages with impossible dates or beyond a fault."""

import json
from pathlib import Path
from typing import Any

from hcfmt import Options, Report, Verdict, validate
from tests.support.recipes import PASSWORD, cook
from tests.support.records import message
from tests.support.synthetic import room, user

UNDATED = "2018-02-30T00:00:00Z 000000"
DELETED = {"user_id": 1, "date": "2018-04-02T16:00:00Z", "reason": None}


def check(directory: Path, *histories: list[dict[str, Any]], show_values: bool = False) -> Report:
    """Check an export of one user and so many rooms with these histories."""
    files: dict[str, object] = {
        "users.json": [{"User": user(1)}],
        "rooms.json": [{"Room": room(number)} for number in range(1, len(histories) + 1)],
        **{f"rooms/{number}/history.json": history for number, history in enumerate(histories, 1)},
    }
    for path, content in files.items():
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / path).write_text(json.dumps(content))
    return validate(str(directory), Options(show_values=show_values))


def test_a_history_without_dates_has_neither_first_nor_last(tmp_path: Path) -> None:
    report = check(tmp_path, [message(1, timestamp=UNDATED), message(2, timestamp=UNDATED)])
    assert report.totals == {"HC105": 4, "HC114": 1, "HC601": 2}
    messages: Any = report.inventory["messages"]
    assert (messages["total"], messages["first"], messages["last"]) == (2, None, None)
    assert report.inventory["months"] == []


def test_deleted_messages_of_every_kind_are_counted_together(tmp_path: Path) -> None:
    topic = {"type": "muc_topic", "topic": ""}
    history = [
        message(1, message="", deleted=DELETED),
        message(2, "TopicRoomMessage", **topic, message="", deleted=DELETED),
        message(3, "TopicRoomMessage", **topic),
        message(4, message="", deleted=DELETED),
    ]
    messages: Any = check(tmp_path, history, history[:2]).inventory["messages"]
    assert (messages["total"], messages["deleted"]) == (6, 5)


def test_the_busiest_rooms_come_first_and_of_equal_ones_the_first_room(tmp_path: Path) -> None:
    counts = [1, 3, 0, 1, 2, 0, 0, 0, 0, 3]  # the history of room 10 is read before that of room 2
    report = check(tmp_path, *[[message(number) for number in range(count)] for count in counts], show_values=True)
    assert report.inventory["busiest_rooms"] == [
        {"room": number, "name": f"Room {number}", "messages": counts[number - 1]} for number in (2, 10, 5, 1, 4)
    ]


def test_a_strange_file_is_strange_also_where_the_archive_is_cut_behind_it(tmp_path: Path) -> None:
    cooked = cook("README = x\nLAST = is cut\ntar cut -1300")
    path = tmp_path / cooked.name
    path.write_bytes(cooked.data)
    report = validate(str(path), Options(password=PASSWORD.encode))
    assert report.totals == {"HC010": 1, "HC106": 1}
    assert report.verdict is Verdict.INCOMPLETE
