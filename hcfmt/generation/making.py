"""Makes what belongs to emoticons, users or rooms: tasks for any process, which return the same in each."""

from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path
from typing import BinaryIO, NamedTuple

from hcfmt.export.go_json import go_list
from hcfmt.generation.files.avatars import avatar, emoticon
from hcfmt.generation.history import private_history, room_history
from hcfmt.generation.history_stats import HistoryStats
from hcfmt.generation.plan import Plan
from hcfmt.generation.records import records_json
from hcfmt.generation.text_pools import TextPools
from hcfmt.generation.world_building import build_world

EMOTICON, USER, ROOM = "emoticon", "users", "rooms"
"""Kinds of tasks; a user's and a room's is the directory of their members."""


class Made(NamedTuple):
    """What belongs to one id: pictures by path, and the statistics of a history, None without one.

    ``span`` holds the places of the history's bytes in the file of its task.
    """

    pictures: dict[str, bytes]
    history: HistoryStats | None
    span: range = range(0)


def make(plan: Plan, kind: str, numbers: Sequence[int], file: str) -> list[Made]:
    """Make the pictures of emoticons, users or rooms by their ids, and write their histories over an existing file."""
    if kind == EMOTICON:
        return [Made(_emoticon(plan, number), None) for number in numbers]
    with Path(file).open("r+b") as stream:
        made = [_made(plan, kind, number, stream) for number in numbers]
        stream.truncate()
    return made


def _made(plan: Plan, kind: str, number: int, stream: BinaryIO) -> Made:
    begin = stream.tell()
    stats = _write_history(plan, kind, number, stream)
    return Made(_avatar(plan, number) if kind == USER else {}, stats, range(begin, stream.tell()))


@cache
def _pools(plan: Plan) -> TextPools:
    return TextPools(plan.seed, plan.locales, nasty=plan.nasty)


def _write_history(plan: Plan, kind: str, number: int, stream: BinaryIO) -> HistoryStats:
    world, pools, stats = build_world(plan), _pools(plan), HistoryStats()
    if kind == USER:
        text = go_list(private_history(world, pools, number), partial(stats.count, sender=number), records_json)
    else:
        text = go_list(room_history(world, pools, world.room[number]), stats.count, records_json)
    stream.writelines(text)
    return stats


def _emoticon(plan: Plan, number: int) -> dict[str, bytes]:
    record = build_world(plan).emoticon[number]
    stem, _, extension = record.path.rpartition(".")
    files = emoticon(plan.seed, record.id, extension, record.edge)
    return {f"files/img/emoticons/{stem}{suffix}.{extension}": data for suffix, data in files.items()}


def _avatar(plan: Plan, user: int) -> dict[str, bytes]:
    person = build_world(plan).person[user]
    if not person.avatar:
        return {}
    stem, _, extension = person.avatar.rpartition(".")
    files = avatar(plan.seed, user)
    return {f"users/{user}/avatars/{stem}{suffix}.{extension}": data for suffix, data in files.items()}
