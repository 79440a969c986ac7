"""Index of the values that cross-checks need; its size grows with people, rooms and files, not with messages."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from hcfmt.check.history_facts import HistoryFacts
from hcfmt.check.occurrences import ValueIndex, bounded, memory_weight
from hcfmt.export.references import Identifier
from hcfmt.export.timestamps import to_utc

MAX_NAME = 80  # characters of a room's or a user's name
FOREIGN = "foreign"  # label of private messages in the history of a user who neither sent nor received them


class Room(Struct, frozen=True):
    """A room of rooms.json.

    ``index`` is the index of its record, ``created`` the time of its creation (UTC, to the second; None for an
    impossible date), ``states`` its state by the kind of message that sets it, ``name`` the first 80 characters of its
    name if reports show text of the archive.
    """

    index: int
    created: str | None
    states: Mapping[str, Any]
    name: str | None
    is_deleted: bool = False

    @classmethod
    def of(cls, index: int, record: Mapping[str, Any], *, show_name: bool) -> "Room":
        """Return the room of a record that matches its schema, but for values that were left out as refused."""
        states = {
            "ArchiveRoomMessage": record["is_archived"],
            "TopicRoomMessage": bounded(record.get("topic") or ""),
        }
        if "guest_access_url" in record:
            states["GuestAccessMessage"] = bounded(record["guest_access_url"]) or None
        name = record["name"][:MAX_NAME] if show_name else None
        return cls(index, to_utc(record["created"]), states, name, bool(record.get("is_deleted")))

    def shifted(self, by: int) -> "Room":
        """Return the room with an index that is larger by ``by``."""
        return replace(self, index=self.index + by)


class ExportIndex(Struct):
    """Index of the records of one member or of several members.

    ``values`` are the values that valid records define, refer to and name. ``salvaged`` are (label of the annotation,
    identifier or path) of records that contradict their schema: the things exist, and take part in no other check.
    ``broken`` counts, by member, the records that take part in no check, ``lost`` those among them from which not even
    an identifier could be salvaged. ``histories_with_repeats`` are the histories in which a message id occurs more than
    once. ``users`` maps ids to whether the user is deleted, ``guests`` are the ids of guests, ``names`` maps ids to the
    first 80 characters of the user's name if reports show text of the archive. ``census`` counts people, rooms and
    messages by kind and state, ``hours`` messages by the hour of the week, for the inventory. ``weight`` is the memory
    of all but ``values``, as a number of ordinary values.
    """

    values: ValueIndex = field(default_factory=ValueIndex)
    salvaged: set[tuple[str, Identifier]] = set()
    histories_with_repeats: set[str] = set()
    broken: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    users: dict[Identifier, bool] = {}
    guests: set[Identifier] = set()
    names: dict[Identifier, str] = {}
    rooms: dict[Identifier, Room] = {}
    histories: dict[str, HistoryFacts] = {}
    census: Counter[tuple[str, ...]] = field(default_factory=Counter)
    hours: Counter[int] = field(default_factory=Counter)
    weight: int = 0

    def merge(self, other: "ExportIndex", shift: int = 0) -> None:
        """Add the index of other records, whose indices in the same list are larger by ``shift`` than it holds."""
        self.values.merge(other.values, shift)
        self.salvaged |= other.salvaged
        self.histories_with_repeats |= other.histories_with_repeats
        if other.broken:  # as of few files, and there may be many
            self.broken.update(other.broken)
        if other.lost:
            self.lost.update(other.lost)
        if other.census:
            self.census.update(other.census)
        if other.hours:
            self.hours.update(other.hours)
        for user, deleted in other.users.items():
            self.users.setdefault(user, deleted)
        self.guests |= other.guests
        for user, name in other.names.items():
            self.names.setdefault(user, name)
        for number, room in other.rooms.items():
            self.rooms.setdefault(number, room.shifted(shift))
        for member, history in other.histories.items():
            self.histories.setdefault(member, HistoryFacts()).merge(history, shift)
        self.weight += other.weight

    def salvage(self, label: str, value: Identifier) -> None:
        """Add an identifier or a path of a record that contradicts its schema."""
        if (label, value) not in self.salvaged:
            self.salvaged.add((label, value))
            self.weight += memory_weight(value)

    def close_member(self, member: str) -> Iterator[tuple[str, int, int]]:
        """Yield (id in hexadecimal, count, index of the second message) of each message id that a history repeats.

        To be called when the member was read to its end; its message ids are forgotten.
        """
        self.values.close(member)
        history = self.histories.get(member)
        if history and history.ids:
            self.weight += len(history.private) + len(history.sent)
            self.hours.update(b"".join(history.hours))
            for repeat in history.close():
                self.histories_with_repeats.add(member)
                yield repeat

    def size(self) -> int:
        """Return the memory that the index takes, as a number of ordinary values."""
        return self.values.weight + self.weight
