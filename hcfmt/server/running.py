"""A running server: a thread with uvicorn on its own socket, until it is closed."""

import asyncio
import ipaddress
import os
import socket
import threading
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlencode, urlsplit

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from hcfmt.container.private_files import temporary_directory
from hcfmt.errors import UsageError
from hcfmt.server.http.app import HipchatApp
from hcfmt.server.http.log import QUIET, Log
from hcfmt.server.http.middleware.common_headers import ANY_ORIGIN
from hcfmt.server.page.page import Page
from hcfmt.server.settings import Settings, without_brackets
from hcfmt.server.transport.certificates import NAMES, Certificate, make_certificate
from hcfmt.server.transport.connections import Connections
from hcfmt.server.transport.front_door import FrontDoor
from hcfmt.server.transport.request_guard import ConnectionOptions

if TYPE_CHECKING:
    import ssl

    from hcfmt.server.store import Store

KEEP_ALIVE = 30  # seconds that an idle connection is kept for another request
_SHUTDOWN_TIMEOUT = 3  # seconds to finish responses when the server stops
_NO_LOG = 51  # above CRITICAL: uvicorn may log what a client sent; the application logs errors itself
_PORTS = range(1 << 16)


class Running:
    """A server that accepts requests until its ``with`` block ends or ``close`` is called. The store stays open.

    ``url`` is its address, such as ``http://127.0.0.1:1234``, ``api`` the same with ``/v2``, ``token`` the main token,
    ``page`` the address that opens the page in a browser, ``app`` the ASGI application. With TLS, ``tls_url`` is the
    address for TLS on the same port and ``certificate`` the file that clients must trust; without, both are None.
    """

    def __init__(
        self, server: "_Server", app: HipchatApp, listening: socket.socket, certificate: "_CertificateDir | None"
    ) -> None:
        """Start the thread and return when the server accepts requests."""
        self._server = server
        self.app = app
        self._certificate_dir = certificate
        self._thread = threading.Thread(target=self._run, args=[listening], name="hcfmt-server", daemon=True)
        self._error: BaseException | None = None
        self.token = app.state.settings.token
        self.url = f"http://{_reachable(listening)}"
        self.api = f"{self.url}/v2"
        self.page = f"{self.url}/?{urlencode({'token': self.token})}"
        self.tls_url = f"https://{_reachable(listening)}" if certificate else None
        self.certificate = certificate.certificate.path if certificate else None
        self._thread.start()
        server.ready.wait()
        if not server.started:
            self.close()
            self._raise_error()

    def wait(self) -> None:
        """Return when the server has stopped; a signal may interrupt the wait."""
        while self._thread.is_alive():
            self._thread.join(1)
        self._raise_error()

    def close(self) -> None:
        """Stop: give responses a few seconds to finish, then close everything. Closing twice is harmless."""
        self._server.should_exit = True
        self._thread.join()
        self.app.state.close()
        if self._certificate_dir:
            self._certificate_dir.close()

    def __enter__(self) -> Self:
        """Return the server itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the server."""
        self.close()

    def _raise_error(self) -> None:
        if self._error:
            raise self._error

    def _run(self, listening: socket.socket) -> None:
        try:
            # The selector loop, as only it can watch a socket whose first bytes are peeked at.
            with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
                runner.run(self._server.serve(sockets=[]))
        except BaseException as error:  # noqa: BLE001 - raised again by ``wait``
            self._error = error
        finally:
            listening.close()
            self._server.ready.set()


class _CertificateDir:
    """A private temporary directory with a certificate."""

    def __init__(self, now: float, names: list[str]) -> None:
        try:
            with ExitStack() as stack:
                directory = stack.enter_context(temporary_directory())
                self.certificate: Certificate = make_certificate(directory, now, names)
                self.close = stack.pop_all().close
        except OSError as error:
            raise UsageError(f"The certificate cannot be written: {error.strerror}.") from None


class _Server(uvicorn.Server):
    """Uvicorn behind the front door: uvicorn serves HTTP, the front door accepts the connections."""

    def __init__(
        self,
        app: HipchatApp,
        listening: socket.socket,
        context: "ssl.SSLContext | None",
        log_error: Callable[[str], None],
    ) -> None:
        settings = app.state.settings
        self.ready = threading.Event()
        self._log_error = log_error
        self._connections = Connections(settings.max_connections, settings.max_connections_of_client)
        self._door = FrontDoor(
            listening,
            context,
            self._connections,
            ConnectionOptions(
                settings.max_headers,
                settings.client_timeout,
                lambda client: [*app.state.limits.anonymous_status(client).headers(), ANY_ORIGIN],
            ),
            lambda: H11Protocol(self.config, self.server_state, self.lifespan.state),
        )
        config = uvicorn.Config(
            self._door.watch(app),
            http="h11",
            interface="asgi3",
            ws="none",
            lifespan="off",
            log_config=None,
            log_level=_NO_LOG,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=KEEP_ALIVE,
            timeout_graceful_shutdown=_SHUTDOWN_TIMEOUT,
        )
        super().__init__(config)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start uvicorn, then accept connections."""
        await super().startup(sockets)
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._log_exception)
        self._accepting = loop.create_task(self._door.accept())
        self._accepting.add_done_callback(self._stop_if_failed)
        self.ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Accept no more connections, let responses finish, and close what is left."""
        self._accepting.cancel()
        self._door.close()
        await super().shutdown(sockets)
        self._connections.abort_all()
        await asyncio.sleep(0)  # in which they are closed

    def _stop_if_failed(self, accepting: "asyncio.Task[None]") -> None:
        """Stop the server if accepting failed: it would leave its clients waiting."""
        error = None if accepting.cancelled() else accepting.exception()
        if error:
            self._log_error(f"The server stops: {type(error).__name__}")
            self.should_exit = True

    def _log_exception(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Log the kind of an error outside any request; its text may hold what a client sent."""
        error = context.get("exception")
        if not isinstance(error, (OSError, type(None))):
            self._log_error(f"A connection failed: {type(error).__name__}")


def _now() -> float:
    return datetime.now(UTC).timestamp()


def serve(
    store: "Store",
    settings: Settings | None = None,
    clock: Callable[[], float] = _now,
    *,
    bound: socket.socket | None = None,
    tls: bool = False,
    log: Log = QUIET,
    page: Page = Page(),  # noqa: B008 - immutable
) -> Running:
    """Serve a store in a thread, and return once the server accepts requests.

    Without settings the token is random: ``Running.token``. ``clock`` returns seconds since 1970 UTC. ``bound`` is a
    listening socket, closed with the server; by default the server listens on a free port of the loopback interface.
    With ``tls`` the same port also accepts TLS and, as a proxy, CONNECT. ``page`` is what the page at ``/`` shows
    besides the store. Raises UsageError for invalid settings.
    """
    settings = settings or Settings()
    app = HipchatApp(store, settings, clock, log, page)
    with ExitStack() as stack:
        bound = stack.enter_context(bound or listening("127.0.0.1", 0))
        certificate = _CertificateDir(clock(), _names(bound, settings)) if tls else None
        stack.pop_all()
    context = certificate.certificate.context if certificate else None
    return Running(_Server(app, bound, context, log.error), app, bound, certificate)


def is_local(host: str) -> bool:
    """Whether a host has loopback addresses only; raises UsageError for an unknown host."""
    return all(ipaddress.ip_address(address.partition("%")[0]).is_loopback for _, address in _addresses(host))


def _addresses(host: str) -> list[tuple[socket.AddressFamily, str]]:
    """Return the addresses of a host name or address, of IPv6 with or without brackets."""
    try:
        found = socket.getaddrinfo(without_brackets(host), None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        raise UsageError(f"Unknown host {host!r}.") from None
    return [(family, str(address[0])) for family, _, _, _, address in found]


def listening(host: str, port: int) -> socket.socket:
    """Return a listening socket; port 0 selects a free port, and early connections wait in its queue.

    Raises UsageError for an unknown host and an unavailable port.
    """
    family, address = _addresses(host)[0]
    if port not in _PORTS:
        raise UsageError(f"Cannot listen on {host}:{port}: ports are 0 to {_PORTS[-1]}.")
    try:
        return socket.create_server((address, port), family=family)
    except OSError as error:
        raise UsageError(f"Cannot listen on {host}:{port}: {os.strerror(error.errno or 0)}.") from None


def _reachable(bound: socket.socket) -> str:
    """Return the host and port at which a socket can be reached from this machine."""
    host, port = bound.getsockname()[:2]
    address = ipaddress.ip_address(str(host).partition("%")[0])
    is_six = isinstance(address, ipaddress.IPv6Address)
    if address.is_unspecified:
        address = ipaddress.ip_address("::1" if is_six else "127.0.0.1")
    return f"[{address}]:{port}" if is_six else f"{address}:{port}"


def _names(bound: socket.socket, settings: Settings) -> list[str]:
    """Return the names that a certificate is for: the usual ones, where it listens, and what links begin with."""
    own = urlsplit(settings.base_url or "").hostname
    return [*NAMES, str(bound.getsockname()[0]).partition("%")[0], *([own] if own else [])]
