"""What published clients read of users, rooms, files and webhooks, and do with what they read."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from hcfmt.pytest_plugin import HipchatServer, HipchatServers
from tests.support.http_client import ROOM
from tests.support.serving import Client
from tests.support.webhook_receiver import Receiver, receiver

ADDRESS = re.compile(r"/files/[0-9]+/[0-9]+/[^/]+/[^/]+$")


@pytest.fixture(scope="module")
def started(servers: HipchatServers) -> HipchatServer:
    return servers("tiny", seed=5, attachments=6, attachment_bytes=80_000)


@pytest.fixture
def client(server: HipchatServer) -> Iterator[httpx.Client]:
    with Client(base_url=server.api, headers=server.headers) as http_client:
        yield http_client


@pytest.fixture
def receiving() -> Iterator[Receiver]:
    with receiver() as opened:
        yield opened


def owner(client: httpx.Client) -> dict[str, Any]:
    """Return the user whose token the client has: the one who wrote last."""
    client.post(f"/room/{ROOM}/message", json={"message": "hello"})
    sender = client.get(f"/room/{ROOM}/history", params={"max-results": 1}).json()["items"][-1]["from"]
    user: dict[str, Any] = client.get(f"/user/{sender['id']}").json()
    return user


def test_lam_asks_the_client_of_a_presence_before_whether_it_is_online(client: httpx.Client) -> None:
    presence = owner(client)["presence"]
    assert presence is not None
    assert presence["client"]["type"] != "http://hipchat.com/client/mac/macweb"
    assert not presence["is_online"]


def test_hypchat_puts_a_whole_user_back_and_stays_offline(client: httpx.Client) -> None:
    user = owner(client)
    assert client.put(f"/user/{user['id']}", json=user | {"title": "Chief"}).status_code == 204
    changed = client.get(f"/user/{user['id']}").json()
    assert (changed["title"], changed["presence"]) == ("Chief", user["presence"])


def test_hypchat_sets_a_presence_and_reads_it(client: httpx.Client) -> None:
    user = owner(client)
    body = user | {"presence": {"show": "away", "status": "At lunch"}}
    assert client.put(f"/user/{user['id']}", json=body).status_code == 204
    presence = client.get(f"/user/{user['id']}").json()["presence"]
    assert (presence["is_online"], presence["show"], presence["status"]) == (True, "away", "At lunch")


def test_migratemost_finds_those_who_wrote_among_the_participants(client: httpx.Client) -> None:
    writer = owner(client)["id"]
    listed = client.get(f"/room/{ROOM}/participant", params={"include-offline": "true", "max-results": 1000}).json()
    assert writer in {item["id"] for item in listed["items"]}
    assert listed["items"] == client.get(f"/room/{ROOM}").json()["participants"]


def test_an_exporter_gets_an_upload_at_the_address_that_texts_have(client: httpx.Client, server: HipchatServer) -> None:
    files = [
        message["file"]
        for room in client.get("/room").json()["items"]
        for message in client.get(f"/room/{room['id']}/history", params={"max-results": 75}).json()["items"]
        if "file" in message
    ]
    assert files
    for file in files:
        directory, name = file["url"].split("/")[-2:]
        address = f"{server.url}/files/1/3/{directory}/{name}"
        assert ADDRESS.search(address)
        assert client.get(address).content == client.get(file["url"]).content


def test_a_bot_hears_of_a_room_that_is_made(client: httpx.Client, server: HipchatServer, receiving: Receiver) -> None:
    body = {"url": f"{receiving.url}/hook", "event": "room_created"}
    assert client.post(f"/room/{ROOM}/webhook", json=body).status_code == 201
    room = client.post("/room", json={"name": "War room"}).json()["id"]
    deliveries = client.get(f"{server.url}/_hcfmt/deliveries", params={"wait": 10}).json()
    (item,) = deliveries["items"]
    assert (item["status"], item["payload"]["event"], item["payload"]["item"]["room"]["id"]) == (
        204,
        "room_created",
        room,
    )
