"""Exit statuses of the command."""

from enum import IntEnum


class Exit(IntEnum):
    """Exit statuses of the command; part of its stable interface."""

    VALID = 0
    INVALID = 1
    USAGE = 2
    INCOMPLETE = 3
    INTERNAL = 4
    INTERRUPTED = 130
