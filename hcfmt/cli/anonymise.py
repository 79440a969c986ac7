"""``hcfmt anonymise``: a copy of an archive that can be shown, with the same findings and no text of it."""

import secrets
import sys
from typing import Annotated

import typer

import hcfmt
from hcfmt.cli.app import app
from hcfmt.cli.limits import limited
from hcfmt.cli.options import Digest, Force, NewArchive, Password, PasswordFile, digests_to_try
from hcfmt.cli.output import write_err
from hcfmt.cli.output_paths import named_inputs
from hcfmt.cli.password import password_source
from hcfmt.cli.progress import progress_bar
from hcfmt.container import Budget
from hcfmt.container.distinct_files import require_not_input
from hcfmt.exits import Exit
from hcfmt.report.visible_text import visible

_BYTES = 16  # of a random seed


@app.command(
    epilog="Exit status: 0 the copy has the findings of the archive, 1 it was written although it has others, "
    "2 wrong usage, or nothing was written as its findings would differ, 3 the archive cannot be read, "
    "4 internal error, 130 interrupted."
)
@limited
def anonymise(
    archive: Annotated[
        str,
        typer.Argument(help="An archive, a directory, or - for standard input, sound or broken.", metavar="ARCHIVE"),
    ],
    *,
    output: NewArchive,
    seed: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT",
            help="A secret: the same gives the same copy, and who knows it can undo the replacement of names. Other "
            "users of this machine can see it.",
            show_default="a random one, which nobody learns",
        ),
    ] = None,
    allow_differences: Annotated[
        bool, typer.Option("--allow-differences", help="Write the copy even if its findings differ from the archive's.")
    ] = False,
    force: Force = False,
    password: Password = None,
    password_file: PasswordFile = None,
    digest: Digest = None,
    budget: Budget,
) -> None:
    """Copy an archive with other names, texts and files, but the same structure, sizes, ids and findings.

    The copy can be shown where the archive may not, such as in a bug report. Nothing of a name, an address, a text or a
    file stays; times, ids, lengths and letter case do. docs/anonymise.md lists what can still be inferred.

    The copy is validated before it appears, and written only if it has the findings of the archive.

    Examples:
      hcfmt anonymise broken.tar.gz.aes -o shown.tar.gz
      hcfmt anonymise broken.tar.gz.aes -o shown.tar.gz.aes --seed "$SECRET"
    """
    require_not_input(output, named_inputs(archive, password_file))
    secret = password_source(password, password_file)
    with progress_bar() as watch:
        copy = hcfmt.anonymise(
            archive,
            output,
            seed=secrets.token_hex(_BYTES) if seed is None else seed,
            password=secret,
            digests=digests_to_try(digest),
            budget=budget,
            allow_differences=allow_differences,
            force=force,
            stdin=sys.stdin.buffer,
            watch=watch,
        )
    found = f"other findings than the archive: {', '.join(map(str, copy.differences))}" if copy.differences else ""
    write_err([f"{visible(output)} written: {found or 'the findings are those of the archive'}."])
    raise typer.Exit(Exit.INVALID if copy.differences else Exit.VALID)
