"""How often a client may ask: windows of requests by token and of messages by room or person, as headers or as 429."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hcfmt.server.api.tokens import Token
    from hcfmt.server.settings import Settings

SECONDS = 300  # of the window in which requests of a token are counted (facts 4.10)
USER_LIMIT, LIMIT = 100, 500  # requests in it: with a user's token, with an add-on's (facts 4.10)
FLOOD_LIMIT, FLOOD_SECONDS = 30, 60  # messages to one room or person in seconds (facts 4.10)
MOST_STRANGERS = 1_000  # windows of clients without a known token, by address
_MOST = 100_000  # windows of tokens, rooms or people, which exist; beyond that the oldest are forgotten

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a client stands in a window: whether this request is within it, and what the headers say."""

    within: bool
    limit: int
    remaining: int
    reset: int  # seconds since 1970 UTC

    def headers(self, kind: str = "Ratelimit") -> Headers:
        """Return the three headers, in the letter case that HipChat wrote: "Ratelimit" or "FloodControl"."""
        values = {"Limit": self.limit, "Remaining": self.remaining, "Reset": self.reset}
        return [(f"X-{kind}-{name}".encode(), str(value).encode()) for name, value in values.items()]

    def spent(self, now: float) -> "Standing":
        """Return where a client would stand with all its requests used, in a window that is over a second later."""
        return Standing(within=False, limit=self.limit, remaining=0, reset=_up(now + 1))


def usual(token: "Token | None") -> int:
    """Return how many requests HipChat answered in ``SECONDS``: a user's token had fewer than an add-on's.

    How many without a token is not known; it is as many as an add-on's here.
    """
    return LIMIT if token is None or token.owner is None else USER_LIMIT


@dataclass(slots=True)
class _Window:
    end: float
    used: int = 0


class Rates:
    """Windows by key: each begins with its first request, and is over after some seconds. Any thread may use it.

    A limit is given with each request, as it goes by the token's kind. Where nothing is refused, each request stands
    as if it were the first of its window: clients wait for the window's end when nothing remains, so that must not
    come to pass.
    """

    def __init__(self, seconds: float, clock: Callable[[], float], *, refuses: bool, most: int = _MOST) -> None:
        """Count requests in windows of so many seconds; not ``refuses``: everything is within the limit.

        Of more than ``most`` windows the oldest are forgotten.
        """
        self._seconds = seconds
        self._most = most
        self._clock = clock
        self._refuses = refuses
        self._windows: OrderedDict[str, _Window] = OrderedDict()
        self._lock = threading.Lock()

    def count(self, key: str, limit: int) -> Standing:
        """Count one request of a key, and say where it stands."""
        return self._standing(key, limit, 1)

    def look(self, key: str, limit: int) -> Standing:
        """Say where a key stands, counting nothing."""
        return self._standing(key, limit, 0)

    def clear(self) -> None:
        """Begin all windows anew."""
        with self._lock:
            self._windows.clear()

    def _standing(self, key: str, limit: int, more: int) -> Standing:
        if not self._refuses:
            return Standing(within=True, limit=limit, remaining=limit - 1, reset=_up(self._clock() + self._seconds))
        with self._lock:
            now = self._clock()  # not before: who waited for the lock is not to begin a window in the past
            window = self._windows.get(key)
            if window is None or window.end <= now:
                window = _Window(now + self._seconds)
                if more:
                    self._windows[key] = window
                    self._windows.move_to_end(key)
            while len(self._windows) > self._most:
                self._windows.popitem(last=False)
            within = window.used + more <= limit
            window.used += more if within else 0
            return Standing(within, limit, max(0, limit - window.used), _up(window.end))


class Limits:
    """The limits of a server: requests by token, those without a known token by address, messages by addressee."""

    def __init__(self, settings: "Settings", clock: Callable[[], float]) -> None:
        """Begin with all windows empty."""
        limit, seconds = settings.rate_limit or (None, SECONDS)
        self._limit: int | None = limit
        self._flood_limit = settings.flood_limit or FLOOD_LIMIT
        is_limited = settings.rate_limit is not None
        self._tokens = Rates(seconds, clock, refuses=is_limited)
        self._strangers = Rates(seconds, clock, refuses=is_limited, most=MOST_STRANGERS)
        self._flood = Rates(FLOOD_SECONDS, clock, refuses=settings.flood_limit is not None)

    def count_request(self, token: "Token | None", client: str) -> Standing:
        """Count a request for its token, or for the client's address where it has none that is known.

        Tokens that somebody makes up are as many as one likes: they share the limit of the address.
        """
        limit = self._limit or usual(token)
        return self._tokens.count(token.key, limit) if token else self._strangers.count(client, limit)

    def look(self, client: str) -> Standing:
        """Return where those without a known token stand that come from an address, counting nothing."""
        return self._strangers.look(client, self._limit or usual(None))

    def count_message(self, addressee: str) -> Standing:
        """Count a message to a room or person."""
        return self._flood.count(addressee, self._flood_limit)

    def clear(self) -> None:
        """Begin all windows anew."""
        for rates in (self._tokens, self._strangers, self._flood):
            rates.clear()


def _up(moment: float) -> int:
    """Return the first whole second at which a moment has come, so that nobody who waits for it comes too early."""
    return -int(-moment // 1)
