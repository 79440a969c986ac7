"""Generates the messages of a room, or of two users in private, in the order of time."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from random import Random

from msgspec import UNSET

from hcfmt.export.message_kinds import MESSAGE_KINDS, RoomState, room_state
from hcfmt.generation.activity import DAY, merged
from hcfmt.generation.data_files import room_record
from hcfmt.generation.dialogue.days import Numbers, told
from hcfmt.generation.dialogue.notifications import Notification
from hcfmt.generation.dialogue.repertoire import repertoire
from hcfmt.generation.dialogue.scenes import Stage
from hcfmt.generation.dialogue.telling import Teller, Told
from hcfmt.generation.dialogue.topics import spoken_language, topic
from hcfmt.generation.dialogues.names import PRIVATE, SELF
from hcfmt.generation.message_texts import MessageTexts, timestamps
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
from hcfmt.rng import random_for, random_uuid, random_uuids

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
    texts = MessageTexts(world, random, uploaded)
    spoken = spoken_language(plan, people)
    count = quota.messages - quota.notifications
    max_states = min(count // _MESSAGES_PER_STATE, count - len(quota.uploads))
    states = _states(plan, room, spoken, random)[-max_states:] if max_states else []
    changes = zip(_change_times(random, plan, len(states), room.days), states, strict=True)
    owner = world.person[room.owner]
    about = dict(room.about)
    if room.purpose in phrases("work")["prefix"]:
        about.setdefault("prefix", phrases("work")["prefix"][room.purpose])
    stage = Stage(plan, random, about, world.shortcuts_before)
    teller = Teller(stage, repertoire(spoken), room.purpose, room.days)
    numbers = Numbers(room.days, count - len(states), quota.uploads, quota.notifications)
    streams: Sequence[Iterable[list[tuple[float, Record]]]] = [
        _room_messages(texts, told(plan, numbers, people, teller), people),
        [[(second, _state_change(random, second, owner, state))] for second, state in changes],
    ]
    return chain.from_iterable([record for _, record in timed] for timed in merged(streams))


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
) -> Iterator[list[tuple[float, Record]]]:
    """Yield lists of the messages of people and of integrations in a room, each after its second."""
    senders = {person.id: UserReference(person.id, name=person.name) for person in people}
    for batch in told:
        seconds = [second for second, *_ in batch]
        ids, stamps = random_uuids(texts.random, len(batch)), timestamps(seconds)
        messages = [
            _notification(uuid, stamp, more)
            if isinstance(more, Notification)
            else UserMessage(uuid, "muc_message", senders[speaker], said, stamp)
            for uuid, stamp, (_, speaker, said, more) in zip(ids, stamps, batch, strict=True)
        ]
        for place, roll in texts.unusual(batch):
            if isinstance(message := messages[place], UserMessage):
                _finish(message, batch[place], texts, roll)
        yield [
            (second, {"UserMessage" if isinstance(message, UserMessage) else "NotificationMessage": message})
            for second, message in zip(seconds, messages, strict=True)
        ]


def _finish(message: UserMessage, told: Told, texts: MessageTexts, roll: float) -> None:
    """Change a message of a person into what was sent."""
    second, speaker, said, more = told
    if isinstance(more, int):
        message.attachment, url = texts.attachment(more, second, speaker)
        message.message = f"File uploaded: {url}"
        return
    text, deleted = texts.typed(roll, said, second, speaker)
    if deleted:
        message.message, message.deleted = "", deleted
    elif isinstance(more, dict):  # the text has the URL as it is previewed
        message.metadata = [more]
    else:
        message.message = text


def _notification(uuid: str, stamp: str, sent: Notification) -> NotificationMessage:
    sender = UserReference(_INTEGRATION, name=sent.sender)
    return NotificationMessage(
        uuid, "notification", sender, sent.message, stamp, color=sent.color, card=sent.card or UNSET
    )


def _state_change(random: Random, second: float, owner: Person, state: RoomState) -> Record:
    kind, type_, properties = state
    sender = UserReference(owner.id, name=owner.name)
    (stamp,) = timestamps([second])
    return {kind: RoomMessage(random_uuid(random), type_, sender, "", stamp, **properties)}


def conversation(world: World, pair: tuple[int, int], uploaded: dict[int, int]) -> Iterator[list[tuple[float, Record]]]:
    """Yield lists of the private messages of two users, or of one to themselves, each after its second.

    ``uploaded`` is that of ``room_history``.
    """
    plan, quota, days = world.plan, world.pair_quotas[pair], world.days_of(pair)
    random = random_for(plan.seed, "pair", *pair)
    people = [world.person[user] for user in dict.fromkeys(pair)]
    texts = MessageTexts(world, random, uploaded)
    stage = Stage(plan, random, {}, world.shortcuts_before)
    purpose = PRIVATE if len(people) > 1 else SELF
    teller = Teller(stage, repertoire(spoken_language(plan, people)), purpose, days)
    numbers = Numbers(days, quota.messages, quota.uploads, 0)
    references = [UserReference(user) for user in pair]
    sides = {user: (to, by) for user, to, by in zip(pair, references[::-1], references, strict=True)}
    for batch in told(plan, numbers, people, teller):
        seconds = [second for second, *_ in batch]
        ids, stamps = random_uuids(random, len(batch)), timestamps(seconds)
        messages = [
            PrivateMessage(uuid, None, None, (), said, *sides[speaker], stamp)
            for uuid, stamp, (_, speaker, said, _) in zip(ids, stamps, batch, strict=True)
        ]
        for place, roll in texts.unusual(batch):
            _finish_private(messages[place], batch[place], texts, roll)
        yield [(second, {"PrivateUserMessage": message}) for second, message in zip(seconds, messages, strict=True)]


def _finish_private(message: PrivateMessage, told: Told, texts: MessageTexts, roll: float) -> None:
    """Change a private message into what was sent."""
    second, speaker, said, more = told
    if isinstance(more, int):
        message.attachment, message.message = texts.attachment(more, second, speaker)
        message.attachment_path = message.attachment["path"]
        return
    message.message, deleted = texts.typed(roll, said, second, speaker)
    if deleted:
        message.deleted = deleted
