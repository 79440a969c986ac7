"""The open connections of a server by client: none has more than its share, and the idlest makes room."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import asyncio

    from hcfmt.server.transport.client_timeout import Patience


class Holder(Protocol):
    """What reads a connection, and knows whether it waits for a request."""

    @property
    def is_waiting(self) -> bool:
        """Whether no request is being read beyond its head or answered."""

    @property
    def is_unused(self) -> bool:
        """Whether no request has come yet."""


@dataclass(slots=True, eq=False)
class Place:
    """An open connection: the transport, below TLS where there is some, what reads it at present, and its client.

    ``arriving`` is the time in which a request has to come, ``client`` what the client is counted by.
    """

    transport: "asyncio.Transport"
    holder: Holder
    arriving: "Patience"
    client: str


class Crowd:
    """The places of all connections; to be used in the server's event loop alone."""

    def __init__(self, most: int, most_of_one: int) -> None:
        """Have at most so many connections together, and so many of one client."""
        self._most = most
        self._most_of_one = most_of_one
        self._places: dict[str, dict[Place, None]] = {}

    def enter(self, place: Place) -> bool:
        """Take a new connection in; return whether there was room for it.

        Where a client has all of its places, it is its own connection that makes room; where all places are taken, one
        of the client that has the most, if that has more than this one. So connections that are opened and left alone
        lock nobody out.
        """
        own = self._places.get(place.client, {})
        if len(own) >= self._most_of_one:
            is_room = self._abort_idlest(own)
        elif sum(map(len, self._places.values())) >= self._most:
            largest = max(self._places.values(), key=len)
            is_room = len(largest) > len(own) and self._abort_idlest(largest)
        else:
            is_room = True
        if is_room:
            self._places.setdefault(place.client, {})[place] = None
        return is_room

    def _abort_idlest(self, places: dict[Place, None]) -> bool:
        """Abort the connection that waits the longest; return whether one waits.

        One without any request goes before one that is kept for another.
        """
        waiting = [one for one in places if one.holder.is_waiting]
        if waiting:
            idlest = max(waiting, key=lambda one: one.holder.is_unused)  # the first, which is the oldest
            self.leave(idlest)
            idlest.transport.abort()
        return bool(waiting)

    def leave(self, place: Place) -> None:
        """Give a place back; twice is harmless."""
        own = self._places.get(place.client, {})
        own.pop(place, None)
        if not own:
            self._places.pop(place.client, None)
