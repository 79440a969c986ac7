"""What an operation is given and what it gives back: a call, an answer, or a refusal."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hcfmt.server.api.links import Links
    from hcfmt.server.api.tokens import Token
    from hcfmt.server.openapi.contract import Operation
    from hcfmt.server.store import Store


@dataclass(frozen=True, slots=True)
class Call:
    """One request that matches an operation of the contract and may be made with its token.

    ``path`` holds the path's parameters, percent-decoded; ``query`` the documented parameters, typed, with defaults
    filled in; ``body`` what the contract says that it is: a JSON value, a form as a mapping of strings, an ``Upload``,
    or None.
    ``token`` is None for the few operations that need none. ``links`` makes URLs as the client reached the server.
    ``now`` is the time of the call in seconds since 1970 UTC. ``basic`` is the name and password of HTTP Basic
    authentication, given to open operations alone (POST /oauth/token). A plus in a path stays a plus here: who looks up
    a name tries it as it is, then with spaces in place of pluses.
    """

    operation: "Operation"
    path: Mapping[str, str]
    query: Mapping[str, Any]
    body: Any
    token: "Token | None"
    links: "Links"
    store: "Store"
    now: float
    basic: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in a room, for those who registered a webhook for it.

    ``name`` is a webhook's ``event``, such as "room_message" or "room_topic_change"; ``item`` the payload's ``item``,
    as API objects: ``{"message": {...}, "room": {...}}``; ``text`` what a webhook's ``pattern`` is held to (of
    room_message, room_notification and room_topic_change; None: no pattern applies).
    """

    name: str
    room: int
    item: Mapping[str, Any]
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and what goes with it: a JSON value, chunks of a file, or nothing (``body`` None and no ``chunks``).

    ``events`` are told to webhooks (hooks.py) after the answer was made; an operation only lists them.
    """

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    chunks: Iterator[bytes] | None = None
    events: tuple[Event, ...] = ()


class Refusal(Exception):  # noqa: N818 - HTTP's word: the server understands and refuses
    """The call cannot be answered: a status of 400 or more, a sentence, and what stands beside them in the body."""

    def __init__(self, status: int, message: str, **told: Any) -> None:  # noqa: ANN401 - JSON values
        """Refuse with a status, a sentence for the client's author, and further members of the error object."""
        super().__init__(message)
        self.status = status
        self.message = message
        self.told = told
