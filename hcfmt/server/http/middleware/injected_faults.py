"""Middleware that injects latency and failures, for tests of clients."""

import asyncio
from http import HTTPStatus

from starlette.types import ASGIApp, Receive, Scope, Send

from hcfmt.server.errors import ApiError
from hcfmt.server.http.faults import Faults
from hcfmt.server.http.request import RequestContext, context_of


class InjectedFaults:
    """Delays requests and selects those that fail, by the fault plan in force.

    A failure is raised by the endpoint (``raise_injected_failure``), so that only valid requests fail.
    """

    def __init__(self, app: ASGIApp, faults: Faults) -> None:
        """Wrap an application."""
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond to a request."""
        latency, context_of(scope).failure = self._faults.next()
        if latency:
            await asyncio.sleep(latency)
        await self._app(scope, receive, send)


def raise_injected_failure(context: RequestContext, now: float) -> None:
    """Raise the ApiError of a request that was selected to fail; 429 also exhausts its rate limit for a second."""
    if context.failure is None:
        return
    if context.failure == HTTPStatus.TOO_MANY_REQUESTS:
        context.rate_limit = context.rate_limit.exhausted(now)
    raise ApiError(context.failure, "Injected failure")
