"""The page of a server: who may see it, its files, its documents, its headers."""

import json
from collections.abc import Iterator

import httpx
import pytest

from hcfmt.pytest_plugin import HipchatServer
from hcfmt.server.page import documents
from hcfmt.server.page.page import Page, front_end
from hcfmt.server.page.search import search
from hcfmt.server.running import Running, serve
from hcfmt.server.settings import Settings
from tests.support.http_client import error
from tests.support.serving import TOKEN, Client, get
from tests.support.store_exports import FIRST, members, room, room_message, store_of, user, uuid

HISTORY = [("UserMessage", room_message(at, at * 1_000, message=f"user {at}")) for at in range(5)]
EXPORT = members([user(1)], [room(7)], {"rooms/7": HISTORY}, {"rooms/7/files/a/b.html": b"<script>"})
DOCUMENTS = [
    "overview.json",
    "messages.json?chat=room-7",
    "at.json?chat=room-7&time=0",
    f"place.json?chat=room-7&id={uuid(1)}",
    "search.json?q=3",
    "findings.json",
]


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with store_of(EXPORT) as store, serve(store, Settings(TOKEN), page=Page("a.tar", is_alone=True)) as running:
        yield running


@pytest.fixture
def browser(running: Running) -> Iterator[httpx.Client]:
    """Return a client that has opened the page's address."""
    with Client(base_url=running.url, follow_redirects=True) as client:
        assert client.get(running.page).status_code == 200
        yield client


def test_the_address_with_the_token_leads_to_the_page(running: Running) -> None:
    answer = get(running.page)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{running.url}/")
    cookie = answer.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert TOKEN not in cookie
    with Client(base_url=running.url, follow_redirects=True) as client:
        page = client.get(running.page)
    assert page.content == front_end()["index.html"][0]
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("query", ["", "?token=", "?token=wrong", "?auth_token=" + TOKEN, "?token=%FF"])
def test_without_the_token_the_page_says_what_to_open(running: Running, query: str) -> None:
    answer = get(f"{running.url}/{query}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (401, "text/html; charset=utf-8")
    assert "Open the address that hcfmt printed" in answer.text
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("name", [*DOCUMENTS, "nothing.json", *front_end()])
def test_nothing_of_the_page_is_shown_without_the_cookie(running: Running, name: str) -> None:
    assert error(get(f"{running.url}/page/{name}"))[0] == 401
    cookies = dict.fromkeys(("hcfmt-page", running.url.replace("http://127.0.0.1:", "hcfmt-page-")), "0" * 64)
    assert get(f"{running.url}/page/{name}", cookies=cookies).status_code == 401


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_token_in_a_header_opens_the_documents(running: Running, name: str) -> None:
    assert get(f"{running.url}/page/{name}", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200


def test_a_cookie_of_one_server_is_worth_nothing_on_another(running: Running, browser: httpx.Client) -> None:
    cookie = browser.build_request("GET", "/").headers["Cookie"]
    assert get(f"{running.url}/page/overview.json", headers={"Cookie": cookie}).status_code == 200
    with store_of(EXPORT) as store, serve(store, Settings("another-token")) as other:
        own = f"hcfmt-page-{other.url.rpartition(':')[2]}={cookie.partition('=')[2]}"
        answers = [get(f"{other.url}/page/overview.json", headers={"Cookie": value}) for value in (cookie, own)]
    assert [answer.status_code for answer in answers] == [401, 401]


def test_the_documents_are_those_of_the_store(running: Running, browser: httpx.Client) -> None:
    store = running.app.state.store
    expected = [
        documents.overview(store, "a.tar"),
        documents.messages(store, "room-7", 0, 200),
        {"i": 0},
        {"i": 1},
        search(store, "3"),
        {"state": "not checked", "reason": "The server was started with a store alone."},
    ]
    answers = [browser.get(f"/page/{name}") for name in DOCUMENTS]
    assert [answer.json() for answer in answers] == json.loads(json.dumps(expected))
    assert {answer.headers["Content-Type"] for answer in answers} == {"application/json"}


@pytest.mark.parametrize(
    ("query", "ranks"),
    [("first=3", [3, 4]), ("first=1&count=2", [1, 2]), ("first=-5&count=1", [0]), ("first=9", []), ("count=-1", [])],
)
def test_a_page_of_messages_is_chosen_by_rank(browser: httpx.Client, query: str, ranks: list[int]) -> None:
    answer = browser.get(f"/page/messages.json?chat=room-7&{query}")
    assert [message["i"] for message in answer.json()] == ranks


def test_a_time_is_in_milliseconds(browser: httpx.Client) -> None:
    assert browser.get(f"/page/at.json?chat=room-7&time={FIRST // 1_000 + 3}").json() == {"i": 3}


def test_a_search_goes_on_from_request_to_request(browser: httpx.Client) -> None:
    query = "/page/search.json?q=%3C&count=2"
    assert browser.get(query).json() == {"hits": [], "next": None, "total": 0, "is_total_exact": True}
    ranks: list[int] = []
    before: str | None = ""
    for _ in range(3):
        result = browser.get(f"/page/search.json?q=user&count=2&chat=room-7&before={before}").json()
        ranks += [hit["i"] for hit in result["hits"]]
        before = result["next"]
    assert (ranks, before) == ([4, 3, 2, 1, 0], None)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("messages.json", 400),
        ("messages.json?chat=x", 400),
        ("messages.json?chat=room-7&first=x", 400),
        ("messages.json?chat=room-7&count=1.5", 400),
        ("messages.json?chat=room-7&first=" + "9" * 30, 400),
        ("at.json?chat=room-7&time=", 400),
        (f"place.json?chat=room-7&id={uuid(99)}", 404),
        ("place.json?chat=room-7", 404),
        ("search.json?q=x&before=x", 400),
        ("search.json?q=x&chat=x", 400),
        ("search.json?q=x&count=x", 400),
        ("nothing.json", 404),
        ("", 404),
        ("index.html", 404),
        ("../page.py", 404),
        ("%2e%2e/page.py", 404),
        ("__init__.py", 404),
    ],
)
def test_what_is_not_there_is_an_error(browser: httpx.Client, path: str, status: int) -> None:
    assert error(browser.get(f"/page/{path}"))[0] == status


def test_every_file_of_the_front_end_is_served_with_its_type(browser: httpx.Client) -> None:
    types = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
    for name, (data, _) in front_end().items():
        answer = browser.get("/" if name == "index.html" else f"/page/{name}")
        assert answer.content == data
        assert answer.headers["Content-Type"] == f"{types[name.rpartition('.')[2]]}; charset=utf-8"


@pytest.mark.parametrize("path", ["/", "/page/overview.json"])
def test_the_page_runs_and_loads_what_is_its_own_only(browser: httpx.Client, running: Running, path: str) -> None:
    answers = [browser.get(path), get(f"{running.url}/")]
    assert [answer.status_code for answer in answers] == [200, 401]
    for answer in answers:
        assert answer.headers["Content-Security-Policy"] == (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/", "/page/overview.json", "/page/nothing"])
def test_pages_of_other_sites_may_not_read_the_page(browser: httpx.Client, running: Running, path: str) -> None:
    origin = {"Origin": "https://other.example"}
    for answer in (browser.get(path, headers=origin), get(f"{running.url}{path}", headers=origin)):
        assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize("path", ["/", "/page/overview.json"])
def test_the_page_is_read_only(browser: httpx.Client, method: str, path: str) -> None:
    assert error(browser.request(method, path))[0] == 405


@pytest.mark.parametrize("path", ["/v2/room", "/docs", "/_hcfmt/requests", "/v2/openapi.json"])
def test_a_page_alone_has_no_api(browser: httpx.Client, path: str) -> None:
    answer = browser.get(path, headers={"Authorization": f"Bearer {TOKEN}"})
    assert error(answer)[0] == 404


def test_a_file_of_the_archive_never_runs_as_a_page(browser: httpx.Client, running: Running) -> None:
    path = "/files/rooms/7/files/a/b.html"
    assert get(f"{running.url}{path}").status_code == 401
    answer = browser.get(path)
    assert answer.content == b"<script>"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_server_with_an_api_has_the_page_too(server: HipchatServer) -> None:
    refused = get(f"{server.url}/")
    assert refused.status_code == 401
    assert "/docs" in refused.text
    assert get(f"{server.url}/page/overview.json", headers=server.headers).json()["people"]
    assert server.requests(path="/page/overview.json") == []
