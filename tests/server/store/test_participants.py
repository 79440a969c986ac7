"""Who takes part in a room, and when a user last wrote, of archives in one and in several processes."""

import json
from pathlib import Path

import pytest

from hcfmt.server.store import Chat, Store, archive_source, open_store
from hcfmt.server.store.participants import joined_room
from tests.support.store_exports import (
    FIRST,
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

USERS = [user(number, is_deleted=number == 5) for number in range(1, 7)]
ROOMS = [room(7, name="Lab", canonical_name="lab"), room(8, name="Hall", canonical_name="hall")]
HISTORIES = {
    "rooms/7": [
        ("UserMessage", room_message(1, 5, sender=participant(2))),
        ("UserMessage", room_message(2, 3, sender=participant(2))),
        ("UserMessage", room_message(3, 9, sender=participant(5))),
        ("NotificationMessage", room_message(4, 8, sender=participant(4), color="gray", format="text")),
        ("UserMessage", room_message(5, 9, sender=participant(77))),
    ],
    "rooms/99": [("UserMessage", room_message(6, 900, sender=participant(1)))],
    "users/1": [("PrivateUserMessage", private_message(7, 3, 1, 20)), ("PrivateUserMessage", private_message(8, 1, 3))],
    "users/3": [("PrivateUserMessage", private_message(7, 3, 1, 20)), ("PrivateUserMessage", private_message(8, 1, 3))],
}
DATA = json.dumps([{"jid": "1_LAB@conf.example.com"}, {"jid": "1_none@conf.example.com"}, {"jid": "1_3@chat.x"}, 4])
AUTOJOINS = {"AutoJoins": [{"id": f"pref:autoJoin:{user_id}", "data": DATA} for user_id in ("6", "88", "x")]}
EXPORT = members(USERS, ROOMS, HISTORIES, {"autojoins.json": json.dumps(AUTOJOINS).encode()})


def check(store: Store) -> None:
    assert store.participants(7) == [2, 6]
    assert store.participants(8) == store.participants(99) == []
    written = [store.last_written(number) for number in range(1, 7)]
    assert written == [FIRST, FIRST + 5, FIRST + 20, None, FIRST + 9, None]


def test_participants_open_a_room_at_start_or_wrote_in_it() -> None:
    with store_of(EXPORT) as store:
        check(store)


def test_several_processes_find_the_same_participants(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_source, "_LARGE", 0)
    with open_store(write_tar(tmp_path / "export.tar", EXPORT), jobs=2) as store:
        check(store)


def test_a_user_who_writes_takes_part_until_a_reset() -> None:
    with store_of(EXPORT) as store:
        new = {"id": uuid(20), "type": "muc_message", "sender": participant(4), "message": "new"}
        store.append(Chat(room=7), "UserMessage", new, time=FIRST + 30)
        store.append(Chat(room=7), "UserMessage", {**new, "id": uuid(21), "sender": participant(6)}, time=FIRST + 40)
        assert store.participants(7) == [2, 4, 6]
        assert (store.last_written(4), store.last_written(6)) == (FIRST + 30, FIRST + 40)
        store.reset()
        check(store)


@pytest.mark.parametrize(
    ("entry", "name"),
    [
        ({"jid": "1_Lab@conf.btf.hipchat.com"}, "lab"),
        ({"jid": "1_3@chat.btf.hipchat.com"}, None),
        ({"jid": 7}, None),
        ({}, None),
        ("1_lab@conf.btf.hipchat.com", None),
    ],
)
def test_an_autojoin_names_a_room_by_its_jid(entry: object, name: str | None) -> None:
    assert joined_room(entry) == name
