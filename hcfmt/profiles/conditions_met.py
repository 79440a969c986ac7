"""Conditions of profiles that records meet: counted in one slice, and merged with those of others.

Those of one data file are merged in its order, those of several in any.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from itertools import repeat
from operator import eq, not_
from typing import NamedTuple, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from hcfmt.profiles.compiled_conditions import Differing, Step, steps_for
from hcfmt.profiles.html_silence import Reading
from hcfmt.profiles.record_columns import RecordColumns

_LONGEST = 200  # characters of a value that is held to be compared; longer ones are replaced by their digest
_MOST_PAIRS, _OTHER_PAIRS = 100_000, (-1, -1)  # senders and receivers held apart, and what stands for the rest
_WITH_IDS = frozenset({"Room", "User"})
PRIVATE = "PrivateUserMessage"

_Key = TypeVar("_Key", str, tuple[str, ...], tuple[int, int])

Place = tuple[str, int, str]
"""Place of a record: its member, its index in its list, and its kind; "" for what has no wrapper."""


class Met(Struct):
    """Records that meet one condition: their number, the place of the first, and the ids of rooms or users.

    Of records that have the same value, ``first_id`` is the id of the first, and ``second`` the place of the next one.
    """

    count: int
    first: Place
    ids: set[int] = set()
    first_id: int | None = None
    second: Place | None = None

    def merge(self, other: "Met", shift: int) -> None:
        """Add those of other records, whose indices are larger by ``shift``."""
        self.count += other.count
        if other.ids:
            self.ids |= other.ids
        place = _shifted(other.first, shift)
        later = other.second and _shifted(other.second, shift)
        if place < self.first:
            self.first, self.first_id, place = place, other.first_id, self.first
        self.second = min(each for each in (self.second, place, later) if each)


class PrivateRoom(Struct, frozen=True):
    """A private room: its place, and the ids of its members and of its owner, None for an owner without one."""

    place: Place
    members: tuple[int, ...]
    owner: int | None


class ConditionsMet(Struct):
    """What records meet, by profile and condition (``zulip/Z40``).

    ``met`` are the records that meet several conditions which the same records meet; ``by_condition`` divides them.
    ``lost`` counts, by profile, the messages that are lost, the files that are lost and the messages that are misfiled
    by any condition on them alone, each once. ``values`` holds the values that must differ between records: of each,
    how many records have it, and the place of the first. ``received`` holds, by history, who wrote to its owner: the
    number of messages, and the index of the first. ``foreign`` holds, by sender and receiver, the private messages in
    histories of neither. ``readings`` are of consecutive messages, by history and kind.
    ``private_rooms`` are those with a list of members, ``users_with_texts`` the indices of users whose id is a text.
    """

    met: dict[tuple[str, ...], Met] = {}
    lost: Counter[tuple[str, str]] = field(default_factory=Counter)
    values: dict[str, dict[str, Met]] = {}
    received: dict[str, dict[int, tuple[int, int]]] = {}
    foreign: dict[tuple[int, int], Met] = {}
    readings: dict[tuple[str, str], Reading] = {}
    private_rooms: list[PrivateRoom] = []
    users_with_texts: list[int] = []

    def by_condition(self) -> Mapping[str, Met]:
        """Return the records that meet each condition."""
        found: dict[str, Met] = {}
        for keys, met in self.met.items():
            _merge(found, dict.fromkeys(keys, met), 0)
        return found

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
        self.users_with_texts += [index + shift for index in other.users_with_texts]
        self.private_rooms += [replace(room, place=_shifted(room.place, shift)) for room in other.private_rooms]
        for pair, met in other.foreign.items():
            is_held = pair in self.foreign or len(self.foreign) < _MOST_PAIRS
            _merge(self.foreign, {pair if is_held else _OTHER_PAIRS: met}, shift)
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


def _merge(known: dict[_Key, Met], more: Mapping[_Key, Met], shift: int) -> None:
    for name, met in more.items():
        if name in known:
            known[name].merge(met, shift)
        else:
            known[name] = Met(met.count, _shifted(met.first, shift), met.ids and set(met.ids), met.first_id)
            known[name].second = met.second and _shifted(met.second, shift)


def _shifted(place: Place, shift: int) -> Place:
    return (place[0], place[1] + shift, place[2]) if shift else place


class Records(NamedTuple):
    """Records of one kind in one member that importers look at.

    ``foreign`` is the number of private messages that the owner of their history neither sent nor received.
    """

    member: str
    kind: str
    columns: RecordColumns
    foreign: int = 0


def sent_records(records: Records, owner: int | None, found: ConditionsMet) -> Records:
    """Return the records without the private messages that the ``owner`` of their history received.

    A private message is stored twice: it counts in the history of its sender alone. ``found`` gets who sent the others.
    """
    member, kind, columns, _ = records
    if kind != PRIVATE or owner is None:
        return records
    senders, receivers = columns.column(("sender", "id")), columns.column(("receiver", "id"))
    sent = columns.part(senders.equal_to(owner))
    copies = receivers.values.count(owner) - sent.column(("receiver", "id")).values.count(owner)
    foreign = len(columns) - len(sent) - copies
    if not foreign and senders.types == {int}:
        found.received[member] = _senders(senders.values, columns.at)
        found.received[member].pop(owner, None)
        return Records(member, kind, sent)
    is_copy = [receiver == owner != sender for sender, receiver in zip(senders.values, receivers.values, strict=True)]
    for pair, index in zip(zip(senders.values, receivers.values, strict=True), columns.at, strict=True):
        if owner not in pair and {int}.issuperset(map(type, pair)):
            one: dict[tuple[int, int], Met] = {pair: Met(1, (member, index, kind))}
            _merge(found.foreign, one, 0)
    copied = [place for place in senders.where(is_copy) if type(senders.values[place]) is int]
    found.received[member] = _senders([senders.values[place] for place in copied], [columns.at[at] for at in copied])
    return Records(member, kind, columns.part(senders.where(map(not_, is_copy))), foreign)


def sent_by(owner: int | None, records: Records) -> RecordColumns:
    """Return the columns of the private messages that somebody sent, of ``sent_records`` of this owner."""
    if not records.foreign:
        return records.columns
    senders = records.columns.column(("sender", "id"))
    return records.columns.part(senders.where(map(eq, senders.values, repeat(owner))))


def add_people(records: Records, found: ConditionsMet) -> None:
    """Add the private rooms of some rooms, and those of some users whose id is a text."""
    columns = records.columns
    if records.kind == "User":
        ids = columns.column(("id",)).values
        found.users_with_texts += [at for at, value in zip(columns.at, ids, strict=True) if isinstance(value, str)]
    elif records.kind == "Room" and "private" in (privacy := columns.column(("privacy",)).values):
        fields = (columns.column((name,)).values for name in ("members", "owner"))
        for at, kind, members, owner in zip(columns.at, privacy, *fields, strict=True):
            if kind == "private" and isinstance(members, list):
                ids = tuple(member for member in members if type(member) is int)
                place = (records.member, at, records.kind)
                found.private_rooms.append(PrivateRoom(place, ids, owner if type(owner) is int else None))


def add_conditions(sources: Sequence[str], records: Records, found: ConditionsMet) -> None:
    """Add what records meet of the profiles in TOML; their kind may be a place such as ``users.json/*``."""
    if records.columns:
        lost: dict[tuple[str, str], list[RecordColumns]] = {}
        _add_step(steps_for(sources, records.kind, records.columns), records, found, lost)
        for key, some in lost.items():
            count = max(map(len, some))
            if len(some) > 1 and count < len(records.columns):
                count = len(set().union(*(columns.at for columns in some)))
            found.lost[key] += count


def _add_step(
    step: Step, records: Records, found: ConditionsMet, lost: dict[tuple[str, str], list[RecordColumns]]
) -> None:
    """Add what records meet that meet the predicates before a step; ``lost`` gets those of which something is lost."""
    member, kind, columns, _ = records
    if step.keys:
        ids = _ids(columns) if kind in _WITH_IDS else set[int]()
        _merge(found.met, {step.keys: Met(len(columns), (member, columns.first, kind), ids)}, 0)
        for what in step.lost:
            lost.setdefault(what, []).append(columns)
    for key, differing in step.differing:
        _add_values(found.values.setdefault(key, {}), differing, records)
    for predicate, following in step.next:
        if some := predicate.met_by(columns):
            _add_step(following, Records(member, kind, some), found, lost)


def _senders(senders: Sequence[int], at: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return the senders of messages: of each the number of messages, and the index of the first."""
    first = dict(zip(reversed(senders), reversed(at), strict=True))
    return {sender: (count, first[sender]) for sender, count in Counter(senders).items()}


def _ids(columns: RecordColumns) -> set[int]:
    """Return the ids of records, which are rooms or users, whose messages may be lost with them."""
    return {number for number in columns.column(("id",)).values if type(number) is int}


def _add_values(known: dict[str, Met], differing: Differing, records: Records) -> None:
    """Add the values of a field that must differ between records, each with the records that have it."""
    path, key = differing
    column = records.columns.column(path)
    if key and column.types == {str}:
        column, key = column.computed(key), None
    ids = records.columns.column(("id",)).values if records.kind in _WITH_IDS else repeat(None)
    for value, index, number in zip(column.values, records.columns.at, ids, strict=False):
        text = "" if not isinstance(value, str) else key(value) if key else value
        if text:
            one = number if type(number) is int else None
            met = Met(1, (records.member, index, records.kind), set() if one is None else {one}, one)
            name = _bounded(text)
            if name in known:
                known[name].merge(met, 0)
            else:
                known[name] = met


def _bounded(text: str) -> str:
    """Return a text, or the digest of a long one, so that memory stays bounded."""
    if len(text) <= _LONGEST:
        return text
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
