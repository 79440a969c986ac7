"""Requests of the page: its front end, and the JSON documents that it shows."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from hcfmt.server.errors import ApiError
from hcfmt.server.http.page_session import PageSession, refusal
from hcfmt.server.http.request import RequestContext
from hcfmt.server.http.state import ServerState
from hcfmt.server.page import documents, search
from hcfmt.server.page.page import INDEX, front_end

PAGE = "page"
"""The first part of the paths of the page's files and documents."""

_INTEGER = re.compile(r"-?[0-9]{1,18}")
_ONLY_ITSELF = " ".join(f"{kind}-src 'self';" for kind in ("script", "style", "img", "connect"))
_HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; {_ONLY_ITSELF} base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}

Query = Mapping[str, str]
_Document = Callable[[ServerState, Query], Any]


class PageEndpoint:
    """Handler of requests for the page: / and what is below /page."""

    def __init__(self, state: ServerState, session: PageSession) -> None:
        """Create the handler of a server."""
        self._state = state
        self._session = session

    async def __call__(self, context: RequestContext) -> Response:
        """Respond to a request; raises ApiError for a document that does not exist and without the cookie."""
        response = await self._respond(context)
        response.headers.update(_HEADERS)
        return response

    async def _respond(self, context: RequestContext) -> Response:
        is_index = not context.parts
        if is_index and (opened := self._session.open(context)):
            return opened
        if is_index and not self._session.is_open(context):
            return refusal(has_docs=not self._state.page.is_alone)
        self._session.require(context)
        name = INDEX if is_index else "/".join(context.parts[1:])
        if document := _DOCUMENTS.get(name):
            body = await run_in_threadpool(lambda: orjson.dumps(document(self._state, dict(context.pairs))))
            return Response(body, media_type="application/json")
        file = front_end().get(name)
        if file is None or is_index != (name == INDEX):
            raise ApiError(404, "No such file of the page")
        return Response(file[0], media_type=file[1])


def _overview(state: ServerState, _: Query) -> Any:  # noqa: ANN401 - a JSON value, here and below
    return documents.overview(state.store, state.page.name)


def _messages(state: ServerState, query: Query) -> Any:  # noqa: ANN401
    first, count = _integer(query, "first", 0), _integer(query, "count", documents.CHUNK)
    return documents.messages(state.store, _chat(query), first, count)


def _at(state: ServerState, query: Query) -> Any:  # noqa: ANN401
    return documents.at(state.store, _chat(query), _integer(query, "time", 0))


def _place(state: ServerState, query: Query) -> Any:  # noqa: ANN401
    place = documents.place(state.store, _chat(query), query.get("id", ""))
    if place is None:
        raise ApiError(404, "The chat has no message of this id")
    return place


def _search(state: ServerState, query: Query) -> Any:  # noqa: ANN401
    chat, before = _chat(query) if query.get("chat") else None, query.get("before") or None
    if before is not None and not search.is_cursor(before):
        raise ApiError(400, "before must be the next of an earlier result")
    count = _integer(query, "count", 50)
    return search.search(state.store, query.get("q", ""), chat=chat, before=before, count=count)


def _findings(state: ServerState, _: Query) -> Any:  # noqa: ANN401
    return state.page.findings()


_DOCUMENTS: Mapping[str, _Document] = {
    "overview.json": _overview,
    "messages.json": _messages,
    "at.json": _at,
    "place.json": _place,
    "search.json": _search,
    "findings.json": _findings,
}


def _chat(query: Query) -> str:
    """Return the key of the chat that a query names; raises ApiError(400) for no key."""
    key = query.get("chat", "")
    if not documents.is_key(key):
        raise ApiError(400, "chat must be room-ID or private-ID-ID")
    return key


def _integer(query: Query, name: str, default: int) -> int:
    """Return an integer of a query; raises ApiError(400) for another text."""
    text = query.get(name, str(default))
    if not _INTEGER.fullmatch(text):
        raise ApiError(400, f"{name} must be an integer")
    return int(text)
