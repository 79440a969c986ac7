"""Members and participants of rooms, and invitations."""

from typing import Any

import pytest

from hcfmt.server.errors import ApiError
from hcfmt.server.operations.call import ApiResponse
from hcfmt.server.store import Chat, Upload
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


def test_who_opens_a_public_room_at_start_or_wrote_in_it_is_a_participant(api: Api) -> None:
    rooms = [room for room in api.store.rooms(archived=True, size=1_000) if room["privacy"] == "public"]
    listed = {room["id"]: people(api, room["id"]) for room in rooms}
    for user in api.store.users(guests=True, size=1_000):
        for joined in api.user("getAutoJoinRooms", user["id"]).body["items"]:
            assert joined["privacy"] == "private" or user["id"] in listed[joined["id"]]
    for room in rooms:
        chat, deleted = Chat(room=room["id"]), {user["id"] for user in api.store.users(deleted=True, size=1_000)}
        deleted -= {user["id"] for user in api.store.users(guests=True, size=1_000)}
        messages = [message for message in api.store.history(chat, size=10_000) if message.kind == "UserMessage"]
        assert {message.record["sender"]["id"] for message in messages} - deleted <= listed[room["id"]]


def test_a_member_of_a_private_room_enters_and_leaves_once(api: Api) -> None:
    room = api("createRoom", body={"name": "Private", "privacy": "private"}).body["id"]
    other = next(user["id"] for user in api.store.users() if user["id"] != api.owner)
    path = {"id_or_name": room, "id_or_email": other}
    names = [[event.name for event in api(name, path).events] for name in ("addRoomMember",) * 2]
    names += [[event.name for event in api(name, path).events] for name in ("removeRoomMember",) * 2]
    assert names == [["room_enter"], [], ["room_exit"], []]


def test_a_user_enters_a_public_room_with_the_first_message(api: Api) -> None:
    room = api("createRoom", body={"name": "Open"}).body["id"]
    other = next(user["id"] for user in api.store.users() if user["id"] != api.owner)
    writing = api.as_user(other)
    events = writing.room("sendRoomMessage", room, body={"message": "hello"}).events
    assert [event.name for event in events] == ["room_enter", "room_message"]
    assert events[0].item["sender"]["id"] == other
    assert people(api, room) == {api.owner, other}
    events = writing.room("shareFileWithRoom", room, body=Upload("a.txt", "text/plain", b"a", {})).events
    assert [event.name for event in events] == ["room_message", "room_file_upload"]


def people(api: Api, room: int) -> set[int]:
    return {item["id"] for item in api.room("getAllRoomParticipants", room, "max-results=1000").body["items"]}


def hook(api: Api, room: int) -> None:
    """Let a webhook of a room wait for those who leave."""
    api.room("createRoomWebhook", room, body={"url": "http://127.0.0.1:9/", "event": "room_exit"})


def departed(response: ApiResponse) -> list[tuple[int, int]]:
    """Return the room and the user of each exit."""
    return [(event.room, event.item["sender"]["id"]) for event in response.events if event.name == "room_exit"]


def open_room_with(api: Api, user: int, name: str = "Open") -> int:
    """Return a new public room in which a user wrote, and whose webhook waits for those who leave."""
    room = api("createRoom", body={"name": name}).body["id"]
    api.as_user(user).room("sendRoomMessage", room, body={"message": "hello"})
    hook(api, room)
    return int(room)


@pytest.fixture
def other(api: Api) -> int:
    return int(next(user["id"] for user in api.store.users() if user["id"] != api.owner))


def test_everybody_leaves_a_room_that_is_deleted(api: Api, other: int) -> None:
    room = open_room_with(api, other)
    response = api.room("deleteRoom", room)
    assert departed(response) == [(room, api.owner), (room, other)]
    assert response.events[-1].name == "room_deleted"


def test_all_but_the_owner_leave_a_room_that_becomes_private(api: Api, other: int) -> None:
    room = open_room_with(api, other)
    assert departed(api.room("updateRoom", room, body={"privacy": "private"})) == [(room, other)]
    assert people(api, room) == {api.owner}
    assert departed(api.room("updateRoom", room, body={"privacy": "private"})) == []
    assert departed(api.room("updateRoom", room, body={"privacy": "public"})) == []


def test_a_new_owner_enters_a_private_room(api: Api, other: int) -> None:
    room = api("createRoom", body={"name": "Private", "privacy": "private"}).body["id"]
    events = [api.room("updateRoom", room, body={"owner": {"id": other}}).events for _ in range(2)]
    assert [[(event.name, event.item["sender"]["id"]) for event in each] for each in events] == [
        [("room_enter", other)],
        [],
    ]


def test_a_user_who_is_deleted_leaves_the_rooms_where_a_webhook_waits(api: Api, other: int) -> None:
    room = open_room_with(api, other)
    empty = api("createRoom", body={"name": "Empty"}).body["id"]
    gone = open_room_with(api, other, "Gone")
    api.room("deleteRoom", gone)
    hook(api, empty)
    assert departed(api.user("deleteUser", other)) == [(room, other)]


def test_a_user_who_is_deleted_leaves_all_rooms_for_a_webhook_of_all(api: Api, other: int) -> None:
    hooks = "createGlobalExtensionWebhook"
    body = {"url": "http://127.0.0.1:9/", "event": "room_exit"}
    api.as_addon()(hooks, {"extension_key": "k"}, body=body)
    rooms = {room["id"] for room in api.store.rooms(archived=True, size=1_000) if other in people(api, room["id"])}
    left = departed(api.user("deleteUser", other))
    assert {room for room, _ in left} == rooms
    assert {user for _, user in left} == {other}


def test_exits_that_no_webhook_waits_for_are_not_made(api: Api, other: int) -> None:
    room = api("createRoom", body={"name": "Open"}).body["id"]
    api.as_user(other).room("sendRoomMessage", room, body={"message": "hello"})
    assert departed(api.room("deleteRoom", room)) == departed(api.user("deleteUser", other)) == []
