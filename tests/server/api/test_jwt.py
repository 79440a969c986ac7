"""JSON Web Tokens of deliveries, verified by their definition."""

import hmac
import json
from base64 import urlsafe_b64decode
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from hcfmt.server.api import jwt, tokens
from hcfmt.server.api.events import Event

if TYPE_CHECKING:
    from hcfmt.server.store import Store

NOW = 1_600_000_000.75
ADDONS = {"1": {"oauthId": "client"}}
SIGN = jwt.signer(cast("Store", SimpleNamespace(documents=lambda _: ADDONS)), "main token", lambda: NOW)


def decoded(part: str) -> Any:  # noqa: ANN401 - any JSON value
    return json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def test_a_delivery_is_signed_by_hmac_with_the_secret_of_its_addon() -> None:
    header, claims, signature = SIGN("client", Event("room_message", 7, {"message": {"from": {"id": 5}}})).split(".")
    assert decoded(header) == {"alg": "HS256", "typ": "JWT"}
    assert decoded(claims) == {
        "iss": "client",
        "iat": 1_600_000_000,
        "exp": 1_600_003_600,
        "jti": decoded(claims)["jti"],
        "prn": "5",
        "sub": "5",
        "context": {"room_id": 7, "user_tz": "UTC"},
    }
    secret = tokens.addon_secret("main token", "client")
    expected = hmac.digest(secret.encode(), f"{header}.{claims}".encode(), "sha256")
    assert urlsafe_b64decode(signature + "=") == expected


@pytest.mark.parametrize(
    ("item", "user"),
    [
        ({"sender": {"id": 5}}, "5"),
        ({"sender": {"name": "API"}}, None),
        ({"message": {"from": "API"}}, None),
        ({}, None),
    ],
)
def test_the_subject_is_the_user_who_caused_the_event(item: dict[str, Any], user: str | None) -> None:
    claims = decoded(SIGN("client", Event("room_exit", 7, item)).split(".")[1])
    assert (claims.get("prn"), claims.get("sub")) == (user, user)


def test_every_token_has_an_id_of_its_own() -> None:
    event = Event("room_exit", 7, {})
    assert SIGN("client", event) != SIGN("client", event)


def test_nothing_is_signed_for_an_addon_that_is_gone() -> None:
    assert SIGN("another client", Event("room_exit", 7, {})) == ""
