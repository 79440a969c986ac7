"""Tests of the webhook queue: which webhooks an event reaches, in which order, and what is listed."""

import socket
from collections.abc import Iterator
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from hcfmt.server.api import webhooks
from hcfmt.server.api.events import Event
from hcfmt.server.api.webhooks import KIND, WebhookQueue
from tests.support.webhook_receiver import Receiver, receiver

if TYPE_CHECKING:
    from hcfmt.server.store import Store

SENT = Event("room_message", 7, {"message": {"message": "/deploy now"}, "room": {"id": 7}}, "/deploy now")


@pytest.fixture
def receiving() -> Iterator[Receiver]:
    with receiver() as server:
        yield server


def queue(*registered: dict[str, Any]) -> WebhookQueue:
    """Return the queue of a store with these webhooks."""
    documents = {KIND: {str(number): webhook for number, webhook in enumerate(registered, 1)}}
    return WebhookQueue(cast("Store", SimpleNamespace(documents=documents.__getitem__)))


def webhook(url: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON values
    return {"room": 7, "event": "room_message", "url": url, "pattern": None, **more}


@pytest.fixture
def closing() -> Iterator[list[WebhookQueue]]:
    opened: list[WebhookQueue] = []
    yield opened
    for opened_queue in opened:
        opened_queue.close()


def delivered(
    closing: list[WebhookQueue], *registered: dict[str, Any], events: tuple[Event, ...] = (SENT,)
) -> list[Any]:
    """Return the deliveries that events make."""
    closing.append(queue(*registered))
    closing[-1].send(events)
    listed = closing[-1].deliveries(10)
    assert listed["pending"] == 0
    return list(listed["items"])


def test_a_payload_holds_event_item_and_webhook(receiving: Receiver, closing: list[WebhookQueue]) -> None:
    (item,) = delivered(closing, webhook(f"{receiving.url}/hook?a=b", oauth_client_id="client"))
    payload = {"event": "room_message", "item": SENT.item, "webhook_id": 1, "oauth_client_id": "client"}
    assert receiving.received == [("/hook?a=b", payload)]
    url = f"{receiving.url}/hook?a=b"
    assert item == {"number": 1, "webhook_id": 1, "url": url, "payload": payload, "status": 204, "error": None}


@pytest.mark.parametrize(
    ("more", "is_delivered"),
    [
        ({}, True),
        ({"pattern": "^/deploy"}, True),
        ({"pattern": "now$"}, True),
        ({"pattern": "^now"}, False),
        ({"pattern": "("}, False),
        ({"event": "room_notification"}, False),
        ({"room": 8}, False),
    ],
    ids=str,
)
def test_an_event_reaches_the_webhooks_registered_for_it(
    receiving: Receiver, closing: list[WebhookQueue], more: dict[str, Any], *, is_delivered: bool
) -> None:
    assert bool(delivered(closing, webhook(receiving.url, **more))) is is_delivered
    assert bool(receiving.received) is is_delivered


def test_a_pattern_is_ignored_for_an_event_without_text(receiving: Receiver, closing: list[WebhookQueue]) -> None:
    entered = Event("room_enter", 7, {})
    hook = webhook(receiving.url, event="room_enter", pattern="never")
    assert [item["status"] for item in delivered(closing, hook, events=(entered,))] == [204]


def test_a_new_room_is_told_to_the_webhooks_of_every_room(receiving: Receiver, closing: list[WebhookQueue]) -> None:
    hook = webhook(receiving.url, event="room_created")
    assert [item["status"] for item in delivered(closing, hook, events=(Event("room_created", 8, {}),))] == [204]


def test_deliveries_are_made_in_the_order_of_the_events(receiving: Receiver, closing: list[WebhookQueue]) -> None:
    events = tuple(Event("room_message", 7, {"n": number}, "x") for number in range(20))
    items = delivered(closing, webhook(receiving.url), events=events)
    assert [payload["item"]["n"] for _, payload in receiving.received] == list(range(20))
    assert [item["number"] for item in items] == list(range(1, 21))


def test_a_redirection_is_not_followed(receiving: Receiver, closing: list[WebhookQueue]) -> None:
    receiving.status, receiving.location = 302, f"{receiving.url}/elsewhere"
    assert [item["status"] for item in delivered(closing, webhook(receiving.url))] == [302]
    assert len(receiving.received) == 1


def test_a_failure_is_listed_and_the_next_is_delivered(receiving: Receiver, closing: list[WebhookQueue]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    items = delivered(closing, webhook(f"http://127.0.0.1:{port}/"), webhook(receiving.url))
    assert [(item["status"], item["error"]) for item in items] == [
        (None, "The delivery failed: ConnectionRefusedError."),
        (204, None),
    ]


def test_a_delivery_is_listed_without_the_secrets_of_its_url(receiving: Receiver, closing: list[WebhookQueue]) -> None:
    url = receiving.url.replace("://", "://someone:secret@")
    (item,) = delivered(closing, webhook(f"{url}/hook?token=secret"))
    assert (item["url"], item["status"]) == (f"{url.replace('someone:secret', '***')}/hook?token=***", 204)
    assert receiving.received[0][0] == "/hook?token=secret"


def test_pending_deliveries_are_counted_and_bounded(
    receiving: Receiver, closing: list[WebhookQueue], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "MAX_QUEUED", 3)
    receiving.released.clear()
    queued = queue(webhook(receiving.url))
    closing.append(queued)
    queued.send([SENT])
    assert queued.deliveries()["pending"] == 1
    queued.send([SENT] * 10)
    waiting = queued.deliveries()
    assert waiting["pending"] in {3, 4}  # three that wait, and the one that the thread may have taken
    assert {item["error"] for item in waiting["items"]} == {"Too many deliveries are queued."}
    receiving.released.set()
    assert queued.deliveries(10)["pending"] == 0


def test_cleared_deliveries_are_forgotten(receiving: Receiver, closing: list[WebhookQueue]) -> None:
    delivered(closing, webhook(receiving.url))
    closing[0].clear()
    assert closing[0].deliveries() == {"items": [], "pending": 0}


def test_the_current_delivery_is_not_listed_after_a_clear(receiving: Receiver, closing: list[WebhookQueue]) -> None:
    receiving.released.clear()
    closing.append(queue(webhook(f"{receiving.url}/before")))
    closing[0].send([SENT])
    while not receiving.received:
        assert closing[0].deliveries(0.01)["pending"] == 1
    closing[0].clear()
    receiving.released.set()
    closing[0].send([SENT])
    listed = closing[0].deliveries(10)
    assert (len(listed["items"]), listed["pending"], len(receiving.received)) == (1, 0, 2)


def test_the_bytes_of_queued_and_listed_deliveries_are_bounded(
    receiving: Receiver, closing: list[WebhookQueue], monkeypatch: pytest.MonkeyPatch
) -> None:
    large = Event("room_message", 7, {"message": {"message": "x" * 300}})
    monkeypatch.setattr(webhooks, "MAX_BYTES", 1_000)
    receiving.released.clear()
    closing.append(queue(webhook(receiving.url)))
    closing[0].send([large] * 10)
    assert closing[0].deliveries()["pending"] in {2, 3}  # two that wait, and the one that the thread may have taken
    receiving.released.set()
    listed = closing[0].deliveries(10)
    assert len(listed["items"]) == 2
    assert {item["error"] for item in listed["items"]} == {None}


def test_a_closed_queue_delivers_nothing(receiving: Receiver) -> None:
    closed = queue(webhook(receiving.url))
    closed.close()
    closed.send([SENT])
    assert closed.deliveries() == {"items": [], "pending": 0}
    assert receiving.received == []
