"""The log of hc-migrate: which members it wrote, and whether it finished.

A line of the log has a level, a date, a time and a text (docs/format.md#export-log). A log that was appended to holds
several runs, of which the last one counts.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import BinaryIO

from msgspec import Struct

from hcfmt.errors import UsageError
from hcfmt.export.layout import canonical, layout_of

COMPLETED = "Export completed successfully!"
_WRITING = re.compile(r"^(?:[A-Z]+ +)?(?:\d{4}/\d\d/\d\d [0-9:.]+ +)?Writing +(.+)$")
_DATED = re.compile(r"^(?:[A-Z]+ +)?(\d{4})/(\d\d)/(\d\d) ")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_LONGEST = 10_000  # characters of a line
_MOST = 1_000_000  # members
_MOST_TEXT = 64 << 20  # characters of their paths, which are in memory
_LARGEST = 1 << 30  # bytes of a log


class ExportLog(Struct, frozen=True):
    """What a log says of its last run.

    ``members`` are the canonical paths that were written, in order, each once. ``completed``: its last line says so.
    ``lines`` counts all lines with text. ``last_day`` is the day of the last line with a date, in the time zone of the
    server.
    """

    members: tuple[str, ...] = ()
    completed: bool = False
    lines: int = 0
    last_day: date | None = None


def read_log(path: str) -> ExportLog:
    """Return what the log in a file says; raises UsageError where it cannot be read, or is no log of hc-migrate."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - Path.open is the same
            log = parse_log(file)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}.") from None
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from None
    return log


def parse_log(file: BinaryIO) -> ExportLog:
    """Return what a log says; raises UsageError for a file without a line of hc-migrate's, and for too many members."""
    members: dict[str, None] = {}
    characters = 0
    completed, is_over, lines, last_day = False, False, 0, None
    for line in _lines(file):
        lines += 1
        last_day = _day(line) or last_day
        if (writing := _WRITING.match(line)) and (member := _member(writing[1])):
            if is_over:  # another run began
                members, is_over, characters = {}, False, 0
            characters += 0 if member in members else len(member)
            members[member] = None
            if len(members) > _MOST or characters > _MOST_TEXT:
                raise UsageError(f"It names more than {_MOST:,} members, or their paths take {_MOST_TEXT >> 20} MiB.")
        completed = COMPLETED in line
        is_over |= completed
    if not members and not completed:
        raise UsageError(
            f"It is no log of hc-migrate: no line says 'Writing' and a member, and the last is not '{COMPLETED}'."
        )
    return ExportLog(tuple(members), completed, lines, last_day)


def _lines(file: BinaryIO) -> Iterator[str]:
    """Yield the lines with text, without colours and the end of a line; what follows in a long line is dropped.

    Raises UsageError for a file without an end.
    """
    whole, size = True, 0
    while line := file.readline(_LONGEST):
        size += len(line)
        if size > _LARGEST:
            raise UsageError(f"It has more than {_LARGEST:,} bytes.")
        begins, whole = whole, line.endswith(b"\n")
        text = _COLOURS.sub("", line.decode("utf-8", "surrogateescape")).strip()
        if begins and text:
            yield text


def _day(line: str) -> date | None:
    found = _DATED.match(line)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _member(text: str) -> str | None:
    """Return the canonical path of a member that was written; None for a text that names none."""
    path = canonical(text)
    return path if layout_of(path) or not re.search(r"\s", text) else None
