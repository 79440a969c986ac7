"""Answers and refusals as responses, with the headers that each of them has."""

from typing import TYPE_CHECKING, Any

from starlette.responses import Response, StreamingResponse

from hcfmt.server import json_rendering as wire
from hcfmt.server.api.call import Answer, Refusal
from hcfmt.server.openapi.routing import NotAllowed

if TYPE_CHECKING:
    from hcfmt.server.http.request import Arrival

_UNAUTHORIZED = 401


def answered(answer: Answer) -> Response:
    """Return an operation's answer as a response."""
    if answer.chunks is not None:
        return StreamingResponse(answer.chunks, answer.status, dict(answer.headers))
    if answer.body is None:
        return Response(None, answer.status, dict(answer.headers))
    return as_json(answer.body, answer.status, dict(answer.headers))


def as_json(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:  # noqa: ANN401 - any JSON
    """Return a JSON value as a response, to the byte as HipChat wrote it."""
    return Response(wire.success(body), status, headers, wire.JSON)


def refused(refusal: Refusal) -> Response:
    """Return a refusal as a response."""
    headers = {}
    if isinstance(refusal, NotAllowed):
        headers["Allow"] = refusal.allow
    if refusal.status == _UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(wire.failure(refusal), refusal.status, headers, wire.JSON)


def finished(response: Response, one: "Arrival") -> Response:
    """Return a response with the headers that every answer has; of one to HEAD the body is left out."""
    headers = one.standing.headers()
    if one.flood:
        headers += one.flood.headers("FloodControl")
    response.raw_headers.extend(headers)
    if one.request.method != "HEAD":
        return response
    bare = Response(None, response.status_code)
    bare.raw_headers = response.raw_headers
    return bare
