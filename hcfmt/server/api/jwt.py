"""JSON Web Tokens (RFC 7519) with which the server signs requests to add-ons (docs/api.md#signed-requests)."""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from hcfmt.server.api import tokens

if TYPE_CHECKING:
    from hcfmt.server.api.events import Event
    from hcfmt.server.store import Store

LIFETIME = 3_600
"""Seconds that a token is valid."""

_HEADER = {"alg": "HS256", "typ": "JWT"}
_ID_LENGTH = 20


def signer(store: "Store", main_token: str, clock: Callable[[], float]) -> Callable[[str, "Event"], str]:
    """Return the function that signs deliveries of events: it takes the oauthId of an add-on and returns a token.

    The token is empty for an add-on that is not installed any more.
    """

    def sign(client: str, event: "Event") -> str:
        if tokens.find_addon(store, client) is None:
            return ""
        return encode(_claims(client, event, int(clock())), tokens.addon_secret(main_token, client))

    return sign


def _claims(client: str, event: "Event", now: int) -> dict[str, Any]:
    """Return the claims of a delivery; ``prn`` and ``sub`` are the id of the user who caused the event, if one did."""
    message = event.item.get("message")
    sender = message.get("from") if isinstance(message, dict) else event.item.get("sender")
    user = sender.get("id") if isinstance(sender, dict) else None
    subject = {} if user is None else {"prn": str(user), "sub": str(user)}
    context = {"room_id": event.room, "user_tz": "UTC"}
    identity = tokens.random_text(_ID_LENGTH)
    return {"iss": client, "iat": now, "exp": now + LIFETIME, "jti": identity, "context": context, **subject}


def encode(payload: Mapping[str, Any], secret: str) -> str:
    """Return the token of claims, signed by HMAC with SHA-256."""
    message = f"{_part(json.dumps(_HEADER).encode())}.{_part(json.dumps(payload).encode())}"
    return f"{message}.{_part(hmac.digest(secret.encode(), message.encode(), 'sha256'))}"


def _part(data: bytes) -> str:
    return urlsafe_b64encode(data).decode("ascii").rstrip("=")
