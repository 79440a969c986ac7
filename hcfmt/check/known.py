"""What records tell about the export as a whole; grows with people, rooms and files, never with messages."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from hcfmt.check.histories import History
from hcfmt.check.sightings import Sightings, kept
from hcfmt.export.references import Identifier

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
            "GuestAccessMessage": kept(record["guest_access_url"]),
            "TopicRoomMessage": kept(record["topic"]),
        }
        return cls(index, utc(record["created"]), states, record["name"][:SHOWN] if show_name else None)

    def shifted(self, by: int) -> "Room":
        """Return the same of a record that stands ``by`` places further on."""
        return replace(self, index=self.index + by)


def utc(date: str) -> str | None:
    """Return a date with an offset (ISO 8601) as UTC to the second with a Z, None when no calendar has it."""
    try:
        return datetime.fromisoformat(date).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError):
        return None


@dataclass(slots=True)
class Known:
    """What the records of one member, or of several members together, tell about the whole.

    ``sightings`` are what they define, refer to and name. ``salvaged`` are (thing, identifier) and ("file", path) that
    could be read from records which contradict their schema and so take no part in anything else: they exist, and more
    is not said of them. ``broken`` counts, by member, the records that take no part, ``lost`` those of them of which
    not even that could be salvaged. ``users`` tells who was deleted. ``census`` counts people, rooms and messages by
    what they are, for the inventory. ``pairs`` counts the conversations in histories that are at their end.
    """

    sightings: Sightings = field(default_factory=Sightings)
    salvaged: set[tuple[str, Identifier]] = field(default_factory=set)
    broken: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    users: dict[int, bool] = field(default_factory=dict)
    rooms: dict[int, Room] = field(default_factory=dict)
    histories: dict[str, History] = field(default_factory=dict)
    census: Counter[tuple[str, ...]] = field(default_factory=Counter)
    pairs: int = 0

    def absorb(self, other: "Known", shift: int = 0) -> None:
        """Add what other records tell, which stand ``shift`` places further on in the same member."""
        self.sightings.absorb(other.sightings, shift)
        self.salvaged |= other.salvaged
        self.broken.update(other.broken)
        self.lost.update(other.lost)
        for user, deleted in other.users.items():
            self.users.setdefault(user, deleted)
        for number, room in other.rooms.items():
            self.rooms.setdefault(number, room.shifted(shift))
        for member, history in other.histories.items():
            self.histories.setdefault(member, History()).absorb(history, shift)
        self.census.update(other.census)
        self.pairs += other.pairs

    def repeated(self, member: str) -> Iterator[tuple[int, int]]:
        """Yield (count, second place) of every message id that came more than once in a history that is at its end."""
        history = self.histories.get(member)
        if history:
            self.pairs += len(history.private)
            yield from history.repeated()

    def size(self) -> int:
        """Count what takes memory: different values, and pairs of people who talk."""
        return len(self.sightings) + self.pairs
