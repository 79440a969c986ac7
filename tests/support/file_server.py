"""A file server on the loopback that also fails in known ways."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

import pytest

HALF = "half"  # a part of a path below which a file's connection breaks halfway
SILENT = "silent"  # a part of a path below which no answer comes


@dataclass(frozen=True, slots=True)
class Request:
    """Request that a server received."""

    target: str
    authorization: str | None
    encodings: str | None


@dataclass(slots=True)
class FileServer:
    """Server of files by path, with statuses and redirections by path, and the requests that it received."""

    url: str
    files: dict[str, bytes] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    locations: dict[str, str] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "_Server"

    def do_GET(self) -> None:
        served = self.server.served
        served.requests.append(Request(self.path, self.headers["Authorization"], self.headers["Accept-Encoding"]))
        path = unquote(urlsplit(self.path).path)
        if path.startswith(f"/{SILENT}"):
            served.released.wait(60)
            self.close_connection = True
            return
        data = served.files.get(path, b"")
        status = served.statuses.get(path, 200 if path in served.files else 404)
        self.send_response(302 if path in served.locations else status)
        if path in served.locations:
            self.send_header("Location", served.locations[path])
        if path.endswith(".gz"):
            self.send_header("Content-Encoding", "gzip")  # as servers that take a suffix for it do
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data[: len(data) // 2] if path.startswith(f"/{HALF}") else data)
        self.close_connection = path.startswith(f"/{HALF}")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Discard the line."""


class _Server(ThreadingHTTPServer):
    served: FileServer

    def handle_error(self, *_: object) -> None:
        """Say nothing of a client that leaves before the end of an answer."""


@contextmanager
def file_server(files: Mapping[str, bytes]) -> Iterator[FileServer]:
    """Serve files by their paths."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.served = FileServer(f"http://127.0.0.1:{server.server_address[1]}", dict(files))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.served
        finally:
            server.served.released.set()
            server.shutdown()
            thread.join()


def without_proxy(patch: pytest.MonkeyPatch) -> None:
    """Keep requests to the loopback from a proxy that the environment names."""
    patch.setenv("NO_PROXY", "127.0.0.1")
    patch.setenv("no_proxy", "127.0.0.1")
