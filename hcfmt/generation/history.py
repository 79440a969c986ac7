"""What is said: the records of one room's history, or of one user's, in the order of time."""

import heapq
from collections.abc import Iterator
from random import Random
from typing import Any

from hcfmt.export.room_states import RoomState, archive_state, guest_access_state, topic_state
from hcfmt.generation.activity import DAY, Remark, days_of
from hcfmt.generation.message_texts import MessageTexts, talk, uploads_at
from hcfmt.generation.names import company
from hcfmt.generation.plan import Plan
from hcfmt.generation.text_pools import TextPools
from hcfmt.generation.world import Person, Room, World
from hcfmt.rng import random_for

Record = dict[str, Any]

_INTEGRATION = 0  # the sender of notifications (facts 1.5)
_FOR_A_STATE = 8  # messages that a room must have for each of them that tells of its state


def room_history(world: World, texts: TextPools, room: Room) -> Iterator[Record]:
    """Return the records of a room's history: what people say, what integrations report, how the state changed."""
    plan, share = world.plan, world.room_shares[room.id]
    random = random_for(plan.seed, "room", room.id)
    people = [world.person[user] for user in room.talkers]
    speech = MessageTexts(world, texts, people, "room", room.id)
    spoken = share.messages - share.notifications
    fitting = min(spoken // _FOR_A_STATE, spoken - len(share.uploads))
    states = _states(plan, room, texts, random)[-fitting:] if fitting else []
    spoken -= len(states)
    files = uploads_at(random, spoken, share.uploads)
    said = enumerate(talk(random, plan, room.days, spoken, people))
    reported = _reports(random_for(plan.seed, "reports", room.id), plan, share.notifications, room.days)
    changed = zip(_moments(random, plan, len(states), room.days), states, strict=True)
    owner = world.person[room.owner]
    # Each kind has a number, so that no two records are ever compared.
    told: tuple[Iterator[tuple[float, int, Record]], ...] = (
        ((one.second, 0, _said(world, speech, one, people, files.get(place))) for place, one in said),
        ((second, 1, _reported(speech, second)) for second in reported),
        ((second, 2, _changed(speech, second, owner, state)) for second, state in changed),
    )
    return (record for _, _, record in heapq.merge(*told))


def _moments(random: Random, plan: Plan, count: int, days: range) -> list[float]:
    """Return so many moments in the order of time; the last is after everything that is said."""
    begin = plan.first_second + days.start * DAY
    moments = sorted(begin + random.random() * len(days) * DAY for _ in range(count))
    return [*moments[:-1], begin + (len(days) + 1) * DAY - random.random() * DAY / 4] if count else []


def _reports(random: Random, plan: Plan, count: int, days: range) -> Iterator[float]:
    """Yield when integrations report, at any hour."""
    first = plan.first_second
    for day, today in days_of(random, plan, count, days):
        yield from sorted(first + (day + random.random()) * DAY for _ in range(today))


def _states(plan: Plan, room: Room, texts: TextPools, random: Random) -> list[RoomState]:
    """Return the messages that lead to a room's state, those that dictate it last: each kind's last one counts."""
    topics = [texts.topic(random) for _ in range(random.randrange(3))]
    states = [topic_state(text) for text in (*topics, room.topic) if text or topics]
    if room.guest_url or random.random() < 0.1:  # noqa: PLR2004 - some rooms were open once
        key = "".join(random.choices("abcdefghjkmnpqrstuvwxyz23456789", k=8))
        states.insert(0, guest_access_state(room.guest_url or company(plan.seed).guest_url(key)))
        states += [] if room.guest_url else [guest_access_state(None)]
    if room.is_archived:
        states.append(archive_state(room.is_archived))
    return states


def _message(speech: MessageTexts, kind: str, second: float, sender: int, name: str, text: str) -> Record:
    """Return what every message in a room has, in the order of the documented sample."""
    return {
        "id": speech.id(),
        "type": kind,
        "sender": {"id": sender, "mention_name": "", "name": name, "version": ""},
        "message": text,
        "timestamp": speech.timestamp(second),
    }


def _said(world: World, speech: MessageTexts, remark: Remark, people: list[Person], file: int | None) -> Record:
    sender = world.person[remark.speaker]
    if file is not None:
        attachment, address = speech.attachment(file, remark.second, sender.id)
        message = _message(speech, "muc_message", remark.second, sender.id, sender.name, f"File uploaded: {address}")
        return {"UserMessage": message | {"attachment": attachment}}
    text, previews = speech.text(remark, people)
    deleted = speech.deletion(remark.second, sender.id)
    message = _message(speech, "muc_message", remark.second, sender.id, sender.name, "" if deleted else text)
    if deleted:
        message["deleted"] = deleted
    elif previews:
        message["metadata"] = previews
    return {"UserMessage": message}


def _reported(speech: MessageTexts, second: float) -> Record:
    told = speech.notification(second)
    message = _message(speech, "notification", second, _INTEGRATION, told.sender, told.message)
    message |= {"format": "html", "color": told.color}
    return {"NotificationMessage": message | {"card": told.card} if told.card else message}


def _changed(speech: MessageTexts, second: float, owner: Person, state: RoomState) -> Record:
    wrapper, kind, properties = state
    return {wrapper: _message(speech, kind, second, owner.id, owner.name, "") | properties}


def private_history(world: World, texts: TextPools, user: int) -> Iterator[Record]:
    """Yield the records of a user's history: every conversation in private, as the other side's history has it too."""
    told = [_conversation(world, texts, pair) for pair in world.pairs_of[user]]
    return (record for _, _, record in heapq.merge(*told))


def _conversation(
    world: World, texts: TextPools, pair: tuple[int, int]
) -> Iterator[tuple[float, tuple[int, int], Record]]:
    """Yield what two people say to each other, or one to themselves: the moment, who, and the record."""
    plan, share = world.plan, world.pair_shares[pair]
    random = random_for(plan.seed, "pair", *pair)
    people = [world.person[user] for user in dict.fromkeys(pair)]
    speech = MessageTexts(world, texts, people, "pair", *pair)
    files = uploads_at(random, share.messages, share.uploads)
    for place, remark in enumerate(talk(random, plan, world.days_of(pair), share.messages, people)):
        receiver = pair[1] if remark.speaker == pair[0] else pair[0]
        yield remark.second, pair, {"PrivateUserMessage": _told(world, speech, remark, receiver, files.get(place))}


def _told(world: World, speech: MessageTexts, remark: Remark, receiver: int, file: int | None) -> Record:
    """Return a private message, its properties in the order of the documented sample."""
    deleted = attachment = None
    if file is None:
        text, _ = speech.text(remark, [world.person[receiver]])
        deleted = speech.deletion(remark.second, remark.speaker)
    else:
        attachment, text = speech.attachment(file, remark.second, remark.speaker)
    message: Record = {
        "id": speech.id(),
        "attachment": attachment,
        "attachment_path": attachment["path"] if attachment else None,
        "mentions": [],
        "message": "" if deleted else text,
        "receiver": _blank(receiver),
        "sender": _blank(remark.speaker),
        "timestamp": speech.timestamp(remark.second),
        "type": "private",
    }
    return message | {"deleted": deleted} if deleted else message


def _blank(user: int) -> Record:
    return {"id": user, "mention_name": "", "name": "", "version": ""}
