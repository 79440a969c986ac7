"""Tests of the delivery of webhooks: where it may go, how it fails, and how long it may take."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from hcfmt.server.api import webhook_delivery
from hcfmt.server.api.webhook_delivery import UndeliverableError, deliver, may_reach
from hcfmt.server.transport.certificates import make_certificate
from tests.support.webhook_receiver import Receiver, receiver


@pytest.fixture
def receiving() -> Iterator[Receiver]:
    with receiver() as server:
        yield server


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://127.0.0.1/", "Invalid webhook URL"),
        ("http://127.0.0.1:x/", "Invalid webhook URL"),
        ("http://127.0.0.1:0x50/", "Invalid webhook URL"),
        ("//127.0.0.1/", "Invalid webhook URL"),
        ("http://[::1/", "Invalid webhook URL"),
        ("http://nowhere.invalid/", "The host is unknown"),
        (f"http://{'a' * 70}.example/", "The host is unknown"),
        ("http://192.0.2.1/", "The host is not this machine"),
        ("http://0.0.0.0/", "The host is not this machine"),
        ("http://[::]/", "The host is not this machine"),
        ("http://169.254.169.254/latest/meta-data/", "The host is not this machine"),
        ("http://[::ffff:192.0.2.1]/", "The host is not this machine"),
        ("http://127.0.0.1@192.0.2.1/", "The host is not this machine"),
    ],
)
def test_only_this_machine_gets_deliveries(url: str, why: str) -> None:
    with pytest.raises(UndeliverableError, match=why):
        deliver(url, b"{}")


@pytest.mark.parametrize(
    ("url", "is_here"),
    [
        ("http://127.0.0.1:9/", True),
        ("https://[::1]/", True),
        ("http://LOCALHOST/", True),
        ("http://chat.example/", True),
        ("http://192.0.2.1/", False),
        ("http://addon.example.com/", False),
        ("http://127.0.0.1.example.com/", False),
        ("http://127.0.0.1@192.0.2.1/", False),
        ("http://[::1/", False),
        ("text", False),
    ],
)
def test_this_machine_and_allowed_hosts_are_known_without_a_lookup(url: str, *, is_here: bool) -> None:
    assert may_reach(url, {"chat.example"}) is is_here


def test_a_name_with_one_address_elsewhere_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolved(*_: object, **__: object) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in ("127.0.0.1", "192.0.2.1")]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    with pytest.raises(UndeliverableError, match="not this machine"):
        deliver("http://rebinding.example/", b"{}")


def test_a_name_is_resolved_once_and_its_checked_address_is_used(
    receiving: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve, resolved_hosts = socket.getaddrinfo, []

    def resolved(host: str, *_: object, **__: object) -> list[Any]:
        resolved_hosts.append(host)
        if host != "chat.example":
            return list(resolve(host, receiving.server_address[1], type=socket.SOCK_STREAM))
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", receiving.server_address[1]))]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    assert deliver(f"http://chat.example:{receiving.server_address[1]}/x", b"{}") == 204
    assert resolved_hosts == ["chat.example", "127.0.0.1"]  # the library resolves the address too


def test_a_host_gets_the_delivery_at_the_address_that_accepts_it(
    receiving: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve, port = socket.getaddrinfo, receiving.server_address[1]
    addresses = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"127.0.0.{last}", port)) for last in (2, 2, 1)]

    def resolved(host: str, *rest: Any, **more: Any) -> list[Any]:  # noqa: ANN401 - handed on
        return addresses if host == "both.example" else resolve(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    assert deliver(f"http://both.example:{port}/x", b"{}") == 204
    with pytest.raises(UndeliverableError, match="ConnectionRefusedError"):
        deliver("http://both.example:0/x", b"{}")


def test_an_allowed_host_may_have_any_address(receiving: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook_delivery, "_is_local", lambda _: False)
    with pytest.raises(UndeliverableError, match="not this machine"):
        deliver(receiving.url, b"{}")
    assert deliver(receiving.url, b"{}", {"127.0.0.1"}) == 204


@pytest.mark.parametrize(("rest", "target"), [("", "/"), ("?a=b", "/?a=b"), ("/x?a=b#c", "/x?a=b")])
def test_the_target_is_complete_whatever_the_url_omits(receiving: Receiver, rest: str, target: str) -> None:
    assert deliver(f"{receiving.url}{rest}", b"{}") == 204
    assert receiving.received == [(target, {})]


def test_an_untrusted_certificate_is_named_as_the_reason(tmp_path: Path) -> None:
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
def test_a_receiver_that_hangs_or_sends_no_http_fails_in_time(
    monkeypatch: pytest.MonkeyPatch, sent: bytes, why: str
) -> None:
    monkeypatch.setattr(webhook_delivery, "MAX_DURATION", 0.2)
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
