"""``hcfmt receipt``: compares an archive with its receipt, and lists its members for a bag of BagIt."""

import sys
from typing import Annotated

import typer

from hcfmt.check.receipts.bags import require_free, write_bag
from hcfmt.check.receipts.files import read_receipt
from hcfmt.check.receipts.verification import verify_receipt
from hcfmt.cli.app import CommandGroup, app
from hcfmt.cli.choices import choice, listed
from hcfmt.cli.input_paths import name_from_here
from hcfmt.cli.limits import limited
from hcfmt.cli.options import Digest, Force, Password, PasswordFile, digests_to_try
from hcfmt.cli.output import write_err, write_out
from hcfmt.cli.output_paths import named_inputs
from hcfmt.cli.password import password_source
from hcfmt.cli.progress import progress_bar
from hcfmt.cli.terminal import style_of
from hcfmt.container import Budget
from hcfmt.errors import UsageError
from hcfmt.exits import Exit
from hcfmt.receipts import Sameness
from hcfmt.report import verification as comparison
from hcfmt.report.text_style import count_of, json_text
from hcfmt.report.visible_text import visible

FORMATS = ("text", "json")

_HELP = """Compare an archive with its receipt, or list its members for a bag.

'hcfmt validate --receipt FILE ARCHIVE' makes a receipt.

Examples:
  hcfmt receipt verify export.receipt.json export.tar.gz.aes
  hcfmt receipt bag export.tar.gz.aes bag
"""

commands = typer.Typer(cls=CommandGroup, no_args_is_help=True, rich_markup_mode="rich")
app.add_typer(commands, name="receipt", help=_HELP)


@commands.command(
    epilog="Exit status: 0 the members are unchanged, 1 some changed, 2 wrong usage, 3 incomplete (not everything "
    "could be compared), 4 internal error, 130 interrupted."
)
@limited
def verify(
    receipt: Annotated[str, typer.Argument(help="A receipt, as 'hcfmt validate --receipt' wrote it.", metavar="FILE")],
    archive: Annotated[
        str, typer.Argument(help="An archive, a directory, a URL, or - for standard input.", metavar="ARCHIVE")
    ],
    *,
    output: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help=f"Output format: {listed(FORMATS)}.",
            **choice("format", lambda: FORMATS),
        ),
    ] = "text",
    exact: Annotated[
        bool, typer.Option("--exact", help="Exit with 1 unless the file is that of the receipt, byte for byte.")
    ] = False,
    show_values: Annotated[
        bool, typer.Option("--show-values", help="Show the paths of the archive's members, which hold names.")
    ] = False,
    password: Password = None,
    password_file: PasswordFile = None,
    digest: Digest = None,
    budget: Budget,
) -> None:
    """Say what changed in an archive since its receipt was made, by member.

    An archive that was only compressed, encrypted or packed again is unchanged, and so are its members in a directory.

    A file that is the one of the receipt, byte for byte, needs no password.

    Examples:
      hcfmt receipt verify export.receipt.json export.tar.gz.aes
      hcfmt receipt verify --exact export.receipt.json export.tar.gz.aes
    """
    expected = read_receipt(receipt)
    if exact and expected.file is None:
        raise UsageError(f"{receipt}: has no digest of a file, as of a directory: leave out --exact.")
    with progress_bar() as watch:
        found = verify_receipt(
            expected,
            archive,
            password=password_source(password, password_file),
            digests=digests_to_try(digest),
            budget=budget,
            show_values=show_values,
            watch=watch,
            stdin=sys.stdin.buffer,
        )
    name = name_from_here(archive)
    if output == "json":
        write_out(json_text(comparison.document(found, name), 2).split("\n"))
    else:
        write_out(comparison.text(found, name, style_of(sys.stdout)))
    is_other = exact and found.same is not Sameness.FILE
    raise typer.Exit(max(found.exit, Exit.INVALID) if is_other else found.exit)


@commands.command(
    epilog="Exit status: 0 written, 1 links or special members are not in the manifest, 2 wrong usage, 3 incomplete "
    "(the archive cannot be read to its end, and nothing is written), 4 internal error, 130 interrupted."
)
@limited
def bag(
    archive: Annotated[
        str, typer.Argument(help="An archive, a directory, a URL, or - for standard input.", metavar="ARCHIVE")
    ],
    directory: Annotated[
        str, typer.Argument(help="The directory of the bag, with the extracted members in 'data'.", metavar="DIR")
    ],
    *,
    force: Force = False,
    password: Password = None,
    password_file: PasswordFile = None,
    digest: Digest = None,
    budget: Budget,
) -> None:
    """Write the tag files of a BagIt bag (RFC 8493) for the extracted members of an archive.

    These are manifest-sha256.txt, bagit.txt, bag-info.txt and tagmanifest-sha256.txt. The digests are those of the
    archive, so any tool for bags can tell whether 'hcfmt extract' wrote exactly its members.

    Unlike a receipt, a manifest holds the names of files.

    Examples:
      hcfmt extract export.tar.gz.aes bag/data
      hcfmt receipt bag export.tar.gz.aes bag
    """
    require_free(directory, named_inputs(archive, password_file), force=force)
    with progress_bar() as watch:
        written = write_bag(
            archive,
            directory,
            password=password_source(password, password_file),
            digests=digests_to_try(digest),
            budget=budget,
            force=force,
            stdin=sys.stdin.buffer,
            watch=watch,
        )
    missing = count_of(written.left_out, "link or special member")
    left_out = f"; left out: {missing}" if written.left_out else ""
    payload = f"{count_of(written.files, 'file')} ({count_of(written.bytes, 'byte')})"
    write_err([f"{visible(directory)}: manifest of {payload} written{left_out}."])
    raise typer.Exit(Exit.INVALID if written.left_out else Exit.VALID)
