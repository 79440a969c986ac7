"""The options that raise or lower what reading may cost."""

import re
import time
from collections.abc import Callable
from typing import Annotated

import typer

from hcfmt.container import DEPTHS, Budget
from hcfmt.export.slices import SLICE

_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
_SIZE = re.compile(r"([0-9]{1,18})([KMGT]?)", re.IGNORECASE)
_PANEL = "Limits (a number, or one with K, M, G or T behind it)"
SIX_HOURS = 6 * 60 * 60  # seconds; a hundred gigabytes take minutes


def size(text: str | int) -> int:
    """Read a number with an optional K, M, G or T (powers of 1024); raise typer.BadParameter for anything else."""
    match = _SIZE.fullmatch(str(text))
    if match is None:
        raise typer.BadParameter(f"{text!r} is no size: give a number, or one with K, M, G or T behind it.")
    return int(match[1]) * _UNITS[match[2].upper()]


def seconds(text: str | float) -> float:
    """Read a number of seconds; raise typer.BadParameter for what is none, negative or endless."""
    try:
        value = float(text)
    except ValueError:
        value = -1
    if not 0 <= value < float("inf"):
        raise typer.BadParameter(f"{text!r} is no number of seconds.")
    return value


def record_size(text: str | int) -> int:
    """Read a size of at least a slice: so much is read at a time, and a smaller limit would not be kept."""
    value = size(text)
    if value < SLICE:
        raise typer.BadParameter(f"{text} is too little: at least {SLICE:,} bytes are read at a time.")
    return value


def _limit(field: str, what: str, parser: Callable[[str | int], int] = size) -> object:
    """Return the option of one of Budget's limits, its default shown with the largest unit that divides it."""
    limit: int = getattr(Budget(), field)
    unit = max((unit for unit in _UNITS if limit % _UNITS[unit] == 0), key=lambda unit: _UNITS[unit])
    shown = f"{limit // _UNITS[unit]}{unit}"
    return typer.Option(help=what, rich_help_panel=_PANEL, parser=parser, metavar="SIZE", show_default=shown)


MaxExpanded = Annotated[int, _limit("expanded", "Bytes after decryption and decompression.")]
MaxMembers = Annotated[int, _limit("members", "Members of the archive.")]
MaxHeader = Annotated[int, _limit("header", "Bytes of one member's extended headers.")]
MaxPath = Annotated[int, _limit("path", "Bytes of one member's name.")]
MaxNames = Annotated[int, _limit("names", "Characters of all names together.")]
MaxRecord = Annotated[int, _limit("record", "Bytes of one JSON record.", parser=record_size)]
MaxDepth = Annotated[
    int,
    typer.Option(help="Levels of JSON nesting.", rich_help_panel=_PANEL, min=DEPTHS[0], max=DEPTHS[-1], metavar="N"),
]
MaxSeconds = Annotated[
    float | None,
    typer.Option(
        help="Seconds for all of it.",
        rich_help_panel=_PANEL,
        parser=seconds,
        metavar="SECONDS",
        show_default=str(SIX_HOURS),
    ),
]


def deadline(limit: float | None) -> Callable[[], bool]:
    """Return the question whether so many seconds have passed since now."""
    end = None if limit is None else time.monotonic() + limit
    return lambda: end is not None and time.monotonic() > end
