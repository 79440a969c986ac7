"""Authorization of requests to the API: tokens, scopes, rate limits, read-only mode."""

from starlette.responses import Response

from hcfmt.server.api import tokens
from hcfmt.server.errors import ApiError
from hcfmt.server.http.request import RequestContext
from hcfmt.server.http.responses import json_response
from hcfmt.server.http.state import ServerState
from hcfmt.server.openapi.contract import Operation
from hcfmt.server.operations.lookup import find_lenient

_SENDING = frozenset({"send_message", "send_notification"})
_AUTH_TEST = {"success": {"code": 202, "type": "Accepted", "message": "This auth_token has access to use this method."}}


class Authorization:
    """Checks whether a request may call its operation.

    It reads the store, and so runs in a thread: for a GET in the same one as the operation, which is why it is no
    middleware.
    """

    def __init__(self, state: ServerState) -> None:
        """Create the check for a server."""
        self._state = state

    def authorize(self, context: RequestContext, operation: Operation) -> Response | None:
        """Raise ApiError(401, 403 or 429) for a request that is not allowed; set its token and rate limits.

        Returns the response to ``auth_test``, None for a request to be executed.
        """
        state = self._state
        token = tokens.find(state.store, context.secret, state.clock())
        context.rate_limit = state.limits.count_request(token, context.client)
        if not context.rate_limit.is_within:
            raise ApiError(429, "Rate limit exceeded: too many requests")
        if operation.is_open:
            return None
        context.token = token or tokens.authenticate(state.store, context.secret, state.clock())
        tokens.check_scopes(context.token, operation.scopes)
        if context.is_auth_test:
            return json_response(_AUTH_TEST, 202)
        if state.settings.read_only and not operation.is_read_only:
            raise ApiError(403, "This server is read-only")
        recipient = self._recipient(context) if operation.scopes & _SENDING else None
        if recipient:
            context.flood_limit = state.limits.count_message(recipient)
            if not context.flood_limit.is_within:
                raise ApiError(429, "Flood limit exceeded: too many messages")
        return None

    def _recipient(self, context: RequestContext) -> str | None:
        """Return a key for the room or user that a message is sent to, independent of its spelling; None if unknown."""
        store = self._state.store
        for name, find in (("id_or_name", store.find_room), ("id_or_email", store.find_user)):
            if name in context.path_parameters:
                record = find_lenient(find, context.path_parameters[name])
                return f"{name} {record['id']}" if record else None
        return None
