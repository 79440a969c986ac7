"""A progress bar for work of more than a second; drawn on a terminal only."""

import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from hcfmt.cli.terminal import on_terminal
from hcfmt.report.visible_text import visible

if TYPE_CHECKING:
    from rich.live import Live

DELAY = 1.0  # seconds of work before a bar appears
_MAX_MEMBER = 32  # characters of a member's path


class Readable(Protocol):
    """An input with its size in bytes, if known, and the number of bytes read so far."""

    @property
    def size(self) -> int | None:
        """The size in bytes; None if unknown."""

    @property
    def bytes_read(self) -> int:
        """The number of bytes read so far."""


class _Bar:
    """Progress bar that polls its input several times a second, so that reading is not slowed."""

    def __init__(self) -> None:
        self._member = ""
        self._live: Live | None = None
        self._timer: threading.Timer | None = None

    def watch(self, readable: Readable) -> Callable[[str], None]:
        """Start; the returned function takes the path of the member that is read."""
        self._timer = threading.Timer(DELAY, self._appear, [readable])
        self._timer.daemon = True
        self._timer.start()
        return self._at

    def close(self) -> None:
        """Remove the bar, or cancel it before it appears."""
        if self._timer:
            self._timer.cancel()
            self._timer.join()
        if self._live:
            self._live.stop()

    def _at(self, member: str) -> None:
        self._member = member

    def _appear(self, readable: Readable) -> None:
        # Importing rich takes longer than most archives take to check.
        from rich.console import Console  # noqa: PLC0415 - see above
        from rich.live import Live  # noqa: PLC0415 - see above
        from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

        columns = (TextColumn("{task.description}", markup=False), BarColumn(None), DownloadColumn())
        progress = Progress(*columns, TimeRemainingColumn(), expand=True)
        task = progress.add_task("", total=readable.size)

        def draw() -> Progress:
            member = visible(self._member)[-_MAX_MEMBER:]
            progress.update(task, description=member, completed=readable.bytes_read)
            return progress

        self._live = Live(console=Console(stderr=True), get_renderable=draw, transient=True)
        self._live.start(refresh=True)


Watch = Callable[[Readable], Callable[[str], None]]


@contextmanager
def progress_bar() -> Iterator[Watch | None]:
    """Yield a function that starts the bar for an input; None unless standard error is a terminal."""
    if not on_terminal(sys.stderr):
        yield None
        return
    bar = _Bar()
    try:
        yield bar.watch
    finally:
        bar.close()


def watched(chunks: Iterable[bytes], readable: Readable, name: str, watch: Watch | None) -> Iterator[bytes]:
    """Yield ``chunks`` and show progress from the first one on; before it a password prompt may be open."""
    for number, chunk in enumerate(chunks):
        if watch and not number:
            watch(readable)(name)
        yield chunk
