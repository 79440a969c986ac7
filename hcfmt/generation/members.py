"""Generates the members of an export in a fixed order, one after the other."""

from collections import deque
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from hcfmt.container import private_file, temporary_directory
from hcfmt.export.go_json import go_list
from hcfmt.export.layout import SUFFIXES
from hcfmt.export.writer import Entry
from hcfmt.generation.data_files import data_files
from hcfmt.generation.files.avatars import avatar, emoticon
from hcfmt.generation.files.contents import content
from hcfmt.generation.files.images import thumbnail
from hcfmt.generation.history import private_history, room_history
from hcfmt.generation.history_stats import HistoryStats
from hcfmt.generation.manifest import ExportStats
from hcfmt.generation.plan import Plan
from hcfmt.generation.records import records_json
from hcfmt.generation.text_pools import TextPools
from hcfmt.generation.uploads import upload
from hcfmt.generation.world import World
from hcfmt.generation.world_building import build_world

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

IN_FLIGHT = 64  # histories that are written ahead of the one that is packed
_CHUNK = 1 << 18  # bytes

ROOM, USER = "rooms", "users"


def members(plan: Plan, stats: ExportStats | None = None, executor: "Executor | None" = None) -> Iterator[Entry]:
    """Yield every member of a plan's export, and count them in ``stats``.

    Histories are written to a private temporary directory first, because the size of a member stands before its bytes
    in a tar. An executor writes some of them ahead; their bytes stay the same.
    """
    world, stats = build_world(plan), stats or ExportStats()
    for path, text in data_files(world).items():
        yield _entry(path, text)
    yield from _emoticons(world, stats)
    with temporary_directory() as directory:
        yield from _histories(world, stats, directory, executor)
    for quota in world.pair_quotas.values():
        for number in quota.uploads:
            yield from _upload(plan, stats, number, "private-file", "users/files/")


def _histories(world: World, stats: ExportStats, directory: Path, executor: "Executor | None") -> Iterator[Entry]:
    """Yield the history of every user and room, each after its avatars or uploads."""
    queue = deque([*((USER, person.id) for person in world.people), *((ROOM, room.id) for room in world.rooms)])
    jobs: deque[tuple[str, int, Path, Future[HistoryStats] | None]] = deque()
    try:
        while queue or jobs:
            while queue and len(jobs) < (IN_FLIGHT if executor else 1):
                kind, number = queue.popleft()
                file = directory / f"{kind}-{number}.json"
                job = executor.submit(write_history, world.plan, kind, number, str(file)) if executor else None
                jobs.append((kind, number, file, job))
            kind, number, file, job = jobs[0]
            history = job.result() if job else write_history(world.plan, kind, number, str(file))
            jobs.popleft()
            (stats.users if kind == USER else stats.rooms)[number] = history
            yield from _avatar(world, stats, number) if kind == USER else _room_uploads(world, stats, number)
            yield Entry(f"{kind}/{number}/history.json", file.stat().st_size, _read(file))
            file.unlink()
    finally:  # running jobs must end before their directory is deleted
        for job in [job for *_, job in jobs if job and not job.cancel()]:
            job.exception()


def _read(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        yield from iter(lambda: stream.read(_CHUNK), b"")


@cache
def _pools(plan: Plan) -> TextPools:
    return TextPools(plan.seed, plan.locales, nasty=plan.nasty)


def write_history(plan: Plan, kind: str, number: int, file: str) -> HistoryStats:
    """Write the text of one room's or one user's history to a file and return its statistics.

    ``kind`` is ``ROOM`` or ``USER``, ``number`` an id. Every process writes the same text.
    """
    world, pools, stats = build_world(plan), _pools(plan), HistoryStats()
    if kind == USER:
        text = go_list(private_history(world, pools, number), partial(stats.count, sender=number), records_json)
    else:
        room = next(room for room in world.rooms if room.id == number)
        text = go_list(room_history(world, pools, room), stats.count, records_json)
    with private_file(Path(file)) as stream:
        stream.writelines(text)
    return stats


def _emoticons(world: World, stats: ExportStats) -> Iterator[Entry]:
    for record in world.emoticons:
        stem, _, extension = record.path.rpartition(".")
        for suffix, data in emoticon(world.plan.seed, record.id, extension, record.edge).items():
            stats.file("emoticon", len(data))
            yield _entry(f"files/img/emoticons/{stem}{suffix}.{extension}", data)


def _avatar(world: World, stats: ExportStats, user: int) -> Iterator[Entry]:
    person = world.person[user]
    if person.avatar:
        stem, _, extension = person.avatar.rpartition(".")
        for suffix, data in avatar(world.plan.seed, user).items():
            stats.file("avatar", len(data))
            yield _entry(f"users/{user}/avatars/{stem}{suffix}.{extension}", data)


def _room_uploads(world: World, stats: ExportStats, room: int) -> Iterator[Entry]:
    for number in world.room_quotas[room].uploads:
        yield from _upload(world.plan, stats, number, "room-file", f"rooms/{room}/files/")


def _upload(plan: Plan, stats: ExportStats, number: int, kind: str, directory: str) -> Iterator[Entry]:
    file = upload(plan, number)
    extension = file.path.rpartition(".")[2].lower()
    stats.file(kind, file.size, extension if extension in SUFFIXES else "other")
    yield Entry(directory + file.path, file.size, content(plan.seed, (number,), file.kind, file.size))
    if file.thumbnail:
        preview = thumbnail(plan.seed, (number,), file.kind, file.size)
        stats.file(kind, len(preview))
        yield _entry(directory + file.thumbnail, preview)


def _entry(path: str, data: bytes) -> Entry:
    return Entry(path, len(data), iter([data]))
