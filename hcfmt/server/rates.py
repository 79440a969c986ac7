"""How often a client may ask: windows of requests by token and of messages by room or person, as headers or as 429."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

LIMIT, SECONDS = 500, 300  # requests in seconds; an add-on's, as documented (facts 4.10)
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


@dataclass(slots=True)
class _Window:
    end: float
    used: int = 0


class Rates:
    """Windows by key: each begins with its first request, and is over after some seconds. Any thread may use it.

    Without a limit everything is within it, and each request stands as if it were the first of its window: clients
    wait for the window's end when nothing remains, so that must not come to pass.
    """

    def __init__(self, limit: int | None, seconds: float, shown: int, clock: Callable[[], float]) -> None:
        """Allow ``limit`` requests in ``seconds``; None: any number, while the headers show ``shown``."""
        self._limit = limit
        self._seconds = seconds
        self._shown = shown
        self._clock = clock
        self._windows: OrderedDict[str, _Window] = OrderedDict()
        self._lock = threading.Lock()

    def count(self, key: str) -> Standing:
        """Count one request of a key, and say where it stands."""
        return self._standing(key, 1)

    def look(self, key: str) -> Standing:
        """Say where a key stands, counting nothing."""
        return self._standing(key, 0)

    def clear(self) -> None:
        """Begin all windows anew."""
        with self._lock:
            self._windows.clear()

    def _standing(self, key: str, more: int) -> Standing:
        now = self._clock()
        if self._limit is None:
            return Standing(within=True, limit=self._shown, remaining=self._shown - 1, reset=_up(now + self._seconds))
        with self._lock:
            window = self._windows.get(key)
            if window is None or window.end <= now:
                window = _Window(now + self._seconds)
                if more:
                    self._windows[key] = window
                    self._windows.move_to_end(key)
            while len(self._windows) > _MOST:
                self._windows.popitem(last=False)
            within = window.used + more <= self._limit
            window.used += more if within else 0
            return Standing(within, self._limit, self._limit - window.used, _up(window.end))


def _up(moment: float) -> int:
    """Return the first whole second at which a moment has come, so that nobody who waits for it comes too early."""
    return -int(-moment // 1)
