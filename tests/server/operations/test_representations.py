"""References that become full forms where ``expand`` names them."""

import pytest

from hcfmt.server.operations import representations
from tests.server.operations.api import Api, find_room


def test_items_become_full_forms(api: Api) -> None:
    for listing, single, name in (
        ("getAllRooms", "getRoom", "id_or_name"),
        ("getAllUsers", "getUser", "id_or_email"),
        ("getAllEmoticons", "getEmoticon", "emoticon_id_or_shortcut"),
    ):
        items = api(listing, query="expand=items").body["items"]
        assert items
        assert items == [api(single, {name: item["id"]}).body for item in items]


def test_members_of_an_item_become_full_forms_by_dots(api: Api) -> None:
    for query in ("expand=items.owner,items.participants", "expand=items.owner&expand=items.participants"):
        for room in api("getAllRooms", query=query).body["items"]:
            assert room["owner"] == api.user("getUser", room["owner"]["id"]).body
            assert all("email" in user for user in room["participants"])


def test_a_room_s_statistics_owner_and_participants_become_full_forms(api: Api) -> None:
    room = find_room(api)["id"]
    expanded = api.room("getRoom", room, "expand=statistics,owner,participants").body
    assert expanded["statistics"] == api.room("getRoomStatistics", room).body
    assert "email" in expanded["owner"]
    assert all("email" in user for user in expanded["participants"])


def test_a_member_becomes_a_user_without_the_roles_in_the_room(api: Api) -> None:
    room = find_room(api, privacy="private")
    items = api.room("getAllRoomMembers", room["id"], "expand=items").body["items"]
    assert items == [api.user("getUser", number).body for number in room["members"]]


@pytest.mark.parametrize("expand", ["", ",", "nothing", "items.nothing.at.all", "links", "name.x", ".", "items..owner"])
def test_a_name_that_leads_nowhere_changes_nothing(api: Api, expand: str) -> None:
    room = find_room(api)["id"]
    assert api.room("getRoom", room, f"expand={expand}").body == api.room("getRoom", room).body


def test_a_user_s_group_becomes_its_full_form(api: Api) -> None:
    assert api.user("getUser", api.owner, "expand=group").body["group"] == api("getGroup", {"group_id": 1}).body


def test_the_people_of_messages_become_full_forms_and_names_stay_names(nasty: Api) -> None:
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


def test_senders_become_full_forms_wherever_a_message_is_shown(api: Api) -> None:
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


def test_rooms_in_full_have_so_many_participants_together_and_no_more(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = [len(room["participants"]) for room in api("getAllRooms", query="expand=items").body["items"]]
    monkeypatch.setattr(representations, "_MAX_PARTICIPANTS", sizes[0] + sizes[1])
    items = api("getAllRooms", query="expand=items").body["items"]
    assert ["participants" in item for item in items[:3]] == [True, True, False]
    assert sum(len(item.get("participants", ())) for item in items) <= sizes[0] + sizes[1]
    assert "participants" in api.room("getRoom", items[2]["id"]).body


def test_expansion_has_an_end(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(representations, "_MAX_EXPANSIONS", 3)
    items = api("getAllUsers", query="expand=items").body["items"]
    assert ["email" in item for item in items] == [True] * 3 + [False] * (len(items) - 3)
