"""Middleware that logs requests."""

from urllib.parse import urlencode

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hcfmt.server.http.request import RequestContext, context_of
from hcfmt.server.http.request_log import LoggedRequest
from hcfmt.server.http.state import ServerState
from hcfmt.server.redaction import redact_request

_UNLOGGED = {("_hcfmt",), ("page",)}  # first parts of paths that no client of HipChat asks for


class RequestLogging:
    """Adds each request to the request log, except those of its page and control, and writes its access line."""

    def __init__(self, app: ASGIApp, state: ServerState) -> None:
        """Wrap an application."""
        self._app = app
        self._state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond to a request, and log it before the response starts."""

        async def log_and_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._log_request(context_of(scope), message["status"])
            await send(message)

        await self._app(scope, receive, log_and_send)

    def _log_request(self, context: RequestContext, status: int) -> None:
        state, request = self._state, context.request
        secrets = [state.settings.token, *([context.secret] if context.token else [])]
        path, query, body = redact_request(context.path, context.pairs, context.body, secrets)
        if context.parts[:1] not in _UNLOGGED:
            state.request_log.add(
                LoggedRequest(
                    method=request.method,
                    path=path,
                    query=query,
                    operation=context.operation.id if context.operation else None,
                    user=context.token.owner if context.token else None,
                    status=status,
                    size=len(context.body),
                    body=body,
                    at=state.clock(),
                )
            )
        client = request.client.host if request.client else "-"
        state.log.access(f"{client} {request.method} {path}{'?' if query else ''}{urlencode(query)} {status}")
