"""Factories return what a test names and defaults for the rest, and exports of them are valid."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt import Options, UsageError, Verdict, validate
from hcfmt.factories import (
    SmallExport,
    archiving,
    emoticon,
    export,
    guest_access,
    message,
    notification,
    private_message,
    room,
    topic_change,
    user,
)
from hcfmt.factories.sample_files import KINDS
from tests.support.recipes import PASSWORD

Record = dict[str, Any]

IDS = st.integers(1, 60)
WORDS = st.text(st.characters(categories=["Lu", "Ll", "Lo", "Nd"]), min_size=1, max_size=30)
TEXTS = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"], exclude_characters="<"), max_size=99).map(
    "said: {}".format
)
EARLIEST, LATEST = datetime(2018, 1, 1), datetime(2018, 12, 1)  # noqa: DTZ001 - in UTC
SENT = st.datetimes(EARLIEST, LATEST) | st.datetimes(EARLIEST, LATEST, timezones=st.just(UTC))
FILES = st.builds("{}.{}".format, st.sampled_from(["notes", "Übersicht", "two words"]), st.sampled_from(KINDS))
SENDERS = IDS | st.builds(user, IDS, name=WORDS)
MARKS = st.booleans()


@st.composite
def rooms(draw: st.DrawFn) -> Record:
    number = draw(IDS)
    members = draw(st.none() | st.integers(1, 5) | st.sets(IDS, min_size=1, max_size=5))
    names = st.none() | WORDS.map(lambda word: f"Room {number} {word}")
    flags = {name: draw(MARKS) for name in ("archived", "deleted", "guests")}
    return room(number, name=draw(names), topic=draw(st.just("") | TEXTS), members=members, owner=draw(IDS), **flags)


RECORDS = st.one_of(
    st.builds(user, IDS, name=st.none() | WORDS, title=st.just("") | WORDS, avatar=MARKS, deleted=MARKS, guest=MARKS),
    st.builds(user, IDS, admin=MARKS, deleted=MARKS, seed=IDS),
    rooms(),
    st.builds(emoticon, st.from_regex("[a-z]{3,9}", fullmatch=True), user=IDS, edge=st.integers(8, 40)),
    st.builds(message, TEXTS, sender=SENDERS, sent=SENT, file=st.none() | FILES, deleted=MARKS, seed=IDS),
    st.builds(notification, TEXTS, sender=WORDS, sent=SENT, color=st.sampled_from(["green", "red", "yellow"])),
    st.builds(topic_change, TEXTS, sender=SENDERS, sent=SENT),
    st.builds(archiving, archived=MARKS, sender=SENDERS, sent=SENT),
    st.builds(guest_access, enabled=MARKS, sender=SENDERS, sent=SENT),
    st.builds(
        private_message, TEXTS, sender=SENDERS, receiver=SENDERS, sent=SENT, file=st.none() | FILES, deleted=MARKS
    ),
)
NUMBERS = st.fixed_dictionaries(
    {},
    optional={
        "users": st.integers(1, 30),
        "rooms": st.integers(1, 20),
        "messages": st.integers(1, 60),
        "private_messages": st.integers(0, 20),
        "emoticons": st.integers(0, 8),
        "seed": st.integers(0, 99),
    },
)


def findings(small: SmallExport, path: Path) -> dict[str, int]:
    small.write(path, force=True)
    report = validate(str(path), Options())
    assert report.verdict is Verdict.VALID
    return dict(report.totals)


@settings(max_examples=60)
@given(NUMBERS, st.lists(st.tuples(RECORDS, st.none() | st.integers(1, 30)), max_size=8))
@pytest.mark.slow
def test_an_export_is_valid_whatever_it_is_made_of_and_changed_by(
    tmp_path_factory: pytest.TempPathFactory, numbers: dict[str, int], changes: list[tuple[Record, int | None]]
) -> None:
    small = export(**numbers)
    for record, number in changes:
        small = small.with_(record, room=number)
    path = tmp_path_factory.getbasetemp() / "small.tar"
    assert findings(small, path) == {}


@given(NUMBERS)
@settings(max_examples=30)
def test_an_export_has_the_numbers_that_are_named(numbers: dict[str, int]) -> None:
    small = export(**numbers)
    counts = {
        "users": len(small.users),
        "rooms": len(small.rooms),
        "messages": sum(map(len, small.messages.values())),
        "private_messages": len(small.private_messages),
        "emoticons": len(small.emoticons),
    }
    assert counts == {"users": 2, "rooms": 1, "messages": 3, "private_messages": 0, "emoticons": 0} | {
        name: number for name, number in numbers.items() if name != "seed"
    }


IN_BERLIN = datetime(2018, 5, 1, 10, tzinfo=timezone(timedelta(hours=2)))
NAMED: list[tuple[Callable[[], Record], Record]] = [
    (lambda: user(7, name="Zoë Müller"), {"id": 7, "name": "Zoë Müller", "mention_name": "ZoeMuller-7"}),
    (lambda: user(deleted=True), {"id": 1, "is_deleted": True}),
    (lambda: user(guest=True), {"account_type": "guest", "email": None}),
    (lambda: user(admin=True), {"account_type": "admin", "roles": ["user", "admin"]}),
    (lambda: user(timezone="Europe/Berlin"), {"timezone": "Europe/Berlin"}),
    (lambda: room(members=3), {"members": [1, 2, 3], "owner": 1, "privacy": "private"}),
    (lambda: room(2, name="R & D", owner=4), {"canonical_name": "r__d", "members": [], "privacy": "public"}),
    (lambda: room(private=True, owner=4), {"members": [4]}),
    (lambda: message(text="hi"), {"message": "hi", "type": "muc_message"}),
    (lambda: message("gone", deleted=True), {"message": ""}),
    (lambda: message(sent=IN_BERLIN), {"timestamp": "2018-05-01T08:00:00Z 000000"}),
    (lambda: message(metadata=[]), {"metadata": []}),
    (lambda: notification("down", color="red"), {"message": "down", "color": "red"}),
    (lambda: topic_change("new"), {"topic": "new", "message": ""}),
    (lambda: emoticon("yay", id=5), {"ID": 5, "shortcut": "yay"}),
]  # fmt: skip


@pytest.mark.parametrize(("make", "named"), NAMED)
def test_a_record_has_what_is_named(make: Callable[[], Record], named: Record) -> None:
    record = make()
    assert {name: record[name] for name in named} == named
    assert make() == record


def test_a_room_that_is_new_brings_its_people(tmp_path: Path) -> None:
    small = export(users=1).with_(room(5, members=[7, 8], owner=9))
    assert {*small.users} == {1, 7, 8, 9}
    assert findings(small, tmp_path / "small.tar") == {}


def test_a_message_of_a_new_user_adds_the_user_and_its_room() -> None:
    small = export(rooms=1).with_(message("hello", sender=user(9, name="Ada Byron")), room=4)
    assert small.users[9]["name"] == "Ada Byron"
    assert [record["message"] for record in small.messages[4]] == ["hello"]
    assert 4 in small.rooms


def test_a_user_who_is_deleted_keeps_the_messages(tmp_path: Path) -> None:
    before = export(messages=6)
    small = before.with_(user(1, deleted=True))
    assert small.messages == before.messages
    assert small.users[1]["is_deleted"]
    assert not before.users[1]["is_deleted"]
    assert findings(small, tmp_path / "small.tar") == {}


def test_the_last_message_about_a_room_changes_the_room_and_the_other_way_around() -> None:
    small = export().with_(topic_change("first"), archiving(), guest_access())
    assert (small.rooms[1]["topic"], small.rooms[1]["is_archived"]) == ("first", True)
    assert small.rooms[1]["guest_access_url"]
    later = small.with_(room(1, topic="second"))
    topics = [record["topic"] for record in later.messages[1] if "topic" in record]
    assert topics == ["first", "second"]


def test_of_two_changes_at_one_moment_the_later_one_counts(tmp_path: Path) -> None:
    small = export().with_(topic_change("first"), topic_change("second"))
    assert small.rooms[1]["topic"] == "second"
    assert findings(small, tmp_path / "small.tar") == {}


def test_a_file_has_the_content_that_is_given_or_one_of_its_kind() -> None:
    small = export().with_(message(file="notes.txt")).with_(private_message(file="plan.pdf"), file=b"%PDF-1.4 ...")
    assert sorted(small.files.values()) == [b"%PDF-1.4 ...", b"A note.\n"]
    assert small.private_messages[0]["attachment"]["size"] == 12
    with pytest.raises(UsageError, match=r"plan\.pdf needs a content"):
        export().with_(message(file="plan.pdf"))


def test_equal_messages_are_two_messages_with_two_files() -> None:
    small = export(messages=0).with_(message(file="a.txt"), message(file="a.txt"))
    assert len({record["id"] for record in small.messages[1]}) == 2
    paths = [record["attachment"]["path"] for record in small.messages[1]]
    assert {f"rooms/1/files/{path}" for path in paths} == {*small.files}
    assert len(small.files) == 2
    assert all(path in record["message"] for path, record in zip(paths, small.messages[1], strict=True))


def test_an_invalid_property_reaches_the_archive(tmp_path: Path) -> None:
    export().with_(message(timestamp=None)).with_(room(1, topic="new")).write(tmp_path / "small.tar")
    report = validate(str(tmp_path / "small.tar"), Options())
    assert (report.verdict, report.totals) == (Verdict.INVALID, {"HC301": 1})


def test_nothing_that_is_passed_or_returned_is_changed() -> None:
    hello, small = message("hello"), export()
    copies = dict(hello), small.members()
    small.with_(hello, topic_change("new"), user(1, name="Other"))
    assert (dict(hello), small.members()) == copies


def test_an_archive_is_written_in_any_form(tmp_path: Path) -> None:
    for name in ("small.tar.gz.aes", "small.tar.gz", "small.tar", "small"):
        path = tmp_path / name
        export().write(path, password=PASSWORD if name.endswith(".aes") else None)
        report = validate(str(path), Options(password=PASSWORD.encode))
        assert (report.verdict, report.totals) == (Verdict.VALID, {})
    with pytest.raises(UsageError, match="exists"):
        export().write(tmp_path / "small.tar")


WRONG: list[tuple[Callable[[], object], str]] = [
    (lambda: export(users=0), "An export has a user"),
    (lambda: export(rooms=0), "Messages need a room"),
    (lambda: user(guest=True, admin=True), "A guest is no administrator"),
    (lambda: room(members=2, private=False), "members of private rooms alone"),
    (lambda: export().with_({"name": "x"}), "Give a record of hcfmt.factories"),
]


@pytest.mark.parametrize(("make", "sentence"), WRONG)
def test_what_cannot_be_is_refused(make: Callable[[], object], sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        make()
