"""Ctrl-C and its like while a command runs: they end it with status 130, one line, and nothing half written."""

import signal
import sys
from collections.abc import Callable
from types import CodeType, FrameType

_LISTENED = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
_SOON = 0.001  # seconds
# Modules in which no exception can be raised at any moment: the machinery of imports may swallow it or print it, and
# tempfile leaves the file behind with which it tries a directory.
_DISTURBED = {"_frozen_importlib", "importlib._bootstrap", "tempfile"}

Handler = Callable[[int, FrameType | None], object]


class Listener:
    """What hears an interrupt and raises KeyboardInterrupt, once, so that what must be undone is undone in peace.

    Where that would disturb, as during an import, it is raised a moment later, and ``is_due`` until then.
    """

    def __init__(self, command: CodeType) -> None:
        """Take the code of the function that runs the command: what began before it does not count."""
        self.heard = False
        self.is_due = False
        self._command = command
        self._before = sys.unraisablehook
        self._last: int = signal.SIGINT

    def start(self) -> None:
        """Listen, but not for what was ignored when the command was started, as nohup has it."""
        for number in _LISTENED:
            is_free = signal.getsignal(number) in {signal.SIG_DFL, signal.default_int_handler}
            if is_free or number == signal.SIGTERM:
                signal.signal(number, self._interrupt)

    def stop(self) -> None:
        """Ignore what still comes: the process is about to end."""
        if (self.heard or self.is_due) and hasattr(signal, "setitimer"):
            signal.signal(signal.SIGALRM, signal.SIG_IGN)
        for number in _LISTENED:
            signal.signal(number, signal.SIG_IGN)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        self._last, self.is_due = number, True
        if self._would_disturb(frame) and self._later():
            return
        self.heard, self.is_due = True, False
        self._replace(self._interrupt, _pass_over)
        sys.unraisablehook = self._unraisable
        raise KeyboardInterrupt

    def _would_disturb(self, frame: FrameType | None) -> bool:
        while frame and frame.f_code is not self._command:
            if frame.f_globals.get("__name__") in _DISTURBED:
                return True
            frame = frame.f_back
        return False

    def _later(self) -> bool:
        """Interrupt a moment later; return whether this system can do that."""
        if not hasattr(signal, "setitimer"):  # Windows
            return False
        # By the same signal, so that who has blocked it is not disturbed.
        signal.signal(signal.SIGALRM, lambda _, __: signal.raise_signal(self._last))
        signal.setitimer(signal.ITIMER_REAL, _SOON)
        return True

    def _unraisable(self, unraisable: "sys.UnraisableHookArgs") -> None:
        """Interrupt again where Python swallows it, as in a finalizer, and would print it."""
        if not issubclass(unraisable.exc_type, KeyboardInterrupt):
            self._before(unraisable)
            return
        self._replace(_pass_over, self._interrupt)
        self._later()  # or, on Windows, by the next one

    def _replace(self, before: Handler, after: Handler) -> None:
        for number in _LISTENED:
            if signal.getsignal(number) == before:
                signal.signal(number, after)


def _pass_over(_: int, __: FrameType | None) -> None:
    """Pass over an interrupt. Were it ignored, Python would complain of one that comes at the same moment."""
