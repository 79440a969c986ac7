"""``hcfmt reduce``: writes the smallest archive that still has a finding."""

import sys
from typing import Annotated

import typer

import hcfmt
from hcfmt.cli.app import app
from hcfmt.cli.choices import complete_rule
from hcfmt.cli.limits import limited
from hcfmt.cli.options import Digest, Force, NewArchive, Password, PasswordFile, digests_to_try
from hcfmt.cli.output import write_err
from hcfmt.cli.output_paths import named_inputs
from hcfmt.cli.password import password_source
from hcfmt.cli.progress import progress_text
from hcfmt.container import Budget
from hcfmt.container.distinct_files import require_not_input
from hcfmt.report.visible_text import visible


@app.command(
    epilog="Exit status: 0 written, 2 wrong usage, or the archive has no such finding, 3 the archive cannot be read, "
    "or not in time, 4 internal error, 130 interrupted."
)
@limited
def reduce(
    archive: Annotated[
        str, typer.Argument(help="An archive, a directory, or - for standard input.", metavar="ARCHIVE")
    ],
    *,
    keep: Annotated[
        list[str],
        typer.Option(
            metavar="RULE",
            help="The rule, by code or name, of which a finding stays. May be given several times.",
            autocompletion=complete_rule,
        ),
    ],
    output: NewArchive,
    force: Force = False,
    password: Password = None,
    password_file: PasswordFile = None,
    digest: Digest = None,
    budget: Budget,
) -> None:
    """Write the smallest archive that still has a finding.

    Members, records, properties and texts are left out as long as validation still finds the same, and nothing that it
    did not find in ARCHIVE. What the finding needs stays: a message with its room, its sender and its file.

    What stays is as it was, in the words of those who wrote it: give the result to 'hcfmt anonymise' before you share
    it.

    After --max-seconds the smallest archive found so far is written.

    Examples:
      hcfmt reduce export.tar.gz.aes --keep HC401 -o small.tar.gz.aes
      hcfmt reduce export.tar.gz --keep HC201 --keep HC501 -o small.tar
    """
    require_not_input(output, named_inputs(archive, password_file))
    with progress_text() as show:
        reduced = hcfmt.reduce(
            archive,
            output,
            keep,
            password=password_source(password, password_file),
            digests=digests_to_try(digest),
            budget=budget,
            force=force,
            stdin=sys.stdin.buffer,
            watch=lambda left, total: show(f"{left:,} of {total:,} messages left") if show else None,
        )
    write_err([f"{visible(output)} written: {', '.join(reduced.kept)}; {_amounts(reduced)}."])


def _amounts(reduced: "hcfmt.Reduction") -> str:
    before, after = reduced.before, reduced.after
    return ", ".join(
        f"{getattr(after, name):,} of {getattr(before, name):,} {name}" for name in ("messages", "records", "members")
    )
