"""Inventory of an export: its counts and sizes, which do not depend on how the archive is packed."""

from collections import Counter
from collections.abc import Mapping
from itertools import chain

from hcfmt.check.export_index import ExportIndex
from hcfmt.check.facts import Facts
from hcfmt.check.history_facts import HistoryFacts
from hcfmt.check.layout_view import Layout
from hcfmt.container import Archive
from hcfmt.export.layout import LAYOUT, LAYOUT_BY_KIND, SUFFIXES, Kind
from hcfmt.export.references import annotation_of, owner_of

_ROOM_MESSAGES = LAYOUT_BY_KIND[Kind.ROOM_HISTORY].wrappers
_MESSAGES = (*_ROOM_MESSAGES, *LAYOUT_BY_KIND[Kind.USER_HISTORY].wrappers)
_SENDER = ("sender", "id")
_ATTACHMENTS = frozenset({Kind.ROOM_FILE, Kind.PRIVATE_FILE})
_USERS = {"admin": ("active", "deleted"), "user": ("active", "deleted"), "guest": ("active", "deleted")}
_ROOMS = {"public": ("active", "archived", "deleted"), "private": ("active", "archived", "deleted")}
_MOST = 100  # rooms, and users
_DAY = 24  # hours
# Bytes of memory that hc-migrate needs ("Check your Hipchat utilization" in its documentation).
_PER_MESSAGE, _PER_FILE_BYTE = 2_600, 500_000 / 10**9


def inventory(facts: Facts, layout: Layout, archive: Archive) -> Mapping[str, object]:
    """Return the numbers of people, rooms, messages, months, stored files and layers that were read; sizes in bytes."""
    index, files = facts.index, _files(layout)
    rooms = histories_by_owner(index, layout, Kind.ROOM_HISTORY)
    messages, distinct = {kind: facts.kinds[kind] for kind in _MESSAGES}, distinct_messages(facts, layout)
    moments = [history for history in index.histories.values() if history.first]
    dialect = layout.dialect
    return {
        "dialect": {"name": dialect.name, "confidence": dialect.confidence, "told_by": list(dialect.told_by)},
        "users": {"total": facts.kinds["User"], **_by_state(index.census, "user", _USERS)},
        "rooms": {"total": facts.kinds["Room"], **_by_state(index.census, "room", _ROOMS)},
        "emoticons": facts.kinds["Emoticon"],
        "autojoins": facts.kinds["AutoJoin"],
        "messages": {
            **messages,
            "total": sum(messages.values()),
            "distinct": distinct,
            "deleted": index.census["deleted",],
            "first": min((history.first[0][:20] for history in moments if history.first), default=None),
            "last": max((history.last[:20] for history in moments), default=None),
        },
        "months": _months(index.census),
        "busiest_rooms": [
            {"room": room, "name": index.rooms[room].name if room in index.rooms else None, "messages": count}
            for room, count in sorted(
                ((room, history.messages) for room, history in rooms.items()), key=lambda row: (-row[1], row[0])
            )[:_MOST]
        ],
        "busiest_users": _busiest_users(index, layout),
        "hours": _hours(index),
        "private_pairs": len(private_pairs(index, layout)),
        "histories": {kind.value: len(_of_kind(layout, kind)) for kind in (Kind.ROOM_HISTORY, Kind.USER_HISTORY)},
        "files": files,
        "attachments": _attachments(layout),
        "layers": archive.sizes,
        "migration_memory": round(
            distinct * _PER_MESSAGE + sum(file["bytes"] for file in files.values()) * _PER_FILE_BYTE
        ),
    }


def distinct_messages(facts: Facts, layout: Layout) -> int:
    """Return the number of messages, each private one once."""
    rooms = sum(facts.kinds[kind] for kind in _ROOM_MESSAGES)
    return rooms + sum(private_pairs(facts.index, layout).values())


def histories_by_owner(index: ExportIndex, layout: Layout, kind: Kind) -> dict[int, HistoryFacts]:
    """Return the facts of the histories of rooms or of users, by the id of the room or user."""
    return {
        owner: index.histories[path]
        for path in _of_kind(layout, kind)
        if path in index.histories and (owner := owner_of(path)) is not None
    }


def private_pairs(index: ExportIndex, layout: Layout) -> dict[tuple[int, int], int]:
    """Return the number of messages of every pair of people: the larger number of their two histories."""
    pairs: dict[tuple[int, int], int] = {}
    for user, history in histories_by_owner(index, layout, Kind.USER_HISTORY).items():
        for other, (count, _) in history.private.items():
            pair = min(user, int(other)), max(user, int(other))
            pairs[pair] = max(pairs.get(pair, 0), count)
    return pairs


def _by_state(census: Counter[tuple[str, ...]], noun: str, kinds: Mapping[str, tuple[str, ...]]) -> dict[str, object]:
    return {kind: {state: census[noun, kind, state] for state in states} for kind, states in kinds.items()}


def _months(census: Counter[tuple[str, ...]]) -> list[dict[str, object]]:
    months = sorted({key[1] for key in census if key[0] == "month"})
    return [
        {"month": month, "room": census["month", month, "room"], "private": census["month", month, "private"]}
        for month in months
    ]


def senders(index: ExportIndex, layout: Layout) -> tuple[Counter[int], Counter[int]]:
    """Return the number of messages that each user sent to rooms, and to people by the history of the user's own."""
    rooms, private = Counter[int](), Counter[int]()
    for label, references in index.values.references.items():
        if references.path == _SENDER and annotation_of(label).kind in _ROOM_MESSAGES:
            rooms.update({int(user): count for user, count in references.counts.items()})
    for user, history in histories_by_owner(index, layout, Kind.USER_HISTORY).items():
        private[user] = history.sent.total()
    return rooms, private


def _busiest_users(index: ExportIndex, layout: Layout) -> list[dict[str, object]]:
    """Return the users who sent the most messages."""
    rooms, private = senders(index, layout)
    sent = rooms + private
    return [
        {"user": user, "name": index.names.get(user), "room": rooms[user], "private": private[user]}
        for user in sorted(sent, key=lambda user: (-sent[user], user))[:_MOST]
    ]


def _hours(index: ExportIndex) -> list[list[int]]:
    """Return the number of messages in each hour of each day of the week, also of histories not read to their end."""
    hours = index.hours + Counter(
        chain.from_iterable(chain.from_iterable(history.hours for history in index.histories.values()))
    )
    return [[hours[first + hour] for hour in range(_DAY)] for first in range(0, 7 * _DAY, _DAY)]


def _of_kind(layout: Layout, kind: Kind) -> list[str]:
    return [path for path, row in layout.places.items() if row and row.kind is kind]


def _files(layout: Layout) -> dict[str, dict[str, int]]:
    files = {row.kind.value: {"count": 0, "bytes": 0} for row in LAYOUT if row.schema is None}
    for path, entry in layout.files():
        row = layout.places[path]
        if row and row.schema is None:
            files[row.kind.value]["count"] += 1
            files[row.kind.value]["bytes"] += entry.size
    return files


def _attachments(layout: Layout) -> list[dict[str, object]]:
    """Return number and size of attachments, without previews, by the extension of their name if it is a usual one."""
    counts, sizes = Counter[str](), Counter[str]()
    for path, entry in layout.files():
        row = layout.places[path]
        stem, _, suffix = path.rpartition("/")[2].rpartition(".")
        if row and row.kind in _ATTACHMENTS and not stem.endswith("_thumb"):
            suffix = suffix.lower()
            kind = suffix if suffix in SUFFIXES else "other"
            counts[kind] += 1
            sizes[kind] += entry.size
    kinds = sorted(counts, key=lambda kind: (-sizes[kind], kind))
    return [{"type": kind, "count": counts[kind], "bytes": sizes[kind]} for kind in kinds]
