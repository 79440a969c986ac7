"""Facts of one history: its first and last message, the state it leaves the room in, and who talks to whom."""

import heapq
from array import array
from binascii import unhexlify
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from hashlib import blake2b
from itertools import groupby, islice, pairwise
from operator import methodcaller
from struct import iter_unpack
from typing import Any

from msgspec import Struct, field

from hcfmt.check.occurrences import bounded
from hcfmt.export.columns import given, plain, property_of
from hcfmt.export.records import Batch
from hcfmt.export.references import Identifier, comparable

_ID = "16s"  # a UUID
_UUID_PARTS = (0, 8, 12, 16, 20, 32)  # digits between which its hyphens stand
_AT_ONCE = 100_000  # ids of one history that are sorted or compared at a time, so that memory stays bounded
_LARGEST = 1 << 128
OPEN = True  # guest access is on, at an address that the message does not hold

_SliceIds = tuple[int, Sequence[int], bytes]  # shift of the indices, indices, ids of 16 bytes

STATE_OF: Mapping[str, Any] = {
    "ArchiveRoomMessage": lambda message: message.get("is_archived"),
    "GuestAccessMessage": lambda message: (bounded(message["url"]) or OPEN) if message["enable_guest_access"] else None,
    "TopicRoomMessage": lambda message: bounded(message.get("topic", message.get("message", ""))),
}
"""Kinds of messages that set a state of their room, and the state ("Room History" in the format's documentation)."""


class State(Struct, frozen=True):
    """State that the last message of a kind sets; several states when several messages have the same, latest time."""

    stamp: str
    index: int
    states: frozenset[Any]

    def later(self, other: "State") -> "State":
        """Return the later of two states, both as one when they have the same time."""
        if self.stamp == other.stamp:
            return State(self.stamp, min(self.index, other.index), self.states | other.states)
        return max(self, other, key=lambda state: state.stamp)

    def agrees(self, state: object) -> bool:
        """Whether a room's own state is one of these; guest access at an unknown address agrees with any address."""
        return state in self.states or (OPEN in self.states and isinstance(state, str))

    def shifted(self, by: int) -> "State":
        """Return the state with an index that is larger by ``by``."""
        return State(self.stamp, self.index + by, self.states)


class HistoryFacts(Struct):
    """Facts of one history, or of consecutive records of it.

    ``first`` is the earliest timestamp and the index of its message, ``last`` the latest timestamp, ``last_at`` the
    index of the last message that has it. ``first_id`` and ``last_id`` are the ids of both messages, known once the
    history is closed, None where they cannot be read. ``uncertain`` are
    the kinds of messages of which one has an impossible date, or may lack the state that it sets. ``private`` holds the
    number of messages with each person, and their digest, a sum, so that order makes no difference; ``sent`` how many
    of them the owner sent. ``ids`` are the ids of the messages of each slice, kept until the history is read to its
    end: an id that occurs twice is found in no less memory. ``hours`` are the hours of the week of the messages
    of each slice, without those that the owner of the history did not send, kept as long as the ids; ``days`` are the
    days of the same messages, as bits (``days_and_hours`` makes both).
    """

    messages: int = 0
    first: tuple[str, int] | None = None
    last: str = ""
    last_at: int = -1
    first_id: str | None = None
    last_id: str | None = None
    states: dict[str, State] = {}
    uncertain: set[str] = set()
    private: dict[Identifier, tuple[int, int]] = {}
    sent: Counter[Identifier] = field(default_factory=Counter)
    ids: list[_SliceIds] = []
    hours: list[bytes] = []
    days: int = 0

    def merge(self, other: "HistoryFacts", shift: int = 0) -> None:
        """Add the facts of other records, whose indices are larger by ``shift`` than it holds."""
        self.messages += other.messages
        if other.first:
            first = other.first[0], other.first[1] + shift
            self.first = min(self.first or first, first)
        self.last, self.last_at = max((self.last, self.last_at), (other.last, other.last_at + shift))
        self.first_id, self.last_id = self.first_id or other.first_id, self.last_id or other.last_id
        self.uncertain |= other.uncertain
        for kind, state in other.states.items():
            self._add_state(kind, state.shifted(shift))
        for person, (count, digest) in other.private.items():
            self._add_conversation(person, count, digest)
        if other.sent:
            self.sent.update(other.sent)
        self.ids += [(by + shift, indices, ids) for by, indices, ids in other.ids]
        self.hours += other.hours
        self.days |= other.days

    def _add_state(self, kind: str, state: State) -> None:
        self.states[kind] = self.states[kind].later(state) if kind in self.states else state

    def _add_conversation(self, person: Identifier, count: int, digest: int) -> None:
        earlier = self.private.get(person, (0, 0))
        self.private[person] = earlier[0] + count, (earlier[1] + digest) % _LARGEST

    def add_messages(self, batch: Batch, stamps: Sequence[str], ordered: Sequence[str]) -> None:
        """Add the messages of one kind; ``stamps`` are their timestamps, "" for an impossible date.

        ``ordered`` are the others in order.
        """
        places, texts = given(batch.records, "id")
        ids = unhexlify("".join(texts).encode().translate(None, b"-"))
        at = batch.at if len(places) == len(batch.at) else [batch.at[place] for place in places]
        first = (ordered[0], batch.at[stamps.index(ordered[0])]) if ordered else None
        last = ordered[-1] if ordered else ""
        last_at = batch.at[_last_position(stamps, last)] if ordered else -1
        self.merge(HistoryFacts(len(stamps), first, last, last_at, ids=[(0, _compact(at), ids)]))
        if state_of := STATE_OF.get(batch.kind):
            for index, stamp, message in zip(batch.at, stamps, batch.records, strict=True):
                if stamp:
                    self._add_state(batch.kind, State(stamp, index, frozenset([state_of(plain(message))])))
                else:
                    self.uncertain.add(batch.kind)

    def add_conversations(self, owner: int, batch: Batch) -> Iterator[tuple[int, int, list[int]]]:
        """Add private messages of the ``owner``; yield (sender, receiver, positions in the batch) of each pair."""
        senders, receivers = (property_of(property_of(batch.records, side), "id") for side in ("sender", "receiver"))
        written = {sender: str(comparable(sender)) for sender in set(senders)}
        pair_of = list(zip(senders, receivers, strict=True)).__getitem__
        digests = _digests(list(map(written.__getitem__, senders)), batch.records)
        for (sender, receiver), group in groupby(sorted(range(len(senders)), key=pair_of), pair_of):
            positions = list(group)
            if owner in (sender, receiver):
                digest = sum(map(digests.__getitem__, positions)) % _LARGEST
                other = receiver if sender == owner else sender
                self._add_conversation(comparable(other), len(positions), digest)
                if sender == owner:
                    self.sent[comparable(other)] += len(positions)
            yield sender, receiver, positions

    def close(self) -> Iterator[tuple[str, int, int]]:
        """Yield (id in hexadecimal, count, index of the second message) of each repeated id; forget ids and hours.

        Those of the first and the last message stay.
        """
        self.first_id = self._id_at(self.first[1]) if self.first else None
        self.last_id = self._id_at(self.last_at) if self.last else None
        repeated = self._repeated_halves()
        while halves := frozenset(islice(repeated, _AT_ONCE)):
            yield from self._repeated_ids(halves)
        self.ids, self.hours = [], []

    def _id_at(self, index: int) -> str | None:
        """Return the id of the message with an index, None if it has none."""
        for shift, indices, ids in self.ids:
            place = bisect_left(indices, index - shift)
            if place < len(indices) and indices[place] == index - shift:
                digits = ids[16 * place : 16 * place + 16].hex()
                return "-".join(digits[start:end] for start, end in pairwise(_UUID_PARTS))
        return None

    def _repeated_halves(self) -> Iterator[int]:
        """Yield each first half that ids share, in order."""
        runs: list[array[int]] = []  # sorted, in an eighth of the memory of a set
        for slices in _batches(self.ids):
            halves = _first_halves(b"".join([ids for *_, ids in slices]))
            if len(slices) == len(self.ids) and len(set(halves)) == len(halves):
                return  # as in most histories
            runs.append(array("Q", sorted(halves)))
        equal = (half for half, following in pairwise(heapq.merge(*runs)) if half == following)
        yield from (half for half, _ in groupby(equal))

    def _repeated_ids(self, halves: AbstractSet[int]) -> Iterator[tuple[str, int, int]]:
        """Yield as ``close`` does the repeated ids that begin with some halves."""
        repeats: defaultdict[bytes, list[int]] = defaultdict(list)
        for shift, indices, ids in self.ids:
            for index, (value,), half in zip(indices, iter_unpack(_ID, ids), _first_halves(ids), strict=True):
                if half in halves:
                    repeats[value].append(index + shift)
        for value, repeated in repeats.items():
            if len(repeated) > 1:
                yield value.hex(), len(repeated), sorted(repeated)[1]


def _batches(slices: Sequence[_SliceIds]) -> Iterator[list[_SliceIds]]:
    """Yield the ids of consecutive slices, about 100,000 ids at a time."""
    batch: list[_SliceIds] = []
    count = 0
    for slice_ids in slices:
        batch.append(slice_ids)
        count += len(slice_ids[1])
        if count >= _AT_ONCE:
            yield batch
            batch, count = [], 0
    if batch:
        yield batch


def _last_position(stamps: Sequence[str], stamp: str) -> int:
    """Return the position of the last occurrence of a timestamp."""
    return len(stamps) - 1 - stamps[::-1].index(stamp)


def _compact(indices: Sequence[int]) -> Sequence[int]:
    """Return indices in less memory, which other processes send as bytes."""
    return indices if isinstance(indices, range) else array("I", indices)


def _first_halves(ids: bytes) -> list[int]:
    """Return the first eight bytes of each id as a number: ids without equal halves are different."""
    return memoryview(ids).cast("Q")[::2].tolist()


def _digests(senders: Sequence[str], messages: Sequence[Any]) -> list[int]:
    """Return the digest of each message, made of all that its two copies have in common."""
    ids, stamps, texts = (property_of(messages, name) for name in ("id", "timestamp", "message"))
    parts = map(" ".join, zip(senders, map(str.lower, ids), stamps, texts, strict=True))
    hashes = map(partial(blake2b, digest_size=16), map(methodcaller("encode", "utf-8", "surrogatepass"), parts))
    return list(map(int.from_bytes, map(methodcaller("digest"), hashes)))
