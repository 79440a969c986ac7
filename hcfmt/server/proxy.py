"""What a connection turns out to be: HTTP, TLS, or a tunnel that a client asked a proxy for; all end at this server.

Nothing is ever passed on to another host: whatever host a client asks for, in an absolute target or with CONNECT, this
server answers as that host.
"""

import asyncio
import re
import socket
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from hcfmt.server import wire
from hcfmt.server.call import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from uvicorn.config import Config
    from uvicorn.server import ServerState

    from hcfmt.server.rates import Headers
    from hcfmt.server.settings import Settings

_HANDSHAKE = 0x16  # the first byte of a TLS connection (RFC 8446, 5.1)
_CONNECT = b"CONNECT "
_HEAD_ENDS = b"\r\n\r\n"
_ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
_REQUEST_LINE = re.compile(rb"([A-Z]+) (.*) (HTTP/1\.[01]\r?)", re.DOTALL)
_ODD = re.compile(rb"[^\x21-\x7e]")


@dataclass(frozen=True, slots=True)
class Door:
    """What all connections of a server share: its limits, its certificate, and the headers that each answer has."""

    settings: "Settings"
    context: ssl.SSLContext | None
    headers: "Callable[[], Headers]"


def entrance(door: Door) -> type[asyncio.Protocol]:
    """Return what uvicorn makes a protocol with for each connection."""

    def protocol(
        *,
        config: "Config",
        server_state: "ServerState",
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> "Entrance":
        return Entrance(door, server_state, lambda: Connection(door, config, server_state, app_state, _loop))

    return cast("type[asyncio.Protocol]", protocol)


class Entrance(asyncio.Protocol):
    """Looks at the first bytes of a connection, opens tunnels, and hands it on to HTTP, or to TLS and then to HTTP."""

    def __init__(self, door: Door, state: "ServerState", make: "Callable[[], Connection]") -> None:
        """Begin with nothing seen."""
        self.transport: asyncio.Transport | None = None
        self._door = door
        self._open = cast("set[Any]", state.connections)  # uvicorn shuts down what is in it
        self._make = make
        self._loop = asyncio.get_running_loop()
        self._seen = b""
        self._tunnelled = False
        self._timer: asyncio.TimerHandle | None = None
        self._securing: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for the first bytes, but not for ever; close the connection if there are too many."""
        self.transport = cast("asyncio.Transport", transport)
        if len(self._open) >= self._door.settings.max_connections:
            self.transport.abort()
            return
        # asyncio does it only for sockets that were made with the protocol's number; else each answer takes 40 ms.
        line: socket.socket = self.transport.get_extra_info("socket")
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._open.add(self)
        self._timer = self._loop.call_later(self._door.settings.patience, self.transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's
        """Forget a connection that never became one."""
        self._leave()

    def shutdown(self) -> None:
        """Close a connection on which nothing happened yet."""
        if self.transport:
            self.transport.abort()

    def data_received(self, data: bytes) -> None:
        """Decide as soon as enough was seen."""
        self._seen += data
        seen, context = self._seen, self._door.context
        if seen[0] == _HANDSHAKE and context and self.transport:
            self.transport.pause_reading()  # until TLS does the reading
            self._securing = self._loop.create_task(self._secure(context))
        elif self._tunnelled or seen[: len(_CONNECT)] != _CONNECT[: len(seen)]:
            self._hand_on()
        elif _HEAD_ENDS in seen:
            self._open_tunnel()
        elif len(seen) > self._door.settings.max_headers:
            self._refuse(Refusal(431, "The request's head is too long."))

    def _open_tunnel(self) -> None:
        """Answer CONNECT, and look at what comes through the tunnel; it ends here whatever host it was asked for."""
        if self._door.context is None:
            self._refuse(Refusal(501, "A tunnel needs TLS, and this server was started without."))
            return
        assert self.transport  # noqa: S101 - it is open
        _, _, rest = self._seen.partition(_HEAD_ENDS)
        self._seen, self._tunnelled = b"", True
        self.transport.write(_ESTABLISHED)
        if rest:
            self.data_received(rest)

    def _hand_on(self) -> None:
        """Let HTTP be spoken, beginning with what was seen."""
        assert self.transport  # noqa: S101 - it is open
        connection = self._make()
        self._leave()
        self.transport.set_protocol(connection)
        connection.connection_made(self.transport)
        connection.data_received(self._seen)

    async def _secure(self, context: ssl.SSLContext) -> None:
        """Let HTTP be spoken inside TLS, whose first bytes were seen already."""
        assert self.transport  # noqa: S101 - it is open
        connection, limit = self._make(), self._door.settings.patience
        starting = self._loop.create_task(
            self._loop.start_tls(self.transport, connection, context, server_side=True, ssl_handshake_timeout=limit)
        )
        try:
            # One turn of the loop until TLS has taken the connection over, one more until it is told so.
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            _feed(cast("asyncio.BufferedProtocol", self.transport.get_protocol()), self._seen)
            secured = await starting
        except OSError:  # no TLS after all, or a client that does not trust the certificate
            secured = None
        finally:
            self._leave()
        if secured is None:
            self.transport.abort()
        else:
            connection.connection_made(secured)

    def _refuse(self, refusal: Refusal) -> None:
        assert self.transport  # noqa: S101 - it is open
        self._leave()
        self.transport.write(_error(refusal, self._door.headers()))
        self.transport.close()

    def _leave(self) -> None:
        self._open.discard(self)
        if self._timer:
            self._timer.cancel()


def _feed(protocol: asyncio.BufferedProtocol, data: bytes) -> None:
    """Give a protocol bytes as a transport would."""
    view = memoryview(data)
    while view:
        buffer = memoryview(cast("bytearray", protocol.get_buffer(len(view))))
        size = min(len(buffer), len(view))
        buffer[:size] = view[:size]
        protocol.buffer_updated(size)
        view = view[size:]


def _error(refusal: Refusal, headers: "Headers") -> bytes:
    """Return a whole answer that refuses, after which the connection is closed."""
    body = wire.failure(refusal)
    lines = [
        f"HTTP/1.1 {refusal.status} {wire.kind(refusal.status)}".encode(),
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


class Connection(H11Protocol):
    """HTTP as uvicorn speaks it, for slow clients within limits, and with errors of HipChat's form.

    A target that is not encoded, as some clients send names, is encoded first.
    """

    transport: asyncio.Transport

    def __init__(
        self,
        door: Door,
        config: "Config",
        state: "ServerState",
        app_state: dict[str, Any],
        loop: asyncio.AbstractEventLoop | None,
    ) -> None:
        """Begin; ``connection_made`` comes late where TLS is between, and bytes may come before it."""
        super().__init__(config=config, server_state=state, app_state=app_state, _loop=loop)
        self.logger = cast("Any", _Silent())
        self.access_log = False
        self._door = door
        self._begun = False
        self._lost = False
        self._line = b""  # of a request, until it is whole, and of all that came before ``connection_made``
        self._arriving: asyncio.TimerHandle | None = None
        self._leaving: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to listen; the first request has to be there before the patience is over."""
        if self._lost:
            return
        super().connection_made(transport)
        self._begun = True
        self._await_request()
        early, self._line = self._line, b""
        if early:
            self.data_received(early)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timers."""
        self._lost = True
        self._calm()
        if self._leaving:
            self._leaving.cancel()
        if self._begun:
            super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes; those of a request's first line are kept until it is whole, and mended."""
        if not self._begun:
            self._line += data
            return
        self._await_request()
        if self._line or (self.conn.their_state is h11.IDLE and not self.conn.trailing_data[0]):
            self._unset_keepalive_if_required()
            self._line += data
            if b"\n" not in self._line and len(self._line) <= self._door.settings.max_headers:
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
        self._leaving = self.loop.call_later(self._door.settings.patience, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on: the client takes it."""
        super().resume_writing()
        if self._leaving:
            self._leaving.cancel()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's, and not HipChat's form
        """Refuse what is no HTTP, or has a head beyond the limit."""
        refusal = Refusal(400, "This is no valid HTTP request.")
        if len(self.conn.trailing_data[0]) > self._door.settings.max_headers:
            refusal = Refusal(431, "The request's head is too long.")
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE, h11.ERROR}:
            self.transport.write(_error(refusal, self._door.headers()))
        self.transport.close()

    def _look(self) -> None:
        """Go on waiting for the rest of a request, or stop if all is there."""
        state = self.conn.their_state
        if not (state is h11.SEND_BODY or (state is h11.IDLE and (self._line or self.conn.trailing_data[0]))):
            self._calm()
        else:
            self._await_request()

    def _await_request(self) -> None:
        if self._arriving is None:
            self._arriving = self.loop.call_later(self._door.settings.patience, self.transport.abort)

    def _calm(self) -> None:
        if self._arriving:
            self._arriving.cancel()
            self._arriving = None


def mended(data: bytes) -> bytes:
    """Return the beginning of a request with a target in which all is encoded that has to be, such as blanks."""
    line, newline, rest = data.partition(b"\n")
    match = _REQUEST_LINE.fullmatch(line)
    if match is None or not _ODD.search(match[2]):
        return data
    target = _ODD.sub(lambda odd: b"%%%02X" % odd[0][0], match[2])
    return b"%s %s %s%s%s" % (match[1], target, match[3], newline, rest)
