"""Properties of all requests: authorization, headers, limits, errors."""

import base64
import hashlib
import json
import re
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import httpx
import pytest

from hcfmt.errors import UsageError
from hcfmt.pytest_plugin import HipchatArchives, HipchatServer
from hcfmt.server.http import operation_endpoint
from hcfmt.server.http.app import HipchatApp
from hcfmt.server.http.log import Log
from hcfmt.server.json_rendering import error_type
from hcfmt.server.openapi.contract import Operation, operations
from hcfmt.server.operations import OPERATIONS
from hcfmt.server.operations.call import ApiResponse, Call
from hcfmt.server.running import serve
from hcfmt.server.settings import Settings
from hcfmt.server.store import open_store
from tests.server.concurrency import THREADS, run_concurrently
from tests.server.serving import TOKEN, Client, get, post, request, serving

ROOM = 100_001  # the first room that the generator makes
WITH_PHOTO = 4  # a user with a photo


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HipchatServer]:
    with serving(tmp_path_factory.mktemp("served"), max_body=5_000, max_upload=100_000, max_requests=50) as server:
        yield server


@pytest.fixture
def client(server: HipchatServer) -> Iterator[httpx.Client]:
    with Client(base_url=server.api, headers=server.headers) as http_client:
        yield http_client


def error(response: httpx.Response) -> tuple[int, str]:
    """Return the code and message of an error, after checking its form."""
    members = response.json()["error"]
    assert response.headers["Content-Type"] == "application/json"
    assert response.text == json.dumps({"error": members}, indent=2, sort_keys=True)
    assert (members["code"], members["type"]) == (response.status_code, error_type(response.status_code))
    return members["code"], members["message"]


# Authorization.


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


def issue_headers(client: httpx.Client, **form: str) -> dict[str, str]:
    """Issue a token of the first user, and return its headers."""
    user = client.get("/user").json()["items"][0]
    grant = {"grant_type": "password", "username": f"@{user['mention_name']}", "password": TOKEN, **form}
    response = client.post("/oauth/token", data=grant)
    assert response.status_code == 200
    return {"Authorization": f"Bearer {response.json()['access_token']}"}


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


# Every response.

ANSWERS: list[tuple[str, str, int]] = [
    ("GET", "/v2/room", 200),
    ("HEAD", "/v2/room", 200),
    ("GET", "/v2/capabilities", 200),
    ("PUT", f"/v2/room/{ROOM}/topic", 204),
    ("POST", f"/v2/room/{ROOM}/message", 201),
    ("POST", f"/v2/room/{ROOM}/message?auth_test=true", 202),
    ("GET", f"/v2/user/{WITH_PHOTO}/photo/small", 302),
    ("GET", "/v2/room/nowhere", 404),
    ("GET", "/v2/nowhere", 404),
    ("HEAD", "/v2/nowhere", 404),
    ("GET", "/nowhere", 404),
    ("PATCH", "/v2/room", 405),
    ("OPTIONS", "/v2/room", 405),
    ("POST", "/docs", 405),
    ("POST", "/v2/openapi.json", 405),
    ("POST", f"/v2/room/{ROOM}/notification", 400),
    ("GET", "/v2/openapi.json", 200),
    ("GET", "/docs", 200),
    ("GET", "/", 302),
    ("GET", "/files/nowhere", 404),
    ("GET", "/_hcfmt/requests", 200),
]
BODIES = {"topic": {"topic": "x"}, "message": {"message": "x"}, "notification": {"color": "mauve"}}


@pytest.mark.parametrize(("method", "path", "status"), ANSWERS)
def test_every_response_has_the_rate_limit_headers(server: HipchatServer, method: str, path: str, status: int) -> None:
    body = BODIES.get(path.partition("?")[0].rpartition("/")[2])
    response = request(method, f"{server.url}{path}", json=body, headers=server.headers)
    assert response.status_code == status
    names = [name.decode() for name, _ in response.headers.raw]
    assert [name for name in names if name.startswith("X-R")] == [
        "X-Ratelimit-Limit",
        "X-Ratelimit-Remaining",
        "X-Ratelimit-Reset",
    ]
    assert int(response.headers["X-Ratelimit-Remaining"]) > 0


@pytest.mark.parametrize("path", ["/v2/room", "/v2/capabilities", "/v2/nowhere", "/docs", "/"])
def test_head_returns_the_headers_of_get(server: HipchatServer, path: str) -> None:
    responses = []
    for method in ("GET", "HEAD"):
        response = request(method, f"{server.url}{path}", headers=server.headers)
        headers = {name: value for name, value in response.headers.items() if name not in {"date", "x-ratelimit-reset"}}
        responses.append((response.status_code, headers))
    assert responses[0] == responses[1]
    assert response.content == b""


def test_an_unsupported_method_is_answered_with_allow(client: httpx.Client) -> None:
    response = client.patch("/room")
    assert error(response) == (405, "Method not allowed")
    assert response.headers["Allow"] == "GET, HEAD, POST"


def test_bodies_are_rendered_as_hipchat_did(client: httpx.Client) -> None:
    response = client.get("/room")
    assert response.headers["Content-Type"] == "application/json"
    assert response.text == json.dumps(response.json(), sort_keys=True)


@pytest.mark.parametrize("host", ["a b", "x/y", "evil.example/v2/room?", "x@y"])
def test_a_malformed_host_is_refused(client: httpx.Client, host: str) -> None:
    assert error(client.get("/room", headers={"Host": host}))[0] == 400


@pytest.mark.parametrize("host", ["localhost:8080", "api.hipchat.com", "127.0.0.1:9"])
def test_links_have_the_host_that_the_client_used(client: httpx.Client, host: str) -> None:
    own = client.get("/room", headers={"Host": host}).json()["links"]["self"]
    assert own == f"http://{host}/v2/room"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8080", "192.0.2.7"])
def test_links_never_have_the_host_of_another_server(server: HipchatServer, host: str) -> None:
    headers = {**server.headers, "Host": host}
    assert get(f"{server.api}/room", headers=headers).json()["links"]["self"] == f"{server.api}/room"
    assert get(f"{server.url}/", headers=headers).headers["Location"] == f"{server.url}/docs"
    for url in (f"{server.api}/openapi.json", f"{server.url}/docs", f"{server.api}/capabilities"):
        assert host not in get(url, headers=headers).text
    photo = get(f"{server.api}/user/{WITH_PHOTO}/photo/small", headers=headers)
    assert photo.headers["Location"].startswith(f"{server.url}/files/")


def test_the_document_and_the_docs_page_need_no_token(server: HipchatServer) -> None:
    document = get(f"{server.api}/openapi.json").json()
    assert [server["url"] for server in document["servers"]] == [server.api]
    page = get(f"{server.url}/", follow_redirects=True)
    assert page.url == f"{server.url}/docs"
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "getAllRooms" in page.text
    digest = base64.b64encode(hashlib.sha256(page.text.split("<style>")[1].split("</style>")[0].encode()).digest())
    policy = {
        item.partition(" ")[0]: item.partition(" ")[2] for item in page.headers["Content-Security-Policy"].split("; ")
    }
    assert policy.pop("style-src") == f"'sha256-{digest.decode()}'"
    assert policy == dict.fromkeys(["default-src", "base-uri", "form-action", "frame-ancestors"], "'none'")
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["X-Frame-Options"] == "DENY"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert not re.search(r"<(script|img|iframe|link|form|object)\b|<[^>]*\s(style|on[a-z]+|src)=", page.text)


# Limits.


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
    inside, most, entered, gate = [0], [0], threading.Semaphore(0), threading.Event()

    def slow(_: Call) -> ApiResponse:
        inside[0] += 1
        most[0] = max(*most, *inside)
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
    assert most == [2]


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
        others = {"Authorization": "Bearer another"}
        assert client.get("/room", headers=others).headers["X-Ratelimit-Remaining"] == "2"
        assert client.get(f"{server.url}/docs").status_code == 200  # which is no part of the API
        server.reset()
        assert client.get("/room").status_code == 200


def test_invalid_tokens_share_the_limit_of_their_address(tmp_path: Path) -> None:
    with (
        serving(tmp_path, rate_limit=(3, 1_000)) as server,
        Client(base_url=server.api, headers=server.headers) as client,
    ):

        def left(token: str) -> tuple[int, str]:
            response = client.get("/capabilities", headers={"Authorization": f"Bearer {token}"})
            return response.status_code, response.headers["X-Ratelimit-Remaining"]

        assert left(TOKEN) == (200, "2")
        assert [left(f"made up {number}") for number in range(4)] == [(200, "2"), (200, "1"), (200, "0"), (429, "0")]
        assert {left(f"made up {number}") for number in range(1_100)} == {(429, "0")}
        assert get(f"{server.api}/capabilities").status_code == 429
        assert [left(TOKEN) for _ in range(3)] == [(200, "1"), (200, "0"), (429, "0")]


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

        def left(path: str) -> Any:  # noqa: ANN401 - what httpx says
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
        assert [left(path) for path in rooms] == ["29", "28", "27", "26", "25"]
        users = [user["id"], user["email"], user["email"].upper(), f"@{user['mention_name']}"]
        assert [left(f"/user/{user}") for user in users] == ["29", "28", "27", "26"]
        assert [left("/room/nowhere"), left("/user/nobody@nowhere.invalid")] == [None, None]


# Fault injection and internal errors.


def test_injected_failures_are_reproducible(client: httpx.Client, server: HipchatServer) -> None:
    server.fail((503, 0.5), seed=3)
    first = [client.get("/room").status_code for _ in range(30)]
    server.fail((503, 0.5), seed=3)
    assert [client.get("/room").status_code for _ in range(30)] == first
    assert set(first) == {200, 503}
    failed = next(item for item in (client.get("/room") for _ in range(100)) if item.status_code == 503)
    assert error(failed) == (503, "Injected failure")


def test_a_failed_request_is_not_executed(client: httpx.Client, server: HipchatServer) -> None:
    server.fail((500, 1.0))
    assert client.post("/room", json={"name": "Never made"}).status_code == 500
    assert client.get("/room").status_code == 500
    assert client.get(f"{server.url}/files/x").status_code == 500
    server.fail()
    assert client.get("/room/Never%20made").status_code == 404


def test_internal_errors_show_no_traceback_and_log_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Call) -> ApiResponse:
        raise KeyError("words of an archive")

    def damaged(_: Call) -> ApiResponse:
        raise UsageError("/store: is damaged; delete it.")

    def cut(_: Call) -> ApiResponse:
        def chunks() -> Iterator[bytes]:
            yield b"some"
            raise OSError("words of an archive")

        return ApiResponse(chunks=chunks())

    put = cast("dict[str, Callable[[Call], ApiResponse]]", OPERATIONS)
    monkeypatch.setitem(put, "getCapabilities", broken)
    monkeypatch.setitem(put, "getAllRooms", cut)
    monkeypatch.setitem(put, "getAllUsers", damaged)
    lines: list[str] = []
    errors: list[str] = []
    archive = HipchatArchives(tmp_path)("tiny", form=".tar").path
    with (
        open_store(str(archive)) as store,
        serve(store, Settings(TOKEN), lambda: 1_500_000_000.0, log=Log(lines.append, errors.append)) as running,
    ):
        response = get(f"{running.api}/capabilities?auth_token={TOKEN}")
        assert error(response) == (500, "Internal error of this server")
        with pytest.raises(httpx.RemoteProtocolError):
            get(f"{running.api}/room?auth_token={TOKEN}&x=y")
        sentence = "The server cannot read or write its data; its log says why"
        assert error(get(f"{running.api}/user?auth_token={TOKEN}")) == (500, sentence)
    assert [line.split(" at ")[0] for line in errors] == [
        "GET getCapabilities: KeyError",
        "GET getAllRooms: OSError",
        "GET getAllUsers: /store: is damaged; delete it.",
    ]
    assert lines == [
        "127.0.0.1 GET /v2/capabilities?auth_token=%2A%2A%2A 500",
        "127.0.0.1 GET /v2/room?auth_token=%2A%2A%2A&x=y 200",
        "127.0.0.1 GET /v2/user?auth_token=%2A%2A%2A 500",
    ]


def test_another_main_token_revokes_the_tokens_of_a_kept_store(tmp_path: Path) -> None:
    archive, store_path = str(HipchatArchives(tmp_path)("tiny", form=".tar").path), str(tmp_path / "kept")
    issued_first: dict[str, str] = {}
    statuses = []
    for main in (TOKEN, TOKEN, "another-main-token"):
        with (
            open_store(archive, store_path=store_path) as store,
            serve(store, Settings(main), lambda: 1_500_000_000.0) as running,
            Client(base_url=running.api, headers={"Authorization": f"Bearer {main}"}) as client,
        ):
            issued_first = issued_first or issue_headers(client)
            statuses += [client.get("/room", headers=headers).status_code for headers in ({}, issued_first)]
    assert statuses == [200, 200, 200, 200, 200, 401]


def test_a_server_without_a_function_for_an_operation_does_not_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(cast("dict[str, object]", OPERATIONS), "getRoom")
    with (
        open_store(str(HipchatArchives(tmp_path)("tiny", form=".tar").path)) as store,
        pytest.raises(LookupError, match="getRoom"),
    ):
        HipchatApp(store, Settings(TOKEN), lambda: 0.0)


def test_a_server_needs_nothing_but_a_store(tmp_path: Path) -> None:
    archive = str(HipchatArchives(tmp_path)("tiny", form=".tar").path)
    with open_store(archive) as store, serve(store) as running:
        assert get(f"{running.api}/room", headers={"Authorization": f"Bearer {running.token}"}).status_code == 200
