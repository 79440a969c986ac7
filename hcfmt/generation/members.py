"""The members of an export that nobody wrote, in a fixed order, one after the other."""

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
from hcfmt.generation.text_pools import TextPools
from hcfmt.generation.uploads import upload
from hcfmt.generation.world import World, world

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

IN_FLIGHT = 64  # histories that are being written ahead of the one that is packed
_CHUNK = 1 << 18  # bytes

ROOM, USER = "rooms", "users"


def members(plan: Plan, made: ExportStats | None = None, executor: "Executor | None" = None) -> Iterator[Entry]:
    """Yield every member of a plan's export, and count them in ``made``.

    Histories are written to a private temporary directory first, because a tar tells a member's size before its bytes.
    An executor writes some of them ahead, which changes nothing in them.
    """
    home, made = world(plan), made or ExportStats()
    for path, text in data_files(home).items():
        yield Entry(path, len(text), iter([text]))
    yield from _emoticons(home, made)
    with temporary_directory() as directory:
        yield from _histories(home, made, directory, executor)
    yield from _private_uploads(home, made)


def _histories(home: World, made: ExportStats, directory: Path, executor: "Executor | None") -> Iterator[Entry]:
    due = deque([*((USER, person.id) for person in home.people), *((ROOM, room.id) for room in home.rooms)])
    ahead: deque[tuple[str, int, Path, Future[HistoryStats] | None]] = deque()
    try:
        while due or ahead:
            while due and len(ahead) < (IN_FLIGHT if executor else 1):
                tree, number = due.popleft()
                file = directory / f"{tree}-{number}.json"
                written = executor.submit(write_history, home.plan, tree, number, str(file)) if executor else None
                ahead.append((tree, number, file, written))
            tree, number, file, written = ahead[0]
            told = written.result() if written else write_history(home.plan, tree, number, str(file))
            ahead.popleft()
            (made.users if tree == USER else made.rooms)[number] = told
            yield from _avatars(home, made, number) if tree == USER else _uploads(home, made, number)
            yield Entry(f"{tree}/{number}/history.json", file.stat().st_size, _read(file))
            file.unlink()
    finally:  # what is being written is waited for, as the directory is about to be deleted
        for written in [written for *_, written in ahead if written and not written.cancel()]:
            written.exception()


def _read(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        yield from iter(lambda: stream.read(_CHUNK), b"")


@cache
def _texts(plan: Plan) -> TextPools:
    return TextPools(plan.seed, plan.locales, nasty=plan.nasty)


def write_history(plan: Plan, tree: str, number: int, file: str) -> HistoryStats:
    """Write the text of one room's or one user's history to a file, the same in any process; return what it tells."""
    home, texts, told = world(plan), _texts(plan), HistoryStats()
    if tree == USER:
        text = go_list(private_history(home, texts, number), partial(told.count, sender=number))
    else:
        room = next(room for room in home.rooms if room.id == number)
        text = go_list(room_history(home, texts, room), told.count)
    with private_file(Path(file)) as stream:
        stream.writelines(text)
    return told


def _emoticons(home: World, made: ExportStats) -> Iterator[Entry]:
    for one in home.emoticons:
        stem, _, extension = one.path.rpartition(".")
        for suffix, data in emoticon(home.plan.seed, one.id, extension, one.edge).items():
            made.file("emoticon", len(data))
            yield _whole(f"files/img/emoticons/{stem}{suffix}.{extension}", data)


def _avatars(home: World, made: ExportStats, user: int) -> Iterator[Entry]:
    person = home.person[user]
    if person.avatar:
        stem, _, extension = person.avatar.rpartition(".")
        for suffix, data in avatar(home.plan.seed, user).items():
            made.file("avatar", len(data))
            yield _whole(f"users/{user}/avatars/{stem}{suffix}.{extension}", data)


def _uploads(home: World, made: ExportStats, room: int) -> Iterator[Entry]:
    for number in home.room_shares[room].uploads:
        yield from _upload(home.plan, made, number, "room-file", f"rooms/{room}/files/")


def _private_uploads(home: World, made: ExportStats) -> Iterator[Entry]:
    for share in home.pair_shares.values():
        for number in share.uploads:
            yield from _upload(home.plan, made, number, "private-file", "users/files/")


def _upload(plan: Plan, made: ExportStats, number: int, kind: str, below: str) -> Iterator[Entry]:
    file = upload(plan, number)
    extension = file.path.rpartition(".")[2].lower()
    made.file(kind, file.size, extension if extension in SUFFIXES else "other")
    yield Entry(below + file.path, file.size, content(plan.seed, (number,), file.kind, file.size))
    if file.thumbnail:
        preview = thumbnail(plan.seed, (number,), file.kind, file.size)
        made.file(kind, len(preview))
        yield _whole(below + file.thumbnail, preview)


def _whole(path: str, data: bytes) -> Entry:
    return Entry(path, len(data), iter([data]))
