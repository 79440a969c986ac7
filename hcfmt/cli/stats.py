"""``hcfmt stats``: what an archive holds, in numbers."""

import sys
from typing import Annotated, Literal

import typer

from hcfmt.check.engine import Options
from hcfmt.check.engine import validate as check
from hcfmt.check.rules import RULES
from hcfmt.cli.app import app
from hcfmt.cli.limits import limited
from hcfmt.cli.options import Digest
from hcfmt.cli.output import style_of, write_err, write_out
from hcfmt.cli.password import Password, PasswordFile, password_source
from hcfmt.cli.progress import progress_bar
from hcfmt.container import DIGESTS, Budget
from hcfmt.report import stats as numbers
from hcfmt.report.tables import ASCII, BLOCKS
from hcfmt.verdict import Report, exit_status


@app.command(
    epilog="Exit status: 0 all was read, whatever was found in it, 2 wrong usage, 3 incomplete (the numbers cover only "
    "what could be read), 4 internal error, 130 interrupted."
)
@limited
def stats(
    archive: Annotated[
        str, typer.Argument(help="An archive, a directory, or - for standard input.", metavar="ARCHIVE")
    ],
    *,
    output: Annotated[
        Literal["text", "json", "markdown"],
        typer.Option(
            "--format", "-f", metavar="FORMAT", help="How to write them: text, json (all there is) or markdown."
        ),
    ] = "text",
    top: Annotated[
        int,
        typer.Option(metavar="N", help="How many rooms and types of files are listed.", min=1, max=numbers.MOST_ROOMS),
    ] = 10,
    show_values: Annotated[
        bool, typer.Option("--show-values", help="Show text of the archive: the rooms' names.")
    ] = False,
    password: Password = None,
    password_file: PasswordFile = None,
    digest: Digest = None,
    budget: Budget,
) -> None:
    """Say in numbers what an archive holds: people, rooms, messages by month, files by type.

    It reads all of the archive once, as 'hcfmt validate' does, which says what is wrong with it.

    No text of the archive is shown unless asked for.

    Examples:
      hcfmt stats export.tar.gz.aes
      hcfmt stats --format markdown --top 20 --show-values export.tar.gz.aes > export.md
      hcfmt stats --format json export.tar.gz.aes | jq .inventory.months
    """
    with progress_bar() as watch:
        options = Options(
            password=password_source(password, password_file),
            digests=(digest,) if digest else DIGESTS,
            budget=budget,
            keep=1,
            show_values=show_values,
            watch=watch,
        )
        report = check(archive, options, stdin=sys.stdin.buffer)
    why = _why(report)
    if output == "json":
        write_out(numbers.document(report))
        write_err(numbers.caveat(report, why))
    elif output == "markdown":
        write_out(numbers.markdown(report, why, top))
    else:
        write_out(numbers.text(report, why, top, style_of(sys.stdout), _blocks()))
    raise typer.Exit(exit_status([report], exit_zero=True))


def _why(report: Report) -> str:
    """Say what kept an incomplete report from covering everything: the finding, or what ought to have been there."""
    faults = [finding for finding in report.findings if RULES[finding.code].fault or RULES[finding.code].damage]
    for finding in sorted(faults, key=lambda one: RULES[one.code].damage):
        return f"{finding.code} {finding.name}: {finding.message}"
    absent = (entry.reason for entry in report.ledger if RULES[entry.code].ought and not entry.examined)
    return f"{reason}." if (reason := next(absent, None)) else ""


def _blocks() -> str:
    """Return what bars are made of: what standard output's encoding has."""
    try:
        BLOCKS.encode(sys.stdout.encoding)
    except UnicodeEncodeError:
        return ASCII
    return BLOCKS
