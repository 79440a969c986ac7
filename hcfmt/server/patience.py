"""How long a client is waited for: the seconds in which only it could go on."""

import asyncio
from collections.abc import Callable


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
