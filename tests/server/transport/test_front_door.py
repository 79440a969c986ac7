"""TLS, tunnels and absolute targets: clients that have HipChat's own address written into them, unmodified."""

import asyncio
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from hcfmt.pytest_plugin import HipchatServer
from hcfmt.server.transport.connections import Connections
from hcfmt.server.transport.front_door import FrontDoor
from hcfmt.server.transport.request_guard import ConnectionOptions
from tests.support.serving import TOKEN, Client, get, post, serving, trusting

CLOUD = "https://api.hipchat.com/v2"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HipchatServer]:
    with serving(tmp_path_factory.mktemp("served"), tls=True, client_timeout=5.0) as running:
        yield running


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HipchatServer]:
    with serving(tmp_path_factory.mktemp("served"), client_timeout=5.0) as running:
        yield running


def connected(server: HipchatServer) -> socket.socket:
    host, port = server.url.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), 10)


def head(line: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        byte = line.recv(1)
        if not byte:
            break
        data += byte
    return data


def self_link(response: httpx.Response) -> str:
    assert response.status_code == 200
    return str(response.json()["links"]["self"])


def test_one_port_takes_tls_and_plain_http(server: HipchatServer) -> None:
    assert server.tls_url
    assert server.tls_url.removeprefix("https") == server.url.removeprefix("http")
    links = [
        self_link(get(f"{url}/v2/room", headers=server.headers, verify=trusting(server)))
        for url in (server.url, server.tls_url)
    ]
    assert links == [f"{server.url}/v2/room", f"{server.tls_url}/v2/room"]


def test_a_client_that_distrusts_the_certificate_disturbs_no_other(server: HipchatServer) -> None:
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        get(f"{server.tls_url}/v2/capabilities")
    assert get(f"{server.tls_url}/v2/capabilities", verify=trusting(server)).status_code == 200


def test_a_tunnel_to_any_host_ends_here(server: HipchatServer) -> None:
    with Client(proxy=server.url, verify=trusting(server), headers=server.headers) as client:
        assert self_link(client.get(f"{CLOUD}/room")) == f"{CLOUD}/room"
        assert self_link(client.get(f"{CLOUD}/user")) == f"{CLOUD}/user"


def test_an_absolute_target_is_answered_as_its_host(server: HipchatServer) -> None:
    with Client(proxy=server.url, headers=server.headers) as client:
        link = self_link(client.get("http://hipchat.example.com:8080/v2/room?max-results=1"))
    assert link == "http://hipchat.example.com:8080/v2/room"


def test_a_tunnel_carries_plain_http_too(server: HipchatServer) -> None:
    with connected(server) as line:
        line.sendall(b"CONNECT hipchat.example.com:80 HTTP/1.1\r\nHost: hipchat.example.com:80\r\n\r\n")
        assert head(line) == b"HTTP/1.1 200 Connection established\r\n\r\n"
        line.sendall(b"GET /v2/capabilities HTTP/1.1\r\nHost: hipchat.example.com\r\n\r\n")
        assert head(line).startswith(b"HTTP/1.1 200 OK\r\n")


def test_a_tunnel_through_a_tunnel_is_refused(server: HipchatServer) -> None:
    connect = b"CONNECT x:443 HTTP/1.1\r\nHost: x:443\r\n\r\n"
    with connected(server) as line:
        line.sendall(connect)
        assert head(line).startswith(b"HTTP/1.1 200 ")
        line.sendall(connect)
        assert head(line).startswith(b"HTTP/1.1 4")


def test_tls_that_begins_with_the_request_for_the_tunnel_is_understood(server: HipchatServer) -> None:
    outgoing, incoming = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = trusting(server).wrap_bio(incoming, outgoing, server_hostname="api.hipchat.com")
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    with connected(server) as line:
        line.sendall(b"CONNECT api.hipchat.com:443 HTTP/1.1\r\n\r\n" + outgoing.read())
        assert head(line).startswith(b"HTTP/1.1 200 ")
        finish_handshake(client, outgoing, incoming, line)
        client.write(b"GET /v2/capabilities HTTP/1.0\r\nHost: api.hipchat.com\r\n\r\n")
        line.sendall(outgoing.read())
        assert read(client, incoming, line) == b"HTTP/1.1 200 OK"


def read(client: ssl.SSLObject, incoming: ssl.MemoryBIO, line: socket.socket) -> bytes:
    """Return the first 15 bytes of the response; TLS may send records of its own before it."""
    while True:
        incoming.write(line.recv(65_536))
        try:
            return client.read(15)
        except ssl.SSLWantReadError:
            continue


def finish_handshake(
    client: ssl.SSLObject, outgoing: ssl.MemoryBIO, incoming: ssl.MemoryBIO, line: socket.socket
) -> None:
    """Finish a handshake over a connection."""
    while True:
        try:
            client.do_handshake()
        except ssl.SSLWantReadError:
            line.sendall(outgoing.read())
            incoming.write(line.recv(65_536))
        else:
            line.sendall(outgoing.read())
            return


@pytest.mark.parametrize("size", [1, 3, 100])
def test_a_tunnel_and_tls_in_small_parts_are_understood(server: HipchatServer, size: int) -> None:
    outgoing, incoming = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = trusting(server).wrap_bio(incoming, outgoing, server_hostname="localhost")
    with connected(server) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in b"CONNECT localhost:443 HTTP/1.1\r\n\r\n":
            line.sendall(bytes([byte]))
        assert head(line).startswith(b"HTTP/1.1 200 ")
        with pytest.raises(ssl.SSLWantReadError):
            client.do_handshake()
        hello = outgoing.read()
        for start in range(0, len(hello), size):
            line.sendall(hello[start : start + size])
        incoming.write(line.recv(65_536))
        finish_handshake(client, outgoing, incoming, line)
        assert client.version() in {"TLSv1.2", "TLSv1.3"}


@pytest.mark.parametrize(
    "sent", [b"\x16", b"\x16\x03\x01\x00\x05hello", b"\x16" * 5_000], ids=["begun", "wrong", "long"]
)
def test_what_only_begins_like_tls_ends_the_connection(server: HipchatServer, sent: bytes) -> None:
    with connected(server) as line:
        line.sendall(sent)
        line.shutdown(socket.SHUT_WR)
        assert b"HTTP" not in line.recv(65_536)
    assert get(f"{server.api}/capabilities").status_code == 200


def test_without_tls_a_tunnel_is_refused_and_an_absolute_target_is_not(plain: HipchatServer) -> None:
    with Client(proxy=plain.url) as client:
        with pytest.raises(httpx.ProxyError, match="501"):
            client.get(f"{CLOUD}/capabilities")
        assert client.get("http://api.hipchat.com/v2/capabilities").status_code == 200


def test_with_a_base_url_links_are_the_same_however_the_server_is_reached(tmp_path: Path) -> None:
    with serving(tmp_path, tls=True, base_url="https://chat.example.com/") as server:
        with Client(proxy=server.url, headers=server.headers) as client:
            link = self_link(client.get("http://evil.example/v2/room"))
        assert link == "https://chat.example.com/v2/room"
        own = self_link(get(f"{server.api}/room", headers={**server.headers, "Host": "evil.example"}))
        assert own == "https://chat.example.com/v2/room"


def test_a_raw_name_reaches_its_room(server: HipchatServer) -> None:
    response = post(f"{server.api}/room", json={"name": "Grüne Wiese"}, headers=server.headers)
    assert response.status_code == 201
    with connected(server) as line:
        line.sendall(f"GET /v2/room/Grüne Wiese?auth_token={TOKEN} HTTP/1.0\r\n\r\n".encode())
        assert head(line).startswith(b"HTTP/1.1 200 OK")


# Other programs.


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize("url", [f"{CLOUD}/room", "http://api.hipchat.com/v2/room"])
def test_curl_reaches_it_by_the_clouds_address(server: HipchatServer, url: str) -> None:
    command = ["curl", "--silent", "--fail", "--proxy", server.url, "--cacert", str(server.certificate), url]
    done = subprocess.run([*command, "--oauth2-bearer", server.token], capture_output=True, check=True, timeout=30)
    assert json.loads(done.stdout)["links"]["self"] == url


HYPCHAT = """
import sys
import warnings

warnings.simplefilter("ignore")  # the client is from 2015
from hypchat import HypChat

chat = HypChat(sys.argv[1])
assert chat.endpoint == "https://api.hipchat.com", chat.endpoint
rooms = list(chat.rooms().contents())
room = chat.get_room(rooms[0]["id"])
room.message("from the old client")
last = list(room.history(maxResults=5).contents())[-1]
print(type(room).__name__, room["links"]["self"], last["message"])
"""


def test_the_client_that_was_used_most_works_unmodified(server: HipchatServer) -> None:
    environment = {
        **os.environ,
        "HTTPS_PROXY": server.url,
        "NO_PROXY": "",
        "REQUESTS_CA_BUNDLE": str(server.certificate),
    }
    done = subprocess.run(
        [sys.executable, "-c", HYPCHAT, server.token],
        capture_output=True,
        text=True,
        timeout=60,
        env=environment,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    kind, link, message = done.stdout.strip().split(" ", 2)
    assert (kind, message) == ("Room", "from the old client")
    assert link.startswith(f"{CLOUD}/room/")


# Room for connections.


async def turns() -> None:
    """Let the loop do all that is due."""
    for _ in range(50):
        await asyncio.sleep(0)


def test_connections_that_their_clients_have_closed_make_room_for_a_new_one() -> None:
    async def is_open() -> bool:
        options = ConnectionOptions(1_000, 30, lambda _: [])
        with socket.create_server(("127.0.0.1", 0)) as listening:
            door = FrontDoor(listening, None, Connections(3, 9), options, asyncio.Protocol)
            accepting = asyncio.create_task(door.accept())
            old = [socket.create_connection(listening.getsockname()) for _ in range(3)]
            await turns()
            for line in old:  # while the loop is busy here, so that it sees all of this at once
                line.close()
            with socket.create_connection(listening.getsockname()) as new:
                await turns()
                new.settimeout(0)
                try:
                    return new.recv(1) != b""
                except BlockingIOError:
                    return True
                finally:
                    accepting.cancel()
                    door.close()
                    await turns()

    assert asyncio.run(is_open())
