"""A client that calls operations as the server does, and checks each response with the contract."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from hcfmt.server.api import tokens
from hcfmt.server.api.links import Links
from hcfmt.server.http.bodies import read_body
from hcfmt.server.openapi import contract
from hcfmt.server.operations import execute
from hcfmt.server.operations.call import ApiResponse, Call
from hcfmt.server.settings import CLOUD
from hcfmt.server.store import Store, StoredFile, Upload
from tests.support import conformance

MAIN = "main token"
BASE = "http://127.0.0.1:1234/v2"
NOW = 1_600_000_000.25  # after every date in a generated archive
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"  # the beginning of an image
OPERATIONS = {operation.id: operation for operation in contract.operations()}


@dataclass(frozen=True)
class Api:
    """A client without a network; ``token`` is its token, ``now`` the time of its calls."""

    store: Store
    token: str = MAIN
    now: float = NOW
    server_version: str = CLOUD
    deleted_rooms: bool = False

    def __call__(
        self,
        operation: str,
        path: Mapping[str, object] | None = None,
        query: str = "",
        *,
        body: Any = None,  # noqa: ANN401 - any JSON value, or an Upload
        basic: tuple[str, str] | None = None,
    ) -> ApiResponse:
        """Call an operation; a body is encoded as JSON, an ``Upload`` is passed on."""
        contract_operation = OPERATIONS[operation]
        token = None
        if not contract_operation.is_open:
            token = tokens.authenticate(self.store, self.token, self.now)
            tokens.check_scopes(token, contract_operation.scopes)
        call = Call(
            operation=contract_operation,
            path={name: str(value) for name, value in (path or {}).items()},
            query=contract_operation.query(parse_qsl(query, keep_blank_values=True)),
            body=body
            if isinstance(body, Upload)
            else read_body(contract_operation, "application/json", _to_json(body)),
            token=token,
            links=Links(BASE),
            store=self.store,
            now=self.now,
            main_token=MAIN,
            basic=basic,
            server_version=self.server_version,
            deleted_rooms=self.deleted_rooms,
        )
        response = execute(call)
        conformance.check_response(operation, response)
        return response

    def room(self, operation: str, room: object, query: str = "", **more: Any) -> ApiResponse:  # noqa: ANN401 - handed on
        """Call an operation on a room."""
        return self(operation, {"id_or_name": room}, query, **more)

    def user(self, operation: str, user: object, query: str = "", **more: Any) -> ApiResponse:  # noqa: ANN401 - handed on
        """Call an operation on a user."""
        return self(operation, {"id_or_email": user}, query, **more)

    def as_user(self, user: int) -> "Api":
        """Return a client with a token of another user."""
        return replace(self, token=tokens.issue(self.store, user, tokens.ALL, self.now, seconds=3_600))

    def as_addon(self) -> "Api":
        """Return a client with a token of an add-on."""
        value = tokens.issue(self.store, None, tokens.ALL, self.now, seconds=3_600, client="an add-on")
        return replace(self, token=value)

    def pages(self, operation: str, path: Mapping[str, object], query: str) -> Iterator[dict[str, Any]]:
        """Yield the pages of a collection by following ``next``."""
        while True:
            page = self(operation, path, query).body
            yield page
            if "next" not in page["links"]:
                return
            query = urlsplit(page["links"]["next"]).query

    def file(self, url: str) -> StoredFile | None:
        """Return the stored file of a URL."""
        return self.store.file(unquote(url.removeprefix("http://127.0.0.1:1234/files/")))

    @property
    def owner(self) -> int:
        """The id of the token's owner."""
        number = tokens.authenticate(self.store, self.token, self.now).owner
        assert number is not None
        return number


def find_room(api: Api, **properties: object) -> dict[str, Any]:
    """Return the first room that is neither archived nor deleted and has these properties."""
    return next(room for room in api.store.rooms(size=1_000) if properties.items() <= room.items())


def _to_json(body: object) -> bytes:
    return b"" if body is None else json.dumps(body).encode()
