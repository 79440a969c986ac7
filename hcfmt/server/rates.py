"""How often a client may ask: windows of requests by token and of messages by room or person, as headers or as 429."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hcfmt.server.tokens import Token

SECONDS = 300  # of the window in which requests of a token are counted (facts 4.10)
USER_LIMIT, LIMIT = 100, 500  # requests in it: with a user's token, with an add-on's (facts 4.10)
FLOOD_LIMIT, FLOOD_SECONDS = 30, 60  # messages to one room or person in seconds (facts 4.10)
_MOST = 1_000  # windows that are remembered; a client that makes up tokens makes the oldest be forgotten

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

    def __init__(self, seconds: float, clock: Callable[[], float], *, refuses: bool) -> None:
        """Count requests in windows of so many seconds; not ``refuses``: everything is within the limit."""
        self._seconds = seconds
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
            while len(self._windows) > _MOST:
                self._windows.popitem(last=False)
            within = window.used + more <= limit
            window.used += more if within else 0
            return Standing(within, limit, max(0, limit - window.used), _up(window.end))


def _up(moment: float) -> int:
    """Return the first whole second at which a moment has come, so that nobody who waits for it comes too early."""
    return -int(-moment // 1)
