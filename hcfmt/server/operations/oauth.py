"""Operations on tokens, also called sessions (docs/api.md#authorization)."""

import hmac
from collections.abc import Mapping
from typing import Any

from hcfmt.server.api import objects, tokens
from hcfmt.server.api.objects import Object
from hcfmt.server.api.tokens import ALL, SCOPES, YEAR, Token
from hcfmt.server.errors import ApiError
from hcfmt.server.operations import representations
from hcfmt.server.operations.call import ApiResponse, Call

HOUR = 3_600
"""Seconds that the token of an add-on is valid."""

_Grant = tuple[int | None, frozenset[str], str | None]  # owner, allowed scopes, add-on


def generate_token(call: Call) -> ApiResponse:
    """Issue a token for the secret of an add-on, for the main token as a user's password, or for a refresh token."""
    form: Mapping[str, Any] = call.body
    owner, allowed, client = _GRANTS[form["grant_type"]](call, form)
    scopes = _scopes(form.get("scope") or "", allowed)
    seconds = YEAR if client is None else HOUR
    addon = tokens.find_addon(call.store, client) if client else None
    room = addon[1]["room"] if addon else None
    value = tokens.issue(call.store, owner, scopes, call.now, seconds=seconds, room=room, client=client)
    body: Object = {
        "access_token": value,
        "expires_in": seconds,
        "group_id": objects.GROUP,
        "group_name": objects.GROUP_NAME,
        "scope": " ".join(sorted(scopes)),
        "token_type": "bearer",
    }
    if owner is not None:
        body["refresh_token"] = tokens.issue_refresh(call.store, owner, scopes, call.now, client)
    return ApiResponse(body=body)


def _credentials(call: Call, form: Mapping[str, Any]) -> tuple[str, str]:
    """Return the name and password of Basic authentication, or else of the form."""
    return call.basic or (form.get("username") or "", form.get("password") or "")


def _client_credentials_grant(call: Call, form: Mapping[str, Any]) -> _Grant:
    name, password = _credentials(call, form)
    found = tokens.find_addon(call.store, name)
    if found is None or not hmac.compare_digest(found[1]["secret"], tokens.hash_secret(password)):
        raise _invalid_session()
    return None, frozenset(found[1]["scopes"]), name


def _password_grant(call: Call, form: Mapping[str, Any]) -> _Grant:
    name, password = _credentials(call, form)
    token = tokens.find(call.store, password, call.now)
    user = call.store.find_user(name) if token and token.is_main else None
    if user is None or user["is_deleted"]:
        raise _invalid_session()
    return user["id"], ALL, None


def _refresh_token_grant(call: Call, form: Mapping[str, Any]) -> _Grant:
    grant = tokens.spend_refresh(call.store, form.get("refresh_token") or "", call.now)
    user = call.store.user(grant[0]) if grant else None
    if grant is None or user is None or user["is_deleted"]:
        raise _invalid_session()
    return grant


def _authorization_code_grant(_call: Call, _form: Mapping[str, Any]) -> _Grant:
    raise ApiError(400, "grant_type authorization_code is not supported", field="grant_type")


_GRANTS = {
    "authorization_code": _authorization_code_grant,
    "client_credentials": _client_credentials_grant,
    "password": _password_grant,
    "refresh_token": _refresh_token_grant,
}


def _invalid_session() -> ApiError:
    return ApiError(401, "Invalid OAuth session")


def _scopes(text: str, allowed: frozenset[str]) -> frozenset[str]:
    """Return the requested scopes, or all allowed ones by default; raises ApiError(400) for any other."""
    scopes = frozenset(text.split())
    if scopes - SCOPES.keys():
        raise ApiError(400, f"Unknown scope; known scopes: {', '.join(SCOPES)}", field="scope", validation="enum")
    if scopes - allowed:
        raise ApiError(400, "This grant does not allow all of these scopes", field="scope", validation="enum")
    return scopes or allowed


def get_token(call: Call) -> ApiResponse:
    """Return the session of a token."""
    value = call.path["token"]
    token = tokens.find(call.store, value, call.now)
    if token is None:
        raise ApiError(404, "Token not found")
    return ApiResponse(body={**_session(call, token), "access_token": value})


def delete_token(call: Call) -> ApiResponse:
    """Revoke a token; raises ApiError(403) for the main token."""
    token = tokens.find(call.store, call.path["token"], call.now)
    if token is None:
        raise ApiError(404, "Token not found")
    if token.is_main:
        raise ApiError(403, "The main token cannot be revoked")
    tokens.revoke(call.store, call.path["token"])
    return ApiResponse(204)


def get_active_sessions(call: Call) -> ApiResponse:
    """List the sessions of the token's owner, without the tokens."""
    token = call.token
    sessions = tokens.tokens_of(call.store, token.owner, token.client, call.now) if token else []
    body = {"items": [_session(call, session) for session in sessions], "links": {"self": call.links.to("session")}}
    return ApiResponse(body=representations.expand(call, body))


def _session(call: Call, token: Token) -> Object:
    """Return the session of a token; the name of an add-on is its oauthId."""
    owner = None if token.owner is None else call.store.user(token.owner)
    room = None if token.room is None else call.store.room(token.room)
    scopes = sorted(token.scopes)
    return {
        "client": {
            "allowed_scopes": scopes,
            "name": str(owner["name"]) if owner else token.client or "",
            "room": {"id": room["id"], "name": room["name"]} if room else None,
        },
        "expires_in": None if token.expires is None else int(token.expires - call.now),
        "owner": objects.user_ref(call.links, owner) if owner else None,
        "owner_type": "user" if owner else "client",
        "scopes": scopes,
    }
