"""The routes of the server: a table of mounts, matched with the decoded parts of a path."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from hcfmt.server import json_rendering
from hcfmt.server.errors import ApiError, MethodNotAllowedError
from hcfmt.server.http import docs
from hcfmt.server.http.control import ControlEndpoint
from hcfmt.server.http.middleware.injected_faults import InjectedFaults
from hcfmt.server.http.middleware.operation_lookup import OperationLookup
from hcfmt.server.http.operation_endpoint import OperationEndpoint
from hcfmt.server.http.page import PAGE, PageEndpoint
from hcfmt.server.http.page_session import PageSession
from hcfmt.server.http.request import API, RequestContext, context_of
from hcfmt.server.http.responses import endpoint, preflight_response
from hcfmt.server.http.state import ServerState
from hcfmt.server.http.stored_files import StoredFiles
from hcfmt.server.openapi import contract

CONTROL = "_hcfmt"
_READING = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Mount:
    """An ASGI application for a path, or for all paths below a prefix; a read-only one allows only GET and HEAD."""

    parts: tuple[str, ...]
    app: ASGIApp
    is_prefix: bool = False
    is_read_only: bool = True

    def matches(self, parts: Sequence[str]) -> bool:
        """Whether a path is served by this mount."""
        return tuple(parts[: len(self.parts)] if self.is_prefix else parts) == self.parts


def routes(state: ServerState) -> tuple[Mount, ...]:
    """Return the mounts of a server; the first one that matches a path serves it."""
    session = PageSession(state.settings.token)
    page = endpoint(PageEndpoint(state, session))
    stored = StoredFiles(state)
    files = InjectedFaults(endpoint(session.guard(stored) if state.page.is_alone else stored), state.faults)
    mounts = (
        Mount(("files",), files, is_prefix=True),
        Mount((), page),
        Mount((PAGE,), page, is_prefix=True),
        Mount((), endpoint(_not_found), is_prefix=True),
    )
    return mounts if state.page.is_alone else (*_api(state), *mounts)


def _api(state: ServerState) -> tuple[Mount, ...]:
    """Return the mounts of the API and of what is about it."""
    operations = InjectedFaults(endpoint(OperationEndpoint(state)), state.faults)
    return (
        Mount((CONTROL,), endpoint(ControlEndpoint(state)), is_prefix=True, is_read_only=False),
        Mount((API, "openapi.json"), endpoint(_openapi_document)),
        Mount((API,), OperationLookup(operations, state.limits), is_prefix=True, is_read_only=False),
        Mount(("docs",), endpoint(_docs_page)),
    )


class Router:
    """ASGI application that passes a request to the first mount that matches its path."""

    def __init__(self, mounts: Sequence[Mount]) -> None:
        """Create a router; one of the mounts must match any path."""
        self._mounts = mounts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond to a request; raises MethodNotAllowedError for a write to a read-only mount."""
        context = context_of(scope)
        mount = next(mount for mount in self._mounts if mount.matches(context.parts))
        if not mount.is_read_only or scope["method"] in _READING:
            await mount.app(scope, receive, send)
        elif scope["method"] == "OPTIONS" and context.is_api:
            await preflight_response(["GET"])(scope, receive, send)
        else:
            raise MethodNotAllowedError(["GET"])


async def _openapi_document(context: RequestContext) -> Response:
    return Response(await run_in_threadpool(_render_document, context.links.base), media_type=json_rendering.JSON)


async def _docs_page(context: RequestContext) -> Response:
    page = await run_in_threadpool(_render_page, context.links.base)
    return Response(page, headers=docs.headers(), media_type="text/html; charset=utf-8")


async def _not_found(_: RequestContext) -> Response:
    raise ApiError(404, "No such endpoint")


@lru_cache(maxsize=4)
def _render_document(base_url: str) -> bytes:
    return json_rendering.render(contract.document(base_url))


@lru_cache(maxsize=4)
def _render_page(base_url: str) -> str:
    return docs.page(contract.document(base_url))
