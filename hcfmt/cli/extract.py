"""``hcfmt extract``: writes the members of an archive below a directory."""

import sys
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Annotated

import typer

import hcfmt
from hcfmt.cli.app import app
from hcfmt.cli.archive_reading import report_losses
from hcfmt.cli.limits import limited
from hcfmt.cli.options import Digest, Password, PasswordFile, digests_to_try
from hcfmt.cli.output import write_err, write_out
from hcfmt.cli.output_paths import named_inputs
from hcfmt.cli.password import password_source
from hcfmt.cli.progress import progress_bar
from hcfmt.container import Budget
from hcfmt.container.atomic_write import atomic_file
from hcfmt.exits import Exit
from hcfmt.json_values import plain
from hcfmt.report.text_style import count_of, json_text
from hcfmt.report.visible_text import visible


@app.command(
    epilog="Exit status: 0 everything was extracted, 1 links or special members were left out, 2 wrong usage, "
    "3 incomplete (the archive is damaged, or a limit was reached), 4 internal error, 130 interrupted."
)
@limited
def extract(
    archive: Annotated[
        str, typer.Argument(help="An archive, a directory, or - for standard input.", metavar="ARCHIVE")
    ],
    directory: Annotated[str, typer.Argument(help="A new or an empty directory.", metavar="DIR")],
    patterns: Annotated[
        list[str] | None,
        typer.Argument(
            help="Members to extract: * and ? within a name, ** across directories.",
            metavar="PATTERN...",
            show_default="all",
        ),
    ] = None,
    *,
    renames: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Write the members that were renamed or left out as JSON: this holds their names."
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file of --renames.")] = False,
    password: Password = None,
    password_file: PasswordFile = None,
    digest: Digest = None,
    budget: Budget,
) -> None:
    """Extract the members of an archive below a directory, which only its owner can read.

    Nothing is written outside of DIR, and nothing is overwritten. Links and devices are left out. A name that some
    system cannot hold, or cannot tell from another, is written as a similar one; standard output lists these members.

    A pattern without a slash is compared with the last part of a path, and a directory that matches stands for all that
    is below it.

    From a damaged archive, all files before the damage are extracted, and the one that is cut is not.

    Examples:
      hcfmt extract export.tar.gz.aes export
      hcfmt extract export.tar.gz.aes pictures '*.png' '*.jpg'
      hcfmt extract export.tar.gz.aes room 'rooms/1/**' --renames renames.json
    """
    inputs = named_inputs(archive, password_file)
    with atomic_file(renames, force=force, inputs=inputs) if renames else nullcontext() as file:
        with progress_bar() as watch:
            done = hcfmt.extract(
                archive,
                directory,
                patterns or (),
                password=password_source(password, password_file),
                digests=digests_to_try(digest),
                budget=budget,
                stdin=sys.stdin.buffer,
                watch=watch,
            )
        if file:
            file.write(json_text(plain(_document(done)), 2).encode() + b"\n")
    write_out(_lines(done))
    write_err([f"{visible(directory)}: {count_of(done.files, 'file')} ({count_of(done.bytes, 'byte')}) written."])
    status = report_losses(done.fault, done.defects)
    raise typer.Exit(status or (Exit.INVALID if done.left_out else Exit.VALID))


def _lines(done: "hcfmt.Extraction") -> Iterator[str]:
    """Yield a line for each member that was renamed or left out, or that other programs read differently."""
    for renamed in done.renamed:
        yield f"renamed: {visible(renamed.path)} -> {visible(renamed.written)}"
    for left_out in done.left_out:
        yield f"left out ({left_out.kind}): {visible(left_out.path)}"
    for path in done.ambiguous:
        yield f"read differently by other programs (HC014): {visible(path)}"


def _document(done: "hcfmt.Extraction") -> dict[str, object]:
    return {
        "renamed": [{"path": renamed.path, "written": renamed.written} for renamed in done.renamed],
        "left_out": [{"path": left_out.path, "kind": left_out.kind} for left_out in done.left_out],
        "ambiguous": list(done.ambiguous),
    }
