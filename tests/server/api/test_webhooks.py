"""Webhooks: who is told of an event, where deliveries may go, and what becomes of those that fail."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from hcfmt.server.api import webhooks as hooks
from hcfmt.server.api.events import Event
from hcfmt.server.api.webhooks import KIND, Hooks, UndeliverableError, deliver
from hcfmt.server.transport.certificates import make_certificate
from tests.server.receiving import Receiver, receiver

if TYPE_CHECKING:
    from hcfmt.server.store import Store

SAID = Event("room_message", 7, {"message": {"message": "/deploy now"}, "room": {"id": 7}}, "/deploy now")


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiver() as server:
        yield server


def told(*webhooks: dict[str, Any]) -> Hooks:
    """Return hooks of a store that has these webhooks alone."""
    documents = {KIND: {str(number): webhook for number, webhook in enumerate(webhooks, 1)}}
    return Hooks(cast("Store", SimpleNamespace(documents=documents.__getitem__)))


def webhook(url: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON values
    return {"room": 7, "event": "room_message", "url": url, "pattern": None, **more}


@pytest.fixture
def closing() -> Iterator[list[Hooks]]:
    opened: list[Hooks] = []
    yield opened
    for one in opened:
        one.close()


def delivered(closing: list[Hooks], *webhooks: dict[str, Any], events: tuple[Event, ...] = (SAID,)) -> list[Any]:
    """Return the deliveries that events make."""
    closing.append(told(*webhooks))
    closing[-1].tell(events)
    listed = closing[-1].deliveries(10)
    assert listed["pending"] == 0
    return list(listed["items"])


def test_a_payload_tells_event_item_and_webhook(there: Receiver, closing: list[Hooks]) -> None:
    (made,) = delivered(closing, webhook(f"{there.url}/hook?a=b", oauth_client_id="client"))
    payload = {"event": "room_message", "item": SAID.item, "webhook_id": 1, "oauth_client_id": "client"}
    assert there.received == [("/hook?a=b", payload)]
    url = f"{there.url}/hook?a=b"
    assert made == {"number": 1, "webhook_id": 1, "url": url, "payload": payload, "status": 204, "error": None}


@pytest.mark.parametrize(
    ("more", "is_told"),
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
def test_those_are_told_who_registered_for_it(
    there: Receiver, closing: list[Hooks], more: dict[str, Any], *, is_told: bool
) -> None:
    assert bool(delivered(closing, webhook(there.url, **more))) is is_told
    assert bool(there.received) is is_told


def test_a_pattern_counts_for_nothing_where_an_event_has_no_text(there: Receiver, closing: list[Hooks]) -> None:
    entered = Event("room_enter", 7, {})
    hook = webhook(there.url, event="room_enter", pattern="never")
    assert [one["status"] for one in delivered(closing, hook, events=(entered,))] == [204]


def test_deliveries_are_made_in_the_order_of_the_events(there: Receiver, closing: list[Hooks]) -> None:
    events = tuple(Event("room_message", 7, {"n": number}, "x") for number in range(20))
    made = delivered(closing, webhook(there.url), events=events)
    assert [payload["item"]["n"] for _, payload in there.received] == list(range(20))
    assert [one["number"] for one in made] == list(range(1, 21))


def test_a_redirection_is_not_followed(there: Receiver, closing: list[Hooks]) -> None:
    there.status, there.location = 302, f"{there.url}/elsewhere"
    assert [one["status"] for one in delivered(closing, webhook(there.url))] == [302]
    assert len(there.received) == 1


def test_a_failure_is_listed_and_the_next_is_delivered(there: Receiver, closing: list[Hooks]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    made = delivered(closing, webhook(f"http://127.0.0.1:{port}/"), webhook(there.url))
    assert [(one["status"], one["error"]) for one in made] == [
        (None, "The delivery failed: ConnectionRefusedError."),
        (204, None),
    ]


def test_a_delivery_is_listed_without_the_secrets_of_its_url(there: Receiver, closing: list[Hooks]) -> None:
    url = there.url.replace("://", "://someone:secret@")
    (made,) = delivered(closing, webhook(f"{url}/hook?token=secret"))
    assert (made["url"], made["status"]) == (f"{url.replace('someone:secret', '***')}/hook?token=***", 204)
    assert there.received[0][0] == "/hook?token=secret"


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://127.0.0.1/", "The URL is none"),
        ("http://127.0.0.1:x/", "The URL is none"),
        ("http://127.0.0.1:0x50/", "The URL is none"),
        ("//127.0.0.1/", "The URL is none"),
        ("http://[::1/", "The URL is none"),
        ("http://nowhere.invalid/", "The host is not known"),
        (f"http://{'a' * 70}.example/", "The host is not known"),
        ("http://192.0.2.1/", "The host is not this machine"),
        ("http://0.0.0.0/", "The host is not this machine"),
        ("http://[::]/", "The host is not this machine"),
        ("http://169.254.169.254/latest/meta-data/", "The host is not this machine"),
        ("http://[::ffff:192.0.2.1]/", "The host is not this machine"),
        ("http://127.0.0.1@192.0.2.1/", "The host is not this machine"),
    ],
)
def test_only_this_machine_is_delivered_to(url: str, why: str) -> None:
    with pytest.raises(UndeliverableError, match=why):
        deliver(url, b"{}")


def test_a_name_of_which_one_address_is_elsewhere_is_not_delivered_to(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolved(*_: object, **__: object) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in ("127.0.0.1", "192.0.2.1")]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    with pytest.raises(UndeliverableError, match="not this machine"):
        deliver("http://rebinding.example/", b"{}")


def test_a_name_is_resolved_once_and_the_checked_address_is_connected_to(
    there: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve, asked = socket.getaddrinfo, []

    def resolved(host: str, *_: object, **__: object) -> list[Any]:
        asked.append(host)
        if host != "chat.example":
            return list(resolve(host, there.server_address[1], type=socket.SOCK_STREAM))
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", there.server_address[1]))]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    assert deliver(f"http://chat.example:{there.server_address[1]}/x", b"{}") == 204
    assert asked == ["chat.example", "127.0.0.1"]  # the address itself needs no resolving, but the library does it


def test_a_host_is_delivered_to_at_the_address_at_which_it_answers(
    there: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve, port = socket.getaddrinfo, there.server_address[1]
    places = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"127.0.0.{last}", port)) for last in (2, 2, 1)]

    def resolved(host: str, *rest: Any, **more: Any) -> list[Any]:  # noqa: ANN401 - handed on
        return places if host == "both.example" else resolve(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    assert deliver(f"http://both.example:{port}/x", b"{}") == 204
    with pytest.raises(UndeliverableError, match="ConnectionRefusedError"):
        deliver("http://both.example:0/x", b"{}")


def test_a_named_host_may_have_any_address(there: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "_is_here", lambda _: False)
    with pytest.raises(UndeliverableError, match="not this machine"):
        deliver(there.url, b"{}")
    assert deliver(there.url, b"{}", {"127.0.0.1"}) == 204


@pytest.mark.parametrize(("rest", "where"), [("", "/"), ("?a=b", "/?a=b"), ("/x?a=b#c", "/x?a=b")])
def test_a_path_is_posted_to_whatever_the_url_leaves_out(there: Receiver, rest: str, where: str) -> None:
    assert deliver(f"{there.url}{rest}", b"{}") == 204
    assert there.received == [(where, {})]


def test_a_certificate_that_nobody_trusts_is_named_as_the_reason(tmp_path: Path) -> None:
    context = make_certificate(tmp_path, 1_600_000_000).context
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def shake() -> None:
            line, _ = listening.accept()
            with line, suppress(OSError):
                context.wrap_socket(line, server_side=True)

        thread = threading.Thread(target=shake, daemon=True)
        thread.start()
        with pytest.raises(UndeliverableError, match="certificate is not trusted"):
            deliver(f"https://127.0.0.1:{listening.getsockname()[1]}/", b"{}", {"127.0.0.1"})
        thread.join(10)


@pytest.mark.parametrize(
    ("sent", "why"), [(b"", "in time"), (b"HTTP/1.1 200", "in time"), (b"nonsense\r\n\r\n", "failed")], ids=repr
)
def test_a_receiver_that_hangs_or_speaks_no_http_holds_nobody_up_for_ever(
    monkeypatch: pytest.MonkeyPatch, sent: bytes, why: str
) -> None:
    monkeypatch.setattr(hooks, "LONGEST", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            line, _ = listening.accept()
            with line:
                line.recv(1_000)
                line.sendall(sent)
                line.settimeout(10)
                with suppress(OSError):  # until the other side gives up, in whatever way
                    while line.recv(1_000):
                        pass

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        with pytest.raises(UndeliverableError, match=why):
            deliver(f"http://127.0.0.1:{listening.getsockname()[1]}/", b"{}")
        thread.join(10)


def test_what_is_still_to_be_delivered_is_counted_and_bounded(
    there: Receiver, closing: list[Hooks], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hooks, "MOST_WAITING", 3)
    there.released.clear()
    one = told(webhook(there.url))
    closing.append(one)
    one.tell([SAID])
    assert one.deliveries()["pending"] == 1
    one.tell([SAID] * 10)
    waiting = one.deliveries()
    assert waiting["pending"] in {3, 4}  # three that wait, and the one that the thread may have taken
    assert {made["error"] for made in waiting["items"]} == {"Too many deliveries wait already."}
    there.released.set()
    assert one.deliveries(10)["pending"] == 0


def test_cleared_deliveries_are_forgotten(there: Receiver, closing: list[Hooks]) -> None:
    delivered(closing, webhook(there.url))
    closing[0].clear()
    assert closing[0].deliveries() == {"items": [], "pending": 0}


def test_what_is_being_delivered_when_all_is_forgotten_is_not_listed_afterwards(
    there: Receiver, closing: list[Hooks]
) -> None:
    there.released.clear()
    closing.append(told(webhook(f"{there.url}/before")))
    closing[0].tell([SAID])
    while not there.received:
        assert closing[0].deliveries(0.01)["pending"] == 1
    closing[0].clear()
    there.released.set()
    closing[0].tell([SAID])
    listed = closing[0].deliveries(10)
    assert (len(listed["items"]), listed["pending"], len(there.received)) == (1, 0, 2)


def test_so_many_bytes_wait_and_are_listed_and_no_more(
    there: Receiver, closing: list[Hooks], monkeypatch: pytest.MonkeyPatch
) -> None:
    large = Event("room_message", 7, {"message": {"message": "x" * 300}})
    monkeypatch.setattr(hooks, "MOST_BYTES", 1_000)
    there.released.clear()
    closing.append(told(webhook(there.url)))
    closing[0].tell([large] * 10)
    assert closing[0].deliveries()["pending"] in {2, 3}  # two that wait, and the one that the thread may have taken
    there.released.set()
    listed = closing[0].deliveries(10)
    assert len(listed["items"]) == 2
    assert {made["error"] for made in listed["items"]} == {None}


def test_nothing_is_delivered_after_the_end(there: Receiver) -> None:
    one = told(webhook(there.url))
    one.close()
    one.tell([SAID])
    assert one.deliveries() == {"items": [], "pending": 0}
    assert there.received == []
