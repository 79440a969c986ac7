"""Progress over the inputs of one run: a line for each that is being checked, and for the last that are finished."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from hcfmt.cli.password import Prompt
from hcfmt.cli.progress_display import Display
from hcfmt.cli.progress_line import Line, Readable, end_of
from hcfmt.container import ArchiveInput, Password, input_name
from hcfmt.verdict import Report

if TYPE_CHECKING:
    from concurrent.futures import Future

MOST_INPUTS = 7  # lines of inputs, above the line that counts them
_MOST_CHARACTERS = 32  # of a name; its end is shown


class _InputLine(Line):
    """Line of one input; ``future`` holds its report if it is checked in another process."""

    def __init__(self, name: str, future: "Future[Report] | None") -> None:
        super().__init__(end_of(name, _MOST_CHARACTERS))
        self._name = self.text
        self._future = future

    @property
    def has_begun(self) -> bool:
        """Whether the input is being checked, or is finished."""
        if self._future is None:
            return not self.is_busy or self.readable is not None
        return self._future.done() or self._future.running()

    def finish(self, report: Report) -> None:
        """Show the verdict."""
        self.text, self.is_busy = f"{self._name}: {report.verdict}", False

    def poll(self) -> None:
        """Show the verdict if the other process has sent it."""
        future = self._future
        if future and future.done() and not future.cancelled() and not future.exception():
            self.finish(future.result())


class InputLines:
    """Lines of the inputs of one run, in their order; names are those of reports, without secrets of URLs."""

    def __init__(self, total: int, display: Display) -> None:
        """Take the number of inputs, and where lines are shown from the first input on."""
        self._total = total
        self._display = display
        self._lines: list[_InputLine] = []  # of the inputs that were begun, without finished ones that are long gone
        self._next = 0  # index of the line whose report comes next
        self._finished = 0

    def asking(self, password: Password) -> Password:
        """Return the password; while a function asks for it, nothing is shown."""
        return self._display.asking(password) if isinstance(password, Prompt) else password

    def begin(self, archive: ArchiveInput, future: "Future[Report] | None") -> None:
        """Add the next input, with the future of its report if it is checked in another process."""
        self._lines.append(_InputLine(input_name(archive), future))
        if future:
            self._display.start(self.lines)

    def read(self, readable: Readable) -> Callable[[str], None]:
        """Show the bytes of the input that is read here; the returned function takes the path of a member."""
        if self._total == 1:
            return self._display.watch(readable)
        self._lines[self._next].readable = readable
        self._display.start(self.lines)
        return lambda _: None

    def finish(self, report: Report) -> None:
        """Show the verdict of the next input."""
        self._lines[self._next].finish(report)
        self._finished += 1
        self._next += 1
        if self._next > MOST_INPUTS:
            self._next -= 1
            del self._lines[0]

    def lines(self) -> Sequence[Line]:
        """Return the first inputs that are being checked, as many finished ones as have room, and their number."""
        begun = [line for line in tuple(self._lines) if line.has_begun]
        for line in begun:
            line.poll()
        busy = [line for line in begun if line.is_busy][:MOST_INPUTS]
        finished = [line for line in begun if not line.is_busy]
        shown = {*busy, *finished[max(0, len(finished) + len(busy) - MOST_INPUTS) :]}
        count = Line(f"{self._finished:,} of {self._total:,} inputs", is_busy=False)
        return [*(line for line in begun if line in shown), count]
