"""A receiver of webhooks on this machine, for tests."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Receiver(ThreadingHTTPServer):
    """An HTTP server that records POST requests and responds with ``status``, ``location`` and ``answer``."""

    def __init__(self) -> None:
        """Listen on a free port."""
        super().__init__(("127.0.0.1", 0), _Handler)
        self.received: list[tuple[str, Any]] = []
        self.status = 204
        self.location = ""
        self.answer: bytes | None = None  # of JSON
        self.authorizations: list[str | None] = []  # Authorization of each request
        self.released = threading.Event()  # responses wait for it
        self.released.set()

    @property
    def url(self) -> str:
        """The URL of the server."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        assert self.headers["Content-Type"] == "application/json"
        self.server.authorizations.append(self.headers["Authorization"])
        self.server.received.append((self.path, json.loads(body)))
        self.server.released.wait(10)
        self.send_response(self.server.status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        if self.server.answer is not None:
            self.send_header("Content-Type", "application/json; charset=utf-8")
        self.end_headers()
        self.wfile.write(self.server.answer or b"")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Discard the line."""


@contextmanager
def receiver() -> Iterator[Receiver]:
    """Run a receiver in a thread."""
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.released.set()
            server.shutdown()
            thread.join()
