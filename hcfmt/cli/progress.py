"""A progress bar on a terminal for work that takes more than a moment, and nothing anywhere else."""

import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from hcfmt.cli.output import on_terminal
from hcfmt.report.text_style import visible

if TYPE_CHECKING:
    from rich.live import Live

PATIENCE = 1.0  # seconds of work before a bar appears
_WIDEST = 32  # characters of a member's path


class Readable(Protocol):
    """Something that is being read: its size in bytes where known, and how far the reading came."""

    @property
    def size(self) -> int | None:
        """The whole, in bytes."""

    @property
    def bytes_read(self) -> int:
        """The part that was read, in bytes."""


class _Bar:
    """Waits, then looks several times a second at what it shows; the reading itself is not held up by it."""

    def __init__(self) -> None:
        self._member = ""
        self._live: Live | None = None
        self._timer: threading.Timer | None = None

    def watch(self, readable: Readable) -> Callable[[str], None]:
        """Begin; the returned function says what is being read."""
        self._timer = threading.Timer(PATIENCE, self._appear, [readable])
        self._timer.daemon = True
        self._timer.start()
        return self._at

    def close(self) -> None:
        """Vanish, or never appear."""
        if self._timer:
            self._timer.cancel()
            self._timer.join()
        if self._live:
            self._live.stop()

    def _at(self, member: str) -> None:
        self._member = member

    def _appear(self, readable: Readable) -> None:
        # A moment of work is done before rich would be imported, which takes longer than most archives' check.
        from rich.console import Console  # noqa: PLC0415 - see above
        from rich.live import Live  # noqa: PLC0415 - see above
        from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

        columns = (TextColumn("{task.description}", markup=False), BarColumn(None), DownloadColumn())
        progress = Progress(*columns, TimeRemainingColumn(), expand=True)
        task = progress.add_task("", total=readable.size)

        def draw() -> Progress:
            shown = visible(self._member)[-_WIDEST:]
            progress.update(task, description=shown, completed=readable.bytes_read)
            return progress

        self._live = Live(console=Console(stderr=True), get_renderable=draw, transient=True)
        self._live.start(refresh=True)


Watch = Callable[[Readable], Callable[[str], None]]


@contextmanager
def progress_bar() -> Iterator[Watch | None]:
    """Give a function that shows how far the reading of something came; None unless standard error is a terminal."""
    if not on_terminal(sys.stderr):
        yield None
        return
    bar = _Bar()
    try:
        yield bar.watch
    finally:
        bar.close()


def watched(chunks: Iterable[bytes], readable: Readable, name: str, watch: Watch | None) -> Iterator[bytes]:
    """Pass on chunks, and show the reading under a name from the first one on: before it a password may be asked."""
    for number, chunk in enumerate(chunks):
        if watch and not number:
            watch(readable)(name)
        yield chunk
