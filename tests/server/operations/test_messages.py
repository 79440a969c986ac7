"""Messages that are sent: in rooms and in private, plain, with a file, with a link, as notifications."""

import json
from typing import Any

import pytest

from hcfmt.server.errors import ApiError
from hcfmt.server.store import Chat, Upload
from tests.server import conformance
from tests.server.operations.api import Api
from tests.server.operations.test_rooms import first

PNG = Upload("../a b?.png", "image/png", b"\x89PNG\r\n\x1a\nbytes", {"message": "Look"})


def last(api: Api, room: int) -> dict[str, Any]:
    shown: dict[str, Any] = api.room("getRoomHistory", room, "max-results=1").body["items"][0]
    return shown


def stored(api: Api, room: int) -> dict[str, Any]:
    told = api.store.latest(Chat(room=room), size=1)
    assert told
    return told[0].record


def test_a_message_is_the_last_of_the_history_and_webhooks_hear_of_it(api: Api) -> None:
    room = first(api)["id"]
    user = api.store.users()[1]
    answer = api.room("sendRoomMessage", room, body={"message": f"Hi @{user['mention_name']}"})
    shown = last(api, room)
    assert answer.body == {"id": shown["id"], "timestamp": shown["date"]}
    assert (shown["from"]["id"], shown["type"]) == (api.owner, "message")
    assert [one["id"] for one in shown["mentions"]] == [user["id"]]
    (event,) = answer.events
    assert (event.name, event.room, event.text) == ("room_message", room, shown["message"])
    assert (event.item["message"], event.item["room"]["id"]) == (shown, room)


def test_those_are_mentioned_whose_very_names_are(api: Api) -> None:
    room, (one, other) = first(api)["id"], api.store.users()[1:3]
    for user, name in ((one, "Dup"), (other, "dup")):
        api.store.put_user({**user, "mention_name": name})
    for text, ids in (("@dup and @Dup", [other["id"], one["id"]]), ("@Dup", [one["id"]]), ("@DUP", [one["id"]])):
        api.room("sendRoomMessage", room, body={"message": text})
        assert [user["id"] for user in last(api, room)["mentions"]] == ids


def test_messages_of_one_moment_keep_their_order(api: Api) -> None:
    room = first(api)["id"]
    for number in range(5):
        api.room("sendRoomMessage", room, body={"message": str(number)})
    told = api.room("getRoomHistory", room, "max-results=5").body["items"]
    assert [one["message"] for one in told] == list("01234")
    assert told[0]["date"] == "2020-09-13T12:26:40.250000+00:00"
    assert len({one["date"] for one in told}) == 5


def test_an_add_on_s_message_has_its_name_alone(api: Api) -> None:
    room = first(api)["id"]
    api.as_addon().room("sendRoomMessage", room, body={"message": "Beep"})
    assert last(api, room)["from"] == "API"
    assert stored(api, room)["sender"] == {"id": 0, "mention_name": "", "name": "API", "version": ""}


def test_a_notification_is_kept_as_it_was_given(api: Api) -> None:
    room = first(api)["id"]
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
    answer = api.room("sendRoomNotification", room, body=body | {"notify": True})
    shown = last(api, room)
    assert (shown["message"], shown["color"], shown["from"]) == ("<b>Done</b> @all", "green", "Build")
    assert (shown["type"], shown["message_format"], shown["mentions"]) == ("notification", "html", [])
    assert json.loads(shown["card"]) == body["card"]
    assert [event.name for event in answer.events] == ["room_notification"]
    assert answer.events[0].item["message"] == shown


def test_a_notification_without_more_is_yellow_html_of_the_owner(api: Api) -> None:
    room = first(api)["id"]
    api.room("sendRoomNotification", room, body={"message": "Done"})
    shown = last(api, room)
    owner = api.user("getUser", api.owner).body["name"]
    assert (shown["color"], shown["message_format"], shown["from"]) == ("yellow", "html", owner)
    assert (shown["card"], shown["attach_to"]) == (None, None)


def test_a_random_colour_is_one_that_an_export_can_have(api: Api) -> None:
    room = first(api)["id"]
    for _ in range(5):
        api.room("sendRoomNotification", room, body={"message": "Done", "color": "random"})
        assert stored(api, room)["color"] in {"yellow", "green", "red", "purple", "gray"}


def test_a_notification_can_be_attached_to_a_message(api: Api) -> None:
    room = first(api)["id"]
    parent = api.room("sendRoomMessage", room, body={"message": "Deploy?"}).body["id"]
    api.room("sendRoomNotification", room, body={"message": "Done", "attach_to": parent})
    assert last(api, room)["attach_to"] == parent


def test_a_reply_needs_a_message_that_it_answers(api: Api) -> None:
    room = first(api)["id"]
    parent = last(api, room)["id"]
    api.room("replyToRoomMessage", room, body={"parentMessageId": parent, "message": "Yes"})
    assert last(api, room)["message"] == "Yes"
    with pytest.raises(ApiError) as refused:
        api.room("replyToRoomMessage", room, body={"parentMessageId": "nothing", "message": "Yes"})
    assert refused.value.status == 404


def test_a_link_is_shared_with_what_is_said_of_it(api: Api) -> None:
    room = first(api)["id"]
    api.room("shareLinkWithRoom", room, body={"link": "http://example.com/a", "message": "Read"})
    shown = last(api, room)
    assert shown["message"] == "Read http://example.com/a"
    assert [(one["type"], one["url"]) for one in shown["message_links"]] == [("link", "http://example.com/a")]
    api.room("shareLinkWithRoom", room, body={"link": "http://example.com/b"})
    assert last(api, room)["message"] == "http://example.com/b"
    with pytest.raises(ApiError):
        api.room("shareLinkWithRoom", room, body={"link": "http://example.com/", "message": "x" * 9_990})


def test_a_file_is_shared_under_a_safe_name_and_can_be_had(api: Api) -> None:
    room = first(api)["id"]
    answer = api.room("shareFileWithRoom", room, body=PNG)
    shown = last(api, room)
    assert (shown["message"], shown["file"]["size"]) == ("Look", len(PNG.data))
    path = f"rooms/{room}/files/{stored(api, room)['attachment']['path']}"
    file = api.file(path)
    assert file is not None
    assert b"".join(api.store.read_file(file)) == PNG.data
    assert ".." not in path
    assert [event.name for event in answer.events] == ["room_message", "room_file_upload"]
    assert answer.events[1].item["file"] == shown["file"]
    told = api("getFile", {"file_id": file.id}).body
    assert told["temp_url"] == told["temp_download_url"] == shown["file"]["url"]
    assert api("getFile", {"file_id": path}).body == told


@pytest.mark.parametrize("told", [{"message": "x" * 10_001}])
def test_a_text_with_a_file_has_the_limit_of_any_message(api: Api, told: dict[str, Any]) -> None:
    with pytest.raises(ApiError) as refused:
        api.room("shareFileWithRoom", first(api)["id"], body=Upload("a", "text/plain", b"a", told))
    assert refused.value.status == 400


@pytest.mark.parametrize("peer", [0, 1])
def test_a_private_message_stands_in_both_histories(api: Api, peer: int) -> None:
    users = [one["id"] for one in api.store.users() if one["id"] != api.owner]
    other = users[0] if peer else api.owner
    assert api.user("sendPrivateMessage", other, body={"message": "Psst"}).status == 204
    mine = api.user("getLatestUserHistory", other, "max-results=1").body["items"]
    theirs = api.as_user(other).user("getLatestUserHistory", api.owner, "max-results=1").body["items"]
    assert mine == theirs
    assert (mine[0]["message"], mine[0]["from"]["id"]) == ("Psst", api.owner)


def test_links_and_files_are_shared_in_private_too(api: Api) -> None:
    other = next(one["id"] for one in api.store.users() if one["id"] != api.owner)
    api.user("shareLinkWithUser", other, body={"link": "http://example.com/a"})
    api.user("shareFileWithUser", other, body=PNG)
    link, file = api.user("getLatestUserHistory", other, "max-results=2").body["items"]
    assert link["message"] == "http://example.com/a"
    assert file["file"]["url"].startswith("http://127.0.0.1:1234/files/users/files/")
    assert api.file(file["file"]["url"]) is not None


def test_nobody_writes_to_a_deleted_user_and_no_add_on_in_private(api: Api) -> None:
    deleted = next(one["id"] for one in api.store.users(deleted=True) if one["is_deleted"])
    for who, peer, status in ((api, deleted, 404), (api.as_addon(), api.owner, 403)):
        with pytest.raises(ApiError) as refused:
            who.user("sendPrivateMessage", peer, body={"message": "Psst"})
        assert refused.value.status == status


def test_what_is_sent_is_a_record_of_the_export(api: Api) -> None:
    room = first(api)["id"]
    api.room("sendRoomMessage", room, body={"message": "Hi"})
    assert list(stored(api, room)) == ["id", "type", "sender", "message", "timestamp"]
    conformance.holds("Message", last(api, room))
