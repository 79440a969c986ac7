"""The list of requests: what is remembered, what is hidden, what is found again."""

import json
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from hcfmt.errors import UsageError
from hcfmt.server.http.request_log import LoggedRequest, RequestLog
from hcfmt.server.redaction import redact_body, redact_path, redact_query, redact_request


def request(**told: Any) -> LoggedRequest:  # noqa: ANN401 - fields of LoggedRequest
    plain: dict[str, Any] = {
        "method": "GET",
        "path": "/v2/room",
        "query": {},
        "operation": "getAllRooms",
        "user": 7,
        "status": 200,
        "size": 0,
        "body": None,
        "at": 1.0,
    }
    return LoggedRequest(**{**plain, **told})


def test_requests_are_listed_the_oldest_first_and_numbered() -> None:
    log = RequestLog(10)
    for path in ("/v2/room", "/v2/user"):
        log.add(request(path=path))
    assert [(one["number"], one["path"]) for one in log.find({})] == [(1, "/v2/room"), (2, "/v2/user")]


@pytest.mark.parametrize(
    ("filters", "numbers"),
    [
        ({"method": "POST"}, [2]),
        ({"status": "200"}, [1, 3]),
        ({"path": "/v2/user"}, [3]),
        ({"operation": "getAllRooms", "user": "7"}, [1]),
        ({"user": ""}, [3]),
        ({"method": "POST", "status": "200"}, []),
    ],
    ids=str,
)
def test_requests_are_found_by_what_they_were(filters: dict[str, str], numbers: list[int]) -> None:
    log = RequestLog(10)
    log.add(request())
    log.add(request(method="POST", operation="createRoom", status=201))
    log.add(request(path="/v2/user", operation=None, user=None))
    assert [one["number"] for one in log.find(filters)] == numbers


def test_the_oldest_are_forgotten_when_there_are_too_many() -> None:
    log = RequestLog(3)
    for _ in range(5):
        log.add(request())
    assert [one["number"] for one in log.find({})] == [3, 4, 5]


def test_the_oldest_are_forgotten_when_their_bodies_are_too_large_together() -> None:
    log = RequestLog(100, max_bytes=25_000)
    for _ in range(5):
        log.add(request(size=10_000, body="x" * 10_000))
    assert [one["number"] for one in log.find({})] == [4, 5]
    log.add(request(size=10**9))  # its body is not kept, and takes no room
    assert len(log.find({})) == 3


def test_long_paths_and_queries_take_room_too() -> None:
    log = RequestLog(1_000, max_bytes=1_000_000)
    for _ in range(10):
        log.add(request(path="/v2/" + "x" * 100_000, query={str(number): "y" for number in range(500)}))
    assert len(log.find({})) == 4


def test_cleared_requests_are_forgotten_and_the_numbers_go_on() -> None:
    log = RequestLog(10)
    log.add(request(size=5, body="x"))
    log.clear()
    assert log.find({}) == []
    log.add(request())
    assert [one["number"] for one in log.find({})] == [2]


def test_no_token_is_shown() -> None:
    query = redact_query([("auth_token", "secret"), ("TOKEN", "secret"), ("token", ""), ("max-results", "5")])
    assert query == {"auth_token": "***", "TOKEN": "***", "token": "", "max-results": "5"}


def test_a_filter_that_there_is_not_is_refused() -> None:
    with pytest.raises(UsageError, match="'statuss'; did you mean 'status'"):
        RequestLog(10).find({"statuss": "503"})


NAMES = ("auth-token", "authToken", "auth_token[]", " auth_token", "?auth_token", "oauthSecret", "Password")


@pytest.mark.parametrize("name", NAMES)
def test_no_secret_is_shown_however_its_name_is_spelled(name: str) -> None:
    assert redact_query([(name, "telling")]) == {name: "***"}
    assert redact_body("/v2/x", json.dumps({name: "telling"}).encode()) == {name: "***"}
    for spelled in (name.strip(), quote(name.strip()), name.strip().replace("o", "%6F")):
        assert redact_body("/v2/x", f"a=b&{spelled}=telling".encode()) is None


@pytest.mark.parametrize("token", ["AN-ODD/TOKEN+WITH=ALL&OF?IT", "A-PLAIN-TOKEN"])
@pytest.mark.parametrize("path", ["/v2/room{}", "/v2/room%3F{}", "/v2/{}/x", "/v2/oauth%2Ftoken%2F{}", "/{}"])
@pytest.mark.parametrize("form", ["{}", "auth_token={}", "auth_token%3D{}", "x{}x", "tok={}"])
def test_a_token_that_is_known_is_shown_nowhere(token: str, path: str, form: str) -> None:
    spelled = {token, quote(token), quote(token, safe=""), quote_plus(token)}
    for one in spelled:
        held = form.format(one)
        pairs = [("q", held), (held, ""), ("a", f"1;auth_token={one}")]
        for body in (json.dumps({"message": f"see {held}", "list": [held]}), f"see {held}"):
            told = redact_request(path.format(held), pairs, body.encode(), [token])
            assert not [other for other in spelled if other in repr(told)]


def test_a_token_that_is_known_is_not_shown_however_its_letters_are_encoded() -> None:
    for spelled in ("".join(f"%{ord(one):02x}" for one in "A-PLAIN-TOKEN"), "%41-PLAIN-TOKEN"):
        path, _, _ = redact_request(f"/v2/room/{spelled}/My%20Room", [], b"", ["A-PLAIN-TOKEN"])
        assert path == "/v2/room/***/My%20Room"


def test_a_token_that_could_be_a_part_of_any_word_is_not_looked_for() -> None:
    assert redact_request("/v2/room/10", [("q", "1")], b"1", ["1"]) == ("/v2/room/10", {"q": "1"}, 1)


def test_no_url_in_a_query_tells_a_secret() -> None:
    pairs = [("url", "http://a:secret@b/?auth_token=secret"), ("q", "a@b")]
    assert redact_query(pairs) == {"url": "http://***@b/?auth_token=***", "q": "a@b"}


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/v2/oauth/token/secret", "/v2/oauth/token/***"),
        ("//v2/oauth//token/secret", "/v2/oauth/token/***"),
        ("/v2/%6Fauth/token/secret/", "/v2/oauth/token/***"),
        ("/v2/oauth%2Ftoken%2Fsecret", "/v2/oauth/token/***"),
        ("/v2/room%3Fauth_token=secret", "/v2/room%3Fauth_token=***"),
        ("/v2/room%3fx=1%26authToken%3dsecret", "/v2/room%3fx=1%26authToken%3d***"),
        ("/v2/room;token=secret;x=y", "/v2/room;token=***;x=y"),
        ("/v2/oauth/token", "/v2/oauth/token"),
        ("/v2/room/My%20Room", "/v2/room/My%20Room"),
        ("http://someone:secret@chat.example/v2/room", "http://***@chat.example/v2/room"),
        ("HTTP://some@one:secret@chat.example/v2/room/@Name", "HTTP://***@chat.example/v2/room/@Name"),
        ("http://someone:secret@chat.example/v2/oauth/token/secret", "/v2/oauth/token/***"),
        ("/v2/user/someone@chat.example", "/v2/user/someone@chat.example"),
    ],
)
def test_no_token_in_a_path_is_shown(path: str, shown: str) -> None:
    assert redact_path(path) == shown


@pytest.mark.parametrize(
    ("path", "data", "shown"),
    [
        ("/v2/room/1/message", b'{"message": "hi"}', {"message": "hi"}),
        ("/v2/room/1/message", "grüß".encode(), "grüß"),
        ("/v2/room/1/message", b"\xff\xfe", None),
        ("/v2/room/1/message", b"[" * 900 + b"]" * 900, "[" * 900 + "]" * 900),
        ("/v2/room/1/message", b"", None),
        ("/v2/room/1/message", b'"' + b"x" * 70_000 + b'"', None),
        (
            "/v2/room/1/webhook",
            b'{"url": "http://a:secret@b/?x=1&token=secret#c"}',
            {"url": "http://***@b/?x=1&token=***#c"},
        ),
        (
            "/v2/room/1/message",
            b'[{"message": "see https://secret@b/d and c@d"}]',
            [{"message": "see https://***@b/d and c@d"}],
        ),
        ("/v2/room/1/message", b"see https://a:secret@b", "see https://***@b"),
        ("/v2/oauth/token", b"grant_type=password&password=secret", None),
        ("/v2//oauth/token/", b"grant_type=password&password=secret", None),
    ],
)
def test_a_body_is_shown_as_a_value_if_it_is_short_and_has_no_secrets(path: str, data: bytes, shown: object) -> None:
    assert redact_body(path, data) == shown
