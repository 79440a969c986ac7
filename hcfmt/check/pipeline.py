"""Checks slices in tasks while the archive is read on; what comes out is in the order of the archive.

Slices of one file or of several are gathered in a task of about 4 MiB, which an executor runs; while it has enough to
do, the next task runs here, as do all tasks without an executor and the first ones of an archive.
"""

from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from hcfmt.check.context import CheckContext
from hcfmt.check.facts import Facts, Tally
from hcfmt.check.reading import DataFile, Event, FileSlice
from hcfmt.check.slice_check import Checked, check_slices
from hcfmt.errors import HcfmtError
from hcfmt.export.slices import Slice

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

TASK = 4 << 20  # bytes of slices in one task: most histories are whole in one, and so complete before they are merged
MOST_BYTES = 64 << 20  # of the slices that wait for results, so that memory stays bounded
MOST_WAITING = 1 << 14  # events that wait for results, so that memory stays bounded


class FileFacts(Struct, frozen=True):
    """Facts of the next slices of the data file that began last."""

    facts: Facts


class _Task(Struct, eq=False):
    """Slices that are checked together.

    ``parts`` are there until the task runs: a task that kept them would keep their slices in a cycle of references.
    ``results`` holds one result for each part, once they are known; ``error`` is the type of an exception that came in
    their place.
    """

    parts: "list[_Part]" = []
    size: int = 0
    future: "Future[list[Checked]] | None" = None
    results: list[Checked] | None = None
    error: str | None = None

    @property
    def is_done(self) -> bool:
        """Whether the results need not be waited for."""
        if self.future:
            return self.future.done()
        return self.results is not None or self.error is not None


class _Part(Struct, eq=False):
    """Consecutive slices of one data file in one task; none are left where they have to be cut again."""

    file: DataFile
    task: _Task
    slices: list[Slice]
    number: int = 0  # of the part in its task


class Pipeline:
    """Checks the slices among the events of one archive; call ``run`` once."""

    def __init__(self, context: CheckContext, executor: "Executor | None", in_flight: int, inline: int = 0) -> None:
        """Take the settings of the check, the executor, if any, and the number of tasks that it is given at a time.

        The first ``inline`` bytes of slices are checked here.
        """
        self._context = context
        self._executor = executor
        self._in_flight = max(1, in_flight)
        self._most_bytes = min(2 * (self._in_flight + 1) * TASK, MOST_BYTES)
        self._futures: list[Future[list[Checked]]] = []  # that the executor may not have run yet
        self._inline = inline
        self._waiting: deque[Event | _Part] = deque()
        self._bytes = 0  # of the slices that wait
        self._open = _Task()  # the task that is not submitted yet

    def run(self, events: Iterator[Event]) -> Iterator[Event | FileFacts]:
        """Yield the events, with facts in place of slices. An exception of ``events`` is raised at its place."""
        failure = None
        try:
            while failure is None:
                try:
                    event = next(events, None)
                except Exception as error:  # noqa: BLE001 - it is raised below
                    failure = error
                else:
                    if event is None:
                        break
                    self._add(event)
                while self._waiting and self._is_due():
                    yield from self._next()
            while self._waiting:
                yield from self._next()
            if failure:
                raise failure
        finally:
            self._cancel()

    def _add(self, event: Event) -> None:
        """Let an event wait for its turn; a slice becomes part of the open task."""
        if not isinstance(event, FileSlice):
            self._waiting.append(event)
            return
        last = self._waiting[-1] if self._waiting else None
        if isinstance(last, _Part) and last.task is self._open:
            last.slices.append(event.slice_)
        else:
            part = _Part(event.file, self._open, [event.slice_])
            self._open.parts.append(part)
            self._waiting.append(part)
        self._open.size += len(event.slice_.text)
        self._bytes += len(event.slice_.text)
        if self._open.size >= TASK:
            self._submit()

    def _is_due(self) -> bool:
        """Whether the first event need not wait, or reading has to wait for it."""
        first = self._waiting[0]
        if not isinstance(first, _Part) or not first.slices or first.task.is_done:
            return True
        return self._bytes >= self._most_bytes or len(self._waiting) >= MOST_WAITING

    def _next(self) -> Iterator[Event | FileFacts]:
        """Yield the first event, or the facts of the first slices."""
        first = self._waiting.popleft()
        if not isinstance(first, _Part):
            yield first
        elif first.slices:
            self._bytes -= _size(first.slices)
            checked = self._result(first)
            goes_back = self._go_back(first.file, first.slices, checked)
            yield FileFacts(checked.facts)
            if goes_back and first.file.is_read:
                yield from self._check_rest(first.file)

    def _check_rest(self, file: DataFile) -> Iterator[FileFacts]:
        """Cut and check here what is left of a file that was read to its end; its bytes are still held."""
        for slice_ in file.slices():
            (checked,) = check_slices([slice_], self._context)
            self._go_back(file, [slice_], checked)
            yield FileFacts(checked.facts)

    def _go_back(self, file: DataFile, slices: list[Slice], checked: Checked) -> bool:
        """Go back to the record that checked slices end inside; return whether there is one.

        The slices after it are cut again. Where the check of the file is over, they are dropped.
        """
        is_over = checked.facts.stopped or checked.error is not None
        if checked.rest is None and not is_over:
            return False
        later = slices[checked.count :] + self._withdraw(file)
        if is_over:
            file.end(checked.error)
        elif checked.rest is not None:
            file.slicer.unread(slices[checked.count - 1], checked.rest, later)
        return not is_over

    def _withdraw(self, file: DataFile) -> list[Slice]:
        """Return the slices of a file that wait, which wait no longer."""
        slices: list[Slice] = []
        for part in self._waiting:
            if isinstance(part, _Part) and part.file is file:
                slices += part.slices
                part.task.size -= _size(part.slices)
                part.slices = []
        self._bytes -= _size(slices)
        return slices

    def _submit(self, *, here: bool = False) -> None:
        """Have the open task run, in this process if ``here`` is set."""
        task, self._open = self._open, _Task()
        parts, task.parts = [part for part in task.parts if part.slices], []
        for number, part in enumerate(parts):
            part.number = number
        slices = [slice_ for part in parts for slice_ in part.slices]
        if self._executor is None or here or self._inline > 0 or self._is_busy():
            self._inline -= task.size
            task.results = check_slices(slices, self._context)
            return
        try:
            task.future = self._executor.submit(check_slices, slices, self._context)
            self._futures.append(task.future)
        except (HcfmtError, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001 - the executor is broken, which becomes a finding
            task.error = type(error).__name__

    def _is_busy(self) -> bool:
        """Whether the executor has as many tasks as it is given at a time."""
        self._futures = [future for future in self._futures if not future.done()]
        return len(self._futures) >= self._in_flight

    def _result(self, part: _Part) -> Checked:
        """Return the result of a part; wait for it if need be. Raises WorkerLostError and MemoryError."""
        task = part.task
        if task is self._open:  # reading has ended or waits, so that nothing else is to be done here
            self._submit(here=True)
        if task.future and task.results is None and task.error is None:
            try:
                task.results = task.future.result()
            except (HcfmtError, MemoryError):
                raise
            except Exception as error:  # noqa: BLE001 - as above
                task.error = type(error).__name__
        if task.results:
            return task.results[part.number]
        return Checked(Facts(Tally(self._context.keep)), len(part.slices), error=task.error)

    def _cancel(self) -> None:
        """Cancel the tasks that nobody waits for any more."""
        for part in self._waiting:
            if isinstance(part, _Part) and part.task.future:
                part.task.future.cancel()


def _size(slices: list[Slice]) -> int:
    return sum(len(slice_.text) for slice_ in slices)
