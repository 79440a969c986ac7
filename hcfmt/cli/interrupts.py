"""Handles Ctrl-C, SIGTERM and SIGHUP while a command runs: exit status 130, one line, nothing half written."""

import signal
import sys
from collections.abc import Callable
from types import CodeType, FrameType

_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
_RETRY_DELAY = 0.001  # seconds
# Modules that an exception must not interrupt: the import machinery may swallow or print it, and tempfile leaves
# behind the file with which it tests a directory.
_UNINTERRUPTIBLE = {"_frozen_importlib", "importlib._bootstrap", "tempfile"}

Handler = Callable[[int, FrameType | None], object]


class InterruptHandler:
    """Signal handler that raises KeyboardInterrupt once, so that cleanup runs undisturbed.

    During an import, for example, the exception is raised a moment later; ``is_pending`` is true until then.
    ``was_raised`` is true from the first KeyboardInterrupt on.
    """

    def __init__(self, command: CodeType) -> None:
        """Take the code of the function that runs the command: frames outside it are ignored."""
        self.was_raised = False
        self.is_pending = False
        self._command = command
        self._before = sys.unraisablehook
        self._last: int = signal.SIGINT

    def start(self) -> None:
        """Install the handler, except for signals that were ignored when the command started, as nohup does."""
        for number in _SIGNALS:
            has_default = signal.getsignal(number) in {signal.SIG_DFL, signal.default_int_handler}
            if has_default or number == signal.SIGTERM:
                signal.signal(number, self._interrupt)

    def stop(self) -> None:
        """Ignore all further signals: the process is about to end."""
        if (self.was_raised or self.is_pending) and hasattr(signal, "setitimer"):
            signal.signal(signal.SIGALRM, signal.SIG_IGN)
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_IGN)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        self._last, self.is_pending = number, True
        if self._is_uninterruptible(frame) and self._raise_later():
            return
        self.was_raised, self.is_pending = True, False
        self._replace(self._interrupt, _ignore)
        sys.unraisablehook = self._unraisable
        raise KeyboardInterrupt

    def _is_uninterruptible(self, frame: FrameType | None) -> bool:
        while frame and frame.f_code is not self._command:
            if frame.f_globals.get("__name__") in _UNINTERRUPTIBLE:
                return True
            frame = frame.f_back
        return False

    def _raise_later(self) -> bool:
        """Schedule the interrupt for a moment later; return whether this system can."""
        if not hasattr(signal, "setitimer"):  # Windows
            return False
        # The same signal is raised again, so that code that blocks it stays undisturbed.
        signal.signal(signal.SIGALRM, lambda _, __: signal.raise_signal(self._last))
        signal.setitimer(signal.ITIMER_REAL, _RETRY_DELAY)
        return True

    def _unraisable(self, unraisable: "sys.UnraisableHookArgs") -> None:
        """Raise the interrupt again if Python swallowed it, as in a finalizer, and would print it."""
        if not issubclass(unraisable.exc_type, KeyboardInterrupt):
            self._before(unraisable)
            return
        self._replace(_ignore, self._interrupt)
        self._raise_later()  # on Windows the next signal interrupts

    def _replace(self, before: Handler, after: Handler) -> None:
        for number in _SIGNALS:
            if signal.getsignal(number) == before:
                signal.signal(number, after)


def _ignore(_: int, __: FrameType | None) -> None:
    """Do nothing. Python would report an error for a signal that arrives just as SIG_IGN is set."""
