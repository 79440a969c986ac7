"""Operations on rooms, with their messages and events."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from itertools import chain
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt.server.errors import ApiError
from hcfmt.server.operations.call import ApiResponse
from hcfmt.server.store import Chat
from tests.support.api import BASE, PNG, Api, find_room


def events(response: ApiResponse) -> list[str]:
    return [event.name for event in response.events]


def history(api: Api, room: int) -> list[tuple[str, dict[str, Any]]]:
    messages = api.store.history(Chat(room=room), size=1_000)
    return [(message.kind, message.record) for message in messages]


def test_rooms_are_listed_by_id_with_archived_ones_on_request(api: Api) -> None:
    plain = api("getAllRooms").body
    public = api("getAllRooms", query="include-private=false").body
    everything = api("getAllRooms", query="include-archived=TRUE").body
    assert [len(page["items"]) for page in (public, plain, everything)] == sorted(
        len(page["items"]) for page in (public, plain, everything)
    )
    assert [room["id"] for room in everything["items"]] == sorted(room["id"] for room in everything["items"])
    assert {room["privacy"] for room in public["items"]} == {"public"}
    assert {room["privacy"] for room in plain["items"]} == {"public", "private"}
    assert [room["is_archived"] for room in everything["items"]].count(True) == 1
    deleted = [room["id"] for room in api.store.rooms(archived=True, deleted=True) if room["is_deleted"]]
    assert len(deleted) == 1
    assert not set(deleted) & {room["id"] for room in everything["items"]}
    assert plain["links"] == {"self": f"{BASE}/room"}


@settings(max_examples=20)
@given(
    size=st.integers(min_value=1, max_value=30),
    operation=st.sampled_from(["getAllRooms", "getAllUsers", "getAllEmoticons"]),
)
def test_paging_through_a_collection_yields_everything_once(nasty: Api, size: int, operation: str) -> None:
    query = "include-archived=true&include-deleted=true&include-guests=true"
    everything = nasty(operation, query=f"{query}&max-results=1000").body["items"]
    pages = [page["items"] for page in nasty.pages(operation, {}, f"{query}&max-results={size}")]
    assert list(chain.from_iterable(pages)) == everything
    assert all(len(page) == size for page in pages[:-1])


@pytest.mark.parametrize("spelling", [str, str.upper, lambda name: name.replace(" ", "+")])
def test_a_room_is_found_by_id_and_by_name(nasty: Api, spelling: Callable[[str], str]) -> None:
    for record in nasty.store.rooms(archived=True, size=1_000):
        by_id = nasty.room("getRoom", record["id"]).body
        assert by_id["name"] == record["name"]
        assert nasty.room("getRoom", spelling(record["name"])).body["id"] == record["id"]


def test_a_room_has_its_owner_people_and_statistics(api: Api) -> None:
    record = find_room(api, privacy="private")
    room = api.room("getRoom", record["id"]).body
    assert room["owner"]["id"] == record["owner"]
    assert [user["id"] for user in room["participants"]] == record["members"]
    statistics = api.room("getRoomStatistics", record["id"]).body
    assert room["statistics"] == {"links": statistics["links"]}
    assert statistics["messages_sent"] == len(history(api, record["id"]))
    assert statistics["last_active"] == room["last_active"]


def test_a_new_room_belongs_to_its_creator(api: Api) -> None:
    response = api("createRoom", body={"name": "  Brand new "})
    number = response.body["id"]
    assert response.body == {"id": number, "links": {"self": f"{BASE}/room/{number}"}}
    assert response.headers["Location"] == f"{BASE}/room/{number}"
    assert events(response) == ["room_created"]
    room = api.room("getRoom", "Brand new").body
    assert (room["id"], room["owner"]["id"], room["privacy"]) == (number, api.owner, "public")
    assert room["created"] == "2020-09-13T12:26:40+00:00"
    assert number in {room["id"] for room in api("getAllRooms").body["items"]}


@pytest.mark.parametrize("key", [int, float, str])
def test_an_owner_is_named_by_an_id_of_any_documented_type(api: Api, key: type) -> None:
    user = api.store.users()[-1]
    number = api("createRoom", body={"name": "X", "owner_user_id": key(user["id"])}).body["id"]
    assert api.room("getRoom", number).body["owner"]["id"] == user["id"]
    api.room("updateRoom", number, body={"owner": {"id": key(api.owner)}})
    assert api.room("getRoom", number).body["owner"]["id"] == api.owner


def test_a_new_room_has_the_requested_properties(api: Api) -> None:
    user = api.store.users()[-1]
    body = {
        "name": "X",
        "topic": "T",
        "privacy": "private",
        "guest_access": True,
        "owner_user_id": f"@{user['mention_name']}",
    }
    room = api.room("getRoom", api("createRoom", body=body).body["id"]).body
    assert (room["topic"], room["privacy"], room["owner"]["id"]) == ("T", "private", user["id"])
    assert room["guest_access_url"].startswith("http://127.0.0.1:1234/g")
    assert [user["id"] for user in room["participants"]] == [user["id"]]


@pytest.mark.parametrize("operation", ["createRoom", "updateRoom"])
@pytest.mark.parametrize("name", ["taken", "TAKEN ", "x" * 51, "  ", ""])
def test_a_taken_blank_or_long_name_is_refused(api: Api, operation: str, name: str) -> None:
    api("createRoom", body={"name": "Taken"})
    path = {"id_or_name": find_room(api)["id"]} if operation == "updateRoom" else {}
    with pytest.raises(ApiError) as excinfo:
        api(operation, path, body={"name": name})
    assert excinfo.value.status == 400
    assert (excinfo.value.message == "Another room exists with that name.") == (name.strip().lower() == "taken")


def test_a_deleted_room_is_unknown_but_exported_and_frees_its_name(api: Api) -> None:
    record = find_room(api)
    messages = history(api, record["id"])
    assert events(api.room("deleteRoom", record["name"])) == ["room_deleted"]
    for key in (record["id"], record["name"]):
        with pytest.raises(ApiError, match="not found"):
            api.room("getRoom", key)
    again = api("createRoom", body={"name": record["name"]}).body["id"]
    assert again != record["id"]
    assert api.room("getRoom", record["name"]).body["id"] == again
    stored = api.store.room(record["id"])
    assert stored == record | {"is_deleted": True}
    assert history(api, record["id"]) == messages


def test_deleted_rooms_can_be_read_but_not_written_if_asked_for(api: Api) -> None:
    (deleted,) = [room["id"] for room in api.store.rooms(archived=True, deleted=True) if room["is_deleted"]]
    reading = replace(api, deleted_rooms=True)
    assert deleted in [room["id"] for room in reading("getAllRooms", query="include-archived=true").body["items"]]
    assert reading.room("getRoom", deleted).body["id"] == deleted
    assert reading.room("getRoomHistory", deleted).body["items"]
    with pytest.raises(ApiError) as excinfo:
        reading.room("sendRoomMessage", deleted, body={"message": "hello"})
    assert excinfo.value.status == 404


def test_canonical_names_are_unique(api: Api) -> None:
    numbers = [api("createRoom", body={"name": name}).body["id"] for name in ("A b", "A_b", "a_B:", "<>")]
    names = [(api.store.room(number) or {})["canonical_name"] for number in numbers]
    assert names == ["a_b", "a_b_2", "a_b_3", "_2"]


@pytest.mark.parametrize(
    ("body", "kind", "properties", "event_names"),
    [
        ({"topic": "New topic"}, "TopicRoomMessage", {"topic": "New topic", "message": ""}, ["room_topic_change"]),
        ({"is_archived": True}, "ArchiveRoomMessage", {"is_archived": True}, ["room_archived"]),
        ({"is_guest_accessible": True}, "GuestAccessMessage", {"enable_guest_access": True}, []),
    ],
)
def test_a_change_is_a_message_and_an_event(
    api: Api, body: dict[str, Any], kind: str, properties: dict[str, Any], event_names: list[str]
) -> None:
    room = find_room(api, guest_access_url=None)
    before = len(history(api, room["id"]))
    response = api.room("updateRoom", room["id"], body=body)
    assert events(response) == event_names
    now = history(api, room["id"])
    assert (len(now), now[0][0]) == (before + 1, kind)
    assert properties.items() <= now[0][1].items()
    assert now[0][1]["sender"]["id"] == api.owner
    changed_room = api.room("getRoom", room["id"]).body
    assert body.items() <= changed_room.items()


def test_unchanged_values_have_no_effect(api: Api) -> None:
    room = find_room(api, guest_access_url=None)
    before = history(api, room["id"])
    same = {key: room[key] for key in ("name", "privacy", "is_archived", "topic")} | {"is_guest_accessible": False}
    response = api.room("updateRoom", room["id"], body=same | {"owner": {"id": str(room["owner"])}})
    assert (response.status, response.events, history(api, room["id"])) == (204, (), before)
    assert api.store.room(room["id"]) == room


def test_archiving_and_unarchiving_are_events(api: Api) -> None:
    room = find_room(api)["id"]
    event_names = [
        events(api.room("updateRoom", room, body={"is_archived": is_archived})) for is_archived in (True, True, False)
    ]
    assert event_names == [["room_archived"], [], ["room_unarchived"]]


def test_the_owner_name_and_privacy_of_a_room_can_change(api: Api) -> None:
    room, user = find_room(api, privacy="public")["id"], api.store.users()[-1]
    api.room("updateRoom", room, body={"name": "Other", "owner": {"id": user["email"]}, "privacy": "private"})
    changed_room = api.room("getRoom", "other").body
    assert (changed_room["id"], changed_room["owner"]["id"], changed_room["privacy"]) == (room, user["id"], "private")
    assert [user["id"] for user in changed_room["participants"]] == [user["id"]]
    api.room("updateRoom", room, body={"owner": {"id": api.owner}})
    assert (api.store.room(room) or {})["members"] == [user["id"], api.owner]
    api.room("updateRoom", room, body={"privacy": "public", "owner": {}})
    assert (api.store.room(room) or {})["members"] == []


def test_a_refused_change_has_no_effect(api: Api) -> None:
    room = find_room(api)
    before = history(api, room["id"])
    with pytest.raises(ApiError):
        api.room("updateRoom", room["id"], body={"topic": "New", "owner": {"id": "nobody"}})
    assert (api.store.room(room["id"]), history(api, room["id"])) == (room, before)


def test_a_topic_is_set_with_an_event(api: Api) -> None:
    room = find_room(api)
    response = api.room("setRoomTopic", room["id"], body={"topic": "Ship it"})
    event = response.events[0]
    assert (event.name, event.room, event.text) == ("room_topic_change", room["id"], "Ship it")
    assert event.item["topic"] == "Ship it"
    assert (event.item["room"]["id"], event.item["sender"]["id"]) == (room["id"], api.owner)
    assert events(api.room("setRoomTopic", room["id"], body={"topic": "Ship it"})) == ["room_topic_change"]
    with pytest.raises(ApiError):
        api.room("setRoomTopic", room["id"], body={"topic": "x" * 251})


def test_an_avatar_can_be_set_and_deleted(api: Api) -> None:
    room = find_room(api)["id"]
    with pytest.raises(ApiError) as excinfo:
        api.room("getRoomAvatar", room)
    assert excinfo.value.status == 404
    api.room("updateRoomAvatar", room, body={"avatar": b64encode(PNG).decode()})
    url = api.room("getRoomAvatar", room).headers["Location"]
    assert url == api.room("getRoom", room).body["avatar_url"]
    file = api.file(url)
    assert file is not None
    assert (file.type, b"".join(api.store.read_file(file))) == ("image/png", PNG)
    api.room("deleteRoomAvatar", room)
    assert api.room("getRoom", room).body["avatar_url"] is None


def test_replaced_avatars_are_deleted_and_none_is_exported(api: Api) -> None:
    room = find_room(api)["id"]
    before = [entry.path for entry in api.store.export()]
    urls = []
    for _ in range(2):
        api.room("updateRoomAvatar", room, body={"avatar": b64encode(PNG).decode()})
        urls.append(api.room("getRoomAvatar", room).headers["Location"])
        assert [entry.path for entry in api.store.export()] == before
    assert [bool(api.file(url)) for url in urls] == [False, True]
    api.room("deleteRoomAvatar", room)
    assert api.file(urls[1]) is None


def test_a_room_named_after_the_number_of_a_deleted_one_is_found(api: Api) -> None:
    deleted = find_room(api)["id"]
    api.room("deleteRoom", deleted)
    created = api("createRoom", body={"name": str(deleted)}).body["id"]
    assert api.room("getRoom", deleted).body["id"] == created


@pytest.mark.parametrize("avatar", ["????", "aGVsbG8=", b64encode(b"<svg/>").decode()])
def test_an_avatar_must_be_an_image(api: Api, avatar: str) -> None:
    with pytest.raises(ApiError) as excinfo:
        api.room("updateRoomAvatar", find_room(api)["id"], body={"avatar": avatar})
    assert (excinfo.value.status, excinfo.value.details["field"]) == (400, "avatar")
