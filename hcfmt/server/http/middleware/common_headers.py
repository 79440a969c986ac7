"""Middleware that adds the headers of every response."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hcfmt.server.http.request import context_of


class CommonHeaders:
    """Adds the rate limit to each response, and the flood limit to responses to messages."""

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
                message["headers"] = [*message["headers"], *headers]
            await send(message)

        await self._app(scope, receive, add_common_headers)
