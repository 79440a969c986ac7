"""Middleware that resolves the target of a request, also of a request to a proxy."""

from starlette.types import ASGIApp, Receive, Scope, Send

from hcfmt.server.api.links import Links
from hcfmt.server.errors import ApiError
from hcfmt.server.http.request import context_of, local_address
from hcfmt.server.http.target import own_host, parse_target
from hcfmt.server.settings import Settings

MAX_PARAMETERS = 1_000
"""Parameters of a query."""


class RequestTarget:
    """Sets the path of a request and the base URL of the links in its response."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        """Wrap an application."""
        self._app = app
        self._base_url = settings.base_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond to a request; raises ApiError(400) for a malformed host or too many query parameters."""
        context = context_of(scope)
        local = local_address(context.request)
        host = own_host(context.request.headers.get("host"), local)
        target = parse_target(scope["scheme"], host, local, context.path)
        context.path, context.parts = target.path, target.parts
        if len(context.pairs) > MAX_PARAMETERS:
            raise ApiError(400, f"A query has at most {MAX_PARAMETERS:,} parameters")
        root = (self._base_url or target.origin).removesuffix("/").removesuffix("/v2")
        context.links = Links(f"{root}/v2")
        await self._app(scope, receive, send)
