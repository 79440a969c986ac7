"""The options that raise or lower what reading may cost."""

import inspect
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Annotated, Any

import typer

from hcfmt.container import DEPTHS, LIMITS, Budget
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


_Parser = Callable[[str | int], int]

# The limits of Budget that are sizes: what each limits, and what reads its option. A limit more is a row more.
_SIZES: dict[str, tuple[str, _Parser]] = {
    "expanded": ("Bytes after decryption and decompression.", size),
    "members": ("Members of the archive.", size),
    "header": ("Bytes of one member's extended headers.", size),
    "path": ("Bytes of one member's name.", size),
    "names": ("Bytes of memory for all names together.", size),
    "record": ("Bytes of one JSON record.", record_size),
    "references": ("Different ids and file names in all records.", size),
    "values": ("JSON values in one record, or in a document without records.", size),
}


def limited(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options ``--max-*``, behind its own; it takes them as one keyword argument, ``budget``.

    The time starts to run when the command does.
    """
    own = inspect.signature(command).parameters.values()
    parameters = [*(one for one in own if one.name != "budget"), *_options()]

    @wraps(command)
    def with_limits(**given: Any) -> None:  # noqa: ANN401 - each command's own
        limits = {limit: given.pop(f"max_{limit}") for limit in LIMITS}
        budget = Budget(**limits, expired=deadline(given.pop("max_seconds")))
        command(**given, budget=budget)

    # What typer makes the options of.
    vars(with_limits)["__signature__"] = inspect.Signature(parameters, return_annotation=None)
    with_limits.__annotations__ = {one.name: one.annotation for one in parameters}
    return with_limits


def _options() -> Iterator[inspect.Parameter]:
    for limit, (what, parser) in _SIZES.items():
        default: int = getattr(Budget(), limit)
        yield _option(limit, int, default, help=what, parser=parser, metavar="SIZE", show_default=_shown(default))
    levels = "Levels of JSON nesting."
    yield _option("depth", int, Budget().depth, help=levels, min=DEPTHS[0], max=DEPTHS[-1], metavar="N")
    time_allowed = "Seconds for all of it."
    yield _option(
        "seconds", float, SIX_HOURS, help=time_allowed, parser=seconds, metavar="SECONDS", show_default=str(SIX_HOURS)
    )


def _option(limit: str, kind: type, default: float, **told: Any) -> inspect.Parameter:  # noqa: ANN401 - typer's own
    option = typer.Option(rich_help_panel=_PANEL, **told)
    return inspect.Parameter(
        f"max_{limit}", inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[kind, option]
    )


def _shown(limit: int) -> str:
    """Write a size with the largest unit that divides it."""
    unit = max((unit for unit in _UNITS if limit % _UNITS[unit] == 0), key=lambda unit: _UNITS[unit])
    return f"{limit // _UNITS[unit]}{unit}"


@dataclass(frozen=True, slots=True)
class Deadline:
    """The question whether a moment has passed, by the clock that all processes of a machine share.

    Picklable, so that other processes can ask it.
    """

    end: float

    def __call__(self) -> bool:
        """Whether the moment has passed."""
        return time.monotonic() > self.end


def deadline(limit: float) -> Deadline:
    """Return the question whether so many seconds have passed since now."""
    return Deadline(time.monotonic() + limit)
