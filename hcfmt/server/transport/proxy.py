"""What a connection turns out to be: HTTP, TLS, or a tunnel that a client asked a proxy for; all end at this server.

Nothing is ever passed on to another host: whatever host a client asks for, in an absolute target or with CONNECT, this
server answers as that host.
"""

import asyncio
import socket
import ssl
from typing import TYPE_CHECKING, Any, cast

from hcfmt.server.errors import ApiError
from hcfmt.server.transport.addresses import peer
from hcfmt.server.transport.client_timeout import Patience
from hcfmt.server.transport.connection import Connection, Door, refusing
from hcfmt.server.transport.connections import Place
from hcfmt.server.transport.request_head import HEAD_ENDS, TOO_LONG

if TYPE_CHECKING:
    from collections.abc import Callable

    from uvicorn.config import Config
    from uvicorn.server import ServerState

_HANDSHAKE = 0x16  # the first byte of a TLS connection (RFC 8446, 5.1)
_CONNECT = b"CONNECT "
_ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"


def entrance(door: Door) -> type[asyncio.Protocol]:
    """Return what uvicorn makes a protocol with for each connection."""

    def protocol(
        *,
        config: "Config",
        server_state: "ServerState",
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> "Entrance":
        return Entrance(
            door, server_state, lambda place: Connection(door, place, config, server_state, app_state, _loop)
        )

    return cast("type[asyncio.Protocol]", protocol)


class Entrance(asyncio.Protocol):
    """Looks at the first bytes of a connection, opens tunnels, and hands it on to HTTP, or to TLS and then to HTTP."""

    def __init__(self, door: Door, state: "ServerState", make: "Callable[[Place], Connection]") -> None:
        """Begin with nothing seen."""
        self.transport: asyncio.Transport | None = None
        self._door = door
        self._open = cast("set[Any]", state.connections)  # uvicorn shuts down what is in it
        self._make = make
        self._loop = asyncio.get_running_loop()
        self._seen = b""
        self._tunnelled = False
        self._place: Place | None = None
        self._arriving = Patience(door.settings.patience, self._loop, self.shutdown)
        self._securing: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for the first bytes, but not for ever; close the connection if there are too many."""
        self.transport = cast("asyncio.Transport", transport)
        place = Place(self.transport, self, self._arriving, peer(self.transport))
        if not self._door.crowd.enter(place):
            self.transport.abort()
            return
        self._place = place
        # asyncio does it only for sockets that were made with the protocol's number; else each answer takes 40 ms.
        line: socket.socket = self.transport.get_extra_info("socket")
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._open.add(self)
        self._arriving.run()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's
        """Forget a connection that never became one."""
        self._end()

    @property
    def is_waiting(self) -> bool:
        """Whether no request has come: always so here."""
        return True

    is_unused = is_waiting

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
        elif len(seen.partition(HEAD_ENDS)[0]) > self._door.settings.max_headers:
            self._refuse(ApiError(TOO_LONG, "The request's head is too long."))
        elif HEAD_ENDS in seen:
            self._open_tunnel()

    def _open_tunnel(self) -> None:
        """Answer CONNECT, and look at what comes through the tunnel; it ends here whatever host it was asked for."""
        if self._door.context is None:
            self._refuse(ApiError(501, "A tunnel needs TLS, and this server was started without."))
            return
        assert self.transport  # noqa: S101 - it is open
        _, _, rest = self._seen.partition(HEAD_ENDS)
        self._seen, self._tunnelled = b"", True
        self.transport.write(_ESTABLISHED)
        if rest:
            self.data_received(rest)

    def _hand_on(self) -> None:
        """Let HTTP be spoken, beginning with what was seen."""
        assert self.transport  # noqa: S101 - it is open
        connection = self._connection()
        self._leave()
        self.transport.set_protocol(connection)
        connection.connection_made(self.transport)
        connection.data_received(self._seen)

    async def _secure(self, context: ssl.SSLContext) -> None:
        """Let HTTP be spoken inside TLS, whose first bytes were seen already."""
        assert self.transport  # noqa: S101 - it is open
        connection, limit = self._connection(), self._door.settings.patience
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
            connection.connection_lost(None)
        else:
            connection.connection_made(secured)

    def _refuse(self, refusal: ApiError) -> None:
        assert self.transport  # noqa: S101 - it is open
        self._open.discard(self)
        self.transport.write(refusing(refusal, self._door.headers(peer(self.transport))))
        self.transport.close()

    def _connection(self) -> Connection:
        """Return what speaks HTTP from now on; it has the place, and what is left of the time."""
        assert self._place  # noqa: S101 - it was let in
        connection = self._make(self._place)
        self._place.holder = connection
        return connection

    def _leave(self) -> None:
        self._open.discard(self)

    def _end(self) -> None:
        """Stop the time, and give the place back."""
        self._leave()
        self._arriving.pause()
        if self._place:
            self._door.crowd.leave(self._place)


def _feed(protocol: asyncio.BufferedProtocol, data: bytes) -> None:
    """Give a protocol bytes as a transport would."""
    view = memoryview(data)
    while view:
        buffer = memoryview(cast("bytearray", protocol.get_buffer(len(view))))
        size = min(len(buffer), len(view))
        buffer[:size] = view[:size]
        protocol.buffer_updated(size)
        view = view[size:]
