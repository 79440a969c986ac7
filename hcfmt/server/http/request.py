"""The context of a request: the request itself and all that the middlewares found out about it."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.types import Receive, Scope

from hcfmt.server.api.links import Links
from hcfmt.server.api.tokens import Token
from hcfmt.server.http.rates import RateLimitStatus
from hcfmt.server.openapi.contract import Operation
from hcfmt.server.transport.addresses import network

API = "v2"
"""The first part of the API's paths."""

_SCOPE_KEY = "hcfmt.context"


@dataclass(slots=True)
class RequestContext:
    """A request and its properties, which the middlewares fill in.

    ``path`` is percent-encoded as received, ``parts`` are its decoded parts, ``path_parameters`` those of the
    operation. ``pairs`` are the names and values of the query. ``failure`` is the status of an injected failure.
    """

    request: Request
    path: str
    pairs: list[tuple[str, str]]
    rate_limit: RateLimitStatus
    flood_limit: RateLimitStatus | None = None
    operation: Operation | None = None
    token: Token | None = None
    body: bytes = b""
    parts: Sequence[str] = ()
    path_parameters: Mapping[str, str] = field(default_factory=dict)
    links: Links = field(default_factory=lambda: Links(""))
    failure: int | None = None

    @property
    def is_api(self) -> bool:
        """Whether the path is the API's, also while the target is not resolved."""
        parts = self.parts or [part for part in self.path.split("/") if part]
        return tuple(parts[:1]) == (API,)

    @property
    def client(self) -> str:
        """The address or network by which the client's requests are counted; empty if unknown."""
        client = self.request.client
        return network(client.host) if client else ""

    @property
    def bearer(self) -> str:
        """The token of the Authorization header, empty without one."""
        scheme, _, value = self.request.headers.get("authorization", "").partition(" ")
        return value.strip() if scheme.lower() == "bearer" else ""

    @property
    def secret(self) -> str:
        """The token of the Authorization header or else of the parameter ``auth_token``, empty without one."""
        values = [value for name, value in self.pairs if name == "auth_token" and value]
        return self.bearer or (values[-1] if values else "")

    @property
    def basic(self) -> tuple[str, str] | None:
        """The name and password of HTTP Basic authentication, None without them."""
        scheme, _, value = self.request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            name, colon, password = base64.b64decode(value.strip(), validate=True).decode().partition(":")
        except ValueError:  # invalid base64 or UTF-8
            return None
        return (name, password) if colon else None

    @property
    def is_auth_test(self) -> bool:
        """Whether the client tests its token (``auth_test=true``) without executing the operation."""
        return any(name == "auth_test" and value.lower() == "true" for name, value in self.pairs)

    @property
    def is_upload(self) -> bool:
        """Whether the body is multipart, and so may contain a file."""
        return self.request.headers.get("content-type", "").lower().startswith("multipart/")


def create_context(scope: Scope, receive: Receive, rate_limit: RateLimitStatus) -> RequestContext:
    """Create the context of a request, and store it in the scope for ``context_of``."""
    path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1").partition("?")[0]
    pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    context = RequestContext(Request(scope, receive), path, pairs, rate_limit)
    scope[_SCOPE_KEY] = context
    return context


def context_of(scope: Scope) -> RequestContext:
    """Return the context of a request from its ASGI scope."""
    return cast("RequestContext", scope[_SCOPE_KEY])


def local_address(request: Request) -> str:
    """Return the host and port that a request was sent to, from its connection."""
    host, port = request.scope.get("server") or ("localhost", None)
    host = f"[{host.partition('%')[0]}]" if ":" in host else host
    return f"{host}:{port}" if port else host
