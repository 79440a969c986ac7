"""Webhooks: who is told of an event, and the thread that tells them; on this machine alone unless hosts are named."""

import ipaddress
import socket
import ssl
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import SplitResult, quote, urlsplit

from hcfmt.server import json_rendering as wire
from hcfmt.server.api.safe_regex import matches
from hcfmt.server.redaction import redact_text
from hcfmt.server.settings import bare

if TYPE_CHECKING:
    from hcfmt.server.api.events import Event
    from hcfmt.server.store import Store

KIND = "webhook"
"""The kind of the store's documents, each under its id, that hold webhooks as JSON objects.

Read here are ``room`` (an id), ``event``, ``url``, ``pattern`` (or None) and, where there is one, ``oauth_client_id``.
"""

MOST_WAITING = 1_000  # deliveries; more are listed as not made
MOST_LISTED = 1_000
MOST_BYTES = 16 << 20  # of all payloads that wait, and of all that are listed
TIMEOUT = 5.0  # seconds for a connection, and for each answer of the other side
LONGEST = 10.0  # seconds for a delivery, however slowly the other side answers
_TRIED = 4  # addresses of a host, at most
_SAFE = "/?&=%#:@!$'()*+,;~[]"


class UndeliverableError(Exception):
    """A delivery is not made, or failed; its sentence is listed."""


@dataclass(frozen=True, slots=True)
class _Job:
    """A payload that is to be delivered for one webhook, and the bytes that it is as JSON."""

    webhook: int
    url: str
    payload: Mapping[str, Any]
    body: bytes


class Hooks:
    """Delivers in the order of the events, from one thread that begins with the first; any thread may use it."""

    def __init__(self, store: "Store", hosts: Iterable[str] = ()) -> None:
        """Deliver to webhooks of a store, to loopback addresses, and to ``hosts`` by name whatever their addresses."""
        self._store = store
        self._hosts = {bare(host.casefold()) for host in hosts}
        self._jobs: deque[_Job] = deque()
        self._waiting = 0  # bytes of their bodies
        self._at: _Job | None = None
        self._closed = False
        self._listed: deque[tuple[dict[str, Any], int]] = deque()
        self._bytes = 0  # of what is listed
        self._number = 0
        self._thread: threading.Thread | None = None
        self._changed = threading.Condition()

    def tell(self, events: "Iterable[Event]") -> None:
        """Deliver events to those who registered for them; returns at once."""
        for event in events:
            for job in _jobs(self._store, event):
                self._submit(job)

    def deliveries(self, wait: float = 0.0) -> dict[str, Any]:
        """Return what was delivered, the oldest first, and how many deliveries are still to be made.

        Waits until none is, but no longer than ``wait`` seconds.
        """
        with self._changed:
            self._changed.wait_for(lambda: not self._pending, wait)
            return {"items": [told for told, _ in self._listed], "pending": self._pending}

    def clear(self) -> None:
        """Forget what was delivered and what is still to be; what is being delivered is not listed when it is done."""
        with self._changed:
            self._jobs.clear()
            self._listed.clear()
            self._waiting = self._bytes = 0
            self._at = None
            self._changed.notify_all()

    def close(self) -> None:
        """Stop the thread, after the delivery that it is at; what was still to be delivered is not."""
        with self._changed:
            self._closed = True
            self._jobs.clear()
            self._changed.notify_all()
        if self._thread:
            self._thread.join(TIMEOUT)

    @property
    def _pending(self) -> int:
        return len(self._jobs) + (self._at is not None)

    def _submit(self, job: _Job) -> None:
        with self._changed:
            if self._closed:
                return
            if len(self._jobs) >= MOST_WAITING or self._waiting + len(job.body) > MOST_BYTES:
                self._list(job, None, "Too many deliveries wait already.")
                return
            self._jobs.append(job)
            self._waiting += len(job.body)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="hcfmt-webhooks", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._jobs or self._closed)
                if self._closed:
                    return
                job = self._at = self._jobs.popleft()
                self._waiting -= len(job.body)
            status, error = None, None
            try:
                status = deliver(job.url, job.body, self._hosts)
            except UndeliverableError as undeliverable:
                error = str(undeliverable)
            with self._changed:
                if self._at is job:
                    self._at = None
                    self._list(job, status, error)
                self._changed.notify_all()

    def _list(self, job: _Job, status: int | None, error: str | None) -> None:
        self._number += 1
        told = {"number": self._number, "webhook_id": job.webhook, "url": redact_text(job.url), "payload": job.payload}
        self._listed.append(({**told, "status": status, "error": error}, len(job.body)))
        self._bytes += len(job.body)
        while len(self._listed) > MOST_LISTED or self._bytes > MOST_BYTES:
            self._bytes -= self._listed.popleft()[1]


def _jobs(store: "Store", event: "Event") -> Iterator[_Job]:
    """Yield a job for each webhook of an event's room that was registered for it and whose pattern fits."""
    for key, webhook in store.documents(KIND).items():
        if (webhook["room"], webhook["event"]) != (event.room, event.name):
            continue
        pattern = webhook.get("pattern")
        if pattern and event.text is not None and not matches(pattern, event.text):
            continue
        payload = {"event": event.name, "item": event.item, "webhook_id": int(key)}
        if webhook.get("oauth_client_id"):
            payload["oauth_client_id"] = webhook["oauth_client_id"]
        yield _Job(int(key), webhook["url"], payload, wire.render(payload))


def deliver(url: str, body: bytes, hosts: Iterable[str] = ()) -> int:
    """POST a JSON body to a URL and return the status of the answer, of which nothing else is read or followed.

    The host's name is resolved once, every address is checked, and the connection goes to the first checked address
    that takes it, so that a name cannot mean another host a moment later. ``hosts`` (lower case) may have any address,
    others must be this machine. Raises UndeliverableError.
    """
    try:
        parts = urlsplit(url)
        usual = {"http": 80, "https": 443}[parts.scheme]
        port = usual if parts.port is None else parts.port
        host = parts.hostname or ""
        plain = _connected(_checked_addresses(host, port, trusted=host in set(hosts)), port)
        with _wrapped(plain, parts.scheme, host, trusted=host in set(hosts)) as line:
            return _posted(line, parts, host, port, body)
    except ssl.SSLCertVerificationError:  # which is a ValueError too
        raise UndeliverableError("The host's certificate is not trusted.") from None
    except (KeyError, ValueError):
        raise UndeliverableError("The URL is none that a webhook can have.") from None
    except TimeoutError:
        raise UndeliverableError("The host does not answer in time.") from None
    except (OSError, HTTPException) as error:
        raise UndeliverableError(f"The delivery failed: {type(error).__name__}.") from None


def _checked_addresses(host: str, port: int, *, trusted: bool) -> list[str]:
    """Return the addresses of a host, to all of which one may connect; raises UndeliverableError where it is not so."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise UndeliverableError("The host is not known.") from None
    addresses = [str(one[4][0]) for one in found]
    if not trusted and not all(map(_is_here, addresses)):
        raise UndeliverableError("The host is not this machine, and is none that webhooks may be delivered to.")
    return list(dict.fromkeys(addresses))[:_TRIED]


def _connected(addresses: list[str], port: int) -> socket.socket:
    """Return a connection to the first address that takes it: "localhost" is often ::1 before it is 127.0.0.1."""
    *others, last = addresses
    for address in others:
        with suppress(OSError):
            return socket.create_connection((address, port), TIMEOUT)
    return socket.create_connection((last, port), TIMEOUT)


def _is_here(address: str) -> bool:
    return ipaddress.ip_address(address.partition("%")[0]).is_loopback


def _wrapped(plain: socket.socket, scheme: str, host: str, *, trusted: bool) -> socket.socket:
    """Return a connection as it is, or with TLS; on this machine nobody is between, and any certificate will do."""
    if scheme == "http":
        return plain
    context = ssl.create_default_context()
    if not trusted:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)


def _posted(line: socket.socket, parts: SplitResult, host: str, port: int, body: bytes) -> int:
    connection = (HTTPSConnection if parts.scheme == "https" else HTTPConnection)(host, port)
    connection.sock = line
    where = quote((parts.path or "/") + (f"?{parts.query}" if parts.query else ""), safe=_SAFE)
    cut = _Cut(line, LONGEST)
    try:
        with cut:
            if isinstance(line, ssl.SSLSocket):
                line.do_handshake()
            connection.request("POST", where, body, {"Content-Type": wire.JSON, "Connection": "close"})
            return connection.getresponse().status
    finally:
        if cut.done:  # what was read ends in the middle, which the library notices in one way, another, or not at all
            raise TimeoutError


class _Cut:
    """Ends a connection after some seconds, whoever is reading from it then."""

    def __init__(self, line: socket.socket, seconds: float) -> None:
        self.done = False
        self._line = line
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def _cut(self) -> None:
        self.done = True
        with suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)
