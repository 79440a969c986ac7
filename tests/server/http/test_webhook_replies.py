"""Answers of webhooks that are posted as notifications, and signed deliveries."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from hcfmt.pytest_plugin import HipchatServer
from hcfmt.server.api import webhook_delivery
from tests.support.serving import Client
from tests.support.webhook_receiver import Receiver, receiver

ROOM = "/room/100001"  # the first room that the generator makes


@pytest.fixture
def receiving() -> Iterator[Receiver]:
    with receiver() as webhook_server:
        webhook_server.status = 200
        yield webhook_server


def hook(client: httpx.Client, receiving: Receiver, event: str = "room_message", **more: str) -> dict[str, Any]:
    body = {"url": f"{receiving.url}/hook", "event": event, **more}
    created: dict[str, Any] = client.post(f"{ROOM}/webhook", json=body).raise_for_status().json()
    return created


def send(client: httpx.Client, server: HipchatServer) -> list[dict[str, Any]]:
    """Send a message, and return the deliveries once all are done."""
    client.post(f"{ROOM}/message", json={"message": "hello"}).raise_for_status()
    items = httpx.get(f"{server.url}/_hcfmt/deliveries?wait=10", headers=server.headers).json()["items"]
    return list(items)


def newest(client: httpx.Client) -> dict[str, Any]:
    message: dict[str, Any] = client.get(f"{ROOM}/history/latest?max-results=1").json()["items"][-1]
    return message


def test_the_json_that_a_webhook_answers_is_posted_as_a_notification(
    client: httpx.Client, server: HipchatServer, receiving: Receiver
) -> None:
    receiving.answer = json.dumps({"message": "Hi <b>there</b>", "color": "green", "from": "Echo"}).encode()
    hook(client, receiving)
    (delivery,) = send(client, server)
    assert (delivery["status"], delivery["error"]) == (200, None)
    posted = newest(client)
    assert (posted["type"], posted["message"], posted["color"]) == ("notification", "Hi <b>there</b>", "green")
    assert posted["from"] == "Echo"


def test_a_notification_that_an_answer_posts_is_delivered_and_ends_there(
    client: httpx.Client, server: HipchatServer, receiving: Receiver
) -> None:
    receiving.answer = b'{"message": "again"}'
    hook(client, receiving)
    hook(client, receiving, "room_notification")
    assert [item["payload"]["event"] for item in send(client, server)] == ["room_message", "room_notification"]


@pytest.mark.parametrize("answer", [b"{}", b"nonsense", b"[]", b'{"message": "x", "notify": "true"}'])
def test_an_answer_that_is_no_notification_is_listed_as_such(
    client: httpx.Client, server: HipchatServer, receiving: Receiver, answer: bytes
) -> None:
    receiving.answer = answer
    hook(client, receiving)
    (delivery,) = send(client, server)
    assert delivery["error"] == "The answer is no notification that can be posted."
    assert newest(client)["type"] == "message"


@pytest.mark.parametrize(("status", "answer"), [(500, b'{"message": "x"}'), (200, b""), (200, None)])
def test_failures_and_empty_answers_are_not_posted(
    client: httpx.Client, server: HipchatServer, receiving: Receiver, status: int, answer: bytes | None
) -> None:
    receiving.status, receiving.answer = status, answer
    hook(client, receiving)
    (delivery,) = send(client, server)
    assert (delivery["status"], delivery["error"]) == (status, None)
    assert newest(client)["type"] == "message"


def test_a_long_answer_is_not_read(
    client: httpx.Client, server: HipchatServer, receiving: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook_delivery, "MAX_ANSWER", 10)
    receiving.answer = b'{"message": "a long answer"}'
    hook(client, receiving)
    (delivery,) = send(client, server)
    assert (delivery["status"], newest(client)["type"]) == (200, "message")


def test_a_delivery_to_an_addon_is_signed_if_its_webhook_says_so(
    client: httpx.Client, server: HipchatServer, receiving: Receiver
) -> None:
    addon = client.post("/addon", json={"url": "https://addon.example.com/descriptor"}).json()
    grant = {"grant_type": "client_credentials", "scope": "admin_room"}
    token = client.post("/oauth/token", data=grant, auth=(addon["oauthId"], addon["oauthSecret"])).json()
    with Client(base_url=server.api, headers={"Authorization": f"Bearer {token['access_token']}"}) as addon_client:
        hook(addon_client, receiving, authentication="jwt")
        hook(addon_client, receiving, authentication="none")
    hook(client, receiving, authentication="jwt")  # of a user, who has no secret
    deliveries = send(client, server)
    paths = [path for path, _ in receiving.received]
    assert paths[0].startswith("/hook?signed_request=")
    assert paths[1:] == ["/hook", "/hook"]
    signature = paths[0].partition("=")[2]
    assert receiving.authorizations == [f"JWT {signature}", None, None]
    assert signature not in json.dumps(deliveries)
