"""Makes what belongs to emoticons, users or rooms: tasks for any process, which return the same in each."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO, NamedTuple

from hcfmt.export.dialects import HC_MIGRATE
from hcfmt.export.go_json import go_list
from hcfmt.generation.dialect_files import dialect_records, write_newest_first
from hcfmt.generation.files.avatars import appearance, avatar, emoticon
from hcfmt.generation.history import private_history, room_history
from hcfmt.generation.history_stats import HistoryStats
from hcfmt.generation.plan import Plan
from hcfmt.generation.records import records_json
from hcfmt.generation.world_building import build_world

EMOTICON, USER, ROOM = "emoticon", "users", "rooms"
"""Kinds of tasks; a user's and a room's is the directory of their members."""


class Made(NamedTuple):
    """What belongs to one id: pictures by path, and the statistics of a history, None without one.

    ``spans`` hold the places of the history's bytes in the file of its task, to be read in their order, ``uploaded``
    the second of each of its uploads, since 1970 UTC, by their numbers.
    """

    pictures: dict[str, bytes]
    history: HistoryStats | None
    spans: Sequence[range]
    uploaded: Mapping[int, int]


def make(plan: Plan, kind: str, numbers: Sequence[int], file: str) -> list[Made]:
    """Make the pictures of emoticons, users or rooms by their ids, and write their histories over an existing file."""
    if kind == EMOTICON:
        return [Made(_emoticon(plan, number), None, (), {}) for number in numbers]
    with Path(file).open("r+b") as stream:
        made = [_made(plan, kind, number, stream) for number in numbers]
        stream.truncate()
    return made


def _made(plan: Plan, kind: str, number: int, stream: BinaryIO) -> Made:
    uploaded = dict[int, int]()
    stats = HistoryStats(former=frozenset(person.id for person in build_world(plan).former))
    spans = _write_history(plan, kind, number, stats, uploaded, stream)
    return Made(_avatar(plan, number) if kind == USER else {}, stats, spans, uploaded)


def _write_history(
    plan: Plan, kind: str, number: int, stats: HistoryStats, uploaded: dict[int, int], stream: BinaryIO
) -> Sequence[range]:
    """Write a history, count its messages, note its uploads; return the places of its bytes."""
    world = build_world(plan)
    owner = number if kind == USER else None
    records = private_history(world, number, uploaded) if owner else room_history(world, world.room[number], uploaded)
    if plan.dialect != HC_MIGRATE:
        return write_newest_first(plan, records, stats, owner, stream)
    begin = stream.tell()
    stream.writelines(go_list(records, partial(stats.count, owner=owner), records_json))
    return [range(begin, stream.tell())]


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
