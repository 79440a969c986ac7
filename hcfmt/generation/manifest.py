"""The manifest of a generated export: its plan, all ids, and the statistics that a reader should find."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from hcfmt.export.dialects import HC_MIGRATE
from hcfmt.export.message_kinds import ROOM_MESSAGES, USER_MESSAGES
from hcfmt.generation.history_stats import HistoryStats
from hcfmt.generation.world import World
from hcfmt.version import __version__

_MOST_ROOMS = 100
_PER_MESSAGE, _PER_FILE_BYTE = 2_600, 500_000 / 10**9  # bytes of memory (docs/format.md#utilization)


@dataclass(slots=True)
class ExportStats:
    """Statistics of the histories by id, and of stored files by kind and by extension: [count, bytes]."""

    rooms: dict[int, HistoryStats] = field(default_factory=dict)
    users: dict[int, HistoryStats] = field(default_factory=dict)
    files: dict[str, list[int]] = field(default_factory=dict)
    attachments: dict[str, list[int]] = field(default_factory=dict)

    def file(self, kind: str, size: int, extension: str = "") -> None:
        """Count a stored file by its kind; an attachment, which has an extension, by that too."""
        for counts, key in ((self.files, kind), (self.attachments, extension)):
            if key:
                counts.setdefault(key, [0, 0])
                counts[key][0] += 1
                counts[key][1] += size


def manifest(world: World, stats: ExportStats) -> dict[str, Any]:
    """Return the manifest of an export; "expected" holds what ``hcfmt stats`` reports."""
    plan = {name: str(value) if name in {"since", "until"} else value for name, value in asdict(world.plan).items()}
    return {
        "format_version": 1,
        "tool": {"name": "hcfmt", "version": __version__},
        "plan": plan,
        "users": [person.id for person in world.people],
        "rooms": [room.id for room in world.rooms],
        "emoticons": [emoticon.id for emoticon in world.emoticons],
        "renamed_rooms": [room.id for room in world.rooms if room.is_renamed and _is_hc_migrate(world)],
        "expected": _expected(world, stats),
    }


def _expected(world: World, stats: ExportStats) -> dict[str, Any]:
    histories = [*stats.rooms.values(), *stats.users.values()]
    kinds = sum((history.kinds for history in histories), Counter[str]())
    messages = {kind: kinds[kind] for kind in (*ROOM_MESSAGES, *USER_MESSAGES)}
    private = sum(quota.messages for quota in world.pair_quotas.values())
    distinct = sum(kinds[kind] for kind in ROOM_MESSAGES) + private
    files = {kind: dict(zip(("count", "bytes"), stats.files.get(kind, [0, 0]), strict=True)) for kind in _FILES}
    size = sum(file["bytes"] for file in files.values())
    ends = [history.ends for history in histories if history.first]
    return {
        "users": _people(world),
        "rooms": _rooms(world),
        "emoticons": len(world.emoticons),
        "autojoins": _autojoins(world),
        "messages": {
            **messages,
            "total": sum(messages.values()),
            "distinct": distinct,
            "deleted": sum(history.deleted for history in histories),
            "first": min((first for first, _ in ends), default=None),
            "last": max((last for _, last in ends), default=None),
        },
        "months": _months(stats),
        "busiest_rooms": _busiest(stats),
        "private_pairs": sum(quota.messages > 0 for quota in world.pair_quotas.values()),
        "histories": {"room-history": len(stats.rooms), "user-history": len(stats.users)},
        "files": files,
        "attachments": _attachments(stats.attachments),
        "migration_memory": round(distinct * _PER_MESSAGE + size * _PER_FILE_BYTE),
    }


_FILES = ("room-file", "private-file", "avatar", "emoticon")


def _people(world: World) -> dict[str, Any]:
    counts = Counter((person.account_type, person.is_deleted) for person in world.people)
    kinds = {
        kind: {"active": counts[kind, False], "deleted": counts[kind, True]} for kind in ("admin", "user", "guest")
    }
    return {"total": len(world.people), **kinds}


def _is_hc_migrate(world: World) -> bool:
    return world.plan.dialect == HC_MIGRATE


def _autojoins(world: World) -> int:
    return sum(_is_hc_migrate(world) and not person.is_deleted and not person.guest_key for person in world.people)


def _rooms(world: World) -> dict[str, Any]:
    """Count the rooms by privacy and state; only hc-migrate says which are deleted."""
    flagged = _is_hc_migrate(world)
    counts = Counter(
        (room.privacy, "deleted" if room.is_deleted and flagged else "archived" if room.is_archived else "active")
        for room in world.rooms
    )
    states = ("active", "archived", "deleted")
    kinds = {privacy: {state: counts[privacy, state] for state in states} for privacy in ("public", "private")}
    return {"total": len(world.rooms), **kinds}


def _months(stats: ExportStats) -> list[dict[str, Any]]:
    rooms = sum((history.months for history in stats.rooms.values()), Counter[str]())
    users = sum((history.months for history in stats.users.values()), Counter[str]())
    months = sorted(rooms.keys() | users.keys())
    return [{"month": month, "room": rooms[month], "private": users[month]} for month in months]


def _busiest(stats: ExportStats) -> list[dict[str, Any]]:
    counts: Iterable[tuple[int, int]] = ((room, history.kinds.total()) for room, history in stats.rooms.items())
    busiest = sorted(counts, key=lambda count: (-count[1], count[0]))[:_MOST_ROOMS]
    return [{"room": room, "name": None, "messages": count} for room, count in busiest if count]


def _attachments(sizes: Mapping[str, list[int]]) -> list[dict[str, Any]]:
    kinds = sorted(sizes, key=lambda kind: (-sizes[kind][1], kind))
    return [{"type": kind, "count": sizes[kind][0], "bytes": sizes[kind][1]} for kind in kinds]
