"""Generates the records of one room's or one user's history, in the order of time."""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from random import Random

from msgspec import UNSET

from hcfmt.export.message_kinds import MESSAGE_KINDS, RoomState, room_state
from hcfmt.generation.activity import DAY
from hcfmt.generation.data_files import room_record
from hcfmt.generation.dialogue.days import Numbers, told
from hcfmt.generation.dialogue.notifications import Notification
from hcfmt.generation.dialogue.scenes import Stage
from hcfmt.generation.dialogue.scripts import repertoire
from hcfmt.generation.dialogue.telling import Teller, Told
from hcfmt.generation.dialogue.topics import spoken_language, topic
from hcfmt.generation.dialogues.names import PRIVATE, SELF
from hcfmt.generation.message_texts import MessageTexts, timestamp
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
from hcfmt.generation.vocabulary import phrases
from hcfmt.generation.world import Person, Room, World
from hcfmt.rng import random_for, random_uuid

_INTEGRATION = 0  # the sender's id of notifications (docs/format.md#notification-message)
_MESSAGES_PER_STATE = 8  # messages of people that a room must have for each message about its state
_FORMERLY_OPEN = 0.1  # share of rooms without guest access that had it once


def room_history(world: World, room: Room, uploaded: dict[int, int]) -> Iterator[Record]:
    """Return the records of a room's history: messages of people and of integrations, and changes of its state.

    The second of each upload, since 1970 UTC, is added to ``uploaded`` by its number, before its record.
    """
    plan, quota = world.plan, world.room_quotas[room.id]
    random = random_for(plan.seed, "room", room.id)
    people = [world.person[user] for user in room.talkers]
    texts = MessageTexts(world, uploaded, "room", room.id)
    spoken = spoken_language(plan, people)
    count = quota.messages - quota.notifications
    max_states = min(count // _MESSAGES_PER_STATE, count - len(quota.uploads))
    states = _states(plan, room, spoken, random)[-max_states:] if max_states else []
    changes = zip(_change_times(random, plan, len(states), room.days), states, strict=True)
    owner = world.person[room.owner]
    about = dict(room.about)
    if room.purpose in phrases("work")["prefix"]:
        about.setdefault("prefix", phrases("work")["prefix"][room.purpose])
    stage = Stage(plan, random_for(plan.seed, "talk", room.id), about, world.shortcuts_before)
    teller = Teller(stage, repertoire(spoken), room.purpose, room.days, random)
    numbers = Numbers(room.days, count - len(states), quota.uploads, quota.notifications)
    return _interleaved(
        _room_messages(texts, told(random, plan, numbers, people, teller, stage), people),
        ((second, _state_change(texts, second, owner, state)) for second, state in changes),
    )


def _interleaved(often: Iterator[tuple[float, Record]], seldom: Iterator[tuple[float, Record]]) -> Iterator[Record]:
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
        yield from (record for _, record in seldom)


def _change_times(random: Random, plan: Plan, count: int, days: range) -> list[float]:
    """Return the seconds of the changes of a room's state, in order; the last is after all other messages."""
    begin = plan.first_second + days.start * DAY
    seconds = sorted(begin + random.random() * len(days) * DAY for _ in range(count))
    return [*seconds[:-1], begin + (len(days) + 1) * DAY - random.random() * DAY / 4] if count else []


def _states(plan: Plan, room: Room, spoken: str, random: Random) -> list[RoomState]:
    """Return the changes of a room's state in order; the last change of each kind sets the state in rooms.json."""
    topics = [topic(plan, random, spoken, room.purpose, room.about, room.created) for _ in range(random.randrange(3))]
    states = [room_state("topic", text) for text in (*topics, room.topic) if text or topics]
    if room.guest_url or random.random() < _FORMERLY_OPEN:
        key = "".join(random.choices("abcdefghjkmnpqrstuvwxyz23456789", k=8))
        states.insert(0, room_state("guest_access_url", room.guest_url or company(plan.seed).guest_url(key)))
        states += [] if room.guest_url else [room_state("guest_access_url", None)]
    record = room_record(room)
    other_kinds = {kind.state for kind in MESSAGE_KINDS if kind.state} - {"topic", "guest_access_url"}
    return [*states, *(room_state(state, record[state]) for state in sorted(other_kinds) if record[state])]


def _room_messages(
    texts: MessageTexts, told: Iterable[list[Told]], people: Sequence[Person]
) -> Iterator[tuple[float, Record]]:
    """Yield the messages of people and of integrations in a room, each after its second."""
    senders = {person.id: UserReference(person.id, name=person.name) for person in people}
    random, typed = texts.random, texts.typed
    for second, speaker, said, more in chain.from_iterable(told):
        if not isinstance(said, str):
            yield second, {"NotificationMessage": _notification(random, second, said)}
            continue
        message = UserMessage(random_uuid(random), "muc_message", senders[speaker], said, timestamp(second))
        if isinstance(more, int):
            message.attachment, url = texts.attachment(more, second, speaker)
            message.message = f"File uploaded: {url}"
        else:
            text, deleted = typed(said, second, speaker)
            if deleted:
                message.message, message.deleted = "", deleted
            elif more:  # the text has the URL as it is previewed
                message.metadata = [more]
            else:
                message.message = text
        yield second, {"UserMessage": message}


def _notification(random: Random, second: float, said: Notification) -> NotificationMessage:
    sender = UserReference(_INTEGRATION, name=said.sender)
    message = NotificationMessage(random_uuid(random), "notification", sender, said.message, timestamp(second))
    message.color, message.card = said.color, said.card or UNSET
    return message


def _state_change(texts: MessageTexts, second: float, owner: Person, state: RoomState) -> Record:
    kind, type_, properties = state
    sender = UserReference(owner.id, name=owner.name)
    return {kind: RoomMessage(random_uuid(texts.random), type_, sender, "", timestamp(second), **properties)}


def private_history(world: World, user: int, uploaded: dict[int, int]) -> Iterator[Record]:
    """Yield the records of a user's history: all private messages of the user, sent and received.

    ``uploaded`` is that of ``room_history``.
    """
    conversations = [_conversation(world, pair, uploaded) for pair in world.pairs_of[user]]
    return (record for _, _, record in heapq.merge(*conversations))


def _conversation(
    world: World, pair: tuple[int, int], uploaded: dict[int, int]
) -> Iterator[tuple[float, tuple[int, int], Record]]:
    """Yield the private messages of two users, or of one to themselves: the second, the pair and the record."""
    plan, quota, days = world.plan, world.pair_quotas[pair], world.days_of(pair)
    random = random_for(plan.seed, "pair", *pair)
    people = [world.person[user] for user in dict.fromkeys(pair)]
    texts = MessageTexts(world, uploaded, "pair", *pair)
    stage = Stage(plan, random_for(plan.seed, "talk", *pair), {}, world.shortcuts_before)
    purpose = PRIVATE if len(people) > 1 else SELF
    teller = Teller(stage, repertoire(spoken_language(plan, people)), purpose, days, random)
    numbers = Numbers(days, quota.messages, quota.uploads, 0)
    references = {person.id: UserReference(person.id) for person in people}
    for second, speaker, said, more in chain.from_iterable(told(random, plan, numbers, people, teller, stage)):
        receiver = pair[1] if speaker == pair[0] else pair[0]
        deleted = attachment = None
        if isinstance(more, int):
            attachment, text = texts.attachment(more, second, speaker)
        else:
            text, deleted = texts.typed(str(said), second, speaker)
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
