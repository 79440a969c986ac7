"""HTTP on one connection, as uvicorn speaks it: for slow clients within limits, with errors of HipChat's form."""

import asyncio
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from hcfmt.server import json_rendering as wire
from hcfmt.server.errors import ApiError
from hcfmt.server.transport.addresses import peer
from hcfmt.server.transport.client_timeout import Patience, Watch
from hcfmt.server.transport.connections import Crowd, Place
from hcfmt.server.transport.request_head import TOO_LONG, Heads, mended

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send
    from uvicorn.config import Config
    from uvicorn.server import ServerState

    from hcfmt.server.settings import Settings

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Door:
    """What all connections of a server share: its limits, its certificate, and each answer's headers by client."""

    settings: "Settings"
    context: ssl.SSLContext | None
    headers: "Callable[[str], Headers]"
    crowd: Crowd


def refusing(refusal: ApiError, headers: Headers) -> bytes:
    """Return a whole answer that refuses, after which the connection is closed."""
    body = wire.render_error(refusal)
    lines = [
        f"HTTP/1.1 {refusal.status} {wire.error_type(refusal.status)}".encode(),
        b"Content-Type: " + wire.JSON.encode(),
        b"Content-Length: %d" % len(body),
        b"Connection: close",
        *(name + b": " + value for name, value in headers),
    ]
    return b"\r\n".join([*lines, b"", body])


class _Silent:
    """Takes what uvicorn would log: it may hold what a client sent, and what matters the application logs itself."""

    level = 100

    def log(self, *_: object, **__: object) -> None:
        """Drop it."""

    warning = error = info = debug = log


class _Watched:
    """An application, and a function that is told when it begins and stops to wait for its client."""

    def __init__(self, app: "ASGIApp", tell: "Callable[[int], None]") -> None:
        self._app = app
        self._tell = tell

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        async def watched() -> "Message":
            self._tell(1)
            try:
                return await receive()
            finally:
                self._tell(-1)

        await self._app(scope, watched, send)


class Connection(H11Protocol):
    """HTTP as uvicorn speaks it, for slow clients within limits, and with errors of HipChat's form.

    A target that is not encoded, as some clients send names, is encoded first.
    """

    transport: asyncio.Transport

    def __init__(
        self,
        door: Door,
        place: Place,
        config: "Config",
        state: "ServerState",
        app_state: dict[str, Any],
        loop: asyncio.AbstractEventLoop | None,
    ) -> None:
        """Begin; ``connection_made`` comes late where TLS is between, and bytes may come before it.

        ``place`` is given back at the end; its time runs since the connection was opened.
        """
        super().__init__(config=config, server_state=state, app_state=app_state, _loop=loop)
        self.logger = cast("Any", _Silent())
        self.access_log = False
        limits = door.settings
        self.conn = self._heads = Heads(limits.max_headers)
        self.app = cast("Any", _Watched(cast("ASGIApp", self.app), self._wait))
        self._door = door
        self._begun = False
        self._lost = False
        self._line = b""  # of a request, until it is whole, and of all that came before ``connection_made``
        self._waiting = 0  # how often the application waits for more of a body
        self._place = place
        self._arriving = place.arriving
        self._leaving = Patience(limits.patience, self.loop, self._part)
        self._resumed = 0  # how often writing went on
        self._watch = Watch(limits.patience, self.loop, self._unsent, self._part)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to listen; the first request has to be there before the patience is over."""
        if self._lost:
            return
        super().connection_made(transport)
        self._begun = True
        self._arriving.run()
        early, self._line = self._line, b""
        if early:
            self.data_received(early)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timers, and give the place back."""
        self._lost = True
        self._door.crowd.leave(self._place)
        self._watch.stop()
        self._arriving.pause()
        self._leaving.pause()
        if self._begun:
            super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes; those of a request's first line are kept until it is whole, and mended."""
        if not self._begun:
            self._line += data
            return
        if self._line or (self.conn.their_state is h11.IDLE and not self.conn.trailing_data[0]):
            self._unset_keepalive_if_required()
            self._line += data
            if b"\n" not in self._line and len(self._line) <= self._door.settings.max_headers:
                self._arriving.run()
                return
            data, self._line = mended(self._line), b""
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        """Look whether the next request has begun already."""
        super().on_response_complete()
        self._look()

    def pause_writing(self) -> None:
        """Wait for a client that does not take its answer, but not for ever."""
        super().pause_writing()
        self._leaving.run()

    def resume_writing(self) -> None:
        """Go on: the client takes it."""
        super().resume_writing()
        self._resumed += 1
        self._leaving.renew()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's, and not HipChat's form
        """Refuse what is no HTTP, or has a head beyond the limit."""
        refusal = ApiError(400, "This is no valid HTTP request.")
        if self._heads.is_too_long:
            refusal = ApiError(TOO_LONG, "The request's head is too long.")
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE, h11.ERROR}:
            self.transport.write(refusing(refusal, self._door.headers(peer(self.transport))))
        self.transport.close()

    @property
    def is_waiting(self) -> bool:
        """Whether the head of a request is not there yet."""
        return not self._begun or self.conn.their_state is h11.IDLE

    @property
    def is_unused(self) -> bool:
        """Whether no request has come yet."""
        return self.cycle is None

    def _part(self) -> None:
        """Close a connection whose client takes too long."""
        self._place.transport.abort()

    def _unsent(self) -> tuple[int, int] | None:
        """Return what changes when the client takes what it was sent, None where there is nothing to take.

        A short answer, or the end of one, waits in the transport without that writing pauses, and keeps it open.
        """
        unsent = self._place.transport.get_write_buffer_size()
        return (unsent, self._resumed) if unsent else None

    def _wait(self, more: int) -> None:
        """Take note that the application begins to wait for more of a body (1), or has stopped (-1)."""
        self._waiting += more
        if not self._lost:
            self._look()

    def _look(self) -> None:
        """Let the client's time pass while a request is not whole and nothing but the client keeps it from going on."""
        state = self.conn.their_state
        if state is h11.SEND_BODY:
            if self._waiting or self._heads.is_too_long or self.cycle.response_complete:
                self._arriving.run()
            else:
                self._arriving.pause()
        elif state is h11.IDLE and (self._line or self.conn.trailing_data[0]):
            self._arriving.run()
        else:
            self._arriving.renew()
