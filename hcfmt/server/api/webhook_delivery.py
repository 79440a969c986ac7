"""Requests to other servers: to this machine or an allowed host, at an address that was checked, in bounded time."""

import ipaddress
import socket
import ssl
import threading
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Self
from urllib.parse import SplitResult, quote, urlsplit

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError
from urllib3.response import HTTPResponse

from hcfmt.server import json_rendering

TIMEOUT = 5.0  # seconds to connect, and for each part of the response
MAX_DURATION = 10.0  # seconds for a delivery, however slowly the response arrives
MAX_ANSWER = 1 << 18  # bytes of a response's body
_MAX_ADDRESSES = 4  # addresses of a host that are tried
_SAFE = "/?&=%#:@!$'()*+,;~[]"
_PORTS = {"http": 80, "https": 443}


class UndeliverableError(Exception):
    """A delivery is not allowed or failed; its sentence is listed with the delivery."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Response of another server: its status, its body, and whether its media type is JSON.

    A body of more than ``MAX_ANSWER`` bytes counts as empty and not as JSON.
    """

    status: int
    body: bytes = b""
    is_json: bool = False


@dataclass(frozen=True, slots=True)
class _Request:
    """A request to another server, with the parts of its URL."""

    method: str
    parts: SplitResult
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def deliver(url: str, body: bytes, hosts: Collection[str] = ()) -> int:
    """POST a JSON body to ``url`` and return the status of the response; see ``exchange``."""
    return exchange("POST", url, hosts, body).status


def exchange(
    method: str, url: str, hosts: Collection[str], body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> Answer:
    """Send a request, with a JSON body if there is one, and return the response; redirects are not followed.

    The host is resolved once and every address is checked; the connection goes to the first checked address that
    accepts it, so a name cannot change its meaning in between. ``hosts`` (lower case) may have any address, other hosts
    must be this machine. Raises UndeliverableError.
    """
    try:
        parts = urlsplit(url)
        usual_port = _PORTS[parts.scheme]
        port = usual_port if parts.port is None else parts.port
        host = parts.hostname or ""
        is_allowed = host in hosts
        context = _tls_context(verify=is_allowed) if parts.scheme == "https" else None
        request = _Request(method, parts, body, headers or {})
        return _send(_checked_addresses(host, port, is_allowed=is_allowed), port, request, context)
    except ssl.SSLCertVerificationError:  # a ValueError, too
        raise UndeliverableError("The host's certificate is not trusted.") from None
    except (KeyError, ValueError):
        raise UndeliverableError("Invalid webhook URL.") from None
    except NewConnectionError as error:  # a ConnectTimeoutError, too
        raise UndeliverableError(f"The delivery failed: {type(error.__cause__).__name__}.") from None
    except (TimeoutError, ConnectTimeoutError):
        raise UndeliverableError("The host does not respond in time.") from None
    except (OSError, HTTPException, HTTPError) as error:
        raise UndeliverableError(f"The delivery failed: {type(error).__name__}.") from None


def may_reach(url: str, hosts: Collection[str]) -> bool:
    """Whether a URL names one of ``hosts`` or this machine: "localhost", or an address of the loopback."""
    try:
        host = urlsplit(url).hostname or ""
        return host in hosts or host == "localhost" or _is_local(host)
    except ValueError:
        return False


def _tls_context(*, verify: bool) -> ssl.SSLContext:
    """Return a TLS context; on this machine any certificate is accepted, as the connection does not leave it."""
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _checked_addresses(host: str, port: int, *, is_allowed: bool) -> list[str]:
    """Return the addresses of a host; raise UndeliverableError unless every one of them may be connected to."""
    try:
        results = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise UndeliverableError("The host is unknown.") from None
    addresses = [str(result[4][0]) for result in results]
    if not is_allowed and not all(map(_is_local, addresses)):
        raise UndeliverableError("The host is not this machine, and not allowed for webhooks.")
    return list(dict.fromkeys(addresses))[:_MAX_ADDRESSES]


def _is_local(address: str) -> bool:
    return ipaddress.ip_address(address.partition("%")[0]).is_loopback


def _send(addresses: list[str], port: int, request: _Request, context: ssl.SSLContext | None) -> Answer:
    """Send the request to the first address that accepts a connection: "localhost" is often ::1 before 127.0.0.1."""
    *others, last = addresses
    for address in others:
        with suppress(NewConnectionError, ConnectTimeoutError):
            return _send_to(address, port, request, context)
    return _send_to(last, port, request, context)


def _send_to(address: str, port: int, request: _Request, context: ssl.SSLContext | None) -> Answer:
    parts = request.parts
    host = parts.hostname or ""
    connection = (
        HTTPSConnection(address, port, timeout=TIMEOUT, ssl_context=context, server_hostname=host, assert_hostname=host)
        if context
        else HTTPConnection(address, port, timeout=TIMEOUT)
    )
    target = quote((parts.path or "/") + (f"?{parts.query}" if parts.query else ""), safe=_SAFE)
    headers = {"Host": parts.netloc.rpartition("@")[2], "Connection": "close", "User-Agent": "hcfmt", **request.headers}
    if request.body is not None:
        headers["Content-Type"] = json_rendering.JSON
    with _Deadline(connection, MAX_DURATION) as deadline:
        try:
            connection.request(request.method, target, request.body, headers, preload_content=False)
            return _answer(connection.getresponse())
        finally:
            connection.close()
            if deadline.has_passed:  # the library may report the cut connection in any way, or not at all
                raise TimeoutError


def _answer(response: HTTPResponse) -> Answer:
    media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    body = response.read(MAX_ANSWER + 1, decode_content=False)
    if not body or len(body) > MAX_ANSWER:
        return Answer(response.status)
    return Answer(response.status, body, media_type == json_rendering.JSON)


class _Deadline:
    """Context manager that cuts a connection after some seconds, whatever is being read from it."""

    def __init__(self, connection: HTTPConnection, seconds: float) -> None:
        self.has_passed = False
        self._connection = connection
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def _cut(self) -> None:
        self.has_passed = True
        if line := self._connection.sock:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
