"""Conditions of profiles that records meet: counted in one slice, and merged with those of others.

Those of one data file are merged in its order, those of several in any.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from itertools import compress, repeat
from operator import eq, not_
from typing import NamedTuple

from msgspec import Struct, field

from hcfmt.profiles.compiled_conditions import Differing, conditions_for
from hcfmt.profiles.html_silence import Reading
from hcfmt.profiles.record_columns import RecordColumns

_LONGEST = 200  # characters of a value that is held to be compared; longer ones are replaced by their digest
_WITH_IDS = frozenset({"Room", "User"})
PRIVATE = "PrivateUserMessage"

Place = tuple[str, int, str]
"""Place of a record: its member, its index in its list, and its kind; "" for what has no wrapper."""


class Met(Struct):
    """Records that meet one condition: their number, the place of the first, and the ids of rooms or users.

    ``first_id`` is the id of the first of several records that have the same value.
    """

    count: int
    first: Place
    ids: set[int] = set()
    first_id: int | None = None

    def merge(self, other: "Met", shift: int) -> None:
        """Add those of other records, whose indices are larger by ``shift``."""
        self.count += other.count
        if other.ids:
            self.ids |= other.ids
        place = _shifted(other.first, shift)
        if place < self.first:
            self.first, self.first_id = place, other.first_id


class ConditionsMet(Struct):
    """What records meet, by profile and condition (``zulip/Z40``).

    ``lost`` counts, by profile, the messages that are lost, the files that are lost and the messages that are misfiled
    by any condition on them alone, each once. ``values`` holds the values that must differ between records: of each,
    how many records have it, and the place of the first. ``received`` holds, by history, who wrote to its owner: the
    number of messages, and the index of the first. ``readings`` are of consecutive messages, by history and kind.
    """

    met: dict[str, Met] = {}
    lost: Counter[tuple[str, str]] = field(default_factory=Counter)
    values: dict[str, dict[str, Met]] = {}
    received: dict[str, dict[int, tuple[int, int]]] = {}
    readings: dict[tuple[str, str], Reading] = {}

    def add(self, key: str, met: Met) -> None:
        """Add records that meet the condition of a key."""
        if known := self.met.get(key):
            known.merge(met, 0)
        else:
            self.met[key] = met

    def merge(self, other: "ConditionsMet", shift: int) -> None:
        """Add what other records meet, whose indices in the same list are larger by ``shift``."""
        _merge(self.met, other.met, shift)
        if other.lost:
            self.lost.update(other.lost)
        for name, values in other.values.items():
            _merge(self.values.setdefault(name, {}), values, shift)
        for member, senders in other.received.items():
            known = self.received.setdefault(member, {})
            for sender, (count, first) in senders.items():
                earlier, place = known.get(sender, (0, first + shift))
                known[sender] = earlier + count, min(place, first + shift)
        for key, reading in other.readings.items():
            self.readings.setdefault(key, Reading(0)).append(reading, shift)

    def close(self, member: str) -> None:
        """Forget the readings of a history that was read to its end if they silence nothing."""
        for key in [key for key, reading in self.readings.items() if key[0] == member and not reading.marks]:
            del self.readings[key]

    def shifted(self, shift: int) -> "ConditionsMet":
        """Return the same of records whose indices are larger by ``shift``."""
        if not shift:
            return self
        moved = ConditionsMet()
        moved.merge(self, shift)
        return moved


def _merge(known: dict[str, Met], more: Mapping[str, Met], shift: int) -> None:
    for name, met in more.items():
        if name in known:
            known[name].merge(met, shift)
        else:
            known[name] = Met(met.count, _shifted(met.first, shift), set(met.ids), met.first_id)


def _shifted(place: Place, shift: int) -> Place:
    return (place[0], place[1] + shift, place[2]) if shift else place


class Records(NamedTuple):
    """Records of one kind in one member that importers look at: their columns, and their indices in their list."""

    member: str
    kind: str
    columns: RecordColumns
    at: Sequence[int]


def sent_records(records: Records, owner: int | None, found: ConditionsMet) -> Records:
    """Return the records without the private messages that the ``owner`` of their history received.

    A private message is stored twice: it counts in the history of its sender alone. ``found`` gets who sent the others.
    """
    member, kind, columns, at = records
    if kind != PRIVATE or owner is None:
        return records
    is_copy = _copies(columns, owner)
    found.received[member] = _senders(columns, list(compress(range(len(is_copy)), is_copy)), at)
    own = list(compress(range(len(is_copy)), map(not_, is_copy)))
    return Records(member, kind, columns.part(own), [at[place] for place in own])


def add_conditions(sources: Sequence[str], records: Records, found: ConditionsMet) -> None:
    """Add what records meet of the profiles in TOML; their kind may be a place such as ``users.json/*``."""
    member, kind, columns, at = records
    count = len(columns.records)
    lost: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for predicate, conditions in conditions_for(sources, kind, columns):
        if predicate is not None and not predicate.positions(columns):
            continue
        for condition in conditions:
            if condition.differing:
                values = _values(condition.differing, columns, at, member, kind)
                _merge(found.values.setdefault(condition.key, {}), values, 0)
            elif places := condition.positions(columns):
                ids = _ids(columns, places) if kind in _WITH_IDS else set[int]()
                found.add(condition.key, Met(len(places), (member, at[places[0]], kind), ids))
                for what in condition.lost:
                    those = lost[condition.importer, what]
                    if len(those) < count:
                        those.update(places)
    for key, positions in lost.items():
        found.lost[key] += len(positions)


def _copies(columns: RecordColumns, owner: int) -> list[bool]:
    """Return of each private message whether the owner of the history received it from somebody else."""
    senders = columns.column(("sender", "id")).values
    received = list(map(eq, columns.column(("receiver", "id")).values, repeat(owner)))
    for place in compress(range(len(received)), map(eq, senders, repeat(owner))):
        received[place] = False
    return received


def _senders(columns: RecordColumns, copies: Sequence[int], at: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return the senders of received messages: of each the number of messages, and the index of the first."""
    senders = columns.column(("sender", "id")).values
    if not {int}.issuperset(map(type, senders)):
        copies = [place for place in copies if type(senders[place]) is int]
    ids = [senders[place] for place in copies]
    first = dict(zip(reversed(ids), reversed(copies), strict=True))
    return {sender: (count, at[first[sender]]) for sender, count in Counter(ids).items()}


def _ids(columns: RecordColumns, places: Sequence[int]) -> set[int]:
    """Return the ids of some records, which are rooms or users, whose messages may be lost with them."""
    ids = columns.column(("id",)).values
    return {ids[place] for place in places if type(ids[place]) is int}


def _values(differing: Differing, columns: RecordColumns, at: Sequence[int], member: str, kind: str) -> dict[str, Met]:
    """Return the values of a field that must differ between records, each with the records that have it."""
    path, key = differing
    found: dict[str, Met] = {}
    for place, value in enumerate(columns.column(path).values):
        text = "" if not isinstance(value, str) else key(value) if key else value
        if text:
            ids = _ids(columns, [place]) if kind in _WITH_IDS else set[int]()
            met = Met(1, (member, at[place], kind), ids, next(iter(ids), None))
            _merge(found, {_bounded(text): met}, 0)
    return found


def _bounded(text: str) -> str:
    """Return a text, or the digest of a long one, so that memory stays bounded."""
    if len(text) <= _LONGEST:
        return text
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
