"""``hcfmt diff``: compares two exports record by record."""

import sys
from typing import Annotated

import typer
from msgspec.structs import replace

from hcfmt.cli.app import app
from hcfmt.cli.choices import choice, listed
from hcfmt.cli.limits import limited
from hcfmt.cli.options import Digest, Password, PasswordFile, digests_to_try
from hcfmt.cli.output import write_out
from hcfmt.cli.password import password_source
from hcfmt.cli.progress import progress_bar
from hcfmt.cli.terminal import style_of
from hcfmt.container import STDIN, Budget
from hcfmt.differences.engine import diff as compare
from hcfmt.differences.result import Differences
from hcfmt.differences.side_reading import DiffOptions
from hcfmt.differences.text import render
from hcfmt.errors import UsageError
from hcfmt.report.text_style import Detail, json_text

MOST = 100_000  # places and records that can be listed
_EXPORT = "An archive, a directory, or - for standard input."


def _text(found: Differences, limit: int, detail: Detail) -> None:
    write_out(render(found, limit, replace(style_of(sys.stdout), detail=detail)))


def _json(found: Differences, _: int, __: Detail) -> None:
    write_out(json_text(found.to_dict(), 2).split("\n"))


FORMATS = {"text": _text, "json": _json}
"""Functions that print a result, by the name of their format."""


@app.command(
    epilog="Exit status: 0 equal, 1 different, 2 trouble (wrong usage, or not all of both exports could be compared, "
    "and the report says what was), 4 internal error, 130 interrupted."
)
@limited
def diff(
    a: Annotated[str, typer.Argument(help=f"The first export. {_EXPORT}", metavar="A")],
    b: Annotated[str, typer.Argument(help=f"The second, usually later export. {_EXPORT}", metavar="B")],
    *,
    output: Annotated[
        str,
        typer.Option(
            "--format", "-f", metavar="FORMAT", help=f"{listed(FORMATS)}.", **choice("format", lambda: FORMATS)
        ),
    ] = "text",
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="List each record that differs.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say only whether the exports differ.")] = False,
    limit: Annotated[
        int,
        typer.Option(metavar="N", help="Rooms that are listed, and records of each room and change.", min=1, max=MOST),
    ] = 10,
    show_values: Annotated[
        bool, typer.Option("--show-values", help="Show the values that differ, and names of files.")
    ] = False,
    password: Password = None,
    password_file: PasswordFile = None,
    digest: Digest = None,
    budget: Budget,
) -> None:
    """Compare two exports: what B has, lacks or changed of users, rooms, messages and files.

    Records are compared by their ids, in whatever containers, dialects and order the exports are. 'hcfmt compare'
    compares the counts of an importer with an archive.

    Text of the archives is hidden without --show-values.

    If the passwords of A and B differ, write each in a line of --password-file.

    Examples:
      hcfmt diff monday.tar.gz.aes friday.tar.gz.aes
      hcfmt diff -v --limit 100 monday.tar.gz.aes unpacked/
      hcfmt diff --format json a.tar.gz b.tar.gz | jq '.sections[].removed'
    """
    if a == b == STDIN:
        raise UsageError("A and B cannot both be standard input: name one of the files.")
    if verbose and quiet:
        raise UsageError("Give --verbose or --quiet, not both.")
    with progress_bar() as watch:
        options = DiffOptions(
            password_source(password, password_file), digests_to_try(digest), budget, limit, show_values, watch
        )
        found = compare(a, b, options, stdin=sys.stdin.buffer)
    FORMATS[output](found, limit, Detail.VERBOSE if verbose else Detail.QUIET if quiet else Detail.NORMAL)
    raise typer.Exit(found.exit)
