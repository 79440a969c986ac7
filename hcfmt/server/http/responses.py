"""Responses: JSON, errors and the results of operations as Starlette's responses, and how they are sent."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from starlette.responses import Response, StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from hcfmt.server import json_rendering
from hcfmt.server.errors import ApiError, MethodNotAllowedError, allow_header
from hcfmt.server.http.request import RequestContext, context_of
from hcfmt.server.operations.call import ApiResponse

_UNAUTHORIZED = 401
_REQUEST_HEADERS = "Authorization, Content-Type"  # that the API reads, and a browser asks for
_MAX_AGE = "600"  # seconds that a browser remembers the answer to OPTIONS

Handler = Callable[[RequestContext], Awaitable[Response]]


def operation_response(result: ApiResponse) -> Response:
    """Return the response for the result of an operation."""
    headers = dict(result.headers)
    if result.chunks is not None:
        return StreamingResponse(result.chunks, result.status, headers)
    if result.body is None:
        return Response(None, result.status, headers)
    return json_response(result.body, result.status, headers)


def json_response(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:  # noqa: ANN401 - any JSON
    """Return the response for a JSON value, rendered as HipChat did."""
    return Response(json_rendering.render(body), status, headers, json_rendering.JSON)


def error_response(error: ApiError) -> Response:
    """Return the response for an error, with the headers of its status."""
    headers = {}
    if isinstance(error, MethodNotAllowedError):
        headers["Allow"] = error.allow
    if error.status == _UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(json_rendering.render_error(error), error.status, headers, json_rendering.JSON)


def preflight_response(methods: Iterable[str]) -> Response:
    """Return the response to OPTIONS, which asks what pages of other sites may send (docs/api.md#cross-origin)."""
    allow = allow_header({*methods, "OPTIONS"})
    headers = {
        "Allow": allow,
        "Access-Control-Allow-Methods": allow,
        "Access-Control-Allow-Headers": _REQUEST_HEADERS,
        "Access-Control-Max-Age": _MAX_AGE,
    }
    return Response(None, 204, headers)


def endpoint(handler: Handler) -> ASGIApp:
    """Return the ASGI application that sends the response of a handler."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send_response(await handler(context_of(scope)), scope, receive, send)

    return app


async def send_response(response: Response, scope: Scope, receive: Receive, send: Send) -> None:
    """Send a response, for HEAD without its body, which is then never produced."""
    if scope["method"] == "HEAD":
        bodiless = Response(None, response.status_code)
        bodiless.raw_headers = response.raw_headers
        response = bodiless
    await response(scope, receive, send)
