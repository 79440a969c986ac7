"""Ctrl-C while the command is being imported, the slowest part of a short run; imports next to nothing itself."""

# What the module "signal" is made of. That takes longer to import than all before it, and until then nothing is caught.
import _signal  # type: ignore[import-not-found]
import os

STATUS = 130
LINE = "hcfmt: interrupted"


class EndingAtOnce:
    """A block in which Ctrl-C ends the process at once, as there is nothing to undo.

    An exception could be raised where the machinery of imports swallows it, or prints it. Nothing changes where
    somebody has made other arrangements, and outside the main thread, in which alone that can be done.
    """

    def __enter__(self) -> None:
        """Begin."""
        self._is_ours = _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler
        try:
            if self._is_ours:
                _signal.signal(_signal.SIGINT, _end)
        except ValueError:  # another thread
            self._is_ours = False

    def __exit__(self, *_: object) -> None:
        """End, and have Ctrl-C do what it did before."""
        if self._is_ours:
            _signal.signal(_signal.SIGINT, _signal.default_int_handler)


def _end(_: int, __: object) -> None:
    try:
        os.write(2, f"{LINE}\n".encode())
    finally:  # standard error may be closed
        os._exit(STATUS)
