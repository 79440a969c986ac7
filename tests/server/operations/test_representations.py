"""Expansion of references."""

import pytest

from hcfmt.server.operations import representations
from tests.support.api import Api, find_room


def test_items_are_expanded(api: Api) -> None:
    for listing, single, name in (
        ("getAllRooms", "getRoom", "id_or_name"),
        ("getAllUsers", "getUser", "id_or_email"),
        ("getAllEmoticons", "getEmoticon", "emoticon_id_or_shortcut"),
    ):
        items = api(listing, query="expand=items").body["items"]
        assert items
        assert items == [api(single, {name: item["id"]}).body for item in items]


def test_members_of_items_are_expanded_by_dotted_paths(api: Api) -> None:
    for query in ("expand=items.owner,items.participants", "expand=items.owner&expand=items.participants"):
        for room in api("getAllRooms", query=query).body["items"]:
            assert room["owner"] == api.user("getUser", room["owner"]["id"]).body
            assert all("email" in user for user in room["participants"])


def test_statistics_owner_and_participants_of_a_room_are_expanded(api: Api) -> None:
    room = find_room(api)["id"]
    expanded = api.room("getRoom", room, "expand=statistics,owner,participants").body
    assert expanded["statistics"] == api.room("getRoomStatistics", room).body
    assert "email" in expanded["owner"]
    assert all("email" in user for user in expanded["participants"])


def test_a_member_is_expanded_to_a_user_without_room_roles(api: Api) -> None:
    room = find_room(api, privacy="private")
    items = api.room("getAllRoomMembers", room["id"], "expand=items").body["items"]
    assert items == [api.user("getUser", number).body for number in room["members"]]


@pytest.mark.parametrize("expand", ["", ",", "nothing", "items.nothing.at.all", "links", "name.x", ".", "items..owner"])
def test_a_path_without_a_reference_has_no_effect(api: Api, expand: str) -> None:
    room = find_room(api)["id"]
    assert api.room("getRoom", room, f"expand={expand}").body == api.room("getRoom", room).body


def test_the_group_of_a_user_is_expanded(api: Api) -> None:
    assert api.user("getUser", api.owner, "expand=group").body["group"] == api("getGroup", {"group_id": 1}).body


def test_senders_and_mentions_of_messages_are_expanded(nasty: Api) -> None:
    rooms = [room["id"] for room in nasty.store.rooms(archived=True)]
    senders, mentioned = 0, 0
    for room in rooms:
        plain = nasty.room("getRoomHistory", room, "date=2100-01-01").body["items"]
        expanded = nasty.room("getRoomHistory", room, "date=2100-01-01&expand=items.from,items.mentions").body["items"]
        assert [{**item, "from": None, "mentions": None} for item in expanded] == [
            {**item, "from": None, "mentions": None} for item in plain
        ]
        for before, after in zip(plain, expanded, strict=True):
            pairs = [(before["from"], after["from"]), *zip(before["mentions"], after["mentions"], strict=True)]
            for reference, replacement in pairs:
                is_known = isinstance(reference, dict) and nasty.store.user(reference["id"])
                assert replacement == (nasty.user("getUser", reference["id"]).body if is_known else reference)
            senders += isinstance(after["from"], dict) and "email" in after["from"]
            mentioned += len(after["mentions"])
    assert senders
    assert mentioned


def test_senders_are_expanded_in_every_operation_on_messages(api: Api) -> None:
    peer, room = api.store.users()[-1]["id"], find_room(api)["id"]
    api.user("sendPrivateMessage", peer, body={"message": "hello"})
    api.room("sendRoomMessage", room, body={"message": "hello"})
    sender = api.user("getUser", api.owner).body
    for path, names in (({"id_or_email": peer}, "User"), ({"id_or_name": room}, "Room")):
        for operation in (f"get{names}History", f"getLatest{names}History"):
            (message,) = api(operation, path, "max-results=1&expand=items.from").body["items"]
            assert message["from"] == sender
        single = path | {"message_id": message["id"]}
        assert api(f"get{names}Message", single, "expand=message.from").body == {"message": message}


def test_the_number_of_expanded_participants_is_bounded(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = [len(room["participants"]) for room in api("getAllRooms", query="expand=items").body["items"]]
    monkeypatch.setattr(representations, "_MAX_PARTICIPANTS", sizes[0] + sizes[1])
    items = api("getAllRooms", query="expand=items").body["items"]
    assert ["participants" in item for item in items[:3]] == [True, True, False]
    assert sum(len(item.get("participants", ())) for item in items) <= sizes[0] + sizes[1]
    assert "participants" in api.room("getRoom", items[2]["id"]).body


def test_the_number_of_expansions_is_bounded(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(representations, "_MAX_EXPANSIONS", 3)
    items = api("getAllUsers", query="expand=items").body["items"]
    assert ["email" in item for item in items] == [True] * 3 + [False] * (len(items) - 3)
