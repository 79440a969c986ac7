"""Limits over HTTP: bodies, uploads, query parameters, rates."""

import json
import socket
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest

from hcfmt.pytest_plugin import HipchatServer
from hcfmt.server.http import operation_endpoint
from hcfmt.server.operations.call import ApiResponse, Call
from tests.support.concurrency import THREADS, run_concurrently
from tests.support.http_client import ROOM, WITH_PHOTO, error
from tests.support.serving import TOKEN, Client, get, post, serving


@pytest.mark.parametrize("announced", [True, False])
def test_a_body_above_the_limit_is_refused(client: httpx.Client, *, announced: bool) -> None:
    body = json.dumps({"name": "x" * 5_000}).encode()
    content = body if announced else iter([body[:2_000], body[2_000:]])
    response = client.post("/room", content=content, headers={"Content-Type": "application/json"})
    assert error(response) == (413, "A body of this type has at most 5,000 bytes")
    assert client.get("/room").status_code == 200


def test_uploads_have_a_separate_limit(client: httpx.Client) -> None:
    def shared(size: int) -> httpx.Response:
        metadata = (None, b'{"message": "x"}', "application/json")
        return client.post(f"/room/{ROOM}/share/file", files=[("metadata", metadata), ("file", ("a.bin", b"x" * size))])

    assert shared(50_000).status_code == 204
    assert error(shared(100_000)) == (413, "A body of this type has at most 100,000 bytes")


def test_concurrent_uploads_are_bounded_by_memory(server: HipchatServer, monkeypatch: pytest.MonkeyPatch) -> None:
    inside, maximum, entered, gate = [0], [0], threading.Semaphore(0), threading.Event()

    def slow(_: Call) -> ApiResponse:
        inside[0] += 1
        maximum[0] = max(*maximum, *inside)
        entered.release()
        gate.wait(10)
        inside[0] -= 1
        return ApiResponse(204)

    monkeypatch.setattr(operation_endpoint, "execute", slow)

    def share(_: int) -> int:
        metadata = (None, b'{"message": "x"}', "application/json")
        parts: Any = [("metadata", metadata), ("file", ("a.bin", b"x" * 90_000))]
        return post(f"{server.api}/room/{ROOM}/share/file", files=parts, headers=server.headers).status_code

    def open_gate(number: int) -> int:
        if number:
            return share(number)
        assert all(entered.acquire(timeout=10) for _ in range(2))
        assert get(f"{server.api}/room/{ROOM}").status_code == 401
        gate.set()
        return 204

    assert set(run_concurrently(open_gate, 9)) == {204}
    assert maximum == [2]


@pytest.mark.parametrize(("path", "status"), [("room", b"401"), ("nowhere", b"404"), ("room?auth_token=x", b"401")])
def test_an_unauthorized_request_is_refused_before_its_body_arrives(
    server: HipchatServer, path: str, status: bytes
) -> None:
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), 10) as line:
        line.sendall(f"POST /v2/{path} HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n".encode())
        assert line.recv(1_000).startswith(b"HTTP/1.1 " + status)


def test_a_query_of_too_many_parameters_is_refused(client: httpx.Client) -> None:
    assert error(client.get(f"/room?{'a&' * 1_001}"))[0] == 400


def test_a_rate_limit_applies_to_each_token(tmp_path: Path) -> None:
    with (
        serving(tmp_path, rate_limit=(3, 1_000)) as server,
        Client(base_url=server.api, headers=server.headers) as client,
    ):
        answers = [client.get("/room") for _ in range(4)]
        assert [(response.status_code, response.headers["X-Ratelimit-Remaining"]) for response in answers] == [
            (200, "2"),
            (200, "1"),
            (200, "0"),
            (429, "0"),
        ]
        assert error(answers[-1]) == (429, "Rate limit exceeded: too many requests")
        assert answers[-1].headers["X-Ratelimit-Limit"] == "3"
        other_token = {"Authorization": "Bearer another"}
        assert client.get("/room", headers=other_token).headers["X-Ratelimit-Remaining"] == "2"
        assert client.get(f"{server.url}/docs").status_code == 200  # which is no part of the API
        server.reset()
        assert client.get("/room").status_code == 200


@pytest.mark.slow
def test_invalid_tokens_share_the_limit_of_their_address(tmp_path: Path) -> None:
    with (
        serving(tmp_path, rate_limit=(3, 1_000)) as server,
        Client(base_url=server.api, headers=server.headers) as client,
    ):

        def remaining(token: str) -> tuple[int, str]:
            response = client.get("/capabilities", headers={"Authorization": f"Bearer {token}"})
            return response.status_code, response.headers["X-Ratelimit-Remaining"]

        assert remaining(TOKEN) == (200, "2")
        assert [remaining(f"made up {number}") for number in range(4)] == [
            (200, "2"),
            (200, "1"),
            (200, "0"),
            (429, "0"),
        ]
        assert {remaining(f"made up {number}") for number in range(1_100)} == {(429, "0")}
        assert get(f"{server.api}/capabilities").status_code == 429
        assert [remaining(TOKEN) for _ in range(3)] == [(200, "1"), (200, "0"), (429, "0")]


@pytest.mark.parametrize("limit", ["rate_limit", "flood_limit"])
def test_concurrent_requests_do_not_exceed_the_limit(tmp_path: Path, limit: str) -> None:
    name = {"rate_limit": "X-Ratelimit-Remaining", "flood_limit": "X-FloodControl-Remaining"}[limit]
    chosen: dict[str, Any] = {"rate_limit": (50, 1_000)} if limit == "rate_limit" else {"flood_limit": 50}
    with serving(tmp_path, **chosen) as server:

        def send(_: int) -> list[tuple[int, int]]:
            with Client(base_url=server.api, headers=server.headers) as client:
                sent = [client.post(f"/room/{ROOM}/message", json={"message": "x"}) for _ in range(5)]
                return [(response.status_code, int(response.headers[name])) for response in sent]

        answers = sorted(item for each in run_concurrently(send) for item in each)
    assert answers == [(201, remaining) for remaining in range(50)] + [(429, 0)] * (THREADS * 5 - 50)


def test_the_headers_show_hipchat_s_limit_for_the_kind_of_token(client: httpx.Client) -> None:
    limits = [
        client.get(path).headers["X-Ratelimit-Limit"] for path in ("/room", "/capabilities", "/nowhere", "/room/0")
    ]
    assert limits == ["100", "100", "500", "100"]
    assert client.get("/room", headers={"Authorization": "Bearer nobody's"}).headers["X-Ratelimit-Limit"] == "500"


def test_hipchat_s_own_limit_can_be_enforced(tmp_path: Path) -> None:
    with (
        serving(tmp_path, rate_limit=(None, 1_000)) as server,
        Client(base_url=server.api, headers=server.headers) as client,
    ):
        answers = [client.get("/capabilities") for _ in range(101)]
        assert [response.status_code for response in answers] == [200] * 100 + [429]
        assert [int(response.headers["X-Ratelimit-Remaining"]) for response in answers] == [*range(99, -1, -1), 0]
        assert client.post("/nowhere").status_code == 404
        assert get(f"{server.api}/capabilities").status_code == 200


def test_a_flood_limit_applies_to_each_room(tmp_path: Path) -> None:
    with (
        serving(tmp_path, flood_limit=2) as server,
        Client(base_url=server.api, headers=server.headers) as client,
    ):
        sent = [client.post(f"/room/{ROOM}/notification", json={"message": "x"}) for _ in range(3)]
        assert [(response.status_code, response.headers["X-FloodControl-Remaining"]) for response in sent] == [
            (204, "1"),
            (204, "0"),
            (429, "0"),
        ]
        assert error(sent[-1])[1] == "Flood limit exceeded: too many messages"
        assert client.post(f"/room/{ROOM + 1}/message", json={"message": "x"}).status_code == 201
        assert "X-FloodControl-Limit" not in client.get(f"/room/{ROOM}").headers


def test_a_flood_limit_is_independent_of_the_recipient_s_spelling(tmp_path: Path) -> None:
    with (
        serving(tmp_path, flood_limit=30) as server,
        Client(base_url=server.api, headers=server.headers) as client,
    ):

        def remaining(path: str) -> Any:  # noqa: ANN401 - what httpx says
            return client.post(f"{path}/message", json={"message": "x"}).headers.get("X-FloodControl-Remaining")

        room = client.post("/room", json={"name": "My Room"}).json()["id"]
        user = client.get(f"/user/{WITH_PHOTO}").json()
        rooms = [
            f"/room/{room}",
            "/room/My%20Room",
            "/room/my room",
            "/room/MY+ROOM/",
            f"/room/%3{str(room)[0]}{str(room)[1:]}",
        ]
        assert [remaining(path) for path in rooms] == ["29", "28", "27", "26", "25"]
        users = [user["id"], user["email"], user["email"].upper(), f"@{user['mention_name']}"]
        assert [remaining(f"/user/{user}") for user in users] == ["29", "28", "27", "26"]
        assert [remaining("/room/nowhere"), remaining("/user/nobody@nowhere.invalid")] == [None, None]
