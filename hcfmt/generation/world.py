"""The people, rooms, emoticons and private conversations of a company."""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from hcfmt.export.canonical_names import canonical_name
from hcfmt.generation.activity import overlap
from hcfmt.generation.plan import Plan
from hcfmt.generation.vocabulary import language, names_locale

_FAMILY_FIRST = frozenset(
    {"hu", "vi"}
)  # languages in which the family's name comes first, and colleagues use the other
_FOUNDERS = 7  # days after the first person came, in which all are new
_WELCOMING = ("company", "onboarding", "development", "support")  # purposes of rooms in which people are welcomed
_SHORTCUTS_KEPT = 256  # lists of emoticons, each of which is what there is at some time


@dataclass(frozen=True, slots=True)
class Person:
    """An account.

    ``avatar`` is the name of its picture, or "" or None for none; ``guest_key`` the key of a guest, "" for others.
    ``days`` are the days on which the person talks, counted from the plan's first day. ``created`` is in seconds since
    1970 UTC. ``is_woman`` says for whom the given name was chosen, and is what the picture shows. ``team`` is one of
    ``dialogues.names.TEAMS``.
    """

    id: int
    name: str
    is_woman: bool
    mention_name: str
    email: str | None
    title: str
    avatar: str | None
    created: int
    days: range
    is_deleted: bool
    timezone: str
    account_type: str
    roles: tuple[str, ...]
    locale: str
    team: str
    guest_key: str = ""

    @property
    def first_name(self) -> str:
        """The name by which colleagues call the person: the first one, or the last where the family's comes first."""
        parts = self.name.split() or [self.name]
        return parts[-1 if language(names_locale(self.locale)) in _FAMILY_FIRST else 0]


@dataclass(frozen=True, slots=True)
class Room:
    """A room.

    ``talkers`` are the ids of the people who talk in it on any of its ``days``, the most talkative first; the owner is
    one of them, and active on all these days. ``days`` are counted from the plan's first day. ``purpose`` is what the
    room is for by its name, and ``about`` are words of the name, such as a project, by the gaps that they fill.
    """

    id: int
    name: str
    canonical_name: str
    topic: str
    created: int
    days: range
    privacy: str
    is_archived: bool
    is_deleted: bool
    guest_url: str | None
    owner: int
    members: tuple[int, ...]
    admins: tuple[int, ...]
    talkers: tuple[int, ...]
    is_renamed: bool
    purpose: str
    about: tuple[tuple[str, str], ...]

    @property
    def canonical_name_differs(self) -> bool:
        """Whether HipChat would derive another canonical name from the present name."""
        return self.canonical_name != canonical_name(self.name)


@dataclass(frozen=True, slots=True)
class Emoticon:
    """A custom emoticon; ``path`` is relative to files/img/emoticons, ``uploaded`` in seconds since 1970 UTC.

    ``edge`` is its width and height in pixels.
    """

    id: int
    user_id: int
    shortcut: str
    path: str
    uploaded: int
    edge: int


class Quota(NamedTuple):
    """The share of one room or one pair of people: messages, notifications among them, and numbers of uploads."""

    messages: int
    notifications: int
    uploads: range


@dataclass(frozen=True)
class World:
    """A company. Its size grows with people, rooms and conversations, not with messages.

    ``people`` are those in the archive, ``former`` those who wrote messages and were purged.
    """

    plan: Plan
    people: tuple[Person, ...]
    rooms: tuple[Room, ...]
    emoticons: tuple[Emoticon, ...]
    room_quotas: Mapping[int, Quota]
    pair_quotas: Mapping[tuple[int, int], Quota]
    former: tuple[Person, ...] = ()

    @cached_property
    def person(self) -> Mapping[int, Person]:
        """The people by id, also those who were purged."""
        return {person.id: person for person in (*self.people, *self.former)}

    @cached_property
    def room(self) -> Mapping[int, Room]:
        """The rooms by id."""
        return {room.id: room for room in self.rooms}

    @cached_property
    def emoticon(self) -> Mapping[int, Emoticon]:
        """The emoticons by id."""
        return {emoticon.id: emoticon for emoticon in self.emoticons}

    @cached_property
    def newcomers(self) -> Mapping[int, Sequence[Person]]:
        """The people who are welcomed in each room, by its id, in the order of their first days.

        Guests and the first people of the company are not welcomed, the others in one of the rooms in which they talk.
        """
        founded = min((person.days.start for person in self.people), default=0)
        rooms: dict[int, list[Room]] = {}
        for room in self.rooms:
            for user in room.talkers if room.purpose in _WELCOMING else ():
                rooms.setdefault(user, []).append(room)
        welcomed: dict[int, list[Person]] = {}
        for person in sorted(self.person.values(), key=lambda person: (person.days.start, person.id)):
            if person.days.start > founded + _FOUNDERS and not person.guest_key:
                own = [room for room in rooms.get(person.id, ()) if person.days.start in room.days]
                if own:
                    room = min(own, key=lambda room: (_WELCOMING.index(room.purpose), room.id))
                    welcomed.setdefault(room.id, []).append(person)
        return welcomed

    def shortcuts_before(self, second: float) -> Sequence[str]:
        """Return the shortcuts of the emoticons that were uploaded before a second."""
        return self._first_shortcuts(bisect_left(self._uploads, second))

    @cached_property
    def _uploads(self) -> Sequence[int]:
        """The seconds of the uploads of emoticons, in order."""
        return sorted(emoticon.uploaded for emoticon in self.emoticons)

    @cached_property
    def _first_shortcuts(self) -> Callable[[int], Sequence[str]]:
        """A function that returns the shortcuts of the emoticons uploaded first, by their number."""

        @lru_cache(_SHORTCUTS_KEPT)
        def first(number: int) -> Sequence[str]:
            latest = self._uploads[number - 1] if number else -1
            return [emoticon.shortcut for emoticon in self.emoticons if emoticon.uploaded <= latest]

        return first

    @cached_property
    def pairs(self) -> Sequence[tuple[int, int]]:
        """The pairs of people who talk in private, of whom one at least is in the archive."""
        people = {person.id for person in self.people}
        return [pair for pair in self.pair_quotas if not people.isdisjoint(pair)]

    @cached_property
    def pairs_of(self) -> Mapping[int, Sequence[tuple[int, int]]]:
        """The private conversations of each person, by id."""
        pairs: dict[int, list[tuple[int, int]]] = {user: [] for user in self.person}
        for pair in self.pair_quotas:
            for user in sorted(set(pair)):
                pairs[user].append(pair)
        return pairs

    def days_of(self, pair: tuple[int, int]) -> range:
        """Return the days on which both people of a pair talk."""
        return overlap(*(self.person[user].days for user in pair))
