"""The report does not depend on slicing, on the executor, nor on the order in which tasks are done."""

import gc
import io
import json
import tarfile
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hcfmt import Budget, Exit, Options, Report, validate
from hcfmt.check import engine, pipeline, slice_check
from hcfmt.check.context import CheckContext
from hcfmt.check.facts import Facts
from hcfmt.check.reading import DataFile, Event
from hcfmt.check.slice_check import check_slice
from hcfmt.errors import WorkerLostError
from hcfmt.export import slices
from hcfmt.export.slices import Slice
from tests.support.checking import processes
from tests.support.executors import InOtherOrder
from tests.support.records import changed, private
from tests.support.slice_records import ENDS, RECORDS
from tests.support.synthetic import room, user

CANARY = "swordfish"
NESTED = json.dumps(changed(metadata=[{"UserMessage": {"k": {}}}] * 9))  # holds places that look like cuts


def packed(histories: dict[int, str], extra: dict[str, str] | None = None) -> bytes:
    """Return a tar of an export with these histories of rooms, and ``extra`` members after them."""
    others = {
        "emoticons.json": '{"Emoticons":[]}',
        "autojoins.json": '{"AutoJoins":[]}',
        "metadata.json": "{}",
        "preferences.json": "{}",
        "users.json": json.dumps([{"User": user(number)} for number in range(1, 9)]),
        "rooms.json": json.dumps([{"Room": room(number)} for number in histories]),
    }
    paths = {f"rooms/{number}/history.json": text for number, text in histories.items()}
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as tar:
        for name, text in {**others, **paths, **(extra or {})}.items():
            data = text.encode("utf-8", "surrogateescape")
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return stream.getvalue()


def check(data: bytes, executor: Executor | None = None, budget: Budget | None = None, in_flight: int = 3) -> Report:
    options = Options(executor=executor, budget=budget or Budget(), in_flight=in_flight)
    return validate(io.BytesIO(data), options)


def without_bytes_read(report: Report) -> dict[str, Any]:
    """Return a report without the bytes of the layers, which are more where more was read before a limit was met."""
    document = report.to_dict()["reports"][0]
    del document["inventory"]["layers"]
    return dict(document)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut slices and tasks so small that a short history has many."""
    monkeypatch.setattr(slices, "SLICE", 400)
    monkeypatch.setattr(pipeline, "TASK", 1000)
    monkeypatch.setattr(pipeline, "MOST_WAITING", 40)


@pytest.fixture
def shared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every slice a task of its own, so that none is left for the process that reads."""
    monkeypatch.setattr(pipeline, "TASK", 1)


def history(records: list[str], end: str = "]") -> str:
    return f"[{','.join(records)}{end}"


EXPORTS = st.tuples(
    st.lists(st.lists(st.sampled_from([*RECORDS, NESTED, NESTED]), max_size=12), min_size=1, max_size=5),
    st.sampled_from(["]", "]", "]", *ENDS]),
)


@settings(max_examples=40, deadline=None)
@given(
    export=EXPORTS,
    cut=st.sampled_from([0, 0, 0, 700, 5000]),
    goal=st.sampled_from([100, 400, 4000]),
    task=st.sampled_from([1, 1000, 10_000]),
    in_flight=st.sampled_from([1, 3, 100]),
    waiting=st.sampled_from([1, 10, 1000]),
    budget=st.sampled_from([Budget(), Budget(), Budget(references=12), Budget(record=600), Budget(values=30)]),
    seed=st.integers(0, 99),
)
@example(
    export=([[NESTED] * 12] * 5, "]"), cut=0, goal=400, task=1000, in_flight=3, waiting=1000, budget=Budget(), seed=1
)
@example(
    export=([[NESTED] * 12] * 5, "]x"), cut=700, goal=400, task=1, in_flight=100, waiting=1000, budget=Budget(), seed=1
)
def test_any_executor_gives_the_report_of_one_process(
    *,
    export: tuple[list[list[str]], str],
    cut: int,
    goal: int,
    task: int,
    in_flight: int,
    waiting: int,
    budget: Budget,
    seed: int,
) -> None:
    histories, end = export
    data = packed({number: history(records, end) for number, records in enumerate(histories, 1)}, {"x/../y": "z"})
    data = data[: len(data) - cut - (10_240 if cut else 0)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slices, "SLICE", goal)
        patch.setattr(pipeline, "TASK", task)
        patch.setattr(pipeline, "MOST_WAITING", waiting)
        alone = check(data, budget=budget)
        with InOtherOrder(seed) as executor:
            other = check(data, executor, budget, in_flight)
    assert without_bytes_read(other) == without_bytes_read(alone)


@pytest.mark.usefixtures("small")
def test_threads_and_processes_give_the_report_of_one_process() -> None:
    records = [RECORDS[number % len(RECORDS)] for number in range(200)]
    data = packed({1: history(records), 2: history([NESTED] * 60), 3: history(records, "]]"), 4: history(records)})
    alone = check(data)
    with ThreadPoolExecutor(3) as executor:
        assert check(data, executor) == alone
    with processes(2) as executor:
        assert check(data, executor) == alone


class Noting(InOtherOrder):
    """An executor that works only when somebody waits, and notes the tasks."""

    def __init__(self) -> None:
        """Begin with no task."""
        super().__init__()
        self.tasks: list[list[Slice]] = []
        self.most = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ANN401 - any call
        """Keep the task."""
        self.tasks.append(args[0])
        future = self.keep(fn, *args, **kwargs)
        self.most = max(self.most, self.waiting)
        return future


@pytest.mark.usefixtures("small")
def test_small_histories_share_a_task() -> None:
    data = packed({number: history([RECORDS[0]]) for number in range(1, 61)})
    executor = Noting()
    assert check(data, executor) == check(data)
    assert max(len({slice_.member for slice_ in task}) for task in executor.tasks) > 1
    assert len(executor.tasks) < 40


@pytest.mark.parametrize("in_flight", [1, 5])
@pytest.mark.usefixtures("small")
def test_reading_goes_on_while_tasks_run_and_what_is_read_beyond_a_bound_is_checked_here(in_flight: int) -> None:
    data = packed({number: history([RECORDS[0]] * 40) for number in range(1, 9)})
    executor = Noting()
    assert check(data, executor, in_flight=in_flight) == check(data)
    assert len(executor.tasks) > 10
    assert executor.most == in_flight
    sizes = [sum(len(slice_.text) for slice_ in task) for task in executor.tasks]
    assert max(sizes) < 2000


@pytest.mark.usefixtures("small")
def test_the_bytes_that_wait_are_bounded_whatever_the_number_of_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "MOST_BYTES", 3000)
    data = packed({number: history([RECORDS[0]] * 40) for number in range(1, 9)})
    executor = Noting()
    assert check(data, executor, in_flight=1000) == check(data)
    assert 1 < executor.most <= 3


@pytest.mark.parametrize(("inline", "tasks"), [(0, True), (3000, True), (1 << 30, False)])
@pytest.mark.usefixtures("small")
def test_the_first_bytes_are_checked_in_this_process(inline: int, *, tasks: bool) -> None:
    data = packed({number: history([RECORDS[0]] * 40) for number in range(1, 5)})
    executor = Noting()
    assert validate(io.BytesIO(data), Options(executor=executor, in_flight=1000, inline=inline)) == check(data)
    sent = sum(len(slice_.text) for task in executor.tasks for slice_ in task)
    everything = Noting()
    check(data, everything, in_flight=1000)
    total = sum(len(slice_.text) for task in everything.tasks for slice_ in task)
    assert max(0, total - inline) - 1000 <= sent <= max(0, total - inline)
    assert bool(executor.tasks) == tasks


@pytest.mark.usefixtures("small")
def test_of_a_large_file_all_is_shared_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(engine, "LARGE", 1000)
    (tmp_path / "a.tar").write_bytes(packed({number: history([RECORDS[0]] * 40) for number in range(1, 5)}))
    executor = Noting()
    validate(tmp_path / "a.tar", Options(executor=executor, in_flight=1000, inline=1 << 30))
    assert {slice_.member for task in executor.tasks for slice_ in task} >= {"users.json", "rooms/4/history.json"}


@pytest.mark.usefixtures("small")
def test_events_that_wait_for_a_task_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    most = 0
    original = pipeline.Pipeline._add  # noqa: SLF001 - the queue is private

    def noting(self: pipeline.Pipeline, event: Event) -> None:
        nonlocal most
        original(self, event)
        most = max(most, len(self._waiting))

    monkeypatch.setattr(pipeline.Pipeline, "_add", noting)
    data = packed({1: history([RECORDS[0]])}, {f"{number}.txt": "" for number in range(200)})
    assert check(data, Noting()) == check(data)
    assert most == pipeline.MOST_WAITING


@pytest.mark.usefixtures("small")
def test_a_file_that_was_read_to_its_end_is_cut_again_from_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    files: list[str] = []
    original = pipeline.Pipeline._check_rest  # noqa: SLF001 - no other sign of it

    def noting(self: pipeline.Pipeline, file: DataFile) -> Iterator[pipeline.FileFacts]:
        files.append(file.path)
        return original(self, file)

    data = packed({1: history([NESTED] * 9), 2: history([RECORDS[0]] * 9), 3: history([NESTED] * 9, "},")})
    alone = check(data)
    monkeypatch.setattr(pipeline.Pipeline, "_check_rest", noting)
    assert check(data, Noting(), in_flight=1000) == alone
    assert files == ["rooms/1/history.json", "rooms/3/history.json"]


def test_a_check_leaves_no_slices_and_tasks_in_cycles() -> None:
    data = packed({1: history([RECORDS[0]] * 9), 2: history([NESTED] * 9)})
    gc.collect()  # what other tests left
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        check(data)
        gc.collect()
        kept = {type(item).__name__ for item in gc.garbage if type(item).__module__.startswith("hcfmt.")}
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
    assert not kept


@pytest.mark.parametrize("references", [35, 38])
@pytest.mark.usefixtures("small")
def test_what_the_end_of_a_file_adds_counts_towards_a_limit_in_any_process(
    references: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first task ends inside the first record of a history: that is cut again, here or in the next task."""
    monkeypatch.setattr(pipeline, "TASK", 4000)
    looks_cut = private(1, 2, 1, mentions=[{"PrivateUserMessage": {"k": {}}}] * 9)
    partners = [private(1, number, number) for number in range(2, 6)]
    data = packed({1: history([RECORDS[0]] * 16)}, {"users/1/history.json": history([looks_cut, *partners])})
    budget = Budget(references=references)
    alone = check(data, budget=budget)
    with ThreadPoolExecutor(1) as executor:
        other = check(data, executor, budget, in_flight=100)
    assert alone.exit is Exit.INCOMPLETE
    assert without_bytes_read(other) == without_bytes_read(alone)


class Failing(Executor):
    """An executor that fails, when a task is submitted or when its result is asked for."""

    def __init__(self, error: Exception, *, at_once: bool) -> None:
        """Take the error, and whether submitting raises it."""
        self._error = error
        self._at_once = at_once

    def submit(self, *_: Any, **__: Any) -> Future[Any]:  # noqa: ANN401 - any call
        """Fail."""
        if self._at_once:
            raise self._error
        future: Future[Any] = Future()
        future.set_exception(self._error)
        return future


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.usefixtures("shared")
def test_an_executor_that_fails_is_an_internal_error_and_named(at_once: bool) -> None:  # noqa: FBT001 - a column of the table
    data = packed({1: history([RECORDS[0]] * 9)})
    report = check(data, Failing(BrokenExecutor(f"{CANARY} is broken"), at_once=at_once))
    assert report.exit is Exit.INTERNAL
    found = [finding for finding in report.findings if finding.code == "HCX02"]
    assert len(found) == 7
    assert all("BrokenExecutor" in finding.message for finding in found)
    assert CANARY not in json.dumps(report.to_dict())


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.usefixtures("shared")
def test_a_lost_worker_leaves_no_report(at_once: bool) -> None:  # noqa: FBT001 - a column of the table
    with pytest.raises(WorkerLostError):
        check(packed({1: history([])}), Failing(WorkerLostError(), at_once=at_once))


@pytest.mark.usefixtures("shared")
def test_a_worker_without_memory_is_a_limit_that_was_reached() -> None:
    report = check(packed({1: history([])}), Failing(MemoryError(), at_once=False))
    assert (report.exit, report.totals) == (Exit.INCOMPLETE, {"HCX01": 1})


@pytest.mark.usefixtures("small")
def test_a_crash_in_one_slice_concerns_its_file_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def crashes(slice_: Slice, context: CheckContext) -> tuple[Facts, int | None]:
        if slice_.member == "rooms/2/history.json" and slice_.byte > 1000:
            raise ZeroDivisionError(CANARY)
        return check_slice(slice_, context)

    monkeypatch.setattr(slice_check, "check_slice", crashes)
    data = packed({number: history([RECORDS[0]] * 9) for number in range(1, 4)})
    report = check(data, Noting())
    assert report == check(data)
    assert [finding.location.member for finding in report.findings if finding.code == "HCX02"] == [
        "rooms/2/history.json"
    ]


def test_tasks_are_cancelled_when_the_input_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    class Unplugged(io.BytesIO):
        """A file on a disk that is unplugged."""

        def read(self, size: int | None = -1) -> bytes:
            if self.tell() > 60_000:
                raise KeyboardInterrupt
            return super().read(min(size or 0, 20_000))

        read1 = read

    monkeypatch.setattr(pipeline, "TASK", 1000)
    executor = Noting()
    with pytest.raises(KeyboardInterrupt):
        validate(Unplugged(packed({1: history([RECORDS[0]] * 400)})), Options(executor=executor))
    assert executor.tasks
    assert executor.waiting == 0
