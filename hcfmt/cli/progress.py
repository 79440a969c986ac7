"""Progress of work of more than a second: a line for each input, drawn on a terminal only."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from hcfmt.cli.terminal import on_terminal

if TYPE_CHECKING:
    from hcfmt.cli.progress_display import Display
    from hcfmt.cli.progress_inputs import InputLines
    from hcfmt.cli.progress_line import Readable

DELAY = 1.0  # seconds of work before a line appears

Watch = Callable[["Readable"], Callable[[str], None]]


@contextmanager
def progress_bar() -> Iterator[Watch | None]:
    """Yield a function that starts the line of one input; None unless standard error is a terminal."""
    with _display() as display:
        yield display.watch if display else None


@contextmanager
def input_lines(total: int) -> Iterator["InputLines | None"]:
    """Yield the lines of the inputs of one run, which end with the block; None unless standard error is a terminal."""
    with _display() as display:
        if display is None:
            yield None
            return
        from hcfmt.cli.progress_inputs import InputLines  # noqa: PLC0415 - many runs have no terminal

        yield InputLines(total, display)


def watched(chunks: Iterable[bytes], readable: "Readable", name: str, watch: Watch | None) -> Iterator[bytes]:
    """Yield ``chunks`` and show progress from the first one on; before it a password prompt may be open."""
    for number, chunk in enumerate(chunks):
        if watch and not number:
            watch(readable)(name)
        yield chunk


@contextmanager
def progress_text() -> Iterator[Callable[[str], None] | None]:
    """Yield a function that shows one text, from its first call on; None unless standard error is a terminal."""
    with _display() as display:
        if display is None:
            yield None
            return
        from hcfmt.cli.progress_line import Line  # noqa: PLC0415 - many runs have no terminal

        line = Line()

        def show(text: str) -> None:
            line.show(text)
            display.start(lambda: [line])

        yield show


@contextmanager
def _display() -> Iterator["Display | None"]:
    if not on_terminal(sys.stderr):
        yield None
        return
    from hcfmt.cli.progress_display import Display  # noqa: PLC0415 - as above

    display = Display(DELAY)
    try:
        yield display
    finally:
        display.close()
