"""Sending of messages, notifications, replies, links and files."""

import json
from typing import Any

import pytest

from hcfmt.server.errors import ApiError
from hcfmt.server.store import Chat, Upload
from tests.support import conformance
from tests.support.api import Api, find_room

PNG = Upload("../a b?.png", "image/png", b"\x89PNG\r\n\x1a\nbytes", {"message": "Look"})


def last(api: Api, room: int) -> dict[str, Any]:
    message: dict[str, Any] = api.room("getRoomHistory", room, "max-results=1").body["items"][0]
    return message


def stored(api: Api, room: int) -> dict[str, Any]:
    messages = api.store.latest(Chat(room=room), size=1)
    assert messages
    return messages[0].record


def test_a_message_is_appended_with_an_event(api: Api) -> None:
    room = find_room(api)["id"]
    user = api.store.users()[1]
    response = api.room("sendRoomMessage", room, body={"message": f"Hi @{user['mention_name']}"})
    message = last(api, room)
    assert response.body == {"id": message["id"], "timestamp": message["date"]}
    assert (message["from"]["id"], message["type"]) == (api.owner, "message")
    assert [user["id"] for user in message["mentions"]] == [user["id"]]
    (event,) = response.events
    assert (event.name, event.room, event.text) == ("room_message", room, message["message"])
    assert (event.item["message"], event.item["room"]["id"]) == (message, room)


def test_mentions_prefer_the_exact_letter_case(api: Api) -> None:
    room, (first_user, second_user) = find_room(api)["id"], api.store.users()[1:3]
    for user, name in ((first_user, "Dup"), (second_user, "dup")):
        api.store.put_user({**user, "mention_name": name})
    for text, ids in (
        ("@dup and @Dup", [second_user["id"], first_user["id"]]),
        ("@Dup", [first_user["id"]]),
        ("@DUP", [first_user["id"]]),
    ):
        api.room("sendRoomMessage", room, body={"message": text})
        assert [user["id"] for user in last(api, room)["mentions"]] == ids


def test_simultaneous_messages_keep_their_order(api: Api) -> None:
    room = find_room(api)["id"]
    for number in range(5):
        api.room("sendRoomMessage", room, body={"message": str(number)})
    messages = api.room("getRoomHistory", room, "max-results=5").body["items"]
    assert [message["message"] for message in messages] == list("01234")
    assert messages[0]["date"] == "2020-09-13T12:26:40.250000+00:00"
    assert len({message["date"] for message in messages}) == 5


def test_the_sender_of_an_addon_s_message_is_a_name(api: Api) -> None:
    room = find_room(api)["id"]
    api.as_addon().room("sendRoomMessage", room, body={"message": "Beep"})
    assert last(api, room)["from"] == "API"
    assert stored(api, room)["sender"] == {"id": 0, "mention_name": "", "name": "API", "version": ""}


def test_a_notification_is_stored_as_received(api: Api) -> None:
    room = find_room(api)["id"]
    body = {
        "message": "<b>Done</b> @all",
        "color": "green",
        "message_format": "html",
        "from": "Build",
        "card": {"style": "link", "id": "1", "title": "T", "url": "http://x"},
        "notify": "true",
    }
    with pytest.raises(ApiError):
        api.room("sendRoomNotification", room, body=body)
    response = api.room("sendRoomNotification", room, body=body | {"notify": True})
    notification = last(api, room)
    assert (notification["message"], notification["color"], notification["from"]) == (
        "<b>Done</b> @all",
        "green",
        "Build",
    )
    assert (notification["type"], notification["message_format"], notification["mentions"]) == (
        "notification",
        "html",
        [],
    )
    assert json.loads(notification["card"]) == body["card"]
    assert [event.name for event in response.events] == ["room_notification"]
    assert response.events[0].item["message"] == notification


def test_a_notification_has_defaults(api: Api) -> None:
    room = find_room(api)["id"]
    api.room("sendRoomNotification", room, body={"message": "Done"})
    notification = last(api, room)
    owner = api.user("getUser", api.owner).body["name"]
    assert (notification["color"], notification["message_format"], notification["from"]) == ("yellow", "html", owner)
    assert (notification["card"], notification["attach_to"]) == (None, None)


def test_a_random_colour_is_one_of_the_export(api: Api) -> None:
    room = find_room(api)["id"]
    for _ in range(5):
        api.room("sendRoomNotification", room, body={"message": "Done", "color": "random"})
        assert stored(api, room)["color"] in {"yellow", "green", "red", "purple", "gray"}


def test_a_notification_can_be_attached_to_a_message(api: Api) -> None:
    room = find_room(api)["id"]
    parent = api.room("sendRoomMessage", room, body={"message": "Deploy?"}).body["id"]
    api.room("sendRoomNotification", room, body={"message": "Done", "attach_to": parent})
    assert last(api, room)["attach_to"] == parent


def test_a_reply_needs_an_existing_parent(api: Api) -> None:
    room = find_room(api)["id"]
    parent = last(api, room)["id"]
    api.room("replyToRoomMessage", room, body={"parentMessageId": parent, "message": "Yes"})
    assert last(api, room)["message"] == "Yes"
    with pytest.raises(ApiError) as excinfo:
        api.room("replyToRoomMessage", room, body={"parentMessageId": "nothing", "message": "Yes"})
    assert excinfo.value.status == 404


def test_a_link_is_shared_with_a_text(api: Api) -> None:
    room = find_room(api)["id"]
    api.room("shareLinkWithRoom", room, body={"link": "http://example.com/a", "message": "Read"})
    message = last(api, room)
    assert message["message"] == "Read http://example.com/a"
    assert [(link["type"], link["url"]) for link in message["message_links"]] == [("link", "http://example.com/a")]
    api.room("shareLinkWithRoom", room, body={"link": "http://example.com/b"})
    assert last(api, room)["message"] == "http://example.com/b"
    with pytest.raises(ApiError):
        api.room("shareLinkWithRoom", room, body={"link": "http://example.com/", "message": "x" * 9_990})


def test_a_shared_file_has_a_safe_path_and_can_be_downloaded(api: Api) -> None:
    room = find_room(api)["id"]
    response = api.room("shareFileWithRoom", room, body=PNG)
    message = last(api, room)
    assert (message["message"], message["file"]["size"]) == ("Look", len(PNG.data))
    path = f"rooms/{room}/files/{stored(api, room)['attachment']['path']}"
    file = api.file(path)
    assert file is not None
    assert b"".join(api.store.read_file(file)) == PNG.data
    assert ".." not in path
    assert [event.name for event in response.events] == ["room_message", "room_file_upload"]
    assert response.events[1].item["file"] == message["file"]
    file_object = api("getFile", {"file_id": file.id}).body
    assert file_object["temp_url"] == file_object["temp_download_url"]
    assert file == api.file(file_object["temp_url"]) == api.file(message["file"]["url"])
    assert api("getFile", {"file_id": path}).body == file_object


@pytest.mark.parametrize("metadata", [{"message": "x" * 10_001}])
def test_a_text_with_a_file_is_bounded(api: Api, metadata: dict[str, Any]) -> None:
    with pytest.raises(ApiError) as excinfo:
        api.room("shareFileWithRoom", find_room(api)["id"], body=Upload("a", "text/plain", b"a", metadata))
    assert excinfo.value.status == 400


@pytest.mark.parametrize("peer", [0, 1])
def test_a_private_message_is_in_both_histories(api: Api, peer: int) -> None:
    users = [user["id"] for user in api.store.users() if user["id"] != api.owner]
    other = users[0] if peer else api.owner
    assert api.user("sendPrivateMessage", other, body={"message": "Psst"}).status == 204
    own_page = api.user("getLatestUserHistory", other, "max-results=1").body["items"]
    peer_page = api.as_user(other).user("getLatestUserHistory", api.owner, "max-results=1").body["items"]
    assert own_page == peer_page
    assert (own_page[0]["message"], own_page[0]["from"]["id"]) == ("Psst", api.owner)


def test_links_and_files_can_be_shared_in_private(api: Api) -> None:
    other = next(user["id"] for user in api.store.users() if user["id"] != api.owner)
    api.user("shareLinkWithUser", other, body={"link": "http://example.com/a"})
    api.user("shareFileWithUser", other, body=PNG)
    link, file = api.user("getLatestUserHistory", other, "max-results=2").body["items"]
    assert link["message"] == "http://example.com/a"
    assert file["file"]["url"].startswith(f"http://127.0.0.1:1234/files/1/{api.owner}/")
    assert api.file(file["file"]["url"]) is not None


def test_private_messages_need_a_user_at_both_ends(api: Api) -> None:
    deleted = next(user["id"] for user in api.store.users(deleted=True) if user["is_deleted"])
    for client, peer, status in ((api, deleted, 404), (api.as_addon(), api.owner, 403)):
        with pytest.raises(ApiError) as excinfo:
            client.user("sendPrivateMessage", peer, body={"message": "Psst"})
        assert excinfo.value.status == status


def test_a_message_is_stored_as_a_record_of_the_export(api: Api) -> None:
    room = find_room(api)["id"]
    api.room("sendRoomMessage", room, body={"message": "Hi"})
    assert list(stored(api, room)) == ["id", "type", "sender", "message", "timestamp"]
    conformance.check_object("Message", last(api, room))
