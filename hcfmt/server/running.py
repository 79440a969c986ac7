"""A server that runs: a thread with uvicorn on a socket of its own, from when it is ready until it is closed."""

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
from urllib.parse import urlsplit

import uvicorn

from hcfmt.container import temporary_directory
from hcfmt.errors import UsageError
from hcfmt.server.http.app import HipchatApp
from hcfmt.server.http.log import QUIET, Log
from hcfmt.server.settings import Settings, bare
from hcfmt.server.transport.certificates import NAMES, Certificate, make_certificate
from hcfmt.server.transport.connection import Door
from hcfmt.server.transport.connections import Crowd
from hcfmt.server.transport.proxy import entrance

if TYPE_CHECKING:
    from hcfmt.server.store import Store

GRACE = 3  # seconds that answers have to be finished when the server stops
_PORTS = range(1 << 16)
KEEP_ALIVE = 30  # seconds that a connection is kept for another request


class Running:
    """A server that answers; it stops at the end of its ``with`` block, or when it is closed. The store stays open.

    ``url`` is where it is, such as ``http://127.0.0.1:1234``, ``api`` the same with ``/v2``, ``token`` its main token,
    ``app`` the ASGI application. With TLS ``tls_url`` is where it is for clients that speak that, at the same port, and
    ``certificate`` the file that they are to trust; else both are None.
    """

    def __init__(self, server: "_Server", app: HipchatApp, bound: socket.socket, place: "_Place | None") -> None:
        """Start the thread, and return when it answers."""
        self._server = server
        self.app = app
        self._place = place
        self._thread = threading.Thread(target=self._run, args=[bound], name="hcfmt-server", daemon=True)
        self._failed: BaseException | None = None
        self.token = app.state.settings.token
        self.url = f"http://{_reachable(bound)}"
        self.api = f"{self.url}/v2"
        self.tls_url = f"https://{_reachable(bound)}" if place else None
        self.certificate = place.certificate.path if place else None
        self._thread.start()
        server.ready.wait()
        if not server.started:
            self.close()
            self._raise_failure()

    def wait(self) -> None:
        """Return when the server has stopped; a signal may interrupt it."""
        while self._thread.is_alive():
            self._thread.join(1)
        self._raise_failure()

    def close(self) -> None:
        """Stop: finish what is being answered, if that is soon, and let go of everything. Closing twice is harmless."""
        self._server.should_exit = True
        self._thread.join()
        self.app.state.close()
        if self._place:
            self._place.close()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def _raise_failure(self) -> None:
        if self._failed:
            raise self._failed

    def _run(self, bound: socket.socket) -> None:
        try:
            self._server.run(sockets=[bound])
        except BaseException as error:  # noqa: BLE001 - it is raised again where somebody waits for it
            self._failed = error
        finally:
            bound.close()
            self._server.ready.set()


class _Place:
    """A certificate in a private directory of its own."""

    def __init__(self, now: float, names: list[str]) -> None:
        try:
            with ExitStack() as held:
                directory = held.enter_context(temporary_directory())
                self.certificate: Certificate = make_certificate(directory, now, names)
                self.close = held.pop_all().close
        except OSError as error:
            raise UsageError(f"The certificate cannot be written: {error.strerror}.") from None


class _Server(uvicorn.Server):
    """Says when it is ready, and leaves nothing open when it stops."""

    def __init__(self, config: uvicorn.Config, complain: Callable[[str], None]) -> None:
        super().__init__(config)
        self.ready = threading.Event()
        self._complain = complain

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        asyncio.get_running_loop().set_exception_handler(self._odd)
        await super().startup(sockets)
        self.ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets)
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)  # in which they are closed

    def _odd(self, _: asyncio.AbstractEventLoop, told: dict[str, Any]) -> None:
        """Log what went wrong outside of any request, as far as it cannot hold what somebody sent."""
        error = told.get("exception")
        if not isinstance(error, (OSError, type(None))):
            self._complain(f"A connection failed: {type(error).__name__}")


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
) -> Running:
    """Serve a store in a thread, and return once the server accepts requests.

    Without settings the token is random: ``Running.token``. ``clock`` returns seconds since 1970 UTC. ``bound`` is a
    listening socket, closed with the server; by default the server listens on a free port of the loopback interface.
    With ``tls`` the same port also accepts TLS and, as a proxy, CONNECT. Raises UsageError for invalid settings.
    """
    settings = settings or Settings()
    app = HipchatApp(store, settings, clock, log)
    with ExitStack() as held:
        bound = held.enter_context(bound or listening("127.0.0.1", 0))
        place = _Place(clock(), _names(bound, settings)) if tls else None
        held.pop_all()
    door = Door(
        settings,
        place.certificate.context if place else None,
        lambda client: app.state.limits.anonymous_status(client).headers(),
        Crowd(settings.max_connections, settings.max_connections_of_client),
    )
    config = uvicorn.Config(
        app,
        loop="asyncio",
        http=entrance(door),
        ws="none",
        lifespan="off",
        log_config=None,
        workers=1,
        proxy_headers=False,
        forwarded_allow_ips="",
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=GRACE,
        h11_max_incomplete_event_size=settings.max_headers,
    )
    return Running(_Server(config, log.error), app, bound, place)


def is_local(host: str) -> bool:
    """Whether listening on a host is listening to this machine alone; raises UsageError for an unknown host."""
    return all(ipaddress.ip_address(address.partition("%")[0]).is_loopback for _, address in _addresses(host))


def _addresses(host: str) -> list[tuple[socket.AddressFamily, str]]:
    """Return the addresses of a host, which may be one itself, of IP's sixth version with or without brackets."""
    try:
        found = socket.getaddrinfo(bare(host), None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        raise UsageError(f"{host or 'An empty name'}: there is no such host.") from None
    return [(family, str(address[0])) for family, _, _, _, address in found]


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens, at a free port where that is 0; clients that come early wait in its queue.

    Raises UsageError where the host is unknown, or the port cannot be had.
    """
    family, address = _addresses(host)[0]
    if port not in _PORTS:
        raise UsageError(f"{host}:{port} cannot be listened on: there is no such port.")
    try:
        return socket.create_server((address, port), family=family)
    except OSError as error:
        raise UsageError(f"{host}:{port} cannot be listened on: {os.strerror(error.errno or 0)}.") from None


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
