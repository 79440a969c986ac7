"""Operations on tokens, which HipChat called sessions too (facts 4.8)."""

import hmac
from collections.abc import Mapping
from typing import Any

from hcfmt.server.api import objects, tokens
from hcfmt.server.api.objects import Object
from hcfmt.server.api.tokens import ADDON, ALL, SCOPES, YEAR, Token
from hcfmt.server.errors import ApiError
from hcfmt.server.operations import representations
from hcfmt.server.operations.call import ApiResponse, Call

HOUR = 3_600  # seconds that an add-on's token lasts

_Grant = tuple[int | None, frozenset[str], str | None]  # the owner, the scopes that are allowed, the add-on


def generate_token(call: Call) -> ApiResponse:
    """Give a token for an add-on's secret, for the main token as somebody's password, or for a refresh token."""
    told: Mapping[str, Any] = call.body
    owner, allowed, client = _GRANTS[told["grant_type"]](call, told)
    scopes = _scopes(told.get("scope") or "", allowed)
    seconds = YEAR if client is None else HOUR
    value = tokens.issue(call.store, owner, scopes, call.now, seconds=seconds, client=client)
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


def _credentials(call: Call, told: Mapping[str, Any]) -> tuple[str, str]:
    """Return a name and a password: those of Basic authentication, else those of the form."""
    return call.basic or (told.get("username") or "", told.get("password") or "")


def _for_addon(call: Call, told: Mapping[str, Any]) -> _Grant:
    name, password = _credentials(call, told)
    known = {one["oauthId"]: one for one in call.store.documents(ADDON).values()}.get(name)
    if known is None or not hmac.compare_digest(known["secret"], tokens.hashed(password)):
        raise _wrong()
    return None, frozenset(known["scopes"]), name


def _for_user(call: Call, told: Mapping[str, Any]) -> _Grant:
    name, password = _credentials(call, told)
    main = tokens.find(call.store, password, call.now)
    user = call.store.find_user(name) if main and main.is_main else None
    if user is None or user["is_deleted"]:
        raise _wrong()
    return user["id"], ALL, None


def _for_refresh(call: Call, told: Mapping[str, Any]) -> _Grant:
    kept = tokens.spend_refresh(call.store, told.get("refresh_token") or "", call.now)
    user = call.store.user(kept[0]) if kept else None
    if kept is None or user is None or user["is_deleted"]:
        raise _wrong()
    return kept


def _for_code(_call: Call, _told: Mapping[str, Any]) -> _Grant:
    raise ApiError(400, "Nobody is there to approve: authorization_code is never granted.", field="grant_type")


_GRANTS = {
    "authorization_code": _for_code,
    "client_credentials": _for_addon,
    "password": _for_user,
    "refresh_token": _for_refresh,
}


def _wrong() -> ApiError:
    return ApiError(401, "Invalid OAuth session")


def _scopes(wanted: str, allowed: frozenset[str]) -> frozenset[str]:
    """Return the scopes that are asked for, all that are allowed where none is; raises ApiError(400) for others."""
    asked = frozenset(wanted.split())
    if asked - SCOPES.keys():
        raise ApiError(400, f"Scopes are: {', '.join(SCOPES)}.", field="scope", validation="enum")
    if asked - allowed:
        raise ApiError(400, "That is more than may be asked for here.", field="scope", validation="enum")
    return asked or allowed


def get_token(call: Call) -> ApiResponse:
    """Return what is known of a token."""
    value = call.path["token"]
    known = tokens.find(call.store, value, call.now)
    if known is None:
        raise ApiError(404, "Token not found")
    return ApiResponse(body={**_session(call, known), "access_token": value})


def delete_token(call: Call) -> ApiResponse:
    """Forget a token, but for the one that the server was started with."""
    known = tokens.find(call.store, call.path["token"], call.now)
    if known is None:
        raise ApiError(404, "Token not found")
    if known.is_main:
        raise ApiError(403, "The token that the server was started with cannot be revoked.")
    tokens.revoke(call.store, call.path["token"])
    return ApiResponse(204)


def get_active_sessions(call: Call) -> ApiResponse:
    """List the tokens of the token's owner that have not expired, without their values."""
    own = call.token
    known = tokens.all_of(call.store, own.owner, own.client, call.now) if own else []
    body = {"items": [_session(call, one) for one in known], "links": {"self": call.links.to("session")}}
    return ApiResponse(body=representations.expanded(call, body))


def _session(call: Call, token: Token) -> Object:
    """Return a token as the API tells of one; for an add-on its address stands for its name."""
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
