"""What records tell about the export as a whole; grows with people, rooms and files, never with messages."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from hcfmt.check.history_facts import History
from hcfmt.check.occurrences import ValueIndex, kept, weight
from hcfmt.export.references import Identifier
from hcfmt.export.timestamps import to_utc

SHOWN = 80  # characters of a room's name
FOREIGN = "foreign"  # the label of private messages in a third person's history, by that person


@dataclass(frozen=True, slots=True)
class Room:
    """A room as rooms.json has it.

    ``index`` is its record's place, ``created`` when it was made (UTC, to the second, None for no date), ``states`` its
    state by the kind of message that dictates it, ``name`` the beginning of its name where values are to be shown.
    """

    index: int
    created: str | None
    states: Mapping[str, Any]
    name: str | None

    @classmethod
    def of(cls, index: int, record: Mapping[str, Any], *, show_name: bool) -> "Room":
        """Make one of a record."""
        states = {
            "ArchiveRoomMessage": record["is_archived"],
            "GuestAccessMessage": kept(record["guest_access_url"]) or None,
            "TopicRoomMessage": kept(record["topic"]),
        }
        return cls(index, to_utc(record["created"]), states, record["name"][:SHOWN] if show_name else None)

    def shifted(self, by: int) -> "Room":
        """Return the same of a record that stands ``by`` places further on."""
        return replace(self, index=self.index + by)


@dataclass(slots=True)
class ExportIndex:
    """What the records of one member, or of several members together, tell about the whole.

    ``sightings`` are what they define, refer to and name. ``salvaged`` are identifiers and paths, with the label of
    their annotation, that could be read from records which contradict their schema and so take no part in anything
    else: they exist, and more is not said of them. ``broken`` counts, by member, the records that take no part,
    ``lost`` those of them of which not even that could be salvaged. ``doubled`` are histories in which an id comes more
    than once. ``users`` tells who was deleted. ``census`` counts people, rooms and messages by what they are, for the
    inventory. ``weight`` is how much memory the rest takes, in ordinary values.
    """

    sightings: ValueIndex = field(default_factory=ValueIndex)
    salvaged: set[tuple[str, Identifier]] = field(default_factory=set)
    doubled: set[str] = field(default_factory=set)
    broken: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    users: dict[Identifier, bool] = field(default_factory=dict)
    rooms: dict[Identifier, Room] = field(default_factory=dict)
    histories: dict[str, History] = field(default_factory=dict)
    census: Counter[tuple[str, ...]] = field(default_factory=Counter)
    weight: int = 0

    def absorb(self, other: "ExportIndex", shift: int = 0) -> None:
        """Add what other records tell, which stand ``shift`` places further on in the same member."""
        self.sightings.absorb(other.sightings, shift)
        self.salvaged |= other.salvaged
        self.doubled |= other.doubled
        self.broken.update(other.broken)
        self.lost.update(other.lost)
        for user, deleted in other.users.items():
            self.users.setdefault(user, deleted)
        for number, room in other.rooms.items():
            self.rooms.setdefault(number, room.shifted(shift))
        for member, history in other.histories.items():
            self.histories.setdefault(member, History()).absorb(history, shift)
        self.census.update(other.census)
        self.weight += other.weight

    def salvage(self, label: str, value: Identifier) -> None:
        """Add an identifier or a path of a broken record."""
        if (label, value) not in self.salvaged:
            self.salvaged.add((label, value))
            self.weight += weight(value)

    def repeated(self, member: str) -> Iterator[tuple[int, int]]:
        """Yield (count, second place) of every message id that came more than once in a history that is at its end."""
        history = self.histories.get(member)
        if history:
            self.weight += len(history.private)
            for one in history.repeated():
                self.doubled.add(member)
                yield one

    def size(self) -> int:
        """Count what takes memory: different values, and pairs of people who talk."""
        return self.sightings.weight + self.weight
