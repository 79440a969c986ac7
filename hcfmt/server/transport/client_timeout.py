"""Timeouts that count only the time in which the server waits for the client."""

import asyncio
from collections.abc import Callable, Hashable


class ClientTimeout:
    """Timer that runs only between ``start`` and ``pause`` and then calls ``expire``, once."""

    def __init__(self, seconds: float, loop: asyncio.AbstractEventLoop, expire: Callable[[], object]) -> None:
        """Create a paused timer with all of its ``seconds`` left."""
        self._expire = expire
        self._seconds = seconds
        self._left = seconds
        self._loop = loop
        self._since = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Let the time run; does nothing if it runs already."""
        if self._timer is None:
            self._since = self._loop.time()
            self._timer = self._loop.call_later(self._left, self._expire)

    def pause(self) -> None:
        """Stop the time; the next ``start`` continues with the seconds that are left."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
            self._left = max(0.0, self._left - (self._loop.time() - self._since))

    def reset(self) -> None:
        """Stop the time and restore all of the seconds."""
        self.pause()
        self._left = self._seconds


class StallWatch:
    """Periodic check that calls ``expire``, once, when a value has not changed between two checks."""

    def __init__(
        self,
        seconds: float,
        loop: asyncio.AbstractEventLoop,
        read: Callable[[], Hashable | None],
        expire: Callable[[], object],
    ) -> None:
        """Start; ``read`` returns the value that must change every ``seconds``, or None if nothing has to change."""
        self._seconds = seconds
        self._loop = loop
        self._read = read
        self._expire = expire
        self._last: Hashable | None = None
        self._timer = loop.call_later(seconds, self._check)

    def stop(self) -> None:
        """Stop checking."""
        self._timer.cancel()

    def _check(self) -> None:
        value = self._read()
        if value is not None and value == self._last:
            self._expire()
            return
        self._last = value
        self._timer = self._loop.call_later(self._seconds, self._check)
