"""Makes what belongs to emoticons, pairs of users, users or rooms: the same in any process."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from pathlib import Path
from typing import BinaryIO, NamedTuple

import orjson

from hcfmt.export.dialects import HC_MIGRATE
from hcfmt.export.go_json import go_text
from hcfmt.generation.dialect_files import dialect_records, write_newest_first
from hcfmt.generation.dialogue.repertoire import repertoire
from hcfmt.generation.files.avatars import appearance, avatar
from hcfmt.generation.files.emoticons import emoticon
from hcfmt.generation.history import conversation, room_history
from hcfmt.generation.history_stats import ConversationStats, messages_by_month
from hcfmt.generation.kept_conversations import Kept, KeptList, history_lines, keep
from hcfmt.generation.plan import Plan
from hcfmt.generation.records import Messages
from hcfmt.generation.vocabulary import language
from hcfmt.generation.world import World
from hcfmt.generation.world_building import build_world, read_world

EMOTICON, PAIR, USER, ROOM = "emoticon", "pair", "users", "rooms"
"""Kinds of tasks; a user's and a room's is the directory of their members."""


class Task(NamedTuple):
    """A task: its kind, and the ids or, of private conversations, the places in ``World.pairs``.

    ``kept`` are the conversations of each user.
    """

    kind: str
    numbers: Sequence[int]
    kept: Sequence[Sequence[Kept]] = ()


class Counts(NamedTuple):
    """The statistics of a room or a private conversation, and its messages by month (YYYY-MM).

    Private messages of former users are in no month.
    """

    stats: ConversationStats
    months: Counter[str]


@dataclass(frozen=True, slots=True)
class Made:
    """What belongs to one id or pair: pictures by path, and the counts of a room or a private conversation.

    ``counts`` are None unless messages are counted. In the file of the task, ``pictures`` are the places of their
    bytes, ``spans`` those of a history's, to be read in their order, and ``kept`` those of a private conversation.
    ``uploaded`` is the second of each upload, since 1970 UTC, by its number.
    """

    pictures: Mapping[str, range] = field(default_factory=dict)
    counts: Counts | None = None
    spans: Sequence[range] = ()
    kept: Sequence[KeptList] = ()
    uploaded: Mapping[int, int] = field(default_factory=dict)


def prepare(plan: Plan) -> None:
    """Compile what people talk with, which the first task of a process would do otherwise."""
    repertoire(language(plan.locales[0]))


def make(plan: Plan, task: Task, file: str, world_file: str | None = None, *, is_counted: bool = True) -> list[Made]:
    """Make the pictures of emoticons, private conversations, or what belongs to users or rooms.

    They are written over an existing file. ``world_file`` is one of ``write_world``. Messages
    are counted for a manifest if ``is_counted``.
    """
    world = read_world(plan, Path(world_file)) if world_file else build_world(plan)
    with Path(file).open("r+b") as stream:
        if task.kind == EMOTICON:
            made = [Made(_write_pictures(_emoticon(plan, number), stream)) for number in task.numbers]
        elif task.kind == PAIR:
            made = [_pair(world, world.pairs[number], stream, is_counted=is_counted) for number in task.numbers]
        elif task.kind == USER:
            made = [_user(plan, user, kept, stream) for user, kept in zip(task.numbers, task.kept, strict=True)]
        else:
            made = [_room(world, room, stream, is_counted=is_counted) for room in task.numbers]
        stream.truncate()
    return made


def _pair(world: World, pair: tuple[int, int], stream: BinaryIO, *, is_counted: bool) -> Made:
    uploaded, counts = dict[int, int](), _no_counts() if is_counted else None
    parts = _counted(conversation(world, pair, uploaded), counts, frozenset(person.id for person in world.former))
    kept = keep(parts, stream)
    return Made(counts=counts, kept=kept, uploaded=uploaded)


def _user(plan: Plan, user: int, kept: Sequence[Kept], stream: BinaryIO) -> Made:
    parts = history_lines(kept)
    if plan.dialect != HC_MIGRATE:
        return Made(spans=_write_dialect(plan, parts, stream))
    return Made(_write_pictures(_avatar(plan, user), stream), spans=_write_list(map(b",".join, parts), stream))


def _room(world: World, room: int, stream: BinaryIO, *, is_counted: bool) -> Made:
    uploaded, counts = dict[int, int](), _no_counts() if is_counted else None
    parts = _counted(room_history(world, world.room[room], uploaded), counts)
    records = (messages.json() for messages in parts)
    if world.plan.dialect != HC_MIGRATE:
        spans = _write_dialect(world.plan, records, stream)
    else:
        spans = _write_list((go_text(",".join(part).encode()) for part in records), stream)
    return Made(counts=counts, spans=spans, uploaded=uploaded)


def _no_counts() -> Counts:
    return Counts(ConversationStats(), Counter())


def _counted(
    parts: Iterator[Messages], counts: Counts | None, former: AbstractSet[int] = frozenset()
) -> Iterator[Messages]:
    """Yield the parts of a history after adding their messages to ``counts``, if they are asked for."""
    if not counts:
        return parts
    return (_added(messages, counts, former) for messages in parts)


def _added(messages: Messages, counts: Counts, former: AbstractSet[int]) -> Messages:
    counts.stats.count(messages)
    counts.months.update(messages_by_month(messages, former))
    return messages


def _write_pictures(pictures: Mapping[str, bytes], stream: BinaryIO) -> dict[str, range]:
    """Write pictures by their paths; return the place of each."""
    begin = stream.tell()
    ends = accumulate(map(stream.write, pictures.values()), initial=begin)
    return {path: range(*place) for path, place in zip(pictures, pairwise(ends), strict=True)}


def _write_list(parts: Iterable[bytes], stream: BinaryIO) -> list[range]:
    """Write the JSON list whose records come in parts; return the place of its text."""
    begin, opening = stream.tell(), b"["
    for part in parts:
        stream.write(opening)
        stream.write(part)
        opening = b","
    stream.write(b"]" if opening == b"," else b"[]")
    return [range(begin, stream.tell())]


def _write_dialect(plan: Plan, parts: Iterable[Sequence[str | bytes]], stream: BinaryIO) -> list[range]:
    """Write a history as Server or Cloud would; return the places of its text, to be read in order."""
    return write_newest_first(plan, (orjson.loads(record) for part in parts for record in part), stream)


def _emoticon(plan: Plan, number: int) -> dict[str, bytes]:
    record = build_world(plan).emoticon[number]
    stem, _, extension = record.path.rpartition(".")
    files = emoticon(plan.seed, record.id, extension, record.edge)
    if plan.dialect != HC_MIGRATE:
        return {dialect_records(plan).emoticon_path(record.path): files[""]}
    return {f"files/img/emoticons/{stem}{suffix}.{extension}": data for suffix, data in files.items()}


def _avatar(plan: Plan, user: int) -> dict[str, bytes]:
    person = build_world(plan).person[user]
    if not person.avatar or plan.dialect != HC_MIGRATE:  # others hold it in users.json
        return {}
    stem, _, extension = person.avatar.rpartition(".")
    files = avatar(plan.seed, user, appearance(person.locale, is_woman=person.is_woman))
    return {f"users/{user}/avatars/{stem}{suffix}.{extension}": data for suffix, data in files.items()}
