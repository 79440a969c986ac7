"""An add-on that a test installs, as atlassian-connect-express-hipchat does its part."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from hcfmt.pytest_plugin import HipchatServer
from tests.support.serving import Client


class Addon(ThreadingHTTPServer):
    """An add-on: it serves a descriptor, gets a token while it is installed, and records what it is told.

    Each of its pages fetches the installation twice, into ``fetched``. ``status`` is its answer to what it is told.
    """

    def __init__(self) -> None:
        """Listen on a free port."""
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.descriptor: Any = {
            "key": "an-addon",
            "name": "An add-on",
            "links": {"self": f"{self.url}/descriptor"},
            "capabilities": {
                "hipchatApiConsumer": {"scopes": ["admin_room", "send_notification"]},
                "installable": {"callbackUrl": f"{self.url}/installed"},
                "webhook": [{"event": "room_message", "url": f"{self.url}/hook", "authentication": "jwt", "key": "k"}],
            },
        }
        self.media_type = "application/json"
        self.status = 204
        self.page_query: dict[str, list[str]] = {}
        self.fetched: list[httpx.Response] = []
        self.installation: dict[str, Any] = {}
        self.token = ""
        self.told: list[str] = []


class _Handler(BaseHTTPRequestHandler):
    server: Addon

    def do_GET(self) -> None:
        path, query = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
        if path == "/descriptor":
            self._answer(200, json.dumps(self.server.descriptor).encode())
            return
        self.server.told.append(f"GET {path}")
        self.server.page_query = query
        self.server.fetched = [httpx.get(query["installable_url"][0]) for _ in range(2)]
        self._answer(302 if self.server.status in range(200, 300) else self.server.status)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        path = urlsplit(self.path).path
        self.server.told.append(f"POST {path}")
        if path in {"/installed", "/updated"}:
            self.server.installation = body
            capabilities = httpx.get(body["capabilitiesUrl"]).json()
            assert capabilities["links"]["self"] == body["capabilitiesUrl"]
            token_url = capabilities["capabilities"]["oauth2Provider"]["tokenUrl"]
            form = {"grant_type": "client_credentials"}
            answer = httpx.post(token_url, data=form, auth=(body["oauthId"], body["oauthSecret"]))
            self.server.token = answer.raise_for_status().json()["access_token"]
        self._answer(self.server.status)

    def do_DELETE(self) -> None:
        self.server.told.append(f"DELETE {self.path}")
        self._answer(204)

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Type", self.server.media_type)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Discard the line."""


@contextmanager
def running() -> Iterator[Addon]:
    """Run an add-on."""
    with Addon() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def install(client: httpx.Client, addon: Addon, **more: int) -> httpx.Response:
    """Install an add-on; ``more`` are properties of the request."""
    return client.post("/addon", json={"url": f"{addon.url}/descriptor", **more})


def as_addon(server: HipchatServer, addon: Addon) -> httpx.Client:
    """Return a client with the token of an add-on."""
    return Client(base_url=server.api, headers={"Authorization": f"Bearer {addon.token}"})
