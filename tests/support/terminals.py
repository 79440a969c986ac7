"""Pseudo-terminals, and programs that run on them."""

import os
import pty
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MAIN = "from hcfmt.cli import main; main()"
MOST_SEEN = 1 << 18  # bytes; a bar that moves on and on is no answer either


@contextmanager
def terminal() -> Iterator[tuple[int, int]]:
    """Give both ends of a pseudo-terminal, the screen's and the program's."""
    screen, program = pty.openpty()
    try:
        yield screen, program
    finally:
        os.close(screen)
        os.close(program)


def until(screen: int, text: bytes) -> bytes:
    """Return what a screen shows up to a text; the test fails where nothing comes any more, instead of hanging."""
    output = b""
    while text not in output:
        there_is_more = select.select([screen], [], [], 60)[0] and len(output) < MOST_SEEN
        assert there_is_more, f"{text!r} did not come, but {output[-1000:]!r}"
        output += os.read(screen, 1 << 16)
    return output


def started(*args: str | Path, before: str = "") -> list[str]:
    return [sys.executable, "-c", before + MAIN, *map(str, args)]
