"""Generates the members of an export in a fixed order, one after the other."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from hcfmt.container.private_files import private_file, temporary_directory
from hcfmt.export.dialects import HC_MIGRATE
from hcfmt.export.layout import SUFFIXES
from hcfmt.export.writer import Entry, spooled
from hcfmt.generation.data_files import data_files
from hcfmt.generation.dialect_files import dialect_data_files
from hcfmt.generation.files.contents import content
from hcfmt.generation.files.images import thumbnail
from hcfmt.generation.making import EMOTICON, ROOM, USER, Made, make
from hcfmt.generation.manifest import ExportStats
from hcfmt.generation.plan import Plan
from hcfmt.generation.scenarios import EMPTY_FILE_STORE
from hcfmt.generation.uploads import Upload, upload
from hcfmt.generation.world_building import build_world

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

IN_FLIGHT = 64  # tasks that are done ahead of the one that is packed
# Ids in a task of another process: it costs as much to hand over as to make some dozens of messages.
_TOGETHER = {EMOTICON: 8, USER: 8, ROOM: 1}
_CHUNK = 1 << 18  # bytes


class _Task(NamedTuple):
    """A task in work: its kind, ids, file of histories, and its result, None for a task of this process."""

    kind: str
    numbers: Sequence[int]
    file: Path
    result: "Future[list[Made]] | None"


def members(plan: Plan, stats: ExportStats | None = None, executor: "Executor | None" = None) -> Iterator[Entry]:
    """Yield every member of a plan's export, and count them in ``stats``.

    Histories are written to a private temporary directory first, because the size of a member stands before its bytes
    in a tar. An executor does some tasks ahead; the bytes stay the same.
    """
    world, stats = build_world(plan), stats or ExportStats()
    uploaded: dict[int, int] = {}  # the seconds of private uploads, which come last
    with temporary_directory() as directory:
        work = _Work(plan, directory, executor)
        try:
            yield from _data_files(plan)
            for task, made in work.results():
                with task.file.open("rb") as histories:
                    for number, one in zip(task.numbers, made, strict=True):
                        uploaded |= one.uploaded if task.kind == USER else {}
                        yield from _made(plan, stats, task.kind, number, one, histories)
        finally:  # running tasks must end before their directory is deleted
            work.end()
    for quota in world.pair_quotas.values():
        for number in quota.uploads:
            yield from _upload(plan, stats, upload(plan, number, uploaded[number]), "private-file", "users/files/")


def _data_files(plan: Plan) -> Iterator[Entry]:
    if plan.dialect == HC_MIGRATE:
        yield from (_entry(path, text) for path, text in data_files(build_world(plan)).items())
        return
    for path, parts in dialect_data_files(plan).items():
        yield from spooled(path, parts)


class _Work:
    """The tasks of a plan: a bounded number is submitted ahead, and results are taken in order."""

    def __init__(self, plan: Plan, directory: Path, executor: "Executor | None") -> None:
        """Submit the first tasks; their files are written to ``directory``."""
        world = build_world(plan)
        self._plan, self._directory, self._executor = plan, directory, executor
        self._waiting = deque(
            (kind, numbers)
            for kind, items in ((EMOTICON, world.emoticons), (USER, world.people), (ROOM, world.rooms))
            for numbers in _parts([item.id for item in items], _TOGETHER[kind] if executor else 1)
        )
        self._submitted: deque[_Task] = deque()
        self._created = 0
        # Files of packed histories, for the next ones: to create a file may take longer than to write a history.
        self._free: list[Path] = []
        self._submit()

    def _submit(self) -> None:
        while self._waiting and len(self._submitted) < (IN_FLIGHT if self._executor else 1):
            kind, numbers = self._waiting.popleft()
            file = self._free.pop() if self._free else self._new_file()
            result = self._executor.submit(make, self._plan, kind, numbers, str(file)) if self._executor else None
            self._submitted.append(_Task(kind, numbers, file, result))

    def _new_file(self) -> Path:
        self._created += 1
        file = self._directory / f"{self._created}.json"
        private_file(file).close()
        return file

    def results(self) -> Iterator[tuple[_Task, list[Made]]]:
        """Yield every task and what it has made, to be read before the next one; submit more tasks meanwhile."""
        while self._submitted:
            task = self._submitted[0]
            made = task.result.result() if task.result else make(self._plan, task.kind, task.numbers, str(task.file))
            self._submitted.popleft()
            self._submit()
            yield task, made
            self._free.append(task.file)

    def end(self) -> None:
        """Cancel the tasks that have not begun, and wait for the others."""
        for result in [task.result for task in self._submitted if task.result and not task.result.cancel()]:
            result.exception()


def _parts(numbers: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return (numbers[begin : begin + size] for begin in range(0, len(numbers), size))


def _made(plan: Plan, stats: ExportStats, kind: str, number: int, made: Made, histories: BinaryIO) -> Iterator[Entry]:
    """Yield the members of an id, a room's after its uploads; its history is read from the file of its task."""
    if kind == ROOM:
        for place, second in sorted(made.uploaded.items()):
            yield from _upload(plan, stats, upload(plan, place, second), "room-file", f"rooms/{number}/files/")
    for path, data in made.pictures.items():
        yield stats.file("emoticon" if kind == EMOTICON else "avatar", _entry(path, data))
    if made.history:
        (stats.users if kind == USER else stats.rooms)[number] = made.history
        yield Entry(f"{kind}/{number}/history.json", sum(map(len, made.spans)), _read(histories, made.spans))


def _read(stream: BinaryIO, spans: Iterable[range]) -> Iterator[bytes]:
    for span in spans:
        stream.seek(span.start)
        yield from (stream.read(min(_CHUNK, span.stop - place)) for place in span[::_CHUNK])


def _upload(plan: Plan, stats: ExportStats, file: Upload, kind: str, directory: str) -> Iterator[Entry]:
    if EMPTY_FILE_STORE in plan.scenarios:
        return
    extension = file.path.rpartition(".")[2].lower()
    name = (file.number,)
    chunks = content(plan.seed, name, file.kind, file.size, file.subject, file.second)
    entry = Entry(directory + file.path, file.size, chunks)
    yield stats.file(kind, entry, extension if extension in SUFFIXES else "other")
    if file.thumbnail:
        preview = thumbnail(plan.seed, name, file.kind, file.size, file.subject)
        yield stats.file(kind, _entry(directory + file.thumbnail, preview))


def _entry(path: str, data: bytes) -> Entry:
    return Entry(path, len(data), iter([data]))
