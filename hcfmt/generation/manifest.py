"""The manifest of a generated export: its plan, all ids, and the statistics that a reader should find."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any, NamedTuple

from hcfmt.export.dialects import HC_MIGRATE
from hcfmt.export.message_kinds import ROOM_MESSAGES, USER_MESSAGES
from hcfmt.export.writer import Entry
from hcfmt.generation.history_stats import ConversationStats, Noted
from hcfmt.generation.world import World
from hcfmt.version import __version__

_MOST_ROOMS = 100
_PER_MESSAGE, _PER_FILE_BYTE = 2_600, 500_000 / 10**9  # bytes of memory (docs/format.md#utilization)


class StoredFile(NamedTuple):
    """A stored file: its path in the archive, its size, and the hexadecimal SHA-256 of its content."""

    path: str
    bytes: int
    sha256: str


@dataclass(slots=True)
class ExportStats:
    """Statistics of rooms by id, of pairs of users, and of stored files by kind and by extension: [count, bytes].

    ``room_months`` and ``private_months`` are messages by month, the latter without those of former users. ``stored``
    lists the stored files in the order of the archive.
    """

    rooms: dict[int, ConversationStats] = field(default_factory=dict)
    pairs: dict[tuple[int, int], ConversationStats] = field(default_factory=dict)
    room_months: Counter[str] = field(default_factory=Counter)
    private_months: Counter[str] = field(default_factory=Counter)
    files: dict[str, list[int]] = field(default_factory=dict)
    attachments: dict[str, list[int]] = field(default_factory=dict)
    stored: list[StoredFile] = field(default_factory=list)

    def file(self, kind: str, entry: Entry, extension: str = "") -> Entry:
        """Count a stored file by its kind, an attachment, which has an extension, by that too.

        Return the file, which is listed in ``stored`` once it has been read.
        """
        for counts, key in ((self.files, kind), (self.attachments, extension)):
            if key:
                counts.setdefault(key, [0, 0])
                counts[key][0] += 1
                counts[key][1] += entry.size
        return Entry(entry.path, entry.size, self._hashed(entry))

    def _hashed(self, entry: Entry) -> Iterator[bytes]:
        digest = sha256()
        for chunk in entry.chunks:
            digest.update(chunk)
            yield chunk
        self.stored.append(StoredFile(entry.path, entry.size, digest.hexdigest()))


def manifest(world: World, stats: ExportStats) -> dict[str, Any]:
    """Return the manifest of an export, which holds what a test of an importer asserts.

    "expected" is what ``hcfmt stats`` reports, "conversations" what is in each room and between each two users who
    talk in private, "files" the stored files with their checksums.
    """
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
        "conversations": {"rooms": _room_conversations(world, stats), "private": _private_conversations(stats)},
        "files": [file._asdict() for file in stats.stored],
    }


def _room_conversations(world: World, stats: ExportStats) -> list[dict[str, Any]]:
    """Return what is in each room, by id; members are those of a private room."""
    rooms = (world.room[room] for room in sorted(stats.rooms))
    return [
        {"room": room.id, "name": room.name, "members": room.members} | _conversation(stats.rooms[room.id])
        for room in rooms
    ]


def _private_conversations(stats: ExportStats) -> list[dict[str, Any]]:
    """Return what is between each two users, or one who writes notes, by their ids; each message is counted once."""
    return [{"users": sorted({*pair})} | _conversation(stats.pairs[pair]) for pair in sorted(stats.pairs)]


def _conversation(stats: ConversationStats) -> dict[str, Any]:
    return {
        "messages": stats.kinds.total(),
        "kinds": dict(sorted(stats.kinds.items())),
        "deleted": stats.deleted,
        "writers": sorted(stats.writers),
        **{name: _noted(getattr(stats, name)) for name in ("first", "last", "longest")},
    }


def _noted(message: Noted | None) -> dict[str, Any] | None:
    return message and message._asdict()


def _expected(world: World, stats: ExportStats) -> dict[str, Any]:
    # The messages of two users are in the histories of both, but a purged user has none.
    histories = [*stats.rooms.values()]
    former = {person.id for person in world.former}
    histories += [found for pair, found in stats.pairs.items() for user in {*pair} if user not in former]
    kinds = sum((history.kinds for history in histories), Counter[str]())
    messages = {kind: kinds[kind] for kind in (*ROOM_MESSAGES, *USER_MESSAGES)}
    private = sum(quota.messages for quota in world.pair_quotas.values())
    distinct = sum(kinds[kind] for kind in ROOM_MESSAGES) + private
    files = {kind: dict(zip(("count", "bytes"), stats.files.get(kind, [0, 0]), strict=True)) for kind in _FILES}
    size = sum(file["bytes"] for file in files.values())
    first = [history.first.timestamp for history in histories if history.first]
    last = [history.last.timestamp for history in histories if history.last]
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
            "first": min(first, default=None),
            "last": max(last, default=None),
        },
        "months": _months(stats),
        "busiest_rooms": _busiest(stats),
        "private_pairs": sum(quota.messages > 0 for quota in world.pair_quotas.values()),
        "histories": {"room-history": len(stats.rooms), "user-history": len(world.people)},
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
    rooms, private = stats.room_months, stats.private_months
    return [
        {"month": month, "room": rooms[month], "private": private[month]}
        for month in sorted(rooms.keys() | private.keys())
    ]


def _busiest(stats: ExportStats) -> list[dict[str, Any]]:
    counts: Iterable[tuple[int, int]] = ((room, history.kinds.total()) for room, history in stats.rooms.items())
    busiest = sorted(counts, key=lambda count: (-count[1], count[0]))[:_MOST_ROOMS]
    return [{"room": room, "name": None, "messages": count} for room, count in busiest if count]


def _attachments(sizes: Mapping[str, list[int]]) -> list[dict[str, Any]]:
    kinds = sorted(sizes, key=lambda kind: (-sizes[kind][1], kind))
    return [{"type": kind, "count": sizes[kind][0], "bytes": sizes[kind][1]} for kind in kinds]
