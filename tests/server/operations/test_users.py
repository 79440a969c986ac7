"""Operations on users, photos and auto-join rooms."""

import json
from base64 import b64encode
from dataclasses import replace
from typing import Any

import pytest

from hcfmt.server.api import tokens
from hcfmt.server.errors import ApiError
from tests.support.api import BASE, MAIN, NOW, Api, find_room
from tests.support.store_exports import members, room, store_of, text, user

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
NEW = {"name": "Nora Neu", "email": "nora@example.com"}


def ids(api: Api, query: str) -> list[int]:
    return [user["id"] for user in api("getAllUsers", query=query).body["items"]]


def test_guests_and_deleted_users_are_listed_on_request(api: Api) -> None:
    everybody = ids(api, "include-guests=true&include-deleted=true")
    assert everybody == sorted(everybody)
    assert len(everybody) == 12
    users = {number: api.user("getUser", number).body for number in everybody}
    guests = {number for number in everybody if users[number]["is_guest"]}
    deleted = {number for number in everybody if users[number]["is_deleted"]}
    assert (len(guests), len(deleted)) == (1, 1)
    assert set(ids(api, "")) == set(everybody) - guests - deleted
    assert set(ids(api, "include-guests=true")) == set(everybody) - deleted
    assert set(ids(api, "include-deleted=true")) == set(everybody) - guests


def test_a_user_is_found_by_id_address_and_mention_name(nasty: Api) -> None:
    for record in nasty.store.users(guests=True, size=1_000):
        keys = [record["id"], f"@{record['mention_name']}", f"@{record['mention_name'].upper()}"]
        for key in [*keys, *[record["email"]] * bool(record["email"])]:
            assert nasty.user("getUser", key).body["id"] == record["id"]


def test_last_active_is_a_string_of_seconds(api: Api) -> None:
    other = next(user["id"] for user in api.store.users() if user["id"] != api.owner)
    api.user("sendPrivateMessage", other, body={"message": "Psst"})
    assert api.user("getUser", api.owner).body["last_active"] == str(int(NOW))


def test_last_active_does_not_move_when_somebody_writes_to_a_user(api: Api) -> None:
    other = next(user["id"] for user in api.store.users() if user["id"] != api.owner)
    before = api.user("getUser", other).body["last_active"]
    api.user("sendPrivateMessage", other, body={"message": "Psst"})
    assert api.user("getUser", other).body["last_active"] == before


def test_last_active_moves_when_a_user_writes_in_a_room_but_not_with_a_notification(api: Api) -> None:
    room = find_room(api, privacy="public")["id"]
    before = api.user("getUser", api.owner).body["last_active"]
    api.room("sendRoomNotification", room, body={"message": "built"})
    assert api.user("getUser", api.owner).body["last_active"] == before
    api.room("sendRoomMessage", room, body={"message": "hello"})
    assert api.user("getUser", api.owner).body["last_active"] == str(int(NOW))


def test_last_active_has_the_form_of_the_server_if_asked_for(api: Api) -> None:
    api.room("sendRoomMessage", find_room(api)["id"], body={"message": "hello"})
    server = replace(api, server_version="server")
    assert server.user("getUser", api.owner).body["last_active"] == "2020-09-13T12:26:40+0000"


def test_a_user_is_offline_until_a_client_puts_a_presence(api: Api) -> None:
    offline = api.user("getUser", api.owner).body["presence"]
    assert offline == {"client": {"type": "", "version": ""}, "idle": 0, "is_online": False, "show": None}
    api.user("updateUser", api.owner, body={"presence": {"show": "dnd", "status": "In a meeting"}})
    busy = offline | {"is_online": True, "show": "dnd", "status": "In a meeting"}
    assert api.user("getUser", api.owner).body["presence"] == busy
    api.user("updateUser", api.owner, body={"presence": {"status": None}})
    assert api.user("getUser", api.owner).body["presence"] == offline | {"is_online": True, "show": "dnd"}
    api.user("updateUser", api.owner, body={"presence": None, "title": "Chief"})
    assert api.user("getUser", api.owner).body["presence"]["is_online"]
    api.user("updateUser", api.owner, body={"presence": offline})
    assert api.user("getUser", api.owner).body["presence"] == offline


def test_a_presence_has_one_of_four_shows(api: Api) -> None:
    with pytest.raises(ApiError) as excinfo:
        api.user("updateUser", api.owner, body={"presence": {"show": "asleep"}})
    assert excinfo.value.status == 400


def test_a_new_user_has_defaults(api: Api) -> None:
    response = api("createUser", body=NEW)
    number = response.body["id"]
    assert response.body == {"id": number, "links": {"self": f"{BASE}/user/{number}"}}
    created = api.user("getUser", "NORA@example.com").body
    assert (created["id"], created["mention_name"], created["timezone"]) == (number, "NoraNeu", "UTC")
    assert (created["is_group_admin"], created["roles"], created["title"]) == (False, ["user"], "")
    assert created["created"] == "2020-09-13T12:26:40+00:00"
    assert number in ids(api, "")


def test_a_new_user_has_the_requested_properties_and_no_password(api: Api) -> None:
    properties = {
        "mention_name": "nn",
        "title": "Tester",
        "is_group_admin": True,
        "timezone": "europe/berlin",
        "password": "correct horse",
    }
    number = api("createUser", body=NEW | properties).body["id"]
    created = api.user("getUser", "@nn").body
    assert (created["id"], created["title"], created["timezone"]) == (number, "Tester", "Europe/Berlin")
    assert (created["is_group_admin"], created["roles"]) == (True, ["user", "admin"])
    assert "horse" not in repr(api.store.user(number))


def test_proposed_mention_names_are_numbered(api: Api) -> None:
    numbers = [
        api("createUser", body={"name": name, "email": f"{at}@example.com"}).body["id"]
        for at, name in enumerate(["All", "N N", "n-n", "!!"])
    ]
    names = [(api.store.user(number) or {})["mention_name"] for number in numbers]
    assert names == ["All2", "NN", "nn2", "User"]


@pytest.mark.parametrize("operation", ["createUser", "updateUser"])
@pytest.mark.parametrize(
    ("properties", "field"),
    [
        ({"email": "TAKEN@example.com"}, "email"),
        ({"email": "nobody"}, "email"),
        ({"mention_name": "taken"}, "mention_name"),
        ({"mention_name": "a b"}, "mention_name"),
        ({"mention_name": "HERE"}, "mention_name"),
        ({"timezone": "Nowhere"}, "timezone"),
        ({"name": " "}, "name"),
        ({"name": "x" * 51}, "name"),
    ],
)
def test_an_invalid_property_of_a_user_is_refused(
    api: Api, operation: str, properties: dict[str, Any], field: str
) -> None:
    api("createUser", body={"name": "T", "email": "taken@example.com", "mention_name": "Taken"})
    number = api("createUser", body={"name": "O", "email": "other@example.com"}).body["id"]
    before = api.store.user(number)
    path = {"id_or_email": number} if operation == "updateUser" else {}
    with pytest.raises(ApiError) as excinfo:
        api(operation, path, body={"name": "A", "email": "a@example.com"} | properties)
    assert (excinfo.value.status, excinfo.value.details["field"]) == (400, field)
    assert api.store.user(number) == before


def test_only_the_given_properties_of_a_user_change(api: Api) -> None:
    record = next(user for user in api.store.users() if user["account_type"] == "user")
    api.user("updateUser", record["id"], body={"title": "Chief", "is_group_admin": True, "presence": {"show": "dnd"}})
    expected = record | {"title": "Chief", "account_type": "admin", "roles": [*record["roles"], "admin"]}
    assert api.store.user(record["id"]) == expected
    api.user("updateUser", record["id"], body={"is_group_admin": False, "email": record["email"].upper()})
    assert api.store.user(record["id"]) == record | {"title": "Chief", "email": record["email"].upper()}
    api.user("updateUser", record["id"], body={"roles": ["owner"]})
    changed = api.user("getUser", record["id"]).body
    assert (changed["roles"], changed["is_group_admin"]) == (["user", "owner"], True)


def test_an_unchanged_user_has_no_effect(nasty: Api) -> None:
    for record in nasty.store.users(guests=True, size=1_000):
        user = nasty.user("getUser", record["id"]).body
        assert nasty.user("updateUser", record["id"], body=user).status == 204
        assert nasty.store.user(record["id"]) == record


def test_a_deleted_user_is_readable_without_tokens_and_frees_its_names(api: Api) -> None:
    record = next(user for user in api.store.users() if user["id"] != api.owner)
    client = api.as_user(record["id"])
    api.user("deleteUser", record["email"])
    assert api.user("getUser", record["id"]).body["is_deleted"] is True
    assert record["id"] not in ids(api, "")
    with pytest.raises(ApiError, match="Invalid OAuth session"):
        client("getAllRooms")
    with pytest.raises(ApiError, match="not found"):
        api.user("updateUser", record["id"], body={"title": "x"})
    body = {"name": "A", "email": record["email"], "mention_name": record["mention_name"]}
    number = api("createUser", body=body).body["id"]
    assert api.user("getUser", record["email"]).body["id"] == number


def test_a_photo_is_a_redirect_in_two_sizes(api: Api) -> None:
    record = next(user for user in api.store.users() if user["avatar"])
    plain = api.user("getUserPhoto", record["id"]).headers["Location"]
    urls = [
        api("getUserPhotoBySize", {"id_or_email": record["id"], "size": size}).headers["Location"]
        for size in ("small", "big")
    ]
    assert plain == urls[1] == api.user("getUser", record["id"]).body["photo_url"]
    assert ["_36." in urls[0], "_125." in urls[1]] == [True, True]
    assert all(api.file(url) for url in urls)
    with pytest.raises(ApiError) as excinfo:
        api("getUserPhotoBySize", {"id_or_email": record["id"], "size": "huge"})
    assert excinfo.value.status == 400


def test_a_photo_can_be_set_and_deleted(api: Api) -> None:
    record = next(user for user in api.store.users() if not user["avatar"])
    with pytest.raises(ApiError) as excinfo:
        api.user("getUserPhoto", record["id"])
    assert excinfo.value.status == 404
    api.user("updateUserPhoto", record["id"], body={"photo": f"data:image/png;base64,{b64encode(PNG).decode()}"})
    file = api.file(api.user("getUserPhoto", record["id"]).headers["Location"])
    assert file is not None
    assert b"".join(api.store.read_file(file)) == PNG
    api.user("deleteUserPhoto", record["id"])
    assert api.user("getUser", record["id"]).body["photo_url"] is None


def test_auto_join_rooms_are_those_of_the_export(api: Api) -> None:
    canonical = {room["canonical_name"]: room["id"] for room in api.store.rooms(archived=True)}
    found = 0
    for account in api.store.users(guests=True, deleted=True):
        entries = api.store.autojoins(account["id"]) or []
        names = [entry["jid"].partition("_")[2].partition("@")[0] for entry in entries if "@conf." in entry["jid"]]
        room_ids = [item["id"] for item in api.user("getAutoJoinRooms", account["id"]).body["items"]]
        assert room_ids == [canonical[name] for name in names if name in canonical]
        found += len(room_ids)
    assert found


@pytest.mark.parametrize(
    "entry", [{}, {"jid": None}, {"jid": 7}, "jid", None, {"jid": "1_nothing@conf.x"}, {"jid": "1_1@chat.x"}]
)
def test_an_auto_join_entry_without_a_room_is_omitted(entry: Any) -> None:  # noqa: ANN401 - any JSON value
    preference = {"id": "pref:autoJoin:1", "data": json.dumps([entry])}
    with store_of(members([user(1)], [room(7)], more={"autojoins.json": text({"AutoJoins": [preference]})})) as store:
        tokens.put_main_token(store, MAIN)
        assert Api(store).user("getAutoJoinRooms", 1).body["items"] == []


def test_a_token_belongs_to_its_user(api: Api) -> None:
    assert tokens.authenticate(api.store, api.as_user(api.owner).token, NOW).owner == api.owner
