"""What the commands that read members share: opening the archive, and saying in the end what could not be read."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from hcfmt.check.catalogue import LOSSES
from hcfmt.cli.output import write_err
from hcfmt.cli.progress import Watch, progress_bar
from hcfmt.cli.terminal import on_terminal
from hcfmt.errors import Defect
from hcfmt.exits import Exit
from hcfmt.report.visible_text import visible

EPILOG = (
    "Exit status: 0 the archive was read to its end, 2 wrong usage, 3 incomplete (the archive is damaged, or a limit "
    "was reached), 4 internal error, 130 interrupted."
)


def reading_status(fault: Defect | None, defects: Iterable[Defect]) -> Exit:
    """Return the exit status of reading an archive to its end, by the defects found."""
    return Exit.INCOMPLETE if _losses(fault, defects) else Exit.VALID


def report_losses(fault: Defect | None, defects: Iterable[Defect]) -> Exit:
    """Print the defects for which an archive was not read whole, and return the exit status."""
    losses = _losses(fault, defects)
    write_err(f"hcfmt: {defect.kind}: {visible(defect.message)}" for defect in losses)
    return reading_status(fault, losses)


def _losses(fault: Defect | None, defects: Iterable[Defect]) -> list[Defect]:
    return [*([fault] if fault else []), *(defect for defect in defects if defect.kind in LOSSES)]


@contextmanager
def progress_beside_output() -> Iterator[Watch | None]:
    """Yield what shows progress, None where standard output is a terminal too, which the lines of both would share."""
    if on_terminal(sys.stdout):
        yield None
        return
    with progress_bar() as watch:
        yield watch
