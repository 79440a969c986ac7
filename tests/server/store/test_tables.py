"""Users, rooms and emoticons are found by id and by name, and listed in pages."""

import json
from collections.abc import Sequence

import pytest

from hcfmt.server.store import Record, Store
from tests.support.store_exports import export_of, members, room, store_of, text, user

USERS = [
    user(5, name="Élodie", mention_name="ElodieÉ", email="Elodie@A.example"),
    user(2, is_deleted=True, mention_name="Gone", email="twice@a.example"),
    user(3, account_type="guest", mention_name="Guest", email=None),
    user(9, mention_name="gone", email="TWICE@a.example"),
    user(4, mention_name="77", email="5"),
    user(7, mention_name="2"),
    user(6, mention_name="Left", email="returned@a.example", is_deleted=True),
    user(8, mention_name="returned@a.example"),
]
ROOMS = [
    room(8, name="Straße", members=[5, 99, "x", 2]),
    room(3, name="8", privacy="private"),
    room(4, name="Old", is_archived=True),
    room(6, name="old", is_deleted=True),
    room(5, name="Closed", is_deleted=True),
    room(2, name="5"),
]
EMOTICONS = [{"ID": 2, "shortcut": "Yes", "path": "1/yes.png"}, {"ID": 1, "shortcut": "2", "path": "1/two.png"}]
AUTOJOINS = [{"id": "pref:autoJoin:5", "data": '[{"jid":"1_x@conf"}]'}, {"id": "pref:autoJoin:2", "data": "{"}]
MORE = {
    "emoticons.json": text({"Emoticons": EMOTICONS}),
    "autojoins.json": text({"AutoJoins": AUTOJOINS}),
    "metadata.json": text({"producer": "x"}),
    "preferences.json": text([1.5]),
}


@pytest.fixture(scope="module")
def store() -> object:
    with store_of(members(USERS, ROOMS, more=MORE)) as opened:
        yield opened


@pytest.mark.parametrize(
    ("key", "found"),
    [
        ("5", 5),
        ("elodie@a.EXAMPLE", 5),
        ("@elodieé", 5),
        ("ELODIEÉ", 5),
        ("@Gone", 9),
        ("twice@a.example", 9),
        ("77", 4),
        ("@77", 4),
        ("2", 7),
        ("@left", 6),
        ("6", 6),
        ("returned@a.example", 8),
        ("@5", None),
        ("@", None),
        ("", None),
        ("@elodie@a.example", None),
        ("9" * 40, None),
        ("\u0665", None),
        ("' OR 1 --", None),
    ],
)
def test_a_user_is_found_by_id_address_or_mention_name_and_deleted_ones_last(
    store: Store, key: str, found: int | None
) -> None:
    user = store.find_user(key)
    assert (user and user["id"]) == found


@pytest.mark.parametrize(
    ("key", "found"),
    [("8", 8), ("STRASSE", 8), ("3", 3), ("OLD", 4), ("6", 6), ("5", 2), ("closed", 5), ("Room 8", None), ("", None)],
)
def test_a_room_is_found_by_id_before_name_and_deleted_ones_last(store: Store, key: str, found: int | None) -> None:
    room = store.find_room(key)
    assert (room and room["id"]) == found


@pytest.mark.parametrize(("key", "found"), [("2", 2), ("yes", 2), ("1", 1), ("no", None)])
def test_an_emoticon_is_found_by_id_before_shortcut(store: Store, key: str, found: int | None) -> None:
    emoticon = store.find_emoticon(key)
    assert (emoticon and emoticon["ID"]) == found


def test_of_names_that_differ_in_letter_case_the_exact_name_is_found_first() -> None:
    people = [
        user(2, mention_name="Dup", email="dup@a.example"),
        user(3, mention_name="dup", email="Dup@a.example"),
        user(4, mention_name="DUP", email="DUP@a.example", is_deleted=True),
    ]
    rooms = [room(1, name="Ops"), room(2, name="ops"), room(3, name="OPS", is_deleted=True)]
    emoticons = [{"ID": 1, "shortcut": "Yes", "path": "1/a.png"}, {"ID": 2, "shortcut": "yes", "path": "1/b.png"}]
    more = {"emoticons.json": text({"Emoticons": emoticons})}
    with store_of(members(people, rooms, more=more)) as store:
        users = [store.find_user(name) for name in ("@Dup", "@dup", "dup", "dup@a.example", "Dup@a.example")]
        assert numbers(users) == [2, 3, 3, 2, 3]
        assert numbers([store.find_user(name) for name in ("@DUP", "@dUP", "DUP@a.example")]) == [2, 2, 2]
        assert numbers([store.find_room(name) for name in ("Ops", "ops", "OPS", "oPS")]) == [1, 2, 1, 1]
        assert numbers([store.find_emoticon(name) for name in ("Yes", "yes", "YES")]) == [1, 2, 1]
        store.put_user(people[1] | {"mention_name": "Dap"})
        assert numbers([store.find_user(name) for name in ("@Dup", "@dup", "@dap")]) == [2, 2, 3]


def numbers(records: Sequence[Record | None]) -> list[int]:
    return [record["ID" if "ID" in record else "id"] for record in records if record]


def test_pages_are_by_id_and_have_only_the_included_records(store: Store) -> None:
    assert numbers(store.users()) == [4, 5, 7, 8, 9]
    assert numbers(store.users(guests=True, deleted=True)) == [2, 3, 4, 5, 6, 7, 8, 9]
    assert numbers(store.users(start=1, size=1)) == [5]
    assert numbers(store.rooms()) == [2, 3, 8]
    assert numbers(store.rooms(private=False)) == [2, 8]
    assert numbers(store.rooms(archived=True, deleted=True, start=2)) == [4, 5, 6, 8]
    assert numbers(store.emoticons()) == [1, 2]
    assert store.users(start=10) == store.users(size=0) == []


def test_members_are_the_known_users_in_the_order_of_the_room(store: Store) -> None:
    assert numbers(store.room_members(8)) == [5, 2]
    assert store.room_members(99) == []


def test_records_and_documents_equal_those_of_the_archive(store: Store) -> None:
    assert [store.user(record["id"]) for record in USERS] == USERS
    assert [store.room(record["id"]) for record in ROOMS] == ROOMS
    again = export_of(store)
    assert {path: again[path] for path in ("metadata.json", "preferences.json")} == {
        path: MORE[path] for path in ("metadata.json", "preferences.json")
    }
    assert store.autojoins(5) == [{"jid": "1_x@conf"}]
    assert store.autojoins(2) is store.autojoins(3) is None


def test_a_changed_record_is_found_by_its_new_name() -> None:
    with store_of(members(USERS, ROOMS)) as store:
        store.put_user({**USERS[0], "mention_name": "Neu", "is_deleted": True})
        store.put_room({**ROOMS[0], "name": "Neu"})
        assert (store.find_user("@elodieé"), store.find_room("straße")) == (None, None)
        assert (store.find_user("@NEU") or {})["is_deleted"]
        assert (store.find_room("neu") or {})["id"] == 8
        assert numbers(store.users()) == [4, 7, 8, 9]


@pytest.mark.parametrize(
    ("name", "besides", "is_taken"),
    [
        ("8", None, True),
        ("8", 3, False),
        ("STRASSE", 3, True),
        ("old", 4, False),
        ("closed", None, False),
        ("3", None, False),
    ],
)
def test_a_name_is_in_use_by_a_room_that_is_not_deleted(
    store: Store,
    name: str,
    besides: int | None,
    is_taken: bool,  # noqa: FBT001 - a case of a table
) -> None:
    assert store.has_room_named(name, besides=besides) is is_taken


def test_new_ids_are_above_all_others() -> None:
    with store_of(members(USERS, ROOMS)) as store:
        new_room = store.add_room({**room(1), "name": "Made"})
        assert (new_room["id"], store.find_room("made"), store.room(9)) == (9, new_room, new_room)
        assert store.add_user(user(1, mention_name="Made"))["id"] == 10
        assert store.add_user(user(1))["id"] == 11
        assert json.loads(export_of(store)["users.json"])[-1]["User"]["id"] == 11


def test_an_unknown_record_is_not_replaced() -> None:
    with store_of(members(USERS, ROOMS)) as store:
        with pytest.raises(KeyError):
            store.put_user(user(1))
        with pytest.raises(KeyError):
            store.put_room(room(1))
        with pytest.raises(ValueError, match="JSON"):
            store.put_room(room(8, topic="\ud800"))
        assert (store.room(8) or {})["topic"] == ""
