"""Numbers of the inventory, and messages with impossible dates or beyond a fault."""

import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from hcfmt import Options, Plan, Report, Verdict, generate, validate
from hcfmt.container import open_archive
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


def messages_of(archive: Path) -> list[tuple[int, bool, str]]:
    """Return sender, whether it is private, and timestamp of each message of an archive, a private one once."""
    found: list[tuple[int, bool, str]] = []
    with open_archive(str(archive), password=None) as opened:
        for member in opened.members():
            content = b"".join(member.chunks)
            if not member.path.endswith("/history.json"):
                continue
            folder, owner, _ = member.path.split("/")
            private = folder == "users"
            records = [record for wrapper in json.loads(content) for record in wrapper.values()]
            senders = ((record["sender"]["id"], record["timestamp"]) for record in records)
            found += [(sender, private, stamp) for sender, stamp in senders if not private or sender == int(owner)]
    return found


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("company") / "company.tar"
    generate(str(path), Plan(users=12, rooms=4, messages=3_000, private_share=0.3))
    return path


def test_every_message_counts_in_one_hour_of_the_week(company: Path) -> None:
    dates = [datetime.fromisoformat(stamp[:20]) for _, _, stamp in messages_of(company)]
    expected = Counter((date.weekday(), date.hour) for date in dates)
    hours: Any = validate(str(company)).inventory["hours"]
    assert Counter({(day, hour): hours[day][hour] for day in range(7) for hour in range(24)}) == expected
    assert expected.total() == 3_000


def test_the_busiest_users_sent_most_messages_and_integrations_are_none_of_them(company: Path) -> None:
    expected = Counter((sender, private) for sender, private, _ in messages_of(company) if sender)
    users: Any = validate(str(company), Options(keep=1)).inventory["busiest_users"]
    assert {
        (row["user"], private): row["private" if private else "room"] for row in users for private in (False, True)
    } == {(row["user"], private): expected[row["user"], private] for row in users for private in (False, True)}
    assert sum(row["room"] + row["private"] for row in users) == expected.total()
    order = [(-row["room"] - row["private"], row["user"]) for row in users]
    assert order == sorted(order)


def test_a_user_has_a_name_only_where_values_are_shown(tmp_path: Path) -> None:
    history = [message(1), message(2, sender={"id": 7, "mention_name": "", "name": "x", "version": ""})]
    for shown in (False, True):
        users: Any = check(tmp_path, history, show_values=shown).inventory["busiest_users"]
        assert users == [
            {"user": 1, "name": user(1)["name"] if shown else None, "room": 1, "private": 0},
            {"user": 7, "name": None, "room": 1, "private": 0},
        ]


def test_a_history_that_is_cut_counts_in_the_hours_as_in_the_months(tmp_path: Path) -> None:
    history = json.dumps([message(number) for number in range(3_000)])
    cooked = cook(f"layers tar\nrooms/1/history.json = {history}\ntar cut 600000")
    path = tmp_path / cooked.name
    path.write_bytes(cooked.data)
    inventory: Any = validate(str(path)).inventory
    messages = sum(month["room"] for month in inventory["months"])
    assert 0 < messages < 3_000
    assert sum(map(sum, inventory["hours"])) == messages


def test_messages_without_a_date_have_no_hour(tmp_path: Path) -> None:
    stamps = [UNDATED, "2018-04-02T15:40:44Z", "2018-04-02T15:40:44Z 1234567890", "2018-04-01T23:59:59Z 000000"]
    hours: Any = check(tmp_path, [message(number, timestamp=stamp) for number, stamp in enumerate(stamps)]).inventory[
        "hours"
    ]
    assert (sum(map(sum, hours)), hours[0][15], hours[6][23]) == (3, 2, 1)
