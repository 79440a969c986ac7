"""Rate limits: windows of requests per token and of messages per room or user."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from hcfmt.server.api.tokens import Token
from hcfmt.server.settings import Settings

WINDOW_SECONDS = 300
"""Length of the window in which the requests of a token are counted."""

USER_LIMIT, ADDON_LIMIT = 100, 500
"""HipChat's limits: requests per window with the token of a user, and of an add-on."""

FLOOD_LIMIT, FLOOD_SECONDS = 30, 60
"""HipChat's limit of messages to one room or user, and its window."""

MAX_ANONYMOUS_WINDOWS = 1_000
"""Windows of clients without a valid token, which are counted by address."""

_MAX_WINDOWS = 100_000  # of tokens, rooms or users

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class RateLimitStatus:
    """The status of a window after a request; ``reset`` is in whole seconds since 1970 UTC."""

    is_within: bool
    limit: int
    remaining: int
    reset: int

    def headers(self, kind: str = "Ratelimit") -> Headers:
        """Return the three headers in HipChat's letter case; ``kind`` is "Ratelimit" or "FloodControl"."""
        values = {"Limit": self.limit, "Remaining": self.remaining, "Reset": self.reset}
        return [(f"X-{kind}-{name}".encode(), str(value).encode()) for name, value in values.items()]

    def exhausted(self, now: float) -> "RateLimitStatus":
        """Return the status of the same limit with no requests remaining, in a window that ends in a second."""
        return RateLimitStatus(is_within=False, limit=self.limit, remaining=0, reset=_ceil(now + 1))


def default_limit(token: Token | None) -> int:
    """Return the requests per window that HipChat allowed a token; without a token the limit of an add-on applies.

    HipChat's limit without a token is unknown.
    """
    return ADDON_LIMIT if token is None or token.owner is None else USER_LIMIT


@dataclass(slots=True)
class _Window:
    end: float
    used: int = 0


class RateLimiter:
    """Windows by key, each of which begins with its first request; thread-safe.

    The limit is an argument of each count, as it depends on the token. An unenforced limiter reports every request as
    the first of its window, so that no client waits for a reset.
    """

    def __init__(
        self, seconds: float, clock: Callable[[], float], *, enforce: bool, max_windows: int = _MAX_WINDOWS
    ) -> None:
        """Create a limiter with windows of ``seconds``; it keeps the latest ``max_windows`` windows."""
        self._seconds = seconds
        self._max_windows = max_windows
        self._clock = clock
        self._enforce = enforce
        self._windows: OrderedDict[str, _Window] = OrderedDict()
        self._lock = threading.Lock()

    def count(self, key: str, limit: int) -> RateLimitStatus:
        """Count a request of a key, and return the status of its window."""
        return self._status(key, limit, 1)

    def status(self, key: str, limit: int) -> RateLimitStatus:
        """Return the status of a key's window."""
        return self._status(key, limit, 0)

    def clear(self) -> None:
        """Remove all windows."""
        with self._lock:
            self._windows.clear()

    def _status(self, key: str, limit: int, requests: int) -> RateLimitStatus:
        if not self._enforce:
            reset = _ceil(self._clock() + self._seconds)
            return RateLimitStatus(is_within=True, limit=limit, remaining=limit - 1, reset=reset)
        with self._lock:
            now = self._clock()  # inside the lock, so that windows begin in order
            window = self._windows.get(key)
            if window is None or window.end <= now:
                window = _Window(now + self._seconds)
                if requests:
                    self._windows[key] = window
                    self._windows.move_to_end(key)
            while len(self._windows) > self._max_windows:
                self._windows.popitem(last=False)
            is_within = window.used + requests <= limit
            window.used += requests if is_within else 0
            return RateLimitStatus(is_within, limit, max(0, limit - window.used), _ceil(window.end))


class RateLimits:
    """The limits of a server: requests by token, or by address without a valid token, and messages by recipient."""

    def __init__(self, settings: Settings, clock: Callable[[], float]) -> None:
        """Create the limits with empty windows."""
        limit, seconds = settings.rate_limit or (None, WINDOW_SECONDS)
        self._limit: int | None = limit
        self._flood_limit = settings.flood_limit or FLOOD_LIMIT
        enforce = settings.rate_limit is not None
        self._tokens = RateLimiter(seconds, clock, enforce=enforce)
        self._addresses = RateLimiter(seconds, clock, enforce=enforce, max_windows=MAX_ANONYMOUS_WINDOWS)
        self._recipients = RateLimiter(FLOOD_SECONDS, clock, enforce=settings.flood_limit is not None)

    def count_request(self, token: Token | None, client: str) -> RateLimitStatus:
        """Count a request for its token, or for the client's address without a valid token.

        Invalid tokens share the limit of the address, as a client can make up any number of them.
        """
        limit = self._limit or default_limit(token)
        return self._tokens.count(token.key, limit) if token else self._addresses.count(client, limit)

    def anonymous_status(self, client: str) -> RateLimitStatus:
        """Return the status of requests without a valid token from an address."""
        return self._addresses.status(client, self._limit or default_limit(None))

    def count_message(self, recipient: str) -> RateLimitStatus:
        """Count a message to a room or user."""
        return self._recipients.count(recipient, self._flood_limit)

    def clear(self) -> None:
        """Remove all windows."""
        for limiter in (self._tokens, self._addresses, self._recipients):
            limiter.clear()


def _ceil(moment: float) -> int:
    """Round a moment up to a whole second, so that no client that waits for it returns too early."""
    return -int(-moment // 1)
