"""Middleware that turns exceptions into error responses."""

import traceback
from pathlib import PurePath

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hcfmt.errors import UsageError
from hcfmt.server.errors import ApiError
from hcfmt.server.http.request import RequestContext, context_of
from hcfmt.server.http.responses import error_response, send_response
from hcfmt.server.http.state import ServerState
from hcfmt.server.redaction import redact_request

_INTERNAL = "Internal error of this server"
_STORE = "The server cannot read or write its data; its log says why"


class ErrorResponses:
    """Responds to every exception with an error in HipChat's form; internal errors are logged.

    An exception after the response has started is logged only: the server closes the connection.
    """

    def __init__(self, app: ASGIApp, state: ServerState) -> None:
        """Wrap an application."""
        self._app = app
        self._state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond to a request."""
        has_started = False

        async def watch_start(message: Message) -> None:
            nonlocal has_started
            has_started = True
            await send(message)

        try:
            await self._app(scope, receive, watch_start)
        except Exception as error:  # noqa: BLE001 - the last resort: no traceback reaches a client
            context = context_of(scope)
            if has_started:
                self._log_error(context, error)
            elif not isinstance(error, ClientDisconnect):
                response = error_response(self._api_error(context, error))
                await send_response(response, scope, receive, send)

    def _api_error(self, context: RequestContext, error: Exception) -> ApiError:
        if isinstance(error, ApiError):
            return error
        self._log_error(context, error)
        return ApiError(500, _STORE if isinstance(error, UsageError) else _INTERNAL)

    def _log_error(self, context: RequestContext, error: Exception) -> None:
        """Log an error of the store with its message, any other by type and place, as messages may quote an archive."""
        frames = traceback.extract_tb(error.__traceback__)
        origin = f"{PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "-"
        path, _, _ = redact_request(context.path, [], b"", [self._state.settings.token])
        subject = context.operation.id if context.operation else path
        reason = str(error) if isinstance(error, UsageError) else f"{type(error).__name__} at {origin}"
        write_line = self._state.log.error
        write_line(f"{context.request.method} {subject}: {reason}")
