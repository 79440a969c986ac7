"""Middleware that adds the headers of every response."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hcfmt.server.http.request import context_of

ANY_ORIGIN = (b"Access-Control-Allow-Origin", b"*")
"""The header that lets pages of every site read a response (docs/api.md#cross-origin)."""

_IRREGULAR = {b"etag": b"ETag", b"www-authenticate": b"WWW-Authenticate"}


class CommonHeaders:
    """Adds the headers that responses have in common, and spells the names of all.

    These are the rate limit, the flood limit of responses to messages, and for the API ``ANY_ORIGIN``.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond to a request."""
        context = context_of(scope)

        async def add_common_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = context.rate_limit.headers()
                if context.flood_limit:
                    headers += context.flood_limit.headers("FloodControl")
                if context.is_api:
                    headers.append(ANY_ORIGIN)
                message["headers"] = [*((_spelling(name), value) for name, value in message["headers"]), *headers]
            await send(message)

        await self._app(scope, receive, add_common_headers)


def _spelling(name: bytes) -> bytes:
    """Return the name of a header in HipChat's letter case, as in Content-Type (docs/api.md#header-names)."""
    return _IRREGULAR.get(name) or b"-".join(part.capitalize() for part in name.split(b"-"))
