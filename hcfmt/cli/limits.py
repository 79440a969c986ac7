"""The options --max-*, which limit what reading an archive may cost."""

import inspect
import re
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Annotated, Any

import typer

from hcfmt.cli.deadline import SIX_HOURS, deadline
from hcfmt.container import DEPTHS, LIMITS, Budget
from hcfmt.export.slices import SLICE

_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
_SIZE = r"(?i)([0-9]{1,18})([KMGT]?)"
_PANEL = "Limits (a number, optionally with K, M, G or T)"


def size(text: str | int) -> int:
    """Parse a number with an optional K, M, G or T (powers of 1024); raise typer.BadParameter for anything else."""
    match = re.fullmatch(_SIZE, str(text))
    if match is None:
        raise typer.BadParameter(f"{text!r} is not a size. Give a number, optionally with K, M, G or T, such as 512M.")
    return int(match[1]) * _UNITS[match[2].upper()]


def seconds(text: str | float) -> float:
    """Parse a finite number of seconds, 0 or more; raise typer.BadParameter for anything else."""
    try:
        value = float(text)
    except ValueError:
        value = -1
    if not 0 <= value < float("inf"):
        raise typer.BadParameter(f"{text!r} is not a number of seconds, 0 or more.")
    return value


def record_size(text: str | int) -> int:
    """Parse a size of at least one slice: a slice is read whole, so a smaller limit could not be kept."""
    value = size(text)
    if value < SLICE:
        raise typer.BadParameter(f"{text} is too small: {SLICE:,} bytes are read at a time.")
    return value


_Parser = Callable[[str | int], int]

# The fields of Budget that are sizes: the help text and the parser of each option.
_SIZES: dict[str, tuple[str, _Parser]] = {
    "expanded": ("Bytes after decryption and decompression.", size),
    "members": ("Members of the archive.", size),
    "header": ("Bytes of one member's extended headers.", size),
    "path": ("Bytes of one member's name.", size),
    "names": ("Bytes of memory for the names of all members.", size),
    "record": ("Bytes of one JSON record.", record_size),
    "references": ("Different ids and file names in all records.", size),
    "values": ("JSON values in one record, or in a document without records.", size),
}


def limited(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options ``--max-*`` to a command, which receives them as one keyword argument, ``budget``.

    The time limit starts when the command starts.
    """
    own_parameters = inspect.signature(command).parameters.values()
    parameters = [*(own for own in own_parameters if own.name != "budget"), *_options()]

    @wraps(command)
    def with_limits(**values: Any) -> None:  # noqa: ANN401 - differ by command
        limits = {limit: values.pop(f"max_{limit}") for limit in LIMITS}
        budget = Budget(**limits, expired=deadline(values.pop("max_seconds")))
        command(**values, budget=budget)

    # typer reads the options from the signature.
    vars(with_limits)["__signature__"] = inspect.Signature(parameters, return_annotation=None)
    with_limits.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return with_limits


def _options() -> Iterator[inspect.Parameter]:
    for limit, (help_, parser) in _SIZES.items():
        default: int = getattr(Budget(), limit)
        yield _option(
            limit, int, default, help=help_, parser=parser, metavar="SIZE", show_default=_format_size(default)
        )
    levels = "Levels of JSON nesting."
    yield _option("depth", int, Budget().depth, help=levels, min=DEPTHS[0], max=DEPTHS[-1], metavar="N")
    time_allowed = "Seconds for the whole run."
    yield _option(
        "seconds", float, SIX_HOURS, help=time_allowed, parser=seconds, metavar="SECONDS", show_default=str(SIX_HOURS)
    )


def _option(limit: str, kind: type, default: float, **settings: Any) -> inspect.Parameter:  # noqa: ANN401 - as in typer
    option = typer.Option(rich_help_panel=_PANEL, **settings)
    return inspect.Parameter(
        f"max_{limit}", inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[kind, option]
    )


def _format_size(limit: int) -> str:
    """Format a size with the largest unit that divides it."""
    unit = max((unit for unit in _UNITS if limit % _UNITS[unit] == 0), key=lambda unit: _UNITS[unit])
    return f"{limit // _UNITS[unit]}{unit}"
