"""Members and participants of rooms, and invitations."""

from typing import Any

import pytest

from hcfmt.server.errors import ApiError
from tests.support.api import BASE, Api, find_room


def members(api: Api, room: int) -> dict[int, list[str]]:
    items: list[dict[str, Any]] = api.room("getAllRoomMembers", room).body["items"]
    return {item["id"]: item["room_roles"] for item in items}


def test_members_are_listed_with_their_roles(api: Api) -> None:
    room = find_room(api, privacy="private")
    page = api.room("getAllRoomMembers", room["id"]).body
    assert [item["id"] for item in page["items"]] == room["members"]
    admins = {item["id"] for item in page["items"] if "room_admin" in item["room_roles"]}
    assert admins == set(room["room_admins"]) & set(room["members"])
    assert page["links"] == {"self": f"{BASE}/room/{room['id']}/member"}


def test_a_public_room_has_no_members_and_an_archived_one_is_refused(api: Api) -> None:
    room = find_room(api, privacy="public")["id"]
    assert members(api, room) == {}
    api.room("updateRoom", room, body={"is_archived": True})
    with pytest.raises(ApiError) as excinfo:
        members(api, room)
    assert excinfo.value.status == 400


def test_a_member_is_added_promoted_and_removed(api: Api) -> None:
    number = api("createRoom", body={"name": "Private", "privacy": "private"}).body["id"]
    room = api.store.room(number)
    user = next(user for user in api.store.users() if user["id"] != api.owner)
    assert room is not None
    path = {"id_or_name": room["id"], "id_or_email": f"@{user['mention_name']}"}
    events = api("addRoomMember", path).events
    assert [(event.name, event.item["sender"]["id"]) for event in events] == [("room_enter", user["id"])]
    assert members(api, room["id"])[user["id"]] == ["room_member"]
    api("addRoomMember", path, body={"room_roles": ["room_member", "room_admin"]})
    assert members(api, room["id"])[user["id"]] == ["room_member", "room_admin"]
    events = api("removeRoomMember", path).events
    assert [(event.name, event.item["sender"]["id"]) for event in events] == [("room_exit", user["id"])]
    assert list(members(api, room["id"])) == room["members"]
    assert api.store.room(room["id"]) == room


@pytest.mark.parametrize(
    ("operation", "sentence"),
    [
        ("addRoomMember", "Can only add participants to private rooms"),
        ("removeRoomMember", "Can only remove participants to private rooms"),
    ],
)
def test_the_members_of_a_public_room_cannot_change(api: Api, operation: str, sentence: str) -> None:
    with pytest.raises(ApiError) as excinfo:
        api(operation, {"id_or_name": find_room(api, privacy="public")["id"], "id_or_email": api.owner})
    assert (excinfo.value.status, excinfo.value.message) == (400, sentence)


def test_participants_are_the_people_of_a_room(api: Api) -> None:
    for room in api.store.rooms(archived=True):
        page = api.room("getAllRoomParticipants", room["id"], "include-offline=true").body
        assert page["items"] == api.room("getRoom", room["id"]).body["participants"]
        assert room["owner"] in [item["id"] for item in page["items"]] or room["privacy"] == "private"
        in_full = api.room("getAllRoomParticipants", room["id"], "expand=items").body["items"]
        assert in_full == [api.user("getUser", item["id"]).body for item in page["items"]]


def test_an_invitation_has_no_effect(api: Api) -> None:
    room = find_room(api)
    path = {"id_or_name": room["id"], "id_or_email": api.owner}
    assert api("inviteUserToRoom", path, body={"reason": "Come"}).status == 204
    assert api.store.room(room["id"]) == room
