"""The server as an ASGI application: middlewares around the table of routes."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.types import Receive, Scope, Send

from hcfmt.server.http.log import QUIET, Log
from hcfmt.server.http.middleware.common_headers import CommonHeaders
from hcfmt.server.http.middleware.error_responses import ErrorResponses
from hcfmt.server.http.middleware.request_logging import RequestLogging
from hcfmt.server.http.middleware.request_target import RequestTarget
from hcfmt.server.http.request import create_context
from hcfmt.server.http.routes import Router, routes
from hcfmt.server.http.state import ServerState
from hcfmt.server.page.page import Page
from hcfmt.server.settings import Settings
from hcfmt.server.transport.addresses import network

if TYPE_CHECKING:
    from hcfmt.server.store import Store


class HipchatApp:
    """ASGI application that serves a store as HipChat's REST API v2; ``state.close()`` ends it."""

    def __init__(
        self,
        store: "Store",
        settings: Settings,
        clock: Callable[[], float],
        log: Log = QUIET,
        page: Page = Page(),  # noqa: B008 - immutable
    ) -> None:
        """Create the application; ``clock`` returns seconds since 1970 UTC.

        The main token is written to the store. Raises LookupError if contract and code define different operations.
        """
        self.state = ServerState(store, settings, clock, log, page)
        router = Router(routes(self.state))
        errors = ErrorResponses(RequestTarget(router, settings), self.state)
        self._app = RequestLogging(CommonHeaders(errors), self.state)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond to a request."""
        client = scope.get("client")
        rate_limit = self.state.limits.anonymous_status(network(client[0]) if client else "")
        create_context(scope, receive, rate_limit)
        await self._app(scope, receive, send)
