"""Authorization: tokens, scopes, auth_test, read-only servers."""

import base64
import socket
from pathlib import Path
from typing import Any

import httpx
import pytest

from hcfmt.pytest_plugin import HipchatServer
from hcfmt.server.openapi.contract import Operation, operations
from tests.support.http_client import ROOM, error, issue_headers
from tests.support.serving import TOKEN, Client, get, post, request, serving


@pytest.mark.parametrize(
    "token",
    [
        {"headers": {"Authorization": f"Bearer {TOKEN}"}},
        {"headers": {"Authorization": f"bearer  {TOKEN}"}},
        {"params": {"auth_token": TOKEN}},
        {"params": {"auth_token": ["", TOKEN]}},
        {"headers": {"Authorization": f"Bearer {TOKEN}"}, "params": {"auth_token": "wrong"}},
    ],
    ids=str,
)
def test_a_token_is_read_from_the_header_or_the_query(server: HipchatServer, token: dict[str, Any]) -> None:
    assert get(f"{server.api}/room/{ROOM}", **token).status_code == 200


@pytest.mark.parametrize(
    "token",
    [
        {},
        {"headers": {"Authorization": "Bearer"}},
        {"headers": {"Authorization": "Bearer wrong"}},
        {"headers": {"Authorization": f"Basic {base64.b64encode(f'x:{TOKEN}'.encode()).decode()}"}},
        {"headers": {"Authorization": TOKEN}},
        {"params": {"auth_token": ""}},
        {"params": {"auth_token": TOKEN[:-1]}},
    ],
    ids=str,
)
def test_requests_without_a_valid_token_are_unauthorized(server: HipchatServer, token: dict[str, Any]) -> None:
    response = get(f"{server.api}/room/{ROOM}", **token)
    assert error(response) == (401, "Invalid OAuth session")
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.id)
def test_only_open_operations_work_without_a_token(server: HipchatServer, operation: Operation) -> None:
    path = operation.path.replace("{", "").replace("}", "")
    status = request(operation.method, f"{server.api}{path}").status_code
    assert (status == 401) is not operation.is_open


def test_an_open_operation_accepts_an_empty_or_invalid_token(server: HipchatServer) -> None:
    for query in ("auth_token=&token=", "auth_token=wrong"):
        assert get(f"{server.api}/capabilities?{query}").status_code == 200


def test_a_missing_scope_is_named_in_the_error(client: httpx.Client) -> None:
    token = issue_headers(client, scope="view_messages")
    assert error(client.get("/room", headers=token)) == (
        403,
        "This action requires one of the following scopes: [u'view_group']",
    )
    assert client.get(f"/room/{ROOM}/history", headers=token).status_code == 200


def test_basic_authentication_is_accepted_for_new_tokens(client: httpx.Client, server: HipchatServer) -> None:
    user = client.get("/user").json()["items"][0]
    response = post(
        f"{server.api}/oauth/token", data={"grant_type": "password"}, auth=(f"@{user['mention_name']}", TOKEN)
    )
    assert response.status_code == 200
    wrong = post(f"{server.api}/oauth/token", data={"grant_type": "password"}, auth=("@x", "wrong"))
    assert error(wrong)[0] == 401


@pytest.mark.parametrize("auth_test", ["true", "True", "TRUE"])
def test_auth_test_checks_the_token_and_executes_nothing(client: httpx.Client, auth_test: str) -> None:
    response = client.post(f"/room?auth_test={auth_test}", json={"name": "Never made"})
    assert response.status_code == 202
    assert response.text == (
        '{"success": {"code": 202, "message": "This auth_token has access to use this method.", "type": "Accepted"}}'
    )
    assert client.get("/room/Never%20made").status_code == 404
    token = issue_headers(client, scope="view_room")
    assert client.post("/room?auth_test=true", json={"name": "x"}, headers=token).status_code == 403


def test_a_read_only_server_refuses_writes(tmp_path: Path) -> None:
    with (
        serving(tmp_path, read_only=True) as server,
        Client(base_url=server.api, headers=server.headers) as client,
    ):
        assert client.get(f"/room/{ROOM}").status_code == 200
        assert error(client.post("/room", json={"name": "x"})) == (403, "This server is read-only")
        assert error(client.delete(f"/room/{ROOM}")) == (403, "This server is read-only")
        assert client.delete(f"/room/{ROOM}?auth_test=true").status_code == 202
        assert client.post("/file/mget/thumbnails", json={"ids": ["1"]}).json() == {"items": []}
        assert client.get(f"/room/{ROOM}", headers=issue_headers(client)).status_code == 200


def test_a_token_revoked_before_the_body_arrives_is_refused(client: httpx.Client, server: HipchatServer) -> None:
    token = issue_headers(client)["Authorization"]
    host, port = server.url.removeprefix("http://").split(":")
    head = f"POST /v2/room HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\nContent-Type: application/json\r\n"
    body = b'{"name": "Never made"}'
    with socket.create_connection((host, int(port)), 10) as line:
        line.sendall(f"{head}Content-Length: {len(body)}\r\nExpect: 100-continue\r\n\r\n".encode())
        assert line.recv(25) == b"HTTP/1.1 100 Continue\r\n\r\n"  # so that the token was found
        assert client.delete(f"/oauth/token/{token.removeprefix('Bearer ')}").status_code == 204
        line.sendall(body)
        assert line.recv(1_000).startswith(b"HTTP/1.1 401 ")
    assert client.get("/room/Never%20made").status_code == 404
