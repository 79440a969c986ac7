"""Lines of progress, which appear after a moment of work and are gone while a password is asked for."""

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from hcfmt.cli.progress_line import Line, Readable

if TYPE_CHECKING:
    from hcfmt.cli.progress_screen import Screen


class Display:
    """Lines that are asked for several times a second, so that the work is not slowed."""

    def __init__(self, delay: float) -> None:
        """Take the seconds of work before a line appears."""
        self._delay = delay
        self._watched: Sequence[Line] = ()
        self._screen: Screen | None = None
        self._timer: threading.Timer | None = None
        self._lock = threading.Lock()
        self._hidden = False

    def watch(self, readable: Readable) -> Callable[[str], None]:
        """Show one line for an input; the returned function takes its text, the path of the member that is read.

        The line of another input, or of another pass over it, takes its place.
        """
        line = Line(readable=readable)
        self._watched = [line]
        self.start(lambda: self._watched)
        return line.show

    def start(self, lines: Callable[[], Sequence[Line]]) -> None:
        """Show the lines that a function returns, from the first call on, after a moment."""
        if self._timer is None:
            self._timer = threading.Timer(self._delay, self._appear, [lines])
            self._timer.daemon = True
            self._timer.start()

    def asking(self, answers: Callable[[], Iterator[bytes]]) -> Callable[[], Iterator[bytes]]:
        """Return a function that returns the same answers, and shows nothing while one is asked for."""

        def hidden() -> Iterator[bytes]:
            asked = answers()
            while True:
                self._hide(hidden=True)
                try:
                    answer = next(asked, None)
                finally:
                    self._hide(hidden=False)
                if answer is None:
                    return
                yield answer

        return hidden

    def close(self) -> None:
        """Remove the lines, or cancel them before they appear."""
        if self._timer:
            self._timer.cancel()
            self._timer.join()
        if self._screen:
            self._screen.stop()

    def _appear(self, lines: Callable[[], Sequence[Line]]) -> None:
        # Importing rich takes longer than most archives take to check.
        from hcfmt.cli.progress_screen import Screen  # noqa: PLC0415 - see above

        with self._lock:
            self._screen = Screen(lines)
            if not self._hidden:
                self._screen.start()

    def _hide(self, *, hidden: bool) -> None:
        with self._lock:
            self._hidden = hidden
            if self._screen and hidden:
                self._screen.stop()
            elif self._screen:
                self._screen.start()
