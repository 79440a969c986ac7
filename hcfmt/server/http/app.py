"""The server as an ASGI application: each request is matched with the contract, admitted, done and answered."""

import asyncio
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from pathlib import PurePath
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response

from hcfmt.errors import UsageError
from hcfmt.server import json_rendering as wire
from hcfmt.server.api import tokens
from hcfmt.server.api.call import Call, Refusal
from hcfmt.server.api.links import Links
from hcfmt.server.api.webhooks import Hooks
from hcfmt.server.http import control, docs
from hcfmt.server.http import request_log as asked
from hcfmt.server.http import stored_files as files
from hcfmt.server.http.body_memory import Memory
from hcfmt.server.http.faults import Faults, Plan
from hcfmt.server.http.rates import Limits
from hcfmt.server.http.request import Arrival, arrival, expected_size, local, read_body
from hcfmt.server.http.responses import answered, as_json, finished, refused
from hcfmt.server.openapi import contract, routing
from hcfmt.server.operations import OPERATIONS, perform
from hcfmt.server.operations.finding import meant
from hcfmt.server.transport.addresses import network

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from hcfmt.server.openapi.contract import Operation
    from hcfmt.server.settings import Settings
    from hcfmt.server.store import Store

API = "v2"
MOST_FIELDS = 1_000  # parameters of a query
MOST_UPLOADS, MOST_BODIES = 2, 64  # of the largest size that are held in memory at once
_READING = frozenset({"GET", "HEAD"})
_SENDING = frozenset({"send_message", "send_notification"})
_FAULT = "Something went wrong here; it is a fault of this server."
_STORE = "The data cannot be read or written now; where this server was started it says why."
_ACCEPTED = {"success": {"code": 202, "type": "Accepted", "message": "This auth_token has access to use this method."}}


def _nothing(_: str) -> None:
    """Write nothing."""


@dataclass(frozen=True, slots=True)
class Log:
    """Where lines go: one for each request, without its secrets, and one for each fault of the server's own."""

    access: Callable[[str], None] = _nothing
    error: Callable[[str], None] = _nothing


QUIET = Log()


def application(store: "Store", settings: "Settings", clock: Callable[[], float], log: Log = QUIET) -> Starlette:
    """Return the application that serves a store; ``clock`` tells seconds since 1970 UTC.

    The main token is put into the store. ``state.front`` is the ``Front``, to be closed at the end. Raises LookupError
    where the contract has an operation that the code has not, or the other way about.
    """
    front = Front(store, settings, clock, log)
    app = Starlette()
    # Not a route: those match decoded paths that begin with a slash, and an absolute target is none.
    app.router.default = front
    app.state.front = front
    return app


class Front:
    """The one ASGI application for all paths, and what it remembers; ``control`` works with its attributes."""

    def __init__(self, store: "Store", settings: "Settings", clock: Callable[[], float], log: Log) -> None:
        """Serve a store."""
        operations = contract.operations()
        odd = {operation.id for operation in operations} ^ set(OPERATIONS)
        if odd:
            raise LookupError(f"The contract and the code differ: {', '.join(sorted(odd))}")
        self.store = store
        self.settings = settings
        self.clock = clock
        self.plan = Plan(settings.latency, settings.failures, settings.seed)
        self.hooks = Hooks(store, settings.webhook_hosts)
        self.faults = Faults(self.plan)
        self.asked = asked.Asked(settings.max_requests)
        self.limits = Limits(settings, clock)
        self._log = log
        self._routes = routing.Routes(operations)
        self._uploads = Memory(MOST_UPLOADS * settings.max_upload)
        self._bodies = Memory(MOST_BODIES * settings.max_body)
        tokens.put_main_token(store, settings.token)

    def close(self) -> None:
        """Stop what runs besides; the store stays open."""
        self.hooks.close()

    def reset(self) -> None:
        """Go back to how it all was at the start: data, tokens, faults, limits, lists."""
        with self.store.transaction():  # in between nobody would have a token
            self.store.reset()
            tokens.put_main_token(self.store, self.settings.token)
        self.hooks.clear()  # not before: what is written until the reset is delivered too
        self.faults.change(self.plan)
        self.asked.clear()
        self.limits.clear()

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer a request; whatever goes wrong reaches the client as an error of HipChat's form."""
        request = Request(scope, receive)
        one = arrival(request, self.limits.look(_client(request)))
        try:
            response = await self._answer(one)
        except ClientDisconnect:
            return
        except Refusal as refusal:
            response = refused(refusal)
        except Exception as error:  # noqa: BLE001 - the last resort: no traceback reaches a client
            self._complain(one, error)
            response = refused(Refusal(500, _STORE if isinstance(error, UsageError) else _FAULT))
        self._remember(one, response.status_code)
        try:
            await finished(response, one)(scope, receive, send)
        except Exception as error:  # noqa: BLE001 - the answer has begun: that the connection is closed tells the client
            self._complain(one, error)

    async def _answer(self, one: Arrival) -> Response:
        """Find who answers: the contract's operations, stored files, the document, the page, or the server itself."""
        request = one.request
        connected = local(request)
        host = routing.own_host(request.headers.get("host"), connected)
        where = routing.target(request.scope["scheme"], host, connected, one.path)
        one.path, one.parts = where.path, where.parts
        if len(one.pairs) > MOST_FIELDS:
            raise Refusal(400, f"A query has at most {MOST_FIELDS:,} parameters.")
        root = (self.settings.base_url or where.origin).removesuffix("/").removesuffix(f"/{API}")
        base = f"{root}/{API}"
        if one.parts[:1] == ("_hcfmt",):
            return await self._control(one)
        if one.parts[:1] == (API,) and one.parts[1:] != ("openapi.json",):
            return await self._operation(one, Links(base))
        if request.method not in _READING:
            raise routing.NotAllowed(["GET"])
        if one.parts[:1] == ("files",):
            if failing := await self._hold_up():
                raise _chosen(one, failing, self.clock())
            return await run_in_threadpool(files.response, self.store, "/".join(one.parts[1:]), request)
        if one.parts == (API, "openapi.json"):
            return Response(await run_in_threadpool(_document, base), media_type=wire.JSON)
        if one.parts == ("docs",):
            page = await run_in_threadpool(_page, base)
            return Response(page, headers=docs.headers(), media_type="text/html; charset=utf-8")
        if not one.parts:
            return RedirectResponse(f"{root}/docs", 302)
        raise Refusal(404, "There is no such method.")

    async def _operation(self, one: Arrival, links: Links) -> Response:
        """Let an operation of the contract answer, if the client may ask it, and not too often."""
        try:
            operation, one.values = self._routes.find(one.request.method, tuple(one.parts[1:]))
        except Refusal:
            one.standing = self.limits.count_request(None, _client(one.request))
            raise
        one.operation = operation
        failing = await self._hold_up()
        if operation.method == "GET":
            return await run_in_threadpool(
                lambda: self._admitted(one, operation) or self._done(one, operation, links, failing)
            )
        if response := await run_in_threadpool(self._admitted, one, operation):
            return response
        async with self._with_body(one):
            return await run_in_threadpool(self._done, one, operation, links, failing)

    @asynccontextmanager
    async def _with_body(self, one: Arrival) -> AsyncIterator[None]:
        """Read the body of a request, when there is memory for it, and hold that memory within the block."""
        memory = self._uploads if one.is_upload else self._bodies
        async with memory.held(expected_size(one, self.settings)):
            one.body = await read_body(one, self.settings)
            yield

    async def _hold_up(self) -> int | None:
        """Be as slow as was asked for; return the status with which the request is to fail, if it is."""
        latency, failing = self.faults.next()
        if latency:
            await asyncio.sleep(latency)
        return failing

    def _admitted(self, one: Arrival, operation: "Operation") -> Response | None:
        """Raise Refusal unless the client may ask, and not too often; return the answer if it wants to know no more."""
        token = tokens.find(self.store, one.secret, self.clock())
        one.standing = self.limits.count_request(token, _client(one.request))
        if not one.standing.within:
            raise Refusal(429, "Too many requests: the rate limit is reached.")
        if operation.is_open:
            return None
        one.token = token or tokens.authenticate(self.store, one.secret, self.clock())
        tokens.check_scopes(one.token, operation.scopes)
        if one.asks_only:
            return as_json(_ACCEPTED, 202)
        if self.settings.read_only and not operation.only_reads:
            raise Refusal(403, "This server is read-only.")
        addressee = self._addressee(one) if operation.scopes & _SENDING else None
        if addressee:
            one.flood = self.limits.count_message(addressee)
            if not one.flood.within:
                raise Refusal(429, "Too many messages: the flood limit is reached.")
        return None

    def _addressee(self, one: Arrival) -> str | None:
        """Return the room or user that a message goes to, the same however it is written; None: there is no such."""
        for name, find in (("id_or_name", self.store.find_room), ("id_or_email", self.store.find_user)):
            if name in one.values:
                there = meant(find, one.values[name])
                return f"{name} {there['id']}" if there else None
        return None

    def _done(self, one: Arrival, operation: "Operation", links: Links, failing: int | None) -> Response:
        """Read what was asked, do it, and tell those who want to hear of it."""
        query = operation.query(one.pairs)
        body = None
        if operation.method != "GET":
            body = operation.read_body(one.request.headers.get("content-type", ""), one.body)
        if failing:
            raise _chosen(one, failing, self.clock())
        call = Call(
            operation=operation,
            path=one.values,
            query=query,
            body=body,
            token=one.token,
            links=links,
            store=self.store,
            now=self.clock(),
            basic=one.basic if operation.is_open else None,
        )
        answer = perform(call)
        self.hooks.tell(answer.events)
        return answered(answer)

    async def _control(self, one: Arrival) -> Response:
        """Answer about the server itself, to who has its main token."""
        control.check(one.bearer, self.settings.token)
        act = control.find(one.request.method, one.parts[1:])
        async with self._with_body(one):
            return answered(await run_in_threadpool(act, self, dict(one.pairs), one.body))

    def _remember(self, one: Arrival, status: int) -> None:
        """List a request, unless it is about the server itself, and log it."""
        known = [self.settings.token, *([one.secret] if one.token else [])]
        path, query, body = asked.shown(one.path, one.pairs, one.body, known)
        if one.parts[:1] != ("_hcfmt",):
            self.asked.add(
                asked.Request(
                    method=one.request.method,
                    path=path,
                    query=query,
                    operation=one.operation.id if one.operation else None,
                    user=one.token.owner if one.token else None,
                    status=status,
                    size=len(one.body),
                    body=body,
                    at=self.clock(),
                )
            )
        client = one.request.client.host if one.request.client else "-"
        self._log.access(f"{client} {one.request.method} {path}{'?' if query else ''}{urlencode(query)} {status}")

    def _complain(self, one: Arrival, error: BaseException) -> None:
        """Log what is wrong with the store, or a fault of this program without its text, which may hold messages."""
        frames = traceback.extract_tb(error.__traceback__)
        place = f"{PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "-"
        what = one.operation.id if one.operation else asked.shown(one.path, [], b"", [self.settings.token])[0]
        why = str(error) if isinstance(error, UsageError) else f"{type(error).__name__} at {place}"
        self._log.error(f"{one.request.method} {what}: {why}")


def _client(request: Request) -> str:
    """Return what the client of a request is counted by."""
    return network(request.client.host) if request.client else ""


@lru_cache(maxsize=4)
def _document(base: str) -> bytes:
    return wire.success(contract.document(base))


@lru_cache(maxsize=4)
def _page(base: str) -> str:
    return docs.page(contract.document(base))


def _chosen(one: Arrival, status: int, now: float) -> Refusal:
    """Return why a request fails that was chosen to; a client that asked too often is told how long to wait."""
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        one.standing = one.standing.spent(now)
    return Refusal(status, "This request was chosen to fail.")
