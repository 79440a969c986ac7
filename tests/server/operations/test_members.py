"""Who is in a room: listed, added, taken out, invited."""

from typing import Any

import pytest

from hcfmt.server.errors import ApiError
from tests.server.operations.api import BASE, Api
from tests.server.operations.test_rooms import first


def members(api: Api, room: int) -> dict[int, list[str]]:
    listed: list[dict[str, Any]] = api.room("getAllRoomMembers", room).body["items"]
    return {one["id"]: one["room_roles"] for one in listed}


def test_members_are_listed_with_their_roles(api: Api) -> None:
    room = first(api, privacy="private")
    page = api.room("getAllRoomMembers", room["id"]).body
    assert [one["id"] for one in page["items"]] == room["members"]
    admins = {one["id"] for one in page["items"] if "room_admin" in one["room_roles"]}
    assert admins == set(room["room_admins"]) & set(room["members"])
    assert page["links"] == {"self": f"{BASE}/room/{room['id']}/member"}


def test_a_public_room_has_no_members_and_an_archived_one_refuses(api: Api) -> None:
    room = first(api, privacy="public")["id"]
    assert members(api, room) == {}
    api.room("updateRoom", room, body={"is_archived": True})
    with pytest.raises(ApiError) as refused:
        members(api, room)
    assert refused.value.status == 400


def test_a_member_comes_gets_a_role_and_goes(api: Api) -> None:
    number = api("createRoom", body={"name": "Private", "privacy": "private"}).body["id"]
    room = api.store.room(number)
    user = next(one for one in api.store.users() if one["id"] != api.owner)
    assert room is not None
    path = {"id_or_name": room["id"], "id_or_email": f"@{user['mention_name']}"}
    heard = api("addRoomMember", path).events
    assert [(one.name, one.item["sender"]["id"]) for one in heard] == [("room_enter", user["id"])]
    assert members(api, room["id"])[user["id"]] == ["room_member"]
    api("addRoomMember", path, body={"room_roles": ["room_member", "room_admin"]})
    assert members(api, room["id"])[user["id"]] == ["room_member", "room_admin"]
    heard = api("removeRoomMember", path).events
    assert [(one.name, one.item["sender"]["id"]) for one in heard] == [("room_exit", user["id"])]
    assert list(members(api, room["id"])) == room["members"]
    assert api.store.room(room["id"]) == room


@pytest.mark.parametrize(
    ("operation", "sentence"),
    [
        ("addRoomMember", "Can only add participants to private rooms"),
        ("removeRoomMember", "Can only remove participants to private rooms"),
    ],
)
def test_a_public_room_takes_and_gives_up_nobody(api: Api, operation: str, sentence: str) -> None:
    with pytest.raises(ApiError) as refused:
        api(operation, {"id_or_name": first(api, privacy="public")["id"], "id_or_email": api.owner})
    assert (refused.value.status, refused.value.message) == (400, sentence)


def test_participants_are_those_who_are_known_to_be_there(api: Api) -> None:
    for room in api.store.rooms(archived=True):
        page = api.room("getAllRoomParticipants", room["id"], "include-offline=true").body
        assert page["items"] == api.room("getRoom", room["id"]).body["participants"]
        assert room["owner"] in [one["id"] for one in page["items"]] or room["privacy"] == "private"
        in_full = api.room("getAllRoomParticipants", room["id"], "expand=items").body["items"]
        assert in_full == [api.user("getUser", one["id"]).body for one in page["items"]]


def test_an_invitation_is_looked_at_and_changes_nothing(api: Api) -> None:
    room = first(api)
    path = {"id_or_name": room["id"], "id_or_email": api.owner}
    assert api("inviteUserToRoom", path, body={"reason": "Come"}).status == 204
    assert api.store.room(room["id"]) == room
