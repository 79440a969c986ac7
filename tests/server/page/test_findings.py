"""Findings of a validation at the messages that they are about."""

from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from hcfmt.check.engine import Options, validate
from hcfmt.errors import UsageError
from hcfmt.findings import Finding, Location, Severity
from hcfmt.server.page import documents, findings
from hcfmt.server.page.finding_places import place_of
from hcfmt.server.page.findings import ArchiveFindings
from hcfmt.server.store import open_store
from hcfmt.verdict import Report, Verdict
from tests.support.store_exports import (
    members,
    participant,
    private_message,
    room,
    room_message,
    store_of,
    user,
    uuid,
    write_tar,
)

NOWHERE = {"chat": None, "i": None}


def history(wrapper: str = "UserMessage") -> list[tuple[str, dict[str, Any]]]:
    """Return records of which the second is unreadable, the fourth repeats an id, and the fifth is the oldest.

    The senders of some are unknown.
    """
    return [
        (wrapper, room_message(1, 10)),
        ("Unknown", {}),
        (wrapper, room_message(2, 20, sender=participant(77))),
        (wrapper, room_message(1, 30)),
        (wrapper, room_message(3, 0, sender=participant(78))),
        (wrapper, room_message(4, 40, sender=participant(79))),
    ]


def checked(path: str) -> dict[str, Any]:
    """Return the findings of an archive as the page shows them, with the ids of the messages they are at."""
    with open_store(path) as store:
        document = ArchiveFindings(store, lambda _: validate(path, Options()))()
        for finding in document["findings"]:
            if finding["i"] is not None:
                (message,) = documents.messages(store, finding["chat"], finding["i"], 1)
                finding["id"] = message["id"]
    return document


@pytest.mark.parametrize("directory", ["", "./"])
def test_a_finding_is_at_its_message_whatever_was_skipped_and_in_whatever_order(tmp_path: Path, directory: str) -> None:
    files = members([user(1)], [room(7)], {"rooms/7": history()})
    document = checked(write_tar(tmp_path / "a.tar", {directory + path: data for path, data in files.items()}))
    assert (document["state"], document["verdict"]) == ("checked", "invalid")
    assert document["shown"] == len(document["findings"]) <= document["total"]
    unknown = [
        (found["pointer"], found["chat"], found["i"], found["id"])
        for found in document["findings"]
        if found["code"] == "HC401"
    ]
    assert unknown == [
        ("/2/UserMessage/sender/id", "room-7", 2, uuid(2)),
        ("/4/UserMessage/sender/id", "room-7", 0, uuid(3)),
        ("/5/UserMessage/sender/id", "room-7", 3, uuid(4)),
    ]
    skipped = [found for found in document["findings"] if found["pointer"] in {"/1", "/1/Unknown"}]
    assert skipped
    assert {(found["chat"], found["i"]) for found in skipped} == {("room-7", None)}


def test_an_export_below_a_directory_has_findings_without_places(tmp_path: Path) -> None:
    files = members([user(1)], [room(7)], {"rooms/7": history()})
    document = checked(write_tar(tmp_path / "a.tar", {f"export/{path}": data for path, data in files.items()}))
    assert "HC401" in {finding["code"] for finding in document["findings"]}
    assert {(finding["chat"], finding["i"]) for finding in document["findings"]} == {(None, None)}


def test_findings_in_both_copies_of_a_pair_are_in_the_chat_that_is_shown() -> None:
    rows = [("PrivateUserMessage", private_message(at, 2, 3, at)) for at in range(4)]
    histories = {"users/2": [rows[3], rows[0]], "users/3": rows[:3]}
    with store_of(members([user(2), user(3)], [], histories)) as store:
        places = [place_of(store, Location(f"users/{owner}/history.json", at)) for owner in (2, 3) for at in range(4)]
    shown = [None, 0, None, None, 0, 1, 2, None]
    chats = ["private-2-3", "private-2-3", None, None, "private-2-3", "private-2-3", "private-2-3", None]
    assert places == [{"chat": chat, "i": at} for chat, at in zip(chats, shown, strict=True)]


@pytest.mark.parametrize(
    ("location", "place"),
    [
        (Location(), NOWHERE),
        (Location("users.json", 0), NOWHERE),
        (Location("rooms/7/files/a/b.png"), NOWHERE),
        (Location("rooms/7/history.json"), {"chat": "room-7", "i": None}),
        (Location("rooms/7/history.json", 0), {"chat": "room-7", "i": 0}),
        (Location("./rooms/7/history.json", 0), {"chat": "room-7", "i": 0}),
        (Location("rooms/7/history.json", 1), {"chat": "room-7", "i": None}),
        (Location("rooms/7/history.json", -1), {"chat": "room-7", "i": None}),
        (Location("rooms/8/history.json", 0), {"chat": "room-8", "i": 0}),
        (Location("rooms/9/history.json", 0), NOWHERE),
        (Location("other/rooms/7/history.json", 0), NOWHERE),
        (Location(f"rooms/{'9' * 16}/history.json", 0), NOWHERE),
    ],
)
def test_a_place_that_is_not_known_is_not_guessed(location: Location, place: dict[str, Any]) -> None:
    rooms = {f"rooms/{number}": [("UserMessage", room_message(number))] for number in (7, 8)}
    with store_of(members([user(1)], [room(7), room(8)], rooms)) as store:
        assert place_of(store, location) == place


def test_a_history_that_the_archive_has_twice_has_no_places() -> None:
    files = members([user(1)], [room(7)], {"rooms/7": [("UserMessage", room_message(1))]})
    again = {"./rooms/7/history.json": files["rooms/7/history.json"]}
    with store_of(files | again) as store:
        assert store.omissions == {"repeated data files": 1}
        assert place_of(store, Location("rooms/7/history.json", 0)) == {"chat": "room-7", "i": None}


def test_messages_that_were_written_later_are_at_no_finding() -> None:
    with store_of(members([user(1)], [room(7)], {"rooms/7": [("UserMessage", room_message(1))]})) as store:
        store.append(documents.find_chat(store, "room-7"), "UserMessage", room_message(2), time=0)
        assert place_of(store, Location("rooms/7/history.json", 1)) == {"chat": "room-7", "i": None}


def report(count: int) -> Report:
    one = Finding("HC401", "unknown-sender", Severity.ERROR, "It is unknown.", Location("rooms/7/history.json", 0))
    return Report("a", Verdict.INVALID, [one] * count, {"HC401": count + 5}, [], {})


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (3, 3), (2_000, findings.MOST_FINDINGS)])
def test_the_number_of_findings_is_bounded_and_told(count: int, shown: int) -> None:
    with store_of(members([user(1)], [room(7)])) as store:
        document = ArchiveFindings(store, lambda _: report(count))()
    assert (document["total"], document["shown"], len(document["findings"])) == (count + 5, shown, shown)


def test_an_archive_is_checked_once_before_somebody_asks() -> None:
    calls: list[int] = []
    done = Event()

    def check(_: Callable[[], bool]) -> Report:
        calls.append(1)
        done.set()
        return report(1)

    with store_of(members([user(1)], [room(7)])) as store:
        found = ArchiveFindings(store, check)
        found.start()
        assert done.wait(30)
        assert found() == found()
        assert calls == [1]
        found.close()
        assert found()["state"] == "checked"


def test_a_check_ends_with_its_server() -> None:
    started = Event()

    def check(is_ending: Callable[[], bool]) -> Report:
        started.set()
        while not is_ending():
            pass
        return report(1)

    with store_of(members([user(1)], [room(7)])) as store:
        found = ArchiveFindings(store, check)
        found.start()
        assert started.wait(30)
        found.close()
        assert found() == {"state": "not checked", "reason": "The server has ended."}


def test_an_archive_that_cannot_be_checked_says_why() -> None:
    def check(_: Callable[[], bool]) -> Report:
        raise UsageError("It is gone.")

    with store_of(members([user(1)], [room(7)])) as store:
        assert ArchiveFindings(store, check)() == {"state": "not checked", "reason": "It is gone."}
