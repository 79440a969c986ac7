"""Generates the records of one room's or one user's history, in the order of time."""

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from random import Random

from msgspec import UNSET

from hcfmt.export.message_kinds import MESSAGE_KINDS, RoomState, room_state
from hcfmt.generation.activity import DAY, Remark, messages_by_day
from hcfmt.generation.data_files import room_record
from hcfmt.generation.message_texts import Listeners, MessageTexts, remarks, timestamp, uploads_at
from hcfmt.generation.names import company
from hcfmt.generation.plan import Plan
from hcfmt.generation.records import (
    NotificationMessage,
    PrivateMessage,
    Record,
    RoomMessage,
    UserMessage,
    UserReference,
)
from hcfmt.generation.text_pools import TextPools
from hcfmt.generation.world import Person, Room, World
from hcfmt.rng import random_for, random_uuid

_INTEGRATION = 0  # the sender's id of notifications (docs/format.md#notification-message)
_MESSAGES_PER_STATE = 8  # messages of people that a room must have for each message about its state
_FORMERLY_OPEN = 0.1  # share of rooms without guest access that had it once


def room_history(world: World, pools: TextPools, room: Room, uploaded: dict[int, int]) -> Iterator[Record]:
    """Return the records of a room's history: messages of people and of integrations, and changes of its state.

    The second of each upload, since 1970 UTC, is added to ``uploaded`` by its number, before its record.
    """
    plan, quota = world.plan, world.room_quotas[room.id]
    random = random_for(plan.seed, "room", room.id)
    people = [world.person[user] for user in room.talkers]
    texts = MessageTexts(world, pools, people, uploaded, "room", room.id)
    count = quota.messages - quota.notifications
    max_states = min(count // _MESSAGES_PER_STATE, count - len(quota.uploads))
    states = _states(plan, room, pools, random)[-max_states:] if max_states else []
    count -= len(states)
    uploads = uploads_at(random, count, quota.uploads)
    notifications = _report_times(random_for(plan.seed, "reports", room.id), plan, quota.notifications, room.days)
    changes = zip(_change_times(random, plan, len(states), room.days), states, strict=True)
    owner = world.person[room.owner]
    said = remarks(random, plan, room.days, count, people)
    # The second item of each triple differs between the streams, so that two records are never compared.
    seldom = heapq.merge(
        ((second, 1, _notification(texts, second)) for second in notifications),
        ((second, 2, _state_change(texts, second, owner, state)) for second, state in changes),
    )
    return _interleaved(_user_messages(texts, said, people, uploads), seldom)


def _interleaved(
    often: Iterator[tuple[float, Record]], seldom: Iterator[tuple[float, int, Record]]
) -> Iterator[Record]:
    """Merge two streams in the order of time, the first first; of each, one record is made ahead.

    ``heapq.merge`` does the same, and takes longer for each record of the first stream.
    """
    first, waiting = next(often, None), next(seldom, None)
    for second, record in chain([first] if first else [], often):
        while waiting and waiting[0] < second:
            yield waiting[-1]
            waiting = next(seldom, None)
        yield record
    if waiting:
        yield waiting[-1]
        yield from (record for _, _, record in seldom)


def _change_times(random: Random, plan: Plan, count: int, days: range) -> list[float]:
    """Return the seconds of the changes of a room's state, in order; the last is after all other messages."""
    begin = plan.first_second + days.start * DAY
    seconds = sorted(begin + random.random() * len(days) * DAY for _ in range(count))
    return [*seconds[:-1], begin + (len(days) + 1) * DAY - random.random() * DAY / 4] if count else []


def _report_times(random: Random, plan: Plan, count: int, days: range) -> Iterator[float]:
    """Yield the seconds of notifications, at any hour."""
    first_second = plan.first_second
    for day, today in messages_by_day(random, plan, count, days):
        yield from sorted(first_second + (day + random.random()) * DAY for _ in range(today))


def _states(plan: Plan, room: Room, pools: TextPools, random: Random) -> list[RoomState]:
    """Return the changes of a room's state in order; the last change of each kind sets the state in rooms.json."""
    topics = [pools.topic(random) for _ in range(random.randrange(3))]
    states = [room_state("topic", text) for text in (*topics, room.topic) if text or topics]
    if room.guest_url or random.random() < _FORMERLY_OPEN:
        key = "".join(random.choices("abcdefghjkmnpqrstuvwxyz23456789", k=8))
        states.insert(0, room_state("guest_access_url", room.guest_url or company(plan.seed).guest_url(key)))
        states += [] if room.guest_url else [room_state("guest_access_url", None)]
    record = room_record(room)
    other_kinds = {kind.state for kind in MESSAGE_KINDS if kind.state} - {"topic", "guest_access_url"}
    return [*states, *(room_state(state, record[state]) for state in sorted(other_kinds) if record[state])]


def _user_messages(
    texts: MessageTexts, said: Iterable[list[Remark]], people: Sequence[Person], uploads: Mapping[int, int]
) -> Iterator[tuple[float, Record]]:
    """Yield the messages of a room's people, each after its second."""
    senders = {person.id: UserReference(person.id, name=person.name) for person in people}
    to, random = Listeners(people), texts.random
    for number, remark in enumerate(chain.from_iterable(said)):
        second, speaker, _, _ = remark
        if number in uploads:
            attachment, url = texts.attachment(uploads[number], second, speaker)
            text = f"File uploaded: {url}"
            message = UserMessage(random_uuid(random), "muc_message", senders[speaker], text, timestamp(second))
            message.attachment = attachment
        else:
            text, deleted, previews = texts.spoken(remark, to)
            message = UserMessage(random_uuid(random), "muc_message", senders[speaker], text, timestamp(second))
            if deleted:
                message.deleted = deleted
            elif previews:
                message.metadata = previews
        yield second, {"UserMessage": message}


def _notification(texts: MessageTexts, second: float) -> Record:
    report = texts.notification(second)
    sender = UserReference(_INTEGRATION, name=report.sender)
    message = NotificationMessage(random_uuid(texts.random), "notification", sender, report.message, timestamp(second))
    message.color, message.card = report.color, report.card or UNSET
    return {"NotificationMessage": message}


def _state_change(texts: MessageTexts, second: float, owner: Person, state: RoomState) -> Record:
    kind, type_, properties = state
    sender = UserReference(owner.id, name=owner.name)
    return {kind: RoomMessage(random_uuid(texts.random), type_, sender, "", timestamp(second), **properties)}


def private_history(world: World, pools: TextPools, user: int, uploaded: dict[int, int]) -> Iterator[Record]:
    """Yield the records of a user's history: all private messages of the user, sent and received.

    ``uploaded`` is that of ``room_history``.
    """
    conversations = [_conversation(world, pools, pair, uploaded) for pair in world.pairs_of[user]]
    return (record for _, _, record in heapq.merge(*conversations))


def _conversation(
    world: World, pools: TextPools, pair: tuple[int, int], uploaded: dict[int, int]
) -> Iterator[tuple[float, tuple[int, int], Record]]:
    """Yield the private messages of two users, or of one to themselves: the second, the pair and the record."""
    plan, quota = world.plan, world.pair_quotas[pair]
    random = random_for(plan.seed, "pair", *pair)
    people = [world.person[user] for user in dict.fromkeys(pair)]
    texts = MessageTexts(world, pools, people, uploaded, "pair", *pair)
    uploads = uploads_at(random, quota.messages, quota.uploads)
    references = {person.id: UserReference(person.id) for person in people}
    # Whoever of the two does not speak is the listener; one who writes to themselves is both.
    to = dict(zip(pair, [Listeners([world.person[user]]) for user in reversed(pair)], strict=True))
    said = chain.from_iterable(remarks(random, plan, world.days_of(pair), quota.messages, people))
    for number, remark in enumerate(said):
        second, speaker, _, _ = remark
        receiver = pair[1] if speaker == pair[0] else pair[0]
        deleted = attachment = None
        if number in uploads:
            attachment, text = texts.attachment(uploads[number], second, speaker)
        else:
            text, deleted, _ = texts.spoken(remark, to[speaker])
        message = PrivateMessage(
            random_uuid(texts.random),
            attachment,
            attachment["path"] if attachment else None,
            (),
            text,
            references[receiver],
            references[speaker],
            timestamp(second),
        )
        if deleted:
            message.deleted = deleted
        yield second, pair, {"PrivateUserMessage": message}
