"""Slices of one data file on their way through the check, in this process or in others; results come in order."""

from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING

from hcfmt.check.context import CheckContext
from hcfmt.check.facts import Facts
from hcfmt.check.slice_check import check_slice
from hcfmt.container import Budget
from hcfmt.errors import Fault
from hcfmt.export.slices import Slice, Slicer

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

IN_FLIGHT, IN_FLIGHT_BYTES = 8, 2 << 20  # slices that an executor holds at a time, so that memory stays bounded

_Pending = tuple[Slice, "Future[tuple[Facts, int | None]] | None"]


class SliceQueue:
    """Checks the slices of one data file, several at a time with an executor, else one after another here.

    ``fault`` is the fault that ended the reading of the file, if any did; all slices before it are checked.
    """

    def __init__(self, slicer: Slicer, context: CheckContext, budget: Budget, executor: "Executor | None") -> None:
        """Take the source of the slices, the settings of the check, its limits, and the executor if there is one."""
        self.fault: Fault | None = None
        self._slicer = slicer
        self._context = context
        self._budget = budget
        self._executor = executor
        self._pending: deque[_Pending] = deque()

    def results(self) -> Iterator[Facts]:
        """Yield the facts of each slice, in the order of the file."""
        while True:
            try:
                if not self.fault:
                    self._budget.spend_time()
                    self._submit()
            except Fault as fault:
                self.fault = fault
            if not self._pending:
                return
            slice_, future = self._pending.popleft()
            facts, rest = future.result() if future else check_slice(slice_, self._context)
            if rest is not None:
                self._slicer.unread(slice_, rest, [later for later, _ in self._pending])
                self._pending.clear()
            yield facts

    def _submit(self) -> None:
        """Fill the queue up to its limits, but with at least one slice."""
        limit = IN_FLIGHT if self._executor else 1
        while len(self._pending) < limit and sum(len(slice_.text) for slice_, _ in self._pending) < IN_FLIGHT_BYTES:
            slice_ = self._slicer.next_slice()
            if slice_ is None:
                return
            future = self._executor.submit(check_slice, slice_, self._context) if self._executor else None
            self._pending.append((slice_, future))
