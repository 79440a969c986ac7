"""Properties of all responses: headers, HEAD, rendering, links; and the start of a server."""

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import cast

import httpx
import pytest

from hcfmt.pytest_plugin import HipchatArchives, HipchatServer
from hcfmt.server.http.app import HipchatApp
from hcfmt.server.operations import OPERATIONS
from hcfmt.server.running import serve
from hcfmt.server.settings import Settings
from hcfmt.server.store import open_store
from tests.support.http_client import ROOM, WITH_PHOTO, error, issue_headers
from tests.support.serving import TOKEN, Client, get, request

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
    ("OPTIONS", "/v2/room", 204),
    ("OPTIONS", "/v2/nowhere", 404),
    ("OPTIONS", "/v2/openapi.json", 204),
    ("OPTIONS", "/docs", 405),
    ("POST", "/docs", 405),
    ("POST", "/v2/openapi.json", 405),
    ("POST", f"/v2/room/{ROOM}/notification", 400),
    ("GET", "/v2/openapi.json", 200),
    ("GET", "/docs", 200),
    ("GET", "/", 200),
    ("GET", f"/?token={TOKEN}", 303),
    ("GET", "/page/overview.json", 200),
    ("GET", "/page/nothing", 404),
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


@pytest.mark.parametrize(("method", "path", "status"), ANSWERS)
def test_pages_of_any_site_may_read_the_api_and_nothing_else(
    server: HipchatServer, method: str, path: str, status: int
) -> None:
    body = BODIES.get(path.partition("?")[0].rpartition("/")[2])
    response = request(method, f"{server.url}{path}", json=body, headers={**server.headers, "Origin": "http://x.test"})
    assert response.status_code == status
    assert response.headers.get("Access-Control-Allow-Origin") == ("*" if path.startswith("/v2/") else None)


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 401), ({"Authorization": "Bearer nonsense"}, 401), ({"Host": "a b"}, 400)],
)
def test_pages_of_any_site_may_read_why_they_are_refused(
    server: HipchatServer, headers: dict[str, str], status: int
) -> None:
    response = get(f"{server.api}/room", headers=headers)
    assert (response.status_code, response.headers["Access-Control-Allow-Origin"]) == (status, "*")


def test_pages_of_any_site_may_read_that_a_head_is_too_long(server: HipchatServer) -> None:
    response = get(f"{server.api}/room", headers={"X-Long": "x" * (1 << 16)})
    assert (response.status_code, response.headers["Access-Control-Allow-Origin"]) == (431, "*")


def test_a_browser_that_asks_before_it_posts_is_answered_without_a_token(server: HipchatServer) -> None:
    asked = {
        "Origin": "https://board.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    response = request("OPTIONS", f"{server.api}/room/{ROOM}/notification", headers=asked)
    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Access-Control-Allow-Methods"] == "OPTIONS, POST"
    assert response.headers["Access-Control-Allow-Headers"] == "Authorization, Content-Type"
    assert response.headers["Allow"] == "OPTIONS, POST"


@pytest.mark.parametrize(
    ("method", "path", "names"),
    [
        ("GET", "/v2/room", {"Content-Type", "Content-Length"}),
        ("GET", f"/v2/user/{WITH_PHOTO}/photo/small", {"Location"}),
        ("POST", "/v2/room", {"Content-Type", "Location"}),
        ("PATCH", "/v2/room", {"Content-Type", "Allow"}),
    ],
)
def test_names_of_headers_are_spelled_as_hipchat_spelled_them(
    server: HipchatServer, method: str, path: str, names: set[str]
) -> None:
    body = {"name": "Spelled"} if method == "POST" else None
    response = request(method, f"{server.url}{path}", json=body, headers=server.headers)
    assert names <= {name.decode() for name, _ in response.headers.raw}


def test_names_of_headers_with_letters_of_their_own_are_kept(server: HipchatServer) -> None:
    refused = get(f"{server.api}/room")
    assert b"WWW-Authenticate" in dict(refused.headers.raw)
    photo = get(get(f"{server.api}/user/{WITH_PHOTO}/photo/small", headers=server.headers).headers["Location"])
    assert b"ETag" in dict(photo.headers.raw)


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
    page = get(f"{server.url}/?token={server.token}", headers=headers)
    assert page.headers["Location"] == f"{server.url}/"
    for url in (f"{server.api}/openapi.json", f"{server.url}/docs", f"{server.api}/capabilities"):
        assert host not in get(url, headers=headers).text
    photo = get(f"{server.api}/user/{WITH_PHOTO}/photo/small", headers=headers)
    assert photo.headers["Location"].startswith(f"{server.url}/files/")


def test_the_document_and_the_docs_page_need_no_token(server: HipchatServer) -> None:
    document = get(f"{server.api}/openapi.json").json()
    assert [server["url"] for server in document["servers"]] == [server.api]
    page = get(f"{server.url}/docs")
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
