"""Generates the messages of a room, or of two users in private, in the order of time."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from random import Random

from hcfmt.export.message_kinds import MESSAGE_KINDS, RoomState, room_state
from hcfmt.generation.activity import DAY, merged
from hcfmt.generation.data_files import room_record
from hcfmt.generation.dialogue.days import Numbers, told
from hcfmt.generation.dialogue.notifications import Notification
from hcfmt.generation.dialogue.repertoire import repertoire
from hcfmt.generation.dialogue.scenes import Stage
from hcfmt.generation.dialogue.telling import Shown, Teller, Told
from hcfmt.generation.dialogue.topics import spoken_language, topic
from hcfmt.generation.dialogues.names import PRIVATE, SELF
from hcfmt.generation.message_texts import MessageTexts, timestamps
from hcfmt.generation.names import company
from hcfmt.generation.plan import Plan
from hcfmt.generation.records import Messages, head, tail, user_reference
from hcfmt.generation.uploads import upload_subject, upload_words
from hcfmt.generation.vocabulary import phrases
from hcfmt.generation.world import Quota, Room, World
from hcfmt.rng import random_for, random_uuids

_INTEGRATION = 0  # the sender's id of notifications (docs/format.md#notification-message)
_MESSAGES_PER_STATE = 8  # messages of people that a room must have for each message about its state
_FORMERLY_OPEN = 0.1  # share of rooms without guest access that had it once


def room_history(world: World, room: Room, uploaded: dict[int, int]) -> Iterator[Messages]:
    """Yield a room's history in parts: messages of people and of integrations, and changes of its state.

    The second of each upload, since 1970 UTC, is added to ``uploaded`` by its number, before its message.
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
    about = dict(room.about)
    if room.purpose in phrases("work")["prefix"]:
        about.setdefault("prefix", phrases("work")["prefix"][room.purpose])
    stage = Stage(plan, random, about, world.shortcuts_before)
    teller = Teller(stage, repertoire(spoken), room.purpose, room.days)
    numbers = Numbers(room.days, count - len(states), _shown(plan, quota), quota.notifications)
    names = {person.id: person.name for person in people}
    changed: list[list[Told]] = [[(second, room.owner, "", state)] for second, state in changes]
    newcomers = world.newcomers.get(room.id, ())
    for happening in merged([told(plan, numbers, people, teller, newcomers), changed]):
        yield _room_messages(texts, happening, names)


def _shown(plan: Plan, quota: Quota) -> list[Shown]:
    return [Shown(number, upload_subject(plan, number), upload_words(plan, number)) for number in quota.uploads]


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


def _room_messages(texts: MessageTexts, happening: Sequence[Told], names: Mapping[int, str]) -> Messages:
    """Return what happens in a room as messages; ``names`` are those of its people by their ids."""
    count, (seconds, senders, said, _) = len(happening), zip(*happening, strict=True)
    heads = {sender: _head("muc_message", sender, names[sender]) if sender else "" for sender in {*senders}}
    messages = Messages(
        seconds=seconds,
        kinds=["UserMessage"] * count,
        ids=random_uuids(texts.random, count),
        senders=senders,
        heads=[heads[sender] for sender in senders],
        texts=[*said],
        middles=[""] * count,
        timestamps=timestamps(seconds),
        tails=[""] * count,
    )
    for place, roll in texts.unusual(happening):
        second, sender, meant, more = happening[place]
        if isinstance(more, Notification):
            messages.kinds[place], messages.texts[place] = "NotificationMessage", more.message
            messages.heads[place] = _head("notification", _INTEGRATION, more.sender)
            messages.tails[place] = _notification_tail(more)
        elif isinstance(more, RoomState):
            messages.kinds[place], messages.tails[place] = more.kind, tail(**more.properties)
            messages.heads[place] = _head(more.type, sender, names[sender])
        elif isinstance(more, int):
            attachment, url = texts.attachment(more, second, sender)
            messages.texts[place], messages.tails[place] = f"File uploaded: {url}", tail(attachment=attachment)
        else:
            _type(messages, texts, place, roll)
            # The text has the URL as it is previewed, if the message is not deleted.
            if more and messages.texts[place]:
                messages.texts[place], messages.tails[place] = meant, tail(metadata=[more])
    return messages


def _type(messages: Messages, texts: MessageTexts, place: int, roll: float) -> None:
    """Change a message into what was sent, which may have been deleted."""
    sent, deleted = texts.typed(roll, messages.texts[place], messages.seconds[place], messages.senders[place])
    messages.texts[place] = sent
    if deleted:
        messages.tails[place] += tail(deleted=deleted)
        messages.deleted += 1


@lru_cache(maxsize=256)
def _head(type_: str, sender: int, name: str) -> str:
    return head(type=type_, sender=user_reference(sender, name))


def _notification_tail(sent: Notification) -> str:
    card = {"card": sent.card} if sent.card else {}
    return tail(format="html", color=sent.color, **card)


def conversation(world: World, pair: tuple[int, int], uploaded: dict[int, int]) -> Iterator[Messages]:
    """Yield the private messages of two users, or of one to themselves, in parts.

    ``uploaded`` is that of ``room_history``.
    """
    plan, quota, days = world.plan, world.pair_quotas[pair], world.days_of(pair)
    random = random_for(plan.seed, "pair", *pair)
    people = [world.person[user] for user in dict.fromkeys(pair)]
    texts = MessageTexts(world, random, uploaded)
    stage = Stage(plan, random, {}, world.shortcuts_before)
    purpose = PRIVATE if len(people) > 1 else SELF
    teller = Teller(stage, repertoire(spoken_language(plan, people)), purpose, days)
    numbers = Numbers(days, quota.messages, _shown(plan, quota), 0)
    middles = {
        sender: head(receiver=user_reference(receiver), sender=user_reference(sender))
        for sender, receiver in zip(pair, pair[::-1], strict=True)
    }
    for happening in told(plan, numbers, people, teller):
        yield _private_messages(texts, happening, middles)


_NO_FILE = head(attachment=None, attachment_path=None, mentions=[])


def _private_messages(texts: MessageTexts, happening: Sequence[Told], middles: Mapping[int, str]) -> Messages:
    """Return private messages; ``middles`` are the properties after the text, by the sender."""
    count, (seconds, senders, said, _) = len(happening), zip(*happening, strict=True)
    messages = Messages(
        seconds=seconds,
        kinds=["PrivateUserMessage"] * count,
        ids=random_uuids(texts.random, count),
        senders=senders,
        heads=[_NO_FILE] * count,
        texts=[*said],
        middles=[middles[sender] for sender in senders],
        timestamps=timestamps(seconds),
        tails=[',"type":"private"'] * count,
    )
    for place, roll in texts.unusual(happening):
        second, sender, _, more = happening[place]
        if isinstance(more, int):
            attachment, messages.texts[place] = texts.attachment(more, second, sender)
            messages.heads[place] = head(attachment=attachment, attachment_path=attachment["path"], mentions=[])
        else:
            _type(messages, texts, place, roll)
    return messages
