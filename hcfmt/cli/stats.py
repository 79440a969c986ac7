"""``hcfmt stats``: counts what an archive holds."""

import sys
from typing import Annotated

import typer
from msgspec.structs import replace

from hcfmt.check.engine import Options
from hcfmt.check.engine import validate as check
from hcfmt.cli.app import app
from hcfmt.cli.choices import choice, listed
from hcfmt.cli.jobs import process_options
from hcfmt.cli.limits import limited
from hcfmt.cli.options import Digest, Jobs, Password, PasswordFile, digests_to_try
from hcfmt.cli.output import write_err, write_out
from hcfmt.cli.password import password_source
from hcfmt.cli.progress import progress_bar
from hcfmt.cli.terminal import style_of
from hcfmt.container import Budget
from hcfmt.report import stats as numbers
from hcfmt.report.inventory_tables import MOST
from hcfmt.report.tables import ASCII, BLOCKS
from hcfmt.report.text_style import json_text
from hcfmt.verdict import Report, exit_status


def _text(report: Report, top: int) -> None:
    write_out(numbers.text(report, top, style_of(sys.stdout), _blocks()))


def _json(report: Report, _: int) -> None:
    write_out(json_text(numbers.document(report), 2).split("\n"))
    write_err(numbers.caveat(report))


def _markdown(report: Report, top: int) -> None:
    write_out(numbers.markdown(report, top))


FORMATS = {"text": _text, "json": _json, "markdown": _markdown}
"""Functions that print a report's numbers, by the name of their format."""


@app.command(
    epilog="Exit status: 0 everything was read, whatever was found, 2 wrong usage, 3 incomplete (the numbers cover "
    "only what could be read), 4 internal error, 130 interrupted."
)
@limited
def stats(
    archive: Annotated[
        str, typer.Argument(help="An archive, a directory, or - for standard input.", metavar="ARCHIVE")
    ],
    *,
    output: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help=f"Output format: {listed(FORMATS)}; json holds every number.",
            **choice("format", lambda: FORMATS),
        ),
    ] = "text",
    top: Annotated[
        int,
        typer.Option(metavar="N", help="Rooms, users and file types listed.", min=1, max=MOST),
    ] = 10,
    show_values: Annotated[bool, typer.Option("--show-values", help="Show the names of rooms and users.")] = False,
    jobs: Jobs = None,
    password: Password = None,
    password_file: PasswordFile = None,
    digest: Digest = None,
    budget: Budget,
) -> None:
    """Count what an archive holds: users, rooms, messages by month and hour, files by type.

    The whole archive is read once, as by 'hcfmt validate', which reports what is wrong with it.

    Text of the archive is hidden without --show-values.

    Examples:
      hcfmt stats export.tar.gz.aes
      hcfmt stats --format markdown --top 20 export.tar.gz.aes > export.md
      hcfmt stats --format json export.tar.gz.aes | jq .inventory.months
    """
    options = Options(
        password=password_source(password, password_file),
        digests=digests_to_try(digest),
        budget=budget,
        keep=1,
        show_values=show_values,
    )
    with process_options(options, jobs, archives=1) as shared, progress_bar() as watch:
        report = check(archive, replace(shared, watch=watch), stdin=sys.stdin.buffer)
    FORMATS[output](report, top)
    raise typer.Exit(exit_status([report], exit_zero=True))


def _blocks() -> str:
    """Return the characters of bars: block characters if standard output's encoding has them, else ASCII."""
    try:
        BLOCKS.encode(sys.stdout.encoding)
    except UnicodeEncodeError:
        return ASCII
    return BLOCKS
