"""hypchat 0.21, the most used Python client, unmodified and over TLS."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeAlias

import hypchat
import pytest
from hypchat import RateLimitWarning
from hypchat.requests import HttpNotFound, HttpServiceUnavailable, HttpUnauthorized
from hypchat.restobject import EmoticonCollection, HistoryCollection, MemberCollection, Room, User

from hcfmt.pytest_plugin import HipchatServer, HipchatServers

Client: TypeAlias = Any
"""A HypChat or one of its results, which have no types."""

AFTER_ALL = datetime(2019, 1, 1, tzinfo=UTC)

# Warnings of hypchat and its dependencies.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def server(servers: HipchatServers) -> HipchatServer:
    return servers("small", messages=900, tls=True)


@pytest.fixture
def client(server: HipchatServer) -> Client:
    server.reset()
    return hypchat.HypChat(server.token, endpoint=server.tls_url, verify=str(server.certificate))


def _a_room(client: Client, **properties: object) -> Client:
    rooms = (client.get_room(room["id"]) for room in client.rooms().contents())
    return next(room for room in rooms if all(room[name] == value for name, value in properties.items()))


def _a_member(client: Client) -> Client:
    return client.get_user(next(client.users().contents())["id"])


def test_it_lists_all_rooms_by_paging(client: Client) -> None:
    everything = {room["id"] for room in client.rooms(include_archived="true").contents()}
    paged = [room["id"] for room in client.rooms(max_results=2, include_archived="true").contents()]
    assert len(paged) == len(set(paged)) == 7  # eight, and one that is deleted
    assert set(paged) == everything


def test_it_lists_all_users_and_expands_them(client: Client) -> None:
    people = list(client.users(guests=True, deleted=True, expand="items").contents())
    assert len(people) == 20
    assert all(isinstance(user, User) and "email" in user and "timezone" in user for user in people)


def test_it_finds_a_room_by_id_and_name(client: Client) -> None:
    room = _a_room(client, privacy="public")
    assert isinstance(room, Room)
    assert client.get_room(room["name"])["id"] == room["id"]
    assert room["created"].tzinfo is not None


def test_it_finds_a_user_by_id_address_and_mention_name(client: Client) -> None:
    user = _a_member(client)
    assert isinstance(user, User)
    assert client.get_user(user["email"])["id"] == client.get_user(f"@{user['mention_name']}")["id"] == user["id"]


def test_it_reads_a_history_page_by_page(client: Client) -> None:
    for room in [client.get_room(room["id"]) for room in client.rooms().contents()]:
        everything = room.history(date=AFTER_ALL, maxResults=1000)
        assert isinstance(everything, HistoryCollection)
        paged = list(room.history(date=AFTER_ALL, maxResults=7).contents())
        ids = [item["id"] for item in paged]
        assert sorted(ids) == sorted(item["id"] for item in everything["items"])
        assert len(ids) == len(set(ids))


def test_it_reads_recent_messages_oldest_first(client: Client) -> None:
    room = _a_room(client, privacy="public", is_archived=False)
    items = room.history()["items"]
    assert 0 < len(items) <= 75
    assert [item["date"] for item in items] == sorted(item["date"] for item in items)
    latest = room.latest(not_before=items[-2]["id"])["items"]
    assert [item["id"] for item in latest] == [item["id"] for item in items[-2:]]


def test_it_lists_members_and_participants(client: Client) -> None:
    room = _a_room(client, privacy="private", is_archived=False)
    members = room.members()
    assert isinstance(members, MemberCollection)
    assert all("mention_name" in item for item in members.contents())
    assert {user["id"] for user in room.participants()["items"]} <= {item["id"] for item in members.contents()}


def test_it_removes_a_member_and_adds_one(client: Client) -> None:
    room = _a_room(client, privacy="private", is_archived=False)
    inside = {item["id"] for item in room.members().contents()}
    other = next(item for item in room.members().contents() if item["id"] != room["owner"]["id"])
    room.members().remove(other)
    assert {item["id"] for item in room.members().contents()} == inside - {other["id"]}
    room.members().add(other)
    assert {item["id"] for item in room.members().contents()} == inside


def test_it_creates_changes_and_deletes_a_room(client: Client) -> None:
    room = client.get_room(client.create_room("Made by a client", privacy="private")["id"])
    room.topic("What it is for")
    room = client.get_room("Made by a client")
    assert room["topic"] == "What it is for"
    room.delete()
    with pytest.raises(HttpNotFound, match=r"Room .* not found"):
        client.get_room("Made by a client")


def test_it_sends_messages_replies_and_notifications(client: Client) -> None:
    room = _a_room(client, privacy="public", is_archived=False)
    room.message("Hello from a client")
    written = room.history()["items"][-1]
    assert (written["message"], written["type"]) == ("Hello from a client", "message")
    room.reply("An answer", written["id"])
    room.notification("<b>Built</b>", color="green", format="html")
    notification = room.history()["items"][-1]
    assert (notification["type"], notification["color"], notification["message"]) == (
        "notification",
        "green",
        "<b>Built</b>",
    )


def test_it_sends_private_messages(client: Client) -> None:
    user = _a_member(client)
    user.message("Between us")
    assert user.history()["items"][-1]["message"] == "Between us"


def test_it_creates_changes_and_deletes_a_user(client: Client) -> None:
    created = client.create_user("New Person", "new.person@example.com", mention_name="NewPerson")
    user = client.get_user(created["id"])
    assert user["email"] == "new.person@example.com"
    user.delete()
    assert created["id"] not in {user["id"] for user in client.users().contents()}


def test_it_creates_a_webhook(client: Client) -> None:
    room = _a_room(client, privacy="public", is_archived=False)
    hook = room.create_webhook("http://127.0.0.1:9/hook", "room_message", pattern="^/build", name="builds")
    assert isinstance(hook["id"], int)
    hooks = list(room.webhooks().contents())
    assert [item["id"] for item in hooks] == [hook["id"]]


def test_it_lists_emoticons_and_capabilities(client: Client) -> None:
    emoticons = client.emoticons()
    assert isinstance(emoticons, EmoticonCollection)
    shortcuts = [item["shortcut"] for item in emoticons.contents()]
    assert len(shortcuts) == 5
    assert client.get_emoticon(shortcuts[0])["shortcut"] == shortcuts[0]
    assert "hipchatApiProvider" in client.capabilities()["capabilities"]


@pytest.mark.parametrize(
    ("ask", "error"),
    [
        (lambda client: client.get_room("no such room"), HttpNotFound),
        (lambda client: client.get_user("nobody@example.com"), HttpNotFound),
        (lambda client: client.get_emoticon("nosuchemoticon"), HttpNotFound),
    ],
    ids=["room", "user", "emoticon"],
)
def test_not_found_is_an_exception_of_its_own(client: Client, ask: Callable[[Client], object], error: type) -> None:
    with pytest.raises(error, match="not found"):
        ask(client)


def test_unauthorized_is_an_exception_of_its_own(server: HipchatServer) -> None:
    stranger = hypchat.HypChat("wrong", endpoint=server.tls_url, verify=str(server.certificate))
    with pytest.raises(HttpUnauthorized, match="Invalid OAuth session"):
        stranger.rooms()


def test_an_injected_failure_is_an_exception(server: HipchatServer, client: Client) -> None:
    server.fail((503, 1.0))
    with pytest.raises(HttpServiceUnavailable):
        client.rooms()
    server.fail()
    assert client.rooms()["items"]


@pytest.mark.slow
def test_it_waits_and_retries_after_429(server: HipchatServer, client: Client) -> None:
    server.fail((429, 0.5), seed=3)  # which fails the first and not the second
    with pytest.warns(RateLimitWarning, match="Waiting"):
        assert client.rooms()["items"]
    assert [request["status"] for request in server.requests()] == [429, 200]
    server.fail()
