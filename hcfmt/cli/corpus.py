"""``hcfmt corpus``: a suite with which any importer can be tried."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hcfmt.cli.app import app
from hcfmt.cli.output import on_terminal, write_err
from hcfmt.extras import require_extra
from hcfmt.report.text_style import visible

if TYPE_CHECKING:
    from hcfmt.corpus.corpus import Progress


@app.command()
def corpus(
    directory: Annotated[str, typer.Argument(help="Where to write it: a new or an empty directory.", metavar="DIR")],
    *,
    seed: Annotated[
        int, typer.Option(metavar="S", help="Another seed makes other archives of the same kinds.", min=0)
    ] = 1,
    only: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATTERN",
            help="Only the cases whose paths match, as in 'valid/*'; may be given several times.",
            show_default="all",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write to a directory that holds something already.")] = False,
) -> None:
    """Write archives for trying importers in any language, and what to expect of each.

    There are sound ones, one for each rule that can be broken, and some that are made to do harm.

    README.md in DIR tells more; run.sh in DIR tries a command on all of them. The password is hipchat.

    Examples:
      hcfmt corpus suite
      hcfmt corpus suite --only 'hostile/*'
    """
    require_extra("generate")
    # Brings in both sides, and all that draws pictures.
    from hcfmt.corpus.corpus import corpus as make  # noqa: PLC0415 - see above

    with _shown() as progress:
        told = make(directory, seed=seed, only=tuple(only or ("*",)), force=force, progress=progress)
    write_err([f"{visible(str(Path(directory)))} written: {len(told):,} {'case' if len(told) == 1 else 'cases'}."])


@contextmanager
def _shown() -> Iterator["Progress | None"]:
    """Give a function that shows on a terminal how many cases are made; None elsewhere."""
    if not on_terminal(sys.stderr):
        yield None
        return
    from rich.console import Console  # noqa: PLC0415 - only a terminal needs it
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415 - the same

    columns = (TextColumn("{task.description}", markup=False), BarColumn(None), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, expand=True) as bar:
        task = bar.add_task("")
        yield lambda done, total, path: bar.update(task, completed=done, total=total, description=path)
