"""Builds the world of a plan: who is created when, who talks where, and how many messages each room and pair has."""

import pickle
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

from hcfmt.container.private_files import private_file
from hcfmt.export.canonical_names import canonical_name
from hcfmt.generation.activity import DAY, SETTLING, WEEKS, active_days, creation_times, overlap, split_by_weights
from hcfmt.generation.dialogue.topics import spoken_language, topic
from hcfmt.generation.names import PersonName, company, emoticon_names, people_names, slug15
from hcfmt.generation.plan import Plan
from hcfmt.generation.room_names import RoomName, room_names
from hcfmt.generation.scenarios import (
    BUSY_INBOX,
    EMPTY_HISTORIES,
    LARGE_IDS,
    LARGE_ROOM,
    LONG_HISTORY,
    NAMESAKES,
    NO_AVATARS,
    NULL_AVATARS,
    PURGED_PERSON,
    UNICODE_MENTION_NAMES,
)
from hcfmt.generation.vocabulary import phrases
from hcfmt.generation.world import Emoticon, Person, Quota, Room, World
from hcfmt.rng import random_for

# No user, room and emoticon share an id, so that a mixed-up id fails at once.
_FIRST_USER, _FIRST_ROOM, _FIRST_EMOTICON = 1, 100_001, 900_001
_PERSON_SHARE = (0.2, 0.85)  # share of their days in which deleted people talk
_ROOM_SHARE = (0.4, 0.95)  # share of its days in which an archived or deleted room has messages
_ADMINS, _MODERATORS, _AVATARS = 0.04, 0.05, 0.7  # shares of people
_EMOTICON_KINDS = ("png", "gif")
_EMOTICON_EDGES = (20, 22, 24, 25, 26, 28, 30)  # pixels
_LARGE = 1 << 31  # added to large ids, which no signed integer of 32 bits holds
_NOTES = 0.1  # share of people who write to themselves
_PARTNERS = 6  # private conversations of a person, on average
_LOCAL = 0.5  # share of rooms whose talkers are all of one locale
_TOPICLESS = 0.4  # share of rooms without a topic
_TALKERS = range(3, 41)  # people who talk in a room
_SPREAD, _SPREAD_OF_WEEKS = 1.4, 0.8  # the larger, the more messages are in few rooms; less in a plan of a few weeks
_LONGEST = 24  # messages of the longest of histories, to those of all others, where one is long
_GUEST_KEY = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


_worlds: dict[Plan, World] = {}  # of this process


def build_world(plan: Plan) -> World:
    """Return the world of a plan; it is the same in every process, and built once in each at most."""
    if plan not in _worlds:
        _worlds[plan] = _built(plan)
    return _worlds[plan]


def write_world(plan: Plan, file: Path) -> None:
    """Write the world of a plan into a new private file, for other processes of this program alone."""
    with private_file(file) as stream:
        pickle.dump(replace(build_world(plan)), stream, pickle.HIGHEST_PROTOCOL)  # without what it keeps


def read_world(plan: Plan, file: Path) -> World:
    """Return the world of a plan, which another process has written: to build it takes ten times as long."""
    if plan not in _worlds:
        _worlds[plan] = pickle.loads(file.read_bytes())  # noqa: S301 - the file is private
    return _worlds[plan]


def _built(plan: Plan) -> World:
    people = _people(plan)
    former = _former(plan, people)
    listed = tuple(person for person in people if person not in former)
    rooms = _rooms(plan, people, former)
    emoticons = _emoticons(plan, listed)
    days_of_pairs = _pairs(plan, people, former)
    pairs = list(days_of_pairs)
    room_messages = split_by_weights(plan.messages - plan.private_messages, _room_weights(plan, rooms))
    notifications = split_by_weights(plan.notifications, room_messages)
    weights = [
        weight * days
        for weight, days in zip(_heavy_tailed(plan, "pairs", len(pairs)), days_of_pairs.values(), strict=True)
    ]
    private = split_by_weights(plan.private_messages, weights)
    by_people = [*(messages - count for messages, count in zip(room_messages, notifications, strict=True)), *private]
    uploads = _consecutive(split_by_weights(plan.attachments, by_people))
    quotas = [
        Quota(messages, count, numbers)
        for messages, count, numbers in zip(
            [*room_messages, *private], [*notifications, *[0] * len(pairs)], uploads, strict=True
        )
    ]
    room_quotas = {room.id: quota for room, quota in zip(rooms, quotas, strict=False)}
    pair_quotas = dict(zip(pairs, quotas[len(rooms) :], strict=True))
    return World(plan, listed, rooms, emoticons, room_quotas, pair_quotas, former)


def _room_weights(plan: Plan, rooms: Sequence[Room]) -> list[float]:
    """Return the weight of each room's messages: rooms with a lively purpose have the largest ones more often."""
    random, liveliness = random_for(plan.seed, "liveliness"), phrases("work")["liveliness"]
    ranked = sorted((random.expovariate(liveliness[room.purpose]), number) for number, room in enumerate(rooms))
    weights = [0.0] * len(rooms)
    for (_, number), weight in zip(ranked, sorted(_heavy_tailed(plan, "rooms", len(rooms)), reverse=True), strict=True):
        weights[number] = weight * len(rooms[number].days)
    if EMPTY_HISTORIES in plan.scenarios:
        weights[1::2] = [0.0] * len(weights[1::2])
    if LONG_HISTORY in plan.scenarios:
        weights[0] = _LONGEST * (list(accumulate(weights[1:], initial=0.0))[-1] or 1.0)
    return weights


def _heavy_tailed(plan: Plan, kind: str, count: int) -> list[float]:
    """Return weights of messages on a day, of which few are large and most are small."""
    random = random_for(plan.seed, "weights", kind)
    spread = _SPREAD if plan.days > WEEKS else _SPREAD_OF_WEEKS
    return [random.lognormvariate(0, spread) for _ in range(count)]


def _consecutive(counts: Sequence[int]) -> list[range]:
    return [range(end - count, end) for end, count in zip(accumulate(counts), counts, strict=True)]


def _id(plan: Plan, number: int) -> int:
    return number + (_LARGE if LARGE_IDS in plan.scenarios else 0)


def _people(plan: Plan) -> tuple[Person, ...]:
    random = random_for(plan.seed, "people")
    is_unicode = UNICODE_MENTION_NAMES in plan.scenarios
    names = people_names(plan.seed, plan.locales, plan.users, nasty=plan.nasty, unicode_mention_names=is_unicode)
    regular = plan.users - plan.guests - plan.deleted_users
    if NAMESAKES in plan.scenarios:
        names = _with_namesakes(names, regular, plan.deleted_users)
    admins = {0, *random.sample(range(regular), int(regular * _ADMINS))}
    # The numbers of the people in the order of creation; the first is the owner, who is active all the time.
    order = [0, *random.sample(range(1, plan.users), plan.users - 1)]
    people = []
    for place, (number, created) in enumerate(zip(order, creation_times(plan, "people", 0, plan.users), strict=True)):
        name = names[number]
        guest, deleted = number >= plan.users - plan.guests, regular <= number < regular + plan.deleted_users
        roles = ["user"]
        if number in admins:
            roles += ["admin", "owner"] if number == 0 else ["admin"]
        elif not guest and random.random() < _MODERATORS:
            roles.append("moderator")
        person = Person(
            id=_id(plan, _FIRST_USER + place),
            name=name.name,
            is_woman=name.is_woman,
            mention_name=name.mention_name,
            email=None if guest else name.email,
            title="" if guest else name.title,
            avatar=_avatar(plan, random, guest=guest),
            created=created,
            days=active_days(plan, created, random.uniform(*_PERSON_SHARE) if deleted else 1),
            is_deleted=deleted,
            timezone=name.timezone,
            account_type="guest" if guest else "admin" if number in admins else "user",
            roles=tuple(roles),
            locale=name.locale,
            team=name.team,
            guest_key="".join(random.choices(_GUEST_KEY, k=8)) if guest else "",
        )
        people.append(person)
    return tuple(people)


def _with_namesakes(names: Sequence[PersonName], regular: int, deleted: int) -> list[PersonName]:
    """Return the names of people of whom the deleted ones, and each third of the others, have one that another has."""
    changed = list(names)
    for number in range(1, regular, 3):
        changed[number] = replace(names[number], name=names[number - 1].name)
    for number, name in zip(range(regular, regular + deleted), names[:regular], strict=False):
        changed[number] = replace(names[number], name=name.name, mention_name=name.mention_name)
    return changed


def _former(plan: Plan, people: Sequence[Person]) -> tuple[Person, ...]:
    """Return the person who was purged: of the deleted ones the one who talked on most days."""
    deleted = [person for person in people if person.is_deleted] if PURGED_PERSON in plan.scenarios else []
    return tuple(sorted(deleted, key=lambda person: (-len(person.days), person.id))[:1])


def _avatar(plan: Plan, random: Random, *, guest: bool) -> str | None:
    """Return the name of a user's picture, or what the export has in place of one."""
    picture = f"{slug15(random)}.jpg" if not guest and random.random() < _AVATARS else ""
    if picture and NO_AVATARS not in plan.scenarios:
        return picture
    return None if NULL_AVATARS in plan.scenarios else ""


def _rooms(plan: Plan, people: Sequence[Person], former: Sequence[Person]) -> tuple[Room, ...]:
    random = random_for(plan.seed, "rooms")
    active = [person for person in people if not person.is_deleted and not person.guest_key]
    speakers = [person for person in people if not person.guest_key]
    of_locale = {locale: [person for person in speakers if person.locale == locale] for locale in plan.locales}
    guests = [person for person in people if person.guest_key]
    states = _shuffled(random, [(True, False)] * plan.archived_rooms + [(False, True)] * plan.deleted_rooms, plan.rooms)
    private = _shuffled(random, [True] * plan.private_rooms, plan.rooms)
    renamed = {*random.sample(range(plan.rooms), plan.renamed_rooms)}
    # Rocket.Chat has a public channel called general.
    first = "Lobby" if private[:1] == [True] else "General"
    names = room_names(plan.seed, plan.rooms + plan.renamed_rooms, nasty=plan.nasty, first=first)
    person = {one.id: one for one in people}
    old_names = iter(names[plan.rooms :])
    joined = [person.created for person in active]
    open_ = [number for number in range(plan.rooms) if not private[number]]
    everybody = [person.id for person in active]
    large = private.index(True) if LARGE_ROOM in plan.scenarios else None
    rooms = []
    for number, created in enumerate(creation_times(plan, "rooms", SETTLING // 2, plan.rooms)):
        name = names[number]
        owner = active[random.randrange(bisect_left(joined, created))]
        archived, deleted = states[number] or (False, False)
        days = active_days(plan, created, random.uniform(*_ROOM_SHARE) if archived or deleted else 1)
        candidates = of_locale[owner.locale] if random.random() < _LOCAL else speakers
        talkers = _talkers(random, owner, candidates, days)
        present = [person.id for person in former if overlap(person.days, days)]
        talkers = list(dict.fromkeys([*talkers[:1], *present, *talkers[1:]]))
        # Each guest may enter one room, whose address has the key of the first guest there, and talks only there.
        entered = [] if private[number] else guests[open_.index(number) :: len(open_)]
        members = {owner.id, *talkers, *(everybody if number == large else ())} - {*present}
        rooms.append(
            Room(
                id=_id(plan, _FIRST_ROOM + number),
                name=name.name,
                canonical_name=canonical_name(next(old_names).name if number in renamed else name.name),
                topic=_topic(
                    plan, random_for(plan.seed, "topic", number), name, [person[id_] for id_ in talkers], created
                ),
                created=created,
                days=days,
                privacy="private" if private[number] else "public",
                is_archived=archived,
                is_deleted=deleted,
                guest_url=company(plan.seed).guest_url(entered[0].guest_key) if entered else None,
                owner=owner.id,
                members=tuple(sorted(members)) if private[number] else (),
                admins=tuple(sorted({owner.id, *_random_ids(random, active, random.choice((0, 0, 1, 2)))})),
                talkers=tuple(dict.fromkeys([*talkers[:2], *(guest.id for guest in entered), *talkers[2:]])),
                is_renamed=number in renamed,
                purpose=name.purpose,
                about=name.about,
            )
        )
    return tuple(rooms)


def _topic(plan: Plan, random: Random, name: RoomName, talkers: Sequence[Person], created: int) -> str:
    """Return the topic of a room, "" for none."""
    if random.random() < _TOPICLESS:
        return ""
    return topic(plan, random, spoken_language(plan, talkers), name.purpose, name.about, created)


def _talkers(random: Random, owner: Person, candidates: Sequence[Person], days: range) -> list[int]:
    """Return the ids of a room's talkers in random order: its owner, and candidates who are active on its days."""
    count = random.choice(_TALKERS)
    drawn = random.sample(candidates, min(len(candidates), 2 * count))
    chosen = [person.id for person in drawn if person is not owner and overlap(person.days, days)][:count]
    chosen.insert(random.randrange(len(chosen) + 1), owner.id)
    return chosen


def _random_ids(random: Random, people: Sequence[Person], count: int) -> list[int]:
    """Return the ids of ``count`` random people, or of all when there are fewer."""
    return [person.id for person in random.sample(people, min(len(people), count))]


def _shuffled(random: Random, items: list[Any], count: int) -> list[Any]:
    """Return ``count`` items in random order: the given ones, and None for all others."""
    items = [*items, *[None] * (count - len(items))]
    random.shuffle(items)
    return items


def _emoticons(plan: Plan, people: Sequence[Person]) -> tuple[Emoticon, ...]:
    random = random_for(plan.seed, "emoticons")
    uploaders = [person for person in people if not person.guest_key]
    emoticons = []
    for number, name in enumerate(emoticon_names(plan.seed, plan.emoticons, nasty=plan.nasty)):
        user = random.choice(uploaders)
        uploaded = plan.first_second + random.randrange(user.days.start * DAY, user.days.stop * DAY)
        path = f"1/{name.slug}-{uploaded}.{random.choice(_EMOTICON_KINDS)}"
        id_ = _id(plan, _FIRST_EMOTICON + number)
        edge = random_for(plan.seed, "emoticon edge", id_).choice(_EMOTICON_EDGES)
        emoticons.append(Emoticon(id_, user.id, name.shortcut, path, uploaded, edge))
    return tuple(emoticons)


def _pairs(plan: Plan, people: Sequence[Person], former: Sequence[Person]) -> dict[tuple[int, int], int]:
    """Return the pairs of people who talk in private, and the number of days on which both are active."""
    speakers = [person for person in people if not person.guest_key]
    if not plan.private_messages:
        return {}
    pairs = _pairs_of_first(speakers) if BUSY_INBOX in plan.scenarios else _random_pairs(plan, speakers, former)
    # The first person is active all the time.
    return pairs or {(speakers[0].id, speakers[-1].id): 1}


def _pairs_of_first(speakers: Sequence[Person]) -> dict[tuple[int, int], int]:
    """Return the pairs of the first speaker with each other one, as ``_pairs`` does."""
    first, *others = speakers
    days = {(first.id, other.id): len(overlap(first.days, other.days)) for other in others}
    return {pair: count for pair, count in days.items() if count}


def _random_pairs(plan: Plan, speakers: Sequence[Person], former: Sequence[Person]) -> dict[tuple[int, int], int]:
    """Return some pairs of speakers, as ``_pairs`` does; some people write notes to themselves.

    The notes of ``former`` people would be in no archive.
    """
    random = random_for(plan.seed, "pairs")
    pairs: dict[tuple[int, int], int] = {}
    for person in speakers:
        for other in random.sample(speakers, min(len(speakers), 1 + int(random.expovariate(2 / _PARTNERS)))):
            days = len(overlap(person.days, other.days))
            if days and (other is not person or (random.random() < _NOTES and person not in former)):
                pairs[min(person.id, other.id), max(person.id, other.id)] = days
    return pairs
