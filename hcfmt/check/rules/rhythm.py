"""Rules on the days of a history's messages: a busy history that pauses, or ends, for longer than it ever rested.

A history is busy where its messages are of many days of four weeks. In a user's history the user's own messages count.
"""

import re
from collections.abc import Iterator
from datetime import timedelta

from hcfmt.check.export_view import ROOMS, USERS, ExportView
from hcfmt.export.references import Identifier
from hcfmt.export.timestamps import FIRST_DAY
from hcfmt.findings import Flaw

_WEEKS = 28  # days that are looked at
_BUSY = 15  # of these days have messages
_SILENCE = 60  # days without a message that nothing before them explains
_MESSAGE, _SILENT = "1", "0"
_GAP = re.compile(rf"(?<={_MESSAGE}){_SILENT}{{{_SILENCE},}}(?={_MESSAGE})")


def activity_gap(export: ExportView) -> Iterator[Flaw]:
    """Report the longest gap of each history that was busy before and after it."""
    for path, _, _, days in _busy_histories(export):
        gaps = [gap.span() for gap in _GAP.finditer(days) if _is_busy(days[: gap.start()]) and _begins(days, gap.end())]
        if gaps:
            start, end = max(gaps, key=lambda gap: gap[1] - gap[0])
            sentence = (
                "No message is of the {days:,} days from {first} to {last}. Before and after, the history is busy."
            )
            values = {"days": end - start, "first": _date(start), "last": _date(end - 1)}
            yield Flaw(sentence, values, member=path)


def early_end(export: ExportView) -> Iterator[Flaw]:
    """Report each history that is busy until it ends, long before the last history does.

    Rooms that are archived or deleted and deleted users are left out.
    """
    end = max((history.days.bit_length() for history in export.index.histories.values()), default=0)
    for path, tree, number, days in _busy_histories(export):
        silent = end - len(days)
        if silent >= _SILENCE and _is_busy(days) and not _is_closed(export, tree, number):
            sentence = "The history is busy to its end on {last}, {days:,} days before the last message of the export."
            yield Flaw(sentence, {"last": _date(len(days) - 1), "days": silent}, member=path)


def _busy_histories(export: ExportView) -> Iterator[tuple[str, str, Identifier, str]]:
    """Yield path, tree, id and days of the histories of known rooms and users that may be busy.

    Those of which a record was not read are left out. The days are a character for each, from the first that is counted
    to the last of the history.
    """
    for tree, numbers in ((ROOMS, export.index.rooms), (USERS, export.index.users)):
        for number in sorted(numbers, key=int):
            path, days = export.history_of(tree, number), export.history(tree, number).days
            if days.bit_count() >= _BUSY and path not in export.index.broken:
                yield path, tree, number, f"{days:b}"[::-1]


def _is_busy(days: str) -> bool:
    """Whether the last four weeks of some days are busy."""
    return days.count(_MESSAGE, -_WEEKS) >= _BUSY


def _begins(days: str, start: int) -> bool:
    """Whether the four weeks from a day on are busy."""
    return days.count(_MESSAGE, start, start + _WEEKS) >= _BUSY


def _is_closed(export: ExportView, tree: str, number: Identifier) -> bool:
    """Whether nobody writes any more: a room is archived or deleted, a user is deleted."""
    if tree == USERS:
        return export.index.users[number]
    room = export.index.rooms[number]
    return room.is_deleted or room.states["ArchiveRoomMessage"]


def _date(day: int) -> str:
    return (FIRST_DAY + timedelta(days=day)).isoformat()
