"""``hcfmt corpus``: writes a conformance suite for importers."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hcfmt.cli.app import app
from hcfmt.cli.jobs import processes
from hcfmt.cli.options import Jobs
from hcfmt.cli.output import write_err
from hcfmt.cli.terminal import on_terminal
from hcfmt.extras import require_extra
from hcfmt.report.visible_text import visible

if TYPE_CHECKING:
    from hcfmt.corpus.suite import Progress


@app.command()
def corpus(
    directory: Annotated[str, typer.Argument(help="The directory to write: a new or an empty one.", metavar="DIR")],
    *,
    seed: Annotated[
        int, typer.Option(metavar="S", help="Another seed makes other archives of the same kinds.", min=0)
    ] = 1,
    only: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATTERN",
            help="Only cases whose paths match, such as 'valid/*'; may be given several times.",
            show_default="all",
        ),
    ] = None,
    jobs: Jobs = None,
    force: Annotated[bool, typer.Option("--force", help="Write to a directory that is not empty.")] = False,
) -> None:
    """Write a conformance suite: archives, and what an importer must do with each of them.

    It holds sound archives, one broken archive for each rule, and hostile archives.

    README.md in DIR describes the suite; run.sh in DIR runs an importer on all of it. The password is hipchat.

    Examples:
      hcfmt corpus suite
      hcfmt corpus suite --only 'hostile/*'
    """
    require_extra("generate")
    # This module imports the generator and the libraries that draw images.
    from hcfmt.corpus.suite import write_suite  # noqa: PLC0415 - see above

    with processes(jobs, pays=not only) as executor, _progress_bar() as progress:
        cases = write_suite(
            directory, seed=seed, only=tuple(only or ("*",)), force=force, progress=progress, executor=executor
        )
    write_err([f"{visible(str(Path(directory)))} written: {len(cases):,} {'case' if len(cases) == 1 else 'cases'}."])


@contextmanager
def _progress_bar() -> Iterator["Progress | None"]:
    """Yield a function that shows on a terminal how many cases are finished, None without a terminal."""
    if not on_terminal(sys.stderr):
        yield None
        return
    from rich.console import Console  # noqa: PLC0415 - only a terminal needs it
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415 - the same

    columns = (TextColumn("{task.description}", markup=False), BarColumn(None), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, expand=True) as bar:
        task = bar.add_task("")
        yield lambda done, total, path: bar.update(task, completed=done, total=total, description=path)
