"""Middleware that looks up the operation of a request."""

from starlette.types import ASGIApp, Receive, Scope, Send

from hcfmt.server.errors import ApiError
from hcfmt.server.http.rates import RateLimits
from hcfmt.server.http.request import context_of
from hcfmt.server.http.responses import preflight_response
from hcfmt.server.openapi import contract
from hcfmt.server.openapi.routing import OperationTree


class OperationLookup:
    """Sets the operation and path parameters of requests below /v2; an unknown operation is an ApiError(404 or 405).

    It answers OPTIONS itself: a browser asks so, without a token, whether a page of another site may send a request.
    """

    def __init__(self, app: ASGIApp, limits: RateLimits) -> None:
        """Wrap an application."""
        self._app = app
        self._limits = limits
        self._operations = OperationTree(contract.operations())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond to a request."""
        context = context_of(scope)
        if scope["method"] == "OPTIONS":
            context.rate_limit = self._limits.count_request(None, context.client)
            await preflight_response(self._operations.methods(tuple(context.parts[1:])))(scope, receive, send)
            return
        try:
            operation, parameters = self._operations.find(scope["method"], tuple(context.parts[1:]))
        except ApiError:
            context.rate_limit = self._limits.count_request(None, context.client)
            raise
        context.operation, context.path_parameters = operation, parameters
        await self._app(scope, receive, send)
