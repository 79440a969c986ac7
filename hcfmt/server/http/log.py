"""Destinations of the log lines of a server."""

from collections.abc import Callable
from dataclasses import dataclass


def _discard(_: str) -> None:
    """Write nothing."""


@dataclass(frozen=True, slots=True)
class Log:
    """Functions that write a line: ``access`` for each request, redacted; ``error`` for each internal error."""

    access: Callable[[str], None] = _discard
    error: Callable[[str], None] = _discard


QUIET = Log()
"""The log that discards all lines."""
