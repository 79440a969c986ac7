"""What a request brings besides its target: a token, a name and password, a body; and what is known of it so far."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.requests import Request

from hcfmt.server.api.call import Refusal

if TYPE_CHECKING:
    from hcfmt.server.api.tokens import Token
    from hcfmt.server.http.rates import Standing
    from hcfmt.server.openapi.contract import Operation
    from hcfmt.server.settings import Settings


@dataclass(slots=True)
class Arrival:
    """A request, and what was found out about it: for its answer's headers, the list of requests and the log.

    ``path`` is encoded as it came; ``parts`` are the path's, decoded, ``values`` those that stand for parameters.
    """

    request: Request
    path: str
    pairs: list[tuple[str, str]]
    standing: "Standing"
    flood: "Standing | None" = None
    operation: "Operation | None" = None
    token: "Token | None" = None
    body: bytes = b""
    parts: Sequence[str] = ()
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def bearer(self) -> str:
        """The token of the Authorization header; empty where it has none."""
        scheme, _, value = self.request.headers.get("authorization", "").partition(" ")
        return value.strip() if scheme.lower() == "bearer" else ""

    @property
    def secret(self) -> str:
        """The token that came with the request, in its header or else as ``auth_token``; empty where none did."""
        given = [value for name, value in self.pairs if name == "auth_token" and value]
        return self.bearer or (given[-1] if given else "")

    @property
    def basic(self) -> tuple[str, str] | None:
        """The name and password of HTTP Basic authentication, None where there are none."""
        scheme, _, value = self.request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            name, colon, password = base64.b64decode(value.strip(), validate=True).decode().partition(":")
        except ValueError:  # no base64, or no UTF-8
            return None
        return (name, password) if colon else None

    @property
    def asks_only(self) -> bool:
        """Whether the client wants to know whether its token would do, and nothing be done."""
        return any(name == "auth_test" and value.lower() == "true" for name, value in self.pairs)

    @property
    def is_upload(self) -> bool:
        """Whether the body has several parts, one of them a file."""
        return self.request.headers.get("content-type", "").lower().startswith("multipart/")


def arrival(request: Request, standing: "Standing") -> Arrival:
    """Return a request with its path as it came and its query taken apart."""
    scope = request.scope
    path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1").partition("?")[0]
    return Arrival(request, path, parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True), standing)


def local(request: Request) -> str:
    """Return the host and port that a request was sent to, as the connection tells them."""
    host, port = request.scope.get("server") or ("localhost", None)
    host = f"[{host.partition('%')[0]}]" if ":" in host else host
    return f"{host}:{port}" if port else host


def expected_size(one: Arrival, settings: "Settings") -> int:
    """Return how many bytes a body may have; raises Refusal(413) where it is announced as beyond the limit."""
    limit, headers = _limit(one, settings), one.request.headers
    announced = headers.get("content-length", "")
    if not announced.isdecimal():
        return limit if "transfer-encoding" in headers else 0
    if int(announced) > limit:
        raise _too_large(limit)
    return int(announced)


async def read_body(one: Arrival, settings: "Settings") -> bytes:
    """Return a request's body; raises Refusal(413) for one beyond the limit, as soon as that is known.

    Raises starlette's ClientDisconnect for a client that leaves before it has sent all.
    """
    expected_size(one, settings)
    limit, body = _limit(one, settings), BytesIO()
    async for piece in one.request.stream():
        if body.tell() + len(piece) > limit:
            raise _too_large(limit)
        body.write(piece)
    return body.getvalue()  # which is no copy


def _limit(one: Arrival, settings: "Settings") -> int:
    return settings.max_upload if one.is_upload else settings.max_body


def _too_large(limit: int) -> Refusal:
    return Refusal(413, f"A body like this has at most {limit:,} bytes.")
