"""A server's life: ready when it is started, gone when it is closed, patient but not for ever in between."""

import errno
import socket
import ssl
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NoReturn

import httpx
import pytest

from hcfmt.errors import UsageError
from hcfmt.generation.generate import generate
from hcfmt.generation.plan import PROFILES
from hcfmt.pytest_plugin import HipchatServer
from hcfmt.server import running
from hcfmt.server.running import is_local, listening, serve
from hcfmt.server.settings import Settings
from hcfmt.server.store import open_store
from tests.support.serving import TOKEN, Client, get, post, serving, trusting


@pytest.fixture(scope="module")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HipchatServer]:
    with serving(tmp_path_factory.mktemp("served"), client_timeout=0.3, max_connections=3, max_headers=4_096) as server:
        yield server


def connected(server: HipchatServer, *, timeout: float = 10) -> socket.socket:
    host, port = server.url.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout)


def received(line: socket.socket) -> bytes:
    """Return all that comes until the other side closes the connection, however it does."""
    data = b""
    try:
        while piece := line.recv(65_536):
            data += piece
    except ConnectionResetError:
        pass
    return data


def test_a_started_server_answers_and_a_closed_one_is_gone(tmp_path: Path) -> None:
    threads = set(threading.enumerate())
    with serving(tmp_path, tls=True) as server:
        assert get(f"{server.api}/capabilities").status_code == 200
        assert server.certificate
        assert server.certificate.is_file()
    with pytest.raises(httpx.ConnectError):
        get(f"{server.api}/capabilities")
    assert not server.certificate.parent.exists()
    left = set(threading.enumerate()) - threads
    assert not any(thread.name.startswith("hcfmt") for thread in left)


def test_it_is_closed_at_once_though_clients_keep_their_connections(tmp_path: Path) -> None:
    with Client() as client, serving(tmp_path) as server:
        assert client.get(f"{server.api}/capabilities").status_code == 200
        idle = connected(server)
    assert received(idle) == b""
    idle.close()


def test_two_servers_of_one_archive_do_not_know_each_other(tmp_path: Path) -> None:
    with serving(tmp_path) as one, serving(tmp_path) as two:
        made = post(f"{one.api}/room", json={"name": "Only here"}, headers=one.headers)
        assert made.status_code == 201
        path = "room/Only%20here"
        assert get(f"{one.api}/{path}", headers=one.headers).status_code == 200
        assert get(f"{two.api}/{path}", headers=two.headers).status_code == 404


def test_without_a_place_for_its_certificate_it_does_not_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = str(tmp_path / "export.tar")
    generate(path, PROFILES["tiny"])
    with open_store(path) as store:
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
        with pytest.raises(UsageError, match="The certificate cannot be written: No such file"):
            serve(store, Settings("t"), time.time, tls=True)


def test_a_certificate_that_cannot_be_written_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    place = tmp_path / "temporary"
    place.mkdir()
    path = str(tmp_path / "export.tar")
    generate(path, PROFILES["tiny"])
    monkeypatch.setattr(running, "make_certificate", full)
    with open_store(path) as store:
        monkeypatch.setattr(tempfile, "tempdir", str(place))
        with pytest.raises(UsageError, match="The certificate cannot be written: No space left"):
            serve(store, Settings("t"), time.time, tls=True)
    assert list(place.iterdir()) == []


def test_a_port_that_is_taken_is_told() -> None:
    with listening("127.0.0.1", 0) as bound, pytest.raises(UsageError, match=r"Cannot listen on .*: Address already"):
        listening("127.0.0.1", bound.getsockname()[1])


@pytest.mark.parametrize(("host", "port"), [("nowhere.invalid", 0), ("127.0.0.1", 70_000), ("192.0.2.1", 0)])
def test_what_cannot_be_listened_on_is_told(host: str, port: int) -> None:
    with pytest.raises(UsageError, match=host):
        listening(host, port)


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("localhost", True), ("::1", True), ("[::1]", True), ("0.0.0.0", False), ("[::]", False)],  # noqa: S104 - asked about, not bound
)
def test_it_is_known_whom_a_host_lets_in(host: str, *, local: bool) -> None:
    assert is_local(host) is local


@pytest.mark.parametrize(
    "sent",
    [b"", b"GET /v2/cap", b"GET /v2/capabilities HTTP/1.1\r\nHost: x\r\nX: ", b"CONNECT x:4"],
    ids=["nothing", "half a line", "half a head", "half a tunnel"],
)
def test_a_request_that_does_not_come_is_not_waited_for(impatient: HipchatServer, sent: bytes) -> None:
    with connected(impatient) as line:
        line.sendall(sent)
        assert received(line) == b""


def test_a_body_that_does_not_come_is_not_waited_for(impatient: HipchatServer) -> None:
    head = f"POST /v2/room HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: 1000\r\n\r\n"
    with connected(impatient) as line:
        line.sendall(head.encode() + b"{")
        assert received(line) == b""


def test_a_second_request_that_does_not_come_is_not_waited_for(impatient: HipchatServer) -> None:
    with connected(impatient) as line:
        line.sendall(b"GET /v2/capabilities HTTP/1.1\r\nHost: x\r\n\r\nGET /v2/ro")
        assert received(line).count(b"HTTP/1.1 200 OK") == 1


def test_a_client_that_is_slow_but_in_time_is_answered(impatient: HipchatServer) -> None:
    with connected(impatient) as line:
        for piece in (b"GET /v2/cap", b"abilities HTTP/1.1\r", b"\nHost: x\r\nConnection: cl", b"ose\r\n\r\n"):
            line.sendall(piece)
        assert received(line).startswith(b"HTTP/1.1 200 OK\r\n")


def test_requests_that_come_together_are_answered_one_after_another(impatient: HipchatServer) -> None:
    one = b"GET /v2/capabilities HTTP/1.1\r\nHost: x\r\n"
    with connected(impatient) as line:
        line.sendall(one + b"\r\n" + one + b"\r\n" + one + b"Connection: close\r\n\r\n")
        assert received(line).count(b"HTTP/1.1 200 OK") == 3


def test_a_chunked_body_is_read_and_its_connection_closed(impatient: HipchatServer) -> None:
    head = f"POST /v2/room HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\nContent-Type: application/json\r\n"
    with connected(impatient) as line:
        line.sendall(head.encode() + b'Transfer-Encoding: chunked\r\n\r\nf\r\n{"name": "abcd"\r\n1\r\n}\r\n0\r\n\r\n')
        assert received(line).startswith(b"HTTP/1.1 201 ")


def test_half_open_connections_do_not_lock_their_own_client_out(tmp_path: Path) -> None:
    with serving(tmp_path, tls=True, max_connections_of_client=5) as server, ExitStack() as lines:
        begun = [b"", b"GET /v2/cap", b"GET / HTTP/1.1\r\nX: ", b"CONNECT x:443 HTTP/1.1\r\n\r\n", b"\x16\x03"]
        for sent in begun * 3:
            lines.enter_context(connected(server)).sendall(sent)
        assert server.tls_url
        for url in (server.url, server.tls_url):
            assert get(f"{url}/v2/capabilities", verify=trusting(server)).status_code == 200


@pytest.mark.parametrize("tls", [False, True])
def test_a_client_that_takes_nothing_of_a_short_answer_is_not_waited_for(tmp_path: Path, *, tls: bool) -> None:
    path = str(tmp_path / "export.tar")
    generate(path, PROFILES["tiny"])
    bound = listening("127.0.0.1", 0)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4_096)  # so that the answers stay where no pause is
    asked = b"GET /v2/capabilities HTTP/1.1\r\nHost: x\r\n\r\n" * 12
    chosen = Settings(TOKEN, client_timeout=0.3, max_connections=1)
    with (
        open_store(path) as store,
        serve(store, chosen, time.time, bound=bound, tls=tls) as server,
        socket.socket() as plain,
    ):
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        plain.settimeout(10)
        plain.connect(bound.getsockname())
        context = ssl.create_default_context(cafile=str(server.certificate)) if server.certificate else None
        with context.wrap_socket(plain, server_hostname="localhost") if context else plain as line:
            line.sendall(asked)
            assert line.recv(10) == b"HTTP/1.1 2"
            assert any(is_let_in(server.api) for _ in range(5_000))


def is_let_in(api: str) -> bool:
    try:
        return get(f"{api}/capabilities").status_code == 200
    except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
        return False


def test_more_connections_than_are_allowed_are_closed(impatient: HipchatServer) -> None:
    with connected(impatient) as first, connected(impatient), connected(impatient):
        first.sendall(b"GET /v2/capabilities HTTP/1.1\r\nHost: x\r\n\r\n")
        assert first.recv(10) == b"HTTP/1.1 2"  # so that all three were accepted
        with connected(impatient) as line:
            assert received(line) == b""


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"nonsense\r\n\r\n", b"400 Bad Request"),
        (b"GET / HTTP/1.1\r\n\r\n", b"400 Bad Request"),  # without Host
        (b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", b"400 Bad Request"),
        (  # of which two servers may see another part as the next request
            b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /",
            b"400 Bad Request",
        ),
        (b"GET /" + b"a" * 5_000, b"431 Request Header Fields Too Large"),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 5_000, b"431 Request Header Fields Too Large"),
        (b"CONNECT x:443 HTTP/1.1\r\nX: " + b"a" * 5_000, b"431 Request Header Fields Too Large"),
        (b"GET /" + b"a" * 5_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"431 Request Header Fields Too Large"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 5_000 + b"\r\n\r\n", b"431 Request Header Fields Too Large"),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: a\r\n" * 1_000 + b"\r\n", b"431 Request Header Fields Too Large"),
        (b"CONNECT x:443 HTTP/1.1\r\nX: " + b"a" * 5_000 + b"\r\n\r\n", b"431 Request Header Fields Too Large"),
    ],
    ids=lambda one: one[:20] + one[-6:],
)
def test_what_is_no_request_is_refused_with_what_every_answer_has(
    impatient: HipchatServer, sent: bytes, status: bytes
) -> None:
    with connected(impatient) as line:
        line.sendall(sent)
        head, _, body = received(line).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 " + status + b"\r\nContent-Type: application/json\r\n")
    assert b"\r\nX-Ratelimit-Remaining: 499\r\n" in head
    assert body.startswith(b'{\n  "error": {\n    "code": ' + status[:3])


def test_a_second_head_that_is_too_long_is_refused_though_it_came_with_the_first(impatient: HipchatServer) -> None:
    one = b"GET /v2/capabilities HTTP/1.1\r\nHost: x\r\n"
    with connected(impatient) as line:
        line.sendall(one + b"\r\n" + one + b"X: " + b"a" * 5_000 + b"\r\n\r\n" + one + b"\r\n")
        told = received(line)
    assert [told.count(b"HTTP/1.1 " + status) for status in (b"200", b"431", b"")] == [1, 1, 2]


def test_a_body_that_does_not_come_though_it_is_answered_is_not_waited_for(impatient: HipchatServer) -> None:
    with connected(impatient) as line:
        line.sendall(b"POST /v2/room HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{")
        assert received(line).startswith(b"HTTP/1.1 401 ")


def test_the_time_that_the_server_takes_is_not_the_clients(tmp_path: Path) -> None:
    head = f"POST /v2/room HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\nConnection: close\r\n".encode()
    body = b'{"name": "' + b"a" * 300_000 + b'"}'  # more than is taken from the connection beforehand
    head += b"Content-Length: %d\r\n" % len(body)
    with (
        serving(tmp_path, client_timeout=0.7, latency=1.2) as server,
        connected(server) as polite,
        connected(server) as other,
    ):
        polite.sendall(head + b"Expect: 100-continue\r\n\r\n")
        other.sendall(head + b"\r\n" + body)
        assert received(other).startswith(b"HTTP/1.1 400 ")
        assert polite.recv(25) == b"HTTP/1.1 100 Continue\r\n\r\n"
        polite.sendall(body)
        assert received(polite).startswith(b"HTTP/1.1 400 ")


def test_a_client_that_does_not_take_its_answer_is_not_waited_for(tmp_path: Path) -> None:
    with serving(tmp_path, client_timeout=0.3) as server, connected(server) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            line.sendall(b"GET /v2/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 200_000)
