"""Generates the members of an export in a fixed order, one after the other."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
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
from hcfmt.generation.kept_conversations import Kept
from hcfmt.generation.making import EMOTICON, PAIR, ROOM, USER, Made, Task, make, prepare
from hcfmt.generation.manifest import ExportStats
from hcfmt.generation.plan import Plan
from hcfmt.generation.scenarios import EMPTY_FILE_STORE
from hcfmt.generation.uploads import Upload, upload
from hcfmt.generation.world import World
from hcfmt.generation.world_building import build_world, read_world, write_world

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

_WORLD = "world"  # the name of its file
IN_FLIGHT = 64  # tasks that are done ahead of the one that is packed
# Ids in a task: to hand it over to another process, or to open its file, costs as much as to make some messages.
_TOGETHER = {EMOTICON: 8, USER: 8, ROOM: 1}
_PAIRS, _PAIRS_MESSAGES = 256, 10_000  # at most in a task, whose last pair may have more messages
_CHUNK = 1 << 18  # bytes


class _Work(NamedTuple):
    """A task in work: its file, and its result, None for a task of this process."""

    task: Task
    file: Path
    result: "Future[list[Made]] | None"


def members(plan: Plan, stats: ExportStats | None = None, executor: "Executor | None" = None) -> Iterator[Entry]:
    """Yield every member of a plan's export, and count them in ``stats`` if it is given.

    Private conversations are written to a private temporary directory first, because each stands in two histories;
    histories too, because the size of a member stands before its bytes in a tar. An executor does some tasks ahead;
    the bytes stay the same.
    """
    uploaded: dict[int, int] = {}  # the seconds of private uploads, which come last
    with temporary_directory() as directory:
        world = _world(plan, directory / _WORLD, executor)
        kept: dict[int, list[Kept]] = {user: [] for user in world.person}
        queue = _Queue(plan, directory, executor, is_counted=stats is not None)
        try:
            yield from _data_files(plan)
            for work, made in queue.results(_pair_tasks(world)):
                path = str(work.file)
                for number, one in zip(work.task.numbers, made, strict=True):
                    pair = world.pairs[number]
                    uploaded |= one.uploaded
                    if stats and one.counts and one.kept:
                        stats.pairs[pair] = one.counts.stats
                        stats.private_months.update(one.counts.months)
                    for user in {*pair}:
                        kept[user].append(Kept(path, one.kept))
            for work, made in queue.results(_member_tasks(world, kept)):
                with work.file.open("rb") as file:
                    for number, one in zip(work.task.numbers, made, strict=True):
                        yield from _made(plan, stats, work.task.kind, number, one, file)
        finally:  # running tasks must end before their directory is deleted
            queue.end()
    for quota in world.pair_quotas.values():
        for number in quota.uploads:
            yield from _upload(plan, stats, upload(plan, number, uploaded[number]), "private-file", "users/files/")


def _world(plan: Plan, file: Path, executor: "Executor | None") -> World:
    """Return the world of a plan; a process of an executor builds it and writes it to a file, another one prepares.

    So this process, which is the largest, does not hold what people talk with.
    """
    if not executor:
        return build_world(plan)
    built = executor.submit(write_world, plan, file)
    executor.submit(prepare, plan)
    try:
        built.result()
    except BaseException:
        if not built.cancel():
            built.exception()  # it ends before the directory of the file is deleted
        raise
    return read_world(plan, file)


def _data_files(plan: Plan) -> Iterator[Entry]:
    if plan.dialect == HC_MIGRATE:
        yield from (_entry(path, text) for path, text in data_files(build_world(plan)).items())
        return
    for path, parts in dialect_data_files(plan).items():
        yield from spooled(path, parts)


def _pair_tasks(world: World) -> Iterator[Task]:
    """Yield the tasks that make private conversations."""
    numbers, messages = list[int](), 0
    for number, pair in enumerate(world.pairs):
        numbers.append(number)
        messages += world.pair_quotas[pair].messages
        if len(numbers) == _PAIRS or messages >= _PAIRS_MESSAGES:
            yield Task(PAIR, numbers)
            numbers, messages = [], 0
    if numbers:
        yield Task(PAIR, numbers)


def _member_tasks(world: World, kept: dict[int, list[Kept]]) -> Iterator[Task]:
    """Yield the tasks that make members; the conversations of users are taken from ``kept``."""
    for kind, items in ((EMOTICON, world.emoticons), (USER, world.people), (ROOM, world.rooms)):
        size = _TOGETHER[kind]
        for begin in range(0, len(items), size):
            numbers = [item.id for item in items[begin : begin + size]]
            yield Task(kind, numbers, [kept.pop(number) for number in numbers] if kind == USER else ())


class _Queue:
    """Tasks in work: a bounded number is submitted ahead, and results are taken in order."""

    def __init__(self, plan: Plan, directory: Path, executor: "Executor | None", *, is_counted: bool) -> None:
        """Take the directory of the tasks' files; messages are counted if ``is_counted``."""
        self._plan, self._directory, self._executor = plan, directory, executor
        self._make = partial(make, is_counted=is_counted)
        self._world = str(directory / _WORLD)
        self._submitted: deque[_Work] = deque()
        self._created = 0
        # Files of packed histories, for the next ones: to create a file may take longer than to write a history.
        self._free: list[Path] = []

    def results(self, tasks: Iterator[Task]) -> Iterator[tuple[_Work, list[Made]]]:
        """Yield every task and what it has made, to be read before the next one; submit more tasks meanwhile.

        Files of private conversations stay for the histories.
        """
        self._submit(tasks)
        while self._submitted:
            work = self._submitted[0]
            made = work.result.result() if work.result else self._make(self._plan, work.task, str(work.file))
            self._submitted.popleft()
            self._submit(tasks)
            yield work, made
            if work.task.kind != PAIR:
                self._free.append(work.file)

    def _submit(self, tasks: Iterator[Task]) -> None:
        for task in islice(tasks, (IN_FLIGHT if self._executor else 1) - len(self._submitted)):
            file = self._free.pop() if self._free else self._new_file()
            self._submitted.append(_Work(task, file, self._begun(task, file)))

    def _begun(self, task: Task, file: Path) -> "Future[list[Made]] | None":
        if not self._executor:
            return None
        return self._executor.submit(self._make, self._plan, task, str(file), self._world)

    def _new_file(self) -> Path:
        self._created += 1
        file = self._directory / f"{self._created}.json"
        private_file(file).close()
        return file

    def end(self) -> None:
        """Cancel the tasks that have not begun, and wait for the others."""
        for result in [work.result for work in self._submitted if work.result and not work.result.cancel()]:
            result.exception()


def _made(
    plan: Plan, stats: ExportStats | None, kind: str, number: int, made: Made, stream: BinaryIO
) -> Iterator[Entry]:
    """Yield the members of an id, a room's after its uploads; their bytes are read from the file of its task."""
    if kind == ROOM:
        if stats and made.counts:
            stats.rooms[number] = made.counts.stats
            stats.room_months.update(made.counts.months)
        for place, second in sorted(made.uploaded.items()):
            yield from _upload(plan, stats, upload(plan, place, second), "room-file", f"rooms/{number}/files/")
    for path, span in made.pictures.items():
        yield _file(stats, "emoticon" if kind == EMOTICON else "avatar", _written(path, [span], stream))
    if made.spans:
        yield _written(f"{kind}/{number}/history.json", made.spans, stream)


def _written(path: str, spans: Sequence[range], stream: BinaryIO) -> Entry:
    return Entry(path, sum(map(len, spans)), _read(stream, spans))


def _read(stream: BinaryIO, spans: Iterable[range]) -> Iterator[bytes]:
    for span in spans:
        stream.seek(span.start)
        yield from (stream.read(min(_CHUNK, span.stop - place)) for place in span[::_CHUNK])


def _upload(plan: Plan, stats: ExportStats | None, file: Upload, kind: str, directory: str) -> Iterator[Entry]:
    if EMPTY_FILE_STORE in plan.scenarios:
        return
    extension = file.path.rpartition(".")[2].lower()
    name = (file.number,)
    chunks = content(plan.seed, name, file.kind, file.size, file.subject, file.second)
    entry = Entry(directory + file.path, file.size, chunks)
    yield _file(stats, kind, entry, extension if extension in SUFFIXES else "other")
    if file.thumbnail:
        preview = thumbnail(plan.seed, name, file.kind, file.size, file.subject)
        yield _file(stats, kind, _entry(directory + file.thumbnail, preview))


def _file(stats: ExportStats | None, kind: str, entry: Entry, extension: str = "") -> Entry:
    return stats.file(kind, entry, extension) if stats else entry


def _entry(path: str, data: bytes) -> Entry:
    return Entry(path, len(data), iter([data]))
