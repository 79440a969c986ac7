"""Tests of a running server: start and stop, timeouts for slow clients, and limits of connections."""

import errno
import socket
import ssl
import struct
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
def quick_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HipchatServer]:
    with serving(tmp_path_factory.mktemp("served"), client_timeout=0.3, max_connections=3, max_headers=4_096) as server:
        yield server


@pytest.fixture(scope="module")
def strict_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HipchatServer]:
    """Return a server with short heads and the usual client timeout, which a loaded machine does not reach."""
    with serving(tmp_path_factory.mktemp("served"), max_headers=4_096) as server:
        yield server


def connected(server: HipchatServer, *, timeout: float = 10) -> socket.socket:
    host, port = server.url.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout)


def received(line: socket.socket) -> bytes:
    """Return all data until the server closes or resets the connection."""
    data = b""
    try:
        while chunk := line.recv(65_536):
            data += chunk
    except ConnectionResetError:
        pass
    return data


def test_a_started_server_answers_until_it_is_closed(tmp_path: Path) -> None:
    threads = set(threading.enumerate())
    with serving(tmp_path, tls=True) as server:
        assert get(f"{server.api}/capabilities").status_code == 200
        assert server.certificate
        assert server.certificate.is_file()
    with pytest.raises(httpx.ConnectError):
        get(f"{server.api}/capabilities")
    assert not server.certificate.parent.exists()
    remaining = set(threading.enumerate()) - threads
    assert not any(thread.name.startswith("hcfmt") for thread in remaining)


def test_closing_does_not_wait_for_idle_connections(tmp_path: Path) -> None:
    with Client() as client, serving(tmp_path) as server:
        assert client.get(f"{server.api}/capabilities").status_code == 200
        idle = connected(server)
    assert received(idle) == b""
    idle.close()


def test_two_servers_of_one_archive_are_independent(tmp_path: Path) -> None:
    with serving(tmp_path) as first, serving(tmp_path) as second:
        response = post(f"{first.api}/room", json={"name": "Only here"}, headers=first.headers)
        assert response.status_code == 201
        path = "room/Only%20here"
        assert get(f"{first.api}/{path}", headers=first.headers).status_code == 200
        assert get(f"{second.api}/{path}", headers=second.headers).status_code == 404


def test_a_missing_temporary_directory_prevents_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = str(tmp_path / "export.tar")
    generate(path, PROFILES["tiny"])
    with open_store(path) as store:
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
        with pytest.raises(UsageError, match="The certificate cannot be written: No such file"):
            serve(store, Settings("t"), time.time, tls=True)


def test_a_certificate_that_cannot_be_written_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    directory = tmp_path / "temporary"
    directory.mkdir()
    path = str(tmp_path / "export.tar")
    generate(path, PROFILES["tiny"])
    monkeypatch.setattr(running, "make_certificate", full)
    with open_store(path) as store:
        monkeypatch.setattr(tempfile, "tempdir", str(directory))
        with pytest.raises(UsageError, match="The certificate cannot be written: No space left"):
            serve(store, Settings("t"), time.time, tls=True)
    assert list(directory.iterdir()) == []


def test_a_port_in_use_is_reported() -> None:
    with listening("127.0.0.1", 0) as bound, pytest.raises(UsageError, match=r"Cannot listen on .*: Address already"):
        listening("127.0.0.1", bound.getsockname()[1])


@pytest.mark.parametrize(("host", "port"), [("nowhere.invalid", 0), ("127.0.0.1", 70_000), ("192.0.2.1", 0)])
def test_an_invalid_host_or_port_is_reported(host: str, port: int) -> None:
    with pytest.raises(UsageError, match=host):
        listening(host, port)


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("localhost", True), ("::1", True), ("[::1]", True), ("0.0.0.0", False), ("[::]", False)],  # noqa: S104 - asked about, not bound
)
def test_only_loopback_hosts_are_local(host: str, *, local: bool) -> None:
    assert is_local(host) is local


@pytest.mark.parametrize(
    "sent",
    [b"", b"GET /v2/cap", b"GET /v2/capabilities HTTP/1.1\r\nHost: x\r\nX: ", b"CONNECT x:4"],
    ids=["nothing", "half a line", "half a head", "half a tunnel"],
)
def test_an_incomplete_request_times_out(quick_server: HipchatServer, sent: bytes) -> None:
    with connected(quick_server) as line:
        line.sendall(sent)
        assert received(line) == b""


def test_an_incomplete_body_times_out(quick_server: HipchatServer) -> None:
    head = f"POST /v2/room HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: 1000\r\n\r\n"
    with connected(quick_server) as line:
        line.sendall(head.encode() + b"{")
        assert received(line) == b""


def test_an_incomplete_second_request_times_out(quick_server: HipchatServer) -> None:
    with connected(quick_server) as line:
        line.sendall(b"GET /v2/capabilities HTTP/1.1\r\nHost: x\r\n\r\nGET /v2/ro")
        assert received(line).count(b"HTTP/1.1 200 OK") == 1


def test_a_request_in_parts_is_answered(strict_server: HipchatServer) -> None:
    with connected(strict_server) as line:
        for chunk in (b"GET /v2/cap", b"abilities HTTP/1.1\r", b"\nHost: x\r\nConnection: cl", b"ose\r\n\r\n"):
            line.sendall(chunk)
        assert received(line).startswith(b"HTTP/1.1 200 OK\r\n")


def test_pipelined_requests_are_answered_in_order(strict_server: HipchatServer) -> None:
    request = b"GET /v2/capabilities HTTP/1.1\r\nHost: x\r\n"
    with connected(strict_server) as line:
        line.sendall(request + b"\r\n" + request + b"\r\n" + request + b"Connection: close\r\n\r\n")
        assert received(line).count(b"HTTP/1.1 200 OK") == 3


def test_a_chunked_body_is_read_and_its_connection_closed(strict_server: HipchatServer) -> None:
    head = f"POST /v2/room HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\nContent-Type: application/json\r\n"
    with connected(strict_server) as line:
        line.sendall(head.encode() + b'Transfer-Encoding: chunked\r\n\r\nf\r\n{"name": "abcd"\r\n1\r\n}\r\n0\r\n\r\n')
        assert received(line).startswith(b"HTTP/1.1 201 ")


def test_a_connection_that_its_client_closed_makes_room_at_once(tmp_path: Path) -> None:
    with serving(tmp_path, max_connections=1) as server:
        for _ in range(50):
            with connected(server) as line:
                line.sendall(b"GET /v2/capabilities HTTP/1.1\r\nHost: x\r\n\r\n")
                assert line.recv(10) == b"HTTP/1.1 2"


def test_connections_that_are_reset_before_they_are_accepted_do_no_harm(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        for _ in range(500):
            with connected(server) as line:
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # close sends a reset
        assert get(f"{server.api}/capabilities").status_code == 200


def test_half_open_connections_do_not_lock_their_own_client_out(tmp_path: Path) -> None:
    with serving(tmp_path, tls=True, max_connections_of_client=5) as server, ExitStack() as lines:
        beginnings = [b"", b"GET /v2/cap", b"GET / HTTP/1.1\r\nX: ", b"CONNECT x:443 HTTP/1.1\r\n\r\n", b"\x16\x03"]
        for sent in beginnings * 3:
            lines.enter_context(connected(server)).sendall(sent)
        assert server.tls_url
        for url in (server.url, server.tls_url):
            assert get(f"{url}/v2/capabilities", verify=trusting(server)).status_code == 200


@pytest.mark.parametrize("tls", [False, True])
def test_a_client_that_does_not_read_a_short_answer_times_out(tmp_path: Path, *, tls: bool) -> None:
    path = str(tmp_path / "export.tar")
    generate(path, PROFILES["tiny"])
    bound = listening("127.0.0.1", 0)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4_096)  # so that unread answers fill the buffers
    requests = b"GET /v2/capabilities HTTP/1.1\r\nHost: x\r\n\r\n" * 12
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
            line.sendall(requests)
            assert line.recv(10) == b"HTTP/1.1 2"
            assert any(is_let_in(server.api) for _ in range(5_000))


def is_let_in(api: str) -> bool:
    try:
        return get(f"{api}/capabilities").status_code == 200
    except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
        return False


def test_connections_beyond_the_limit_are_closed(quick_server: HipchatServer) -> None:
    with connected(quick_server) as first, connected(quick_server), connected(quick_server):
        first.sendall(b"GET /v2/capabilities HTTP/1.1\r\nHost: x\r\n\r\n")
        assert first.recv(10) == b"HTTP/1.1 2"  # so that all three were accepted
        with connected(quick_server) as line:
            assert received(line) == b""


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"nonsense\r\n\r\n", b"400 Bad Request"),
        (b"GET / HTTP/1.1\r\n\r\n", b"400 Bad Request"),  # without Host
        (b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", b"400 Bad Request"),
        (  # request smuggling: servers disagree where the next request begins
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
    ids=lambda value: value[:20] + value[-6:],
)
def test_an_invalid_request_is_refused_with_the_common_headers(
    strict_server: HipchatServer, sent: bytes, status: bytes
) -> None:
    with connected(strict_server) as line:
        line.sendall(sent)
        head, _, body = received(line).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 " + status + b"\r\nContent-Type: application/json\r\n")
    assert b"\r\nX-Ratelimit-Remaining: 499\r\n" in head
    assert body.startswith(b'{\n  "error": {\n    "code": ' + status[:3])


def test_a_second_head_that_is_too_long_is_refused(strict_server: HipchatServer) -> None:
    head = b"GET /v2/capabilities HTTP/1.1\r\nHost: x\r\n"
    with connected(strict_server) as line:
        line.sendall(head + b"\r\n" + head + b"X: " + b"a" * 5_000 + b"\r\n\r\n" + head + b"\r\n")
        answers = received(line)
    assert [answers.count(b"HTTP/1.1 " + status) for status in (b"200", b"431", b"")] == [1, 1, 2]


def test_an_incomplete_body_of_a_refused_request_times_out(quick_server: HipchatServer) -> None:
    with connected(quick_server) as line:
        line.sendall(b"POST /v2/room HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{")
        assert received(line).startswith(b"HTTP/1.1 401 ")


def test_the_client_timeout_excludes_the_servers_own_time(tmp_path: Path) -> None:
    head = f"POST /v2/room HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\nConnection: close\r\n".encode()
    body = b'{"name": "' + b"a" * 300_000 + b'"}'  # more than the server reads ahead
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


def test_a_client_that_does_not_read_its_answers_times_out(tmp_path: Path) -> None:
    with serving(tmp_path, client_timeout=0.3) as server, connected(server) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            line.sendall(b"GET /v2/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 200_000)
