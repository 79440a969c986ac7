"""Endpoints below /_hcfmt: requests, deliveries, faults, reset, export."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import hcfmt
from hcfmt.pytest_plugin import HipchatServer
from tests.support.serving import Client, request, serving
from tests.support.webhook_receiver import receiver

ROOM = 100_001  # the first room that the generator makes


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HipchatServer]:
    with serving(tmp_path_factory.mktemp("served")) as server:
        yield server


@pytest.fixture
def client(server: HipchatServer) -> Iterator[httpx.Client]:
    with Client(base_url=server.url, headers=server.headers) as http_client:
        yield http_client


PLACES = [("GET", "requests"), ("GET", "deliveries"), ("GET", "faults"), ("POST", "reset"), ("POST", "export")]


@pytest.mark.parametrize(("method", "name"), PLACES)
def test_only_the_main_token_is_accepted(client: httpx.Client, server: HipchatServer, method: str, name: str) -> None:
    user = client.get("/v2/user").json()["items"][0]
    grant = {"grant_type": "password", "username": f"@{user['mention_name']}", "password": server.token}
    other = client.post("/v2/oauth/token", data=grant).json()["access_token"]
    for value in (b"", b"Bearer wrong", f"Bearer {other}".encode(), "Bearer grün".encode("latin-1")):
        response = request(method, f"{server.url}/_hcfmt/{name}", headers={b"Authorization": value})
        assert response.status_code == 401
    response = request(method, f"{server.url}/_hcfmt/{name}?auth_token={server.token}")
    assert response.status_code == 401  # so that following a link has no effect


def test_other_paths_are_not_found(client: httpx.Client) -> None:
    assert client.get("/_hcfmt").status_code == 404
    assert client.get("/_hcfmt/nowhere").status_code == 404
    response = client.put("/_hcfmt/requests")
    assert (response.status_code, response.headers["Allow"]) == (405, "DELETE, GET, HEAD")


def test_requests_are_listed_without_secrets(client: httpx.Client, server: HipchatServer) -> None:
    client.get("/v2/room", params={"max-results": "2", "auth_token": server.token})
    client.post(f"/v2/room/{ROOM}/message", json={"message": "hello"})
    client.get(f"/v2/oauth/token/{server.token}")
    client.post("/v2/oauth/token", data={"grant_type": "password", "username": "x", "password": server.token})
    text = client.get("/_hcfmt/requests").text
    assert server.token not in text
    items = json.loads(text)["items"]
    assert [(item["method"], item["path"], item["operation"], item["status"]) for item in items] == [
        ("GET", "/v2/room", "getAllRooms", 200),
        ("POST", f"/v2/room/{ROOM}/message", "sendRoomMessage", 201),
        ("GET", "/v2/oauth/token/***", "getToken", 200),
        ("POST", "/v2/oauth/token", "generateToken", 401),
    ]
    assert items[0]["query"] == {"max-results": "2", "auth_token": "***"}
    assert (items[1]["body"], items[1]["size"]) == ({"message": "hello"}, 19)
    posted = client.get("/_hcfmt/requests", params={"method": "POST", "status": "201"}).json()["items"]
    assert posted == [items[1]]
    assert client.delete("/_hcfmt/requests").status_code == 204
    assert client.get("/_hcfmt/requests").json() == {"items": []}


def test_the_fixture_s_methods_return_the_same(client: httpx.Client, server: HipchatServer) -> None:
    client.get("/v2/room")
    client.get("/v2/nowhere")
    assert [request["operation"] for request in server.requests()] == ["getAllRooms", None]
    assert [request["path"] for request in server.requests(status=404)] == ["/v2/nowhere"]


def test_a_message_is_delivered_to_a_webhook(client: httpx.Client, server: HipchatServer) -> None:
    with receiver() as webhook_server:
        hook = {"url": f"{webhook_server.url}/hook", "event": "room_message", "pattern": "^/deploy", "name": "a hook"}
        created = client.post(f"/v2/room/{ROOM}/webhook", json=hook)
        assert created.status_code == 201
        for message in ("hello", "/deploy now"):
            assert client.post(f"/v2/room/{ROOM}/message", json={"message": message}).status_code == 201
        (delivery,) = client.get("/_hcfmt/deliveries?wait=10").json()["items"]
        assert (delivery["status"], delivery["webhook_id"]) == (204, created.json()["id"])
        ((path, payload),) = webhook_server.received
        assert path == "/hook"
        assert payload == delivery["payload"]
        assert (payload["event"], payload["item"]["message"]["message"]) == ("room_message", "/deploy now")
        assert payload["item"]["room"]["id"] == ROOM
        assert server.deliveries() == [delivery]
    assert client.delete("/_hcfmt/deliveries").status_code == 204
    assert client.get("/_hcfmt/deliveries").json() == {"items": [], "pending": 0}


@pytest.mark.parametrize("wait", ["x", "-1", "31", "nan"])
def test_an_invalid_wait_is_refused(client: httpx.Client, wait: str) -> None:
    assert client.get(f"/_hcfmt/deliveries?wait={wait}").status_code == 400


def test_faults_can_be_changed(client: httpx.Client) -> None:
    plan = {"latency": 0.0, "failures": [{"status": 503, "share": 1.0}], "seed": 4}
    assert client.post("/_hcfmt/faults", json=plan).json() == plan
    assert client.get("/v2/room").status_code == 503
    assert client.get("/_hcfmt/faults").json() == plan
    assert client.post("/_hcfmt/faults", json={"failures": []}).json() == {**plan, "failures": []}
    assert client.get("/v2/room").status_code == 200


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"failures": [{"status": 200, "share": 1}]}', b'{"latency": 1e9}']
)
def test_invalid_faults_are_refused(client: httpx.Client, body: bytes) -> None:
    assert client.post("/_hcfmt/faults", content=body).status_code == 400
    assert client.get("/v2/room").status_code == 200


def test_the_password_of_a_target_is_redacted(client: httpx.Client, server: HipchatServer) -> None:
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), 10) as line:
        line.sendall(b"GET http://someone:secret@chat.example/v2/room HTTP/1.1\r\nHost: x\r\n\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 400 ")
    (logged,) = client.get("/_hcfmt/requests").json()["items"]
    assert (logged["path"], logged["status"]) == ("http://***@chat.example/v2/room", 400)


def test_the_secrets_of_a_webhook_s_url_are_redacted(client: httpx.Client) -> None:
    refused = {"url": "http://someone:secret@127.0.0.1:9/?token=secret", "event": "room_message"}
    taken = {"url": "http://127.0.0.1:9/?token=secret", "event": "room_message"}
    statuses = [client.post(f"/v2/room/{ROOM}/webhook", json=hook).status_code for hook in (refused, taken)]
    assert statuses == [400, 201]
    bodies = [logged["body"] for logged in client.get("/_hcfmt/requests").json()["items"]]
    assert [body["url"] for body in bodies] == ["http://***@127.0.0.1:9/?token=***", "http://127.0.0.1:9/?token=***"]


def test_a_reset_restores_the_initial_state(client: httpx.Client, server: HipchatServer) -> None:
    before = client.get("/v2/room").json()
    client.post("/v2/room", json={"name": "New"})
    client.post("/_hcfmt/faults", json={"failures": [{"status": 503, "share": 1.0}]})
    assert client.post("/_hcfmt/reset").status_code == 204
    assert client.get("/v2/room").json() == before
    assert [request["path"] for request in server.requests()] == ["/v2/room"]


@pytest.mark.parametrize(
    ("query", "body", "suffix"),
    [
        ("", None, ".tar.gz"),
        ("?form=tar", None, ".tar"),
        ("?form=.tar.gz", None, ".tar.gz"),
        ("", {"password": "secret"}, ".tar.gz.aes"),
        ("?form=tar.gz.aes", {"password": "grün"}, ".tar.gz.aes"),
    ],
)
def test_the_current_state_is_exported_and_valid(
    client: httpx.Client, tmp_path: Path, query: str, body: dict[str, Any] | None, suffix: str
) -> None:
    assert client.post(f"/v2/room/{ROOM}/message", json={"message": "exported"}).status_code == 201
    response = client.post(f"/_hcfmt/export{query}", json=body)
    assert response.status_code == 200
    assert response.headers["Content-Disposition"] == f'attachment; filename="export{suffix}"'
    path = tmp_path / f"export{suffix}"
    path.write_bytes(response.content)
    password = (body or {}).get("password", "").encode()
    report = hcfmt.validate(str(path), hcfmt.Options(password=lambda: password))
    assert (report.verdict, report.findings) == ("valid", ())


@pytest.mark.parametrize(
    ("query", "body"),
    [
        ("?form=zip", b""),
        ("?form=tar.gz.aes", b""),
        ("", b'{"password": ""}'),
        ("?form=tar", b'{"password": "x"}'),
        ("", b"x"),
    ],
)
def test_an_invalid_export_request_is_refused(client: httpx.Client, query: str, body: bytes) -> None:
    assert client.post(f"/_hcfmt/export{query}", content=body).status_code == 400
