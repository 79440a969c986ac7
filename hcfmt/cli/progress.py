"""A progress bar for work of more than a second; drawn on a terminal only."""

import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
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


class Inputs:
    """Progress over the inputs of one run: the bytes of those that are finished, and of the one that is read here."""

    def __init__(self, paths: Sequence[str], watch: Watch) -> None:
        """Take the paths and the function that starts the bar; the bar starts with the first input that is read."""
        self._sizes = [_size(path) for path in paths]
        self._watch = watch
        self._show: Callable[[str], None] | None = None
        self._finished = 0
        self._current: Readable | None = None

    @property
    def size(self) -> int | None:
        """The size of all inputs together; None if one of them is unknown."""
        known = [size for size in self._sizes if size is not None]
        return sum(known) if len(known) == len(self._sizes) else None

    @property
    def bytes_read(self) -> int:
        """The number of bytes read so far."""
        finished = sum(size or 0 for size in self._sizes[: self._finished])
        return finished + (self._current.bytes_read if self._current else 0)

    def begin(self, readable: Readable) -> Callable[[str], None]:
        """Start an input; the returned function takes the path of the member that is read."""
        self._current = readable
        return self._started()

    def finish(self) -> None:
        """End the next input."""
        self._finished, self._current = self._finished + 1, None
        if self._finished < len(self._sizes):
            self._started()(f"{self._finished:,} of {len(self._sizes):,} inputs")

    def _started(self) -> Callable[[str], None]:
        self._show = self._show or self._watch(self)
        return self._show


def _size(path: str) -> int | None:
    """Return the size of a regular file in bytes, None for any other input."""
    return Path(path).stat().st_size if Path(path).is_file() else None


def watched(chunks: Iterable[bytes], readable: Readable, name: str, watch: Watch | None) -> Iterator[bytes]:
    """Yield ``chunks`` and show progress from the first one on; before it a password prompt may be open."""
    for number, chunk in enumerate(chunks):
        if watch and not number:
            watch(readable)(name)
        yield chunk
