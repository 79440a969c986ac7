"""Checks what arrives on a connection before uvicorn reads it: heads, their length, and the client's time."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from hcfmt.server import json_rendering
from hcfmt.server.errors import ApiError
from hcfmt.server.transport.client_timeout import ClientTimeout, StallWatch
from hcfmt.server.transport.connections import Connection
from hcfmt.server.transport.request_head import head_length, parse_head

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class ConnectionOptions:
    """Options of all connections: the longest head in bytes, the client timeout in seconds, and the common headers.

    ``headers`` returns the headers of a refusal by the client's key.
    """

    max_head: int
    client_timeout: float
    headers: Callable[[str], Headers]


def refusal(error: ApiError, headers: Headers) -> bytes:
    """Return a whole HTTP response for an error, after which the connection is closed."""
    body = json_rendering.render_error(error)
    lines = [
        f"HTTP/1.1 {error.status} {json_rendering.error_type(error.status)}".encode(),
        b"Content-Type: " + json_rendering.JSON.encode(),
        b"Content-Length: %d" % len(body),
        b"Connection: close",
        *(name + b": " + value for name, value in headers),
    ]
    return b"\r\n".join([*lines, b"", body])


class RequestGuard(asyncio.Protocol):
    """Passes one request at a time to the HTTP protocol behind it; refuses invalid heads and aborts slow clients.

    The client's time runs while a request is incomplete and only the client can continue it: until the first request
    is complete, while a later head is incomplete, and while the application waits for the body. It also runs while the
    client does not take the response.
    """

    def __init__(
        self,
        http: asyncio.Protocol,
        connection: Connection,
        arrival: ClientTimeout,
        options: ConnectionOptions,
        closed: Callable[[], object],
    ) -> None:
        """Guard ``http``, uvicorn's protocol.

        ``arrival`` is the client's time for requests; it starts when the connection is accepted. ``closed`` is called
        when the connection is lost.
        """
        loop = asyncio.get_running_loop()
        self._http = http
        self._connection = connection
        self._arrival = arrival
        self._options = options
        self._closed = closed
        self._loop = loop
        self._pending = bytearray()  # bytes of the next requests
        self._body_left: int | None = 0  # bytes of the body that are still to come; None: the body is chunked
        self._is_answering = False
        self._is_receiving = False  # the application waits for more of the body
        self._is_open = False
        self._is_refused = False
        self._writing = ClientTimeout(options.client_timeout, loop, self._abort)
        self._resumed = 0  # how often writing continued after a pause

    def connection_made(
        self, transport: asyncio.BaseTransport, *, beneath: asyncio.BaseTransport | None = None
    ) -> None:
        """Start reading requests; ``beneath`` is the transport below TLS. TLS may have delivered data before."""
        self._transport = cast("asyncio.Transport", transport)
        self._socket_transport = cast("asyncio.Transport", beneath or transport)
        self._connection.abort = self._socket_transport.abort
        self._stall = StallWatch(self._options.client_timeout, self._loop, self._unsent, self._abort)
        self._http.connection_made(transport)
        self._is_open = True
        self._continue()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop all timers and forward the loss."""
        self._arrival.pause()
        self._writing.pause()
        if self._is_open:
            self._is_open = False
            self._stall.stop()
            self._http.connection_lost(exc)
        self._closed()

    def data_received(self, data: bytes) -> None:
        """Forward the bytes of the current request and keep those of later ones."""
        if self._is_refused:
            return
        if not self._is_open:
            self._pending += data
        elif self._body_left is None:
            self._http.data_received(data)
        else:
            body, rest = data[: self._body_left], data[self._body_left :]
            if body:
                self._body_left -= len(body)
                self._http.data_received(body)
            self._pending += rest
            self._continue()

    def eof_received(self) -> bool | None:
        """Forward the end of the client's data."""
        return self._http.eof_received()

    def pause_writing(self) -> None:
        """Pause the response and start the client's time to take it."""
        self._http.pause_writing()
        self._writing.start()

    def resume_writing(self) -> None:
        """Continue the response."""
        self._http.resume_writing()
        self._resumed += 1
        self._writing.reset()

    def receiving(self, *, is_waiting: bool) -> None:
        """Note that the application starts or stops waiting for more of the body."""
        self._is_receiving = is_waiting
        self._update()

    def answered(self) -> None:
        """Note that the application has answered the current request."""
        self._is_answering = False
        self._loop.call_soon(self._continue)

    def _continue(self) -> None:
        if self._is_open:
            self._next_request()
            self._update()

    def _next_request(self) -> None:
        """Pass on the next request, if its head is complete and the one before it is complete and answered."""
        if len(self._pending) > self._options.max_head:
            self._transport.pause_reading()
        if self._is_answering or self._body_left != 0 or not self._pending:
            return
        try:
            length = head_length(self._pending, self._options.max_head)
            if length is None:
                return
            head = parse_head(bytes(self._pending[:length]))
        except ApiError as error:
            self._refuse(error)
            return
        self._is_answering, self._connection.is_unused = True, False
        end = len(self._pending) if head.body_length is None else length + head.body_length
        body = bytes(self._pending[length:end])
        del self._pending[:end]
        self._body_left = None if head.body_length is None else head.body_length - len(body)
        if len(self._pending) <= self._options.max_head:
            self._transport.resume_reading()
        self._http.data_received(head.data + body)

    def _refuse(self, error: ApiError) -> None:
        self._pending.clear()
        self._is_refused = True  # TLS may still deliver data until it is closed
        self._transport.write(refusal(error, self._options.headers(self._connection.client)))
        self._transport.close()

    def _update(self) -> None:
        """Run or stop the client's time, and note whether the connection is idle."""
        if not self._is_open:
            return
        self._connection.is_idle = not self._is_answering and self._body_left == 0
        if self._body_left != 0 or self._is_refused:
            if self._is_receiving or not self._is_answering:
                self._arrival.start()
            else:
                self._arrival.pause()
        elif self._connection.is_unused or (self._pending and not self._is_answering):
            self._arrival.start()
        else:
            self._arrival.reset()

    def _unsent(self) -> tuple[int, int] | None:
        """Return a value that changes as the client takes the response; None if nothing is unsent.

        The end of a response stays in the transport without pausing the writer, and keeps the connection open.
        """
        unsent = self._socket_transport.get_write_buffer_size()
        return (unsent, self._resumed) if unsent else None

    def _abort(self) -> None:
        self._connection.abort()
