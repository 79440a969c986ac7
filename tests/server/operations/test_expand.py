"""References that become full forms where ``expand`` names them."""

import pytest

from hcfmt.server.operations import full
from tests.server.operations.api import Api
from tests.server.operations.test_rooms import first


def test_items_become_full_forms(api: Api) -> None:
    for listing, single, name in (
        ("getAllRooms", "getRoom", "id_or_name"),
        ("getAllUsers", "getUser", "id_or_email"),
        ("getAllEmoticons", "getEmoticon", "emoticon_id_or_shortcut"),
    ):
        items = api(listing, query="expand=items").body["items"]
        assert items
        assert items == [api(single, {name: one["id"]}).body for one in items]


def test_members_of_an_item_become_full_forms_by_dots(api: Api) -> None:
    for query in ("expand=items.owner,items.participants", "expand=items.owner&expand=items.participants"):
        for room in api("getAllRooms", query=query).body["items"]:
            assert room["owner"] == api.user("getUser", room["owner"]["id"]).body
            assert all("email" in one for one in room["participants"])


def test_a_room_s_statistics_owner_and_participants_become_full_forms(api: Api) -> None:
    room = first(api)["id"]
    shown = api.room("getRoom", room, "expand=statistics,owner,participants").body
    assert shown["statistics"] == api.room("getRoomStatistics", room).body
    assert "email" in shown["owner"]
    assert all("email" in one for one in shown["participants"])


def test_a_member_becomes_a_user_without_the_roles_in_the_room(api: Api) -> None:
    room = first(api, privacy="private")
    items = api.room("getAllRoomMembers", room["id"], "expand=items").body["items"]
    assert items == [api.user("getUser", number).body for number in room["members"]]


@pytest.mark.parametrize("expand", ["", ",", "nothing", "items.nothing.at.all", "links", "name.x", ".", "items..owner"])
def test_a_name_that_leads_nowhere_changes_nothing(api: Api, expand: str) -> None:
    room = first(api)["id"]
    assert api.room("getRoom", room, f"expand={expand}").body == api.room("getRoom", room).body


def test_a_group_and_the_people_of_messages_stay_references(api: Api) -> None:
    assert api.user("getUser", 1, "expand=group").body == api.user("getUser", 1).body
    room = first(api)["id"]
    told = api.room("getRoomHistory", room, "expand=items,items.from,items.mentions").body
    assert told == api.room("getRoomHistory", room).body


def test_expansion_has_an_end(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(full, "_MOST", 3)
    items = api("getAllUsers", query="expand=items").body["items"]
    assert ["email" in one for one in items] == [True] * 3 + [False] * (len(items) - 3)
