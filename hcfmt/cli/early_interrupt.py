"""Handles Ctrl-C while the command is imported, the slowest part of a short run. Imports next to nothing itself."""

# The C part of the module "signal": importing the whole would take longer than everything before it, and until the
# handler is set an interrupt is not caught.
import _signal  # type: ignore[import-not-found]
import os

STATUS = 130
LINE = "hcfmt: interrupted"


class EarlyInterrupt:
    """Context manager in which Ctrl-C ends the process at once: there is nothing to undo yet.

    A KeyboardInterrupt could be swallowed or printed by the import machinery. Outside the main thread, and where
    another handler is installed, nothing changes.
    """

    def __enter__(self) -> None:
        """Install the handler."""
        self._is_installed = _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler
        try:
            if self._is_installed:
                _signal.signal(_signal.SIGINT, _exit)
        except ValueError:  # another thread
            self._is_installed = False

    def __exit__(self, *_: object) -> None:
        """Restore Python's own handler."""
        if self._is_installed:
            _signal.signal(_signal.SIGINT, _signal.default_int_handler)


def _exit(_: int, __: object) -> None:
    try:
        os.write(2, f"{LINE}\n".encode())
    finally:  # standard error may be closed
        os._exit(STATUS)
