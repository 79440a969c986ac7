"""Names of the files that a command reads, over which it writes nothing."""

import sys
from pathlib import Path

from hcfmt.container import STDIN
from hcfmt.container.distinct_files import FileName


def named_inputs(*names: str | Path | None) -> tuple[FileName, ...]:
    """Return the inputs that a command was given; of standard input the descriptor, if it has one."""
    inputs = (_descriptor() if name == STDIN else name for name in names)
    return tuple(name for name in inputs if name is not None)


def _descriptor() -> int | None:
    try:
        return sys.stdin.fileno()
    except (OSError, ValueError):  # standard input is closed, or a stream in memory
        return None
