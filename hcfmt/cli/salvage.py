"""``hcfmt salvage``: saves what is whole of a damaged archive, as a sound one."""

import json
import sys
from contextlib import nullcontext
from typing import Annotated

import typer

import hcfmt
from hcfmt.cli.app import app
from hcfmt.cli.choices import choice, listed
from hcfmt.cli.limits import limited
from hcfmt.cli.options import Digest, Force, NewArchive, Password, PasswordFile, digests_to_try
from hcfmt.cli.output import write_err, write_out
from hcfmt.cli.output_paths import named_inputs
from hcfmt.cli.password import password_source
from hcfmt.cli.progress import progress_bar
from hcfmt.container import Budget
from hcfmt.container.atomic_write import atomic_file
from hcfmt.container.distinct_files import require_different, require_not_input
from hcfmt.report.visible_text import visible
from hcfmt.salvaging.listing import lines

FORMATS = ("text", "json")


@app.command(
    epilog="Exit status: 0 the saved archive is valid, 1 it is invalid for errors that are no damage, 2 wrong usage, "
    "3 nothing was saved, or the saved archive is incomplete, 4 internal error, 130 interrupted."
)
@limited
def salvage(
    archive: Annotated[
        str, typer.Argument(help="A damaged archive, a directory, or - for standard input.", metavar="ARCHIVE")
    ],
    *,
    output: NewArchive,
    format_: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help=f"Format of the list of what was saved and lost: {listed(FORMATS)}.",
            **choice("format", lambda: FORMATS),
        ),
    ] = "text",
    report: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write the whole list to a file too, as JSON.")
    ] = None,
    force: Force = False,
    password: Password = None,
    password_file: PasswordFile = None,
    digest: Digest = None,
    budget: Budget,
) -> None:
    """Save what is whole of a damaged archive: cut short, with altered bytes, or with broken compression.

    Whole members are saved as they are, and of damaged data files all whole records.

    Where saved records refer to something that is lost, a placeholder stands for it, so that the new archive is valid.
    The list says what was saved, lost and made up; it holds no text of the archive.

    Examples:
      hcfmt salvage export.tar.gz.aes -o saved.tar.gz.aes
      hcfmt salvage cut.tar.gz -o saved/ --report lost.json
    """
    inputs = named_inputs(archive, password_file)
    require_not_input(output, inputs)
    if report:
        require_different(report, output)
    secret = password_source(password, password_file)
    with atomic_file(report, force=force, inputs=inputs) if report else nullcontext() as file, progress_bar() as watch:
        salvaged = hcfmt.salvage(
            archive,
            output,
            password=secret,
            digests=digests_to_try(digest),
            budget=budget,
            force=force,
            stdin=sys.stdin.buffer,
            watch=watch,
        )
        document = json.dumps(salvaged.to_dict(), indent=2)
        if file:
            file.write(document.encode() + b"\n")
    verdict = salvaged.report.verdict
    found = "" if verdict is hcfmt.Verdict.VALID else " 'hcfmt validate' says why."
    write_err([f"{visible(output)} written: {verdict}.{found}"])
    write_out(map(visible, lines(salvaged)) if format_ == "text" else document.split("\n"))
    raise typer.Exit(salvaged.report.exit)
