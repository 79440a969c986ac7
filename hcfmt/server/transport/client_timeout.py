"""How long a client is waited for: the seconds in which only it could go on."""

import asyncio
from collections.abc import Callable, Hashable


class Patience:
    """Seconds that pass only between ``run`` and ``pause``; when they are over something is done, once."""

    def __init__(self, seconds: float, loop: asyncio.AbstractEventLoop, act: Callable[[], object]) -> None:
        """Begin with all of the seconds; none passes yet."""
        self._seconds = seconds
        self._left = seconds
        self._loop = loop
        self._act = act
        self._since = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def run(self) -> None:
        """Let time pass, if it does not already."""
        if self._timer is None:
            self._since = self._loop.time()
            self._timer = self._loop.call_later(self._left, self._act)

    def pause(self) -> None:
        """Let no more time pass; what is left is left for the next ``run``."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
            self._left = max(0.0, self._left - (self._loop.time() - self._since))

    def renew(self) -> None:
        """Let no more time pass, and have all of the seconds again."""
        self.pause()
        self._left = self._seconds


class Watch:
    """Looks at something again and again, and does something, once, when it is the same as the last time."""

    def __init__(
        self,
        seconds: float,
        loop: asyncio.AbstractEventLoop,
        look: Callable[[], Hashable | None],
        act: Callable[[], object],
    ) -> None:
        """Begin: ``look`` returns what is to change within so many seconds, None for nothing."""
        self._seconds = seconds
        self._loop = loop
        self._look = look
        self._act = act
        self._last: Hashable | None = None
        self._timer = loop.call_later(seconds, self._check)

    def stop(self) -> None:
        """Look no more."""
        self._timer.cancel()

    def _check(self) -> None:
        seen = self._look()
        if seen is not None and seen == self._last:
            self._act()
            return
        self._last = seen
        self._timer = self._loop.call_later(self._seconds, self._check)
