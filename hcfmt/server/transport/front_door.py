"""Accepts connections on one port and detects plain HTTP, TLS and CONNECT; every tunnel ends at this server.

The server answers as any host that a client names, in an absolute target or with CONNECT, and forwards nothing.
"""

import asyncio
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, cast

from hcfmt.server.errors import ApiError
from hcfmt.server.transport.addresses import network
from hcfmt.server.transport.client_timeout import ClientTimeout
from hcfmt.server.transport.connections import Connection, Connections
from hcfmt.server.transport.request_guard import ConnectionOptions, RequestGuard, refusal
from hcfmt.server.transport.request_head import HEAD_END, TOO_LONG

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HANDSHAKE = b"\x16"  # the first byte of a TLS connection (RFC 8446, section 5.1)
_CONNECT = b"CONNECT "  # the only HTTP method that begins with C
_ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
_CHUNK = 4096  # bytes of a CONNECT head that are read at a time
_TURNS = 5  # of the loop, in which it reads the end of a connection and closes it
_RETRY_DELAY = 0.1  # seconds until the next attempt to accept, as when file descriptors are used up


Address = tuple[str, int]
"""A client's host and port."""


class FrontDoor:
    """The listening socket and the connections that it accepted."""

    def __init__(
        self,
        listening: socket.socket,
        context: ssl.SSLContext | None,
        connections: Connections,
        options: ConnectionOptions,
        protocol: Callable[[], asyncio.Protocol],
    ) -> None:
        """Accept connections on ``listening``; ``protocol`` creates uvicorn's protocol for each.

        Without ``context`` neither TLS nor tunnels are accepted.
        """
        self._listening = listening
        self._context = context
        self._connections = connections
        self._options = options
        self._protocol = protocol
        self._opening: set[asyncio.Task[bool]] = set()
        self._guards: dict[Address, RequestGuard] = {}

    async def accept(self) -> None:
        """Accept connections until cancelled."""
        self._loop = asyncio.get_running_loop()
        self._listening.settimeout(0)
        while True:
            try:
                accepted, address = await self._loop.sock_accept(self._listening)
            except OSError:
                await asyncio.sleep(_RETRY_DELAY)
                continue
            self._admit(accepted, address[:2])

    def close(self) -> None:
        """Close the listening socket and the connections that have not sent anything yet."""
        for task in self._opening:
            task.cancel()
        self._listening.close()

    def watch(self, app: "ASGIApp") -> "ASGIApp":
        """Return ``app`` with each connection's guard informed of what the application waits for."""

        async def watched(scope: "Scope", receive: "Receive", send: "Send") -> None:
            guard = self._guards.get(tuple(scope["client"] or ()))
            if guard is None:  # the connection was lost before the application began
                return

            async def timed() -> "Message":
                guard.receiving(is_waiting=True)
                try:
                    return await receive()
                finally:
                    guard.receiving(is_waiting=False)

            try:
                await app(scope, timed, send)
            finally:
                guard.answered()

        return watched

    def _admit(self, accepted: socket.socket, address: Address) -> None:
        """Open a connection from ``address`` in a task of its own."""
        connection = Connection(network(address[0]), abort=accepted.close)
        arrival = ClientTimeout(self._options.client_timeout, self._loop, connection.expire)
        arrival.start()
        task = self._loop.create_task(self._open(accepted, address, connection, arrival))
        connection.abort = task.cancel
        self._opening.add(task)

        def opened(task: "asyncio.Task[bool]") -> None:
            self._opening.discard(task)
            error = None if task.cancelled() else task.exception()
            if error:
                self._loop.call_exception_handler({"message": "A connection failed", "exception": error})
            if task.cancelled() or error or not task.result():
                arrival.pause()
                self._connections.remove(connection)
                accepted.close()

        task.add_done_callback(opened)

    async def _open(
        self, accepted: socket.socket, address: Address, connection: Connection, arrival: ClientTimeout
    ) -> bool:
        """Open a tunnel if one is requested, then hand the socket to HTTP; return whether it was handed over."""
        if not await self._has_room(connection):
            return False
        try:
            accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else responses may wait 40 ms
            first = await self._peek(accepted, 1)
            if first == _CONNECT[:1]:
                await self._open_tunnel(accepted)
                first = await self._peek(accepted, 1)
            if first:
                return await self._hand_over(accepted, address, connection, arrival, is_tls=first == _HANDSHAKE)
        except ApiError as error:
            await self._refuse(accepted, error, connection.client)
        except OSError:  # the client is gone, or TLS failed
            pass
        return False

    async def _has_room(self, connection: Connection) -> bool:
        """Add a connection; at a limit, first let the loop notice which connections their clients have closed."""
        for _ in range(_TURNS):
            if self._connections.add(connection):
                return True
            await asyncio.sleep(0)
        return False

    async def _open_tunnel(self, accepted: socket.socket) -> None:
        """Read the head of a CONNECT request, and no byte beyond it, and accept the tunnel."""
        head = b""
        while HEAD_END not in head:
            peeked = await self._peek(accepted, _CHUNK)
            if not peeked:
                raise ConnectionResetError
            end = (head + peeked).find(HEAD_END)
            size = len(peeked) if end < 0 else end + len(HEAD_END) - len(head)
            head += accepted.recv(size)
            if len(head) > self._options.max_head:
                raise ApiError(TOO_LONG, "The request head is too long.")
        if not head.startswith(_CONNECT):
            raise ApiError(400, "The request is not valid HTTP.")
        if self._context is None:
            raise ApiError(501, "A tunnel needs TLS, which this server was started without.")
        await self._loop.sock_sendall(accepted, _ESTABLISHED)

    async def _hand_over(
        self,
        accepted: socket.socket,
        address: Address,
        connection: Connection,
        arrival: ClientTimeout,
        *,
        is_tls: bool,
    ) -> bool:
        """Let uvicorn serve HTTP on the socket, inside TLS if the client began a handshake; return whether it does."""

        def closed() -> None:
            self._guards.pop(address, None)
            self._connections.remove(connection)

        guard = RequestGuard(self._protocol(), connection, arrival, self._options, closed)
        self._guards[address] = guard
        try:
            if is_tls and self._context:
                transport, _ = await self._loop.connect_accepted_socket(_Paused, accepted)
                limit = self._options.client_timeout
                secured = await self._loop.start_tls(
                    transport, guard, self._context, server_side=True, ssl_handshake_timeout=limit
                )
                if secured is None:  # the connection was lost
                    closed()
                    return False
                guard.connection_made(secured, beneath=transport)
            else:
                await self._loop.connect_accepted_socket(lambda: guard, accepted)
        except BaseException:
            closed()
            raise
        return True

    async def _refuse(self, accepted: socket.socket, error: ApiError, client: str) -> None:
        """Send an error and wait until the client has taken it; closing with unread data would discard it."""
        with suppress(OSError):
            await self._loop.sock_sendall(accepted, refusal(error, self._options.headers(client)))
            accepted.shutdown(socket.SHUT_WR)
            while await self._loop.sock_recv(accepted, _CHUNK):
                pass

    async def _peek(self, accepted: socket.socket, size: int) -> bytes:
        """Wait for data and return up to ``size`` bytes of it without consuming them; b"" at the end."""
        while True:
            try:
                return accepted.recv(size, socket.MSG_PEEK)
            except BlockingIOError:
                is_readable = self._loop.create_future()
                self._loop.add_reader(accepted, _set_done, is_readable)
                try:
                    await is_readable
                finally:
                    self._loop.remove_reader(accepted)


class _Paused(asyncio.Protocol):
    """Protocol of a connection that TLS takes over: reads nothing."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Leave the handshake unread in the socket."""
        cast("asyncio.Transport", transport).pause_reading()


def _set_done(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_result(None)
