"""What the messages of one history tell together: when it begins, what state it leaves the room in, with whom."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from struct import iter_unpack
from typing import Any

from hcfmt.check.occurrences import kept
from hcfmt.export.records import Batch
from hcfmt.export.references import Identifier, comparable

_ID = "16s"  # a UUID
_AT_ONCE = 250_000  # ids of one history that are compared at a time, so that memory stays bounded
_LARGEST = 1 << 128
OPEN = True  # guest access is on, at an address that is not told

DICTATES: Mapping[str, Any] = {
    "ArchiveRoomMessage": lambda message: message["is_archived"],
    "GuestAccessMessage": lambda message: (kept(message["url"]) or OPEN) if message["enable_guest_access"] else None,
    "TopicRoomMessage": lambda message: kept(message["topic"]),
}
"""Kinds of messages the last of which dictates the state of the room, and the state (seed 000, "Room History")."""


@dataclass(frozen=True, slots=True)
class State:
    """What a room's last message of a kind dictates; several states when several messages are equally late."""

    stamp: str
    index: int
    states: frozenset[Any]

    def later(self, other: "State") -> "State":
        """Return the later of two, both as one when they are equally late."""
        if self.stamp == other.stamp:
            return State(self.stamp, min(self.index, other.index), self.states | other.states)
        return max(self, other, key=lambda state: state.stamp)

    def agrees(self, state: object) -> bool:
        """Whether a room's own state is one of them; guest access at an address that is not told agrees with any."""
        return state in self.states or (OPEN in self.states and isinstance(state, str))

    def shifted(self, by: int) -> "State":
        """Return the same of a record that stands ``by`` places further on."""
        return State(self.stamp, self.index + by, self.states)


@dataclass(slots=True)
class History:
    """What is known of one history, or of consecutive records of it.

    ``first`` is the earliest message, by timestamp, and its place; ``last`` the latest timestamp. ``undated``
    are the kinds of which a message has no date that a calendar knows. ``private`` counts
    and digests the messages with each person; the digest is a sum, so that order does not matter. ``ids`` are the
    messages' ids, each piece with its places and by how much they are to be shifted, kept until the history is at its
    end.
    """

    messages: int = 0
    first: tuple[str, int] | None = None
    last: str = ""
    states: dict[str, State] = field(default_factory=dict)
    undated: set[str] = field(default_factory=set)
    private: dict[Identifier, tuple[int, int]] = field(default_factory=dict)
    ids: list[tuple[int, Sequence[int], bytes]] = field(default_factory=list)

    def absorb(self, other: "History", shift: int = 0) -> None:
        """Add records that stand ``shift`` places further on than they know."""
        self.messages += other.messages
        if other.first:
            first = other.first[0], other.first[1] + shift
            self.first = min(self.first or first, first)
        self.last = max(self.last, other.last)
        self.undated |= other.undated
        for kind, state in other.states.items():
            self._dictated(kind, state.shifted(shift))
        for person, (count, digest) in other.private.items():
            self._with_person(person, count, digest)
        self.ids += [(by + shift, places, ids) for by, places, ids in other.ids]

    def _dictated(self, kind: str, state: State) -> None:
        self.states[kind] = self.states[kind].later(state) if kind in self.states else state

    def _with_person(self, person: Identifier, count: int, digest: int) -> None:
        known = self.private.get(person, (0, 0))
        self.private[person] = known[0] + count, (known[1] + digest) % _LARGEST

    def look_at(self, batch: Batch, stamps: Sequence[str]) -> None:
        """Add the messages of one kind; ``stamps`` are their timestamps, "" for what is no date."""
        ids = bytes.fromhex("".join([message["id"] for message in batch.records]).replace("-", ""))
        dated = [stamp for stamp in stamps if stamp] if "" in stamps else stamps
        first = (earliest := min(dated), batch.at[stamps.index(earliest)]) if dated else None
        self.absorb(History(len(stamps), first, max(dated, default=""), ids=[(0, batch.at, ids)]))
        if dictates := DICTATES.get(batch.kind):
            for place, stamp, message in zip(batch.at, stamps, batch.records, strict=True):
                if stamp:
                    self._dictated(batch.kind, State(stamp, place, frozenset([dictates(message)])))
                else:
                    self.undated.add(batch.kind)

    def converse(self, owner: int, batch: Batch) -> Iterator[tuple[int, int, list[int]]]:
        """Add private messages of the ``owner``; yield (sender, receiver, positions in the batch) of each pair."""
        pairs: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        for position, message in enumerate(batch.records):
            pairs[message["sender"]["id"], message["receiver"]["id"]].append(position)
        for (sender, receiver), positions in pairs.items():
            if owner in (sender, receiver):
                digest = (
                    sum(_digests(comparable(sender), [batch.records[position] for position in positions])) % _LARGEST
                )
                other = receiver if sender == owner else sender
                self._with_person(comparable(other), len(positions), digest)
            yield sender, receiver, positions

    def repeated(self) -> Iterator[tuple[int, int]]:
        """Yield (count, second place) of every message id that came more than once, and forget the ids."""
        total = sum(len(places) for _, places, _ in self.ids)
        turns = total // _AT_ONCE + 1
        for turn in range(turns):
            yield from self._repeated(turn, turns)
        self.ids = []

    def _repeated(self, turn: int, turns: int) -> Iterator[tuple[int, int]]:
        """Look at one part of all ids; ids of one value are always in the same part."""
        mine = [
            one for *_, ids in self.ids for (one,) in iter_unpack(_ID, ids) if turns == 1 or hash(one) % turns == turn
        ]
        if len(set(mine)) == len(mine):
            return
        counts = Counter(mine)
        seen: defaultdict[bytes, list[int]] = defaultdict(list)
        for by, places, ids in self.ids:
            for place, (one,) in zip(places, iter_unpack(_ID, ids), strict=True):
                if counts[one] > 1:
                    seen[one].append(place + by)
        for places_of_one in seen.values():
            yield len(places_of_one), sorted(places_of_one)[1]


def _digests(sender: Identifier, messages: Iterable[Any]) -> Iterator[int]:
    """Yield a number for each message that no other has, of what both copies of it share."""
    for message in messages:
        text = f"{sender} {message['id'].lower()} {message['timestamp']} {message['message']}"
        yield int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest(), "big")
