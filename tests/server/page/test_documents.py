"""The documents of the page: the overview, pages of messages, places of messages."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt.server.page import documents
from hcfmt.server.store import Store, open_store
from tests.support.invalid_records import HISTORY, ROOMS, USERS
from tests.support.store_exports import (
    FIRST,
    Archive,
    members,
    private_message,
    room,
    room_message,
    store_of,
    user,
    uuid,
)

PHOTO = {"users/2/avatars/p_125.png": b"1", "users/2/avatars/p.png": b"2", "users/3/avatars/q.png": b"3"}
EMOTICONS = [
    {"ID": 1, "path": "1/a.png", "shortcut": "a", "width": 20, "height": 10},
    {"ID": 2, "path": "1/gone.png", "shortcut": "gone"},
]
MORE = PHOTO | {
    "files/img/emoticons/1/a.png": b"x",
    "emoticons.json": json.dumps({"Emoticons": EMOTICONS}).encode(),
    "elsewhere.txt": b"",
}
PRIVATE = [("PrivateUserMessage", private_message(at, 2, 3, at)) for at in range(3)]
HISTORIES = {
    "rooms/7": [("UserMessage", room_message(at, at * 1_000, deleted=at == 3)) for at in range(4)],
    "users/2": PRIVATE[:2],
    "users/3": [*PRIVATE, ("PrivateUserMessage", private_message(9, 3, 3, 9))],
}
USERS_OF_TEST = [
    user(2, avatar="files/photos/2/p.png", account_type="admin", title="Dr"),
    user(3, avatar="files/photos/3/q.png", is_deleted=True),
    user(4, avatar="files/photos/4/none.png"),
]
ROOMS_OF_TEST = [
    room(7, topic="Lunch", members=[2, 3], privacy="private"),
    room(8, is_archived=True),
    room(9, is_deleted=True),
]


@pytest.fixture(scope="module")
def overview() -> dict[str, Any]:
    with store_of(members(USERS_OF_TEST, ROOMS_OF_TEST, HISTORIES, MORE)) as store:
        return documents.overview(store, "a.tar")


def test_the_overview_has_all_people_with_their_photos(overview: dict[str, Any]) -> None:
    assert overview["people"][0] == {
        "id": 2,
        "name": "User 2",
        "mention_name": "User2",
        "title": "Dr",
        "is_deleted": False,
        "account_type": "admin",
        "avatar": "files/users/2/avatars/p_125.png",
    }
    photos = {person["id"]: person["avatar"] for person in overview["people"]}
    assert photos == {2: "files/users/2/avatars/p_125.png", 3: "files/users/3/avatars/q.png", 4: None}


def test_the_overview_has_all_rooms_and_the_longer_copy_of_each_pair(overview: dict[str, Any]) -> None:
    counts = {chat["key"]: chat["count"] for chat in overview["chats"]}
    assert counts == {"room-7": 4, "room-8": 0, "room-9": 0, "private-2-3": 3, "private-3-3": 1}
    assert overview["chats"][0] == {
        "key": "room-7",
        "room": 7,
        "name": "Room 7",
        "topic": "Lunch",
        "privacy": "private",
        "is_archived": False,
        "is_deleted": False,
        "members": [2, 3],
        "member_count": 2,
        "count": 4,
        "first": FIRST // 1_000,
        "last": FIRST // 1_000 + 3,
    }
    assert [chat["people"] for chat in overview["chats"][3:]] == [(2, 3), (3, 3)]


def test_the_overview_has_the_emoticons_whose_pictures_exist_and_what_was_left_out(overview: dict[str, Any]) -> None:
    assert overview["emoticons"] == {"a": {"url": "files/files/img/emoticons/1/a.png", "width": 20, "height": 10}}
    assert overview["omissions"] == {"members of unknown paths": 1}
    assert overview["name"] == "a.tar"


def test_files_have_the_addresses_that_the_caller_gives_them() -> None:
    attachment = {"name": "a.txt", "path": "d/a.txt", "size": 1, "url": "", "thumbnail": None}
    history = {"rooms/7": [("UserMessage", room_message(1, attachment=attachment))]}
    more = MORE | {"rooms/7/files/d/a.txt": b"x"}
    with store_of(members(USERS_OF_TEST, ROOMS_OF_TEST, history, more)) as store:
        overview = documents.overview(store, "", lambda file: f"at:{file.path}")
        (message,) = documents.messages(store, "room-7", 0, 1, lambda file: f"at:{file.path}")
    assert overview["people"][0]["avatar"] == "at:users/2/avatars/p_125.png"
    assert overview["emoticons"]["a"]["url"] == "at:files/img/emoticons/1/a.png"
    assert message["file"]["url"] == "at:rooms/7/files/d/a.txt"


def test_pairs_are_in_the_order_of_their_ids() -> None:
    pairs = [(3, 4), (2, 10), (2, 3)]
    histories = {f"users/{max(pair)}": [("PrivateUserMessage", private_message(1, *pair))] for pair in pairs[:2]}
    histories["users/3"] = [("PrivateUserMessage", private_message(1, *pairs[2]))]
    with store_of(members([user(number) for number in (2, 3, 4, 10)], [], histories)) as store:
        assert [chat["people"] for chat in documents.overview(store, "")["chats"]] == sorted(pairs)


@pytest.mark.parametrize(("copies", "owner"), [((1, 1), 2), ((1, 2), 3), ((2, 1), 2)])
def test_of_a_pair_the_history_with_more_messages_is_shown(copies: tuple[int, int], owner: int) -> None:
    histories = {
        f"users/{user_id}": [
            ("PrivateUserMessage", private_message(user_id * 10 + at, 2, 3, at)) for at in range(count)
        ]
        for user_id, count in zip((2, 3), copies, strict=True)
    }
    with store_of(members([user(2), user(3)], [], histories)) as store:
        (chat,) = documents.overview(store, "")["chats"]
        found = documents.messages(store, chat["key"], 0, 10)
    assert chat["count"] == len(found) == max(copies)
    assert found[0]["id"] == uuid(owner * 10)


@pytest.fixture(scope="module")
def history() -> Iterator[Store]:
    with store_of(members([user(1)], [room(7)], HISTORIES)) as store:
        yield store


@settings(deadline=None)
@given(first=st.integers(-9, 9), count=st.integers(-3, 9))
def test_a_page_of_messages_is_a_slice(history: Store, first: int, count: int) -> None:
    ranks = [message["i"] for message in documents.messages(history, "room-7", first, count)]
    assert ranks == list(range(4))[max(0, first) :][: max(0, count)]


@pytest.mark.parametrize(
    ("millis", "rank"), [(-(10**30), 0), (-1, 0), (0, 0), (1, 1), (2, 2), (3, 3), (4, 3), (10**30, 3)]
)
def test_a_time_leads_to_the_first_message_that_is_not_older(history: Store, millis: int, rank: int) -> None:
    assert documents.at(history, "room-7", FIRST // 1_000 + millis) == {"i": rank}


@pytest.mark.parametrize(
    ("key", "message", "place"),
    [
        ("room-7", uuid(2), {"i": 2}),
        ("room-7", uuid(10).upper(), None),
        ("room-7", "no uuid", None),
        ("room-8", uuid(2), None),
        ("private-1-2", uuid(2), None),
    ],
)
def test_an_id_leads_to_its_message(history: Store, key: str, message: str, place: dict[str, int] | None) -> None:
    assert documents.place(history, key, message) == place


def test_an_unknown_chat_has_no_messages(history: Store) -> None:
    assert documents.messages(history, "private-5-9007199254740993", 0, 9) == []
    assert documents.at(history, "room-1", 0) == {"i": 0}


@pytest.mark.parametrize("key", ["", "room-", "room-x", "room-1-2", "private-1", "x", "room-" + "9" * 17, "room-1\n"])
def test_a_key_that_no_chat_can_have_is_refused(history: Store, key: str) -> None:
    for call in (lambda: documents.messages(history, key, 0, 1), lambda: documents.at(history, key, 0)):
        with pytest.raises(LookupError):
            call()


def test_large_records_make_a_short_page() -> None:
    messages = [("UserMessage", room_message(at, at, message="x" * (3 << 20))) for at in range(4)]
    with store_of(members([user(1)], [room(7)], {"rooms/7": messages})) as store:
        assert [message["i"] for message in documents.messages(store, "room-7", 1, 10)] == [1, 2]


def test_invalid_records_make_documents() -> None:
    rooms = [*ROOMS, {"id": 14, "members": list(range(1, 2_000)), "topic": "x" * 10_000}]
    with store_of(members(USERS, rooms, {"rooms/11": HISTORY})) as store:
        shown = documents.overview(store, "")
        assert [person["name"] for person in shown["people"]] == ["", "", ""]
        assert [chat["count"] for chat in shown["chats"]] == [1, 0, 0, 0]
        assert (len(shown["chats"][3]["members"]), shown["chats"][3]["member_count"]) == (500, 1_999)
        assert len(shown["chats"][3]["topic"]) == 2_000
        json.dumps([shown, documents.messages(store, "room-11", 0, 10)], allow_nan=False)


def test_every_message_of_a_generated_archive_has_a_document(archive: Archive) -> None:
    with open_store(archive(".tar")) as store:
        shown = documents.overview(store, "")
        for chat in shown["chats"]:
            found = documents.messages(store, chat["key"], 0, 500)
            assert len(found) == min(chat["count"], 500)
            if found:
                assert found[0]["time"] == chat["first"]
                assert documents.place(store, chat["key"], found[-1]["id"]) == {"i": found[-1]["i"]}
