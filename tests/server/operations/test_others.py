"""Operations on capabilities, the group, emoticons, files, webhooks, tokens, sessions and add-ons."""

import json
from typing import Any

import pytest

from hcfmt.server import json_rendering as wire
from hcfmt.server.api import tokens
from hcfmt.server.errors import ApiError
from hcfmt.server.store import Chat
from tests.support.api import BASE, MAIN, NOW, Api, find_room

HOOK = {"url": "http://127.0.0.1:9/hook", "event": "room_message"}


def test_the_capabilities_have_the_urls_of_the_server(api: Api) -> None:
    body = api("getCapabilities").body
    assert body["links"]["self"] == f"{BASE}/capabilities"
    assert body["capabilities"]["hipchatApiProvider"]["url"] == f"{BASE}/"
    assert body["capabilities"]["oauth2Provider"]["tokenUrl"] == f"{BASE}/oauth/token"
    assert set(body["capabilities"]["hipchatApiProvider"]["availableScopes"]) == tokens.ALL


def test_there_is_one_group(api: Api) -> None:
    assert api("getGroup", {"group_id": 1}).body["id"] == 1
    with pytest.raises(ApiError) as excinfo:
        api("getGroup", {"group_id": 2})
    assert excinfo.value.status == 404


def test_emoticons_are_those_of_the_group(api: Api) -> None:
    records = api.store.emoticons()
    page = api("getAllEmoticons").body
    assert [item["id"] for item in page["items"]] == [record["ID"] for record in records]
    assert page["links"] == {"self": f"{BASE}/emoticon"}
    assert api("getAllEmoticons", query="type=group").body["items"] == page["items"]
    assert api("getAllEmoticons", query="type=global").body["items"] == []
    for record in records:
        emoticon = api("getEmoticon", {"emoticon_id_or_shortcut": record["ID"]}).body
        assert emoticon == api("getEmoticon", {"emoticon_id_or_shortcut": record["shortcut"]}).body
        assert (emoticon["width"], emoticon["creator"]["id"]) == (record["width"], record["user_id"])
        assert api.file(emoticon["url"]) is not None
    with pytest.raises(ApiError, match="Emoticon nothing not found"):
        api("getEmoticon", {"emoticon_id_or_shortcut": "nothing"})


def test_every_file_of_every_message_and_its_preview_exist(nasty: Api) -> None:
    found = previews = 0
    for room in nasty.store.rooms(archived=True, size=1_000):
        for page in nasty.pages("getRoomHistory", {"id_or_name": room["id"]}, "date=2100-01-01"):
            for file in (item["file"] for item in page["items"] if "file" in item):
                chat = Chat(room=room["id"])
                record = next(
                    message.record
                    for message in nasty.store.history(chat, size=1_000)
                    if (message.record.get("attachment") or {}).get("path", "").endswith(file["name"])
                )
                path = f"rooms/{room['id']}/files/{record['attachment']['path']}"
                stored = nasty.store.file(path)
                assert stored is not None
                assert stored.size == file["size"]
                assert nasty.file(file["url"]) == stored
                assert nasty.file(nasty("getFile", {"file_id": stored.id}).body["temp_url"]) == stored
                found += 1
                if "thumb_url" in file:
                    thumbnail = nasty("getFile", {"file_id": stored.id}, "thumbnail=true").body
                    assert nasty.file(thumbnail["temp_url"]) == nasty.file(file["thumb_url"]) is not None
                    assert thumbnail["id"] == str(stored.id)
                    ids = ["nothing", str(stored.id), str(stored.id), "0"]
                    assert nasty("getThumbnails", body={"ids": ids}).body == {"items": [thumbnail]}
                    previews += 1
    assert found
    assert previews


@pytest.mark.parametrize("key", ["0", "9" * 30, "nothing", "../../etc/passwd", "users.json", "\0"])
def test_an_unknown_file_is_404(api: Api, key: str) -> None:
    with pytest.raises(ApiError) as excinfo:
        api("getFile", {"file_id": key})
    assert excinfo.value.status == 404


def test_a_webhook_is_created_listed_and_deleted(api: Api) -> None:
    room, other = (room["id"] for room in api.store.rooms()[:2])
    response = api.room("createRoomWebhook", room, body=HOOK | {"name": "Hook", "pattern": "^/deploy"})
    webhook = response.body
    assert isinstance(webhook["id"], int)
    assert webhook["links"] == {"self": f"{BASE}/room/{room}/webhook/{webhook['id']}"}
    assert (HOOK | {"name": "Hook", "pattern": "^/deploy"}).items() <= webhook.items()
    second = api.room("createRoomWebhook", room, body=HOOK).body
    assert (second["name"], second["pattern"], second["authentication"]) == (None, None, "none")
    assert api.room("getAllRoomWebhooks", room).body["items"] == [webhook, second]
    assert api.room("getAllRoomWebhooks", other).body["items"] == []
    path = {"id_or_name": room, "webhook_id": webhook["id"]}
    assert api("getRoomWebhook", path).body == webhook
    for wrong in (path | {"id_or_name": other}, path | {"webhook_id": 999}):
        with pytest.raises(ApiError) as excinfo:
            api("deleteRoomWebhook", wrong)
        assert excinfo.value.status == 404
    assert api("deleteRoomWebhook", path).status == 204
    assert api.room("getAllRoomWebhooks", room).body["items"] == [second]


@pytest.mark.parametrize("pattern", ["(", "(?=look)", r"(a)\1"])
def test_an_unsupported_pattern_is_refused(api: Api, pattern: str) -> None:
    with pytest.raises(ApiError) as excinfo:
        api.room("createRoomWebhook", find_room(api)["id"], body=HOOK | {"pattern": pattern})
    assert (excinfo.value.status, excinfo.value.details["field"]) == (400, "pattern")


def test_the_main_token_is_every_user_s_password(api: Api) -> None:
    for user in api.store.users(guests=True):
        for name in (f"@{user['mention_name']}", *[user["email"]] * bool(user["email"])):
            body = {"grant_type": "password", "username": name, "password": MAIN, "scope": "view_group view_messages"}
            session = api("generateToken", body=body).body
            token = tokens.authenticate(api.store, session["access_token"], NOW)
            assert (token.owner, token.scopes) == (user["id"], frozenset({"view_group", "view_messages"}))
            assert (session["group_id"], session["scope"]) == (1, "view_group view_messages")
            assert token.expires == NOW + session["expires_in"]


def test_credentials_are_read_from_basic_authentication(api: Api) -> None:
    name = api.store.users()[0]["email"]
    session = api("generateToken", body={"grant_type": "password"}, basic=(name, MAIN)).body
    assert session["scope"].split() == sorted(tokens.ALL)


def test_a_refresh_token_issues_a_token_with_the_same_scopes(api: Api) -> None:
    user = api.store.users()[1]
    body = {"grant_type": "password", "username": user["email"], "password": MAIN, "scope": "view_group"}
    refresh = api("generateToken", body=body).body["refresh_token"]
    session = api("generateToken", body={"grant_type": "refresh_token", "refresh_token": refresh}).body
    assert tokens.authenticate(api.store, session["access_token"], NOW).owner == user["id"]
    assert session["scope"] == "view_group"
    more = {"grant_type": "refresh_token", "refresh_token": session["refresh_token"], "scope": "admin_group"}
    with pytest.raises(ApiError) as excinfo:
        api("generateToken", body=more)
    assert excinfo.value.status == 400


def test_a_refresh_token_is_spent_by_a_successful_request(api: Api) -> None:
    body = {"grant_type": "password", "username": api.store.users()[1]["email"], "password": MAIN}
    grant = {"grant_type": "refresh_token", "refresh_token": api("generateToken", body=body).body["refresh_token"]}
    with pytest.raises(ApiError) as excinfo:
        api("generateToken", body={**grant, "scope": "everything"})
    assert excinfo.value.status == 400
    session = api("generateToken", body=grant).body
    with pytest.raises(ApiError) as excinfo:
        api("generateToken", body=grant)
    assert excinfo.value.status == 401
    assert api("generateToken", body={**grant, "refresh_token": session["refresh_token"]}).status == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"grant_type": "password", "username": "@nobody", "password": MAIN}, 401),
        ({"grant_type": "password", "username": "1", "password": "wrong"}, 401),
        ({"grant_type": "password"}, 401),
        ({"grant_type": "client_credentials"}, 401),
        ({"grant_type": "client_credentials", "username": "x", "password": MAIN}, 401),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, 401),
        ({"grant_type": "authorization_code", "code": "x"}, 400),
        ({"grant_type": "password", "username": "1", "password": MAIN, "scope": "everything"}, 400),
        ({"grant_type": "magic"}, 400),
        ({}, 400),
    ],
)
def test_wrong_credentials_issue_no_token(api: Api, body: dict[str, Any], status: int) -> None:
    with pytest.raises(ApiError) as excinfo:
        api("generateToken", body=body)
    assert excinfo.value.status == status


def test_other_tokens_are_no_passwords(api: Api) -> None:
    body = {"grant_type": "password", "username": "1", "password": api.as_user(api.owner).token}
    with pytest.raises(ApiError, match="Invalid OAuth session"):
        api("generateToken", body=body)


def test_a_session_shows_its_owner_until_it_is_deleted(api: Api) -> None:
    user = api.store.users()[-1]
    client = api.as_user(user["id"])
    token_session = api("getToken", {"token": client.token}).body
    assert (token_session["client"]["name"], token_session["client"]["room"]) == (user["name"], None)
    assert (token_session["owner"]["id"], token_session["expires_in"]) == (user["id"], 3_600)
    assert client("getActiveSessions").body == {
        "items": [{key: value for key, value in token_session.items() if key != "access_token"}],
        "links": {"self": f"{BASE}/session"},
    }
    (session,) = client("getActiveSessions", query="expand=items.owner").body["items"]
    assert session["owner"] == api.user("getUser", user["id"]).body
    assert api("deleteToken", {"token": client.token}).status == 204
    for operation in ("getToken", "deleteToken"):
        with pytest.raises(ApiError) as excinfo:
            api(operation, {"token": client.token})
        assert excinfo.value.status == 404
        assert client.token not in excinfo.value.message


def test_the_main_token_cannot_be_revoked(api: Api) -> None:
    with pytest.raises(ApiError) as excinfo:
        api("deleteToken", {"token": MAIN})
    assert excinfo.value.status == 403
    assert api("getActiveSessions").body["items"][0]["expires_in"] is None


def test_an_addon_gets_tokens_until_it_is_uninstalled(api: Api) -> None:
    addon = api("installAddon", body={"url": "https://addon.example.com/descriptor.json"}).body
    grant = {"grant_type": "client_credentials", "scope": "send_notification"}
    value = api("generateToken", body=grant, basic=(addon["oauthId"], addon["oauthSecret"])).body["access_token"]
    token = tokens.authenticate(api.store, value, NOW)
    assert (token.owner, token.client, token.scopes) == (None, addon["oauthId"], frozenset({"send_notification"}))
    session = api("getToken", {"token": value}).body
    assert (session["owner"], session["client"]["name"]) == (None, addon["oauthId"])
    assert addon["oauthSecret"] not in json.dumps(api.store.documents("addon"))
    with pytest.raises(ApiError, match="Invalid OAuth session"):
        api("generateToken", body=grant, basic=(addon["oauthId"], "wrong"))
    path = {"addon_key_or_id": addon["id"], "installable_id": addon["oauthId"]}
    for wrong in ({"installable_id": "x"}, {"addon_key_or_id": "x"}):
        with pytest.raises(ApiError) as excinfo:
            api("uninstallAddon", path | wrong)
        assert excinfo.value.status == 404
    assert api("uninstallAddon", path).status == 204
    for call in (lambda: tokens.authenticate(api.store, value, NOW), lambda: api("uninstallAddon", path)):
        with pytest.raises(ApiError):
            call()


def test_an_addon_is_uninstalled_by_its_key(api: Api) -> None:
    key = api("installAddon", body={"url": "https://addon.example.com/descriptor.json"}).body["oauthId"]
    assert api("uninstallAddon", {"addon_key_or_id": key, "installable_id": key}).status == 204
    assert api.store.documents("addon") == {}


def test_a_token_of_one_room_is_refused_for_others(api: Api) -> None:
    room, other = (room["id"] for room in api.store.rooms()[:2])
    value = tokens.issue(api.store, None, tokens.ALL, NOW, seconds=60, room=room)
    client = Api(api.store, value)
    assert client.room("getRoom", room).status == 200
    with pytest.raises(ApiError) as excinfo:
        client.room("getRoom", other)
    assert excinfo.value.status == 403


def test_a_response_has_sorted_keys(api: Api) -> None:
    body = api("getAllRooms").body
    rendered = wire.render(body)
    assert rendered.startswith(b'{"items": [{"id": ')
    assert json.loads(rendered) == body
