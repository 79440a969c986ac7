"""Input and output of an operation: the call and the response."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from hcfmt.server.api.events import Event
from hcfmt.server.api.links import Links
from hcfmt.server.api.tokens import Token
from hcfmt.server.openapi.contract import Operation
from hcfmt.server.settings import CLOUD
from hcfmt.server.store import Store


@dataclass(frozen=True, slots=True)
class Call:
    """An authorized request that matches an operation of the contract.

    ``path`` holds the path parameters, percent-decoded; a "+" stays a "+" (see ``lookup.find_lenient``). ``query``
    holds the documented query parameters, typed, with defaults. ``body`` is a JSON value, a form as a mapping of
    strings, an ``Upload``, or None, as the contract documents it. ``token`` is None for operations that need no token.
    ``links`` builds URLs from the scheme and host that the client used. ``now`` is in seconds since 1970 UTC.
    ``main_token`` is the token that the server was started with, of which the secrets of add-ons are made.
    ``basic`` is the name and password of HTTP Basic authentication, set for open operations only (POST /oauth/token).
    ``server_version``, ``deleted_rooms`` and ``webhook_hosts`` are those of the ``Settings``.
    """

    operation: Operation
    path: Mapping[str, str]
    query: Mapping[str, Any]
    body: Any
    token: Token | None
    links: Links
    store: Store
    now: float
    main_token: str
    basic: tuple[str, str] | None = None
    server_version: str = CLOUD
    deleted_rooms: bool = False
    webhook_hosts: frozenset[str] = frozenset()

    @property
    def room_key(self) -> str:
        """The id or name of the room in the path as the client wrote it, also in links (docs/api.md#self-key)."""
        return self.path["id_or_name"]


@dataclass(frozen=True, slots=True)
class ApiResponse:
    """The response of an operation: a JSON value, the chunks of a file, or no content (no ``body``, no ``chunks``).

    ``events`` are delivered to webhooks after the operation has returned.
    """

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    chunks: Iterator[bytes] | None = None
    events: tuple[Event, ...] = ()
