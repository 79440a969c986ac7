"""Damage to the days on which a room's messages were sent: a busy room that pauses, or ends, for months."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from random import Random

from hcfmt.damage.selection import take
from hcfmt.damage.selectors import ROOMS, created_at, format_date, history_path, sent_at, text_messages
from hcfmt.errors import UsageError
from hcfmt.export.editing import EditableExport, EditableRecord
from hcfmt.export.layout import Kind
from hcfmt.rng import random_uuid

_ROOMS = "rooms with a text message"
_EVERY_DAY = range(28)
_AFTER_THREE_MONTHS = range(120, 148)
_EARLIER, _SILENCE = timedelta(days=200), timedelta(days=100)
_BUSY = 20  # days


def activity_gap(export: EditableExport, random: Random, count: int) -> None:
    """Add messages to a room for two months in which it is busy, with three months between them."""
    for room, message in take(_rooms(export, random), count, _ROOMS):
        start = min(_times(export.records(message.member))) - _EARLIER
        times = [start + timedelta(days=day) for day in (*_EVERY_DAY, *_AFTER_THREE_MONTHS)]
        _add_copies(export, random, message, times)
        _date_creation_back(room, start)


def early_end(export: EditableExport, random: Random, count: int) -> None:
    """Move all messages of a room back, so that it ends a hundred days before the rest, after some busy weeks."""
    rooms = take(_open_rooms(export, random), count, f"open {_ROOMS}")
    moved = {message.member for _, message in rooms}
    others = [path for path in export.paths(Kind.ROOM_HISTORY, Kind.USER_HISTORY) if path not in moved]
    times = [time for path in others for time in _times(export.records(path))]
    if not times:
        raise UsageError("Only the rooms that would end early have messages.")
    for room, message in rooms:
        records = export.records(message.member)
        end = max(_times(records))
        by = max(timedelta(0), end - max(times) + _SILENCE)
        for record in records:
            digits = record.value["timestamp"].partition("Z")[2]
            record.set("timestamp", format_date(sent_at(record.value["timestamp"]) - by) + digits)
        daily = [end - by - timedelta(days=day) for day in range(_BUSY)]
        _add_copies(export, random, message, daily)
        _date_creation_back(room, min(_times(export.records(message.member))))


def _rooms(export: EditableExport, random: Random) -> Iterator[tuple[EditableRecord, EditableRecord]]:
    """Yield each room that has a text message, and one of these."""
    rooms = {history_path("rooms", room.value["id"]): room for room in export.records(ROOMS)}
    for message in text_messages(export, random):
        if room := rooms.pop(message.member, None):
            yield room, message


def _open_rooms(export: EditableExport, random: Random) -> Iterator[tuple[EditableRecord, EditableRecord]]:
    """Yield as ``_rooms`` does those that are neither archived nor deleted."""
    pairs = _rooms(export, random)
    return ((room, last) for room, last in pairs if not (room.value["is_archived"] or room.value.get("is_deleted")))


def _times(records: Iterable[EditableRecord]) -> Iterator[datetime]:
    return (sent_at(record.value["timestamp"]) for record in records)


def _add_copies(export: EditableExport, random: Random, message: EditableRecord, times: Iterable[datetime]) -> None:
    """Add a copy of a message at each time."""
    for time in times:
        timestamp = f"{format_date(time)} {random.randrange(1_000_000):06}"
        copy = {**message.value, "id": random_uuid(random), "timestamp": timestamp}
        export.append(message.member, message.kind, copy)


def _date_creation_back(room: EditableRecord, time: datetime) -> None:
    """Have a room created at a time, unless it is older."""
    if time < created_at(room):
        room.set("created", format_date(time).replace("Z", "+00:00"))
