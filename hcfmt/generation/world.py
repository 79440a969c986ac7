"""Who there is and where they talk: a company's people, rooms, emoticons and conversations, from one plan."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import accumulate
from random import Random
from typing import Any

from hcfmt.export.canonical_names import canonical_name
from hcfmt.generation.activity import DAY, SETTLING, beginnings, both, days_from, shared_out
from hcfmt.generation.names import company, emoticon_names, people_names, room_names, slug15
from hcfmt.generation.plan import Plan
from hcfmt.rng import random_for

# Ids of users, rooms and emoticons are apart, so that a mixed-up id fails at once.
_FIRST_USER, _FIRST_ROOM, _FIRST_EMOTICON = 1, 100_001, 900_001
_STAYED = (0.2, 0.85)  # the part of their time that deleted people stayed
_LIVED = (0.4, 0.95)  # the part of the time in which something is said in a room that was archived or deleted
_ADMINS, _MODERATORS, _AVATARS = 0.04, 0.05, 0.7  # shares of people
_PICTURES = ("png", "gif")  # what emoticons are
_EMOTICON_EDGES = (20, 22, 24, 25, 26, 28, 30)  # pixels
_NOTES = 0.1  # share of people who write to themselves
_PARTNERS = 6  # people with whom somebody talks in private, on average
_LOCAL = 0.5  # share of rooms in which only people of one locale talk
_REGULARS = range(3, 41)  # people who talk in a room
_GUEST_KEY = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@dataclass(frozen=True, slots=True)
class Person:
    """An account; ``avatar`` is the name of its picture, "" for none, ``guest_key`` the key a guest came in with.

    ``days`` are those, counted from the plan's first, on which the person talks: from soon after ``created`` on.
    """

    id: int
    name: str
    mention_name: str
    email: str | None
    title: str
    avatar: str
    created: int
    days: range
    is_deleted: bool
    timezone: str
    account_type: str
    roles: tuple[str, ...]
    locale: str
    guest_key: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    """A room; ``talkers`` are those who talk in it on any of its ``days``, the most talkative first.

    ``days`` are counted from the plan's first. The owner is one of the talkers, and there on all of them.
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

    @property
    def canonical_name_differs(self) -> bool:
        """Whether the canonical name is not what HipChat makes of the name now."""
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


@dataclass(frozen=True, slots=True)
class Share:
    """What falls to one room or one pair of people: messages, of them notifications, and files by their number."""

    messages: int
    notifications: int
    uploads: range


@dataclass(frozen=True)
class World:
    """Everything that is small: it grows with people, rooms and conversations, never with messages."""

    plan: Plan
    people: tuple[Person, ...]
    rooms: tuple[Room, ...]
    emoticons: tuple[Emoticon, ...]
    room_shares: Mapping[int, Share]
    pair_shares: Mapping[tuple[int, int], Share]

    @cached_property
    def person(self) -> Mapping[int, Person]:
        """Each person by id."""
        return {person.id: person for person in self.people}

    @cached_property
    def pairs_of(self) -> Mapping[int, Sequence[tuple[int, int]]]:
        """The conversations of each person, by id."""
        pairs: dict[int, list[tuple[int, int]]] = {person.id: [] for person in self.people}
        for pair in self.pair_shares:
            for one in sorted(set(pair)):
                pairs[one].append(pair)
        return pairs

    def days_of(self, pair: tuple[int, int]) -> range:
        """Return the days on which both of two people talk."""
        return both(*(self.person[user].days for user in pair))


@cache
def world(plan: Plan) -> World:
    """Return the world of a plan, the same in any process."""
    people = _people(plan)
    rooms = _rooms(plan, people)
    emoticons = _emoticons(plan, people)
    together = _pairs(plan, people)
    pairs = list(together)
    room_messages = shared_out(
        plan.messages - plan.private_messages, _heavy(plan, "rooms", [len(room.days) for room in rooms])
    )
    notifications = shared_out(plan.notifications, room_messages)
    private = shared_out(plan.private_messages, _heavy(plan, "pairs", list(together.values())))
    talk = [*(all_ - some for all_, some in zip(room_messages, notifications, strict=True)), *private]
    uploads = _consecutive(shared_out(plan.attachments, talk))
    shares = [
        Share(count, some, files)
        for count, some, files in zip(
            [*room_messages, *private], [*notifications, *[0] * len(pairs)], uploads, strict=True
        )
    ]
    room_shares = {room.id: share for room, share in zip(rooms, shares, strict=False)}
    return World(plan, people, rooms, emoticons, room_shares, dict(zip(pairs, shares[len(rooms) :], strict=True)))


def _heavy(plan: Plan, what: str, days: Sequence[int]) -> list[float]:
    """Return weights of which few are large and most are small, each for so many days."""
    random = random_for(plan.seed, "weights", what)
    return [count * random.lognormvariate(0, 1.4) for count in days]


def _consecutive(counts: Sequence[int]) -> list[range]:
    return [range(end - count, end) for end, count in zip(accumulate(counts), counts, strict=True)]


def _people(plan: Plan) -> tuple[Person, ...]:
    random = random_for(plan.seed, "people")
    names = people_names(plan.seed, plan.locales, plan.users, nasty=plan.nasty)
    regular = plan.users - plan.guests - plan.deleted_users
    admins = {0, *random.sample(range(regular), int(regular * _ADMINS))}
    # In the order in which they came; the first is the owner, who is there from the beginning to the end.
    order = [0, *random.sample(range(1, plan.users), plan.users - 1)]
    people = []
    for place, (number, created) in enumerate(zip(order, beginnings(plan, "people", 0, plan.users), strict=True)):
        name = names[number]
        guest, deleted = number >= plan.users - plan.guests, regular <= number < regular + plan.deleted_users
        roles = ["user"]
        if number in admins:
            roles += ["admin", "owner"] if number == 0 else ["admin"]
        elif not guest and random.random() < _MODERATORS:
            roles.append("moderator")
        person = Person(
            id=_FIRST_USER + place,
            name=name.name,
            mention_name=name.mention_name,
            email=None if guest else name.email,
            title="" if guest else name.title,
            avatar=f"{slug15(random)}.jpg" if not guest and random.random() < _AVATARS else "",
            created=created,
            days=days_from(plan, created, random.uniform(*_STAYED) if deleted else 1),
            is_deleted=deleted,
            timezone=name.timezone,
            account_type="guest" if guest else "admin" if number in admins else "user",
            roles=tuple(roles),
            locale=name.locale,
            guest_key="".join(random.choices(_GUEST_KEY, k=8)) if guest else "",
        )
        people.append(person)
    return tuple(people)


def _rooms(plan: Plan, people: Sequence[Person]) -> tuple[Room, ...]:
    random = random_for(plan.seed, "rooms")
    active = [person for person in people if not person.is_deleted and not person.guest_key]
    speakers = [person for person in people if not person.guest_key]
    of_locale = {locale: [one for one in speakers if one.locale == locale] for locale in plan.locales}
    keys = [person.guest_key for person in people if person.guest_key]
    guests = [person.id for person in people if person.guest_key]
    states = _shuffled(random, [(True, False)] * plan.archived_rooms + [(False, True)] * plan.deleted_rooms, plan.rooms)
    private = _shuffled(random, [True] * plan.private_rooms, plan.rooms)
    renamed = {*random.sample(range(plan.rooms), plan.renamed_rooms)}
    names = room_names(plan.seed, plan.rooms + plan.renamed_rooms, plan.locales, nasty=plan.nasty)
    old_names = iter(names[plan.rooms :])
    joined = [person.created for person in active]
    rooms = []
    for number, created in enumerate(beginnings(plan, "rooms", SETTLING // 2, plan.rooms)):
        name = names[number]
        founder = active[random.randrange(bisect_left(joined, created))]
        owner = founder.id
        archived, deleted = states[number] or (False, False)
        days = days_from(plan, created, random.uniform(*_LIVED) if archived or deleted else 1)
        around = of_locale[founder.locale] if random.random() < _LOCAL else speakers
        regulars = _regulars(random, founder, around, days)
        members = tuple(sorted({owner, *regulars})) if private[number] else ()
        # The first rooms are open to the guests there are; what guests say, they say in one of these.
        open_ = number < len(keys) and not private[number]
        room = Room(
            id=_FIRST_ROOM + number,
            name=name.name,
            canonical_name=canonical_name(next(old_names).name if number in renamed else name.name),
            topic=name.topic,
            created=created,
            days=days,
            privacy="private" if private[number] else "public",
            is_archived=archived,
            is_deleted=deleted,
            guest_url=company(plan.seed).guest_url(keys[number]) if open_ else None,
            owner=owner,
            members=members,
            admins=tuple(sorted({owner, *_some(random, active, random.choice((0, 0, 1, 2)))})),
            talkers=tuple(dict.fromkeys([*regulars[:2], *([guests[number]] if open_ else []), *regulars[2:]])),
            is_renamed=number in renamed,
        )
        rooms.append(room)
    return tuple(rooms)


def _regulars(random: Random, owner: Person, around: Sequence[Person], days: range) -> list[int]:
    """Return who talks in a room, in any order: its owner, and some who are around on any of its days."""
    count = random.choice(_REGULARS)
    asked = random.sample(around, min(len(around), 2 * count))
    chosen = [one.id for one in asked if one is not owner and both(one.days, days)][:count]
    chosen.insert(random.randrange(len(chosen) + 1), owner.id)
    return chosen


def _some(random: Random, people: Sequence[Person], count: int) -> list[int]:
    """Return so many people in any order, by their ids; all of them where there are no more."""
    return [person.id for person in random.sample(people, min(len(people), count))]


def _shuffled(random: Random, some: list[Any], count: int) -> list[Any]:
    """Return so many items in any order: some that are given, and None for all others."""
    items = [*some, *[None] * (count - len(some))]
    random.shuffle(items)
    return items


def _emoticons(plan: Plan, people: Sequence[Person]) -> tuple[Emoticon, ...]:
    random = random_for(plan.seed, "emoticons")
    uploaders = [person for person in people if not person.guest_key]
    emoticons = []
    for number, name in enumerate(emoticon_names(plan.seed, plan.emoticons, nasty=plan.nasty)):
        user = random.choice(uploaders)
        moment = plan.first_second + random.randrange(user.days.start * DAY, user.days.stop * DAY)
        path = f"1/{name.slug}-{moment}.{random.choice(_PICTURES)}"
        id_ = _FIRST_EMOTICON + number
        edge = random_for(plan.seed, "emoticon edge", id_).choice(_EMOTICON_EDGES)
        emoticons.append(Emoticon(id_, user.id, name.shortcut, path, moment, edge))
    return tuple(emoticons)


def _pairs(plan: Plan, people: Sequence[Person]) -> dict[tuple[int, int], int]:
    """Return who talks with whom in private, and the number of days on which both are there.

    Now and then somebody keeps notes by writing to themselves.
    """
    random = random_for(plan.seed, "pairs")
    speakers = [person for person in people if not person.guest_key]
    if not plan.private_messages:
        return {}
    pairs: dict[tuple[int, int], int] = {}
    for one in speakers:
        for other in random.sample(speakers, min(len(speakers), 1 + int(random.expovariate(2 / _PARTNERS)))):
            days = len(both(one.days, other.days))
            if days and (other is not one or random.random() < _NOTES):
                pairs[min(one.id, other.id), max(one.id, other.id)] = days
    # The first is there all the time, with anybody.
    return pairs or {(speakers[0].id, speakers[-1].id): 1}
