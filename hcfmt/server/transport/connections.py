"""The open connections of a server: a total limit, a limit for each client, and the rule for making room."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True, eq=False)
class Connection:
    """An open connection of ``client`` (``addresses.network``); ``abort`` closes it at once.

    ``is_idle``: no request is received beyond its head or answered. ``is_unused``: no request has come yet.
    """

    client: str
    abort: Callable[[], object]
    is_idle: bool = True
    is_unused: bool = True

    def expire(self) -> None:
        """Close the connection, in the way that ``abort`` has at this moment."""
        self.abort()


class Connections:
    """All open connections by client. Not thread-safe: for use in the server's event loop only."""

    def __init__(self, limit: int, limit_per_client: int) -> None:
        """Allow ``limit`` connections in total and ``limit_per_client`` for each client."""
        self._limit = limit
        self._limit_per_client = limit_per_client
        self._by_client: dict[str, dict[Connection, None]] = {}

    def add(self, connection: Connection) -> bool:
        """Add a new connection; return whether there was room for it.

        A client at its own limit makes room with one of its idle connections. At the total limit the client with the
        most connections does, if it has more than the new one's client. So idle connections lock nobody out.
        """
        own = self._by_client.get(connection.client, {})
        if len(own) >= self._limit_per_client:
            has_room = self._abort_idle(own)
        elif sum(map(len, self._by_client.values())) >= self._limit:
            largest = max(self._by_client.values(), key=len)
            has_room = len(largest) > len(own) and self._abort_idle(largest)
        else:
            has_room = True
        if has_room:
            self._by_client.setdefault(connection.client, {})[connection] = None
        return has_room

    def remove(self, connection: Connection) -> None:
        """Remove a connection; removing it twice is harmless."""
        own = self._by_client.get(connection.client, {})
        own.pop(connection, None)
        if not own:
            self._by_client.pop(connection.client, None)

    def abort_all(self) -> None:
        """Close every connection at once."""
        for connection in [connection for own in self._by_client.values() for connection in own]:
            connection.abort()

    def _abort_idle(self, connections: dict[Connection, None]) -> bool:
        """Close the oldest idle connection, unused ones first; return whether there was one."""
        idle = [connection for connection in connections if connection.is_idle]
        if idle:
            oldest = max(idle, key=lambda connection: connection.is_unused)  # the first maximum is the oldest
            self.remove(oldest)
            oldest.abort()
        return bool(idle)
