"""Redaction of tokens and passwords from requests."""

import json
from urllib.parse import quote, quote_plus

import pytest

from hcfmt.server.redaction import redact_body, redact_path, redact_query, redact_request


def test_tokens_in_queries_are_redacted() -> None:
    query = redact_query([("auth_token", "secret"), ("TOKEN", "secret"), ("token", ""), ("max-results", "5")])
    assert query == {"auth_token": "***", "TOKEN": "***", "token": "", "max-results": "5"}


NAMES = ("auth-token", "authToken", "auth_token[]", " auth_token", "?auth_token", "oauthSecret", "Password")


@pytest.mark.parametrize("name", NAMES)
def test_secrets_are_redacted_in_any_spelling_of_their_name(name: str) -> None:
    assert redact_query([(name, "telling")]) == {name: "***"}
    assert redact_body("/v2/x", json.dumps({name: "telling"}).encode()) == {name: "***"}
    for spelling in (name.strip(), quote(name.strip()), name.strip().replace("o", "%6F")):
        assert redact_body("/v2/x", f"a=b&{spelling}=telling".encode()) is None


@pytest.mark.parametrize("token", ["AN-ODD/TOKEN+WITH=ALL&OF?IT", "A-PLAIN-TOKEN"])
@pytest.mark.parametrize("path", ["/v2/room{}", "/v2/room%3F{}", "/v2/{}/x", "/v2/oauth%2Ftoken%2F{}", "/{}"])
@pytest.mark.parametrize("form", ["{}", "auth_token={}", "auth_token%3D{}", "x{}x", "tok={}"])
def test_a_known_token_is_redacted_everywhere(token: str, path: str, form: str) -> None:
    spellings = {token, quote(token), quote(token, safe=""), quote_plus(token)}
    for spelling in spellings:
        text = form.format(spelling)
        pairs = [("q", text), (text, ""), ("a", f"1;auth_token={spelling}")]
        for body in (json.dumps({"message": f"see {text}", "list": [text]}), f"see {text}"):
            redacted = redact_request(path.format(text), pairs, body.encode(), [token])
            assert not [other for other in spellings if other in repr(redacted)]


def test_a_known_token_is_redacted_in_any_encoding() -> None:
    for spelling in ("".join(f"%{ord(item):02x}" for item in "A-PLAIN-TOKEN"), "%41-PLAIN-TOKEN"):
        path, _, _ = redact_request(f"/v2/room/{spelling}/My%20Room", [], b"", ["A-PLAIN-TOKEN"])
        assert path == "/v2/room/***/My%20Room"


def test_a_short_token_is_not_searched_for() -> None:
    assert redact_request("/v2/room/10", [("q", "1")], b"1", ["1"]) == ("/v2/room/10", {"q": "1"}, 1)


def test_secrets_of_urls_in_queries_are_redacted() -> None:
    pairs = [("url", "http://a:secret@b/?auth_token=secret"), ("q", "a@b")]
    assert redact_query(pairs) == {"url": "http://***@b/?auth_token=***", "q": "a@b"}


@pytest.mark.parametrize(
    ("path", "redacted"),
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
def test_tokens_in_paths_are_redacted(path: str, redacted: str) -> None:
    assert redact_path(path) == redacted


@pytest.mark.parametrize(
    ("path", "data", "redacted"),
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
def test_a_short_body_is_shown_redacted(path: str, data: bytes, redacted: object) -> None:
    assert redact_body(path, data) == redacted
