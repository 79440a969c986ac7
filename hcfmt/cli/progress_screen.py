"""Draws lines of progress with rich, whose import takes longer than most runs."""

from collections.abc import Callable, Sequence

from rich.console import Console
from rich.live import Live
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Column, Table
from rich.text import Text

from hcfmt.cli.progress_line import Line, end_of
from hcfmt.report.visible_text import visible

_MOST_CHARACTERS = 44  # of a text; its end is shown


class _Only(ProgressColumn):
    """A column that is empty for some lines."""

    def __init__(self, column: ProgressColumn, needs: Callable[[Line], bool]) -> None:
        super().__init__()
        self.max_refresh = column.max_refresh
        self._column = column
        self._needs = needs

    def get_table_column(self) -> Column:
        """Return the layout of the column."""
        return self._column.get_table_column()

    def render(self, task: Task) -> Text:
        """Return the cell of a line."""
        return self._column.render(task) if self._needs(task.fields["line"]) else Text()  # type: ignore[return-value]


class Screen:
    """Lines at the bottom of the terminal of standard error; ``stop`` removes them, ``start`` shows them again."""

    def __init__(self, lines: Callable[[], Sequence[Line]]) -> None:
        """Take the function that returns the lines, which is called several times a second."""
        self._lines = lines
        self._tasks: dict[Line, TaskID] = {}
        console = Console(stderr=True)
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            _Only(BarColumn(None), lambda line: line.is_busy),
            _Only(DownloadColumn(), _is_read),
            _Only(TimeRemainingColumn(), _is_read),
            console=console,
            expand=True,
        )
        self._live = Live(console=console, get_renderable=self._draw, transient=True)

    def start(self) -> None:
        """Show the lines."""
        self._live.start(refresh=True)

    def stop(self) -> None:
        """Remove the lines."""
        self._live.stop()

    def _draw(self) -> Table:
        lines = self._lines()
        for line in self._tasks.keys() - lines:
            self._progress.remove_task(self._tasks.pop(line))
        for line in lines:
            self._update(line)
        tasks = {task.id: task for task in self._progress.tasks}
        return self._progress.make_tasks_table([tasks[self._tasks[line]] for line in lines])

    def _update(self, line: Line) -> None:
        if line not in self._tasks:
            self._tasks[line] = self._progress.add_task("", total=None, line=line)
        readable = line.readable
        self._progress.update(
            self._tasks[line],
            description=end_of(visible(line.text), _MOST_CHARACTERS),
            total=readable.size if readable else None,
            completed=readable.bytes_read if readable else 0,
        )


def _is_read(line: Line) -> bool:
    return line.is_busy and line.readable is not None
